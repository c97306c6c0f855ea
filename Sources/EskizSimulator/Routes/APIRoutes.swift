import EskizHTTP
import EskizPages
import HTTPTypes
import HummingbirdCore
import NIOCore

/// `/api`: reads a request, asks the rules, and lets the answer travel as they and the faults want.
struct APIRoutes: Sendable {
    let responder: ProviderResponder
    let mint: TokenMint
    let courier: CallbackDeliverer

    @concurrent
    func respond(_ connection: consuming Connection, route: String) async throws {
        let method = connection.request.method.rawValue
        let plan = responder.withProvider { provider, _ in provider.plan(method: method, route: route) }
        if plan.delay > .zero { try await Task.sleep(for: plan.delay) }
        if plan.isMute { return await connection.stayMute(bodyWasRead: false) }
        if let fault = plan.fault, !fault.isProcessed {
            return try await refuse(connection, Call(method: method, route: route), by: fault)
        }
        let call = try await read(connection, method: method, route: route, fault: plan.fault)
        let handling = responder.receive(call)
        // Reports that overtake the answer are posted while the client waits.
        for report in handling.reportsBeforeAnswer { await courier.post(report) }
        var answer: Answer
        switch handling.reply {
        case .answer(let ready): answer = ready
        case .token(let claims, let message):
            answer = Provider.tokenAnswer(token: try await mint.token(for: claims), message: message)
        }
        if handling.wire == .garbage { answer.body = Array("\u{1F}\u{8B}{\"id\":<<<%garbage%>>>".utf8) }
        let exchange = Exchange(connection.request, call: call, answer: answer, wire: handling.wire)
        responder.withProvider { provider, _ in provider.ledger.keep(exchange, ofCall: handling.callNumber) }
        switch handling.wire {
        case .answer, .garbage: try await connection.write(answer, date: responder.httpDate)
        case .reset: await connection.reset()
        case .silence: await connection.stayMute(bodyWasRead: true)
        case .truncated: try await connection.writeTruncated(answer, date: responder.httpDate)
        }
    }

    /// Lets a fault answer, or not, before the rules have seen the request.
    @concurrent
    private func refuse(_ connection: consuming Connection, _ call: Call, by fault: FaultOutcome) async throws {
        var call = call
        let (answer, number) = responder.withProvider { $0.refuse(call, by: fault, at: $1) }
        if answer != nil {
            call.body = try await connection.body()
            call.fields =
                (try? Fields.reading(call.body, contentType: connection.request.headers[.contentType])) ?? .none
        }
        let wire: Handling.Wire = answer != nil ? .answer : fault.wire == .resetBefore ? .reset : .silence
        let exchange = Exchange(connection.request, call: call, answer: answer, wire: wire)
        responder.withProvider { provider, _ in provider.ledger.keep(exchange, ofCall: number) }
        if let answer { return try await connection.write(answer, date: responder.httpDate) }
        if wire == .reset { return await connection.reset() }
        await connection.stayMute(bodyWasRead: false)
    }

    @concurrent
    private func read(
        _ connection: borrowing Connection,
        method: String,
        route: String,
        fault: FaultOutcome?
    ) async throws -> Call {
        let body = try await connection.body()
        let request = connection.request
        let authority = request.head.authority ?? "127.0.0.1"
        var fields = Fields.none
        var unreadable: String?
        do throws(FormBody.Failure) {
            fields = try Fields.reading(body, contentType: request.headers[.contentType])
        } catch {
            unreadable = error.sentence
        }
        return Call(
            method: method,
            route: route,
            query: Fields(pairs: request.uri.query.map { URLEncoding.pairs(of: $0) } ?? []),
            fields: fields,
            unreadable: unreadable,
            bearer: await mint.bearer(ofHeader: request.headers[.authorization]),
            ip: connection.peer?.ipAddress ?? "127.0.0.1",
            origin: "http://\(authority)",
            body: body,
            fault: fault
        )
    }
}

extension Provider {
    /// What stands between a request and the rules.
    struct Plan: Sendable {
        var fault: FaultOutcome?
        var delay = Duration.zero
        /// Never answered, by the switch `latency`.
        var isMute = false
    }

    mutating func plan(method: String, route: String) -> Plan {
        var plan = Plan()
        if !faults.faults.isEmpty {
            var random = random
            plan.fault = faults.outcome(method: method, route: route, random: &random)
            self.random = random
        }
        if !behaviour.latency.isEmpty { (plan.delay, plan.isMute) = latency(of: route) }
        if let fault = plan.fault { plan.delay += fault.delay }
        return plan
    }
}
