package import EskizQueue

extension PostgresMessageStore {
    package func sharedAnswer(
        to name: String,
        freshness: Duration,
        patience: Duration
    ) async throws(StoreError) -> SharedAnswer {
        let owner = owner
        return try await read { (session) throws(PostgresError) in
            let row = try session.query(
                """
                SELECT document, coalesce((extract(epoch FROM clock_timestamp() - answered_at) * 1000)::bigint, 0) AS age \
                FROM eskiz.shared_answers WHERE name = $1
                """,
                [.text(name)],
                isPrepared: true
            ).first
            let document = try row?.optionalBytes("document")
            let age = Duration.milliseconds(max(0, try row?.int("age") ?? 0))
            guard document == nil || age >= freshness else {
                return SharedAnswer(document: document, age: age, isOurTurn: false)
            }
            let turn = try session.query(
                """
                INSERT INTO eskiz.shared_answers AS a (name, owner, asked_until) \
                VALUES ($1, $2, clock_timestamp() + $4 * interval '1 millisecond') ON CONFLICT (name) DO UPDATE \
                SET owner = excluded.owner, asked_until = excluded.asked_until \
                WHERE a.asked_until <= clock_timestamp() AND (a.answered_at IS NULL \
                OR a.answered_at <= clock_timestamp() - $3 * interval '1 millisecond') RETURNING true AS is_ours
                """,
                [
                    .text(name), .text(owner), .int(freshness.wholeMilliseconds), .int(patience.wholeMilliseconds),
                ],
                isPrepared: true
            ).first
            return SharedAnswer(document: document, age: age, isOurTurn: turn != nil)
        }
    }

    package func share(_ document: [UInt8]?, as name: String) async throws(StoreError) {
        let owner = owner
        try await read { (session) throws(PostgresError) in
            // Whoever has lost its turn meanwhile comes too late.
            guard let document else {
                _ = try session.query(
                    "UPDATE eskiz.shared_answers SET asked_until = clock_timestamp() WHERE name = $1 AND owner = $2",
                    [.text(name), .text(owner)]
                )
                return
            }
            _ = try session.query(
                """
                UPDATE eskiz.shared_answers SET document = $3, answered_at = clock_timestamp(), \
                asked_until = clock_timestamp() WHERE name = $1 AND owner = $2
                """,
                [.text(name), .text(owner), .bytes(document)]
            )
        }
    }
}
