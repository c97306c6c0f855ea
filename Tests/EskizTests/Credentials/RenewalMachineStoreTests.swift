import Eskiz
import EskizTestSupport
import Testing

/// Clocks, processes that share a store, and waiters that leave.
///
/// Names begin with the invariant of token-keeper.md §2.
struct RenewalMachineStoreTests {
    private static let day: Int64 = 86_400 * .nanosecondsPerSecond

    /// Processes that share a stored, live token and have all read it.
    private func shared(_ count: Int) throws -> (bench: RenewalBench, stamps: [RenewalMachine.Stamp]) {
        var bench = RenewalBench()
        bench.store.record = TokenRecord(
            generation: 4,
            token: bench.server.issue(at: bench.serverSeconds),
            receivedWall: bench.now.wall,
            origin: RenewalBench.origin,
            account: "account"
        )
        var stamps: [RenewalMachine.Stamp] = []
        for _ in 0..<count {
            let process = bench.launch()
            let id = bench.request(process)
            bench.run()
            stamps.append(try #require(bench.use(id, process)).stamp)
        }
        return (bench, stamps)
    }

    // MARK: E

    @Test(arguments: [-400, -30, -1, 0, 1, 30, 400])
    func `E1 T21 a clock that is wrong by days causes no storm and keeps no dead token`(days: Int64) {
        var bench = RenewalBench()
        bench.launch(wallError: days * Self.day)
        bench.send(.keepFresh(true), to: 0)
        bench.run()
        for _ in 0..<(24 * 90) {
            bench.advance(.seconds(3_600))
            bench.send(.tick, to: 0)
            bench.run()
            let id = bench.request(0)
            let given = bench.use(id)
            #expect(given.map { bench.server.accepts($0.token, at: bench.serverSeconds) } ?? false)
        }
        // Ninety days at 18 to 21 days each.
        #expect((4...5).contains(bench.server.refreshes) && bench.server.logins == 1)
    }

    @Test(arguments: [-400, -30, 30, 400])
    func `E2 a jump of the wall clock costs no call, and the token's end is still noticed`(days: Int64) throws {
        var (bench, stamps) = try shared(1)
        bench.processes[0].wallError = days * Self.day
        let id = bench.request(0)
        bench.run()
        #expect(bench.use(id)?.stamp == stamps[0] && bench.server.calls == 0)
        bench.advance(.seconds(31 * 86_400))
        let later = bench.request(0)
        #expect(bench.answers(later).isEmpty)
        bench.run()
        #expect(bench.use(later)?.stamp.generation == 5 && bench.server.logins == 1)
    }

    @Test func `E4 one host draws once for one token, and hosts differ`() throws {
        let (bench, _) = try shared(20)
        let early = bench.processes.map { $0.machine.held?.earlyAt }
        #expect(Set(early).count > 15)
        var (again, _) = try shared(1)
        let process = again.launch()
        _ = process
        #expect(again.processes[0].machine.held?.earlyAt == early[0])
    }

    // MARK: F

    @Test(arguments: [2, 5, 20])
    func `F1 F2 who gets the lock later adopts what was published`(count: Int) throws {
        var (bench, stamps) = try shared(count)
        bench.server.alive = [:]
        let ids = (0..<count).map { bench.rejected(stamps[$0], $0) }
        bench.run()
        #expect(bench.server.refreshes == 1 && bench.server.logins == 1)
        let tokens = Set((0..<count).map { bench.use(ids[$0], $0)?.token.fingerprint })
        #expect(tokens == [bench.store.record?.token?.fingerprint])
        #expect(bench.store.record?.generation == 5 && bench.store.publications == 1)
    }

    @Test func `F2 the call is made under the lock, after reading again`() throws {
        var (bench, stamps) = try shared(1)
        _ = bench.rejected(stamps[0], 0)
        try bench.run(0, to: "refresh")
        #expect(bench.store.lockedBy == 0)
        try bench.run(0, to: "publish")
        #expect(bench.store.lockedBy == 0)
        bench.run()
        #expect(bench.store.lockedBy == nil)
        #expect(bench.processes[0].steps.suffix(5) == ["read", "lock", "read", "refresh", "publish"])
    }

    @Test func `F3 T14 a leader that wakes up too late takes the newer token`() throws {
        var (bench, stamps) = try shared(2)
        let late = bench.rejected(stamps[0], 0)
        try bench.run(0, to: "publish")
        bench.store.lockedBy = nil
        let winner = bench.rejected(stamps[1], 1)
        while bench.step(1) {}
        let published = try #require(bench.use(winner, 1)).token
        bench.run()
        #expect(bench.use(late)?.token == published && bench.store.record?.token == published)
    }

    @Test(arguments: [nil, 2 as UInt64])
    func `G5 T14 a store that was put back or emptied does not cost the new token`(generation: UInt64?) throws {
        var (bench, stamps) = try shared(1)
        let id = bench.rejected(stamps[0], 0)
        try bench.run(0, to: "publish")
        let old = bench.server.mint.token(500, issuedAt: 1, expiresAt: bench.serverSeconds + 9)
        bench.store.record = generation.map {
            TokenRecord(generation: $0, token: old, receivedWall: 1, origin: RenewalBench.origin, account: "account")
        }
        bench.run()
        let given = try #require(bench.use(id))
        #expect(bench.server.accepts(given.token, at: bench.serverSeconds) && given.stamp.generation == 5)
        // And it is stored as soon as saving is tried again.
        bench.advance(.seconds(601))
        bench.send(.tick, to: 0)
        bench.run()
        #expect(bench.store.record?.token == given.token && bench.store.record?.generation == 5)
    }

    @Test func `F4 T13 a loser leaves the stored token alone`() throws {
        var (bench, stamps) = try shared(2)
        bench.server.mood = .refusesAll
        _ = bench.rejected(stamps[0], 0)
        bench.run()
        #expect(bench.store.record?.token?.fingerprint == stamps[0].fingerprint && bench.store.record?.generation == 4)
        #expect(bench.store.record?.refusal?.count == 1)
    }

    @Test func `F6 T15 G2 without a store the process goes on alone and stores the token later`() throws {
        var (bench, stamps) = try shared(1)
        bench.store.isReachable = false
        bench.server.alive = [:]
        let id = bench.rejected(stamps[0], 0)
        bench.run()
        let given = try #require(bench.use(id))
        #expect(given.stamp.generation == 5 && bench.store.record?.generation == 4)
        #expect(bench.processes[0].machine.isStoreDegraded)
        for _ in 0..<60 {
            bench.advance(.seconds(60))
            bench.send(.tick, to: 0)
            bench.run()
            let wake = try #require(bench.processes[0].machine.wakeAt(at: bench.clock(0)))
            #expect(wake > bench.now.elapsed, "wants to be woken at once again (T7)")
        }
        let calls = bench.server.calls
        bench.store.isReachable = true
        bench.advance(.seconds(601))
        bench.send(.tick, to: 0)
        bench.run()
        #expect(bench.store.record?.token == given.token && bench.store.record?.generation == 5)
        #expect(bench.server.calls == calls && !bench.processes[0].machine.isStoreDegraded)
    }

    @Test func `G2 a token that cannot be published serves from memory and is published later`() throws {
        var (bench, stamps) = try shared(1)
        let id = bench.rejected(stamps[0], 0)
        try bench.run(0, to: "publish")
        #expect(bench.answers(id).isEmpty)
        bench.store.isReachable = false
        bench.run()
        let given = try #require(bench.use(id))
        bench.store.isReachable = true
        bench.advance(.seconds(601))
        bench.send(.tick, to: 0)
        bench.run()
        #expect(bench.store.record?.token == given.token)
    }

    @Test func `G4 a thousand restarts with a stored token make no call`() throws {
        var (bench, stamps) = try shared(1)
        for _ in 0..<1_000 {
            bench.processes = []
            bench.launch()
            let id = bench.request(0)
            bench.run()
            #expect(bench.use(id)?.stamp.fingerprint == stamps[0].fingerprint)
        }
        #expect(bench.server.calls == 0)
    }

    @Test func `F7 who was not told of a renewal adopts it after a 401 without a call`() throws {
        var (bench, stamps) = try shared(2)
        bench.server.refreshKills = true
        _ = bench.renew(0)
        bench.run()
        let calls = bench.server.calls
        let id = bench.rejected(stamps[1], 1)
        bench.run()
        #expect(bench.server.calls == calls && bench.use(id, 1)?.token == bench.store.record?.token)
    }

    // MARK: The token from the environment

    @Test func `a seed is used without a call, and its successor wins after a restart`() throws {
        var bench = RenewalBench()
        let seed = bench.server.issue(at: bench.serverSeconds)
        bench.launch(seed: seed)
        let id = bench.request(0)
        bench.run()
        let given = try #require(bench.use(id))
        #expect(given.token == seed && bench.server.calls == 0)
        bench.server.alive = [:]
        _ = bench.rejected(given.stamp, 0)
        bench.run()
        let successor = try #require(bench.store.record?.token)
        bench.processes = []
        bench.launch(seed: seed)
        let again = bench.request(0)
        bench.run()
        #expect(bench.use(again)?.token == successor)
    }

    @Test func `a different seed wins over the stored token`() throws {
        var (bench, _) = try shared(1)
        let seed = bench.server.issue(at: bench.serverSeconds + 1)
        let process = bench.launch(seed: seed)
        let id = bench.request(process)
        bench.run()
        #expect(bench.use(id, process)?.token == seed && bench.use(id, process)?.stamp.generation == 5)
    }

    @Test func `a different seed that is dead by its own word does not win`() throws {
        var (bench, stamps) = try shared(1)
        let dead = bench.server.mint.token(900, issuedAt: 1_000, expiresAt: 2_000)
        let process = bench.launch(seed: dead)
        let id = bench.request(process)
        bench.run()
        #expect(bench.use(id, process)?.stamp.fingerprint == stamps[0].fingerprint && bench.server.calls == 0)
    }

    // MARK: H

    @Test func `H1 H2 T2 waiters leave without harm to the others, and are not answered`() throws {
        var (bench, stamps) = try shared(1)
        var random = SplitMix64(seed: 9)
        let ids = (0..<1_000).map { _ in bench.rejected(stamps[0], 0) }
        let leaving = Set(ids.filter { _ in Bool.random(using: &random) })
        for id in leaving { bench.send(.cancelled(id), to: 0) }
        bench.run()
        for id in ids {
            let count = bench.answers(id).count
            #expect(count == (leaving.contains(id) ? 0 : 1))
        }
        #expect(bench.server.calls == 1)
    }

    @Test func `H1 a flight goes on when everybody has left`() throws {
        var (bench, stamps) = try shared(1)
        let id = bench.rejected(stamps[0], 0)
        bench.send(.cancelled(id), to: 0)
        bench.run()
        #expect(bench.store.record?.generation == 5)
    }

    @Test func `H4 a deadline ends the wait and leaves the flight alone`() throws {
        var (bench, _) = try shared(1)
        bench.advance(.seconds(31 * 86_400))
        let short = bench.request(0, deadline: bench.now.elapsed + 2 * .nanosecondsPerSecond)
        let long = bench.request(0)
        try bench.run(0, to: "publish")
        #expect(bench.processes[0].machine.wakeAt(at: bench.clock(0)) == bench.now.elapsed + 2 * .nanosecondsPerSecond)
        bench.advance(.seconds(2))
        bench.send(.tick, to: 0)
        #expect(bench.failure(short)?.code == .renewalFailed && bench.answers(long).isEmpty)
        bench.run()
        #expect(bench.use(long) != nil && bench.answers(short).count == 1)
    }

    @Test func `H5 shutdown ends all waits, starts nothing, and lets a running flight publish`() throws {
        var (bench, stamps) = try shared(1)
        let id = bench.rejected(stamps[0], 0)
        try bench.run(0, to: "publish")
        bench.send(.shutdown, to: 0)
        #expect(bench.failure(id)?.code == .shutDown)
        bench.run()
        #expect(bench.store.record?.generation == 5 && bench.store.lockedBy == nil)
        let after = bench.request(0)
        _ = bench.renew(0)
        bench.send(.tick, to: 0)
        #expect(bench.failure(after)?.code == .shutDown)
        #expect(bench.processes[0].pending == nil && bench.answers(id).count == 1)
    }
}
