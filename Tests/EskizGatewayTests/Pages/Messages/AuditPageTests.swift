import EskizQueue
import EskizQueueTesting
import Testing

@testable import EskizGateway

@Suite struct AuditPageTests {
    @Test func `lines are newest first, in pages, and those of one message by themselves`() async throws {
        let harness = try await GatewayHarness()
        let message = try await harness.accept()[0]
        let identity = APIKeyIdentity(id: "k_1", name: "<desk>", scopes: [.admin])
        let audit = Audit(store: harness.store, clock: harness.clock)
        for index in 0..<60 { try await audit.write(identity, .renewToken, detail: "line-\(index)") }
        try await audit.write(identity, .cancel, message: message.id)
        try await harness.run { caller in
            let visitor = try await PageVisitor(caller, key: GatewayHarness.readKey)
            let first = try await visitor.get("/audit")
            #expect(first.status == 200)
            #expect(first.text.contains("&lt;desk&gt;"))
            #expect(first.text.contains("cancelled a message"))
            #expect(first.text.contains("renewed the token"))
            #expect(first.text.contains("line-59") && first.text.contains("line-11"))
            #expect(!first.text.contains("line-10<"))
            let before = try #require(
                first.text.firstRange(of: "/audit?before=").map { range in
                    String(first.text[range.upperBound...].prefix { $0 != "\"" })
                }
            )
            let second = try await visitor.get("/audit?before=\(before)")
            #expect(second.text.contains("line-10<") && second.text.contains("line-0<"))
            #expect(!second.text.contains("line-11<"))
            let own = try await visitor.get("/audit?message=\(message.id)")
            #expect(own.text.contains("cancelled a message") && !own.text.contains("renewed the token"))
        }
    }

    @Test func `an action that this version does not know keeps its own word`() async throws {
        let harness = try await GatewayHarness()
        let line = AuditLine(at: harness.clock.timestamp, keyID: "k", keyName: "desk", action: "future.thing")
        try await harness.store.audit(line)
        try await harness.run { caller in
            let visitor = try await PageVisitor(caller)
            #expect(try await visitor.get("/audit").text.contains("future.thing"))
        }
    }
}
