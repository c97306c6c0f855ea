package import EskizQueue

/// What a store knows of earlier sends and failures: all that a limit looks at.
///
/// What is counted in a window is a note of a ``VerifySubject``; what is counted by minute or day is a sum, by a ``VerifySum``.
package protocol SendLedger {
    /// What keeps the store from answering.
    associatedtype Fault: Error

    /// When this subject was noted since a moment, the newest first, `limit` at most.
    func noted(_ subject: VerifySubject, since: Timestamp, limit: Int) throws(Fault) -> [Timestamp]

    /// Notes a subject; its number is what it is settled by.
    ///
    /// `isOfNew`: it is noted for the first SMS of a verification, whose row is written in the same step and says when it went to
    /// which phone, too.
    mutating func note(_ subject: VerifySubject, at now: Timestamp, isOfNew: Bool) throws(Fault) -> Int64

    /// Keeps a note for good, or makes it void. Both write the same row, so that neither takes longer.
    mutating func settle(note number: Int64, isKept: Bool) throws(Fault)

    /// What was added under a name in this period.
    mutating func sum(_ name: String, in period: Int64) throws(Fault) -> Int

    mutating func add(_ amount: Int, to name: String, in period: Int64) throws(Fault)
}

/// What limits count in windows that slide.
package enum VerifySubject: Sendable, Hashable {
    case phone(String)
    /// Numbers that differ in their last four digits only: the phone without them.
    case block(String)
    case network(String)
    /// Wrong codes for a phone.
    case failures(String)

    package static func block(of phone: String) -> Self { .block(String(phone.dropLast(4))) }

    /// As it stands in tables, such as `p:998901234567`.
    package var text: String {
        switch self {
        case .phone(let phone): "p:" + phone
        case .block(let block): Self.blockPrefix + block
        case .network(let network): "n:" + network
        case .failures(let phone): "f:" + phone
        }
    }

    /// What the texts of blocks begin with.
    package static let blockPrefix = "b:"
}

/// What limits count by minute and by day.
package enum VerifySum {
    package static func keyMinute(_ id: String) -> String { "m:" + id }
    package static let totalMinute = "m:"
    package static func spending(_ id: String) -> String { "s:" + id }
}
