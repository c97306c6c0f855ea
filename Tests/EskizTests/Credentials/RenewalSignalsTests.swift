import Eskiz
import EskizTestSupport
import EskizTesting
import Logging
import Metrics
import MetricsTestKit
import Testing

/// What monitors and people learn of the token: each change once, and numbers that fit.
@Suite(.timeLimit(.minutes(1))) struct RenewalSignalsTests {
    // MARK: J1

    @Test func `J1 a life of the token is told event by event`() throws {
        var bench = RenewalBench()
        bench.launch()
        var id = bench.request(0)
        bench.run()
        #expect(bench.news(of: 0) == ["renewed"])

        // A 401 on a token that is too young, then a real one.
        let stamp = try #require(bench.use(id)).stamp
        _ = bench.rejected(stamp, 0, hasRetriedYoung: false)
        #expect(bench.news(of: 0) == ["triedAgain"])
        bench.advance(.seconds(60))
        bench.server.alive = [:]
        for _ in 0..<10 { _ = bench.rejected(stamp, 0) }
        bench.run()
        #expect(bench.news(of: 0) == ["rejected", "traitSeen", "renewalStarted", "refreshRefused", "renewed"])
        // Late ones of the old token.
        _ = bench.rejected(stamp, 0)
        #expect(bench.news(of: 0) == ["replayed"])

        // An early renewal that fails, then one that works.
        bench.advance(.seconds(22 * 86_400))
        bench.server.mood = .down
        _ = bench.request(0)
        bench.run()
        #expect(bench.news(of: 0) == ["renewalStarted", "renewalFailed"])
        bench.server.mood = .healthy
        bench.advance(.seconds(3_600))
        _ = bench.request(0)
        bench.run()
        #expect(bench.news(of: 0) == ["renewalStarted", "renewed"])

        // Its own end, with nobody to renew it.
        bench.advance(.seconds(31 * 86_400))
        bench.server.mood = .down
        for _ in 0..<3 { _ = bench.request(0) }
        bench.run()
        let used = ["expired", "renewalStarted", "renewalFailed", "expiredTokenUsed", "expiredTokenUsed"]
        #expect(bench.news(of: 0) == used + ["expiredTokenUsed"])

        // A store that goes away and comes back.
        bench.server.mood = .healthy
        bench.advance(.seconds(3_600))
        bench.store.isReachable = false
        id = bench.request(0)
        bench.run()
        let gone = bench.news(of: 0)
        #expect(gone.filter { $0 == "storeDegraded" }.count == 1 && gone.contains("renewed"), "\(gone)")
        bench.store.isReachable = true
        bench.advance(.seconds(3_600))
        bench.send(.tick, to: 0)
        bench.run()
        #expect(bench.news(of: 0) == ["storeRecovered"])
        #expect(bench.use(id) != nil)
    }

    @Test func `J1 what another process did is told as taken over, and a wait for it as a wait`() throws {
        var bench = RenewalBench()
        for process in 0..<2 {
            bench.launch()
            let isUsable = bench.useToken(process)
            #expect(isUsable)
        }
        #expect(bench.news(of: 1) == ["loaded"])
        bench.advance(.seconds(60))
        bench.server.alive = [:]
        let stamps = try (0..<2).map { process in
            let id = bench.request(process)
            return try #require(bench.use(id, process)).stamp
        }
        _ = bench.rejected(stamps[0], 0)
        try bench.run(0, to: "refresh")
        _ = bench.rejected(stamps[1], 1)
        bench.step(1)
        while bench.step(0) {}
        // The lock was free only after a second.
        bench.store.lockedBy = 1
        bench.answer(.locked(waited: .nanosecondsPerSecond), to: 1)
        bench.run()
        #expect(bench.news(of: 1) == ["rejected", "traitSeen", "renewalStarted", "lockWaited", "adopted"])
    }

    @Test func `J1 a refused key is told once, and holding it back each time`() {
        var bench = RenewalBench()
        bench.launch(key: "wrong")
        for _ in 0..<3 {
            _ = bench.useToken(0)
            bench.advance(.seconds(61))
        }
        let refused = ["loginRefused", "renewalFailed"]
        let heldBack = ["loginHeldBack", "renewalFailed"]
        #expect(bench.news(of: 0) == refused + heldBack + heldBack)
    }

    /// Every event, made up.
    private static let events: [KeeperEvent] = {
        let token = TokenFingerprint(of: "x")
        let error = EskizError(.timedOut, "No.", remedy: "Wait.")
        return [
            .loaded(generation: 1, token), .adopted(generation: 1, token),
            .renewed(generation: 1, token, byLogin: true, .start), .renewalStarted(.early),
            .renewalFailed(.early, error, nextTry: .seconds(1)), .refreshRefused(error), .expired(generation: 1),
            .rejected(generation: 1, token), .replayed(generation: 1), .triedAgain(generation: 1),
            .expiredTokenUsed(generation: 1), .lockWaited(.seconds(1)), .storeDegraded("no"), .storeRecovered,
            .storeDistrusted("no"), .loginRefused(error, pause: .seconds(1)), .loginHeldBack(.seconds(1)),
            .newTokensRejected, .mutualInvalidation, .seedIgnored, .willFail(in: .seconds(1)),
            .traitSeen(.expiredTokenIsRefused),
        ]
    }()

    @Test func `J1 every event is one line of the log, and what a person must see is not a debug line`() {
        for event in Self.events {
            let log = RecordedLog()
            KeeperObserver(logger: log.logger).observe(event, at: 0)
            #expect(log.lines.count == 1, "\(event)")
            guard let line = log.lines.first else { continue }
            switch event {
            case .mutualInvalidation, .newTokensRejected, .willFail, .loginRefused, .loginHeldBack:
                #expect(line.level == .error, "\(event)")
            case .storeDegraded, .rejected, .expired, .expiredTokenUsed, .storeDistrusted, .seedIgnored,
                .refreshRefused:
                #expect(line.level == .warning, "\(event)")
            default: #expect(line.level <= .warning, "\(event)")
            }
        }
    }

    // MARK: J2

    @Test func `J2 gauges, counters and timers tell what the keeper did`() async throws {
        let metrics = TestMetrics()
        let clock = ManualClock()
        try await withMetricsFactory(metrics) {
            let bench = try KeeperBench(clock: clock)
            bench.transport.on(
                "PATCH",
                "auth/refresh",
                .respond(503),
                .respond(503),
                KeeperBench.next(on: clock)
            )
            bench.transport.on("POST", "auth/login", .respond(503))
            _ = try await bench.token()
            func gauge(_ label: String) throws -> Double? { try metrics.expectGauge(label).lastValue }
            #expect(try gauge(MetricNames.tokenGeneration) == 1)
            #expect(try gauge(MetricNames.tokenExpires) == 1_802_592_000)
            for failures in 1...2 {
                _ = try? await bench.keeper.renew()
                await bench.events.reach(failures) { if case .renewalFailed = $0 { true } else { false } }
                #expect(try gauge(MetricNames.renewalFailuresInARow) == Double(failures))
                clock.advance(by: .seconds(61))
            }
            try await bench.keeper.renew()
            await bench.keeper.shutdown()
            #expect(try gauge(MetricNames.renewalFailuresInARow) == 0)
            #expect(try gauge(MetricNames.tokenGeneration) == 2)
            #expect(try gauge(MetricNames.lastRenewal) == 1_800_000_122)
            #expect(try gauge(MetricNames.tokenExpires) == 1_802_592_122)
        }
        func calls(_ call: String, _ result: String) throws -> Int64 {
            try metrics.expectCounter(MetricNames.credentialCalls, [("call", call), ("result", result)]).totalValue
        }
        #expect(try calls("refresh", "failed") == 2 && calls("refresh", "issued") == 1)
        #expect(try calls("login", "failed") == 2 && calls("login", "issued") == 0)
        #expect(try metrics.expectCounter(MetricNames.renewals, [("by", "refresh")]).totalValue == 1)
        #expect(try metrics.expectCounter(MetricNames.renewalFailures).totalValue == 2)
        let latency = try metrics.expectTimer(MetricNames.credentialCallDuration, [("call", "refresh")])
        #expect(latency.values.count == 3)
        // The first use and three renewals.
        #expect(try metrics.expectTimer(MetricNames.tokenWait).values.count == 4)
    }

    @Test func `J2 a login that is held back, a 401 and a late 401 are counted`() async throws {
        let metrics = TestMetrics()
        try await withMetricsFactory(metrics) {
            let bench = try KeeperBench()
            bench.transport.on("PATCH", "auth/refresh", KeeperBench.next(on: bench.clock), .respond(401))
            bench.transport.on("POST", "auth/login", .respond(401))
            let stamp = try await bench.token().stamp
            _ = try await bench.tokenAfterRejection(of: stamp)
            _ = try await bench.tokenAfterRejection(of: stamp)
            _ = try? await bench.keeper.renew()
            bench.clock.advance(by: .seconds(61))
            let second = try await bench.token().stamp
            _ = try? await bench.tokenAfterRejection(of: second)
            await bench.keeper.shutdown()
        }
        #expect(try metrics.expectCounter(MetricNames.tokenRejections).totalValue == 2)
        #expect(try metrics.expectCounter(MetricNames.replays).totalValue == 1)
        let held = [("call", "login"), ("result", "held_back")]
        #expect(try metrics.expectCounter(MetricNames.credentialCalls, held).totalValue == 1)
        let refused = [("call", "login"), ("result", "refused")]
        #expect(try metrics.expectCounter(MetricNames.credentialCalls, refused).totalValue == 1)
    }
}
