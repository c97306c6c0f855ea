import EskizPages
import HTTPTypes
import HummingbirdCore
import NIOCore

/// `/_simulator`: the API that tests steer the provider with (`contract.md` §7).
struct ControlRoutes: Sendable {
    let responder: ProviderResponder
    let mint: TokenMint
    /// What opens it to other machines; nil for nothing.
    var controlToken: String?

    private static let fetchSite = HTTPField.Name("Sec-Fetch-Site")

    @concurrent
    func respond(_ connection: consuming Connection, path: [String]) async throws {
        let request = connection.request
        let refusal = ControlGuard.refusal(
            peer: connection.peer,
            // The server library makes the Host header the request's authority.
            host: request.head.authority,
            origin: request.headers[.origin],
            fetchSite: Self.fetchSite.flatMap { request.headers[$0] },
            authorization: request.headers[.authorization],
            controlToken: controlToken
        )
        if let refusal { return try await connection.write(refusal.answer, date: responder.httpDate) }
        let query = Fields(pairs: request.uri.query.map { URLEncoding.pairs(of: $0) } ?? [])
        if request.method == .get, path == ["messages", "next"] {
            return try await nextMessage(connection, query: query)
        }
        if request.method == .get, path == ["events"] { return try await events(connection) }
        let body = try await connection.body()
        let answer: Answer
        do throws(Problem) {
            answer = try await self.answer(method: request.method.rawValue, path: path, query: query, body: body)
        } catch {
            answer = error.answer
        }
        try await connection.write(answer, date: responder.httpDate)
    }

    private func answer(
        method: String,
        path: [String],
        query: Fields,
        body: [UInt8]
    ) async throws(Problem) -> Answer {
        switch (method, path) {
        case ("GET", ["messages"]): return messages(query)
        case ("DELETE", ["messages"]): return clearMessages()
        case ("GET", ["ledger"]): return .json(responder.withProvider { provider, _ in provider.ledger.document })
        case ("POST", ["reset"]):
            responder.withProvider { $0.reset(at: $1) }
            return .json(["status": "reset"])
        case ("POST", ["tokens"]): return try await issueToken(document(body))
        case ("POST", ["tokens", "expire"]):
            return .json(["expired": .int(responder.withProvider { provider, _ in provider.tokens.expireAll() })])
        case ("GET", ["behaviour"]): return behaviour
        case ("PUT", ["behaviour"]): return try setBehaviour(document(body))
        case ("DELETE", ["behaviour"]):
            responder.withProvider { provider, _ in provider.behaviour = Behaviour() }
            responder.alarm.ring()
            return behaviour
        case ("GET", ["faults"]): return faults
        case ("POST", ["faults"]): return try addFault(document(body))
        case ("DELETE", ["faults"]):
            responder.withProvider { provider, _ in provider.faults.clear() }
            return faults
        case ("DELETE", _) where path.count == 2 && path[0] == "faults": return try removeFault(path[1])
        case ("GET", ["clock"]): return clock
        case ("POST", ["clock"]): return try moveClock(document(body))
        case ("GET", ["templates"]): return templates
        case ("POST", _) where path.count == 2 && path[0] == "templates":
            return try settleTemplate(path[1], document(body))
        default:
            throw Problem(
                status: 404,
                code: "unknown_route",
                detail: "There is no \(method) /_simulator/\(path.joined(separator: "/"))."
            )
        }
    }

    /// The body as JSON, whatever its declared type: `curl -d` says it is a form.
    private func document(_ body: [UInt8]) throws(Problem) -> JSON {
        if body.isEmpty { return [:] }
        guard let document = JSON(parsing: body) else {
            throw Problem(status: 400, code: "bad_json", detail: "The body is not JSON.")
        }
        guard case .object = document else {
            throw Problem(status: 400, code: "bad_json", detail: "The body must be one JSON object.")
        }
        return document
    }

    // MARK: Behaviour, faults, clock

    private var behaviour: Answer { .json(responder.withProvider { provider, _ in provider.behaviour.document }) }

