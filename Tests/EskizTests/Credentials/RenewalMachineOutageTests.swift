import Eskiz
import Testing

/// What survives when login, refresh or the store fail.
///
/// Names begin with the invariant of token-keeper.md §2.
struct RenewalMachineOutageTests {
    private func warm(
        key: String? = "right"
    ) throws -> (bench: RenewalBench, stamp: RenewalMachine.Stamp) {
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

    // MARK: C

    @Test(arguments: [
        ModelServer.Mood.down, .refusesAll, .blocked, .sameToken, .stillborn, .strangeSubject,
    ])
    func `C1 C3 no failure of the renewal fails a send while the token lives`(mood: ModelServer.Mood) throws {
        var (bench, stamp) = try warm()
        if mood == .strangeSubject || mood == .sameToken { bench.processes[0].login = nil }
        bench.send(.keepFresh(true), to: 0)
        bench.server.mood = mood
        for _ in 0..<(29 * 24) {
            bench.advance(.seconds(3_600))
            bench.send(.tick, to: 0)
            bench.run()
            let id = bench.request(0)
            #expect(bench.use(id)?.stamp.fingerprint == stamp.fingerprint)
            bench.run()
        }
        #expect(bench.server.calls > 0)
        #expect(bench.store.record?.token?.fingerprint == stamp.fingerprint)
    }

    @Test(arguments: [ModelServer.Mood.stillborn, .sameToken, .strangeSubject])
    func `C4 a token that is no better is a failure, not a replacement`(mood: ModelServer.Mood) throws {
        var (bench, stamp) = try warm(key: nil)
        bench.server.mood = mood
        let id = bench.renew(0)
        bench.run()
        #expect(bench.failure(id) != nil)
        #expect(bench.processes[0].machine.held?.token.fingerprint == stamp.fingerprint)
        #expect(bench.store.record?.token?.fingerprint == stamp.fingerprint && bench.store.record?.generation == 1)
    }

    @Test func `a token of another make is taken, and renewed when Eskiz answers 401 and not before`() throws {
        var bench = RenewalBench()
        bench.server.mood = .opaque
        bench.launch()
        bench.send(.keepFresh(true), to: 0)
        let first = bench.request(0)
        bench.run()
        let stamp = try #require(bench.use(first)).stamp
        let calls = bench.server.calls
        for _ in 0..<60 {
            bench.advance(.seconds(86_400))
            bench.send(.tick, to: 0)
            bench.run()
            let id = bench.request(0)
            #expect(bench.use(id)?.stamp == stamp)
        }
        #expect(bench.server.calls == calls, "nobody knows its end, so nothing is due")
        let id = bench.rejected(stamp, 0)
        bench.run()
        #expect(bench.use(id)?.stamp.generation == stamp.generation + 1)
        #expect(bench.server.calls > calls)
    }

    @Test func `C4 a refresh that shortens the life is refused`() throws {
        var (bench, stamp) = try warm(key: nil)
        let shorter = bench.server.mint.token(
            99,
            issuedAt: bench.serverSeconds,
            expiresAt: bench.serverSeconds + 86_400
        )
        _ = bench.renew(0)
        try bench.run(0, to: "refresh")
        bench.answer(.answered(.issued(shorter, serverTime: bench.serverSeconds)), to: 0)
        #expect(bench.processes[0].machine.held?.token.fingerprint == stamp.fingerprint)
    }

    @Test func `C5 T18 past its local end the old token is tried while Eskiz's login is away`() throws {
        var (bench, stamp) = try warm()
        bench.server.mood = .down
        bench.advance(.seconds(31 * 86_400))
        let id = bench.request(0)
        bench.run()
        let given = try #require(bench.use(id))
        #expect(given.stamp.fingerprint == stamp.fingerprint)
        // The send meets a 401: now it is known to be dead, and is not handed out again.
        let again = bench.rejected(given.stamp, 0)
        bench.run()
        let next = bench.request(0)
        bench.run()
        #expect(bench.failure(again) != nil && bench.failure(next) != nil)
    }

    @Test func `C7 a failed early renewal does not hold back an urgent one`() throws {
        var (bench, stamp) = try warm()
        bench.server.mood = .down
        bench.advance(.seconds(22 * 86_400))
        for _ in 0..<20 {
            _ = bench.request(0)
            bench.run()
            bench.advance(.seconds(600))
        }
        _ = bench.request(0)
        bench.run()
        bench.server.mood = .healthy
        bench.server.alive = [:]
        let logins = bench.server.logins
        let id = bench.rejected(stamp, 0)
        bench.run()
        #expect(bench.use(id) != nil && bench.server.logins == logins + 1)
    }

    @Test func `T7 failures are spaced out: a day of outage costs few calls`() throws {
        var (bench, _) = try warm()
        bench.send(.keepFresh(true), to: 0)
        bench.advance(.seconds(22 * 86_400))
        bench.server.mood = .down
        for _ in 0..<86_400 {
            let wake = bench.processes[0].machine.wakeAt(at: bench.clock(0)) ?? .max
            if wake <= bench.now.elapsed {
                bench.send(.tick, to: 0)
                bench.run()
                let next = bench.processes[0].machine.wakeAt(at: bench.clock(0)) ?? .max
                #expect(next > bench.now.elapsed, "wants to be woken at once again")
            }
            bench.advance(.seconds(1))
        }
        // Ten minutes at the most, five on average.
        #expect((100...700).contains(bench.server.calls))
    }

    @Test func `T7 an exhausted budget is waited for, not spun on`() throws {
        var (bench, stamp) = try warm()
        bench.send(.keepFresh(true), to: 0)
        for _ in 0..<40 {
            _ = bench.renew(0)
            bench.run()
        }
        _ = stamp
        let held = try #require(bench.processes[0].machine.held)
        _ = bench.rejected(
            RenewalMachine.Stamp(generation: held.generation, fingerprint: held.token.fingerprint, runs: 0),
            0
        )
        let wake = try #require(bench.processes[0].machine.wakeAt(at: bench.clock(0)))
        #expect(wake > bench.now.elapsed && wake <= bench.now.elapsed + 11 * .nanosecondsPerSecond)
        bench.now.elapsed = wake
        bench.send(.tick, to: 0)
        bench.run()
        #expect(bench.processes[0].machine.held?.generation == held.generation + 1)
    }

    // MARK: C8, D

    @Test(arguments: [ModelServer.Mood.refusesRefresh, .sameToken])
    func `D1 a refused refresh becomes a login in the same flight`(mood: ModelServer.Mood) throws {
        var (bench, stamp) = try warm()
        let id = bench.rejected(stamp, 0)
        try bench.run(0, to: "refresh")
        bench.server.mood = mood
        bench.step(0)
        bench.server.mood = .healthy
        bench.run()
        #expect(bench.server.refreshes == 1 && bench.server.logins == 1 && bench.use(id) != nil)
        #expect(bench.processes[0].steps == ["read", "read", "lock", "read", "refresh", "login", "publish"])
    }

    @Test func `D2 an urgent refresh without an answer becomes one login and is not repeated`() throws {
        var (bench, stamp) = try warm()
        let id = bench.rejected(stamp, 0)
        try bench.run(0, to: "refresh")
        bench.answer(.answered(.failed(ModelServer.error(504), isAmbiguous: true)), to: 0)
        bench.run()
        #expect(bench.server.refreshes == 0 && bench.server.logins == 1 && bench.use(id) != nil)
    }

    @Test func `D2 too many refreshes become a login in the same flight`() throws {
        var (bench, stamp) = try warm()
        let id = bench.rejected(stamp, 0)
        try bench.run(0, to: "refresh")
        let limited = EskizError(.rateLimited, "Too many.", remedy: "Wait.", httpStatus: 429, retryAfter: .seconds(30))
        bench.answer(.answered(.failed(limited, isAmbiguous: false)), to: 0)
        bench.run()
        #expect(bench.use(id) != nil && bench.server.refreshes == 0 && bench.server.logins == 1)
    }

    @Test func `D3 a login whose answer was lost is made once more, and no more than that`() throws {
        var (bench, stamp) = try warm()
        bench.server.mood = .refusesRefresh
        let lost = EskizError(.connectionClosed, "The connection broke.", remedy: "Try again.")
        for isHealed in [true, false] {
            let id = bench.rejected(stamp, 0)
            try bench.run(0, to: "login")
            bench.answer(.answered(.failed(lost, isAmbiguous: true)), to: 0)
            try bench.run(0, to: "login")
            if isHealed {
                bench.run()
                let given = try #require(bench.use(id))
                let isTaken = bench.accepts(given, from: 0)
                #expect(isTaken)
                stamp = given.stamp
            } else {
                bench.answer(.answered(.failed(lost, isAmbiguous: true)), to: 0)
                #expect(bench.failure(id)?.code == .connectionClosed && bench.processes[0].flight == nil)
            }
        }
    }

    @Test func `D2 after an early refresh without an answer the next send tests what is held`() throws {
        var (bench, stamp) = try warm()
        bench.advance(.seconds(22 * 86_400))
        _ = bench.request(0)
        try bench.run(0, to: "refresh")
        bench.answer(.answered(.failed(ModelServer.error(504), isAmbiguous: true)), to: 0)
        let id = bench.request(0)
        #expect(bench.use(id)?.stamp.fingerprint == stamp.fingerprint && bench.server.calls == 0)
    }

    @Test func `D4 T26 refused credentials are remembered for every process`() throws {
        var (bench, stamp) = try warm(key: "wrong")
        bench.server.alive = [:]
        let id = bench.rejected(stamp, 0)
        bench.run()
        #expect(bench.failure(id)?.code == .credentialsRefused && bench.server.logins == 1)
        // The lost call destroyed nothing (F4, T13).
        #expect(bench.store.record?.token?.fingerprint == stamp.fingerprint)
        for _ in 0..<5 {
            let other = bench.launch(key: "wrong")
            let isUsable = bench.useToken(other)
            #expect(!isUsable)
        }
        #expect(bench.server.logins == 1)
        let changed = bench.launch(key: "right")
        let isUsable = bench.useToken(changed)
        #expect(isUsable && bench.server.logins == 2)
    }

    @Test func `D4 a day with a wrong key costs a handful of logins`() throws {
        var (bench, _) = try warm(key: "wrong")
        bench.server.alive = [:]
        for _ in 0..<(24 * 60) {
            _ = bench.useToken(0)
            bench.advance(.seconds(60))
        }
        #expect((2...5).contains(bench.server.logins))
    }

    @Test func `D4 a store that cannot be told does not unleash the logins`() throws {
        var (bench, _) = try warm(key: "wrong")
        bench.server.alive = [:]
        bench.store.isReachable = false
        for _ in 0..<(24 * 60) {
            _ = bench.useToken(0)
            bench.advance(.seconds(60))
        }
        #expect((2...5).contains(bench.server.logins))
    }

    @Test func `C8 D6 the right key ends a refusal at once`() throws {
        var (bench, stamp) = try warm(key: "wrong")
        bench.server.alive = [:]
        _ = bench.rejected(stamp, 0)
        bench.run()
        bench.processes[0].login = RenewalMachine.LoginFacts(credentials: "right", account: "account")
        bench.advance(.seconds(61))
        let isUsable = bench.useToken(0)
        #expect(isUsable && bench.server.logins == 2)
    }

    @Test func `C8 a login by hand is tried although it was refused before`() throws {
        var (bench, stamp) = try warm(key: "wrong")
        bench.server.alive = [:]
        _ = bench.rejected(stamp, 0)
        bench.run()
        bench.server.rightKey = "wrong"
        let id = bench.renew(0, byLogin: true)
        bench.run()
        #expect(bench.use(id) != nil && bench.store.record?.refusal == nil)
    }

    @Test func `E2 a clock set back does not prolong a refusal for ever`() throws {
        var (bench, stamp) = try warm(key: "wrong")
        bench.server.alive = [:]
        _ = bench.rejected(stamp, 0)
        bench.run()
        bench.server.rightKey = "wrong"
        bench.processes[0].wallError = -400 * 86_400 * .nanosecondsPerSecond
        bench.advance(.seconds(3_600))
        let isUsable = bench.useToken(0)
        #expect(isUsable)
    }

    @Test func `C9 T1 every outage ends with the cause`() throws {
        for mood in ModelServer.Mood.allCases {
            var (bench, stamp) = try warm()
            bench.server.mood = mood
            bench.server.alive = [:]
            _ = bench.rejected(stamp, 0)
            bench.run()
            bench.advance(.seconds(3_600))
            _ = bench.useToken(0)
            bench.server.mood = .healthy
            bench.advance(.seconds(4 * 3_600))
            let isUsable = bench.useToken(0)
            #expect(isUsable, "\(mood)")
        }
    }
}
