package import EskizQueue
import Synchronization

extension Schema {
    /// What gateways tell each other beside the messages.
    package static let fleet = Schema(
        component: "fleet",
        steps: [
            Step(oldestReader: 1, sql: String(decoding: PackageResources.fleet_1_sql, as: UTF8.self)),
            Step(oldestReader: 1, sql: String(decoding: PackageResources.fleet_2_sql, as: UTF8.self)),
        ]
    )
}

/// Which news of the others were heard.
final class HeardNews: Sendable {
    private struct State {
        /// The last row by owner; nil until somebody has asked.
        ///
        /// One gateway's rows are committed in their order, but not those of several.
        var rows: [String: Int64]?
        /// When what was heard of the account was said, by its name.
        var account: [String: Int64] = [:]
    }

    private let state = Mutex(State())

    /// Notes rows as heard.
    ///
    /// - Returns: those that are new.
    func note(_ rows: [(number: Int64, owner: String)]) -> [Int64] {
        state.withLock { state in
            let isFirst = state.rows == nil
            var known = state.rows ?? [:]
            var new: [Int64] = []
            for row in rows where row.number > known[row.owner] ?? 0 {
                known[row.owner] = row.number
                new.append(row.number)
            }
            state.rows = known
            return isFirst ? [] : new
        }
    }

    func noteAccount(_ name: String, at moment: Int64) -> Bool {
        state.withLock { state in
            guard state.account[name] != moment else { return false }
            state.account[name] = moment
            return true
        }
    }
}

extension PostgresMessageStore {
    /// A row is looked for no longer than this: a gateway that could not commit it sooner was not there.
    private static let window = "3 seconds"

    package func tell(changed messages: [MessageID]) async throws(StoreError) {
        guard ledger.others > 0 else { return }
        let owner = owner
        try await beat { (session) throws(PostgresError) in
            _ = try session.query(
                """
                WITH old AS (DELETE FROM eskiz.news WHERE owner = $1 AND at < clock_timestamp() - interval '30 seconds') \
                INSERT INTO eskiz.news (owner, messages) VALUES ($1, $2)
                """,
                [.text(owner), .ints(messages.map(\.rawValue))],
                isPrepared: true
            )
        }
    }

    package func changedElsewhere(limit: Int) async throws(StoreError) -> [MessageID]? {
        let owner = owner
        let rows = try await read { (session) throws(PostgresError) in
            try session.query(
                """
                SELECT number, owner, coalesce(array_length(messages, 1), 0)::bigint AS count FROM eskiz.news \
                WHERE at > clock_timestamp() - interval '\(Self.window)' AND owner <> $1 ORDER BY number
                """,
                [.text(owner)],
                isPrepared: true
            ).map { (row) throws(PostgresError) in
                (number: try row.int("number"), owner: try row.text("owner"), count: try row.number("count"))
            }
        }
        let new = heard.note(rows.map { ($0.number, $0.owner) })
        guard !new.isEmpty else { return [] }
        let count = rows.filter { new.contains($0.number) }.reduce(0) { $0 + $1.count }
        guard count < limit else { return nil }
        return try await read { (session) throws(PostgresError) in
            try session.query(
                "SELECT DISTINCT m.id FROM eskiz.news n, unnest(n.messages) AS m(id) WHERE n.number = ANY($1)",
                [.ints(new)],
                isPrepared: true
            ).map { (row) throws(PostgresError) in MessageID(try row.int("id")) }
        }
    }

    package func tell(_ news: AccountNews, for time: Duration) async throws(StoreError) {
        let owner = owner
        try await beat { (session) throws(PostgresError) in
            _ = try session.query(
                """
                INSERT INTO eskiz.account_news (name, owner, until) \
                VALUES ($1, $2, clock_timestamp() + $3 * interval '1 millisecond') ON CONFLICT (name) DO UPDATE \
                SET owner = excluded.owner, at = clock_timestamp(), until = excluded.until
                """,
                [.text(news.name), .text(owner), .int(time.wholeMilliseconds)]
            )
        }
    }

    package func promise() async throws(StoreError) -> FleetPromise {
        try await read { (session) throws(PostgresError) in
            let row = try session.query(
                """
                SELECT pg_catalog.current_setting('fsync') = 'on' \
                AND pg_catalog.current_setting('synchronous_commit') <> 'off' AS is_flushed, \
                pg_catalog.current_setting('synchronous_standby_names') <> '' \
                AND pg_catalog.current_setting('synchronous_commit') IN ('on', 'remote_apply') AS is_synchronous, \
                EXISTS (SELECT FROM pg_catalog.pg_stat_replication) AS has_standby
                """
            ).first
            guard let row else { throw PostgresError(.connectionLost) }
            if try !row.bool("is_flushed") { return .unflushed }
            if try row.bool("is_synchronous") { return .synchronous }
            return try row.bool("has_standby") ? .asynchronous : .alone
        }
    }

    package func accountNews() async throws(StoreError) -> [(news: AccountNews, left: Duration)] {
        let owner = owner
        let rows = try await read { (session) throws(PostgresError) in
            try session.query(
                """
                SELECT name, (extract(epoch FROM at) * 1000000)::bigint AS at, \
                (extract(epoch FROM until - clock_timestamp()) * 1000)::bigint AS left \
                FROM eskiz.account_news WHERE owner <> $1 AND until > clock_timestamp()
                """,
                [.text(owner)],
                isPrepared: true
            ).map { (row) throws(PostgresError) in
                (name: try row.text("name"), at: try row.int("at"), left: try row.int("left"))
            }
        }
        return rows.compactMap { row in
            // A later version may know more news.
            guard let news = AccountNews(name: row.name), heard.noteAccount(row.name, at: row.at) else { return nil }
            return (news, .milliseconds(row.left))
        }
    }
}
