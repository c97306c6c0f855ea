import Crypto
import Eskiz
import EskizGateway
import EskizQueue
import EskizQueueTesting
import EskizTesting
import EskizVerify
import HTTPTypes
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The gateway as Supabase's "Send SMS" hook.
@Suite(.timeLimit(.minutes(1)))
struct SupabaseHookTests {
    private static let path = "/hooks/supabase/send-sms"
    private static let key = Array("canary-supabase-secret-of-32-byte".utf8)
    private static let otherKey = Array("another-supabase-secret-of-32-byt".utf8)

    /// What Supabase sent, as `examples/supabase` has it.
    private static let recorded: String = {
        let file = URL(filePath: #filePath).appending(path: "../../../examples/supabase/request.json").standardized
        return (try? String(contentsOf: file, encoding: .utf8)) ?? ""
    }()

    private static func secret(_ key: [UInt8]) -> String { "whsec_" + Data(key).base64EncodedString() }

    private func harness(
        secrets: [[UInt8]] = [Self.key],
        verify: (inout VerifyConfiguration) -> Void = { _ in }
    ) async throws -> GatewayHarness {
        var configuration = GatewayConfiguration(port: 0)
        configuration.supabaseSecrets = secrets.compactMap { WebhookSecret(Self.secret($0)) }
        return try await GatewayHarness(configuration: configuration, verify: verify)
    }

    /// The header fields of a request that is signed.
    private func fields(
        _ body: String,
        id: String = "msg_1",
        at now: Timestamp,
        by keys: [[UInt8]] = [Self.key]
    ) -> [String: String] {
        let seconds = String(now.milliseconds / 1_000)
        let signed = Data("\(id).\(seconds).\(body)".utf8)
        let signatures = keys.map { key in
            let code = HMAC<SHA256>.authenticationCode(for: signed, using: SymmetricKey(data: key))
            return "v1," + Data(code).base64EncodedString()
        }
        // Supabase puts a comma as well as a space between several.
        return [
            "webhook-id": id, "webhook-timestamp": seconds, "webhook-signature": signatures.joined(separator: ", "),
        ]
    }

    private func ask(
        _ caller: GatewayCaller,
        _ harness: GatewayHarness,
        _ body: String = Self.recorded,
        id: String = "msg_1",
        by keys: [[UInt8]] = [Self.key]
    ) async throws -> Answer {
        let headers = fields(body, id: id, at: harness.clock.timestamp, by: keys)
        return try await caller.call(.post, Self.path, body, key: nil, headers: headers)
    }

    @Test func `the code of a recorded request is sent, and nothing but the SMS has it`() async throws {
        let harness = try await harness()
        try await harness.run { caller in
            let answer = try await ask(caller, harness)
            #expect(answer.status == 200 && answer.text == "{}")
            #expect(answer.header("Content-Type") == "application/json")
            let message = try #require(try await harness.store.messages(MessageSearch(limit: 10)).first)
            #expect(message.phone == "998901234567" && message.lane == .otp)
            #expect(message.text == "Sizning tasdiqlash kodingiz: 561166")
            #expect(message.apiKeyID == "supabase")
            #expect(message.reference == "6481a5c1-3d37-4a56-9f6a-bee08c554965")
            let kept = try #require(
                try await harness.store.verifications(since: .init(milliseconds: 0), limit: 10).first
            )
            #expect(kept.kind == .external && kept.network == "203.0.113.5")
            var dumped = ""
            dump(kept, to: &dumped)
            for text in [dumped, kept.purpose, harness.log.text, try await caller.get("/metrics").text] {
                #expect(!text.contains("561166"))
            }
        }
    }

    @Test func `a repeat is known by its body, because Supabase gives it another id`() async throws {
        let harness = try await harness()
        try await harness.run { caller in
            for id in ["msg_1", "msg_2", "msg_3"] {
                let answer = try await ask(caller, harness, id: id)
                #expect(answer.text == "{}")
            }
            #expect(harness.store.depth[.otp] == 1)
        }
    }

