import Eskiz
import EskizQueue
import EskizTesting
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@testable import EskizGateway

/// `dispatch_id` may be any word here, and is a number for Eskiz.
@Suite(.timeLimit(.minutes(1)))
struct MailingNameTests {
    @Test func `a number stays what it is, and a word is always the same number`() throws {
        #expect(MailingName("7001") == nil && MailingName("0") == nil && MailingName("\u{1}") == nil)
        #expect(MailingName.number(of: "7001") == 7_001)
        let name = try #require(MailingName("spring-sale"))
        #expect(name == MailingName("spring-sale") && name.number != MailingName("spring-sales")?.number)
        #expect((0..<(1 << 48)).contains(name.number))
        #expect(MailingName.number(of: "spring-sale") == name.number)
        #expect(MailingName("-5")?.word == "-5")
    }

    @Test func `the word comes back where its number stood, and nowhere else`() throws {
        let name = try #require(MailingName(#"bahor "2027""#))
        let body =
            #"{"data":[{"dispatch_id":\#(name.number),"message":"\"dispatch_id\":\#(name.number)"},"#
            + #"{"dispatch_id" : "\#(name.number)"},{"dispatch_id":7001},{"dispatch_id":null},{"id":\#(name.number)}]}"#
        let restored = String(decoding: name.restored(in: Array(body.utf8)), as: UTF8.self)
        #expect(
            restored
                == #"{"data":[{"dispatch_id":"bahor \"2027\"","message":"\"dispatch_id\":\#(name.number)"},"#
                + #"{"dispatch_id" : "bahor \"2027\""},{"dispatch_id":7001},{"dispatch_id":null},{"id":\#(name.number)}]}"#
        )
    }

    @Test(arguments: [
        "message/sms/get-user-messages-by-dispatch", "message/sms/get-dispatch-status", "report/total-by-dispatch",
    ])
    func `a mailing is asked after by the word that it was sent with`(path: String) async throws {
        let bench = try EskizBench()
        let number = MailingName.number(of: "spring-sale")
        bench.transport.on("POST", path, .respond(200, #"{"data":{"dispatch_id":"\#(number)","total":3}}"#))
        try await bench.run { caller in
            let token = try await caller.logIn()
            let fields = [("dispatch_id", "spring-sale"), ("is_ad", "0")]
            let response = try await caller.form("/api/\(path)?status=all", token: token, fields)
            #expect(response.text == #"{"data":{"dispatch_id":"spring-sale","total":3}}"#)
            let asked = try #require(bench.transport.requests.last)
            #expect(asked.text == "dispatch_id=\(number)&is_ad=0")
            #expect(asked.header("content-type") == "application/x-www-form-urlencoded")
            #expect(asked.request.url.hasSuffix("\(path)?status=all"))
        }
    }

    @Test func `what is asked after by a number goes on as it came`() async throws {
        let bench = try EskizBench()
        let path = "message/sms/get-user-messages-by-dispatch"
        bench.transport.on("POST", path, .respond(200, #"{"data":{"dispatch_id":7001}}"#))
        try await bench.run { caller in
            let token = try await caller.logIn()
            let type = "application/json"
            let response = try await caller.call(
                .post,
                "/api/\(path)",
                token: token,
                type: type,
                #"{"dispatch_id":7001}"#
            )
            #expect(response.text == #"{"data":{"dispatch_id":7001}}"#)
            #expect(bench.transport.requests.last?.text == #"{"dispatch_id":7001}"#)
        }
    }
}
