import Eskiz
package import EskizQueue

/// The outbox in a PostgreSQL: `eskiz.send` on the application's side, this on the gateway's.
///
/// Two connections: one takes and waits to be woken, the other tells how messages are.
package final class PostgresOutbox: OutboxSource {
    private let owner: String
    private let taking: PostgresConnection
    private let telling: PostgresConnection
    private let window = OutboxWindow()

    /// Connects with the first call, and looks each time whether the database has what is needed.
    ///
    /// - Parameters:
    ///   - address: of the application's database.
    ///   - owner: who takes: always the same for one store, and different for each.
    ///   - maximumSegments: the longest message, which `eskiz.send` goes by.
    ///   - migrating: whether the schema may be made, or brought up to date.
    package init(_ address: PostgresAddress, owner: String, maximumSegments: Int, migrating: Bool) {
        self.owner = owner
        taking = PostgresConnection(address, purpose: "eskiz-outbox") { (session) throws(PostgresError) in
            try Schema.outbox.require(session, migrating: migrating)
            _ = try session.query(
                """
                UPDATE eskiz.outbox_settings SET maximum_segments = $1::bigint::integer
                WHERE maximum_segments <> $1::bigint::integer
                """,
                [.int(Int64(maximumSegments))]
            )
            _ = try session.listen("eskiz_outbox")
        }
        telling = PostgresConnection(address, purpose: "eskiz-status")
    }

    /// Connects, and says what is in the way.
    package func connect() async throws(PostgresError) {
        try await taking.script("SELECT 1")
    }

    package var identity: String {
        get async throws(StoreError) {
            try await stored { () async throws(PostgresError) in
                try await taking.run { (session) throws(PostgresError) in
                    guard let row = try session.query("SELECT identity FROM eskiz.outbox_settings").first else {
                        throw PostgresError(.schemaMissing)
                    }
                    return try row.text("identity")
                }
            }
        }
    }

    package func close() async {
        await taking.close()
        await telling.close()
    }

    // MARK: Taking

    package func exchange(
        _ results: [OutboxResult],
        limits: [Lane: Int],
        isSweep: Bool
    ) async throws(StoreError) -> [OutboxRow] {
        let cursors = await window.cursors(isSweep: isSweep)
        let lanes = Lane.allCases.sorted { $0.rank < $1.rank }
        let values: [PostgresValue] = [
            .text(owner), .ints(lanes.map { Int64($0.rank) }), .ints(lanes.map { cursors[$0] ?? 0 }),
            .ints(lanes.map { Int64(limits[$0] ?? 0) }),
        ]
        let owner = owner
        let rows = try await stored { () async throws(PostgresError) in
            try await taking.run { (session) throws(PostgresError) in
                guard !results.isEmpty else { return try Self.take(session, values) }
                return try session.transaction { (session) throws(PostgresError) in
                    try Self.mark(session, results, owner)
                    return try Self.take(session, values)
                }
            }
        }
        await window.note(rows)
        return rows
    }

    package func waitForWork(upTo limit: Duration) async throws(StoreError) -> Bool {
        try await stored { () async throws(PostgresError) in
            try await taking.run { (session) throws(PostgresError) in
                guard !session.isPooled else { return false }
                _ = try session.notification(upTo: limit)
                return true
            }
        }
    }

    /// Nothing else of ours is between taking and marking when this is called: what is ours and waits was left by a process
    /// that has ended in between.
    private static func take(_ session: PostgresSession, _ values: [PostgresValue]) throws(PostgresError) -> [OutboxRow]
    {
        let sql = """
            UPDATE eskiz.outbox o SET taken_by = $1, taken_at = coalesce(o.taken_at, now())
            FROM unnest($2::bigint[], $3::bigint[], $4::bigint[]) AS wanted(lane_rank, after, number)
            CROSS JOIN LATERAL (
                SELECT id FROM eskiz.outbox waiting
                WHERE waiting.status = 'waiting' AND waiting.lane_rank = wanted.lane_rank::smallint
                    AND waiting.id > wanted.after AND (waiting.taken_by IS NULL OR waiting.taken_by = $1)
                ORDER BY waiting.id LIMIT wanted.number FOR UPDATE SKIP LOCKED
            ) AS due
            WHERE o.id = due.id
            RETURNING o.id, o.sender_role::text AS sender_role, o.lane, o.phone, o.body, o.sender, o.reference,
                o.webhook_url, o.normalized, o.purpose,
                (extract(epoch FROM o.expires_in) * 1000)::bigint AS expires_in,
                (extract(epoch FROM clock_timestamp() - greatest(o.created_at, o.send_at)) * 1000)::bigint AS age,
                (extract(epoch FROM o.send_at - clock_timestamp()) * 1000)::bigint AS due_in
            """
        return try session.query(sql, values, isPrepared: true).map { (row) throws(PostgresError) in
            OutboxRow(
                id: try row.int("id"),
                sender: try row.text("sender_role"),
                lane: Lane(rawValue: try row.text("lane")) ?? .transactional,
                phone: try row.text("phone"),
                text: try row.text("body"),
                from: try row.optionalText("sender"),
                expiresIn: try row.optionalInt("expires_in").map { .milliseconds($0) },
                age: .milliseconds(try row.int("age")),
                dueIn: try row.optionalInt("due_in").map { .milliseconds($0) },
                reference: try row.optionalText("reference"),
                webhookURL: try row.optionalText("webhook_url"),
                normalizes: try row.optionalBool("normalized"),
                purpose: try row.optionalText("purpose")
            )
        }.sorted { ($0.lane.rank, $0.id) < ($1.lane.rank, $1.id) }
    }

    private static func mark(
        _ session: PostgresSession,
        _ results: [OutboxResult],
        _ owner: String
    ) throws(PostgresError) {
        let sql = """
            UPDATE eskiz.outbox o SET status = result.status, message_id = result.message_id,
                error_code = result.error_code, error = result.error, phone = NULL, body = NULL,
                final_at = CASE WHEN result.message_id IS NULL THEN now() END
            FROM unnest($2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::text[])
                AS result(id, message_id, status, error_code, error)
            WHERE o.id = result.id AND o.taken_by = $1 AND o.status = 'waiting'
            """
        var messages: [Int64?] = []
        var states: [MessageState] = []
        var errors: [MessageError?] = []
        for result in results {
            switch result.outcome {
            case .accepted(let message, let state):
                messages.append(message.rawValue)
                states.append(state)
                errors.append(nil)
            case .refused(let error):
                messages.append(nil)
                states.append(.failed)
                errors.append(error)
            case .expired:
                messages.append(nil)
                states.append(.expired)
                errors.append(nil)
            }
        }
        _ = try session.query(
            sql,
            [
                .text(owner), .ints(results.map(\.row)), .ints(messages), .texts(states.map(\.rawValue)),
                .texts(errors.map { $0?.code }), .texts(errors.map { $0?.message }),
            ],
            isPrepared: true
        )
    }

    // MARK: Telling

    package func report(_ statuses: [OutboxStatus]) async throws(StoreError) {
        guard !statuses.isEmpty else { return }
        let sql = """
            UPDATE eskiz.outbox o SET status = coalesce(told.status, o.status),
                status_detail = coalesce(told.detail, o.status_detail),
                provider_id = coalesce(told.provider_id, o.provider_id),
                error_code = told.error_code, error = told.error, attempts = greatest(told.attempts::integer, o.attempts),
                submitted_at = coalesce(now() - told.submitted * interval '1 millisecond', o.submitted_at),
                final_at = CASE WHEN told.status IS NULL THEN now()
                    ELSE now() - told.final * interval '1 millisecond' END
            FROM unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bigint[],
                    $9::bigint[], $10::bigint[])
                AS told(message_id, status, detail, provider_id, error_code, error, attempts, submitted, final)
            WHERE o.taken_by = $1 AND o.message_id = told.message_id AND o.final_at IS NULL
            """
        let values: [PostgresValue] = [
            .text(owner), .ints(statuses.map(\.message.rawValue)), .texts(statuses.map { $0.state?.rawValue }),
            .texts(statuses.map(\.detail)), .texts(statuses.map(\.providerID)), .texts(statuses.map { $0.error?.code }),
            .texts(statuses.map { $0.error?.message }), .ints(statuses.map { Int64($0.attempts) }),
            .ints(statuses.map { $0.sinceSubmitted?.wholeMilliseconds }),
            .ints(statuses.map { $0.sinceFinal?.wholeMilliseconds }),
        ]
        try await stored { () async throws(PostgresError) in
            try await telling.run { (session) throws(PostgresError) in
                _ = try session.query(sql, values, isPrepared: true)
            }
        }
    }

    package func open(after row: Int64, limit: Int) async throws(StoreError) -> [OpenRow] {
        let sql = """
            SELECT id, message_id, status FROM eskiz.outbox
            WHERE id > $1 AND message_id IS NOT NULL AND final_at IS NULL AND taken_by = $2 ORDER BY id LIMIT $3
            """
        let values: [PostgresValue] = [.int(row), .text(owner), .int(Int64(limit))]
        return try await stored { () async throws(PostgresError) in
            try await telling.run { (session) throws(PostgresError) in
                try session.query(sql, values).map { (row) throws(PostgresError) in
                    OpenRow(
                        row: try row.int("id"),
                        message: MessageID(try row.int("message_id")),
                        status: try row.text("status")
                    )
                }
            }
        }
    }

    package func prune(olderThan age: Duration, limit: Int) async throws(StoreError) -> Int {
        let sql = """
            DELETE FROM eskiz.outbox WHERE id IN (
                SELECT id FROM eskiz.outbox WHERE final_at < now() - $1 * interval '1 millisecond'
                ORDER BY final_at LIMIT $2 FOR UPDATE SKIP LOCKED
            )
            """
        let values: [PostgresValue] = [.int(age.wholeMilliseconds), .int(Int64(limit))]
        return try await stored { () async throws(PostgresError) in
            try await telling.run { (session) throws(PostgresError) in try session.query(sql, values).changed }
        }
    }

    private func stored<Value>(
        _ body: () async throws(PostgresError) -> Value
    ) async throws(StoreError) -> Value {
        do throws(PostgresError) { return try await body() } catch { throw StoreError(error) }
    }
}

/// From which row on to look, lane by lane.
///
/// Rows that have been taken leave dead entries in the index of what waits, for as long as anybody in the cluster holds an
/// old snapshot. A look begins behind those of more than a few seconds ago; a sweep, once a second, finds what was left by a
/// transaction that took longer than that.
private actor OutboxWindow {
    private var newest: [Lane: Int64] = [:]
    private var earlier: [[Lane: Int64]] = []

    /// In sweeps, of which there is one a second.
    private static let length = 5

    func cursors(isSweep: Bool) -> [Lane: Int64] {
        guard isSweep else { return earlier.first ?? [:] }
        earlier.append(newest)
        if earlier.count > Self.length { earlier.removeFirst() }
        return [:]
    }

    func note(_ rows: [OutboxRow]) {
        for row in rows { newest[row.lane] = max(newest[row.lane] ?? 0, row.id) }
    }
}
