import EskizQueue

/// When a webhook that was not heard is sent again.
///
/// Pure.
///
/// Five seconds, then twice as long each time up to an hour, for about a day; each pause is stretched or shortened by up
/// to a quarter, so that what failed together does not come back together.
struct WebhookSchedule: Sendable, Hashable {
    var first: Duration = .seconds(5)
    var longest: Duration = .seconds(3_600)
    /// 10 pauses that double and 23 of an hour: 24 hours and 25 minutes.
    var attemptLimit = 34
    /// Whoever asks for more has to be content with this.
    var longestRetryAfter: Duration = .seconds(6 * 3_600)

    /// The pause after so many attempts in vain; nil when that is enough.
    ///
    /// - Parameters:
    ///   - attempts: how many there were, this one included.
    ///   - retryAfter: how long the receiver asks to wait.
    ///   - random: any number.
    /// - Returns: the pause, or nil to give up.
    func pause(after attempts: Int, retryAfter: Duration?, random: UInt64) -> Duration? {
        guard attempts < attemptLimit else { return nil }
        var pause = first
        for _ in 1..<max(attempts, 1) where pause < longest { pause *= 2 }
        pause = min(pause, longest)
        // 0.75 to 1.25.
        let jittered = pause * (0.75 + Double(random % 1_000_000) / 2_000_000)
        guard let retryAfter else { return jittered }
        return max(jittered, min(retryAfter, longestRetryAfter))
    }

    /// For how long a receiver is tried that never answers, when each pause is stretched.
    var patience: Duration {
        (1..<attemptLimit).reduce(.zero) { total, attempts in
            total + (pause(after: attempts, retryAfter: nil, random: 999_999) ?? .zero)
        }
    }

    /// What comes of an attempt.
    func result(
        of outcome: WebhookOutcome,
        attempt: Int,
        at now: Timestamp,
        random: UInt64
    ) -> WebhookResult {
        switch outcome {
        case .answered(200..<300, _): return .delivered
        case .answered(410, _): return .dead(reason: "The receiver answered 410: it wants no more of these.")
        case .pointless(let reason): return .dead(reason: reason)
        case .answered(let status, let retryAfter):
            return again(after: attempt, "The receiver answered \(status).", retryAfter, now, random)
        case .failed(let reason):
            return again(after: attempt, reason, nil, now, random)
        }
    }

    private func again(
        after attempt: Int,
        _ reason: String,
        _ retryAfter: Duration?,
        _ now: Timestamp,
        _ random: UInt64
    ) -> WebhookResult {
        guard let pause = pause(after: attempt, retryAfter: retryAfter, random: random) else {
            return .dead(reason: "\(reason) Given up after \(attempt) attempts.")
        }
        return .retry(at: now + pause, reason: reason)
    }
}

/// How an attempt to tell an application ended.
enum WebhookOutcome: Sendable, Hashable {
    case answered(status: Int, retryAfter: Duration?)
    /// No answer; half a sentence would do, but it stands alone: no address, no body.
    case failed(reason: String)
    /// It would fail each time.
    case pointless(reason: String)
}
