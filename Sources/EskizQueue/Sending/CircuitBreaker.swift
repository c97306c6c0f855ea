import Eskiz

/// Whether it makes sense to send at all.
///
/// Pure; time is nanoseconds of the elapsed clock.
///
/// ```
/// closed ──(enough failures in the window, or nothing can go)──► open ──(pause)──► half open ──(success)──► closed
///                                                                  ▲                   │
///                                                                  └─────(failure)─────┘
/// ```
/// A refusal of one message is no failure here: Eskiz is well, and answers.
package struct CircuitBreaker: Sendable, Hashable {
    /// The state as listeners hear it.
    package enum Phase: String, Sendable, Hashable, CaseIterable {
        case closed
        case open
        case halfOpen = "half_open"

        /// For a gauge: 0 closed, 1 half open, 2 open.
        package var level: Int {
            switch self {
            case .closed: 0
            case .halfOpen: 1
            case .open: 2
            }
        }
    }

    /// Why it is open.
    package enum Reason: Sendable, Hashable {
        /// Eskiz cannot be reached or fails.
        case failures
        case blocked(RetryPolicy.Block)

        package var name: String {
            switch self {
            case .failures: "failures"
            case .blocked(let block): block.rawValue
            }
        }
    }

    /// What a send says about the way to Eskiz.
    package enum Sign: Sendable, Hashable {
        /// Eskiz answered as it should, be it with a refusal.
        case alive
        /// No connection, no answer, 5xx, or an answer that is none.
        case failure
        case blocked(RetryPolicy.Block)
        /// Nothing: it did not get as far.
        case none
    }

    /// So many failures within the window open it, if they are at least half of all results.
    package var threshold = 5
    package var window: Duration = .seconds(10)
    /// Pauses while Eskiz fails: short, because codes do not live long.
    package var failurePauses = Backoff(first: .seconds(1), cap: .seconds(30), floor: .milliseconds(500))
    /// Where Eskiz fails, another one is let through beside one that is not answered for so long: when Eskiz is only slow,
    /// codes would die while they wait for one another.
    package var probePatience: Duration = .seconds(5)
    /// Pauses while somebody has to do something: a token, a payment, an address.
    package var blockPauses = Backoff(first: .seconds(2), cap: .seconds(15), floor: .seconds(1))

    private enum State: Sendable, Hashable {
        case closed
        case open(until: Int64, Reason)
        case halfOpen(Reason, probedAt: Int64?)
    }

    private struct Bucket: Sendable, Hashable {
        var second: Int64
        var failures = 0
        var others = 0
    }

    private var state = State.closed
    private var buckets: [Bucket] = []
    /// Openings in a row without a success.
    private var openings = 0

    package init() {}

    package var phase: Phase {
        switch state {
        case .closed: .closed
        case .open: .open
        case .halfOpen: .halfOpen
        }
    }

    package var reason: Reason? {
        switch state {
        case .closed: nil
        case .open(_, let reason), .halfOpen(let reason, _): reason
        }
    }

    /// How many requests may begin: nil for any number.
    package mutating func permits(at now: Int64) -> Int? {
        if case .open(let until, let reason) = state, now >= until { state = .halfOpen(reason, probedAt: nil) }
        return switch state {
        case .closed: nil
        case .open: 0
        case .halfOpen: (nextPermit.map { now >= $0 } ?? !isProbing) ? 1 : 0
        }
    }

    private var isProbing: Bool {
        if case .halfOpen(_, .some) = state { true } else { false }
    }

    /// When it is worth asking again; nil if that is now, or depends on the one that is under way.
    package var nextPermit: Int64? {
        switch state {
        case .open(let until, _): until
        case .halfOpen(.failures, let probedAt): probedAt?.addingClamped(probePatience.nanoseconds)
        case .closed, .halfOpen(.blocked, _): nil
        }
    }

    /// One that half open lets through begins.
    ///
    /// - Returns: false unless there is room for it.
    package mutating func beginProbe(at now: Int64) -> Bool {
        guard case .halfOpen(let reason, _) = state, permits(at: now) == 1 else { return false }
        state = .halfOpen(reason, probedAt: now)
        return true
    }

    /// Somebody mended what blocked us: worth a try at once.
    package mutating func reconsider() {
        if case .open(_, let reason) = state { state = .halfOpen(reason, probedAt: nil) }
    }

    /// Notes what a send says.
    ///
    /// - Parameters:
    ///   - sign: what it says.
    ///   - isProbe: whether it was one that half open had let through.
    ///   - now: the time.
    ///   - random: for the jitter of a pause.
    package mutating func note(
        _ sign: Sign,
        isProbe: Bool,
        at now: Int64,
        using random: inout some RandomNumberGenerator
    ) {
        count(sign, at: now)
        switch (sign, state) {
        case (.alive, .open(_, .blocked)) where !isProbe:
            // Answers to what had left before we were blocked say nothing about it.
            break
        case (.alive, .halfOpen(.blocked, _)) where !isProbe:
            break
        case (.alive, _):
            state = .closed
            openings = 0
        case (.failure, .closed):
            if isTooMuch(at: now) { open(.failures, at: now, using: &random) }
        case (.failure, .halfOpen) where isProbe:
            open(.failures, at: now, using: &random)
        case (.blocked(let block), .closed):
            open(.blocked(block), at: now, using: &random)
        case (.blocked(let block), .halfOpen) where isProbe:
            open(.blocked(block), at: now, using: &random)
        case (.blocked(let block), .open(let until, .failures)):
            // The better reason of the two.
            state = .open(until: until, .blocked(block))
        case (.none, .halfOpen(let reason, _)) where isProbe:
            state = .halfOpen(reason, probedAt: nil)
        case (.failure, _), (.blocked, _), (.none, _):
            break
        }
    }

    private mutating func open(_ reason: Reason, at now: Int64, using random: inout some RandomNumberGenerator) {
        openings += 1
        let pauses = if case .blocked = reason { blockPauses } else { failurePauses }
        let pause = pauses.pause(afterFailures: openings, using: &random)
        state = .open(until: now.addingClamped(pause.nanoseconds), reason)
        buckets = []
    }

    private mutating func count(_ sign: Sign, at now: Int64) {
        guard sign == .alive || sign == .failure else { return }
        let second = now / .nanosecondsPerSecond
        let oldest = now.subtractingClamped(window.nanoseconds) / .nanosecondsPerSecond
        buckets.removeAll { $0.second <= oldest }
        if buckets.last?.second != second { buckets.append(Bucket(second: second)) }
        if sign == .failure {
            buckets[buckets.count - 1].failures += 1
        } else {
            buckets[buckets.count - 1].others += 1
        }
    }

    private func isTooMuch(at now: Int64) -> Bool {
        let failures = buckets.reduce(0) { $0 + $1.failures }
        let others = buckets.reduce(0) { $0 + $1.others }
        return failures >= threshold && failures >= others
    }
}
