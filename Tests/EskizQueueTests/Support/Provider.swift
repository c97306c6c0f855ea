import Eskiz
import EskizQueue
import Synchronization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Eskiz as far as the queue can see it, with a ledger: what it really took, whatever it answered.
final class Provider: HTTPTransport {
    /// What becomes of a request to send.
    enum Fate: Sendable {
        /// Taken, and answered after so long.
        case take(after: Duration)
        /// Not taken; an answer.
        case answer(Int, String, retryAfter: Int? = nil, after: Duration = .milliseconds(20))
        /// The connection breaks after the request was written.
        case reset(isTaken: Bool, after: Duration)
        /// No answer before the time-out; taken (or not) at some time before.
        case silence(takenAfter: Duration?)
        /// An answer that is none.
        case garbled(Int, isTaken: Bool)
        /// No connection.
        case unreachable
        case tokenExpired

        static let refused = Fate.answer(400, #"{"id":"x","message":"Текст ещё не прошёл модерацию","status":"error"}"#)
    }

    struct Entry: Sendable {
        var number: String
        var phone: String
        var text: String
        var uuid: String
        /// When the first byte came.
        var arrivedAt: Timestamp
        /// When it was written down; it shows in the list so much later as the list lags.
        var takenAt: Timestamp
        var status: String
        /// What the list shows in the place of our number; nil for ours.
        var shownNumber: String?
    }

    struct Incoming: Sendable {
        /// From 1.
        var index: Int
        var numbers: [String]
        var text: String
        var isBatch: Bool
        var arrivedAt: Timestamp
    }

    private struct State {
        var fate: @Sendable (Incoming) -> Fate = { _ in .take(after: .milliseconds(50)) }
        var incoming: [Incoming] = []
        var ledger: [Entry] = []
        var lists: [(start: String, end: String)] = []
        var statusRequests = 0
        var isListFailing = false
        var listLag: Duration = .zero
        var brokenRecords: [String: Int] = [:]
        var keepsNumbers = true
        var keepsUUIDs = true
        /// Its clock minus ours; nil if it does not say what time it is.
        var clockOffset: Duration? = .zero
        var token: String?

        func row(_ index: Int, _ entry: Entry) -> String {
            let number = entry.shownNumber ?? (keepsNumbers ? entry.number : "")
            let time = WireTime.seconds((entry.takenAt + (clockOffset ?? .zero)).date)
            return """
                {"id":\(90_000_001 + index),"request_id":\(keepsUUIDs ? "\"\(entry.uuid)\"" : "null"),
                "user_sms_id":\(number.isEmpty ? "null" : "\"\(number)\""),"to":"\(entry.phone)","message":"\(entry.text)",
                "status":"\(entry.status)","parts_count":1,"total_price":95,"created_at":"\(time)"}
                """
        }
    }

    private let time: VirtualTime
    private let state = Mutex(State())

    init(time: VirtualTime) {
        self.time = time
    }

    // MARK: For tests

    func decide(_ fate: @escaping @Sendable (Incoming) -> Fate) { state.withLock { $0.fate = fate } }
    /// The list fails, or works again.
    func failLists(_ isFailing: Bool) { state.withLock { $0.isListFailing = isFailing } }
    func lagLists(by lag: Duration) { state.withLock { $0.listLag = lag } }
    /// Asked about this message, it answers with a status of HTTP and nothing else.
    func breakRecord(of number: String, with status: Int) {
        state.withLock { state in
            for entry in state.ledger where entry.number == number { state.brokenRecords[entry.uuid] = status }
        }
    }
    /// Rows are without the sender's number, as old servers write them.
    func forgetNumbers() { state.withLock { $0.keepsNumbers = false } }

    func forgetUUIDs() { state.withLock { $0.keepsUUIDs = false } }
    /// Its clock is ahead of ours by so much; nil: it does not tell its time any more.
    func setClock(aheadBy offset: Duration?) { state.withLock { $0.clockOffset = offset } }
    /// Somebody else on the same account has sent something, or it was sent before.
    func add(number: String, phone: String, text: String, status: String = "DELIVERED") {
        let now = time.timestamp
        state.withLock { state in
            state.ledger.append(
                Entry(
                    number: "",
                    phone: phone,
                    text: text,
                    uuid: "10000000-0000-4000-8000-" + String(1_000_000_000_000 + state.ledger.count).suffix(12),
                    arrivedAt: now,
                    takenAt: now,
                    status: status,
                    shownNumber: number
                )
            )
        }
    }

