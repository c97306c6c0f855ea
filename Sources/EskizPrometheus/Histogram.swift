/// A histogram at one moment.
package struct HistogramSnapshot: Sendable, Equatable {
    package let buckets: Buckets
    /// Observations in each bucket alone, the last one being `+Inf`: one more than there are bounds.
    package let counts: [UInt64]
    /// Sum of all observed values.
    package let sum: Double

    /// Counts are one for each bound and one for `+Inf`; missing ones are zero, surplus ones are left out.
    package init(buckets: Buckets, counts: [UInt64], sum: Double) {
        self.buckets = buckets
        let expected = buckets.upperBounds.count + 1
        self.counts = Array(counts.prefix(expected)) + Array(repeating: 0, count: max(0, expected - counts.count))
        self.sum = sum
    }

    /// All observations.
    ///
    /// Always what the bucket `+Inf` says, because it is counted from the buckets.
    package var count: UInt64 { counts.reduce(0, &+) }

    /// Each bound with the number of observations up to and including it, `+Inf` last: what the text says.
    package var cumulative: [(upperBound: Double, count: UInt64)] {
        var count: UInt64 = 0
        return zip(buckets.upperBounds + [.infinity], counts).map { bound, own in
            count &+= own
            return (bound, count)
        }
    }
}
