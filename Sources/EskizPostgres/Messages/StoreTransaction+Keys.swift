import EskizQueue

extension StoreTransaction {
    func secret(_ name: String, made: [UInt8]) throws(PostgresError) -> [UInt8] {
        _ = try session.query(
            "INSERT INTO eskiz.secrets (name, value) VALUES ($1, $2) ON CONFLICT DO NOTHING",
            [.text(name), .bytes(made)]
        )
        let row = try session.query("SELECT value FROM eskiz.secrets WHERE name = $1", [.text(name)]).first
        guard let row else { throw PostgresError(.serialization) }
        return try row.bytes("value")
    }

    /// - Returns: false if there is one with this id.
    func add(_ key: APIKeyRecord) throws(PostgresError) -> Bool {
        try session.query(
            """
            INSERT INTO eskiz.api_keys (id, name, scopes, digest, created_at, revoked_at) \
            VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING
            """,
            [
                .text(key.id), .text(key.name), .text(key.scopes.map(\.rawValue).sorted().joined(separator: " ")),
                .bytes(key.digest), .int(key.createdAt.milliseconds), .optional(key.revokedAt?.milliseconds),
            ]
        ).changed == 1
    }

    func revokeAPIKey(_ id: String, at now: Timestamp) throws(PostgresError) -> Bool {
        try session.query(
            "UPDATE eskiz.api_keys SET revoked_at = coalesce(revoked_at, $1) WHERE id = $2",
            [.int(now.milliseconds), .text(id)]
        ).changed > 0
    }

    func audit(_ line: AuditLine) throws(PostgresError) {
        _ = try session.query(
            """
            INSERT INTO eskiz.audit (at, key_id, key_name, action, message_id, detail) VALUES ($1, $2, $3, $4, $5, $6)
            """,
            [
                .int(line.at.milliseconds), .text(line.keyID), .text(line.keyName), .text(line.action),
                .optional(line.messageID?.rawValue), .optional(line.detail),
            ]
        )
    }

    func pruneAudit(before: Timestamp, limit: Int) throws(PostgresError) -> Int {
        try session.query(
            """
            DELETE FROM eskiz.audit WHERE id IN (SELECT id FROM eskiz.audit WHERE at < $1 ORDER BY at, id LIMIT $2 \
            FOR UPDATE SKIP LOCKED)
            """,
            [.int(before.milliseconds), .int(Int64(max(0, limit)))]
        ).changed
    }

    // MARK: The clock

    static func clockAnchor(_ session: PostgresSession) throws(PostgresError) -> ClockAnchor? {
        try session.query("SELECT boot, clock_offset, seen_at FROM eskiz.clock").map { (row) throws(PostgresError) in
            ClockAnchor(
                boot: try row.optionalText("boot"),
                line: ClockLine(offset: try row.int("clock_offset")),
                seenAt: try row.moment("seen_at")
            )
        }.first
    }

    func moveMoments(
        by shift: Duration,
        from known: ClockAnchor?,
        to anchor: ClockAnchor
    ) throws(PostgresError) -> Bool {
        flush()
        guard try Self.clockAnchor(session) == known else { return false }
        _ = try session.query(
            """
            INSERT INTO eskiz.clock (id, boot, clock_offset, seen_at) VALUES (1, $1, $2, $3) ON CONFLICT (id) DO UPDATE \
            SET boot = excluded.boot, clock_offset = excluded.clock_offset, seen_at = excluded.seen_at
            """,
            [.optional(anchor.boot), .int(anchor.line.offset), .int(anchor.seenAt.milliseconds)]
        )
        let shift = shift.wholeMilliseconds
        guard shift != 0 else { return true }
        // The same as `StoredMessage.moved(by:)` and its companions, said in SQL. The conformance suite compares the two.
        for statement in [
            """
            UPDATE eskiz.attempts a SET prepared_at = prepared_at + $1, writing_at = writing_at + $1, \
            answered_at = answered_at + $1 FROM eskiz.messages m WHERE m.id = a.message_id AND (m.state = 'queued' \
            OR m.state = 'sending' OR (m.state = 'unknown' AND m.final_at IS NULL))
            """,
            "UPDATE eskiz.messages SET lease_until = lease_until + $1 WHERE owner IS NOT NULL",
            "UPDATE eskiz.leases SET lease_until = lease_until + $1",
            """
            UPDATE eskiz.messages SET due_at = due_at + $1, expires_at = expires_at + $1 \
            WHERE state = 'queued' OR (state = 'sending' AND owner IS NOT NULL)
            """,
            """
            UPDATE eskiz.messages SET due_at = due_at + $1, expires_at = expires_at + $1, \
            reconcile_at = reconcile_at + $1 WHERE state = 'unknown' AND final_at IS NULL
            """,
            """
            UPDATE eskiz.messages SET submitted_at = submitted_at + $1, report_at = report_at + $1 \
            WHERE state = 'submitted' AND report_at IS NOT NULL
            """,
            "UPDATE eskiz.webhooks SET next_at = next_at + $1 WHERE progress = 'pending'",
        ] { _ = try session.query(statement, [.int(shift)]) }
        forgetAll()
        return true
    }
}
