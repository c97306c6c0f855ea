package import Eskiz
package import Logging
import ServiceLifecycle
import Synchronization

/// Takes messages out of the store and hands them to Eskiz: claim, send, settle.
///
/// What to do is decided by pure values (`Traffic`, `RetryPolicy`); this is the shell that does it. It wakes when a message
/// is accepted, when one is due, when a slot becomes free, and when limiter or breaker allow more; nothing on the way
/// from the bell to the first byte waits for a timer.
///
/// No call of the store is held across a call of Eskiz, and none of Eskiz across one of the store.
package final class Dispatcher: Service {
    let queue: MessageQueue
    let client: EskizClient
    let logger: Logger
    let policy: RetryPolicy
    let health: StoreHealth
    private let traffic: Mutex<Traffic>
    /// Wakes the stopping dispatcher when a message in flight is settled.
    private let writingEnded = WakeSignal()

    /// Pauses while the store does not work.
    private static let storePauses = Backoff(first: .milliseconds(100), cap: .seconds(5), floor: .milliseconds(50))
    /// Between two looks at the store when nobody wakes us: another host of a fleet may have accepted something.
    private static let lookAgain: Duration = .seconds(5)

    package init(
        queue: MessageQueue,
        client: EskizClient,
        logger: Logger,
        random: @Sendable () -> UInt64 = { UInt64.random(in: 0 ... .max) }
    ) {
        self.queue = queue
        self.client = client
        self.logger = logger
        policy = RetryPolicy(settleTime: queue.configuration.settleTime)
        health = StoreHealth(logger: logger, metrics: queue.events.metrics)
        traffic = Mutex(Traffic(configuration: queue.configuration, seed: random()))
    }

    /// Sends until it is told to stop, then lets what is in flight end.
    package func run() async throws {
        await withGracefulShutdownHandler {
            await takeBack()
            await withDiscardingTaskGroup { group in
                group.addTask { await self.keepLeases() }
                var quietUntil: Int64?
                while let flights = await nextFlights(&quietUntil) {
                    for flight in flights { group.addTask { await self.fly(flight) } }
                }
                await settleDown()
                group.cancelAll()
            }
        } onGracefulShutdown: {
            self.stop()
        }
    }

    private func stop() {
        traffic.withLock { $0.stop() }
        queue.work.ring()
        writingEnded.ring()
    }

    // MARK: Claiming

    /// One request to Eskiz and the messages in it.
    struct Flight: Sendable {
        var claims: [Claim]
        var lane: Lane
        var isBatch: Bool
        /// What it tries beside.
        var trial = Traffic.Trial()
        /// The clock by which the moments of its messages go: a step meanwhile does not make them late or early.
        var line: ClockLine
    }

    /// Waits until something may be sent, and claims it; nil when it is time to stop.
    ///
    /// - Parameter quietUntil: until when, as far as the last claim could see, there is nothing to do unless somebody rings.
    /// - Returns: requests to begin.
    private func nextFlights(_ quietUntil: inout Int64?) async -> [Flight]? {
        var failures = 0
        var lost: LostClaims?
        while !isStopping {
            if let moment = quietUntil {
                quietUntil = nil
                await sleep(until: moment)
                continue
            }
            if queue.takeReconsideration() { traffic.withLock { $0.reconsider() } }
            keepQuiet()
            hearOfOthers()
            let others = queue.store.fleet?.otherGateways ?? 0
            let plan = traffic.withLock { traffic in
                let now = clock.now().elapsed
                traffic.share(with: others, at: now)
                return traffic.plan(depth: queue.store.depth, at: now)
            }
            announceHolds()
            switch plan {
            case .wait(let until):
                await sleep(until: until)
            case .rest(let until):
                queue.setDispatcherResting(true)
                await sleep(until: until)
                queue.setDispatcherResting(false)
            case .claim(let turn):
                do {
                    if let claims = lost { lost = try await takeBack(claims) }
                    let line = clock.line
                    let result = try await claim(turn, on: line)
                    health.worked()
                    failures = 0
                    let again = traffic.withLock { $0.claimed(result.claims.count, of: turn) }
                    queue.publish(result.expired)
                    quietUntil = again ? nil : nextMoment(result.nextDue)
                    if !result.claims.isEmpty { return depart(result.claims, on: line) }
                } catch {
                    health.failed(error)
                    failures += 1
                    // It may have been written all the same, or be written yet.
                    let now = clock.now().elapsed
                    lost = LostClaims(until: now.addingClamped(queue.configuration.lease.nanoseconds), next: now)
                    await rest(for: storePause(afterFailures: failures))
                }
            }
        }
        return nil
    }

    /// Claims of which we may not have been told: until when to look for them, and when next, on the elapsed clock.
    private struct LostClaims {
        var until: Int64
        var next: Int64
    }

    private static let lostClaimPause: Duration = .seconds(1)

    /// Takes back what was claimed for us and we were not told of.
    ///
    /// Nobody else claims for this process, so what it does not have in hand it will never send.
    private func takeBack(_ lost: LostClaims) async throws(StoreError) -> LostClaims? {
        let now = clock.now().elapsed
        guard now >= lost.next else { return lost }
        let recovery = try await queue.store.recover(
            claimsOf: queue.configuration.owner,
            sparing: queue.inHand.ids,
            at: clock.timestamp
        )
        if !recovery.queued.isEmpty || !recovery.unknown.isEmpty {
            queue.publish(recovery.queued + recovery.unknown)
            logger.notice(
                "Messages were taken back whose claim had failed half-way",
                metadata: [QueueLogKeys.count: "\(recovery.queued.count)"]
            )
        }
        let next = now.addingClamped(Self.lostClaimPause.nanoseconds)
        return next > lost.until ? nil : LostClaims(until: lost.until, next: next)
    }

    /// Looks whether it is night.
    private func keepQuiet() {
        guard let hours = queue.configuration.quietHours else { return }
        let now = clock.now()
        let wall = Timestamp(now)
        guard let (since, until) = hours.around(wall) else { return traffic.withLock { $0.keepsQuietNoMore() } }
        traffic.withLock {
            $0.keepsQuiet(
                since: now.elapsed.addingClamped((since - wall).nanoseconds),
                until: now.elapsed.addingClamped((until - wall).nanoseconds)
            )
        }
    }

    private func claim(_ turn: LaneSchedule.Turn, on line: ClockLine) async throws(StoreError) -> ClaimResult {
        let now = clock.timestamp(on: line)
        let request = ClaimRequest(
            owner: queue.configuration.owner,
            leaseUntil: now + queue.configuration.lease,
            shares: turn.shares,
            limit: turn.limit
        )
        return try await queue.store.claim(request, at: now)
    }

    private func depart(_ claims: [Claim], on line: ClockLine) -> [Flight] {
        queue.inHand.take(claims)
        queue.events.publish(claims.map(\.message))
        let now = clock.now().elapsed
        let flights = Self.flights(of: claims, on: line).map { flight in
            var flight = flight
            flight.trial = traffic.withLock { $0.depart(flight.lane, messages: flight.claims.count, at: now) }
            return flight
        }
        announceHolds()
        measureTraffic()
        return flights
    }

    /// Claims of one batch go together, however many; everything else goes alone.
    ///
    /// Whoever gave a batch wanted one request, and is told one answer. How many are too many, nobody documents
    /// (eskiz-api.md §4.2), so that is for Eskiz to say.
    static func flights(of claims: [Claim], on line: ClockLine) -> [Flight] {
        struct Mailing: Hashable {
            var batch: MessageID
            var sender: String
        }
        var flights: [Flight] = []
        var open: [Mailing: Int] = [:]
        for claim in claims {
            guard let batch = claim.message.batch else {
                flights.append(Flight(claims: [claim], lane: claim.message.lane, isBatch: false, line: line))
                continue
            }
            let mailing = Mailing(batch: batch.id, sender: claim.message.sender)
            if let index = open[mailing] {
                flights[index].claims.append(claim)
            } else {
                open[mailing] = flights.count
                flights.append(Flight(claims: [claim], lane: claim.message.lane, isBatch: true, line: line))
            }
        }
        return flights
    }

    /// When to look again, after a claim that left room.
    private func nextMoment(_ nextDue: Timestamp?) -> Int64 {
        let now = clock.now()
        var moment = now.elapsed.addingClamped(Self.lookAgain.nanoseconds)
        if let nextDue {
            // A moment later rather than earlier: a wake-up too early is a wake-up too many.
            let wait = max(.zero, nextDue - Timestamp(now)) + .milliseconds(1)
            moment = min(moment, now.elapsed.addingClamped(wait.nanoseconds))
        }
        if let change = traffic.withLock({ $0.nextChange(at: now.elapsed) }) { moment = min(moment, change) }
        return moment
    }

    private func sleep(until moment: Int64?) async {
        if let moment {
            await queue.work.wait(untilElapsed: moment, by: clock)
        } else {
            await queue.work.wait()
        }
    }

    /// Waits, whoever rings, except for the end.
    private func rest(for pause: Duration) async {
        let end = clock.now().elapsed.addingClamped(pause.nanoseconds)
        while !isStopping, clock.now().elapsed < end { await sleep(until: end) }
    }

    // MARK: Beginning and end

    /// Takes back what a former process had in hand.
    private func takeBack() async {
        var failures = 0
        while !isStopping {
            do {
                try await queue.followClock(logger: logger)
                // Others that send from the same store are known by their leases; else nobody else can be alive.
                let isShared = queue.store.fleet != nil
                let recovery = try await queue.store.recover(
                    everythingBut: isShared ? nil : queue.configuration.owner,
                    at: clock.timestamp
                )
                health.worked()
                queue.tell(recovery, logger: logger)
                return
            } catch {
                health.failed(error)
                failures += 1
                await rest(for: storePause(afterFailures: failures))
            }
        }
    }

    private func keepLeases() async {
        let lease = queue.configuration.lease
        while !Task.isCancelled {
            let next = clock.now().elapsed.addingClamped((lease / 3).nanoseconds)
            guard (try? await clock.sleep(untilElapsed: next)) != nil else { return }
            guard traffic.withLock({ $0.inFlight.values.contains { $0 > 0 } }) else { continue }
            do {
                try await queue.store.extendLeases(owner: queue.configuration.owner, until: clock.timestamp + lease)
                health.worked()
            } catch {
                health.failed(error)
            }
        }
    }

    /// Waits for what may have left, but not for ever; the rest is released by being cancelled.
    private func settleDown() async {
        let end = clock.now().elapsed.addingClamped(queue.configuration.grace.nanoseconds)
        while traffic.withLock({ $0.writing > 0 }), !Task.isCancelled, clock.now().elapsed < end {
            await writingEnded.wait(untilElapsed: end, by: clock)
        }
    }

    // MARK: For flights

    var clock: SteadyClock { queue.clock }

    private var isStopping: Bool { Task.isCancelled || traffic.withLock { $0.isStopping } }

    func draw<Value: Sendable>(_ body: @Sendable (inout SplitMix64) -> Value) -> Value {
        traffic.withLock { $0.draw(body) }
    }

    func storePause(afterFailures failures: Int) -> Duration {
        draw { Self.storePauses.pause(afterFailures: failures, using: &$0) }
    }

    func beginWriting(isProbe: Bool) -> Bool {
        traffic.withLock { $0.beginWriting(isProbe: isProbe) }
    }

    func endWriting() {
        traffic.withLock { $0.endWriting() }
        if isStopping { writingEnded.ring() }
    }

    /// Notes what a send says about the way to Eskiz; `isAnswer`: Eskiz answered it.
    func note(_ sign: CircuitBreaker.Sign, of flight: Flight, isAnswer: Bool) {
        let now = clock.now().elapsed
        let isBlocked = traffic.withLock { traffic in
            let former = traffic.breaker.phase
            traffic.note(sign, isProbe: flight.trial.isProbe, at: now)
            traffic.ended(flight.lane, flight.trial, isAnswer: isAnswer, at: now)
            return former == .closed && traffic.breaker.phase == .open
        }
        if isBlocked, case .blocked(let block) = sign {
            queue.accountNews.tell(.blocked(block), for: AccountNews.blockLife)
        }
        announceHolds()
    }

    /// Takes over what Eskiz has said to the other gateways of the account.
    private func hearOfOthers() {
        let heard = queue.accountNews.takeHeard()
        guard !heard.isEmpty else { return }
        let now = clock.now().elapsed
        traffic.withLock { traffic in
            for item in heard { traffic.hear(item.news, for: item.time, at: now) }
        }
    }

    /// Eskiz said that it was too much.
    func throttled(_ flight: Flight, for pause: Duration) {
        let now = clock.now().elapsed
        let isNews = traffic.withLock { traffic in
            traffic.note(.none, isProbe: flight.trial.isProbe, at: now)
            return traffic.throttled(flight.lane, for: pause, flight.trial, at: now)
        }
        if isNews { queue.accountNews.tell(.throttled(flight.lane), for: min(pause, LaneHolds.laneLimit)) }
        queue.events.metrics?.throttled(flight.lane)
        announceHolds()
    }

    /// A request has ended.
    ///
    /// `isNews`: a message is to be tried again, so there is a new moment to wait for.
    func land(_ flight: Flight, isNews: Bool) {
        queue.inHand.letGo(flight.claims)
        let hasMore = traffic.withLock { traffic in
            traffic.land(flight.lane)
            return traffic.hasMore
        }
        measureTraffic()
        if hasMore || isNews { queue.work.ring() }
    }

    private func measureTraffic() {
        guard let metrics = queue.events.metrics else { return }
        metrics.inFlight(traffic.withLock { $0.inFlight })
    }

    /// Tells whoever looks what keeps messages from being sent.
    private func announceHolds() {
        let now = clock.now().elapsed
        let (breaker, throttle, holds) = traffic.withLock { traffic in
            (traffic.breakerNews(at: now), traffic.throttleNews(at: now), traffic.holds(at: now))
        }
        queue.provider.holds(holds)
        if let breaker { announce(breaker.phase, breaker.reason) }
        guard let (isHeld, lanes) = throttle else { return }
        guard isHeld else {
            logger.notice("No lane waits any more because Eskiz had too many requests")
            // The ones that waited may go.
            queue.work.ring()
            return
        }
        let until = holds.filter { $0.reason == .throttled }.compactMap(\.until).max() ?? now
        logger.warning(
            "Eskiz has too many requests; messages of these lanes wait",
            metadata: [
                QueueLogKeys.lanes: "\(lanes.map(\.rawValue).joined(separator: ","))",
                QueueLogKeys.holdSeconds: "\(max(0, until - now) / 1_000_000_000)",
            ]
        )
    }

    private func announce(_ phase: CircuitBreaker.Phase, _ reason: CircuitBreaker.Reason?) {
        queue.events.metrics?.breaker(phase, reason: reason)
        queue.provider.breaker(phase, reason: reason, at: clock.timestamp)
        queue.events.publish(.breaker(phase.rawValue))
        switch phase {
        case .open:
            let metadata: Logger.Metadata = [QueueLogKeys.reason: "\(reason?.name ?? "")"]
            if case .blocked = reason {
                logger.error("No message can be sent until somebody mends it; all of them wait", metadata: metadata)
            } else {
                logger.warning("Eskiz fails; messages wait until it answers again", metadata: metadata)
            }
        case .halfOpen:
            logger.debug("One message tries whether Eskiz is back")
        case .closed:
            logger.notice("Eskiz takes messages again")
            queue.work.ring()
        }
    }
}

extension MessageQueue {
    /// Tells of what was taken back from processes that are gone.
    func tell(_ recovery: Recovery, logger: Logger) {
        guard !recovery.queued.isEmpty || !recovery.unknown.isEmpty else { return }
        publish(recovery.queued + recovery.unknown)
        work.ring()
        logger.notice(
            "Messages of a process that is gone were taken back",
            metadata: [
                QueueLogKeys.count: "\(recovery.queued.count)",
                QueueLogKeys.unknownCount: "\(recovery.unknown.count)",
            ]
        )
    }
}
