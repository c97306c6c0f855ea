import Synchronization

/// How Eskiz does, as this process sees it: for pages.
package struct ProviderState: Sendable, Hashable {
    package var phase = CircuitBreaker.Phase.closed
    /// Why it is not closed.
    package var reason: CircuitBreaker.Reason?
    /// Since when the phase is what it is; nil if it has always been.
    package var since: Timestamp?
    /// How long Eskiz took to answer, the newest last, at most `ProviderWatch.answerLimit`.
    package var answers: [Duration] = []
    /// Its clock minus ours; nil while that is not known.
    package var clockOffset: Duration?

    package init() {}

    /// How long Eskiz took for a share of the last answers.
    ///
    /// - Parameter share: from 0 to 1: 0.95 for the 95th percentile.
    /// - Returns: the time that so many did not exceed; nil without answers.
    package func answerTime(_ share: Double) -> Duration? {
        guard !answers.isEmpty else { return nil }
        let rank = Int((Double(answers.count) * min(max(share, 0), 1)).rounded(.up))
        return answers.sorted()[max(rank, 1) - 1]
    }
}

/// Remembers how Eskiz does.
package final class ProviderWatch: Sendable {
    package static let answerLimit = 200

    private let known = Mutex(ProviderState())
    private let held = Mutex<[ElapsedHold]>([])

    package init() {}

    package var state: ProviderState { known.withLock { $0 } }

    package func breaker(_ phase: CircuitBreaker.Phase, reason: CircuitBreaker.Reason?, at now: Timestamp) {
        known.withLock { known in
            known.phase = phase
            known.reason = reason
            known.since = now
        }
    }

    /// What keeps messages from being sent, by the dispatcher's last look.
    var elapsedHolds: [ElapsedHold] { held.withLock { $0 } }

    package func holds(_ holds: [ElapsedHold]) { held.withLock { $0 = holds } }

    package func clock(_ offset: Duration?) {
        known.withLock { $0.clockOffset = offset }
    }

    package func answered(in duration: Duration) {
        known.withLock { known in
            if known.answers.count >= Self.answerLimit { known.answers.removeFirst() }
            known.answers.append(duration)
        }
    }
}
