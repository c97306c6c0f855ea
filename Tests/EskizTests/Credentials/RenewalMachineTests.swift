import Eskiz
import Testing

/// One flight for all, and what a 401 means.
///
/// Names begin with the invariant of token-keeper.md §2.
struct RenewalMachineTests {
    /// A process with a live token that was just issued by login; its first stamp.
    private func warm(
        _ prepare: (inout ModelServer) -> Void = { _ in }
    ) throws -> (bench: RenewalBench, stamp: RenewalMachine.Stamp) {
        var bench = RenewalBench()
        prepare(&bench.server)
        bench.launch()
        let id = bench.request(0)
        bench.run()
        let stamp = try #require(bench.use(id)).stamp
        return (bench, stamp)
    }

    // MARK: A

    @Test(arguments: [2, 6, 100, 10_000])
    func `A1 T5 many 401s of one generation cost one call`(count: Int) throws {
        var (bench, stamp) = try warm()
        bench.server.alive = [:]
        let ids = (0..<count).map { _ in bench.rejected(stamp, 0) }
        bench.run()
        // The dead token is refused a refresh, so one refresh and one login: the one flight.
        #expect(bench.server.refreshes == 1 && bench.server.logins == 2)
        for id in ids {
            let given = try #require(bench.use(id))
            #expect(bench.server.accepts(given.token, at: bench.serverSeconds))
            #expect(given.stamp.generation == stamp.generation + 1)
        }
    }

    @Test(arguments: [2, 100, 10_000])
    func `A2 many first uses with an empty store cost one login`(count: Int) {
        var bench = RenewalBench()
        bench.launch()
        let ids = (0..<count).map { _ in bench.request(0) }
        bench.run()
        #expect(bench.server.logins == 1 && bench.server.refreshes == 0)
        #expect(ids.allSatisfy { bench.use($0) != nil })
    }

