import Eskiz
import Testing

/// Hosts that share nothing but the account, accounts that share nothing but a file, and outages of every length.
///
/// Names begin with the invariant of token-keeper.md §2.
struct RenewalMachineHostTests {
    private static let day: Int64 = 86_400

    // MARK: C2, J3

    /// A process that has just logged in and is kept fresh.
    private func fresh(randomSeed: UInt64 = 1) -> RenewalBench {
        var bench = RenewalBench()
        bench.launch(randomSeed: randomSeed)
        bench.send(.keepFresh(true), to: 0)
        bench.run()
        return bench
    }

    /// How long the outage is, as a share of the time between early and dead, and how many hours before the renewal is
    /// due it begins.
    @Test(arguments: [0.01, 0.3, 0.99], [-240, -24, 0, 1] as [Int64])
    func `C2 an outage shorter than the time between early and dead is invisible`(share: Double, hours: Int64) throws {
        for seed: UInt64 in 1...3 {
            var bench = fresh(randomSeed: seed)
            let held = try #require(bench.processes[0].machine.held)
            let (early, dead) = (try #require(held.earlyAt), try #require(held.deadAt))
            bench.live(0, for: .nanoseconds(early - bench.now.elapsed + hours * 3_600 * .nanosecondsPerSecond))
            bench.server.mood = .down
            let length = Int64(Double(dead - early) * share)
            for quarter in 1...4 {
                bench.live(0, for: .nanoseconds(length / 4))
                let isUsable = bench.useToken(0)
                #expect(isUsable, "after \(quarter)/4 of it")
            }
            bench.server.mood = .healthy
            // Beyond the end of the token that was held.
            for half in 1...60 {
                bench.live(0, for: .seconds(Self.day / 2))
                let isUsable = bench.useToken(0)
                #expect(isUsable, "\(half) half days after it")
            }
            // Healed by itself and in time, without a login.
            #expect(bench.server.logins == 1)
        }
    }

    @Test func `J3 that codes will stop is said days before they do`() throws {
        var bench = fresh()
        bench.server.mood = .down
        var said: Int64?
        var failed: Int64?
        for hour in 0..<Int64(32 * 24) where failed == nil {
            bench.live(0, for: .seconds(3_600))
            if said == nil,
                bench.processes[0].events.contains(where: { if case .willFail = $0 { true } else { false } })
            {
                said = hour
            }
            let isUsable = bench.useToken(0)
            if !isUsable { failed = hour }
        }
        // An outage that lasts is visible in the end, or this and the sweep above could not fail.
        let end = try #require(failed)
        #expect(end == 30 * 24 - 1)
        #expect(end - (try #require(said)) > 8 * 24)
    }

    @Test func `J3 no alarm is raised while renewals succeed or fail once`() {
        var bench = fresh()
        bench.live(0, for: .seconds(17 * Self.day))
        bench.server.mood = .down
        bench.live(0, for: .seconds(3_600))
        bench.server.mood = .healthy
        bench.live(0, for: .seconds(90 * Self.day))
        let alarms = ["willFail", "mutualInvalidation", "newTokensRejected", "rejected", "expired"]
        let news = bench.news(of: 0)
        #expect(!news.contains { alarms.contains($0) }, "\(news)")
    }

    // MARK: D5, F9, T32

    @Test(arguments: [2, 5], [1, 60, 3_600])
    func `D5 hosts that log each other out say so, and their calls stay bounded`(hosts: Int, seconds: Int64) {
        var bench = RenewalBench()
        bench.server.loginKills = true
        for _ in 0..<hosts { _ = bench.launchAlone() }
        let rounds = 600
        var taken = 0
        for _ in 0..<rounds {
            for host in 0..<hosts {
                let isUsable = bench.useToken(host)
                taken += isUsable ? 1 : 0
            }
            bench.advance(.seconds(seconds))
        }
        // Each sends with a token that the others have killed: a refresh that is refused and a login at the most.
        let budget = 30 + Int(seconds) * rounds / 2 + 1
        #expect(bench.server.calls <= 2 * hosts * min(budget, rounds))
        for host in 0..<hosts {
            let news = bench.news(of: host)
            let isLoud = news.contains("mutualInvalidation") || news.contains("newTokensRejected")
            #expect(isLoud, "host \(host): \(Set(news))")
        }
        // Sends go on, but for the pauses that keep the hosts from a ping-pong by the second.
        #expect(taken > (seconds == 1 ? 10 : rounds * hosts * 9 / 10))
    }

    @Test func `D5 with a store in common the same hosts do not harm each other`() {
        var bench = RenewalBench()
        bench.server.loginKills = true
        for _ in 0..<5 { bench.launch() }
        for _ in 0..<600 {
            for host in 0..<5 {
                let isUsable = bench.useToken(host)
                #expect(isUsable)
            }
            bench.advance(.seconds(60))
        }
        #expect(bench.server.logins == 1 && bench.server.refreshes == 0)
        #expect((0..<5).allSatisfy { !bench.news(of: $0).contains("mutualInvalidation") })
    }

    @Test(arguments: [(kills: false, dead: false), (true, false), (true, true)])
    func `F9 a hundred hosts without a store renew apart, and no message is lost`(mode: (kills: Bool, dead: Bool)) {
        var bench = RenewalBench()
        bench.server.refreshKills = mode.kills
        bench.server.refreshesDead = mode.dead
        let hosts = (0..<100).map { _ in bench.launchAlone() }
        for host in hosts {
            let isUsable = bench.useToken(host)
            #expect(isUsable)
        }
        #expect(bench.server.logins == 100)
        // Nothing is due before.
        bench.advance(.seconds(17 * Self.day))
        var hours: [Int: Int] = [:]
        for hour in 0..<(5 * 24) {
            bench.advance(.seconds(3_600))
            let before = bench.server.refreshes
            for host in hosts {
                let isUsable = bench.useToken(host)
                #expect(isUsable)
            }
            if bench.server.refreshes > before { hours[hour] = bench.server.refreshes - before }
        }
        // Three days wide, each host once, and never a crowd.
        #expect(bench.server.refreshes == 100 && bench.server.logins == 100)
        #expect(hours.count > 40 && (hours.values.max() ?? 100) <= 8, "\(hours)")
    }

    @Test(arguments: [true, false])
    func `F9 T32 hosts that start from one token get a token each, and go their own ways`(refreshesDead: Bool) {
        var bench = RenewalBench()
        // The predecessor is dead to messages, but may be refreshed again and again (M2 with a grace for refreshing).
        bench.server.refreshKills = true
        bench.server.refreshesDead = refreshesDead
        let seed = bench.server.issue(at: bench.serverSeconds)
        let hosts = (0..<10).map { _ in bench.launchAlone(seed: seed) }
        for _ in 0..<(40 * 24) {
            bench.advance(.seconds(3_600))
            for host in hosts {
                let isUsable = bench.useToken(host)
                #expect(isUsable)
            }
        }
        let tokens = Set(hosts.compactMap { bench.processes[$0].machine.held?.token.fingerprint })
        #expect(tokens.count == 10)
        // Two renewals in forty days, the first of which may have cost a refused refresh as well.
        #expect(bench.server.logins == (refreshesDead ? 0 : 9))
        #expect((10...30).contains(bench.server.refreshes))
    }

    // MARK: F11

    private enum Evidence: String, CaseIterable {
        case origin, account, subject, nobodySaid
    }

    @Test(arguments: Evidence.allCases.map(\.rawValue), [false, true])
    func `F11 a stored token that is not known to be ours is never used`(evidence: String, comesLater: Bool) throws {
        var bench = RenewalBench()
        let strange = bench.server.mint.token(
            500,
            issuedAt: bench.serverSeconds,
            expiresAt: bench.serverSeconds + TokenMint.life,
            subject: "stranger"
        )
        bench.server.alive[strange.fingerprint] = .max
        var record = TokenRecord(
            generation: 4,
            token: strange,
            receivedWall: bench.now.wall,
            origin: RenewalBench.origin,
            account: "account"
        )
        var seed: BearerToken?
        switch try #require(Evidence(rawValue: evidence)) {
        case .origin: record.origin = "https://elsewhere.example.test/api"
        case .account: record.account = "somebody"
        case .subject:
            record.account = nil
            // Dead by its own word: only the subject speaks against the stored one.
            seed = bench.server.mint.token(501, issuedAt: 1_000, expiresAt: 2_000)
        case .nobodySaid: record.account = nil
        }
        if !comesLater { bench.store.record = record }
        bench.launch(seed: seed)
        if comesLater {
            let first = bench.useToken(0)
            #expect(first)
            record.generation = 40
            bench.store.record = record
            bench.server.alive = [strange.fingerprint: .max]
        }
        let isUsable = bench.useToken(0)
        #expect(isUsable)
        for _ in 0..<(60 * 24) {
            bench.advance(.seconds(3_600))
            let isUsable = bench.useToken(0)
            #expect(isUsable)
            #expect(bench.processes[0].machine.held?.token != strange)
        }
        #expect(bench.server.alive[strange.fingerprint] == .max, "it was not refreshed either")
    }

