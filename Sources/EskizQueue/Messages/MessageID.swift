/// A message's number: ours, Eskiz's `user_sms_id`, and what the API shows as `id`.
///
/// One number joins a send, its callbacks and the rows of Eskiz's list (design §4), so it obeys Eskiz's rule: digits, at
/// most 12 (eskiz-api.md §4.1). Numbers grow with time, and with them a page of messages is newest first.
package struct MessageID: Hashable, Comparable, Sendable, Codable {
    package let rawValue: Int64

    /// The largest number Eskiz takes.
    package static let maximum: Int64 = 999_999_999_999

    package init(_ rawValue: Int64) {
        self.rawValue = rawValue
    }

    /// A number as it stands in an address or a callback; nil for anything else, leading zeros included.
    package init?(text: some StringProtocol) {
        guard (1...12).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            text.utf8.first != 0x30, let number = Int64(text)
        else { return nil }
        self.init(number)
    }

    package var text: String { String(rawValue) }

    package static func < (left: Self, right: Self) -> Bool {
        left.rawValue < right.rawValue
    }
}

extension MessageID: CustomStringConvertible {
    package var description: String { text }
}

/// Which numbers come next.
///
/// Milliseconds since 2026 and an offset that each installation draws once; or the next ones in order where that is not
/// enough. They are unique in one store without asking it, grow across restarts, and keep apart from those of another
/// installation on the same account: two that mail ten thousand in the same minute meet once in millions of pairs. That they
/// do meet is harmless (`Ownership`). Twelve digits last until 2044 at least.
package struct MessageNumbering: Sendable {
    /// 2026-01-01 00:00 UTC.
    package static let epoch = Timestamp(milliseconds: 1_767_225_600_000)
    /// The end of what an installation draws: some twelve years.
    package static let offsetLimit: Int64 = 400_000_000_000
    /// How far numbers may be ahead of the clock: 30 days.
    ///
    /// They are because many were given out, or the clock was set back. What is further ahead comes from a clock that was
    /// wrong, and is not gone on with.
    static let largestLead: Int64 = 30 * 86_400_000

    package let offset: Int64
    /// The last number that was given out before there was an offset: up to here numbers are by the clock alone.
    package let boundary: Int64
    /// Where to go on.
    package private(set) var last: Int64
    /// The largest number ever given out: above it nothing is in use.
    package private(set) var highest: Int64

    /// - Parameters:
    ///   - offset: what the installation drew.
    ///   - boundary: the last number from before there was an offset.
    ///   - last: where to go on.
    ///   - highest: the largest ever given out, if that is not the last.
    package init(offset: Int64 = 0, boundary: Int64 = 0, last: Int64 = 0, highest: Int64? = nil) {
        self.offset = offset
        self.boundary = boundary
        self.last = last
        self.highest = max(last, highest ?? last)
    }

    /// The smallest number that a message accepted then can have.
    package func first(at moment: Timestamp) -> MessageID {
        let time = Self.time(moment)
        return MessageID(time > boundary ? time.addingReportingOverflow(offset).partialValue : time)
    }

    private static func time(_ moment: Timestamp) -> Int64 {
        moment.milliseconds.subtractingReportingOverflow(epoch.milliseconds).partialValue
    }

    /// The next numbers, one after the other: no other message has one between them.
    ///
    /// - Parameters:
    ///   - count: how many, at least one.
    ///   - now: the moment.
    ///   - lastUsed: the largest number in a range that a message has; asked only after a clock was far ahead.
    /// - Returns: the first and the last.
    package mutating func take(
        _ count: Int,
        at now: Timestamp,
        lastUsed: (ClosedRange<Int64>) throws -> Int64?
    ) rethrows -> ClosedRange<Int64> {
        let size = Int64(max(count, 1)) - 1
        let largest = MessageID.maximum - size
        let time = Self.time(now)
        var start = last + 1
        if time >= 0 {
            // A clock that is wrong by decades gives numbers, too.
            let clock = max(1, (time % MessageID.maximum + offset) % MessageID.maximum)
            if clock >= start || last - clock > Self.largestLead { start = clock }
        }
        if start > largest { start = 1 }
        while start <= highest, let used = try lastUsed(start...start + size) {
            start = used >= largest ? 1 : used + 1
        }
        last = start + size
        highest = max(highest, last)
        return start...last
    }
}
