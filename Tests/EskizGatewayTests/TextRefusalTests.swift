import Eskiz
import EskizQueue
import EskizTesting
import EskizText
import Testing

@testable import EskizGateway

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What is said of a text that is too long: how many segments, and how much.
@Suite(.timeLimit(.minutes(1)))
struct TextRefusalTests {
    private static func prices() throws -> Prices {
        let json = #"{"local":[{"smsc_id":2,"name":"Beeline","price":115}],"global":[]}"#
        return try JSONDecoder().decode(Prices.self, from: Data(json.utf8))
    }

    @Test func `the amount is said where it is known, and segments only where it is not`() throws {
        let prices = try Self.prices()
        let error = MessageTextError.tooManySegments(9, allowed: 8)
        let priced = TextRefusal.sentence(error, to: "998901234567") { prices }
        #expect(priced.contains("9 segments") && priced.contains("1035 soʻm") && priced.hasSuffix(error.remedy))
        #expect(TextRefusal.sentence(error, to: "998931234567") { nil } == error.description)
        #expect(TextRefusal.sentence(error, to: nil) { prices } == error.description)
        #expect(TextRefusal.sentence(.blank, to: "998901234567") { prices } == MessageTextError.blank.description)
    }

    private static func answerAccount(_ transport: ScriptedTransport) {
        let user = #"{"data":{"id":1,"name":"Demo","email":"demo@example.test","role":"user","status":"active"}}"#
        transport.on("GET", "auth/user", .respond(200, user))
        transport.on("GET", "user/get-limit", .respond(200, #"{"data":{"balance":125000}}"#))
        transport.on("GET", "nick/me", .respond(200, #"{"data":["4546"]}"#))
        let prices = #"{"data":{"local":[{"smsc_id":2,"name":"Beeline","price":115}],"global":[]}}"#
        transport.on("GET", "user/prices", .respond(200, prices))
    }

    @Test func `both APIs say the amount once Eskiz has told its prices`() async throws {
        let harness = try await GatewayHarness()
        Self.answerAccount(harness.transport)
        let text = String(repeating: "a", count: 153 * 8 + 1)
        try await harness.run { caller in
            #expect(try await caller.get("/v1/account").status == 200)
            let own = try await caller.post("/v1/messages", #"{"to":"901234567","text":"\#(text)"}"#)
            #expect(own.status == 422)
            let detail = own.json["errors"]?[0]?["detail"]?.text
            #expect(detail?.contains("9 segments") == true && detail?.contains("1035 soʻm") == true, "\(own.text)")
            let login = try await caller.post(
                "/api/auth/login",
                #"{"email":"a@example.test","password":"\#(GatewayHarness.sendKey)"}"#,
                key: nil
            )
            let token = try #require(login.json["data"]?["token"]?.text)
            let body = #"{"mobile_phone":"998901234567","message":"\#(text)","from":"4546"}"#
            let theirs = try await caller.post("/api/message/sms/send", body, key: token)
            #expect(theirs.status == 400)
            #expect(theirs.json["message"]?.text?.contains("1035 soʻm") == true, "\(theirs.text)")
        }
    }
}
