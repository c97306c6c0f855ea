import Eskiz

/// What is under way, and what may begin next: lanes, rate limit and circuit breaker together.
///
/// Pure; time is nanoseconds of the elapsed clock. The dispatcher keeps one behind a lock.
struct Traffic: Sendable {
    private(set) var schedule: LaneSchedule
    private var limiter: RateLimiter
    private var laneHolds = LaneHolds()
    private(set) var breaker: CircuitBreaker
    private var random: SplitMix64
    /// Requests between their claim and the end of their settlement.
    private(set) var inFlight: [Lane: Int] = [:]
    /// Of these: those of which bytes may have left and whose answer is not written down.
    private(set) var writing = 0
    private(set) var isStopping = false
    /// More waits than the last claim had room for: a slot that becomes free is news.
    private(set) var hasMore = false
    /// The store was thought to have codes waiting that it does not give.
    private var isHintWrong = false
    private var toldPhase = CircuitBreaker.Phase.closed
    /// When the phase became what it is.
    private var phaseSince: Int64 = 0
    private var toldThrottle = false
    /// The quiet hours of the lane `bulk` that it is now.
    private var quiet: (since: Int64, until: Int64)?
    private let otpReserve: Double
    private let concurrency: Int

    init(configuration: QueueConfiguration, breaker: CircuitBreaker = CircuitBreaker(), seed: UInt64) {
        schedule = LaneSchedule(concurrency: configuration.concurrency, otpReserve: configuration.otpReserve)
        limiter = RateLimiter(rate: configuration.rateLimit, otpReserve: configuration.otpReserve)
        otpReserve = configuration.otpReserve
        concurrency = configuration.concurrency
        self.breaker = breaker
        random = SplitMix64(seed: seed)
    }

    enum Plan: Sendable, Hashable {
        case claim(LaneSchedule.Turn)
        /// Nothing may begin before that moment, unless something new comes; nil: before something ends.
        case wait(until: Int64?)
        /// Nothing may begin before that moment, whatever comes; nil: before something ends.
        case rest(until: Int64?)
    }

    /// Of the tokens there can be, so many are for codes.
    private var reservedTokens: Int {
        limiter.rate == nil ? 0 : Int((limiter.burst * otpReserve).rounded(.down))
    }

    /// What the account may send, and at once, is shared with so many others.
    mutating func share(with others: Int, at now: Int64) {
        limiter.share(among: others + 1, at: now)
        let portion = max(1, concurrency / (others + 1))
        if schedule.concurrency != portion {
            schedule = LaneSchedule(concurrency: portion, otpReserve: otpReserve)
        }
    }

    /// Eskiz has said something to another gateway of the account.
    mutating func hear(_ news: AccountNews, for time: Duration, at now: Int64) {
        switch news {
        case .throttled(let lane): throttled(lane, for: time, Trial(), at: now)
        case .blocked(let block):
            if breaker.phase == .closed { note(.blocked(block), isProbe: false, at: now) }
        }
    }

    /// Notes the quiet hours that it is now; nil for none.
    mutating func keepsQuiet(since: Int64, until: Int64) { quiet = (since, until) }
    mutating func keepsQuietNoMore() { quiet = nil }

    private func quietEnd(at now: Int64) -> Int64? {
        quiet.flatMap { now < $0.until ? $0.until : nil }
    }

    /// What to do next.
    mutating func plan(depth: QueueDepth, at now: Int64) -> Plan {
        let permits = breaker.permits(at: now)
        let tokens = limiter.available(at: now)
        let limits = limits(at: now)
        if let permits {
            hasMore = true
            guard permits > 0 else { return .rest(until: breaker.nextPermit) }
            guard tokens > 0 else { return .rest(until: limiter.nextAvailable(at: now)) }
            // A single message shows whether Eskiz is back: a code, if there is one.
            let shares = Lane.allCases.filter { limits[$0] != 0 }.map { ClaimRequest.Share($0, 1) }
            guard !shares.isEmpty else { return .rest(until: nextChange(at: now)) }
            return .claim(.init(shares: shares, limit: 1, scope: .allLanes))
        }
        let waiting = isHintWrong ? 0 : max(0, depth[.otp] - inFlight[.otp, default: 0])
        let supply = LaneSchedule.Supply(
            inFlight: inFlight,
            tokens: tokens,
            reservedTokens: reservedTokens,
            otpWaiting: waiting,
            limits: limits
        )
        guard let turn = schedule.next(supply) else {
            hasMore = true
            return .wait(until: nextChange(at: now))
        }
        return .claim(turn)
    }

    /// What a claim brought.
    ///
    /// - Returns: whether to claim again at once.
    mutating func claimed(_ count: Int, of turn: LaneSchedule.Turn) -> Bool {
        let isFilled = count >= turn.limit
        isHintWrong = turn.scope == .codesFirst && !isFilled
        hasMore = isFilled || turn.scope != .allLanes || breaker.phase != .closed
        if breaker.phase != .closed { return false }
        return isFilled || turn.scope == .codesFirst
    }

