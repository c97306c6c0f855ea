/// By what a commit can be found again whose answer was lost with the connection.
///
/// The number of the transaction does not suffice. A server that crashed before a transaction reached its disk has forgotten the
/// number, as has a standby that was promoted, and gives it to another transaction: then `pg_xact_status` says "committed" of a
/// transaction that never was. So each transaction of a writer changes the writer's row too.
package struct CommitMark: Sendable {
    /// The number of the transaction.
    let transaction: String
    /// What the transaction has written into the row.
    let value: Int64
    /// What was in the row before; nil if there was no row.
    let before: Int64?

    package init(transaction: String, value: Int64, before: Int64?) {
        self.transaction = transaction
        self.value = value
        self.before = before
    }

    /// What became of a transaction.
    package enum Fate: Sendable {
        case committed
        case undone
    }

    /// What became of the transaction, if the server calls its number committed.
    ///
    /// - Parameter found: what the row holds now.
    /// - Returns: `committed` also if somebody else has written into the row since: then the number is all there is to go by.
    package func fate(finding found: Int64?) -> Fate {
        found != value && found == before ? .undone : .committed
    }

    /// Where the transactions of a writer leave their marks: a row of a table with the columns `shard`, `name` and `value`.
    package struct Row: Sendable {
        let table: String
        /// Of the writer.
        let shard: Int

        package init(table: String, shard: Int) {
            self.table = table
            self.shard = shard
        }

        /// Leaves a mark and takes locks, with the next round trip.
        ///
        /// - Parameters:
        ///   - session: in a transaction.
        ///   - locks: advisory locks, held to the end of the transaction.
        ///   - take: gets the mark.
        func mark(in session: PostgresSession, locking locks: [Int64], _ take: @escaping (CommitMark) -> Void) {
            // Any number will do that nobody has written into the row before.
            let value = Int64.random(in: .min ... .max)
            let locking = "(SELECT count(pg_catalog.pg_advisory_xact_lock(k)) FROM unnest($3::bigint[]) AS k) AS locks"
            session.deferQuery(
                """
                INSERT INTO \(table) AS m (shard, name, value) VALUES ($1, 'mark', $2) \
                ON CONFLICT (shard, name) DO UPDATE SET value = excluded.value \
                RETURNING pg_catalog.pg_current_xact_id()::text AS number, \
                (SELECT value FROM \(table) WHERE shard = $1 AND name = 'mark') AS before\(locks.isEmpty ? "" : ", " + locking)
                """,
                [.int(Int64(shard)), .int(value)] + (locks.isEmpty ? [] : [.ints(locks)]),
                isPrepared: true
            ) { (rows) throws(PostgresError) in
                guard let row = rows.first else { return }
                take(
                    CommitMark(transaction: try row.text("number"), value: value, before: try row.optionalInt("before"))
                )
            }
        }

        /// What the row holds now; nil if there is none.
        func value(_ session: PostgresSession) throws(PostgresError) -> Int64? {
            try session.query(
                "SELECT value FROM \(table) WHERE shard = $1 AND name = 'mark'",
                [.int(Int64(shard))]
            ).first?.int("value")
        }
    }
}
