import Eskiz
import EskizGateway
import EskizQueue
import EskizQueueTesting
import EskizTesting
import Hummingbird
import HummingbirdTesting
import Testing

struct EskizBatchTests {
    private static let answer = ProviderAnswer.json(
        200,
        #"{"id":"0c1d2e3f","message":"Waiting for SMS provider","status":["waiting","waiting"]}"#
    )
    private static let submitted = Settlement.Result.submitted(providerID: "0c1d2e3f", detail: nil, nextReport: nil)
    private static let body = """
        {"messages":[{"user_sms_id":"1001","to":998901234567,"text":"Salom"},\
        {"user_sms_id":1002,"to":"998901234568","text":"Xayr"}],\
        "from":"4546","dispatch_id":7001,"callback_url":"https://example.test/hook"}
        """

    @Test func `a batch is one batch in the queue and answered in Eskiz's own bytes`() async throws {
        let bench = try EskizBench()
        try await bench.run { caller in
            let token = try await caller.logIn()
            let uri = "/api/message/sms/send-batch"
            async let response = caller.call(.post, uri, token: token, type: "application/json", Self.body)
            let messages = try await bench.dispatch(Self.submitted, answer: Self.answer)
            #expect(try await response.status == .ok)
            #expect(try await Array(buffer: response.body) == Self.answer.body)
            #expect(messages.map(\.phone) == ["998901234567", "998901234568"])
            #expect(messages.map(\.text) == ["Salom", "Xayr"])
            #expect(messages.map(\.client?.userSMSID) == ["1001", "1002"])
            #expect(messages.map(\.client?.callbackURL) == Array(repeating: "https://example.test/hook", count: 2))
            #expect(messages.map(\.batch?.dispatchID) == [7_001, 7_001])
            #expect(Set(messages.map(\.batch?.id)) == [messages.first?.id])
        }
    }

    @Test(arguments: [
        ("{}", "messages is invalid"), (#"{"messages":[]}"#, "messages is invalid"), ("", "messages is invalid"),
        (#"{"messages":"x"}"#, "messages is invalid"), (#"{"messages":[1]}"#, "mobile_phone is invalid"),
        (#"{"messages":[{"to":998901234567,"text":"a"},{"to":1,"text":"b"}]}"#, "mobile_phone is invalid"),
        (#"{"messages":[{"to":998901234567}]}"#, "message is invalid"),
        (#"{"messages":[{"to":998901234567,"text":"a","user_sms_id":"\u0001"}]}"#, "user_sms_id is invalid"),
        (#"{"messages":[{"to":998901234567,"text":"a"}],"dispatch_id":"\u0001"}"#, "dispatch_id is invalid"),
    ])
    func `one bad message refuses them all before any is kept`(body: String, message: String) async throws {
        let bench = try EskizBench()
        try await bench.run { caller in
            let token = try await caller.logIn()
            let uri = "/api/message/sms/send-batch"
            let response = try await caller.call(.post, uri, token: token, type: "application/json", body)
            #expect(response.status == .badRequest)
            #expect(response.envelopeMessage == message)
        }
        #expect(try await bench.store.messages(MessageSearch()).isEmpty)
    }

    @Test(arguments: [
        ("application/x-www-form-urlencoded", "messages=[{\"to\":998901234567,\"text\":\"Salom\"}]"),
        (
            "multipart/form-data; boundary=b",
            "--b\r\nContent-Disposition: form-data; name=\"messages\"\r\n\r\n"
                + "[{\"to\":\"998901234567\",\"text\":\"Salom\"}]\r\n--b--\r\n"
        ),
        ("text/plain", #"{"messages":[{"mobile_phone":"998901234567","message":"Salom"}]}"#),
    ])
    func `a list as JSON text in a form works too`(type: String, body: String) async throws {
        let bench = try EskizBench()
        try await bench.run { caller in
            let token = try await caller.logIn()
            async let response = caller.call(.post, "/api/message/sms/send-batch", token: token, type: type, body)
            let messages = try await bench.dispatch(Self.submitted, answer: Self.answer)
            #expect(messages.map(\.phone) == ["998901234567"])
            #expect(messages.map(\.text) == ["Salom"])
            #expect(messages.first?.sender == "4546")
            #expect(try await response.status == .ok)
        }
    }

    @Test func `a batch that was refused is refused in Eskiz's own words`() async throws {
        let bench = try EskizBench()
        let refusal = ProviderAnswer.json(403, #"{"id":"1","message":"test account","status":"error"}"#)
        try await bench.run { caller in
            let token = try await caller.logIn()
            let uri = "/api/message/sms/send-batch"
            async let response = caller.call(.post, uri, token: token, type: "application/json", Self.body)
            let error = MessageError(code: "forbidden", message: "No.", httpStatus: 403)
            try await bench.dispatch(.failed(error), answer: refusal)
            #expect(try await response.status == .forbidden)
            #expect(try await Array(buffer: response.body) == refusal.body)
        }
    }
}
