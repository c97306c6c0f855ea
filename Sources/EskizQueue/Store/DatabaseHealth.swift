/// What makes a shared database slow, seen from inside: an old snapshot, and rows that nobody clears away.
package struct DatabaseHealth: Sendable, Hashable {
    /// Who has held the oldest snapshot; nothing that was changed since then can be cleared away.
    package struct Snapshot: Sendable, Hashable {
        /// Who holds it.
        package enum Holder: Sendable, Hashable {
            /// A process of the database, as `pg_stat_activity` numbers it.
            case process(Int)
            /// A transaction that was prepared and never ended, by its name.
            case preparedTransaction(String)
            /// What a standby or a subscriber has still to fetch, by the name of its slot.
            case replicationSlot(String)
        }

        package var holder: Holder
        /// For how long, as far as that can be seen.
        package var age: Duration

        package init(_ holder: Holder, age: Duration) {
            self.holder = holder
            self.age = age
        }

        /// From this age on people are told of it.
        package static let patience: Duration = .seconds(60)

        package var isOld: Bool { age >= Self.patience }
    }

    package var oldestSnapshot: Snapshot?
    /// Whether the server clears rows away by itself, in the tables of messages too.
    package var clearsRows: Bool
    /// Versions of rows in our tables that nobody needs and that are still there.
    package var deadRows: Int

    package init(oldestSnapshot: Snapshot? = nil, clearsRows: Bool = true, deadRows: Int = 0) {
        self.oldestSnapshot = oldestSnapshot
        self.clearsRows = clearsRows
        self.deadRows = deadRows
    }
}
