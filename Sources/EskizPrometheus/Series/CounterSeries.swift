import Metrics
import Synchronization

/// A number that only grows.
///
/// Counting costs one atomic addition. What cannot be counted (nothing, less than nothing, not a number, infinity)
/// changes nothing.
final class CounterSeries: Series, CounterHandler, FloatingPointCounterHandler {
    static let kind = MetricFamily.Kind.counter

    let id: SeriesID
    // Whole numbers stay exact beyond 2^53; past 2^64 they begin again, which Prometheus takes for a restart.
    private let whole = Atomic<UInt64>(0)
    private let fractional = Atomic<Double>(0)

    init(id: SeriesID) {
        self.id = id
    }

    func increment(by amount: Int64) {
        guard amount > 0 else { return }
        whole.wrappingAdd(UInt64(amount), ordering: .relaxed)
    }

    func increment(by amount: Double) {
        guard amount > 0, amount.isFinite else { return }
        fractional.add(amount)
    }

    func reset() {
        whole.store(0, ordering: .relaxed)
        fractional.store(0, ordering: .relaxed)
    }

    var value: MetricFamily.Value? {
        .number(Double(whole.load(ordering: .relaxed)) + fractional.load(ordering: .relaxed))
    }
}
