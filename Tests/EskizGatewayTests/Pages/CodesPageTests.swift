import EskizQueue
import EskizQueueTesting
import EskizTesting
import EskizVerify
import Testing

@testable import EskizGateway

/// The page of one-time codes, and that of suppressed phones.
@Suite(.timeLimit(.minutes(1)))
struct CodesPageTests {
    private static let verify = GatewayHarness.verifyKey

    private func start(_ caller: GatewayCaller, _ phone: String, _ purpose: String = "login") async throws -> Answer {
        try await caller.post("/v1/verifications", #"{"to":"\#(phone)","purpose":"\#(purpose)"}"#, key: Self.verify)
    }

    @Test(arguments: ["en", "uz", "ru"])
    func `conversion is shown by operator and template, and what was refused`(_ language: String) async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            for number in 1...4 { _ = try await start(caller, "99890765432\(number)") }
            _ = try await start(caller, "998937654321")
            let sent = try await harness.store.messages(MessageSearch(phone: "998907654321", limit: 1))
            let code = try #require(sent.first?.text?.firstMatch(of: /[0-9]{6}/)).output
            harness.clock.advance(by: .seconds(9))
            let right = try await caller.post(
                "/v1/verifications/check",
                #"{"to":"907654321","purpose":"login","code":"\#(code)"}"#,
                key: Self.verify
            )
            #expect(right.json["valid"] == .bool(true))
            _ = try await start(caller, "998937654321", "payment")
            let visitor = try await PageVisitor(caller)
            let page = try await visitor.get("/codes", language: language)
            #expect(page.status == 200)
            #expect(page.text.contains(#"id="codes-sent">5<"#) && page.text.contains(#"id="codes-entered">1<"#))
            #expect(page.text.contains("Beeline") && page.text.contains("Ucell") && page.text.contains("default"))
            #expect(page.text.contains(#"id="rule-phone_interval">1<"#))
            #expect(!page.text.contains("765432") && !page.text.contains(code))
        }
    }

    @Test func `a prefix is blocked, let through and lifted, each with a line in the audit`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let visitor = try await PageVisitor(caller)
            let blocked = try await visitor.act("/codes/prefix", [("prefix", "+998 90 765"), ("decision", "block")])
            #expect(blocked.notice == "It holds from now on.")
            #expect(blocked.text.contains("+99890765"))
            let refused = try await start(caller, "998907654321")
            #expect(refused.status == 403 && refused.json["limit"] == "prefix")
            _ = try await visitor.act("/codes/prefix", [("prefix", "99890765"), ("decision", "allow")])
            #expect(try await start(caller, "998907654321").status == 201)
            let lifted = try await visitor.act("/codes/prefix", [("prefix", "99890765"), ("decision", "forget")])
            #expect(lifted.notice == "The rule is lifted." && !lifted.text.contains("+99890765"))
            let wrong = try await visitor.act("/codes/prefix", [("prefix", "998907654321"), ("decision", "block")])
            #expect(wrong.notice?.contains("2 to 8 digits") == true)
            #expect(
                try await harness.audited() == [
                    "verify.forget | +99890765", "verify.allow | +99890765", "verify.block | +99890765",
                ]
            )
            #expect(try await visitor.post("/codes/prefix", [("prefix", "99890"), ("decision", "x")]).status == 400)
        }
    }

    @Test func `what a prefix is decided to is known after a start`() async throws {
        let harness = try await GatewayHarness()
        try await harness.store.keep(
            PrefixRule(prefix: "99890", decision: .block, addedAt: harness.clock.timestamp, addedBy: "desk")
        )
        try await harness.verifier.learn()
        try await harness.run { caller in
            let refused = try await start(caller, "998907654321")
            #expect(refused.json["limit"] == "prefix")
        }
    }

    @Test func `phones are put onto the list and taken off it, masked`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let visitor = try await PageVisitor(caller)
            let added = try await visitor.act(
                "/suppressions",
                [
                    ("action", "add"), ("phones", "907654321\n93 111 22 33, bulk, left the club"), ("scope", "all"),
                    ("reason", "asked <b>"),
                ]
            )
            #expect(added.notice == "New: 2. Changed: 0.")
            #expect(added.text.contains("asked &lt;b&gt;") && added.text.contains("left the club"))
            #expect(!added.text.contains("7654321") && !added.text.contains("1112233"))
            let found = try await visitor.get("/suppressions?q=90%20765-43-21")
            let number = try #require(PageVisitor.value(of: "number", in: found.text))
            #expect(!found.text.contains("left the club"))
            let removed = try await visitor.act("/suppressions", [("action", "remove"), ("number", number)])
            #expect(removed.notice == "Taken off the list.")
            #expect(try await harness.store.suppressions(SuppressionSearch()).map(\.phone) == ["998931112233"])
            #expect(try await harness.audited() == ["suppress.remove | phones: 1", "suppress.add | phones: 2, new: 2"])
            let again = try await visitor.act("/suppressions", [("action", "remove"), ("number", number)])
            #expect(again.notice != "Taken off the list.")
        }
    }

    @Test func `lines that cannot be read change nothing`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let visitor = try await PageVisitor(caller)
            let answer = try await visitor.act("/suppressions", [("action", "add"), ("phones", "907654321\n12")])
            #expect(answer.notice == "Nothing was changed: these lines cannot be read: 2.")
            #expect(try await harness.store.suppressionCount() == 0)
        }
    }

    @Test func `whoever may only read sees no forms`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let visitor = try await PageVisitor(caller, key: GatewayHarness.readKey)
            for path in ["/codes", "/suppressions"] {
                let page = try await visitor.get(path)
                #expect(page.status == 200 && !page.text.contains(#"id="prefix-block""#))
                #expect(!page.text.contains(#"id="suppress""#))
            }
            let act = try await visitor.post("/codes/prefix", [("prefix", "99890"), ("decision", "block")])
            #expect(act.status == 403)
            #expect(try await harness.store.prefixRules().isEmpty)
        }
    }
}
