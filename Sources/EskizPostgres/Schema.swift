/// One part of what eskiz keeps in a database, with the steps that lead to it.
///
/// Steps only add, so that a program of the version before goes on working beside the new tables. Two programs that migrate
/// at once do it one after the other; who waits for too long for that, or for a table, gives up and leaves nothing behind.
package struct Schema: Sendable {
    struct Step: Sendable {
        /// The oldest version of the program's own that can work with it.
        var oldestReader: Int
        var sql: String
    }

    /// Its name in `eskiz.schema_versions`.
    package let component: String
    let steps: [Step]

    /// What this program was made for.
    package var version: Int { steps.count }

    /// How the database stands to it.
    package enum State: Sendable, Hashable {
        case missing
        case older(Int)
        case current
        /// A later version made it; with `isUnderstood` this one can work with it all the same.
        case newer(Int, isUnderstood: Bool)
    }

    /// Looks, and changes nothing.
    package func state(_ session: PostgresSession) throws(PostgresError) -> State {
        let found = try session.query("SELECT pg_catalog.to_regclass('eskiz.schema_versions') IS NOT NULL AS found")
            .first
        guard let found, try found.bool("found") else { return .missing }
        let sql = "SELECT version, oldest_reader FROM eskiz.schema_versions WHERE component = $1"
        guard let row = try session.query(sql, [.text(component)]).first else { return .missing }
        let (version, oldestReader) = (Int(try row.int("version")), Int(try row.int("oldest_reader")))
        if version == self.version { return .current }
        if version < self.version { return .older(version) }
        return .newer(version, isUnderstood: oldestReader <= self.version)
    }

    /// Throws unless the database has what is needed; makes it where that is allowed.
    package func require(_ session: PostgresSession, migrating: Bool) throws(PostgresError) {
        switch try state(session) {
        case .current, .newer(_, isUnderstood: true): return
        case .newer(_, isUnderstood: false): throw PostgresError(.schemaNewer)
        case .missing, .older:
            guard migrating else { throw PostgresError(.schemaMissing) }
            _ = try migrate(session)
        }
    }

    /// Takes the steps that are missing, all in one transaction.
    ///
    /// - Returns: the versions that were reached.
    package func migrate(_ session: PostgresSession) throws(PostgresError) -> [Int] {
        try session.transaction { (session) throws(PostgresError) in
            // For the transaction only, so a pooler may be in between. Anybody's number; the same for all parts.
            try session.script("SELECT pg_catalog.pg_advisory_xact_lock(7310293412)")
            let encoding = try session.query(
                "SELECT pg_catalog.current_setting('server_encoding') AS encoding, "
                    + "pg_catalog.to_regnamespace('eskiz') IS NOT NULL AS has_schema"
            ).first
            guard let encoding, try encoding.text("encoding") == "UTF8" else {
                throw PostgresError(
                    .badStatement,
                    detail: "the database's encoding is not UTF8: make one with `createdb -T template0 -E UTF8`"
                )
            }
            if try !encoding.bool("has_schema") { try session.script("CREATE SCHEMA eskiz") }
            let first: Int
            switch try state(session) {
            case .current, .newer(_, isUnderstood: true): return []
            case .newer(_, isUnderstood: false): throw PostgresError(.schemaNewer)
            case .older(let version): first = version
            case .missing:
                first = 0
                try session.script(
                    """
                    CREATE TABLE IF NOT EXISTS eskiz.schema_versions (
                        component text PRIMARY KEY,
                        version integer NOT NULL,
                        oldest_reader integer NOT NULL,
                        changed_at timestamptz NOT NULL DEFAULT now()
                    )
                    """
                )
            }
            for step in steps[first...] { try session.script(step.sql) }
            _ = try session.query(
                """
                INSERT INTO eskiz.schema_versions (component, version, oldest_reader)
                VALUES ($1, $2::bigint::integer, $3::bigint::integer)
                ON CONFLICT (component) DO UPDATE
                SET version = excluded.version, oldest_reader = excluded.oldest_reader, changed_at = now()
                """,
                [.text(component), .int(Int64(version)), .int(Int64(steps.last?.oldestReader ?? 1))]
            )
            return Array((first + 1)...version)
        }
    }
}
