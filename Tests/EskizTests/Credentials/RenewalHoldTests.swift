import Eskiz
import Testing

/// How long renewals wait after a failure, and what ends the wait.
struct RenewalHoldTests {
    private func warm(key: String? = "right") throws -> (bench: RenewalBench, stamp: RenewalMachine.Stamp) {
        var bench = RenewalBench()
        bench.store.record = TokenRecord(
            generation: 1,
            token: bench.server.issue(at: bench.serverSeconds),
            receivedWall: bench.now.wall,
            origin: RenewalBench.origin,
            account: "account"
        )
        bench.launch(key: key)
        let id = bench.request(0)
        bench.run()
        return (bench, try #require(bench.use(id)).stamp)
    }

    private static func later(_ wait: Duration) -> RenewalMachine.FlightEvent {
        .answered(
            .failed(
                EskizError(
                    .rateLimited,
                    "Too many.",
                    remedy: "Wait.",
                    httpStatus: 429,
                    retryAfter: wait,
                    mayRepeat: true
                ),
                isAmbiguous: false
            )
        )
    }

    /// A token that is dead, and a login that Eskiz answers with “later”.
    private func held(for wait: Duration) throws -> (bench: RenewalBench, stamp: RenewalMachine.Stamp) {
        var (bench, stamp) = try warm()
        bench.server.alive = [:]
        bench.server.mood = .refusesRefresh
        bench.send(.keepFresh(true), to: 0)
        let id = bench.rejected(stamp, 0)
        try bench.run(0, to: "login")
        bench.answer(Self.later(wait), to: 0)
        bench.run()
        let error = try #require(bench.failure(id))
        #expect(error.code == .rateLimited)
        bench.server.mood = .healthy
        return (bench, stamp)
    }

    @Test(arguments: [86_400, 999_999_999, 901])
    func `C6 however long Eskiz asks to wait with the login, a quarter of an hour is enough`(seconds: Int64) throws {
        var (bench, _) = try held(for: .seconds(seconds))
        let hold = try #require(bench.processes[0].machine.hold(at: bench.clock(0)))
        #expect(hold.left <= .seconds(900) && hold.left > .seconds(890) && hold.code == .rateLimited)
        let during = bench.request(0)
        bench.run()
        #expect(try #require(bench.failure(during)?.retryAfter) <= .seconds(900))
        #expect(bench.server.logins == 0)
        bench.live(0, for: .seconds(901))
        #expect(bench.server.logins == 1)
        let isUsable = bench.useToken(0)
        #expect(isUsable && bench.processes[0].machine.hold(at: bench.clock(0)) == nil)
    }

    @Test func `C6 whoever was waiting is not told a day either`() throws {
        var (bench, stamp) = try warm()
        bench.server.alive = [:]
        let id = bench.rejected(stamp, 0)
        try bench.run(0, to: "refresh")
        bench.server.mood = .refusesRefresh
        try bench.run(0, to: "login")
        bench.answer(Self.later(.seconds(86_400)), to: 0)
        bench.run()
        #expect(bench.failure(id)?.retryAfter == .seconds(900))
    }

    @Test func `C6 an early renewal that is put off is tried again after a quarter of an hour`() throws {
        var (bench, _) = try warm()
        bench.send(.keepFresh(true), to: 0)
        bench.advance(.seconds(22 * 86_400))
        bench.send(.tick, to: 0)
        try bench.run(0, to: "refresh")
        bench.answer(Self.later(.seconds(86_400)), to: 0)
        bench.run()
        #expect(bench.server.calls == 0 && bench.processes[0].machine.hold(at: bench.clock(0))?.code == .rateLimited)
        bench.live(0, for: .seconds(901))
        #expect(bench.server.calls == 1)
    }

    @Test(arguments: [false, true])
    func `C8 who asks by hand is served in spite of a pause, and that ends it for all`(byLogin: Bool) throws {
        var (bench, _) = try held(for: .seconds(86_400))
        if !byLogin { bench.server.refreshesDead = true }
        let id = bench.renew(0, byLogin: byLogin)
        bench.run()
        #expect(bench.use(id) != nil && bench.processes[0].machine.hold(at: bench.clock(0)) == nil)
        let next = bench.request(0)
        #expect(bench.use(next) != nil)
    }

    @Test func `C8 who asks by hand is served although the same e-mail and key were refused before`() throws {
        var (bench, stamp) = try warm(key: "wrong")
        bench.server.alive = [:]
        _ = bench.rejected(stamp, 0)
        bench.run()
        #expect(bench.server.logins == 1)
        bench.server.rightKey = "wrong"
        let id = bench.renew(0)
        bench.run()
        #expect(bench.use(id) != nil && bench.server.logins == 2 && bench.store.record?.refusal == nil)
    }

    @Test func `C8 a schedule is no person: it leaves refused credentials alone`() throws {
        var (bench, stamp) = try warm(key: "wrong")
        bench.server.alive = [:]
        _ = bench.rejected(stamp, 0)
        bench.run()
        bench.send(.renewIfDue(99, deadline: bench.soon), to: 0)
        bench.run()
        #expect(bench.failure(99)?.code == .credentialsRefused && bench.server.logins == 1)
    }

    @Test func `C8 A11 who asks by hand waits for the budget and is served then`() throws {
        var (bench, _) = try warm()
        for _ in 0..<RenewalPolicy.default.budget {
            _ = bench.renew(0)
            bench.run()
        }
        let calls = bench.server.calls
        let id = bench.renew(0, byLogin: true)
        bench.run()
        #expect(bench.answers(id).isEmpty && bench.server.calls == calls)
        bench.live(0, for: RenewalPolicy.default.budgetInterval * 2)
        #expect(bench.use(id) != nil && bench.server.calls == calls + 1 && bench.server.logins == 1)
    }

    @Test func `C9 a renewal by another process ends the pause of this one`() throws {
        var (bench, _) = try held(for: .seconds(86_400))
        let other = bench.launch()
        let id = bench.renew(other, byLogin: true)
        bench.run()
        let token = try #require(bench.use(id, other)).token
        let calls = bench.server.calls
        // Nobody sends anything here: the keeper looks by itself.
        bench.live(0, for: .seconds(3))
        #expect(bench.processes[0].machine.held?.token == token)
        #expect(bench.processes[0].machine.hold(at: bench.clock(0)) == nil && bench.server.calls == calls)
        let next = bench.request(0)
        #expect(bench.use(next)?.token == token)
    }

    @Test func `C9 a send during a pause looks whether another process has renewed`() throws {
        var (bench, stamp) = try warm()
        bench.server.alive = [:]
        bench.server.mood = .down
        _ = bench.rejected(stamp, 0)
        bench.run()
        bench.server.mood = .healthy
        let other = bench.launch()
        _ = bench.renew(other, byLogin: true)
        bench.run()
        let calls = bench.server.calls
        let id = bench.request(0)
        bench.run()
        #expect(bench.use(id)?.stamp.generation == stamp.generation + 1 && bench.server.calls == calls)
    }

    @Test func `C9 a first token that another process stored is found without any traffic`() throws {
        var bench = RenewalBench()
        bench.launch(key: nil)
        bench.send(.keepFresh(true), to: 0)
        bench.run()
        #expect(bench.processes[0].machine.held == nil)
        bench.live(0, for: .seconds(60))
        let seed = bench.server.issue(at: bench.serverSeconds)
        let other = bench.launch(key: nil, seed: seed)
        _ = bench.renew(other)
        bench.run()
        // Whose token it is nobody can say without an e-mail, unless both have the same ESKIZ_TOKEN.
        bench.processes[0].login = RenewalMachine.LoginFacts(credentials: "right", account: "account")
        bench.store.record?.account = "account"
        bench.live(0, for: .seconds(3))
        #expect(bench.processes[0].machine.held?.generation == bench.store.record?.generation)
    }

    @Test func `what is waited for can be read from the store, and is gone with the next token`() throws {
        var (bench, _) = try held(for: .seconds(86_400))
        let record = try #require(bench.store.record)
        let hold = try #require(record.hold(login: nil, policy: .default, at: bench.now.wall))
        #expect(hold == RenewalHold(until: bench.now.wall + 900 * .nanosecondsPerSecond, code: "rate_limited"))
        #expect(record.token != nil && record.generation == 1)
        // After its end, and after a clock was set back, it says nothing.
        for offset in [901, -86_400] as [Int64] {
            let wall = bench.now.wall + offset * .nanosecondsPerSecond
            #expect(record.hold(login: nil, policy: .default, at: wall) == nil)
        }
        _ = bench.renew(0, byLogin: true)
        bench.run()
        #expect(bench.store.record?.hold == nil && bench.store.record?.generation == 2)
    }

    @Test func `a refused login is a hold for whoever has the same e-mail and key`() {
        let login = LoginCredentials(email: "demo@example.test", password: Redacted("demo-key"))
        let record = TokenRecord(
            generation: 1,
            token: nil,
            receivedWall: 0,
            origin: RenewalBench.origin,
            refusal: LoginRefusal(credentials: login.digest, count: 2, wall: 1_000)
        )
        let hold = record.hold(login: login, policy: .default, at: 2_000)
        #expect(hold == RenewalHold(until: 1_000 + 3_600 * .nanosecondsPerSecond, code: "credentials_refused"))
        let other = LoginCredentials(email: "demo@example.test", password: Redacted("other-key"))
        #expect(record.hold(login: other, policy: .default, at: 2_000) == nil)
        #expect(record.hold(login: nil, policy: .default, at: 2_000) == nil)
    }
}
