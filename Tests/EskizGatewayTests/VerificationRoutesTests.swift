import EskizGateway
import EskizQueue
import EskizQueueTesting
import EskizTestSupport
import EskizTesting
import EskizVerify
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// `/v1/verifications`, as an application sees it.
@Suite(.timeLimit(.minutes(1)))
struct VerificationRoutesTests {
    private static let phone = "+998901234567"
    private static let verify = GatewayHarness.verifyKey

    private func start(
        _ caller: GatewayCaller,
        _ rest: String = "",
        to phone: String = Self.phone
    ) async throws -> Answer {
        try await caller.post("/v1/verifications", #"{"to":"\#(phone)"\#(rest)}"#, key: Self.verify)
    }

    /// The code in the SMS that waits last: what the phone would show.
    private func code(_ harness: GatewayHarness) async throws -> String {
        let messages = try await harness.store.messages(MessageSearch(limit: 50))
        let text = try #require(messages.first { $0.text != nil }?.text)
        return try #require(text.firstMatch(of: /[0-9]{4,10}/).map { String($0.output) })
    }

    /// A code of six digits that is not the right one.
    private func wrong(_ code: String) -> String { code == "135792" ? "246801" : "135792" }

    @Test func `a code is sent, and the answer has everything but the code`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let answer = try await start(
                caller,
                #","purpose":"login","reference":"order-17","client_ip":"203.0.113.5""#
            )
            #expect(answer.status == 201)
            let id = try #require(answer.json["id"]?.text)
            #expect(VerificationID(text: id) != nil)
            #expect(answer.header("Location") == "/v1/verifications/\(id)")
            #expect(answer.json["to"] == .string(Self.phone))
            #expect(answer.json["status"] == "pending")
            #expect(answer.json["checks_left"] == .number(5))
            #expect(answer.json["sends"] == .number(1))
            #expect(answer.json["expires_at"] == .string(RFC3339Text.of(harness.clock.timestamp + .seconds(300))))
            #expect(answer.json["resend_after"] == .string(RFC3339Text.of(harness.clock.timestamp + .seconds(30))))
            #expect(answer.json["purpose"] == "login" && answer.json["reference"] == "order-17")
            #expect(answer.json["test"] == .bool(false))
            let code = try await code(harness)
            #expect(!answer.text.contains(code))
            let number = try #require(answer.json["message_id"]?.text.flatMap { MessageID(text: $0) })
            let message = try #require(try await harness.store.message(number))
            #expect(message.lane == .otp && message.phone == "998901234567" && message.reference == "order-17")
            #expect(message.text == "Sizning tasdiqlash kodingiz: \(code)")
            #expect(message.expiresAt == harness.clock.timestamp + .seconds(300))
            let shown = try await caller.get("/v1/verifications/\(id)", key: Self.verify)
            #expect(shown.status == 200 && shown.json == answer.json)
        }
    }

    @Test func `the right code is right once`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let id = try #require(try await start(caller).json["id"]?.text)
            let code = try await code(harness)
            let first = try await caller.post(
                "/v1/verifications/\(id)/check",
                #"{"code":"\#(wrong(code))"}"#,
                key: Self.verify
            )
            #expect(first.status == 200)
            #expect(first.text == #"{"valid":false,"status":"pending","checks_left":4}"#)
            let second = try await caller.post(
                "/v1/verifications/\(id)/check",
                #"{"code":"\#(code)"}"#,
                key: Self.verify
            )
            #expect(second.text == #"{"valid":true,"status":"approved","checks_left":0}"#)
            let third = try await caller.post(
                "/v1/verifications/\(id)/check",
                #"{"code":"\#(code)"}"#,
                key: Self.verify
            )
            #expect(third.text == #"{"valid":false,"status":"approved","checks_left":0}"#)
        }
    }

    @Test func `the code is checked by its phone as well, for its purpose only`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            _ = try await start(caller, #","purpose":"login""#)
            let code = try await code(harness)
            let other = try await caller.post(
                "/v1/verifications/check",
                #"{"to":"901234567","code":"\#(code)"}"#,
                key: Self.verify
            )
            #expect(other.text == #"{"valid":false,"status":"pending","checks_left":4}"#)
            let right = try await caller.post(
                "/v1/verifications/check",
                #"{"to":"90 123-45-67","purpose":"login","code":"\#(code)"}"#,
                key: Self.verify
            )
            #expect(right.text == #"{"valid":true,"status":"approved","checks_left":0}"#)
        }
    }

    @Test func `a phone that nobody knows is answered like one that is known`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            _ = try await start(caller)
            let code = wrong(try await code(harness))
            for _ in 0..<7 {
                let known = try await caller.post(
                    "/v1/verifications/check",
                    #"{"to":"901234567","code":"\#(code)"}"#,
                    key: Self.verify
                )
                let unknown = try await caller.post(
                    "/v1/verifications/check",
                    #"{"to":"907654321","code":"\#(code)"}"#,
                    key: Self.verify
                )
                #expect(known.text == unknown.text && known.status == unknown.status)
            }
        }
    }

    @Test func `five checks and no more`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let id = try #require(try await start(caller).json["id"]?.text)
            let code = try await code(harness)
            var left: [Double?] = []
            for _ in 0..<5 {
                let path = "/v1/verifications/\(id)/check"
                left.append(
                    try await caller.post(path, #"{"code":"\#(wrong(code))"}"#, key: Self.verify).json["checks_left"]?
                        .number
                )
            }
            #expect(left == [4, 3, 2, 1, 0])
            let right = try await caller.post(
                "/v1/verifications/\(id)/check",
                #"{"code":"\#(code)"}"#,
                key: Self.verify
            )
            #expect(right.text == #"{"valid":false,"status":"exhausted","checks_left":0}"#)
        }
    }

    @Test func `while one is pending it is the answer, and after its time the same code is sent again`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let first = try await start(caller)
            let code = try await code(harness)
            let again = try await start(caller)
            #expect(again.status == 200 && again.json["id"] == first.json["id"])
            #expect(again.json["sends"] == .number(1))
            #expect(harness.store.depth[.otp] == 1)
            harness.clock.advance(by: .seconds(30))
            let third = try await start(caller)
            #expect(third.status == 200 && third.json["id"] == first.json["id"])
            #expect(third.json["sends"] == .number(2))
            #expect(third.json["message_id"] != first.json["message_id"])
            // The older SMS has not been sent, so it is not sent twice.
            #expect(harness.store.depth[.otp] == 1)
            #expect(try await self.code(harness) == code)
        }
    }

    @Test func `sending again too early names the limit`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let id = try #require(try await start(caller).json["id"]?.text)
            let early = try await caller.post("/v1/verifications/\(id)/resend", key: Self.verify)
            #expect(early.status == 429 && early.code == "too_many_sends")
            #expect(early.header("Retry-After") == "30")
            #expect(early.json["limit"] == "phone_interval")
            #expect(early.header("Content-Type") == "application/problem+json")
            harness.clock.advance(by: .seconds(30))
            let later = try await caller.post("/v1/verifications/\(id)/resend", key: Self.verify)
            #expect(later.status == 200 && later.json["sends"] == .number(2))
            let next = try #require(later.json["resend_after"]?.text)
            #expect(next == RFC3339Text.of(harness.clock.timestamp + .seconds(60)))
        }
    }

    @Test func `another purpose waits for the same phone, and costs nothing`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            _ = try await start(caller)
            let refused = try await start(caller, #","purpose":"payment""#)
            #expect(refused.status == 429 && refused.code == "too_many_sends")
            #expect(refused.json["limit"] == "phone_interval")
            #expect(harness.store.depth[.otp] == 1)
        }
    }

    @Test func `a country to which nothing is sent is blocked`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let answer = try await start(caller, to: "+12125550100")
            #expect(answer.status == 403 && answer.code == "blocked")
            #expect(answer.json["limit"] == "country")
            #expect(answer.header("Retry-After") != nil)
            #expect(harness.store.depth.total == 0)
        }
    }

    @Test func `codes expire, and the next one is new`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let id = try #require(try await start(caller, #","expires_in":30"#).json["id"]?.text)
            let code = try await code(harness)
            harness.clock.advance(by: .seconds(30))
            let late = try await caller.post("/v1/verifications/\(id)/check", #"{"code":"\#(code)"}"#, key: Self.verify)
            #expect(late.text == #"{"valid":false,"status":"expired","checks_left":0}"#)
            let shown = try await caller.get("/v1/verifications/\(id)", key: Self.verify)
            #expect(shown.json["status"] == "expired" && shown.json["resend_after"] == .null)
            let next = try await start(caller)
            #expect(next.status == 201 && next.json["id"] != .string(id))
        }
    }

    @Test func `the life of a code begins when Eskiz takes its SMS`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let id = try #require(try await start(caller).json["id"]?.text)
            harness.clock.advance(by: .seconds(20))
            let claims = try await harness.claim()
            try await harness.settle(claims, .submitted(providerID: "p", detail: nil, nextReport: nil))
            let shown = try await caller.get("/v1/verifications/\(id)", key: Self.verify)
            #expect(shown.json["expires_at"] == .string(RFC3339Text.of(harness.clock.timestamp + .seconds(300))))
        }
    }

    @Test func `a code is taken back, with its SMS`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let id = try #require(try await start(caller).json["id"]?.text)
            for _ in 0..<2 {
                let answer = try await caller.post("/v1/verifications/\(id)/cancel", key: Self.verify)
                #expect(answer.status == 200 && answer.json["status"] == "cancelled")
            }
            #expect(harness.store.depth[.otp] == 0)
            let again = try await caller.post("/v1/verifications/\(id)/resend", key: Self.verify)
            #expect(again.status == 409 && again.code == "state_conflict")
        }
    }

    @Test func `who checks elsewhere says what came of it`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let id = try #require(try await start(caller).json["id"]?.text)
            let missing = try await caller.post("/v1/verifications/\(id)/outcome", key: Self.verify)
            #expect(missing.status == 422)
            let answer = try await caller.post(
                "/v1/verifications/\(id)/outcome",
                #"{"converted":true}"#,
                key: Self.verify
            )
            #expect(answer.status == 200 && answer.json["status"] == "approved")
            let late = try await caller.post(
                "/v1/verifications/\(id)/outcome",
                #"{"converted":false}"#,
                key: Self.verify
            )
            #expect(late.status == 409)
        }
    }

    @Test func `a test number has its code and gets no SMS`() async throws {
        let numbers = try #require(TestNumbers("+998900000001=123456"))
        let harness = try await GatewayHarness(verify: { $0.testNumbers = numbers })
        try await harness.run { caller in
            for _ in 0..<12 {
                let answer = try await start(caller, to: "+998900000001")
                #expect(answer.json["test"] == .bool(true) && answer.json["message_id"] == .null)
                let right = try await caller.post(
                    "/v1/verifications/check",
                    #"{"to":"+998900000001","code":"123456"}"#,
                    key: Self.verify
                )
                #expect(right.json["valid"] == .bool(true))
            }
            #expect(harness.store.depth.total == 0)
        }
    }

    @Test func `the scope is verify, and send is not enough`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let id = try #require(try await start(caller).json["id"]?.text)
            for key in [GatewayHarness.sendKey, GatewayHarness.readKey] {
                let answer = try await caller.post("/v1/verifications", #"{"to":"901234567"}"#, key: key)
                #expect(answer.status == 403 && answer.code == "insufficient_scope")
                #expect(try await caller.get("/v1/verifications/\(id)", key: key).status == 403)
            }
            #expect(try await caller.get("/v1/verifications/\(id)").status == 200)
            let sent = try await caller.post("/v1/messages", #"{"to":"901234567","text":"Salom"}"#, key: Self.verify)
            #expect(sent.status == 403)
            let unknown = try await caller.get(
                "/v1/verifications/ver_" + String(repeating: "0", count: 32),
                key: Self.verify
            )
            #expect(unknown.status == 404)
            #expect(try await caller.get("/v1/verifications/1", key: Self.verify).status == 404)
        }
    }

    @Test(arguments: [
        (#"{}"#, ["to required"]), (#"{"to":"12"}"#, ["to invalid_phone"]),
        (#"{"to":"901234567","length":3}"#, ["length out_of_range"]),
        (#"{"to":"901234567","length":6.5}"#, ["length out_of_range"]),
        (#"{"to":"901234567","expires_in":29}"#, ["expires_in invalid_duration"]),
        (#"{"to":"901234567","expires_in":"25h"}"#, ["expires_in invalid_duration"]),
        (#"{"to":"901234567","client_ip":"localhost"}"#, ["client_ip invalid_address"]),
        (#"{"to":"901234567","locale":"!"}"#, ["locale invalid_locale"]),
        (#"{"to":"901234567","template":"none"}"#, ["template unknown_template"]),
        (#"{"to":"901234567","text":"x"}"#, ["text unknown_field"]),
        (#"{"to":"901234567","webhook_url":"x"}"#, ["webhook_url invalid_url"]),
    ])
    func `what is wrong is named`(_ body: String, _ errors: [String]) async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let answer = try await caller.post("/v1/verifications", body, key: Self.verify)
            #expect(answer.status == 422 && answer.errors == errors)
            #expect(harness.store.depth.total == 0)
        }
    }

    @Test(arguments: [#"{"code":123456}"#, #"{"code":"12a4"}"#, #"{"code":"123"}"#, #"{"code":"12345678901"}"#, "{}"])
    func `a code that is none counts for nothing`(_ body: String) async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let id = try #require(try await start(caller).json["id"]?.text)
            #expect(try await caller.post("/v1/verifications/\(id)/check", body, key: Self.verify).status == 422)
            let shown = try await caller.get("/v1/verifications/\(id)", key: Self.verify)
            #expect(shown.json["checks_left"] == .number(5))
        }
    }

    @Test func `a code is nowhere but in its SMS`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let started = try await start(caller, #","length":10"#)
            let id = try #require(started.json["id"]?.text)
            let code = try await code(harness)
            #expect(code.utf8.count == 10)
            var seen = [started.text]
            let number = try #require(started.json["message_id"]?.text)
            for path in ["/v1/verifications/\(id)", "/v1/messages/\(number)", "/v1/messages?lane=otp", "/metrics"] {
                seen.append(try await caller.get(path).text)
            }
            for body in [#"{"code":"0123456789"}"#, #"{"code":"\#(code)"}"#, #"{"code":"\#(code)","x":"\#(code)"}"#] {
                seen.append(try await caller.post("/v1/verifications/\(id)/check", body, key: Self.verify).text)
            }
            let claims = try await harness.claim()
            try await harness.settle(claims, .submitted(providerID: "p", detail: nil, nextReport: nil))
            let messageID = try #require(MessageID(text: number))
            let message = try #require(try await harness.store.message(messageID))
            #expect(message.text == nil)
            let verificationID = try #require(VerificationID(text: id))
            let verification = try #require(try await harness.store.verification(verificationID))
            var dumped = ""
            dump(verification, to: &dumped)
            seen.append(dumped)
            seen.append(harness.log.text)
            for text in seen { #expect(!text.contains(code)) }
        }
    }
}

/// Moments as the API writes them, made by Foundation: not by the code under test.
private enum RFC3339Text {
    static func of(_ moment: Timestamp) -> String {
        let whole = Date(timeIntervalSince1970: Double(moment.milliseconds / 1_000))
        let text = whole.formatted(.iso8601)
        return text.dropLast() + "." + String(1_000 + moment.milliseconds % 1_000).dropFirst() + "Z"
    }
}