    @Test func `a number in sms is the one that counts`() async throws {
        let harness = try await harness()
        try await harness.run { caller in
            let body = Self.recorded.replacing(#""otp":"561166""#, with: #""otp":"561166","phone":"998907654321""#)
            let answer = try await ask(caller, harness, body)
            #expect(answer.status == 200)
            #expect(try await harness.store.messages(MessageSearch(limit: 10)).map(\.phone) == ["998907654321"])
        }
    }

    @Test func `two secrets live at once`() async throws {
        let harness = try await harness(secrets: [Self.otherKey, Self.key])
        try await harness.run { caller in
            let one = try await ask(caller, harness, by: [Self.key])
            #expect(one.status == 200)
            #expect(try await ask(caller, harness, by: [Self.key, Self.otherKey]).status == 200)
        }
    }

    @Test func `whoever does not sign, or signed something else, or long ago, sends nothing`() async throws {
        let harness = try await harness()
        try await harness.run { caller in
            let now = harness.clock.timestamp
            let good = fields(Self.recorded, at: now)
            var wrongs: [[String: String]] = [
                [:], fields(Self.recorded, at: now, by: [Self.otherKey]), fields(Self.recorded + " ", at: now),
                fields(Self.recorded, at: now - .seconds(301)), fields(Self.recorded, at: now + .seconds(301)),
                good.merging(["webhook-id": "msg_2"]) { $1 },
                good.merging(["webhook-signature": "v1,"]) { $1 }, good.merging(["webhook-signature": ""]) { $1 },
                good.merging(["webhook-signature": "v1a," + (good["webhook-signature"] ?? "").dropFirst(3)]) { $1 },
                good.merging(["webhook-timestamp": "now"]) { $1 },
            ]
            for name in good.keys { wrongs.append(good.filter { $0.key != name }) }
            for headers in wrongs {
                let answer = try await caller.call(.post, Self.path, Self.recorded, key: nil, headers: headers)
                #expect(answer.status == 401, "\(headers.keys.sorted())")
                #expect(answer.json["error"]?["http_code"] == .number(401))
            }
            // An API key is no signature.
            #expect(try await caller.post(Self.path, Self.recorded).status == 401)
            #expect(harness.store.depth.total == 0)
            #expect(try await ask(caller, harness).status == 200)
        }
    }

    @Test func `without a secret the path is not there`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let answer = try await ask(caller, harness)
            #expect(answer.status == 404)
        }
    }

    @Test func `the limits hold, and Supabase is told what to tell its user`() async throws {
        let harness = try await harness()
        try await harness.run { caller in
            _ = try await ask(caller, harness)
            let second = Self.recorded.replacing("561166", with: "907711")
            let early = try await ask(caller, harness, second)
            // Supabase reads an error only out of a 200.
            #expect(early.status == 200)
            #expect(early.json["error"]?["http_code"] == .number(429))
            #expect(early.json["error"]?["message"]?.text?.isEmpty == false)
            #expect(harness.store.depth[.otp] == 1)
            harness.clock.advance(by: .seconds(30))
            #expect(try await ask(caller, harness, second).text == "{}")
            // The older code still waited: it is not worth sending any more.
            #expect(harness.store.depth[.otp] == 1)
        }
    }

    @Test(arguments: [
        "", "{}", "[]", #"{"user":{"phone":"998901234567"}}"#, #"{"user":{"phone":"998901234567"},"sms":{"otp":""}}"#,
        #"{"user":{"phone":"998901234567"},"sms":{"otp":"12a4"}}"#, #"{"user":{"phone":""},"sms":{"otp":"561166"}}"#,
        #"{"user":{"phone":"90"},"sms":{"otp":"561166"}}"#, #"{"user":null,"sms":{"otp":561166}}"#,
    ])
    func `what is no request for a code sends nothing`(_ body: String) async throws {
        let harness = try await harness()
        try await harness.run { caller in
            let answer = try await ask(caller, harness, body)
            #expect(answer.status == 200 && answer.json["error"]?["http_code"] == .number(400))
            #expect(harness.store.depth.total == 0)
        }
    }

    @Test func `a country that is not listed gets nothing, and one that is listed does`() async throws {
        let harness = try await harness(verify: { $0.countries = [998, 7] })
        try await harness.run { caller in
            let abroad = Self.recorded.replacing("998901234567", with: "12125550100")
            let refused = try await ask(caller, harness, abroad)
            #expect(refused.json["error"]?["http_code"] == .number(403))
            let listed = Self.recorded.replacing("998901234567", with: "79012345678")
            #expect(try await ask(caller, harness, listed).text == "{}")
            #expect(harness.store.depth.total == 1)
        }
    }

    @Test func `a store that fails makes Supabase ask again`() async throws {
        let harness = try await harness()
        try await harness.run { caller in
            harness.store.fail(with: StoreError(.diskFull, "The disk is full.", remedy: "Make room."))
            let answer = try await ask(caller, harness)
            #expect(answer.status == 503 && answer.header("Retry-After") == "1")
            harness.store.fail(with: nil)
            #expect(try await ask(caller, harness).text == "{}")
        }
    }
}
