import Eskiz
import EskizQueue
import Synchronization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

// The list, single records, and tokens.

extension SimulatedProvider {
    func list(_ wire: Wire) async throws(TransportError) -> TransportResponse {
        try await wire.pass(.milliseconds(30))
        guard isAuthorized(wire.request) else { return json(401, #"{"message":"Expired","status":"error"}"#) }
        let form = Self.form(wire.request.body)
        let page = wire.request.url.firstRange(of: "page=").flatMap { range in
            Int(wire.request.url[range.upperBound...].prefix { $0.isNumber })
        }
        let size = form["page_size"].flatMap { Int($0) } ?? 20
        let (start, end) = (form["start_date"] ?? "", form["to_date"] ?? "")
        let now = time.now
        let rows: [String]? = state.withLock { state -> [String]? in
            if !state.isHealed, plan.listFailing.contains(now / 1_000_000) { return nil }
            return self.rows(from: start, to: end, at: now, &state)
        }
        witness.trace("\(wire.installation) list \(start) to \(end): \(rows.map { "\($0.count) rows" } ?? "fails")")
        guard let rows else { return json(500, "{}") }
        let pages = max(1, (rows.count + size - 1) / size)
        let here = rows.dropFirst(((page ?? 1) - 1) * size).prefix(size).joined(separator: ",")
        return json(
            200,
            """
            {"data":{"current_page":\(page ?? 1),"per_page":\(size),"last_page":\(pages),"total":\(rows.count),
            "result":[\(here)]},"status":"success"}
            """
        )
    }

    /// The rows of a span, newest first, as far as the list shows them.
    private func rows(from start: String, to end: String, at now: Int64, _ state: inout State) -> [String] {
        let taken = state.ledger.filter { $0.takenAt <= now }.sorted { ($1.takenAt, $1.uuid) < ($0.takenAt, $0.uuid) }
        // Whoever asks about a moment that is not in the span is not lied to.
        let asked = (state.foreign + taken).filter { entry in
            let minute = minute(of: entry)
            return minute >= start && minute <= end
        }
        var shown = asked.filter { state.isHealed || $0.listedAt <= now }
        if !state.isHealed {
            switch plan.listFault {
            case .cutOff(let count): shown = Array(shown.prefix(count))
            case .empty: shown = []
            case .none, .late: break
            }
        }
        let seen = Set(shown.map(\.uuid))
        for entry in asked where entry.installation >= 0 && !seen.contains(entry.uuid) {
            // So late is within what an honest list may be.
            if entry.listedAt > now, now <= entry.arrivedAt + (requestTimeout + honestLag).nanoseconds { continue }
            state.liedAbout.insert(Self.group(entry.phone, entry.text))
        }
        return shown.map { row($0, at: now) }
    }

    private func minute(of entry: Entry) -> String {
        WireTime.minutes(Date(timeIntervalSince1970: Double(clock.wall(at: entry.takenAt) / 1_000_000_000)))
    }

    private func row(_ entry: Entry, at now: Int64) -> String {
        let created = Date(timeIntervalSince1970: Double(clock.wall(at: entry.takenAt) / 1_000_000_000))
        let keepsNumber = !plan.forgetsNumbers || entry.installation < 0
        // Numbers as strings, as Eskiz has them too: a reader that has to try other types costs a world half of its time.
        return """
            {"id":"\(entry.serial)","request_id":"\(entry.uuid)",\(keepsNumber ? #""user_sms_id":"\#(entry.number)","# : "")
            "to":"\(entry.phone)","message":"\(entry.text)","status":"\(entry.status(at: now))","parts_count":"1",
            "total_price":"95","created_at":"\(WireTime.seconds(created))"}
            """
    }

    func record(_ wire: Wire) async throws(TransportError) -> TransportResponse {
        try await wire.pass(.milliseconds(10))
        guard isAuthorized(wire.request) else { return json(401, #"{"message":"Expired","status":"error"}"#) }
        let now = time.now
        let row = state.withLock { state -> String? in
            let uuid = wire.request.url.split(separator: "/").last.map(String.init) ?? ""
            guard let index = state.byUUID[uuid], state.ledger[index].takenAt <= now else { return nil }
            return self.row(state.ledger[index], at: now)
        }
        witness.trace("\(wire.installation) record \(wire.request.url.suffix(12)) \(row == nil ? "unknown" : "found")")
        return json(200, row.map { #"{"status":"success","data":\#($0)}"# } ?? #"{"status":"error"}"#)
    }

    // MARK: Tokens

    func issueToken(_ wire: Wire) async throws(TransportError) -> TransportResponse {
        try await wire.pass(plan.loginTime)
        let isThrottled = state.withLock { !$0.isHealed } && plan.loginThrottled.contains(time.milliseconds)
        if isThrottled { return json(429, "{}", retryAfter: state.withLock { retryAfter(&$0)?.text }) }
        let token = newToken(lag: plan.tokenLag)
        return json(200, #"{"message":"token_generated","data":{"token":"\#(token)"},"token_type":"bearer"}"#)
    }

    /// A token that lives for a year.
    func newToken(lag: Duration = .zero) -> String {
        let seconds = clock.now / 1_000_000_000
        let now = time.now
        return state.withLock { state in
            state.nextToken += 1
            let token = Self.token(issuedAt: seconds, number: state.nextToken)
            state.tokens.append((token, now + lag.nanoseconds))
            return token
        }
    }

    func revokeTokens() { state.withLock { $0.tokens = [] } }

    func isAuthorized(_ request: TransportRequest) -> Bool {
        let now = time.now
        let given = request.headers.first { $0.name == "Authorization" }?.value
        return state.withLock { state in
            if !state.isHealed, plan.takesNoToken.contains(now / 1_000_000) { return false }
            return state.tokens.contains { given == "Bearer \($0.text)" && $0.knownAt <= now }
        }
    }

    static func token(issuedAt seconds: Int64, number: Int) -> String {
        func part(_ text: String) -> String {
            Data(text.utf8).base64EncodedString().replacing("=", with: "").replacing("+", with: "-")
                .replacing("/", with: "_")
        }
        return [
            part(#"{"alg":"HS256","typ":"JWT"}"#),
            part(#"{"iat":\#(seconds - 60),"exp":\#(seconds + 40_000_000),"jti":\#(number)}"#), part("signature"),
        ].joined(separator: ".")
    }

    // MARK: Answers

    var dateHeader: [TransportHeader] {
        plan.sendsDate ? [TransportHeader("Date", HTTPDate.text(clock.now / 1_000_000_000))] : []
    }

    func json(_ status: Int, _ body: String, retryAfter: String? = nil) -> TransportResponse {
        var headers = [TransportHeader("Content-Type", "application/json")] + dateHeader
        if let retryAfter { headers.append(TransportHeader("Retry-After", retryAfter)) }
        return TransportResponse(status: status, headers: headers, body: Array(body.utf8))
    }

    static func form(_ body: [UInt8]) -> [String: String] {
        var fields: [String: String] = [:]
        for pair in body.split(separator: UInt8(ascii: "&")) {
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { continue }
            fields[String(decoding: parts[0], as: UTF8.self)] = unescaped(parts[1])
        }
        return fields
    }

    private static func unescaped(_ text: ArraySlice<UInt8>) -> String {
        var bytes: [UInt8] = []
        var rest = text
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte == UInt8(ascii: "+") ? 0x20 : byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// The `Date` of an answer.
enum HTTPDate {
    static func text(_ seconds: Int64) -> String {
        let days = Int((Double(seconds) / 86_400).rounded(.down))
        let rest = seconds - Int64(days) * 86_400
        let week = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"][((days % 7) + 7) % 7]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        // Days since 0000-03-01, in eras of 400 years.
        let z = days + 719_468
        let era = (z >= 0 ? z : z - 146_096) / 146_097
        let dayOfEra = z - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let m = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * m + 2) / 5 + 1
        let month = m < 10 ? m + 3 : m - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(week), \(two(Int64(day))) \(months[month - 1]) \(year) "
            + "\(two(rest / 3_600)):\(two(rest / 60 % 60)):\(two(rest % 60)) GMT"
    }
}
