/// A moment as two clocks saw it.
///
/// Wall time is what people and tokens talk about, and it may be wrong or jump. Elapsed time only grows, counts the
/// time a machine was suspended, and starts anywhere: it is for measuring, never for showing. Decisions take both and
/// trust elapsed time wherever a duration is enough (token-keeper.md E1, E2).
package struct Instant: Sendable, Hashable {
    /// Nanoseconds since 1970 on the local wall clock.
    package var wall: Int64
    /// Nanoseconds on a suspend-aware clock with an arbitrary origin.
    package var elapsed: Int64

    package init(wall: Int64, elapsed: Int64) {
        self.wall = wall
        self.elapsed = elapsed
    }

    /// The moment that lies a number of nanoseconds away on both clocks.
    package func advanced(by nanoseconds: Int64) -> Instant {
        Instant(wall: wall.addingClamped(nanoseconds), elapsed: elapsed.addingClamped(nanoseconds))
    }
}

extension Int64 {
    /// Addition that stops at the ends instead of trapping: token claims are somebody else's numbers.
    package func addingClamped(_ other: Int64) -> Int64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? (other > 0 ? .max : .min) : sum
    }

    /// Subtraction that stops at the ends instead of trapping.
    package func subtractingClamped(_ other: Int64) -> Int64 {
        let (difference, overflow) = subtractingReportingOverflow(other)
        return overflow ? (other > 0 ? .min : .max) : difference
    }

    /// Multiplication that stops at the ends instead of trapping.
    package func multipliedClamped(by other: Int64) -> Int64 {
        let (product, overflow) = multipliedReportingOverflow(by: other)
        return overflow ? ((self > 0) == (other > 0) ? .max : .min) : product
    }

    package static let nanosecondsPerSecond: Int64 = 1_000_000_000
}

extension Duration {
    /// Whole nanoseconds, clamped to what 64 bits hold (292 years).
    package var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds.multipliedClamped(by: .nanosecondsPerSecond).addingClamped(attoseconds / 1_000_000_000)
    }
}