    /// How many requests of each lane may begin, where a hold or a debt says so.
    private mutating func limits(at now: Int64) -> [Lane: Int] {
        var limits: [Lane: Int] = [:]
        for lane in Lane.allCases {
            let isHeld = limiter.isInDebt(lane, at: now) || lane == .bulk && quietEnd(at: now) != nil
            let limit = isHeld ? 0 : laneHolds.limit(of: lane, at: now)
            if limit < .max { limits[lane] = limit }
        }
        return limits
    }

    /// When something may begin that may not now, if it waits for a moment: for tokens, a debt or a hold.
    mutating func nextChange(at now: Int64) -> Int64? {
        var moments = [limiter.nextAvailable(reservedTokens + 1, at: now), laneHolds.nextChange(at: now)]
        moments += Lane.allCases.map { limiter.debtPaid($0, at: now) }
        moments.append(quietEnd(at: now))
        return moments.compactMap(\.self).min()
    }

    /// What a request that begins tries beside sending its message.
    struct Trial: Sendable, Hashable {
        /// Whether Eskiz is back.
        var isProbe = false
        /// Whether its lane may go on after a hold.
        var isOfLane = false
    }

    /// A request begins.
    mutating func depart(_ lane: Lane, messages: Int, at now: Int64) -> Trial {
        inFlight[lane, default: 0] += 1
        limiter.take(messages, of: lane, at: now)
        return Trial(isProbe: breaker.beginProbe(at: now), isOfLane: laneHolds.depart(lane, at: now))
    }

    /// Eskiz said that a request was too much.
    ///
    /// - Returns: whether that was news.
    @discardableResult
    mutating func throttled(_ lane: Lane, for pause: Duration, _ trial: Trial, at now: Int64) -> Bool {
        let isNews = laneHolds.throttled(lane, for: pause, isTrial: trial.isOfLane, at: now)
        if isNews { limiter.slowDown(at: now) }
        return isNews
    }

    /// What else became of a request; `isAnswer`: Eskiz answered it.
    mutating func ended(_ lane: Lane, _ trial: Trial, isAnswer: Bool, at now: Int64) {
        guard trial.isOfLane else { return }
        if isAnswer { laneHolds.passed(lane) } else { laneHolds.abandoned(lane, at: now) }
    }

    /// What keeps messages from being sent.
    mutating func holds(at now: Int64) -> [ElapsedHold] {
        var holds: [ElapsedHold] = []
        if breaker.phase != .closed, let reason = breaker.reason {
            let next = breaker.nextPermit.flatMap { $0 > now ? $0 : nil }
            holds.append(
                ElapsedHold(reason: .init(reason), lanes: Lane.allCases, since: phaseSince, until: next)
            )
        }
        let held = laneHolds.held(at: now)
        for lane in Lane.allCases {
            guard let (since, until) = held[lane] else { continue }
            holds.append(ElapsedHold(reason: .throttled, lanes: [lane], since: since, until: until))
        }
        for lane in Lane.allCases {
            // A limit that is used to the full is no hold: only what takes long is worth telling.
            guard let end = limiter.debtPaid(lane, at: now), end - now >= Self.shortDebt.nanoseconds else { continue }
            holds.append(ElapsedHold(reason: .rate, lanes: [lane], since: now, until: end))
        }
        if let quiet, now < quiet.until {
            holds.append(ElapsedHold(reason: .quietHours, lanes: [.bulk], since: quiet.since, until: quiet.until))
        }
        return holds
    }

    private static let shortDebt: Duration = .seconds(5)

    /// Whether lanes wait because Eskiz said so, if that is not what it was at the last call.
    mutating func throttleNews(at now: Int64) -> (isHeld: Bool, [Lane])? {
        let held = laneHolds.held(at: now)
        guard held.isEmpty == toldThrottle else { return nil }
        toldThrottle.toggle()
        return (toldThrottle, Lane.allCases.filter { held[$0] != nil })
    }

    mutating func land(_ lane: Lane) {
        inFlight[lane, default: 0] -= 1
    }

    /// Whether a request may leave now, and if so, that it is about to.
    mutating func beginWriting(isProbe: Bool) -> Bool {
        guard !isStopping, isProbe || breaker.phase == .closed else { return false }
        writing += 1
        return true
    }

    mutating func endWriting() {
        writing -= 1
    }

    mutating func stop() {
        isStopping = true
    }

    /// Notes what a send says about the way to Eskiz.
    mutating func note(_ sign: CircuitBreaker.Sign, isProbe: Bool, at now: Int64) {
        breaker.note(sign, isProbe: isProbe, at: now, using: &random)
    }

    /// The breaker's phase and reason, if the phase is not what it was at the last call.
    mutating func breakerNews(at now: Int64) -> (phase: CircuitBreaker.Phase, reason: CircuitBreaker.Reason?)? {
        guard breaker.phase != toldPhase else { return nil }
        // Half open and open in turn are one time of trouble.
        if toldPhase == .closed || breaker.phase == .closed { phaseSince = now }
        toldPhase = breaker.phase
        return (breaker.phase, breaker.reason)
    }

    /// What blocked us may be mended.
    mutating func reconsider() {
        breaker.reconsider()
    }

    /// Draws for somebody who needs chance.
    mutating func draw<Value>(_ body: (inout SplitMix64) -> Value) -> Value {
        body(&random)
    }
}
