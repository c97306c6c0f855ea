import Eskiz

/// What is under way, and what may begin next: lanes, rate limit and circuit breaker together.
///
/// Pure; time is nanoseconds of the elapsed clock. The dispatcher keeps one behind a lock.
struct Traffic: Sendable {
    private(set) var schedule: LaneSchedule
    var limiter: RateLimiter
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
    private let otpReserve: Double

    init(configuration: QueueConfiguration, breaker: CircuitBreaker = CircuitBreaker(), seed: UInt64) {
        schedule = LaneSchedule(concurrency: configuration.concurrency, otpReserve: configuration.otpReserve)
        limiter = RateLimiter(rate: configuration.rateLimit)
        otpReserve = configuration.otpReserve
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

    /// What to do next.
    mutating func plan(depth: QueueDepth, at now: Int64) -> Plan {
        let permits = breaker.permits(at: now)
        let tokens = limiter.available(at: now)
        if let permits {
            hasMore = true
            guard permits > 0 else { return .rest(until: breaker.nextPermit) }
            guard tokens > 0 else { return .rest(until: limiter.nextAvailable(at: now)) }
            // A single message shows whether Eskiz is back: a code, if there is one.
            let shares = Lane.allCases.map { ClaimRequest.Share($0, 1) }
            return .claim(.init(shares: shares, limit: 1, scope: .allLanes))
        }
        let waiting = isHintWrong ? 0 : max(0, depth[.otp] - inFlight[.otp, default: 0])
        let supply = LaneSchedule.Supply(
            inFlight: inFlight,
            tokens: tokens,
            reservedTokens: reservedTokens,
            otpWaiting: waiting
        )
        guard let turn = schedule.next(supply) else {
            hasMore = true
            return .wait(until: tokens == 0 ? limiter.nextAvailable(at: now) : nil)
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

    /// When more tokens come for those who found none, if they are what was missing.
    mutating func nextToken(at now: Int64) -> Int64? {
        limiter.nextAvailable(reservedTokens + 1, at: now)
    }

    /// A request begins.
    ///
    /// - Returns: whether it is the one that tries whether Eskiz is back.
    mutating func depart(_ lane: Lane, messages: Int, at now: Int64) -> Bool {
        inFlight[lane, default: 0] += 1
        limiter.take(messages, at: now)
        return breaker.beginProbe(at: now)
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
    mutating func breakerNews() -> (phase: CircuitBreaker.Phase, reason: CircuitBreaker.Reason?)? {
        guard breaker.phase != toldPhase else { return nil }
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
