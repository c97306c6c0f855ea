import Metrics
import Synchronization

/// Observations counted by size.
///
/// An observation costs two atomic additions and takes no lock, so no observer waits for a scrape. A snapshot taken in
/// the midst of an observation may have it in the count and not yet in the sum.
final class HistogramSeries: Series, RecorderHandler, TimerHandler {
    static let kind = MetricFamily.Kind.histogram

    // An array cannot hold atomics themselves: they do not move.
    private final class Bucket: Sendable {
        let count = Atomic<UInt64>(0)
    }

    let id: SeriesID
    private let buckets: Buckets
    private let counts: [Bucket]
    private let sum = Atomic<Double>(0)

    init(id: SeriesID, buckets: Buckets) {
        self.id = id
        self.buckets = buckets
        counts = (0...buckets.upperBounds.count).map { _ in Bucket() }
    }

    /// What is not finite is left out: it would spoil the sum until the process ends.
    func record(_ value: Double) {
        guard value.isFinite else { return }
        counts[buckets.index(of: value)].count.wrappingAdd(1, ordering: .relaxed)
        sum.add(value)
    }

    func record(_ value: Int64) { record(Double(value)) }

    /// A clock that went backwards measured nothing.
    func recordNanoseconds(_ duration: Int64) {
        record(Double(max(0, duration)) / 1e9)
    }

    var value: MetricFamily.Value? {
        .histogram(
            HistogramSnapshot(
                buckets: buckets,
                counts: counts.map { $0.count.load(ordering: .relaxed) },
                sum: sum.load(ordering: .relaxed)
            )
        )
    }
}
