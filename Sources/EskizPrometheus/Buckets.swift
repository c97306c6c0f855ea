/// The sizes by which a histogram counts.
///
/// ```swift
/// registry.describe("message.delivery", "From acceptance to the handset.", buckets: .longDurations)
/// ```
package struct Buckets: Hashable, Sendable {
    /// Inclusive upper bounds, ascending and finite.
    ///
    /// What is above the last one is counted under `+Inf`, which every histogram has.
    package let upperBounds: [Double]

    /// - Parameter upperBounds: in any order; repeated ones count once, and those that are not finite are left out
    package init(_ upperBounds: [Double]) {
        self.upperBounds = Set(upperBounds.filter(\.isFinite)).sorted()
    }

    /// Seconds, 1 ms to 1 min: calls and requests.
    package static let durations = Buckets([
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
    ])

    /// Seconds, 1 s to 1 day: what takes other people's time.
    package static let longDurations = Buckets([
        1, 2.5, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600, 4 * 3600, 24 * 3600,
    ])

    /// Plain numbers, 1 to 100 000: how many, how much.
    package static let amounts = Buckets([
        1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000,
    ])

    /// Which bucket counts a value; the one after the last bound is `+Inf`.
    package func index(of value: Double) -> Int {
        var low = 0
        var high = upperBounds.count
        while low < high {
            let middle = (low + high) / 2
            if value <= upperBounds[middle] { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
