import EskizPages
import EskizQueue
import EskizText
import EskizWords

/// How fast and how surely messages arrive, operator by operator.
///
/// Pure. Times are kept in steps, so what is known is that so many were as fast as the end of a step.
struct DeliveryPace {
    struct Row: Sendable, Hashable {
        /// Nil for numbers abroad, and of prefixes that nobody has told us of.
        var name: String?
        var counts: ActivityCounts
    }

    /// The one with the most messages first.
    let rows: [Row]
    let total: ActivityCounts

    init(_ buckets: [ActivityBucket]) {
        var byName: [String?: ActivityCounts] = [:]
        for bucket in buckets {
            for (prefix, counts) in bucket.operators {
                byName[MobileOperator(prefix: prefix.rawValue)?.name, default: ActivityCounts()] += counts
            }
        }
        rows = byName.map { Row(name: $0.key, counts: $0.value) }
            .filter { $0.counts.submitted + $0.counts.delivered + $0.counts.undelivered > 0 }
            .sorted { ($1.counts.submitted, $0.name ?? "~") < ($0.counts.submitted, $1.name ?? "~") }
        total = buckets.reduce(into: ActivityCounts()) { $0 += $1.total }
    }

    func context(_ visit: PageVisit) -> PageContext {
        PageContext(filling: [
            "hasPace": !rows.isEmpty,
            "median": visit.language.within(total.deliveryTimes.percentile(0.5)),
            "slowest": visit.language.within(total.deliveryTimes.percentile(0.95)),
            "operators": rows.map { row in
                PageContext(filling: [
                    "name": row.name ?? visit.say(.otherOperators),
                    "submitted": visit.language.grouped(row.counts.submitted),
                    "share": visit.language.percent(row.counts.deliveredShare),
                    "median": visit.language.within(row.counts.deliveryTimes.percentile(0.5)),
                    "slowest": visit.language.within(row.counts.deliveryTimes.percentile(0.95)),
                ])
            },
        ])
    }
}

extension DeliveryTimes {
    /// How fast a share of them was.
    enum Percentile: Sendable, Hashable {
        /// Not slower than so many seconds.
        case within(Int)
        /// Slower than the last step.
        case later
    }

    /// - Parameter share: from 0 to 1.
    /// - Returns: nil if there are none.
    func percentile(_ share: Double) -> Percentile? {
        let total = counts.reduce(0, +)
        guard total > 0 else { return nil }
        let rank = max(1, Int((Double(total) * share).rounded(.up)))
        var seen = 0
        for (index, count) in counts.enumerated() {
            seen += count
            if seen >= rank { return index < Self.bounds.count ? .within(Self.bounds[index]) : .later }
        }
        return .later
    }
}

extension ActivityCounts {
    /// Of those whose end is known, how many arrived, from 0 to 1; nil if none has ended.
    var deliveredShare: Double? {
        let ended = delivered + undelivered + failed + expired
        return ended == 0 ? nil : Double(delivered) / Double(ended)
    }
}
