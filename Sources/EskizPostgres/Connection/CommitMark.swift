import Synchronization

/// By what a commit can be found again whose answer was lost with the connection.
///
/// The number of the transaction does not suffice. A server that crashed before a transaction reached its disk has forgotten the
/// number, as has a standby that was promoted, and gives it to another transaction: then `pg_xact_status` says "committed" of a
/// transaction that never was. So each transaction of a writer changes the writer's row too.
package struct CommitMark: Sendable {
    /// The number of the transaction.
    let transaction: String
    /// What the transaction has written into the row: the writer's series in the upper half, and a count.
    let value: Int64
    /// What somebody else had left in the row before the writer began; nil if nothing is known of that.
    let predecessor: Int64?

    package init(transaction: String, value: Int64, predecessor: Int64?) {
        self.transaction = transaction
        self.value = value
        self.predecessor = predecessor
    }

    /// What became of a transaction.
    package enum Fate: Sendable {
        case committed
        case undone
    }

    /// What became of the transaction, if the server calls its number committed.
    ///
    /// A crash may have undone several that came before as well, down to what was there before the writer.
    ///
    /// - Parameter found: what the row holds now; nil if there is none.
    /// - Returns: `committed` also if somebody else has written into the row since: then the number is all there is to go by.
    package func fate(finding found: Int64?) -> Fate {
        guard let found else { return .undone }
        if found == value { return .committed }
        return CommitMarks.series(of: found) == CommitMarks.series(of: value) || found == predecessor
            ? .undone : .committed
    }
}

/// The marks of one writer, each of them another one.
package final class CommitMarks: Sendable {
    private struct State {
        var count: Int64 = 0
        var predecessor: Int64?
    }

    /// With the columns `shard`, `name` and `value`.
    private let table: String
    private let series: Int64
    private let state = Mutex(State())

    /// - Parameters:
    ///   - table: where the row is, with the columns `shard`, `name` and `value`.
    ///   - series: by chance, so that no two writers have the same.
    package init(table: String, series: Int32 = .random(in: .min ... .max)) {
        self.table = table
        self.series = Int64(series)
    }

    static func series(of mark: Int64) -> Int64 { mark >> 32 }

    /// Leaves a mark and takes locks, with the next round trip.
    ///
    /// - Parameters:
    ///   - shard: of the writer.
    ///   - session: in a transaction.
    ///   - locks: advisory locks, held to the end of the transaction.
    ///   - take: gets the mark.
    func leave(
        in shard: Int,
        _ session: PostgresSession,
        locking locks: [Int64],
        _ take: @escaping (CommitMark) -> Void
    ) {
        let count = state.withLock { state in
            state.count += 1
            return state.count
        }
        let value = series << 32 | count & 0xffff_ffff
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
        ) { [self] (rows) throws(PostgresError) in
            guard let row = rows.first else { return }
            let (number, before) = (try row.text("number"), try row.optionalInt("before"))
            let predecessor = state.withLock { state in
                if let before, Self.series(of: before) != series { state.predecessor = before }
                return state.predecessor
            }
            take(CommitMark(transaction: number, value: value, predecessor: predecessor))
        }
    }

    /// What the row holds now; nil if there is none.
    func found(in shard: Int, _ session: PostgresSession) throws(PostgresError) -> Int64? {
        try session.query(
            "SELECT value FROM \(table) WHERE shard = $1 AND name = 'mark'",
            [.int(Int64(shard))]
        ).first?.int("value")
    }
}
