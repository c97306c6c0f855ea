package import EskizQueue

/// What a store knows of earlier sends and failures: all that a limit looks at.
///
/// Subjects are texts such as `p:998901234567`; the names of `VerifySubject` are the only ones.
package protocol SendLedger {
    /// What keeps the store from answering.
    associatedtype Fault: Error

    /// When this subject was noted since a moment, the newest first, `limit` at most.
    func noted(_ subject: String, since: Timestamp, limit: Int) throws(Fault) -> [Timestamp]

    /// Notes a subject.
    ///
    /// - Returns: its number, by which it is settled.
    mutating func note(_ subject: String, at now: Timestamp) throws(Fault) -> Int64

    /// Keeps a note for good, or makes it void. Both write the same row, so that neither takes longer.
    mutating func settle(note number: Int64, isKept: Bool) throws(Fault)

    /// What was added under a name in these periods.
    func sum(_ name: String, from first: Int64, through last: Int64) throws(Fault) -> Int

    mutating func add(_ amount: Int, to name: String, in period: Int64) throws(Fault)
}

/// What limits count by.
package enum VerifySubject {
    package static func phone(_ phone: String) -> String { "p:" + phone }
    /// Numbers that differ in their last four digits only.
    package static func block(_ phone: String) -> String { "b:" + phone.dropLast(4) }
    package static func network(_ network: String) -> String { "n:" + network }
    package static func failures(_ phone: String) -> String { "f:" + phone }
    package static func keyMinute(_ id: String) -> String { "m:" + id }
    package static let totalMinute = "m:"
    package static func spending(_ id: String) -> String { "s:" + id }
}
