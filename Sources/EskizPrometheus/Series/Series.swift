import Synchronization

/// A time series that lives in the registry.
protocol Series: AnyObject, Sendable {
    /// The kind of all series of this type.
    static var kind: MetricFamily.Kind { get }
    var id: SeriesID { get }
    /// What it says now, or nothing if it has nothing to say.
    var value: MetricFamily.Value? { get }
}

/// Where a series is kept.
struct SeriesID: Hashable, Sendable {
    /// The exposed name.
    let family: String
    let labels: LabelSet
}

extension Atomic where Value == Double {
    /// Adds without a lock: tries again while others were faster.
    func add(_ amount: Double) {
        var old = load(ordering: .relaxed)
        while true {
            let (isExchanged, original) = weakCompareExchange(
                expected: old,
                desired: old + amount,
                ordering: .relaxed
            )
            if isExchanged { return }
            old = original
        }
    }
}
