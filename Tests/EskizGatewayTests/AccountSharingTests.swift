import Eskiz
import EskizQueue
import EskizTestSupport
import EskizTesting
import Synchronization
import Testing

@testable import EskizGateway

/// Balance and prices are asked for once, however many gateways share a store.
@Suite struct AccountSharingTests {
    /// The row that they share.
    private final class Row: SharedAnswers {
        struct State {
            var document: [UInt8]?
            var age: Duration = .zero
            var isAsked = false
            var isAway = false
        }

        let state: Mutex<State>

        init(_ state: State = State()) { self.state = Mutex(state) }

        func sharedAnswer(to _: String, freshness: Duration, patience _: Duration) throws(StoreError) -> SharedAnswer {
            let answer: SharedAnswer? = state.withLock { state in
                guard !state.isAway else { return nil }
                let isOurs = !state.isAsked && (state.document == nil || state.age >= freshness)
                if isOurs { state.isAsked = true }
                return SharedAnswer(document: state.document, age: state.age, isOurTurn: isOurs)
            }
            guard let answer else { throw StoreError(.unavailable, "It is away.", remedy: "") }
            return answer
        }

        func share(_ document: [UInt8]?, as _: String) {
            state.withLock { state in
                state.isAsked = false
                guard let document else { return }
                (state.document, state.age) = (document, .zero)
            }
        }
    }

    private static func caches(
        _ row: Row,
        _ adjust: (GatewayHarness) -> Void = { _ in }
    ) async throws -> (GatewayHarness, one: AccountCache, other: AccountCache) {
        let harness = try await GatewayHarness()
        adjust(harness)
        OperationTests.answerAccount(harness.transport)
        let (client, clock) = (harness.client, harness.clock)
        return (
            harness, AccountCache(client: client, clock: clock, fleet: row),
            AccountCache(client: client, clock: clock, fleet: row)
        )
    }

    @Test func `what one gateway was answered the other one need not ask for`() async throws {
        let row = Row()
        let (harness, one, other) = try await Self.caches(row)
        let first = try await one.overview()
        row.state.withLock { $0.age = .seconds(20) }
        let second = try await other.overview()
        #expect(harness.transport.requests("user/get-limit").count == 1)
        #expect(second.document == first.document && other.prices() == first.prices)
        #expect(second.asOf == first.asOf - .seconds(20), "as old as it is, whoever has asked")
    }

    @Test func `who comes while another one asks waits for its answer`() async throws {
        let gate = Gate()
        let (harness, one, other) = try await Self.caches(Row()) { harness in
            let answer = ScriptedTransport.Step.respond(200, #"{"data":{"balance":125000.5}}"#).held(by: gate)
            harness.transport.on("GET", "user/get-limit", answer)
        }
        async let first = one.overview()
        await gate.arrival()
        async let second = other.overview()
        await harness.clock.sleeper(within: .seconds(1))
        gate.open()
        let asked = try await first
        harness.clock.advance(by: .seconds(1))
        #expect(try await second.document == asked.document)
        #expect(harness.transport.requests("user/get-limit").count == 1)
    }

    @Test func `who was not answered leaves the turn to the next`() async throws {
        let (harness, one, other) = try await Self.caches(Row()) { harness in
            harness.transport.on("GET", "auth/user", .fail(.connectionFailed, progress: .notSent))
        }
        await #expect(throws: (any Error).self) { try await one.overview() }
        _ = try await other.overview()
        #expect(harness.transport.requests("auth/user").count == 2)
    }

    @Test(arguments: [false, true])
    func `a store that is away, or knows more than this version, keeps nobody from asking`(isAway: Bool) async throws {
        var state = Row.State()
        if isAway { state.isAway = true } else { state.document = Array(#"{"of a later version":true}"#.utf8) }
        let (harness, one, _) = try await Self.caches(Row(state))
        _ = try await one.overview()
        #expect(harness.transport.requests("user/get-limit").count == 1)
    }

    @Test func `what gateways tell each other names neither e-mail nor number of the account`() async throws {
        let (_, one, _) = try await Self.caches(Row())
        let text = String(decoding: try await one.overview().document, as: UTF8.self)
        #expect(text.contains("Demo") && !text.contains("demo@example.test") && text.contains(#""id":null"#))
    }
}