    /// What login and refresh are answered with; nil for a refusal.
    func issue(_ token: String?) { state.withLock { $0.token = token } }

    var ledger: [Entry] { state.withLock { $0.ledger } }
    var incoming: [Incoming] { state.withLock { $0.incoming } }
    var listRequests: Int { state.withLock { $0.lists.count } }
    var lists: [(start: String, end: String)] { state.withLock { $0.lists } }
    var statusRequests: Int { state.withLock { $0.statusRequests } }

    func setStatus(_ status: String, of number: String) {
        state.withLock { state in
            for index in state.ledger.indices where state.ledger[index].number == number {
                state.ledger[index].status = status
            }
        }
    }

    // MARK: HTTPTransport

    func shutdown() async {}

    func execute(_ request: TransportRequest) async throws(TransportError) -> TransportResponse {
        var answer = try await self.answer(request)
        if let offset = state.withLock({ $0.clockOffset }) {
            answer.headers.append(TransportHeader("Date", (time.timestamp + offset).date.httpDate))
        }
        return answer
    }

    private func answer(_ request: TransportRequest) async throws(TransportError) -> TransportResponse {
        if request.url.contains("message/sms/send-batch") { return try await sendBatch(request) }
        if request.url.contains("message/sms/send") { return try await send(request) }
        if request.url.contains("get-user-messages") { return try await list(request) }
        if request.url.contains("status_by_id/") { return try await status(request) }
        if request.url.contains("auth/") {
            guard let token = state.withLock({ $0.token }) else {
                return Self.json(401, #"{"message":"Invalid credentials","status":"error"}"#)
            }
            return Self.json(200, #"{"message":"token_generated","data":{"token":"\#(token)"},"token_type":"bearer"}"#)
        }
        return Self.json(200, #"{"status":"success"}"#)
    }

    private func send(_ request: TransportRequest) async throws(TransportError) -> TransportResponse {
        let form = Self.form(request.body)
        return try await take(
            [(form["user_sms_id"] ?? "", form["mobile_phone"] ?? "", form["message"] ?? "")],
            isBatch: false,
            request
        )
    }

    private func sendBatch(_ request: TransportRequest) async throws(TransportError) -> TransportResponse {
        struct Batch: Decodable {
            struct Message: Decodable {
                var user_sms_id: String
                var to: Int64
                var text: String
            }
            var messages: [Message]
        }
        guard let batch = try? JSONDecoder().decode(Batch.self, from: Data(request.body)) else {
            return Self.json(400, #"{"message":"not a batch","status":"error"}"#)
        }
        return try await take(
            batch.messages.map { ($0.user_sms_id, String($0.to), $0.text) },
            isBatch: true,
            request
        )
    }

    private func take(
        _ messages: [(number: String, phone: String, text: String)],
        isBatch: Bool,
        _ request: TransportRequest
    ) async throws(TransportError) -> TransportResponse {
        let now = time.timestamp
        let (fate, index) = state.withLock { state in
            let incoming = Incoming(
                index: state.incoming.count + 1,
                numbers: messages.map(\.number),
                text: messages.first?.text ?? "",
                isBatch: isBatch,
                arrivedAt: now
            )
            let fate = state.fate(incoming)
            if case .unreachable = fate {} else { state.incoming.append(incoming) }
            return (fate, incoming.index)
        }
        let uuid = "00000000-0000-4000-8000-" + String(1_000_000_000_000 + index).suffix(12)
        // What a server has in its hands it writes down, whether or not the client still listens.
        func write(after delay: Duration) {
            state.withLock { state in
                state.ledger += messages.map { message in
                    Entry(
                        number: message.number,
                        phone: message.phone,
                        text: message.text,
                        uuid: uuid,
                        arrivedAt: now,
                        takenAt: now + delay,
                        status: "NEW"
                    )
                }
            }
        }
        switch fate {
        case .take(let delay):
            write(after: delay / 2)
            try await pass(delay)
            let status =
                isBatch ? "[" + messages.map { _ in #""waiting""# }.joined(separator: ",") + "]" : #""waiting""#
            return Self.json(200, #"{"id":"\#(uuid)","message":"Waiting for SMS provider","status":\#(status)}"#)
        case .answer(let status, let body, let retryAfter, let delay):
            try await pass(delay)
            return Self.json(status, body, retryAfter: retryAfter)
        case .reset(let isTaken, let delay):
            if isTaken { write(after: delay) }
            try await pass(delay / 2)
            throw TransportError(.connectionClosed, progress: .sent)
        case .silence(let delay):
            if let delay { write(after: delay) }
            try await pass(request.timeout)
            throw TransportError(.timedOut, progress: .sent)
        case .garbled(let status, let isTaken):
            if isTaken { write(after: .milliseconds(10)) }
            try await pass(.milliseconds(20))
            return TransportResponse(
                status: status,
                headers: [TransportHeader("Content-Type", "text/html")],
                body: Array("<html>".utf8)
            )
        case .unreachable:
            try await pass(.milliseconds(1))
            throw TransportError(.connectionFailed, progress: .notSent)
        case .tokenExpired:
            try await pass(.milliseconds(5))
            return Self.json(401, #"{"message":"Expired","status":"error"}"#)
        }
    }

    private func pass(_ duration: Duration) async throws(TransportError) {
        do {
            try await time.sleep(untilElapsed: time.now().elapsed.addingClamped(duration.nanoseconds))
        } catch {
            throw TransportError(.cancelled, progress: .sent)
        }
    }

    private func list(_ request: TransportRequest) async throws(TransportError) -> TransportResponse {
        try await pass(.milliseconds(30))
        let form = Self.form(request.body)
        let page = request.url.firstRange(of: "page=").flatMap { range in
            Int(request.url[range.upperBound...].prefix { $0.isNumber })
        }
        let size = form["page_size"].flatMap { Int($0) } ?? 20
        let now = time.timestamp
        let (start, end) = (form["start_date"] ?? "", form["to_date"] ?? "")
        let rows: [String]? = state.withLock { state in
            state.lists.append((start, end))
            guard !state.isListFailing else { return nil }
            return state.ledger.enumerated().reversed()
                .filter { _, entry in
                    let minute = WireTime.minutes((entry.takenAt + (state.clockOffset ?? .zero)).date)
                    return entry.takenAt + state.listLag <= now && minute >= start && minute <= end
                }
                .map { state.row($0, $1) }
        }
        guard let rows else { return Self.json(500, "{}") }
        let pages = max(1, (rows.count + size - 1) / size)
        let here = rows.dropFirst(((page ?? 1) - 1) * size).prefix(size).joined(separator: ",")
        return Self.json(
            200,
            """
            {"data":{"current_page":\(page ?? 1),"per_page":\(size),"last_page":\(pages),"total":\(rows.count),
            "result":[\(here)]},"status":"success"}
            """
        )
    }

    private func status(_ request: TransportRequest) async throws(TransportError) -> TransportResponse {
        try await pass(.milliseconds(10))
        let now = time.timestamp
        let failure = state.withLock { $0.brokenRecords.first { request.url.hasSuffix($0.key) }?.value }
        if let failure { return Self.json(failure, "{}") }
        let row = state.withLock { state -> String? in
            state.statusRequests += 1
            return state.ledger.enumerated().first {
                request.url.hasSuffix($0.element.uuid) && $0.element.takenAt + state.listLag <= now
            }.map { state.row($0, $1) }
        }
        return Self.json(200, row.map { #"{"status":"success","data":\#($0)}"# } ?? #"{"status":"error"}"#)
    }

    private static func json(_ status: Int, _ body: String, retryAfter: Int? = nil) -> TransportResponse {
        var headers = [TransportHeader("Content-Type", "application/json")]
        if let retryAfter { headers.append(TransportHeader("Retry-After", String(retryAfter))) }
        return TransportResponse(status: status, headers: headers, body: Array(body.utf8))
    }

    private static func unescape(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
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

    private static func form(_ body: [UInt8]) -> [String: String] {
        var fields: [String: String] = [:]
        for pair in String(decoding: body, as: UTF8.self).split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { continue }
            fields[String(parts[0])] = unescape(parts[1])
        }
        return fields
    }
}

extension Date {
    /// As it stands in the header `Date`.
    var httpDate: String {
        let days = Int(timeIntervalSince1970.rounded(.down)) / 86_400
        let seconds = Int(timeIntervalSince1970.rounded(.down)) % 86_400
        let text = WireTime.seconds(self - 5 * 3600)
        let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let week = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
        let parts = text.prefix(10).split(separator: "-")
        let month = Int(parts[1]).map { names[$0 - 1] } ?? "Jan"
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        let clock = "\(two(seconds / 3_600)):\(two(seconds / 60 % 60)):\(two(seconds % 60))"
        return "\(week[days % 7]), \(parts[2]) \(month) \(parts[0]) \(clock) GMT"
    }
}
