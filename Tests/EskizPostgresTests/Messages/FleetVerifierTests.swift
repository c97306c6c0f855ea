import Eskiz
import EskizPostgres
import EskizQueue
import EskizTesting
import EskizVerify
import Testing

/// Two gateways that make and check codes on one database: what one of them hears, the other knows a moment later.
struct FleetVerifierTests {
    private struct Bench {
        let clock = ManualClock()
        let verifiers: [Verifier]
        let stores: [PostgresMessageStore]

        init() async throws {
            let database = try await StoreDatabase.make()
            var (verifiers, stores) = ([Verifier](), [PostgresMessageStore]())
            var configuration = VerifyConfiguration(
                templates: try CodeTemplates(only: "Kodingiz: {code}"),
                sender: "4546"
            )
            configuration.guardMode = .enforce
            configuration.limits.block = 1_000
            for owner in ["a", "b"] {
                let store = try await database.store(owner)
                let queue = MessageQueue(store: store, configuration: QueueConfiguration(owner: owner), clock: clock)
                let keys = try await Verifier.keys(configured: nil, store: store)
                stores.append(store)
                verifiers.append(Verifier(configuration: configuration, queue: queue, store: store, keys: keys))
            }
            (self.verifiers, self.stores) = (verifiers, stores)
            for verifier in verifiers { try await verifier.learn() }
        }

        func start(_ place: Int, _ phone: String) async throws -> Started {
            try await verifiers[place].start(VerificationRequest(phone: phone, apiKeyID: "k_1"))
        }

        /// The code in the SMS is entered at a gateway.
        func enter(_ place: Int, _ started: Started) async throws -> Bool {
            let id = try #require(started.verification.messageID)
            let text = try #require(try await stores[place].message(id)?.text)
            let code = String(text.filter(\.isNumber))
            return try await verifiers[place].check(started.verification.id, code) { _ in true }.isValid
        }

        func hear() async throws {
            clock.advance(by: .seconds(3))
            for verifier in verifiers { try await verifier.hear() }
        }

        func close() async {
            for store in stores { await store.close() }
        }
    }

    @Test func `what is decided about a prefix at one gateway holds at the other`() async throws {
        let bench = try await Bench()
        let rule = PrefixRule(prefix: "99890", decision: .block, addedAt: bench.clock.timestamp, addedBy: "desk")
        try await bench.verifiers[0].decide(rule)
        try await bench.hear()
        await #expect(throws: VerifyError.refused(.blockedPrefix)) { try await bench.start(1, "998901234567") }
        #expect(try await bench.verifiers[1].undecide("99890"))
        try await bench.hear()
        #expect(try await bench.start(0, "998901234567").isNew)
        await bench.close()
    }

    @Test func `codes that are sent at one gateway and entered at the other count as entered`() async throws {
        let bench = try await Bench()
        for number in 0..<40 {
            let started = try await bench.start(0, "99890123\(1_000 + number)")
            #expect(try await bench.enter(1, started))
        }
        for _ in 0..<8 { try await bench.hear() }
        #expect(try await bench.start(0, "998901239999").isNew)
        #expect(bench.verifiers.allSatisfy { $0.closedGroups.isEmpty })
        await bench.close()
    }

    @Test func `codes that nobody enters close a group at every gateway`() async throws {
        let bench = try await Bench()
        for number in 0..<40 { _ = try await bench.start(number % 2, "99890123\(1_000 + number)") }
        for _ in 0..<8 { try await bench.hear() }
        for place in [0, 1] {
            let error = await #expect(throws: VerifyError.self) { try await bench.start(place, "998901239999") }
            guard case .refused(let refusal) = error else { continue }
            #expect(refusal.rule == .conversion)
            // Counted once, however many gateways hear of it.
            #expect(refusal.detail.contains("Of 40 codes"))
        }
        // A phone that entered its code at the other gateway is let through.
        bench.clock.advance(by: .seconds(61))
        let trickle = try await bench.start(0, "998901230001")
        #expect(try await bench.enter(1, trickle))
        for _ in 0..<2 { try await bench.hear() }
        bench.clock.advance(by: .seconds(31))
        #expect(try await bench.start(0, "998901230001").isNew)
        await bench.close()
    }
}
