/// Pauses that double, drawn anew each time between a floor and the doubled first pause (full jitter), so that what failed
/// together is not tried again together.
package struct Backoff: Sendable, Hashable {
    /// Upper end of the first pause.
    package var first: Duration
    /// No pause is longer.
    package var cap: Duration
    /// No pause is shorter.
    package var floor: Duration

    package init(first: Duration, cap: Duration, floor: Duration) {
        self.first = first
        self.cap = cap
        self.floor = floor
    }

    /// The longest that the pause after so many failures in a row (1 and up) can be.
    package func ceiling(afterFailures failures: Int) -> Duration {
        var ceiling = first
        for _ in 1..<max(failures, 1) {
            guard ceiling < cap else { break }
            ceiling *= 2
        }
        return max(min(ceiling, cap), floor)
    }

    /// The pause after so many failures in a row (1 and up).
    package func pause(afterFailures failures: Int, using random: inout some RandomNumberGenerator) -> Duration {
        .draw(from: floor, to: ceiling(afterFailures: failures), using: &random)
    }
}

extension Duration {
    /// Any duration between two, to the microsecond.
    static func draw(from low: Duration, to high: Duration, using random: inout some RandomNumberGenerator) -> Duration
    {
        let (low, high) = (low.wholeMicroseconds, high.wholeMicroseconds)
        return .microseconds(Int64.random(in: low...max(low, high), using: &random))
    }

    private var wholeMicroseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000)
        return overflow ? (seconds < 0 ? .min : .max) : product + attoseconds / 1_000_000_000_000
    }
}
