import Eskiz
import EskizQueue
import EskizQueueTesting
import EskizText
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@testable import EskizGateway

/// How large the body of a batch may be.
@Suite(.timeLimit(.minutes(1)))
struct BatchAllowanceTests {
    private static let perMessage = 8 * 153 * 6 + 1_024

    /// Spaces, as far as they are taken and one byte further.
    private static func isFull(_ allowance: inout BatchAllowance, after left: Int) -> Bool {
        let fits = allowance.take([UInt8](repeating: 0x20, count: left))
        return fits && !allowance.take([0x20])
    }

    @Test func `without messages there is a mebibyte, to the byte`() {
        var allowance = BatchAllowance(.standard)
        let isFull = Self.isFull(&allowance, after: 1 << 20)
        #expect(isFull)
    }

    @Test(arguments: ["{", "%7B", "%7b"])
    func `each message that begins brings room for one more, in JSON and in a form`(brace: String) {
        var allowance = BatchAllowance(.standard)
        _ = allowance.take(Array(String(repeating: brace, count: 10).utf8))
        let left = BatchAllowance.base + 10 * Self.perMessage - 10 * brace.utf8.count
        let isFull = Self.isFull(&allowance, after: left)
        #expect(isFull)
    }

    @Test func `a brace that is cut in two counts, and only once`() {
        var allowance = BatchAllowance(.standard)
        for part in ["%", "7", "B", "7B", "B"] { _ = allowance.take(Array(part.utf8)) }
        let isFull = Self.isFull(&allowance, after: BatchAllowance.base + Self.perMessage - 6)
        #expect(isFull)
    }

    @Test func `the longest batch that the rules allow fits, escaped as PHP does`() {
        // A letter of Cyrillic is six bytes then, and 8 segments hold 67 of them each.
        let text = String(repeating: #"\u0448"#, count: 8 * 67)
        let message = #"{"user_sms_id":"\#(String(repeating: "7", count: 64))","to":"998901234567","text":"\#(text)"},"#
        var allowance = BatchAllowance(.standard)
        let fits = (0..<500).allSatisfy { _ in allowance.take(message.utf8) }
        #expect(fits)
    }

    // MARK: Over HTTP

    private static func batch(of count: Int, text: String) -> String {
        let messages = (0..<count).map { number in
            #"{"user_sms_id":"\#(number + 10_000)","to":"9989\#(number + 10_000_000)","text":"\#(text)"}"#
        }
        return #"{"messages":[\#(messages.joined(separator: ","))]}"#
    }

    @Test(arguments: [(5_000, String(repeating: "a", count: 160)), (3_000, String(repeating: #"\u0448"#, count: 70))])
    func `what the count allows is taken, beyond a mebibyte`(count: Int, text: String) async throws {
        let bench = try EskizBench()
        try await bench.run { caller in
            let token = try await caller.logIn()
            let body = Self.batch(of: count, text: text)
            #expect(body.utf8.count > 1 << 20)
            let uri = "/api/message/sms/send-batch"
            async let answer = caller.call(.post, uri, token: token, type: "application/json", body)
            let taken = Settlement.Result.submitted(providerID: "0c1d2e3f", detail: nil, nextReport: nil)
            let sent = try await bench.dispatch(taken, answer: .taken)
            #expect(try await answer.status == .ok)
            #expect(sent.count == count)
        }
    }

    @Test func `whoever may not send, and whatever is no batch, has a mebibyte`() async throws {
        let bench = try EskizBench()
        try await bench.run { caller in
            let token = try await caller.logIn()
            let body = Self.batch(of: 5_000, text: String(repeating: "a", count: 200))
            let nobody = try await caller.call(.post, "/api/message/sms/send-batch", type: "application/json", body)
            #expect(nobody.status == .contentTooLarge)
            let single = try await caller.call(
                .post,
                "/api/message/sms/send",
                token: token,
                type: "application/json",
                body
            )
            #expect(single.status == .contentTooLarge && single.envelopeMessage != nil)
            let empty = #"{"messages":["# + String(repeating: " ", count: (1 << 20) + 10_000) + "]}"
            let blank = try await caller.call(
                .post,
                "/api/message/sms/send-batch",
                token: token,
                type: "application/json",
                empty
            )
            #expect(blank.status == .contentTooLarge)
            #expect(try await bench.store.messages(MessageSearch()).isEmpty)
        }
    }
}
