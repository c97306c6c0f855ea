import EskizGateway
import EskizQueue
import EskizQueueTesting
import Testing

/// `/v1/suppressions`, and what the list does to every way in.
@Suite(.timeLimit(.minutes(1)))
struct SuppressionRoutesTests {
    private func suppress(_ caller: GatewayCaller, _ scope: String = "all") async throws -> Answer {
        try await caller.post(
            "/v1/suppressions",
            #"{"suppressions":[{"to":"+998 90 123-45-67","scope":"\#(scope)","reason":"asked by phone"}]}"#
        )
    }

    @Test func `phones are put onto the list, shown and taken off, and the audit has it without a number`() async throws
    {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let added = try await caller.post(
                "/v1/suppressions",
                #"{"suppressions":[{"to":"901234567","scope":"bulk","reason":"asked"},{"to":"907654321"}]}"#
            )
            #expect(added.status == 200 && added.text == #"{"added":2,"changed":0}"#)
            #expect(try await suppress(caller).text == #"{"added":0,"changed":1}"#)
            let first = try await caller.get("/v1/suppressions?limit=1")
            #expect(first.json["suppressions"]?[0]?["to"] == "+998907654321")
            #expect(first.json["suppressions"]?[0]?["scope"] == "all")
            let next = try #require(first.json["next"]?.text)
            let second = try await caller.get("/v1/suppressions?limit=1&before=\(next)")
            #expect(second.json["suppressions"]?[0]?["to"] == "+998901234567")
            #expect(second.json["suppressions"]?[0]?["reason"] == "asked by phone")
            let removed = try await caller.post("/v1/suppressions/remove", #"{"to":["901234567","+998900000001"]}"#)
            #expect(removed.text == #"{"removed":1}"#)
            let lines = try await harness.store.auditLines(AuditSearch())
            #expect(lines.map(\.action) == ["suppress.remove", "suppress.add", "suppress.add"])
            #expect(lines.allSatisfy { !($0.detail ?? "").contains("90123") })
            #expect(!harness.log.text.contains("901234567"))
        }
    }

    @Test func `a message to a phone of the list is refused by its field, whichever way it comes`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            _ = try await suppress(caller)
            let one = try await caller.post("/v1/messages", #"{"to":"901234567","text":"Salom"}"#)
            #expect(one.status == 422 && one.errors == ["to suppressed"])
            let batch = try await caller.post(
                "/v1/messages/batch",
                #"{"messages":[{"to":"907654321","text":"Salom"},{"to":"901234567","text":"Salom"}]}"#
            )
            #expect(batch.status == 422 && batch.errors == ["messages[1].to suppressed"])
            let code = try await caller.post("/v1/verifications", #"{"to":"901234567"}"#)
            #expect(code.status == 403 && code.code == "blocked" && code.json["limit"] == "suppressed")
            #expect(harness.store.depth.total == 0)
        }
    }

    @Test func `a phone that wants no mailings gets codes`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            _ = try await suppress(caller, "bulk")
            let bulk = try await caller.post("/v1/messages", #"{"to":"901234567","text":"Salom","lane":"bulk"}"#)
            #expect(bulk.status == 422 && bulk.errors == ["to suppressed"])
            #expect(try await caller.post("/v1/messages", #"{"to":"901234567","text":"Salom"}"#).status == 202)
            #expect(try await caller.post("/v1/verifications", #"{"to":"901234567"}"#).status == 201)
        }
    }

    @Test func `the list is for the scope admin`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            for key in [GatewayHarness.sendKey, GatewayHarness.readKey, GatewayHarness.verifyKey] {
                let list = try await caller.get("/v1/suppressions", key: key)
                #expect(list.status == 403)
                #expect(
                    try await caller.post("/v1/suppressions/remove", #"{"to":["901234567"]}"#, key: key).status == 403
                )
                let body = #"{"suppressions":[{"to":"901234567"}]}"#
                #expect(try await caller.post("/v1/suppressions", body, key: key).status == 403)
            }
        }
    }

    @Test(arguments: [
        ("{}", ["suppressions required"]),
        (#"{"suppressions":[]}"#, ["suppressions out_of_range"]),
        (#"{"suppressions":{}}"#, ["suppressions wrong_type"]),
        (
            #"{"suppressions":[{"to":"901234567"},{"to":"9","scope":"some","reason":""},{}]}"#,
            [
                "suppressions[1].to invalid_phone", "suppressions[1].scope unknown_scope",
                "suppressions[1].reason empty", "suppressions[2].to required",
            ]
        ),
    ])
    func `what cannot be read changes nothing`(_ body: String, _ errors: [String]) async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let answer = try await caller.post("/v1/suppressions", body)
            #expect(answer.status == 422 && answer.errors == errors)
            #expect(try await harness.store.suppressionCount() == 0)
        }
    }

    @Test(arguments: ["?limit=0", "?limit=x", "?before=x", "?to=901234567"])
    func `a question that cannot be read is refused`(_ query: String) async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let answer = try await caller.get("/v1/suppressions\(query)")
            #expect(answer.status == 400)
        }
    }
}
