import Metrics
import Synchronization

/// A number that goes up and down.
final class GaugeSeries: Series, RecorderHandler, MeterHandler {
    static let kind = MetricFamily.Kind.gauge

    let id: SeriesID
    private let current = Atomic<Double>(0)

    init(id: SeriesID) {
        self.id = id
    }

    func set(_ value: Double) { current.store(value, ordering: .relaxed) }
    func set(_ value: Int64) { set(Double(value)) }
    func record(_ value: Double) { set(value) }
    func record(_ value: Int64) { set(Double(value)) }

    // What is not a positive number is left out, as swift-metrics' own meter does.
    func increment(by amount: Double) {
        guard amount > 0, amount.isFinite else { return }
        current.add(amount)
    }

    func decrement(by amount: Double) {
        guard amount > 0, amount.isFinite else { return }
        current.add(-amount)
    }

    var value: MetricFamily.Value? { .number(current.load(ordering: .relaxed)) }
}

/// A number that is read when it is asked for.
final class CallbackGauge: Series {
    static let kind = MetricFamily.Kind.gauge

    let id: SeriesID
    private let read: @Sendable () -> Double?

    init(id: SeriesID, read: @escaping @Sendable () -> Double?) {
        self.id = id
        self.read = read
    }

    var value: MetricFamily.Value? { read().map { .number($0) } }
}