    @Test func `F11 a stranger's token that was published meanwhile is not adopted`() throws {
        var bench = RenewalBench()
        bench.launch()
        _ = bench.request(0)
        try bench.run(0, to: "publish")
        let strange = bench.server.mint.token(500, issuedAt: 1, expiresAt: bench.serverSeconds + 9_999_999)
        bench.store.record = TokenRecord(
            generation: 9,
            token: strange,
            receivedWall: bench.now.wall,
            origin: RenewalBench.origin,
            account: "somebody"
        )
        bench.run()
        let held = try #require(bench.processes[0].machine.held)
        #expect(held.token != strange && bench.server.accepts(held.token, at: bench.serverSeconds))
    }

    // MARK: L4

    /// The switches of the server that decide what dies when (M1 to M6 and the missing `Date`).
    @Test(arguments: 0..<32)
    func `L4 whatever the server does with old tokens, a message that meets a dead one goes out`(mode: Int) {
        var bench = RenewalBench()
        bench.server.refreshKills = mode & 1 != 0
        bench.server.loginKills = mode & 2 != 0
        bench.server.refreshesDead = mode & 4 != 0
        bench.server.sendsDate = mode & 8 != 0
        for _ in 0..<3 { bench.launch() }
        for day in 0..<100 {
            // Somebody kills every token now and then.
            if day % 17 == 16 { bench.server.alive = [:] }
            if mode & 16 != 0, day == 50 { bench.store.record = nil }
            for process in 0..<3 {
                let isUsable = bench.useToken(process)
                #expect(isUsable, "process \(process) on day \(day)")
            }
            bench.advance(.seconds(Self.day))
        }
        // Six deaths and five early renewals at the most, each of a refresh and a login at the most.
        #expect(bench.server.calls <= 2 * 14, "\(bench.server.refreshes) and \(bench.server.logins)")
    }

    // MARK: T16

    @Test(arguments: [true, false])
    func `T16 a token whose answer was lost is replaced by a login when the old one is dead, and else not`(kills: Bool)
        throws
    {
        var bench = RenewalBench()
        bench.server.refreshKills = kills
        bench.launch()
        let first = bench.useToken(0)
        #expect(first)
        bench.advance(.seconds(22 * Self.day))
        _ = bench.request(0)
        try bench.run(0, to: "refresh")
        // Eskiz has done it, and nobody hears of it.
        let refresh = try #require(bench.processes[0].pending)
        _ = bench.outcome(of: refresh, for: 0)
        bench.answer(.answered(.failed(ModelServer.error(504), isAmbiguous: true)), to: 0)
        let isUsable = bench.useToken(0)
        #expect(isUsable)
        #expect(bench.server.logins == (kills ? 2 : 1))
    }
}