    private func setBehaviour(_ document: JSON) throws(Problem) -> Answer {
        do throws(BadSetting) {
            try responder.withProvider { (provider, _) throws(BadSetting) in try provider.setBehaviour(document) }
        } catch {
            throw .bad(error)
        }
        responder.alarm.ring()
        return behaviour
    }

    private var faults: Answer {
        .json(.array(responder.withProvider { provider, _ in provider.faults.faults.map(\.document) }))
    }

    private func addFault(_ document: JSON) throws(Problem) -> Answer {
        do throws(BadSetting) {
            let fault = try responder.withProvider { (provider, _) throws(BadSetting) in
                try provider.faults.add(document)
            }
            return .json(fault.document, status: 201)
        } catch {
            throw .bad(error)
        }
    }

    private func removeFault(_ id: String) throws(Problem) -> Answer {
        let isRemoved = responder.withProvider { provider, _ in Int(id).map { provider.faults.remove($0) } ?? false }
        guard isRemoved else {
            throw Problem(status: 404, code: "unknown_fault", detail: "There is no fault \(id); it may be spent.")
        }
        return faults
    }

    private var clock: Answer {
        .json(
            responder.withProvider { provider, time in
                ["now": .string(provider.now(time).rfc3339), "advanced": provider.clockAdvance.setting]
            }
        )
    }

    private func moveClock(_ document: JSON) throws(Problem) -> Answer {
        guard let advance = document["advance"].flatMap(Duration.init(setting:)), advance >= .zero else {
            throw Problem(
                status: 400,
                code: "bad_setting",
                detail: "Send {\"advance\": \"30d\"}: seconds, or a duration."
            )
        }
        let moved = responder.withProvider { provider, _ in
            // Times are 64 bits of nanoseconds: they end in 2262.
            guard provider.clockAdvance + advance <= .seconds(100 * 365 * 86_400) else { return false }
            provider.clockAdvance += advance
            return true
        }
        guard moved else {
            throw Problem(status: 400, code: "bad_setting", detail: "The clock goes 100 years ahead at most; reset it.")
        }
        responder.alarm.ring()
        return clock
    }

    // MARK: Tokens

    private func issueToken(_ document: JSON) async throws(Problem) -> Answer {
        var lifetime: Duration?
        if let value = document["expires_in"], value != .null {
            guard let duration = Duration(setting: value) else {
                throw Problem(
                    status: 400,
                    code: "bad_setting",
                    detail: "expires_in: seconds, or a duration such as \"-1h\"; negative is already expired."
                )
            }
            lifetime = duration
        }
        let (expiresIn, email) = (lifetime, document["email"]?.text)
        guard
            let (issued, claims) = responder.withProvider({ provider, time in
                provider.issueToken(expiresIn: expiresIn, email: email, at: time)
            })
        else {
            throw Problem(status: 400, code: "unknown_account", detail: "There is no account with that e-mail.")
        }
        do {
            let token = try await mint.token(for: claims)
            return .json([
                "token": .string(token), "expires_at": .string(WallTime(seconds: claims.exp ?? 0).rfc3339),
                "issued_at": .string(WallTime(seconds: claims.iat).rfc3339), "generation": .int(issued.generation),
                "fingerprint": .string(issued.fingerprint), "role": .string(claims.role),
                "user_id": .int(issued.accountID),
            ])
        } catch {
            throw Problem(status: 500, code: "signing_failed", detail: "The token could not be signed.")
        }
    }

    // MARK: Templates

    private var templates: Answer {
        .json(.array(responder.withProvider { provider, _ in provider.templates.map(\.document) }))
    }

    private func settleTemplate(_ id: String, _ document: JSON) throws(Problem) -> Answer {
        guard let status = document["status"]?.text.flatMap(Template.Status.init(rawValue:)) else {
            let valid = Template.Status.allCases.map { $0.rawValue }.joined(separator: ", ")
            throw Problem(status: 400, code: "bad_setting", detail: "status: valid values are \(valid).")
        }
        let mask = document["template"]?.text
        let settled = responder.withProvider { provider, _ in
            Int(id).flatMap { provider.settleTemplate($0, status, maskedText: mask) }
        }
        guard let settled else {
            throw Problem(status: 404, code: "unknown_template", detail: "There is no template \(id).")
        }
        return .json(settled.document)
    }
}
