package import EskizQueue

extension PostgresMessageStore {
    package func message(_ id: MessageID) async throws(StoreError) -> Message? {
        try await read { (session) throws(PostgresError) in try Self.message(id, session) }
    }

    private static func message(_ id: MessageID, _ session: PostgresSession) throws(PostgresError) -> Message? {
        try session.query(
            "SELECT \(MessageRow.selection) FROM eskiz.messages m WHERE m.id = $1",
            [.int(id.rawValue)],
            isPrepared: true
        ).map(MessageRow.message).first
    }

    package func timeline(_ id: MessageID) async throws(StoreError) -> Timeline? {
        try await read { (session) throws(PostgresError) in
            guard let message = try Self.message(id, session) else { return nil }
            let number: [PostgresValue] = [.int(id.rawValue)]
            return Timeline(
                message: message,
                attempts: try session.query(
                    "SELECT * FROM eskiz.attempts WHERE message_id = $1 ORDER BY fence",
                    number,
                    isPrepared: true
                ).map(AttemptRow.attempt),
                reports: try session.query(
                    "SELECT \(ReportRow.selection) FROM eskiz.reports r WHERE r.message_id = $1 ORDER BY r.id",
                    number,
                    isPrepared: true
                ).map(ReportRow.report),
                webhooks: try session.query(
                    "SELECT \(WebhookRow.selection) FROM \(WebhookRow.tables) WHERE w.message_id = $1 ORDER BY w.id",
                    number,
                    isPrepared: true
                ).map(WebhookRow.delivery)
            )
        }
    }

    package func clientReferences(
        _ ids: [MessageID]
    ) async throws(StoreError) -> [MessageID: Message.ClientReference] {
        guard !ids.isEmpty else { return [:] }
        return try await read { (session) throws(PostgresError) in
            var found: [MessageID: Message.ClientReference] = [:]
            for (id, client) in try session.query(
                """
                SELECT id, is_client, client_user_sms_id, client_callback_url FROM eskiz.messages \
                WHERE id = ANY($1) AND is_client
                """,
                [.ints(ids.map(\.rawValue))],
                isPrepared: true
            ).map({ (row) throws(PostgresError) in
                (MessageID(try row.int("id")), try MessageRow.client(row))
            }) {
                found[id] = client
            }
            return found
        }
    }

    // MARK: Numbers

    package func statistics() async throws(StoreError) -> QueueStatistics {
        let ledger = ledger
        return try await read { (session) throws(PostgresError) in
            var figures = Figures()
            let counts = try CountRows.all(session)
            figures.read(counts, except: [])
            ledger.read(counts)
            let lanes = Lane.allCases.map { lane in
                """
                (SELECT '\(lane.rawValue)'::text AS lane, due_at FROM eskiz.messages \
                WHERE state = 'queued' AND lane = '\(lane.rawValue)' ORDER BY lane, due_at, id LIMIT 1)
                """
            }
            var oldest: [Lane: Timestamp] = [:]
            for (lane, due) in try session.query(lanes.joined(separator: " UNION ALL "), isPrepared: true).map({
                (row) throws(PostgresError) in (try row.word("lane", as: Lane.self), try row.moment("due_at"))
            }) {
                oldest[lane] = due
            }
            return QueueStatistics(
                counts: figures.byLaneAndState,
                oldestWaiting: oldest,
                deadWebhooks: figures.count(Figures.deadWebhooks)
            )
        }
    }

    package func activity(
        from: Timestamp,
        to: Timestamp,
        step: Duration
    ) async throws(StoreError) -> [ActivityBucket] {
        let minutes = ActivityMinute.minutes(in: step)
        let columns = CountRows.activityCounts
        return try await read { (session) throws(PostgresError) in
            let rows = try session.query(
                """
                SELECT minute / $1 AS step, prefix, \
                \(columns.map { "sum(\($0))::bigint AS \($0)" }.joined(separator: ", ")) FROM eskiz.activity \
                WHERE minute >= $2 AND minute * 60000 < $3 GROUP BY minute / $1, prefix \
                ORDER BY minute / $1 DESC, prefix LIMIT 200000
                """,
                [.int(minutes), .int(ActivityMinute.minute(of: from)), .int(to.milliseconds)]
            ).map { (row) throws(PostgresError) in
                (
                    step: try row.int("step"), prefix: OperatorPrefix(rawValue: try row.number("prefix")),
                    counts: try CountRows.counts(row)
                )
            }
            var buckets: [ActivityBucket] = []
            for row in rows {
                let start = Timestamp(milliseconds: row.step * minutes * 60_000)
                if buckets.last?.start != start {
                    if buckets.count == ActivityBucket.maximumCount { break }
                    buckets.append(ActivityBucket(start: start, operators: [:]))
                }
                buckets[buckets.count - 1].operators[row.prefix] = row.counts
            }
            return buckets.reversed()
        }
    }

    package func refusals(from: Timestamp, to: Timestamp) async throws(StoreError) -> [String: Int] {
        try await read { (session) throws(PostgresError) in
            let counts = try session.query(
                """
                SELECT code, sum(count)::bigint AS count FROM eskiz.refusals WHERE hour >= $1 AND hour * 3600000 < $2 \
                GROUP BY code
                """,
                [.int(RefusalHour.hour(of: from)), .int(to.milliseconds)]
            ).map { (row) throws(PostgresError) in (try row.text("code"), try row.number("count")) }
            return Dictionary(uniqueKeysWithValues: counts)
        }
    }
}

extension CountRows {
    static func counts(_ row: PostgresRow) throws(PostgresError) -> ActivityCounts {
        var counts = ActivityCounts()
        counts.accepted = try row.number("accepted")
        counts.submitted = try row.number("submitted")
        counts.segments = try row.number("segments")
        counts.delivered = try row.number("delivered")
        counts.undelivered = try row.number("undelivered")
        counts.failed = try row.number("failed")
        counts.expired = try row.number("expired")
        var times: [Int] = []
        for bound in DeliveryTimes.bounds { times.append(try row.number("within_\(bound)_s")) }
        counts.deliveryTimes = DeliveryTimes(counts: times + [try row.number("later")])
        return counts
    }
}
