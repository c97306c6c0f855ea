package import Eskiz

#if canImport(FoundationEssentials)
package import FoundationEssentials
#else
package import Foundation
#endif

/// A moment on the wall clock: milliseconds since 1970 in UTC.
///
/// What the queue stores are moments that outlive a process, so they are of the wall clock; waiting inside of a process
/// goes by the elapsed clock (`KeeperClock`).
package struct Timestamp: Hashable, Comparable, Sendable, Codable {
    /// Milliseconds since 1970-01-01 00:00 UTC.
    package let milliseconds: Int64

    package init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// The wall clock's part of an instant.
    package init(_ instant: Instant) {
        self.init(milliseconds: instant.wall / 1_000_000)
    }

    package init(_ date: Date) {
        self.init(milliseconds: Int64((date.timeIntervalSince1970 * 1_000).rounded()))
    }

    package var date: Date {
        Date(timeIntervalSince1970: Double(milliseconds) / 1_000)
    }

    package static func < (left: Self, right: Self) -> Bool {
        left.milliseconds < right.milliseconds
    }

    package static func + (moment: Self, duration: Duration) -> Self {
        let (sum, overflow) = moment.milliseconds.addingReportingOverflow(duration.wholeMilliseconds)
        return Self(milliseconds: overflow ? (duration < .zero ? .min : .max) : sum)
    }

    package static func - (moment: Self, duration: Duration) -> Self {
        moment + (.zero - duration)
    }

    package static func - (left: Self, right: Self) -> Duration {
        .milliseconds(left.milliseconds.subtractingReportingOverflow(right.milliseconds).partialValue)
    }
}

extension Duration {
    /// Rounded down to milliseconds.
    package var wholeMilliseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000)
        return overflow ? (seconds < 0 ? .min : .max) : product + attoseconds / 1_000_000_000_000_000
    }
}

extension KeeperClock {
    /// The wall clock now.
    package var timestamp: Timestamp { Timestamp(now()) }
}
