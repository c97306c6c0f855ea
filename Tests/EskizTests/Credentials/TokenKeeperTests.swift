import Eskiz
import EskizTestSupport
import EskizTesting
import Foundation
import Testing

/// What the shell round the decisions does: parks callers, flies once, and outlives whoever leaves.
@Suite(.timeLimit(.minutes(1))) struct TokenKeeperTests {
    // MARK: One flight

    @Test(arguments: [2, 100, 10_000])
    func `callers with a rejected token all wait on one renewal`(count: Int) async throws {
        let bench = try KeeperBench()
        let gate = Gate()
        bench.transport.on("PATCH", "auth/refresh", KeeperBench.next(on: bench.clock, heldBy: gate))
        let stamp = try await bench.token().stamp
        let begun = Countdown(count)
        try await withThrowingTaskGroup(of: Int?.self) { group in
            for _ in 0..<count {
                group.addTask {
                    begun.step()
                    return KeeperBench.serial(of: try await bench.tokenAfterRejection(of: stamp))
                }
            }
            await begun.reached()
            await gate.arrival()
            gate.open()
            for try await serial in group { #expect(serial == 2) }
        }
        #expect(bench.credentialCalls == 1)
    }

    @Test func `callers without any token share one login`() async throws {
        let bench = try KeeperBench(seed: nil)
        let gate = Gate()
        bench.transport.on("POST", "auth/login", KeeperBench.next(on: bench.clock, heldBy: gate))
        let begun = Countdown(500)
        try await withThrowingTaskGroup(of: Int?.self) { group in
            for _ in 0..<500 {
                group.addTask {
                    begun.step()
                    return KeeperBench.serial(of: try await bench.token().token)
                }
            }
            await begun.reached()
            gate.open()
            for try await serial in group { #expect(serial == 1) }
        }
        #expect(bench.credentialCalls == 1)
        #expect(bench.transport.requests("auth/login").count == 1)
    }

    @Test func `a failed renewal is everybody's answer, and is not tried by each in turn`() async throws {
        let bench = try KeeperBench(hasLogin: false)
        let gate = Gate()
        bench.transport.on("PATCH", "auth/refresh", .respond(503).held(by: gate))
        let stamp = try await bench.token().stamp
        let begun = Countdown(1_000)
        await withTaskGroup(of: EskizError?.self) { group in
            for _ in 0..<1_000 {
                group.addTask {
                    begun.step()
                    return try? await failure { () async throws(EskizError) in
                        try await bench.keeper.tokenAfterRejection(of: stamp, deadline: .max, hasRetriedYoung: true)
                    }
                }
            }
            await begun.reached()
            await gate.arrival()
            gate.open()
            for await error in group { #expect(error?.code == .serverError) }
        }
        #expect(bench.credentialCalls == 1)
    }

    @Test func `an early renewal delays nobody`() async throws {
        let bench = try KeeperBench()
        let gate = Gate()
        bench.transport.on("PATCH", "auth/refresh", KeeperBench.next(on: bench.clock, heldBy: gate))
        _ = try await bench.token()
        bench.clock.advance(by: KeeperBench.untilDue)
        try await withThrowingTaskGroup(of: Int?.self) { group in
            for _ in 0..<1_000 {
                group.addTask { KeeperBench.serial(of: try await bench.token().token) }
            }
            // All are answered although the gate is closed.
            for try await serial in group { #expect(serial == 1) }
        }
        await gate.arrival()
        #expect(bench.credentialCalls == 1)
        gate.open()
        _ = try await bench.keeper.renewIfDue()
        #expect(KeeperBench.serial(of: try await bench.token().token) == 2)
        #expect(bench.credentialCalls == 1)
    }

    @Test(arguments: [500, 401, 403, 200])
    func `while the token lives no failure of Eskiz's login reaches a caller`(status: Int) async throws {
        let bench = try KeeperBench()
        bench.transport.on("PATCH", "auth/refresh", .respond(status, "<html>"))
        bench.transport.on("POST", "auth/login", .respond(status, "<html>"))
        _ = try await bench.token()
        bench.clock.advance(by: KeeperBench.untilDue)
        for failures in 1...3 {
            #expect(KeeperBench.serial(of: try await bench.token().token) == 1)
            await bench.events.reach(failures) { if case .renewalFailed = $0 { true } else { false } }
            #expect(KeeperBench.serial(of: try await bench.token().token) == 1)
            bench.clock.advance(by: .seconds(3_600))
        }
    }

    // MARK: Leaving

    @Test func `a waiter that leaves returns at once and ends nothing`() async throws {
        let bench = try KeeperBench()
        let gate = Gate()
        bench.transport.on("PATCH", "auth/refresh", KeeperBench.next(on: bench.clock, heldBy: gate))
        let stamp = try await bench.token().stamp
        let begun = Countdown(10)
        let waiters = (0..<10).map { _ in
            Task {
                begun.step()
                return try await bench.tokenAfterRejection(of: stamp)
            }
        }
        await begun.reached()
        await gate.arrival()
        for leaving in waiters.prefix(9) { leaving.cancel() }
        for leaving in waiters.prefix(9) {
            // The gate is still closed: whoever returns did not wait for the renewal.
            let error = await #expect(throws: EskizError.self) { try await leaving.value }
            #expect(error?.code == .cancelled)
        }
        gate.open()
        #expect(KeeperBench.serial(of: try await waiters[9].value) == 2)
        #expect(bench.credentialCalls == 1)
    }

    @Test func `a renewal goes on when all who waited for it have left`() async throws {
        let bench = try KeeperBench()
        let gate = Gate()
        bench.transport.on("PATCH", "auth/refresh", KeeperBench.next(on: bench.clock, heldBy: gate))
        let stamp = try await bench.token().stamp
        let waiters = (0..<10).map { _ in Task { try await bench.tokenAfterRejection(of: stamp) } }
        await gate.arrival()
        for leaving in waiters { leaving.cancel() }
        for leaving in waiters { await #expect(throws: EskizError.self) { try await leaving.value } }
        gate.open()
        #expect(KeeperBench.serial(of: try await bench.tokenAfterRejection(of: stamp)) == 2)
        #expect(bench.credentialCalls == 1)
    }

    @Test func `a caller that is cancelled before it asks gets no token and starts nothing`() async throws {
        let bench = try KeeperBench(seed: nil)
        let asking = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await bench.token()
        }
        let error = await #expect(throws: EskizError.self) { try await asking.value }
        #expect(error?.code == .cancelled)
        #expect(bench.transport.requests.isEmpty)
    }

    @Test func `a caller waits no longer than its own deadline`() async throws {
        let bench = try KeeperBench()
        let gate = Gate()
        bench.transport.on("PATCH", "auth/refresh", KeeperBench.next(on: bench.clock, heldBy: gate))
        let stamp = try await bench.token().stamp
        let deadline = bench.clock.now().advanced(by: 30 * .nanosecondsPerSecond).elapsed
        let asking = Task {
            try await bench.keeper.tokenAfterRejection(of: stamp, deadline: deadline, hasRetriedYoung: true).token
        }
        await gate.arrival()
        bench.clock.advance(by: .seconds(31))
        let error = await #expect(throws: EskizError.self) { try await asking.value }
        #expect(error?.code == .renewalFailed)
        gate.open()
        #expect(KeeperBench.serial(of: try await bench.tokenAfterRejection(of: stamp)) == 2)
        #expect(bench.credentialCalls == 1)
    }

    @Test func `a renewal that is never answered ends by its own deadline, and another can begin`() async throws {
        let bench = try KeeperBench()
        let gate = Gate()
        bench.transport.on(
            "PATCH",
            "auth/refresh",
            KeeperBench.next(on: bench.clock, heldBy: gate),
            KeeperBench.next(on: bench.clock)
        )
        _ = try await bench.token()
        let renewing = Task { try await bench.keeper.renew() }
        await gate.arrival()
        bench.clock.advance(by: .seconds(76))
        let error = await #expect(throws: EskizError.self) { try await renewing.value }
        #expect(error?.code == .timedOut)
        #expect(try await bench.keeper.renew().generation == 2)
        gate.open()
        #expect(KeeperBench.serial(of: try await bench.token().token) == 2)
        #expect(bench.credentialCalls == 2)
    }

    // MARK: The end

    @Test func `shutdown ends the waiters and lets the running renewal be stored`() async throws {
        let bench = try KeeperBench()
        let gate = Gate()
        bench.transport.on("PATCH", "auth/refresh", KeeperBench.next(on: bench.clock, heldBy: gate))
        let stamp = try await bench.token().stamp
        let waiter = Task { try await bench.tokenAfterRejection(of: stamp) }
        await gate.arrival()
        let ending = Task { await bench.keeper.shutdown() }
        let error = await #expect(throws: EskizError.self) { try await waiter.value }
        #expect(error?.code == .shutDown)
        gate.open()
        await ending.value
        let stored = try await bench.store.load().record
        #expect(stored?.generation == 2)
        #expect(stored?.token.flatMap { KeeperBench.serial(of: $0) } == 2)
        #expect(bench.keeper.freshToken() == nil)
        let later = await #expect(throws: EskizError.self) { try await bench.token() }
        #expect(later?.code == .shutDown)
        #expect(bench.credentialCalls == 1)
    }

    @Test func `H5 a shutdown in a hurry gives a renewal two seconds and then gives it up`() async throws {
        let bench = try KeeperBench()
        let gate = Gate()
        bench.transport.on("PATCH", "auth/refresh", KeeperBench.next(on: bench.clock, heldBy: gate))
        bench.transport.on("POST", "auth/login", KeeperBench.next(on: bench.clock, heldBy: gate))
        _ = try await bench.token()
        let renewing = Task { try await bench.keeper.renew() }
        await gate.arrival()
        let ending = Task { await bench.keeper.shutdown() }
        let error = await #expect(throws: EskizError.self) { try await renewing.value }
        #expect(error?.code == .shutDown)
        ending.cancel()
        await bench.clock.sleeper(within: TokenKeeper.cancelledShutdownTimeout)
        bench.clock.advance(by: TokenKeeper.cancelledShutdownTimeout)
        // The gate is still closed.
        await ending.value
        let stored = try await bench.store.load().record
        #expect(stored == nil)
        // And the lock is free.
        let lock = try await bench.store.lock(until: bench.clock.now(), clock: bench.clock)
        lock.unlock()
    }

    // MARK: Without traffic

    @Test func `an idle token is renewed in time, again and again`() async throws {
        let bench = try KeeperBench()
        bench.transport.on("PATCH", "auth/refresh", KeeperBench.next(on: bench.clock))
        let running = Task { await bench.keeper.run() }
        await bench.events.reach(1) { if case .loaded = $0 { true } else { false } }
        for count in 1...4 {
            bench.clock.advance(by: KeeperBench.untilDue)
            await bench.events.reach(count) { if case .renewed = $0 { true } else { false } }
            // Joins the renewal if it is still on its way into the store.
            let (status, _) = try await bench.keeper.renewIfDue()
            #expect(status.generation == UInt64(count + 1))
            #expect(bench.credentialCalls == count)
        }
        running.cancel()
        await running.value
    }

    // MARK: Readers

    @Test func `readers never see the header of one token with the number of another`() async throws {
        let bench = try KeeperBench()
        bench.transport.on("PATCH", "auth/refresh", KeeperBench.next(on: bench.clock))
        _ = try await bench.token()
        let renewals = 20
        let headers = (0...renewals + 1).map { "Bearer " + SampleToken.jwt($0) }
        let torn = Tally()
        let missing = Tally()
        try await withThrowingTaskGroup { group in
            for _ in 0..<16 {
                group.addTask {
                    for turn in 0..<20_000 {
                        if let lease = bench.keeper.freshToken() {
                            if lease.header != headers[Int(lease.generation)] { torn.add() }
                        } else {
                            missing.add()
                        }
                        if turn.isMultiple(of: 100) { await Task.yield() }
                    }
                }
            }
            group.addTask {
                for _ in 0..<renewals { try await bench.keeper.renew() }
            }
            try await group.waitForAll()
        }
        #expect(torn.count == 0)
        #expect(missing.count == 0)
        #expect(bench.keeper.freshToken()?.generation == UInt64(renewals + 1))
    }

    // MARK: Many processes

    @Test func `two keepers on one file make one call`() async throws {
        try await withTemporaryFolder { folder async throws in
            let transport = ScriptedTransport()
            let clock = ManualClock()
            let one = try KeeperBench(
                transport: transport,
                clock: clock,
                store: FileTokenStore(directory: folder + "/state")
            )
            let other = try KeeperBench(
                transport: transport,
                clock: clock,
                store: FileTokenStore(directory: folder + "/state")
            )
            let gate = Gate()
            transport.on("PATCH", "auth/refresh", KeeperBench.next(on: clock, heldBy: gate))
            let (first, second) = (try await one.token().stamp, try await other.token().stamp)
            let leader = Task { try await one.tokenAfterRejection(of: first) }
            await gate.arrival()
            let follower = Task { try await other.tokenAfterRejection(of: second) }
            await clock.sleeper(within: .milliseconds(20))
            gate.open()
            #expect(KeeperBench.serial(of: try await leader.value) == 2)
            // The lock is free before anybody is told.
            clock.advance(by: .milliseconds(20))
            #expect(KeeperBench.serial(of: try await follower.value) == 2)
            #expect(one.credentialCalls == 1)
            await other.events.reach(1) { if case .adopted = $0 { true } else { false } }
        }
    }

    @Test func `a state directory that cannot be used costs no request, and is said once`() async throws {
        try await withTemporaryFolder { folder async throws in
            // A file in the directory's place: not even root can write into it.
            let place = folder + "/state"
            try "not a directory".write(toFile: place, atomically: true, encoding: .utf8)
            let bench = try KeeperBench(store: FileTokenStore(directory: place))
            bench.transport.on("PATCH", "auth/refresh", KeeperBench.next(on: bench.clock))
            let stamp = try await bench.token().stamp
            #expect(KeeperBench.serial(of: try await bench.tokenAfterRejection(of: stamp)) == 2)
            let status = try await bench.keeper.renew()
            #expect(status.generation == 3)
            #expect(status.isStoreDegraded)
            #expect(bench.events.count { if case .storeDegraded = $0 { true } else { false } } == 1)
            #expect(bench.log.text.contains(place))
        }
    }

    @Test func `a keeper that is let go leaves no alarm behind`() async throws {
        try await withTemporaryFolder { folder async throws in
            let place = folder + "/state"
            try "not a directory".write(toFile: place, atomically: true, encoding: .utf8)
            let clock = ManualClock()
            let watched = WatchedClock(clock)
            do {
                let bench = try KeeperBench(
                    clock: clock,
                    store: FileTokenStore(directory: place),
                    keeperClock: watched
                )
                bench.transport.on("PATCH", "auth/refresh", KeeperBench.next(on: clock))
                _ = try await bench.keeper.renew()
                // The token could not be stored: the keeper means to try again.
                await clock.sleeper(within: KeeperBench.life)
            }
            try await watched.nobodySleeps()
        }
    }
}
