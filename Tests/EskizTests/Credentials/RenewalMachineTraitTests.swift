import Eskiz
import Testing

/// What the machine writes down about Eskiz.
///
/// That none of it decides anything is for `ServerModeTests` to show: they pass with and without a memory.
struct RenewalMachineTraitTests {
    /// A process that holds a token it logged in for a day ago, and the stamp of a request that it signed.
    private func dayOld() throws -> (bench: RenewalBench, stamp: RenewalMachine.Stamp) {
        var bench = RenewalBench()
        bench.launch()
        let first = bench.request(0)
        bench.run()
        bench.advance(.seconds(86_400))
        let given = try #require(bench.use(first))
        _ = bench.news(of: 0)
        return (bench, given.stamp)
    }

    private func seen(_ bench: RenewalBench, by process: Int = 0) -> Set<ServerTrait> {
        Set(bench.processes[process].machine.traits.lastSeen.keys)
    }

    @Test(arguments: [(false, ServerTrait.oldTokenDiesAtRefresh), (true, .oldTokenDiesAtLogin)])
    func `L4 a late 401 of a token that had not ended tells what killed it`(byLogin: Bool, expected: ServerTrait) throws
    {
        var (bench, stamp) = try dayOld()
        (bench.server.refreshKills, bench.server.loginKills) = (true, true)
        _ = bench.renew(0, byLogin: byLogin)
        bench.run()
        #expect(seen(bench).isEmpty)
        let late = bench.rejected(stamp, 0)
        bench.run()
        #expect(seen(bench) == [expected])
        #expect(bench.use(late).map { bench.server.accepts($0.token, at: bench.serverSeconds) } == true)
    }

    @Test func `L4 a late 401 of a token that has ended meanwhile tells nothing`() throws {
        var (bench, stamp) = try dayOld()
        _ = bench.renew(0)
        bench.run()
        bench.advance(.seconds(29 * 86_400))
        _ = bench.rejected(stamp, 0)
        bench.run()
        #expect(seen(bench).isEmpty)
    }

    @Test func `L4 a late 401 of a token that was rejected before tells nothing new`() throws {
        var (bench, stamp) = try dayOld()
        bench.server.alive = [:]
        bench.server.refreshesDead = true
        _ = bench.rejected(stamp, 0)
        bench.run()
        _ = bench.rejected(stamp, 0)
        bench.run()
        #expect(seen(bench) == [.tokenDiesEarly])
    }

    @Test(arguments: [(true, ServerTrait.expiredTokenIsRenewed), (false, .expiredTokenIsRefused)])
    func `L4 whether a token past its end is exchanged is seen when it happens`(
        refreshesDead: Bool,
        expected: ServerTrait
    ) throws {
        var (bench, _) = try dayOld()
        bench.server.refreshesDead = refreshesDead
        bench.advance(.seconds(30 * 86_400))
        let isUsable = bench.useToken(0)
        #expect(isUsable)
        #expect(seen(bench) == [expected])
    }

    @Test(arguments: [ModelServer.Mood.refusesRefresh, .down])
    func `L4 a live token that is not exchanged tells nothing`(mood: ModelServer.Mood) throws {
        var (bench, _) = try dayOld()
        bench.server.mood = mood
        _ = bench.renew(0)
        bench.run()
        #expect(seen(bench).isEmpty)
    }

    @Test func `L4 a refresh that answers the same token is noticed`() throws {
        var (bench, _) = try dayOld()
        bench.server.mood = .sameToken
        _ = bench.renew(0)
        bench.run()
        #expect(seen(bench) == [.refreshAnswersSameToken])
    }

    @Test(arguments: [false, true])
    func `L4 a token that is rejected right after it was issued tells nothing: it may not be known everywhere`(
        hasRetriedYoung: Bool
    ) throws {
        var (bench, _) = try dayOld()
        let renewal = bench.renew(0)
        bench.run()
        let given = try #require(bench.use(renewal))
        _ = bench.rejected(given.stamp, 0, hasRetriedYoung: hasRetriedYoung)
        bench.run()
        #expect(seen(bench).isEmpty)
    }

    @Test func `L4 what is seen is said once, stored with the next token, and known to whoever reads the store`() throws
    {
        var (bench, stamp) = try dayOld()
        bench.server.refreshKills = true
        _ = bench.renew(0)
        bench.run()
        _ = bench.rejected(stamp, 0)
        _ = bench.rejected(stamp, 0)
        bench.run()
        #expect(bench.news(of: 0).filter { $0 == "traitSeen" } == ["traitSeen"])
        #expect(bench.store.record?.traits == ServerTraits())
        _ = bench.renew(0)
        bench.run()
        let wall = bench.clock(0).wall
        #expect(bench.store.record?.traits == ServerTraits(lastSeen: [.oldTokenDiesAtRefresh: wall]))
        let other = bench.launch()
        _ = bench.request(other)
        bench.run()
        #expect(seen(bench, by: other) == [.oldTokenDiesAtRefresh])
        #expect(!bench.news(of: other).contains("traitSeen"))
    }

    @Test func `L4 a refused login does not forget what was seen`() throws {
        var (bench, _) = try dayOld()
        bench.server.rightKey = "another"
        bench.advance(.seconds(30 * 86_400))
        let isUsable = bench.useToken(0)
        #expect(!isUsable)
        #expect(bench.store.record?.refusal != nil)
        #expect(bench.store.record.map { Set($0.traits.lastSeen.keys) } == [.expiredTokenIsRefused])
    }

    @Test func `L4 what was seen of another address is not taken over`() throws {
        var bench = RenewalBench()
        bench.store.record = TokenRecord(
            generation: 3,
            token: nil,
            receivedWall: 0,
            origin: "https://other.example.test/api",
            traits: ServerTraits(lastSeen: [.refreshAnswersSameToken: 1])
        )
        bench.launch()
        _ = bench.request(0)
        bench.run()
        #expect(seen(bench).isEmpty)
    }
}
