package import EskizQueue
import Synchronization

extension PostgresMessageStore {
    package func health() async throws(StoreError) -> DatabaseHealth {
        let (sightings, health) = try await read { (session) throws(PostgresError) in
            (try SnapshotWatch.sightings(session), try DatabaseHealth(clearingOf: session))
        }
        var whole = health
        whole.oldestSnapshot = snapshots.withLock { $0.note(sightings, at: .now) }
        return whole
    }
}

extension SnapshotWatch {
    /// Everybody but the one who asks; who only clears rows away holds nothing back and has no user.
    fileprivate static func sightings(_ session: PostgresSession) throws(PostgresError) -> [Sighting] {
        try session.query(
            """
            SELECT 'process' AS kind, pid::text AS name, coalesce(backend_xmin, backend_xid)::text AS mark, \
            backend_xid IS NOT NULL AND (backend_xmin IS NULL OR backend_xid = backend_xmin) AS is_its_own \
            FROM pg_catalog.pg_stat_activity WHERE pid <> pg_catalog.pg_backend_pid() AND usesysid IS NOT NULL \
            AND (datname = pg_catalog.current_database() OR datname IS NULL) \
            AND (backend_xmin IS NOT NULL OR backend_xid IS NOT NULL) \
            UNION ALL SELECT 'prepared', gid, transaction::text, true FROM pg_catalog.pg_prepared_xacts \
            WHERE database = pg_catalog.current_database() \
            UNION ALL SELECT 'slot', slot_name::text, xmin::text, true FROM pg_catalog.pg_replication_slots \
            WHERE xmin IS NOT NULL
            """,
            isPrepared: true
        ).map { (row) throws(PostgresError) in
            let name = try row.text("name")
            let holder: DatabaseHealth.Snapshot.Holder =
                switch try row.text("kind") {
                case "prepared": .preparedTransaction(name)
                case "slot": .replicationSlot(name)
                default: .process(Int(name) ?? 0)
                }
            return Sighting(holder: holder, mark: try row.text("mark"), isItsOwn: try row.bool("is_its_own"))
        }
    }
}

extension DatabaseHealth {
    /// Whether rows are cleared away, and how many wait for it by the server's own estimate.
    fileprivate init(clearingOf session: PostgresSession) throws(PostgresError) {
        let row = try session.query(
            """
            SELECT pg_catalog.current_setting('autovacuum') = 'on' \
            AND pg_catalog.current_setting('track_counts') = 'on' AND NOT EXISTS (\
            SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace, \
            pg_catalog.pg_options_to_table(c.reloptions) o WHERE n.nspname = 'eskiz' \
            AND o.option_name = 'autovacuum_enabled' AND NOT o.option_value::boolean) AS clears_rows, \
            (SELECT coalesce(sum(n_dead_tup), 0)::bigint FROM pg_catalog.pg_stat_user_tables \
            WHERE schemaname = 'eskiz') AS dead
            """,
            isPrepared: true
        ).first
        guard let row else { throw PostgresError(.connectionLost) }
        self.init(clearsRows: try row.bool("clears_rows"), deadRows: try row.number("dead"))
    }
}
