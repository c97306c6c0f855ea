import Eskiz
import EskizQueue

/// What charts are drawn from.
///
/// A week is a hundred thousand rows, and an open page asks twice a second while there is traffic: of what covers a long
/// time a few seconds make no difference to anybody.
actor ChartCache {
    private let queue: MessageQueue
    private var known: [ChartRange: (buckets: [ActivityBucket], until: Timestamp)] = [:]

    init(queue: MessageQueue) {
        self.queue = queue
    }

    func buckets(of range: ChartRange) async throws(StoreError) -> [ActivityBucket] {
        let now = queue.clock.timestamp
        if let known = known[range], now < known.until, known.until - now <= range.freshness { return known.buckets }
        let buckets = try await queue.store.activity(
            from: range.starts(at: now)[0],
            to: now + .seconds(1),
            step: range.step
        )
        known[range] = (buckets, now + range.freshness)
        return buckets
    }
}

extension ChartRange {
    /// How old a chart may be.
    var freshness: Duration {
        switch self {
        case .hour: .zero
        case .day: .seconds(5)
        case .week: .seconds(20)
        }
    }
}
