import EskizQueue

extension StoreTransaction {
    /// No application is still to be told of it.
    private static let isTold =
        "NOT EXISTS (SELECT 1 FROM eskiz.webhooks w WHERE w.message_id = m.id AND w.progress = 'pending')"

    /// Forgets what has been over for long enough, in small steps: each takes no more locks than messages that nobody changes
    /// any more.
    func prune(finalBefore: Timestamp, limit: Int) throws(PostgresError) -> Int {
        let limit = max(0, limit)
        var over = try select(
            """
            m.final_at IS NOT NULL AND m.final_at < $1 AND NOT m.needs_person AND \(Self.isTold) \
            ORDER BY m.final_at, m.id LIMIT $2
            """,
            [.int(finalBefore.milliseconds), .int(Int64(limit))],
            locking: "FOR UPDATE OF m SKIP LOCKED"
        )
        over += try select(
            """
            m.state = 'submitted' AND m.report_at IS NULL AND m.final_at IS NULL AND m.submitted_at < $1 \
            AND m.id < $3 AND \(Self.isTold) ORDER BY m.id LIMIT $2
            """,
            [
                .int(finalBefore.milliseconds), .int(Int64(max(0, limit - over.count))),
                .int(numbers.first(at: finalBefore).rawValue),
            ],
            locking: "FOR UPDATE OF m SKIP LOCKED"
        )
        try forgetMessages(over)
        try pruneReports(before: finalBefore, limit: limit)
        try pruneCounts()
        return over.count
    }

    private func forgetMessages(_ over: [StoredMessage]) throws(PostgresError) {
        guard !over.isEmpty else { return }
        let ids = over.map(\.message.id)
        let numbers: [PostgresValue] = [.ints(ids.map(\.rawValue))]
        let dead = try session.query(
            "SELECT count(*) AS number FROM eskiz.webhooks WHERE message_id = ANY($1) AND progress = 'dead'",
            numbers,
            isPrepared: true
        ).first?.number("number")
        add(-(dead ?? 0), to: Figures.deadWebhooks)
        let touched = try session.query(
            """
            SELECT DISTINCT i.api_key_id, i.key FROM eskiz.idempotency i JOIN unnest($1::bigint[]) AS gone(id) \
            ON gone.id BETWEEN i.first_id AND i.last_id
            """,
            numbers,
            isPrepared: true
        ).map { (row) throws(PostgresError) in
            Footprint.KeyName(apiKeyID: try row.text("api_key_id"), key: try row.text("key"))
        }
        for statement in [
            "DELETE FROM eskiz.attempts WHERE message_id = ANY($1)",
            "DELETE FROM eskiz.reports WHERE message_id = ANY($1)",
            "DELETE FROM eskiz.raw_reports WHERE message_id = ANY($1)",
            "DELETE FROM eskiz.webhooks WHERE message_id = ANY($1)", "DELETE FROM eskiz.messages WHERE id = ANY($1)",
        ] { _ = try session.query(statement, numbers, isPrepared: true) }
        for stored in over { move(stored.message.lane, from: stored.message.state, to: nil) }
        forget(ids)
        for name in touched { keys[name] = nil }
        guard !touched.isEmpty else { return }
        // A key is kept as long as one of its messages.
        _ = try session.query(
            """
            DELETE FROM eskiz.idempotency i USING unnest($1::text[], $2::text[]) AS gone(api_key_id, key) \
            WHERE i.api_key_id = gone.api_key_id AND i.key = gone.key \
            AND NOT EXISTS (SELECT 1 FROM eskiz.messages m WHERE m.id BETWEEN i.first_id AND i.last_id)
            """,
            [.texts(touched.map(\.apiKeyID)), .texts(touched.map(\.key))],
            isPrepared: true
        )
    }

    private func pruneReports(before: Timestamp, limit: Int) throws(PostgresError) {
        let values: [PostgresValue] = [.int(before.milliseconds), .int(Int64(limit))]
        _ = try session.query(
            """
            DELETE FROM eskiz.raw_reports WHERE id IN (SELECT id FROM eskiz.raw_reports \
            WHERE message_id IS NULL AND received_at < $1 LIMIT $2 FOR UPDATE SKIP LOCKED)
            """,
            values,
            isPrepared: true
        )
        _ = try session.query(
            """
            DELETE FROM eskiz.reports WHERE id IN (SELECT id FROM eskiz.reports \
            WHERE waits_for IS NOT NULL AND received_at < $1 LIMIT $2 FOR UPDATE SKIP LOCKED)
            """,
            values,
            isPrepared: true
        )
    }

    /// Forgets old counts, and gathers those of a while ago in one shard: a chart adds up fewer rows.
    private func pruneCounts() throws(PostgresError) {
        _ = try session.query(
            "DELETE FROM eskiz.activity WHERE minute < (SELECT max(minute) FROM eskiz.activity) - $1",
            [.int(ActivityMinute.minutes(in: ActivityMinute.retention))]
        )
        _ = try session.query(
            "DELETE FROM eskiz.refusals WHERE hour < (SELECT max(hour) FROM eskiz.refusals) - $1",
            [.int(RefusalHour.hoursKept)]
        )
        let columns = CountRows.activityCounts
        _ = try session.query(
            """
            WITH old AS (DELETE FROM eskiz.activity WHERE (minute, prefix, shard) IN (SELECT minute, prefix, shard \
            FROM eskiz.activity WHERE shard >= 0 AND minute < (SELECT max(minute) FROM eskiz.activity) - 60 \
            LIMIT 5000 FOR UPDATE SKIP LOCKED) RETURNING *) \
            INSERT INTO eskiz.activity AS a (minute, prefix, shard, \(columns.joined(separator: ", "))) \
            SELECT minute, prefix, -1, \(columns.map { "sum(\($0))" }.joined(separator: ", ")) FROM old \
            GROUP BY minute, prefix ORDER BY minute, prefix ON CONFLICT (minute, prefix, shard) DO UPDATE SET \
            \(columns.map { "\($0) = a.\($0) + excluded.\($0)" }.joined(separator: ", "))
            """
        )
        _ = try session.query("DELETE FROM eskiz.news WHERE at < clock_timestamp() - interval '1 hour'")
        _ = try session.query("DELETE FROM eskiz.work WHERE until < clock_timestamp() - interval '1 hour'")
        _ = try session.query(
            """
            DELETE FROM eskiz.leases WHERE lease_until < (SELECT max(lease_until) FROM eskiz.leases) - 86400000 \
            AND owner NOT IN (SELECT owner FROM eskiz.messages WHERE owner IS NOT NULL)
            """
        )
    }
}
