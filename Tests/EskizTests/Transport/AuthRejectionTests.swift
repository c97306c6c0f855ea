import Eskiz
import EskizTestSupport
import Testing

struct AuthRejectionTests {
    private func isRejection(_ status: Int, _ body: String) -> Bool {
        AuthRejection.isRejection(TransportResponse(status: status, body: Array(body.utf8)))
    }

    @Test(arguments: ["", "{}", "<html>", "Unauthorized", #"{"message":"Expired"}"#, #"{"message":"x"}"#])
    func `any 401 is a rejection, whatever it says`(body: String) {
        #expect(isRejection(401, body))
    }

    @Test(arguments: [
        #"{"id":"5b1f0c6e","message":"Waiting for SMS provider","status":"waiting"}"#,
        #"{"id":4385062,"message":"Waiting","status":"Waiting"}"#,
        #"{"id":"5b1f0c6e","status":["waiting","waiting"]}"#,
    ])
    func `B6 a 401 with the receipt of a message that was taken is none`(body: String) {
        #expect(!isRejection(401, body))
    }

    @Test(arguments: [
        #"{"id":"5b1f0c6e","message":"Expired","status":"error"}"#, #"{"id":"5b1f0c6e"}"#, #"{"status":"waiting"}"#,
        #"{"id":"","status":"waiting"}"#, #"{"id":"1","status":[]}"#, #"{"id":"1","status":["waiting","error"]}"#,
        #"{"message":"waiting","id":"1","status":"error"}"#,
    ])
    func `B6 what is not a whole receipt does not excuse a 401`(body: String) {
        #expect(isRejection(401, body))
    }

    @Test(
        arguments: [200, 201, 400, 404, 422],
        [
            #"{"status":"token-invalid","message":"Expired token"}"#,
            #"{"status":"token_invalid"}"#,
            #"{"status":"Token-Invalid"}"#,
            #"{"message":"Token has expired","status_code":401}"#,
            #"{"message":"token has expired","status_code":"401"}"#,
            #" {"status":"token-invalid"} "#,
        ]
    )
    func `the known shapes are rejections under other statuses too`(status: Int, body: String) {
        #expect(isRejection(status, body))
    }

    @Test(
        arguments: [403, 429, 500, 502, 503, 301, 100],
        [
            #"{"status":"token-invalid","message":"Expired token"}"#,
            #"{"message":"Token has expired","status_code":401}"#,
            "",
        ]
    )
    func `other statuses never speak about the token`(status: Int, body: String) {
        #expect(!isRejection(status, body))
    }

    @Test(arguments: [
        #"{"id":"1","message":"Expired","status":"error"}"#,
        #"{"message":"Expired token"}"#,
        #"{"message":"Token has expired"}"#,
        #"{"message":"Token has expired","status_code":500}"#,
        #"{"message":"Your token: 1234","status":"error"}"#,
        #"{"data":{"status":"token-invalid"}}"#,
        #"[{"status":"token-invalid"}]"#,
        #"{"status":["token-invalid"]}"#,
        #"{"status":"success","data":{"message":"token-invalid"}}"#,
        #"{"status":"token-inval"#,
        #"{"message":"token_generated","data":{"token":"a.b.c"},"token_type":"bearer"}"#,
        #""token-invalid""#,
        "token-invalid",
    ])
    func `anything else is not a rejection`(body: String) {
        #expect(!isRejection(200, body))
        #expect(!isRejection(400, body))
    }

    @Test func `a message that quotes a rejection is not one`() {
        // A text of 5000 characters that ends in what looks like one.
        let text = String(repeating: "a", count: 5000) + #"\"status\":\"token-invalid\""#
        #expect(!isRejection(200, #"{"message":"\#(text)","status":"waiting"}"#))
    }

    @Test func `random and broken bodies are not rejections and do no harm`() {
        var random = SeededGenerator(seed: 20_260_914)
        let seed = Array(#"{"status":"token-invalid","message":"Token has expired","status_code":401}"#.utf8)
        var rejections = 0
        for _ in 0..<20_000 {
            var body = seed
            for _ in 0...Int(random.next() % 3) {
                let index = Int(random.next() % UInt64(body.count))
                switch random.next() % 3 {
                case 0: body[index] = UInt8(truncatingIfNeeded: random.next())
                case 1: body.removeSubrange(index...)
                default: body.insert(UInt8(truncatingIfNeeded: random.next()), at: index)
                }
                if body.isEmpty { body = [0x7B] }
            }
            let text = String(decoding: body, as: UTF8.self).lowercased()
            let isRejection = AuthRejection.isRejection(TransportResponse(status: 200, body: body))
            rejections += isRejection ? 1 : 0
            // One of the words must have survived whole.
            if isRejection {
                #expect(
                    text.contains("token-invalid") || text.contains("token has expired") || text.contains("\"token ")
                )
            }
        }
        // The test would say nothing if nothing ever survived.
        #expect(rejections > 100)
    }
}
