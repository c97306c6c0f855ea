package import EskizQueue
import Synchronization

/// What was refused today and by which rule: kept in memory, because a refusal writes nothing.
package struct RefusalCounts: Sendable, Hashable {
    /// By the calendar of Tashkent.
    private var day: Int64?
    private var counts: [SendRefusal.Rule: Int] = [:]

    package init() {}

    package mutating func note(_ rule: SendRefusal.Rule, at now: Timestamp) {
        turn(at: now)
        counts[rule, default: 0] += 1
    }

    /// Those of today; a rule that refused nothing is left out.
    package mutating func today(at now: Timestamp) -> [SendRefusal.Rule: Int] {
        turn(at: now)
        return counts
    }

    private mutating func turn(at now: Timestamp) {
        let today = SendLimits.dayOfTashkent(now)
        guard day != today else { return }
        day = today
        counts = [:]
    }
}

extension Verifier {
    /// Counts a refusal, and is what is thrown for it.
    package func refused(_ refusal: SendRefusal) -> VerifyError {
        let now = queue.clock.timestamp
        refusals.withLock { $0.note(refusal.rule, at: now) }
        metrics?.refused(refusal.rule)
        return .refused(refusal)
    }

    /// How many codes were refused today, since this process began, by the rule that did it.
    package var refusalsToday: [SendRefusal.Rule: Int] {
        let now = queue.clock.timestamp
        return refusals.withLock { $0.today(at: now) }
    }

    /// What came of the codes of today; nothing where the store does not count it.
    package func conversionsToday() async throws(StoreError) -> [ConversionCount] {
        try await conversions?.conversions(since: SendLimits.beginOfTashkentDay(queue.clock.timestamp)) ?? []
    }
}

extension SendLimits {
    package static func beginOfTashkentDay(_ now: Timestamp) -> Timestamp { endOfTashkentDay(now) - day }
}
