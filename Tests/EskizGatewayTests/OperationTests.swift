import Eskiz
import EskizGateway
import EskizQueue
import EskizQueueTesting
import EskizTesting
import Testing

/// Token, account, segments, health, metrics.
@Suite(.timeLimit(.minutes(1)))
struct OperationTests {
    private static let token = "canary-token-canary-token-canary-token"

    // MARK: Token

    @Test func `the token is described and never shown`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let answer = try await caller.get("/v1/token", key: GatewayHarness.readKey)
            #expect(answer.status == 200)
            #expect(answer.json["state"] == "valid")
            let preview = try #require(answer.json["preview"]?.text)
            #expect(preview.count <= 20)
            #expect(preview.count { $0.isASCII } * 4 <= Self.token.count)
            #expect(!answer.text.contains(Self.token))
            #expect(answer.json["location"] == "memory")
        }
    }

    @Test func `without a token there is a state all the same`() async throws {
        let harness = try await GatewayHarness(token: nil, password: "canary-password")
        try await harness.run { caller in
            let answer = try await caller.get("/v1/token")
            #expect(answer.status == 200)
            #expect(answer.json == .object(["state": "absent"]))
        }
    }

    @Test func `a new token comes at once`() async throws {
        let harness = try await GatewayHarness()
        let fresh = JSONWebToken.text(expiresAt: 1_802_000_000)
        harness.transport.on("PATCH", "auth/refresh", .token(fresh))
        try await harness.run { caller in
            let before = try await caller.get("/v1/token")
            let answer = try await caller.post("/v1/token/refresh")
            #expect(answer.status == 200)
            #expect(answer.json["state"] == "valid")
            #expect(answer.json["expires_at"] == "2027-02-07T11:33:20.000Z")
            #expect(answer.json["fingerprint"] != before.json["fingerprint"])
            #expect(!answer.text.contains(fresh))
        }
    }

    @Test(arguments: [
        (ScriptedTransport.Step.respond(500, "oops"), 400..<600),
        (.fail(.timedOut, progress: .sent), 400..<600), (.tokenExpired, 400..<600),
    ])
    func `when Eskiz gives none, the answer says why`(step: ScriptedTransport.Step, statuses: Range<Int>) async throws {
        let harness = try await GatewayHarness()
        harness.transport.on("PATCH", "auth/refresh", step)
        try await harness.run { caller in
            let answer = try await caller.post("/v1/token/refresh", "")
            #expect(statuses.contains(answer.status))
            #expect([429, 502, 503, 504].contains(answer.status))
            #expect(answer.code != nil)
            #expect(answer.json["detail"]?.text?.isEmpty == false)
        }
    }

    @Test func `what holds renewals up is said, and a renewal by hand ends it at once`() async throws {
        let harness = try await GatewayHarness(token: nil, password: "canary-password")
        let later = ScriptedTransport.Step.respond(429, "", headers: [TransportHeader("Retry-After", "86400")])
        harness.transport.on("POST", "auth/login", later, .token(JSONWebToken.text(expiresAt: 1_802_000_000)))
        try await harness.run { caller in
            await #expect(throws: EskizError.self) { try await harness.client.account() }
            let held = try await caller.get("/v1/token")
            #expect(held.json["state"] == "absent" && held.json["renewal_held_by"] == "rate_limited")
            #expect(held.json["renewal_held_until"] == "2027-01-15T08:15:00.000Z")
            let renewed = try await caller.post("/v1/token/refresh")
            #expect(renewed.status == 200 && renewed.json["state"] == "valid")
            #expect(try await caller.get("/v1/token").json["renewal_held_by"] == nil)
        }
    }

    // MARK: Account

    static func answerAccount(_ transport: ScriptedTransport) {
        transport.on(
            "GET",
            "auth/user",
            .respond(
                200,
                #"{"data":{"id":1,"name":"Demo","email":"demo@example.test","role":"user","status":"active"}}"#
            )
        )
        transport.on("GET", "user/get-limit", .respond(200, #"{"data":{"balance":125000.5}}"#))
        transport.on("GET", "nick/me", .respond(200, #"{"data":["4546","MyShop"]}"#))
        transport.on(
            "GET",
            "user/prices",
            .respond(
                200,
                """
                {"data":{"local":[{"smsc_id":1,"name":"Mobiuz","price":115,"ad_price":230}],
                "global":[{"code":"US","name":"USA","prefix":"1","status":"open","price":"900.25"}]}}
                """
            )
        )
    }

    @Test func `the account is asked for once a minute`() async throws {
        let harness = try await GatewayHarness()
        Self.answerAccount(harness.transport)
        try await harness.run { caller in
            let answer = try await caller.get("/v1/account", key: GatewayHarness.readKey)
            #expect(answer.status == 200)
            #expect(answer.json["balance"] == .number(125000.5))
            #expect(answer.json["role"] == "user")
            #expect(answer.json["senders"] == .array(["4546", "MyShop"]))
            #expect(answer.json["prices"]?["local"]?[0]?["price"] == .number(115))
            #expect(answer.json["prices"]?["global"]?[0]?["price"] == .number(900.25))
            let again = try await caller.get("/v1/account")
            #expect(again.text == answer.text)
            #expect(harness.transport.requests("auth/user").count == 1)
            harness.clock.advance(by: .seconds(61))
            _ = try await caller.get("/v1/account")
            #expect(harness.transport.requests("auth/user").count == 2)
        }
    }

    @Test func `many who ask at once ask Eskiz once`() async throws {
        let harness = try await GatewayHarness()
        let gate = Gate()
        harness.transport.on("GET", "user/get-limit", .respond(200, #"{"data":{"balance":1}}"#).held(by: gate))
        Self.answerAccount(harness.transport)
        try await harness.run { caller in
            async let first = caller.get("/v1/account")
            await gate.arrival()
            async let second = caller.get("/v1/account")
            gate.open()
            let answers = try await [first, second]
            #expect(answers.allSatisfy { $0.status == 200 })
            #expect(harness.transport.requests("user/get-limit").count == 1)
        }
    }

    @Test func `an Eskiz that is away is a bad gateway, and is asked again next time`() async throws {
        let harness = try await GatewayHarness()
        harness.transport.on("GET", "auth/user", .fail(.connectionFailed, progress: .notSent))
        Self.answerAccount(harness.transport)
        try await harness.run { caller in
            let answer = try await caller.get("/v1/account")
            #expect(answer.status == 502)
            #expect(answer.code == "connection_failed")
            let again = try await caller.get("/v1/account")
            #expect(again.status == 200)
        }
    }

    // MARK: Segments

    @Test func `a text is measured as it is and as it would be sent`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let answer = try await caller.post("/v1/segments", #"{"text":"Oʻzbekiston"}"#, key: GatewayHarness.readKey)
            #expect(answer.status == 200)
            #expect(
                answer.json
                    == .object([
                        "encoding": "ucs2", "segments": .number(1), "units": .number(11),
                        "units_per_segment": .number(70),
                        "units_left": .number(59),
                        "normalized": .object([
                            "text": "O'zbekiston", "encoding": "gsm7", "segments": .number(1), "units": .number(11),
                            "units_per_segment": .number(160), "units_left": .number(149), "replacements": .number(1),
                            "segments_saved": .number(0),
                        ]),
                    ])
            )
            let wrong = try await caller.post("/v1/segments", #"{"txt":"a"}"#)
            #expect(wrong.status == 422)
            #expect(wrong.errors == ["txt unknown_field", "text required"])
        }
    }

    // MARK: Health

    @Test func `a store that cannot write makes it unready, not unhealthy`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            harness.store.fail(
                with: StoreError(.readOnly, "canary-path cannot be written.", remedy: "Make it writable.")
            )
            let answer = try await caller.get("/readyz", key: nil)
            #expect(answer.status == 503)
            #expect(answer.code == "not_ready")
            #expect(answer.errors == ["store read_only"])
            #expect(!answer.text.contains("canary"))
            let alive = try await caller.get("/healthz", key: nil)
            #expect(alive.status == 200)
            harness.store.fail(with: nil)
            harness.clock.advance(by: .seconds(2))
            let recovered = try await caller.get("/readyz", key: nil)
            #expect(recovered.status == 200)
        }
    }

    @Test func `readiness is looked at once a second at most`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let good = try await caller.get("/readyz", key: nil)
            harness.store.fail(with: StoreError(.readOnly, "a", remedy: "b"))
            let still = try await caller.get("/readyz", key: nil)
            #expect([good.status, still.status] == [200, 200])
        }
    }

    @Test func `who has neither token nor password is not ready`() async throws {
        let harness = try await GatewayHarness(token: nil)
        try await harness.run { caller in
            let answer = try await caller.get("/readyz", key: nil)
            #expect(answer.status == 503)
            #expect(answer.errors == ["token token_absent"])
        }
        let renewable = try await GatewayHarness(token: nil, password: "canary-password")
        try await renewable.run { caller in
            let answer = try await caller.get("/readyz", key: nil)
            #expect(answer.status == 200)
        }
    }

    @Test func `a gateway that stops is not ready and opens no streams`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            harness.server.drain.open()
            let ready = try await caller.get("/readyz", key: nil)
            #expect(ready.errors == ["gateway shutting_down"])
            let events = try await caller.get("/v1/events")
            #expect(events.status == 503)
            #expect(events.code == "shutting_down")
        }
    }

    // MARK: Metrics

    @Test func `metrics come as the registry writes them`() async throws {
        let harness = try await GatewayHarness(dependencies: { $0.metrics = { "eskiz_accepted_total 1\n" } })
        try await harness.run { caller in
            let answer = try await caller.get("/metrics", key: GatewayHarness.readKey)
            #expect(answer.status == 200)
            #expect(answer.header("Content-Type") == "text/plain; version=0.0.4; charset=utf-8")
            #expect(answer.text == "eskiz_accepted_total 1\n")
        }
    }
}