    @Test func `A3 nobody waits for an early renewal, and it is made once`() throws {
        var (bench, stamp) = try warm()
        bench.advance(.seconds(22 * 86_400))
        let ids = (0..<100).map { _ in bench.request(0) }
        // No step of the flight has been made yet.
        for id in ids { #expect(bench.use(id)?.stamp == stamp) }
        bench.run()
        #expect(bench.server.refreshes == 1 && bench.server.logins == 1)
        #expect(bench.processes[0].machine.held?.generation == stamp.generation + 1)
    }

    @Test func `A4 users of a dead token wait for one flight and are all released by its end`() throws {
        var (bench, stamp) = try warm()
        bench.advance(.seconds(31 * 86_400))
        let ids = (0..<10_000).map { _ in bench.request(0) }
        try bench.run(0, to: "publish")
        #expect(ids.allSatisfy { bench.answers($0).isEmpty })
        bench.run()
        #expect(bench.server.calls == 3)
        #expect(ids.allSatisfy { bench.use($0)?.stamp.generation == stamp.generation + 1 })
    }

    @Test func `A5 T6 a failure is shared by all who were signed before it`() throws {
        var (bench, stamp) = try warm()
        bench.server.mood = .down
        let ids = (0..<1_000).map { _ in bench.rejected(stamp, 0) }
        bench.run()
        let calls = bench.server.calls
        #expect(calls == 2)
        // Answers to the same old stamp that come in later get the same failure and no call.
        let late = (0..<1_000).map { _ in bench.rejected(stamp, 0) }
        bench.advance(.seconds(3_600))
        let muchLater = bench.rejected(stamp, 0)
        bench.run()
        #expect(bench.server.calls == calls)
        for id in ids + late + [muchLater] { #expect(bench.failure(id)?.httpStatus == 503) }
    }

    @Test func `A6 T1 who begins after the failure may start a new flight, after its pause`() throws {
        var (bench, stamp) = try warm()
        bench.server.mood = .down
        _ = bench.rejected(stamp, 0)
        bench.run()
        let calls = bench.server.calls
        let during = bench.request(0)
        bench.run()
        #expect(bench.server.calls == calls && bench.failure(during)?.retryAfter != nil)
        bench.server.mood = .healthy
        bench.advance(.seconds(61))
        let after = bench.request(0)
        bench.run()
        #expect(bench.server.calls == calls + 1 && bench.use(after) != nil)
    }

    @Test func `A7 T3 a waiter that leaves does not clear the flight`() throws {
        var (bench, stamp) = try warm()
        let first = bench.rejected(stamp, 0)
        bench.send(.cancelled(first), to: 0)
        let flight = bench.processes[0].flight
        let second = bench.rejected(stamp, 0)
        #expect(bench.processes[0].flight == flight)
        bench.run()
        #expect(bench.server.calls == 2 && bench.use(second) != nil && bench.answers(first).isEmpty)
    }

    @Test func `A8 an overdue flight ends, and its late answer counts for nothing`() throws {
        var (bench, stamp) = try warm()
        let id = bench.rejected(stamp, 0)
        try bench.run(0, to: "refresh")
        let overdue = try #require(bench.processes[0].flight)
        bench.advance(.seconds(76))
        bench.send(.tick, to: 0)
        #expect(bench.failure(id)?.code == .timedOut && bench.processes[0].flight == nil)
        let late = bench.server.issue(at: bench.serverSeconds)
        bench.send(.flight(overdue, .answered(.issued(late, serverTime: nil))), to: 0)
        #expect(bench.processes[0].machine.held?.token.fingerprint == stamp.fingerprint)
        bench.advance(.seconds(61))
        let after = bench.request(0)
        // Nor does it while a newer flight is at the same step.
        try bench.run(0, to: "refresh")
        bench.send(.flight(overdue, .answered(.issued(late, serverTime: nil))), to: 0)
        #expect(bench.answers(after).isEmpty)
        bench.run()
        #expect(try #require(bench.use(after)).token.fingerprint != late.fingerprint)
    }

    @Test func `A9 T4 a rejected token is never the result of its own renewal`() throws {
        var (bench, stamp) = try warm()
        bench.server.mood = .sameToken
        let id = bench.rejected(stamp, 0)
        try bench.run(0, to: "refresh")
        bench.step(0)
        bench.server.mood = .healthy
        bench.run()
        // The same token counts as a refusal: login in the same flight.
        #expect(try #require(bench.use(id)).stamp.fingerprint != stamp.fingerprint)
        #expect(bench.processes[0].steps.suffix(3) == ["refresh", "login", "publish"])
    }

    @Test func `T4 a rejection during an early renewal is not forgotten`() throws {
        var (bench, stamp) = try warm()
        bench.advance(.seconds(22 * 86_400))
        _ = bench.request(0)
        try bench.run(0, to: "refresh")
        let id = bench.rejected(stamp, 0)
        bench.server.mood = .sameToken
        bench.step(0)
        bench.server.mood = .healthy
        bench.run()
        #expect(try #require(bench.use(id)).stamp.fingerprint != stamp.fingerprint)
    }

    @Test func `T4 who asks for a new token while an old one is being stored gets a new one`() throws {
        var (bench, stamp) = try warm()
        bench.store.isReachable = false
        _ = bench.renew(0)
        bench.run()
        bench.store.isReachable = true
        bench.advance(.seconds(3_600))
        bench.send(.tick, to: 0)
        try bench.run(0, to: "publish")
        let calls = bench.server.calls
        let asked = bench.renew(0)
        let byLogin = bench.renew(0, byLogin: true)
        bench.run()
        #expect(bench.server.calls == calls + 1)
        let given = try #require(bench.use(asked))
        #expect(given.stamp.generation == stamp.generation + 2 && bench.use(byLogin)?.token == given.token)
        #expect(bench.store.record?.token == given.token)
    }

    @Test func `a login asked for during a refresh does not turn its refusal into a refused login`() throws {
        var (bench, _) = try warm()
        _ = bench.renew(0)
        try bench.run(0, to: "refresh")
        let id = bench.renew(0, byLogin: true)
        bench.answer(.answered(.refused(ModelServer.error(401))), to: 0)
        bench.run()
        #expect(bench.use(id) != nil && bench.store.record?.refusal == nil)
    }

    @Test(arguments: [ModelServer.Mood.healthy, .down, .refusesAll, .stillborn, .sameToken])
    func `A11 calls stay within the budget, whatever callers do`(mood: ModelServer.Mood) throws {
        var (bench, _) = try warm()
        bench.server.mood = mood
        let before = bench.server.calls
        let seconds = 3_600
        for second in 0..<seconds {
            _ = bench.renew(0, byLogin: second % 2 == 0)
            bench.run()
            bench.advance(.seconds(1))
        }
        // Thirty at once and one each two seconds; a renewal is a refresh and a login at the most.
        let renewals = 30 + seconds / 2 + 1
        #expect(bench.server.calls - before <= 2 * renewals)
        #expect(bench.server.calls - before >= 30)
    }

    @Test func `A11 an exhausted budget is waited for by whoever has the time`() throws {
        var (bench, _) = try warm()
        for _ in 0..<40 {
            _ = bench.renew(0)
            bench.run()
        }
        let held = try #require(bench.processes[0].machine.held)
        bench.server.alive = [:]
        let stamp = RenewalMachine.Stamp(generation: held.generation, fingerprint: held.token.fingerprint, runs: 0)
        let patient = (0..<50).map { _ in bench.rejected(stamp, 0) }
        let hasty = bench.rejected(stamp, 0, deadline: bench.now.elapsed + 1)
        #expect(patient.allSatisfy { bench.answers($0).isEmpty })
        #expect(bench.failure(hasty)?.code == .renewalFailed)
        let calls = bench.server.calls
        bench.live(0, for: .seconds(3))
        #expect(patient.allSatisfy { bench.use($0)?.stamp.generation == held.generation + 1 })
        #expect(bench.server.calls == calls + 2)
    }

    @Test(arguments: [2, 5, 60] as [Int64])
    func `A11 T19 tokens that live for seconds are renewed as often as that takes`(life: Int64) {
        var bench = RenewalBench()
        bench.server.life = life
        bench.launch()
        for quarter in 0..<4 * 300 {
            let isTaken = bench.useToken(0)
            #expect(isTaken, "after \(quarter / 4) s")
            bench.advance(.milliseconds(250))
        }
    }

    // MARK: B

    @Test func `B1 B2 a late 401 of an older token costs nothing and brings the current token`() throws {
        var (bench, stamp) = try warm()
        _ = bench.renew(0)
        bench.run()
        let calls = bench.server.calls
        let id = bench.rejected(stamp, 0)
        #expect(bench.use(id)?.stamp.generation == stamp.generation + 1)
        #expect(bench.server.calls == calls && bench.processes[0].flight == nil)
        #expect(bench.processes[0].machine.held?.isRejected == false)
    }

    @Test func `B2 the generation alone does not convict: the token must be the same`() throws {
        var (bench, stamp) = try warm()
        var other = stamp
        other.fingerprint = bench.server.issue(at: bench.serverSeconds).fingerprint
        let id = bench.rejected(other, 0)
        #expect(bench.use(id)?.stamp == stamp && bench.processes[0].flight == nil)
    }

    @Test func `B10 a young token is tried once more before any call, an old one is not`() throws {
        var (bench, stamp) = try warm()
        bench.send(.accepted(stamp), to: 0)
        let young = bench.rejected(stamp, 0, hasRetriedYoung: false)
        guard case .useAfter(let token, _, let pause)? = bench.answers(young).first else {
            Issue.record("no second try")
            return
        }
        #expect(token.fingerprint == stamp.fingerprint && (0...400_000_000).contains(pause))
        #expect(bench.processes[0].flight == nil)
        bench.advance(.seconds(11))
        let old = bench.rejected(stamp, 0, hasRetriedYoung: false)
        bench.run()
        #expect(bench.use(old)?.stamp.generation == stamp.generation + 1 && bench.server.calls == 2)
    }

    @Test func `B10 a young token that has never worked is given the time to be known everywhere`() throws {
        var (bench, stamp) = try warm()
        let first = bench.rejected(stamp, 0, hasRetriedYoung: false)
        guard case .useAfter(_, _, let pause)? = bench.answers(first).first else {
            Issue.record("no second try")
            return
        }
        #expect((2_500_000_000...2_900_000_000).contains(pause))
    }

    @Test func `B10 the last try of a young token waits until it should be known everywhere`() throws {
        var (bench, stamp) = try warm()
        func pause(of id: UInt64) -> Int64? {
            guard case .useAfter(_, _, let pause)? = bench.answers(id).first else { return nil }
            return pause
        }
        let last = bench.rejected(stamp, 0, hasRetriedYoung: false, isLast: true)
        #expect((2_500_000_000...2_900_000_000).contains(try #require(pause(of: last))))
        // Whoever has little time does not spend all of it on waiting.
        let deadline = bench.now.elapsed + .nanosecondsPerSecond
        let hasty = bench.rejected(stamp, 0, deadline: deadline, hasRetriedYoung: false, isLast: true)
        #expect(pause(of: hasty) == .nanosecondsPerSecond / 2)
        bench.advance(.seconds(3))
        let settled = bench.rejected(stamp, 0, hasRetriedYoung: false, isLast: true)
        #expect((0...400_000_000).contains(try #require(pause(of: settled))))
    }

    @Test func `B11 a token that worked and is ended by somebody is replaced at once, however often`() throws {
        var (bench, _) = try warm()
        for round in 0..<25 {
            bench.advance(.milliseconds(100))
            bench.server.alive = [:]
            let isTaken = bench.useToken(0)
            #expect(isTaken, "round \(round)")
        }
        let news = bench.news(of: 0)
        #expect(!news.contains("newTokensRejected"))
    }

    @Test func `B10 young tokens that die one after the other are replaced less and less eagerly`() throws {
        var (bench, first) = try warm()
        bench.send(.accepted(first), to: 0)
        var pauses: [Int64] = []
        for _ in 0..<6 {
            bench.server.alive = [:]
            let first = bench.request(0)
            let stamp = try #require(bench.use(first)).stamp
            let again = bench.rejected(stamp, 0, hasRetriedYoung: false)
            guard case .useAfter(_, _, let pause)? = bench.answers(again).first else { break }
            pauses.append(pause)
            let second = bench.rejected(stamp, 0)
            bench.run()
            let isTaken = bench.accepts(try #require(bench.use(second)), from: 0)
            #expect(isTaken)
        }
        // A token that is not known everywhere must not be replaced for ever by one that is known even less.
        #expect(pauses.prefix(4).allSatisfy { $0 <= 400_000_000 })
        #expect(pauses.count == 6 && pauses.dropFirst(4).allSatisfy { $0 >= 2_500_000_000 })
    }

    @Test func `B11 when Eskiz rejects what it has just issued there is no ping-pong`() throws {
        var (bench, _) = try warm()
        var failures: [EskizError] = []
        for _ in 0..<3_600 {
            let id = bench.request(0)
            bench.run()
            if let given = bench.use(id) {
                let again = bench.rejected(given.stamp, 0)
                bench.run()
                if let error = bench.failure(again) { failures.append(error) }
            } else if let error = bench.failure(id) {
                failures.append(error)
            }
            bench.advance(.seconds(1))
        }
        #expect(failures.contains { $0.code == .newTokensRejected })
        // Half a minute between tries, two calls for each at the most.
        #expect(bench.server.calls <= 2 * (3_600 / 30 + 4))
        #expect(bench.server.calls > 10)
    }

    @Test func `B11 a token that has worked is not one that Eskiz never accepts, however young it dies`() throws {
        var (bench, stamp) = try warm()
        for _ in 0..<20 {
            bench.send(.accepted(stamp), to: 0)
            bench.server.alive = [:]
            let again = bench.rejected(stamp, 0)
            bench.run()
            let given = try #require(bench.use(again))
            #expect(given.stamp.generation == stamp.generation + 1)
            stamp = given.stamp
            bench.advance(.seconds(1))
        }
        #expect(bench.news(of: 0).contains("newTokensRejected") == false)
    }

    @Test func `B11 a late word for a token that has been rejected since does not speak for the next`() throws {
        var (bench, stamp) = try warm()
        bench.server.alive = [:]
        let first = bench.rejected(stamp, 0)
        bench.send(.accepted(stamp), to: 0)
        bench.run()
        let second = try #require(bench.use(first)).stamp
        bench.send(.accepted(stamp), to: 0)
        bench.server.alive = [:]
        let again = bench.rejected(second, 0)
        bench.run()
        #expect(bench.failure(again)?.code == .newTokensRejected)
    }
}
