import Eskiz
import EskizGateway
import EskizQueue
import EskizQueueTesting
import EskizTesting
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Testing

/// Sends of Eskiz's API that are the same one, by `Idempotency-Key` or by the client's own number.
@Suite(.timeLimit(.minutes(1)))
struct EskizRepetitionTests {
    private static let submitted = Settlement.Result.submitted(
        providerID: "5b1f0c6e-1111-4222-8333-944455566677",
        detail: nil,
        nextReport: nil
    )
    private static let refused = Settlement.Result.failed(
        MessageError(code: "refused", message: "Eskiz refused it.", httpStatus: 400)
    )
    private static let refusal = ProviderAnswer.json(400, #"{"status":"error","message":"no such template"}"#)

    private static func send(
        _ caller: EskizCaller,
        _ token: String,
        key: String? = nil,
        text: String = "Salom",
        userSMSID: String? = nil,
        path: String = "/api/message/sms/send"
    ) async throws -> TestResponse {
        var headers: HTTPFields = [.authorization: "Bearer \(token)", .contentType: "application/json"]
        if let key { headers[try #require(HTTPField.Name("Idempotency-Key"))] = key }
        let message = #""message":"\#(text)","text":"\#(text)","mobile_phone":"998901234567","to":"998901234567""#
        let number = userSMSID.map { #","user_sms_id":"\#($0)""# } ?? ""
        let single = "{\(message)\(number)}"
        let body = path.hasSuffix("batch") ? #"{"messages":[\#(single)]}"# : single
        return try await caller.client.execute(
            uri: path,
            method: .post,
            headers: headers,
            body: ByteBuffer(string: body)
        )
    }

    // MARK: Idempotency-Key

    @Test(arguments: ["/api/message/sms/send", "/api/message/sms/send-batch"])
    func `the same request with the same key is one message, and gets the first answer to the letter`(
        path: String
    ) async throws {
        let bench = try EskizBench()
        try await bench.run { caller in
            let token = try await caller.logIn()
            async let first = Self.send(caller, token, key: "order-17", path: path)
            try await bench.dispatch(Self.submitted, answer: .taken)
            #expect(try await first.status == .ok)
            for _ in 0..<2 {
                let again = try await Self.send(caller, token, key: "order-17", path: path)
                #expect(again.status == .ok)
                #expect(try await Array(buffer: again.body) == Array(buffer: first.body))
            }
            #expect(try await bench.store.messages(MessageSearch()).count == 1)
        }
    }

    @Test func `another request with the same key is refused, and nothing is sent`() async throws {
        let bench = try EskizBench()
        try await bench.run { caller in
            let token = try await caller.logIn()
            async let first = Self.send(caller, token, key: "order-17")
            try await bench.dispatch(Self.submitted, answer: .taken)
            #expect(try await first.status == .ok)
            let other = try await Self.send(caller, token, key: "order-17", text: "Xayr")
            #expect(other.status == .unprocessableContent)
            #expect(other.envelopeMessage?.contains("Idempotency-Key") == true)
            #expect(try await bench.store.messages(MessageSearch()).count == 1)
        }
    }

    @Test func `Eskiz's refusal is the first answer, too`() async throws {
        let bench = try EskizBench()
        try await bench.run { caller in
            let token = try await caller.logIn()
            async let first = Self.send(caller, token, key: "order-17")
            try await bench.dispatch(Self.refused, answer: Self.refusal)
            #expect(try await first.status == .badRequest)
            let again = try await Self.send(caller, token, key: "order-17")
            #expect(again.status == .badRequest)
            #expect(Array(buffer: again.body) == Self.refusal.body)
            #expect(try await bench.store.messages(MessageSearch()).count == 1)
        }
    }

    @Test func `a repeat that comes while the first is under way waits with it`() async throws {
        let bench = try EskizBench()
        try await bench.run { caller in
            let token = try await caller.logIn()
            // Eskiz's own words go to one of the two; the other is told the same in ours, a moment later.
            let (one, two) = try await bench.whileTimePasses(
                after: { try await bench.dispatch(Self.submitted, answer: .taken) },
                {
                    async let first = Self.send(caller, token, key: "order-17")
                    async let again = Self.send(caller, token, key: "order-17")
                    return try await (first, again)
                }
            )
            #expect(one.status == .ok && two.status == .ok)
            #expect(one.document["id"] == two.document["id"])
            #expect(try await bench.store.messages(MessageSearch()).count == 1)
        }
    }

    @Test func `the same word of another API key is another word`() async throws {
        let bench = try EskizBench()
        let other = try await bench.addKey("other-application", [.send])
        try await bench.run { caller in
            for token in [try await caller.logIn(), try await caller.logIn(key: other)] {
                async let sent = Self.send(caller, token, key: "order-17")
                try await bench.dispatch(Self.submitted, answer: .taken)
                #expect(try await sent.status == .ok)
            }
            #expect(try await bench.store.messages(MessageSearch()).count == 2)
        }
    }

    @Test(arguments: [" ", "a b", String(repeating: "k", count: 256), "kalit-ў"])
    func `a key that is none is refused in the envelope`(key: String) async throws {
        let bench = try EskizBench()
        try await bench.run { caller in
            let token = try await caller.logIn()
            let answer = try await Self.send(caller, token, key: key)
            #expect(answer.status == .badRequest)
            #expect(answer.envelopeMessage?.contains("Idempotency-Key is invalid") == true)
            #expect(try await bench.store.messages(MessageSearch()).isEmpty)
        }
    }

    // MARK: The client's own number

    @Test func `by its own number a client tries again what Eskiz refused`() async throws {
        let bench = try EskizBench()
        try await bench.run { caller in
            let token = try await caller.logIn()
            async let first = Self.send(caller, token, userSMSID: "17")
            try await bench.dispatch(Self.refused, answer: Self.refusal)
            #expect(try await first.status == .badRequest)
            async let again = Self.send(caller, token, userSMSID: "17")
            try await bench.dispatch(Self.submitted, answer: .taken)
            #expect(try await again.status == .ok)
            #expect(try await bench.store.messages(MessageSearch()).count == 2)
        }
    }

    /// A day, another text, or the setting for clients that use their numbers again.
    @Test(arguments: [(86_400, "Salom", true), (1, "Xayr", true), (1, "Salom", false)])
    func `a day later, for another text or where that is set, the same number is another message`(
        seconds: Int,
        text: String,
        repeatsByUserSMSID: Bool
    ) async throws {
        let bench = try EskizBench { $0.repeatsByUserSMSID = repeatsByUserSMSID }
        try await bench.run { caller in
            let token = try await caller.logIn()
            async let first = Self.send(caller, token, userSMSID: "17")
            try await bench.dispatch(Self.submitted, answer: .taken)
            #expect(try await first.status == .ok)
            bench.clock.advance(by: .seconds(seconds))
            async let second = Self.send(caller, token, text: text, userSMSID: "17")
            try await bench.dispatch(Self.submitted, answer: .taken)
            #expect(try await second.status == .ok)
            #expect(try await bench.store.messages(MessageSearch()).count == 2)
        }
    }

    @Test func `short of a day it is the same message, over midnight as well`() async throws {
        let bench = try EskizBench()
        try await bench.run { caller in
            let token = try await caller.logIn()
            async let first = Self.send(caller, token, userSMSID: "17")
            try await bench.dispatch(Self.submitted, answer: .taken)
            #expect(try await first.status == .ok)
            for _ in 0..<3 {
                bench.clock.advance(by: .seconds(28_799))
                #expect(try await Self.send(caller, token, userSMSID: "17").status == .ok)
            }
            #expect(try await bench.store.messages(MessageSearch()).count == 1)
        }
    }
}
