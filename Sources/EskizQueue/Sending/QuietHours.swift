/// The hours in which no message of the lane `bulk` leaves, by the clock of Tashkent.
///
/// Pure. What falls into them waits until they are over; a message that is not worth sending by then expires.
package struct QuietHours: Sendable, Hashable {
    /// What is usual, and what `on` means.
    package static let standard = QuietHours(from: 22 * 60, to: 8 * 60)

    /// Minutes after midnight: the first that is quiet, and the first that is not.
    package let from: Int
    package let to: Int

    private static let day: Int64 = 86_400_000
    /// UTC+5 all year.
    private static let tashkent: Int64 = 5 * 3_600_000

    package init(from: Int, to: Int) {
        self.from = from
        self.to = to
    }

    /// Reads `22:00-08:00`; nil for anything else, and for hours without end.
    package init?(text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let from = Self.minutes(parts[0]), let to = Self.minutes(parts[1]), from != to else {
            return nil
        }
        self.init(from: from, to: to)
    }

    private static func minutes(_ text: Substring) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2,
            parts.allSatisfy({ $0.utf8.count == 2 && $0.utf8.allSatisfy { (48...57).contains($0) } }),
            let hour = Int(parts[0]), let minute = Int(parts[1]), hour < 24, minute < 60
        else { return nil }
        return hour * 60 + minute
    }

    /// The quiet hours that a moment falls into; nil if it falls into none.
    package func around(_ now: Timestamp) -> (since: Timestamp, until: Timestamp)? {
        let local = now.milliseconds + Self.tashkent
        let midnight = local - Self.modulo(local)
        let length = Self.modulo(Int64(to - from) * 60_000)
        // They may have begun the day before.
        for start in [midnight + Int64(from) * 60_000, midnight + Int64(from) * 60_000 - Self.day]
        where local >= start && local < start + length {
            return (
                Timestamp(milliseconds: start - Self.tashkent),
                Timestamp(milliseconds: start + length - Self.tashkent)
            )
        }
        return nil
    }

    private static func modulo(_ milliseconds: Int64) -> Int64 {
        let rest = milliseconds % day
        return rest < 0 ? rest + day : rest
    }
}
