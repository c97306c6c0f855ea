import GRDB

/// The tables of what an operator keeps from being sent.
///
/// As for all migrations: one that has been released is never edited.
enum SuppressionSchema {
    /// Phones that get nothing, and prefixes of phones to which codes are not sent, or sent whatever their conversion.
    static func first(_ db: Database) throws {
        try db.execute(
            sql: """
                CREATE TABLE suppressions (
                    number INTEGER PRIMARY KEY AUTOINCREMENT,
                    phone TEXT NOT NULL UNIQUE,
                    scope INTEGER NOT NULL,
                    reason TEXT NOT NULL,
                    added_at INTEGER NOT NULL,
                    added_by TEXT NOT NULL
                ) STRICT;

                CREATE TABLE verification_prefixes (
                    prefix TEXT PRIMARY KEY,
                    decision INTEGER NOT NULL,
                    added_at INTEGER NOT NULL,
                    added_by TEXT NOT NULL
                ) STRICT, WITHOUT ROWID;
                """
        )
    }
}
