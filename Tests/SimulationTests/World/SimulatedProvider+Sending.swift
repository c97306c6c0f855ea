import Eskiz
import EskizQueue
import EskizQueueTesting
import Synchronization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

// Requests to send.

extension SimulatedProvider {
    struct Order: Sendable {
        var number: String
        var phone: String
        var text: String
    }

    /// A header, and how long it asks to wait, if it says that.
    struct RetryAfter: Sendable {
        var text: String
        var seconds: Int64?
    }

    /// What becomes of a request.
    enum Fate: Sendable {
        case take(after: Duration)
        /// Not taken; an answer.
        case answer(Int, String, retryAfter: RetryAfter? = nil)
        case reset(isTaken: Bool, after: Duration)
        case silence(takenAfter: Duration?)
        /// A failure that says nothing about what became of it.
        case failed(Int, isTaken: Bool)
        case unreachable
    }

    func send(_ orders: [Order], isBatch: Bool, callbackURL: String?, _ wire: Wire) async throws(TransportError)
        -> TransportResponse
    {
        if !isAuthorized(wire.request) {
            for order in orders { witness.arrived(order.number, wire, .rejectedToken) }
            try await wire.pass(.milliseconds(5))
            return json(401, #"{"message":"Expired","status":"error"}"#)
        }
        let fate = state.withLock { drawFate(&$0) }
        let now = time.now
        let taking: Duration? =
            switch fate {
            case .take(let delay): delay / 2
            case .reset(true, let delay): delay
            case .silence(let delay): delay
            case .failed(_, true): .milliseconds(10)
            default: nil
            }
        let uuid = state.withLock { $0.uuid() }
        if let taking { write(orders, uuid, at: now, after: taking, callbackURL, wire.installation) }
        if case .unreachable = fate {
        } else {
            let isUnclear =
                switch fate {
                case .reset, .silence, .failed: true
                case .take, .answer, .unreachable: false
                }
            for order in orders {
                witness.arrived(
                    order.number,
                    wire,
                    isUnclear ? .unclear(isTaken: taking != nil) : taking == nil ? .refused : .taken
                )
            }
        }
        switch fate {
        case .take(let delay):
            try await wire.pass(delay)
            for order in orders {
                witness.write { $0.change(.init(order.number, of: wire.installation)) { $0.answeredTo = wire.process } }
            }
            let status =
                isBatch ? "[" + orders.map { _ in #""waiting""# }.joined(separator: ",") + "]" : #""waiting""#
            return json(200, #"{"id":"\#(uuid)","message":"Waiting for SMS provider","status":\#(status)}"#)
        case .answer(let status, let body, let retryAfter):
            if let seconds = retryAfter?.seconds {
                let until = time.milliseconds + seconds * 1_000
                for order in orders {
                    witness.write { $0.change(.init(order.number, of: wire.installation)) { $0.heldUntil = until } }
                }
            }
            try await wire.pass(.milliseconds(20))
            return json(status, body, retryAfter: retryAfter?.text)
        case .reset(_, let delay):
            try await wire.pass(delay / 2)
            throw TransportError(.connectionClosed, progress: .sent)
        case .silence:
            try await wire.pass(wire.request.timeout)
            throw TransportError(.timedOut, progress: .sent)
        case .failed(let status, _):
            try await wire.pass(.milliseconds(20))
            return TransportResponse(
                status: status,
                headers: [TransportHeader("Content-Type", "text/html")] + dateHeader,
                body: Array("<html>".utf8)
            )
        case .unreachable:
            try await wire.pass(.milliseconds(1))
            throw TransportError(.connectionFailed, progress: .notSent)
        }
    }

    private func drawFate(_ state: inout State) -> Fate {
        let fair = Fate.take(after: state.random.milliseconds(5, 120))
        guard !state.isHealed, plan.trouble.contains(time.milliseconds) else { return fair }
        let weather = plan.weather
        var draw = state.random.between(0, 99)
        func isWithin(_ part: Int) -> Bool {
            draw -= part
            return draw < 0
        }
        if isWithin(weather.resetTaken) { return .reset(isTaken: true, after: state.random.milliseconds(1, 2_000)) }
        if isWithin(weather.resetLost) { return .reset(isTaken: false, after: state.random.milliseconds(1, 2_000)) }
        if isWithin(weather.silenceTaken) {
            return .silence(takenAfter: state.random.milliseconds(1, timeoutMilliseconds))
        }
        if isWithin(weather.silenceLost) { return .silence(takenAfter: nil) }
        if isWithin(weather.failedTaken) { return .failed(state.random.one(of: [500, 502, 504, 200]), isTaken: true) }
        if isWithin(weather.failedLost) { return .failed(state.random.one(of: [500, 502, 504]), isTaken: false) }
        if isWithin(weather.unreachable) { return .unreachable }
        if isWithin(weather.throttled) { return .answer(429, "{}", retryAfter: retryAfter(&state)) }
        if isWithin(weather.busy) {
            return .answer(
                503,
                #"{"message":"busy","status":"error"}"#,
                retryAfter: retryAfter(&state) ?? RetryAfter(text: "2", seconds: 2)
            )
        }
        if isWithin(weather.unpaid) { return .answer(402, #"{"message":"Недостаточно средств","status":"error"}"#) }
        if isWithin(weather.refused) {
            return .answer(400, #"{"id":"x","message":"Текст ещё не прошёл модерацию","status":"error"}"#)
        }
        if isWithin(weather.unauthorized) { return .answer(401, #"{"message":"Expired","status":"error"}"#) }
        if isWithin(weather.slow) { return .take(after: state.random.milliseconds(1_000, timeoutMilliseconds - 1_000)) }
        return fair
    }

    private var timeoutMilliseconds: Int64 { requestTimeout.wholeMilliseconds }

    /// A `Retry-After` of this world; a date stands by the provider's own clock.
    func retryAfter(_ state: inout State) -> RetryAfter? {
        guard let text = state.random.one(of: plan.retryAfter) else { return nil }
        guard text.hasPrefix("date+"), let seconds = Int64(text.dropFirst(5)) else {
            return RetryAfter(text: text, seconds: Int64(text))
        }
        // Without a date of its own nobody could tell by which clock this one stands.
        guard plan.sendsDate else { return RetryAfter(text: String(seconds), seconds: seconds) }
        return RetryAfter(text: HTTPDate.text(clock.now / 1_000_000_000 + seconds), seconds: seconds)
    }

    private func write(
        _ orders: [Order],
        _ uuid: String,
        at now: Int64,
        after delay: Duration,
        _ callbackURL: String?,
        _ installation: Int
    ) {
        state.withLock { state in
            for order in orders {
                let takenAt = now + delay.nanoseconds
                var lag = plan.listLag
                if case .late(let longer) = plan.listFault, !state.isHealed { lag = longer }
                var entry = Entry(
                    installation: installation,
                    number: order.number,
                    phone: order.phone,
                    text: order.text,
                    uuid: uuid,
                    serial: state.serial(),
                    arrivedAt: now,
                    takenAt: takenAt,
                    listedAt: takenAt + lag.nanoseconds,
                    callbackURL: callbackURL,
                    statuses: []
                )
                let last = state.random.between(0, 99) < plan.undelivered ? "REJECTED" : "DELIVRD"
                var moment = takenAt
                for word in ["STORED", "ACCEPTED", last] {
                    moment += state.random.milliseconds(50, 8_000).nanoseconds
                    entry.statuses.append((moment, word))
                }
                state.byUUID[uuid] = state.ledger.count
                state.ledger.append(entry)
                post(entry, &state)
            }
        }
        bell.ring()
    }

    /// Reports: mostly in order, sometimes late, early, twice, the other way round or never.
    private func post(_ entry: Entry, _ state: inout State) {
        guard plan.postsReports, entry.callbackURL != nil else { return }
        for status in entry.statuses {
            let copies = state.random.one(of: [0, 1, 1, 1, 1, 2])
            for _ in 0..<copies {
                var due = status.at
                switch state.random.between(0, 9) {
                case 0: due = entry.takenAt + state.random.milliseconds(0, 40).nanoseconds
                case 1, 2: due += state.random.milliseconds(0, 40_000).nanoseconds
                default: break
                }
                due += plan.reportLag.nanoseconds
                let body = Self.report(entry, status.word, at: clock.wall(at: status.at))
                state.letters.append(
                    Letter(due: due, installation: entry.installation, body: body, number: entry.number)
                )
            }
        }
    }
}
