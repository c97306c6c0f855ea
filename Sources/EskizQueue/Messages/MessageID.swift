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

/// Which number comes next.
///
/// Milliseconds since 2026, or one more than the last where that is not enough: unique in one store without asking it,
/// growing across restarts, and unlikely to meet the numbers of another installation on the same account, whose messages
/// stay in Eskiz's list for 30 days. Twelve digits last until 2057.
package struct MessageNumbering: Sendable {
    /// 2026-01-01 00:00 UTC.
    package static let epoch = Timestamp(milliseconds: 1_767_225_600_000)

    /// The last number given out; 0 for none.
    package private(set) var last: Int64

    package init(last: Int64 = 0) {
        self.last = last
    }

    /// The smallest number that a message accepted then can have.
    package static func first(at moment: Timestamp) -> MessageID {
        MessageID(moment.milliseconds - epoch.milliseconds)
    }

    /// The next number.
    package mutating func next(at now: Timestamp) -> MessageID {
        last = max(last + 1, Self.first(at: now).rawValue)
        return MessageID(last)
    }
}
