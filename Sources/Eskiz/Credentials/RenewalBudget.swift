/// How many renewals may still be made: so many in a burst, and one more after each interval (A11).
///
/// Pure; time is nanoseconds of the elapsed clock. Not to be taken for tokens of Eskiz: what is counted are renewals.
struct RenewalBudget: Sendable {
    private let burst: Double
    private var left: Double
    private var countedAt: Int64?

    init(burst: Int) {
        self.burst = Double(burst)
        left = Double(burst)
    }

    /// One renewal out of the budget.
    ///
    /// - Returns: false if there is none left.
    mutating func take(at now: Int64, interval: Int64) -> Bool {
        if let countedAt, now > countedAt {
            left = min(burst, left + Double(now - countedAt) / Double(interval))
        }
        countedAt = max(now, countedAt ?? now)
        guard left >= 1 else { return false }
        left -= 1
        return true
    }

    /// When it allows the next renewal; waking before would only spin (T7).
    func next(interval: Int64) -> Int64 {
        guard left < 1, let countedAt else { return .min }
        let missing = ((1 - left) * Double(interval)).rounded(.up)
        return countedAt.addingClamped(Int64(min(missing, 1e18))).addingClamped(1_000)
    }
}

/// The wait after renewals that failed one after the other.
struct RenewalPause: Sendable {
    /// In a row.
    private(set) var failures = 0
    /// On the elapsed clock.
    private(set) var until: Int64 = .min

    static let none = RenewalPause()

    func isOver(at now: Instant) -> Bool { now.elapsed >= until }

    func left(at now: Instant) -> Duration { .nanoseconds(until.subtractingClamped(now.elapsed)) }

    /// One more failure.
    ///
    /// - Parameters:
    ///   - backoff: how long the pauses are.
    ///   - extra: how many failures it counts for beside itself.
    ///   - retryAfter: how long Eskiz asks to wait.
    ///   - now: the time.
    ///   - random: for the jitter.
    /// - Returns: the pause in nanoseconds.
    mutating func lengthen(
        by backoff: RenewalPolicy.Backoff,
        extra: Int = 0,
        retryAfter: Duration?,
        at now: Instant,
        using random: inout some RandomNumberGenerator
    ) -> Int64 {
        failures += 1
        let pause = backoff.pause(afterFailures: failures + extra, retryAfter: retryAfter, using: &random)
        until = now.elapsed.addingClamped(pause)
        return pause
    }

    /// Renewals have stopped failing; what makes them pause all the same stays.
    mutating func forgetFailures(keepingPause: Bool) {
        failures = 0
        if !keepingPause { until = .min }
    }
}
