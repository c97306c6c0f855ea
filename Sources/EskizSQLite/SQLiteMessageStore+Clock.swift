package import EskizQueue
import GRDB

extension SQLiteMessageStore {
    package func clockAnchor() async throws(StoreError) -> ClockAnchor? {
        try await read { db in try db.clockAnchor() }
    }

    package func moveMoments(
        by shift: Duration,
        from known: ClockAnchor?,
        to anchor: ClockAnchor
    ) async throws(StoreError) -> Bool {
        // A note alone may be lost with the power: the next process compares with an older one then.
        try await group.perform(shift == .zero ? .relaxed : .durable) { transaction in
            try transaction.moveMoments(by: shift, from: known, to: anchor)
        }
    }
}

extension Database {
    fileprivate func clockAnchor() throws -> ClockAnchor? {
        try rows("SELECT boot, offset, seen_at FROM clock", []) { row in
            ClockAnchor(boot: row[0], line: ClockLine(offset: row[1]), seenAt: row[2])
        }.first
    }
}

extension WriteTransaction {
    func moveMoments(by shift: Duration, from known: ClockAnchor?, to anchor: ClockAnchor) throws -> Bool {
        guard try db.clockAnchor() == known else { return false }
        try run(
            """
            INSERT INTO clock (id, boot, offset, seen_at) VALUES (1, ?, ?, ?) ON CONFLICT (id) DO UPDATE \
            SET boot = excluded.boot, offset = excluded.offset, seen_at = excluded.seen_at
            """,
            [anchor.boot, anchor.line.offset, anchor.seenAt]
        )
        let shift = shift.wholeMilliseconds
        guard shift != 0 else { return true }
        // The same as `StoredMessage.moved(by:)` and its companions, said in SQL: there may be a million of them. The
        // conformance suite compares the two.
        try run(
            """
            UPDATE attempts SET prepared_at = prepared_at + ?1, writing_at = writing_at + ?1, \
            answered_at = answered_at + ?1 WHERE message_id IN (\
            SELECT id FROM messages WHERE state = 1 AND lane >= 0 \
            UNION ALL SELECT id FROM messages WHERE owner IS NOT NULL AND state = 2 \
            UNION ALL SELECT id FROM messages WHERE state = 5 AND state >= 5 AND final_at IS NULL)
            """,
            [shift]
        )
        try run(
            "UPDATE messages SET due_at = due_at + ?1, expires_at = expires_at + ?1 WHERE state = 1 AND lane >= 0",
            [shift]
        )
        try run(
            """
            UPDATE messages SET lease_until = lease_until + ?1, \
            due_at = due_at + CASE state WHEN 2 THEN ?1 ELSE 0 END, \
            expires_at = expires_at + CASE state WHEN 2 THEN ?1 ELSE 0 END WHERE owner IS NOT NULL
            """,
            [shift]
        )
        try run(
            """
            UPDATE messages SET due_at = due_at + ?1, expires_at = expires_at + ?1, reconcile_at = reconcile_at + ?1 \
            WHERE state = 5 AND state >= 5 AND final_at IS NULL
            """,
            [shift]
        )
        try run(
            """
            UPDATE messages SET submitted_at = submitted_at + ?1, report_at = report_at + ?1 \
            WHERE state = 3 AND report_at IS NOT NULL
            """,
            [shift]
        )
        try run("UPDATE webhooks SET next_at = next_at + ?1 WHERE progress = 0", [shift])
        return true
    }
}
