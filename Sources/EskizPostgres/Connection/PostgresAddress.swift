/// Where a PostgreSQL is, and how long to wait for it.
///
/// The text is what libpq understands: a URL, with several hosts if need be, or keywords. What it leaves out comes from the
/// `PG*` variables, `~/.pgpass` and the service file, as with `psql`.
package struct PostgresAddress: Sendable {
    /// Never shown: it may hold a password.
    let text: String
    /// What `pg_stat_activity` shows of us.
    package var applicationName = "eskiz"
    /// For each host.
    package var connectTimeout: Duration = .seconds(5)
    /// After so long without an acknowledgement a connection counts as broken.
    package var silence: Duration = .seconds(10)
    /// How long one statement may take at the server.
    package var statementTimeout: Duration = .seconds(10)
    /// How much longer than that we wait for an answer before the connection is given up.
    package var patience: Duration = .seconds(3)
    package var lockTimeout: Duration = .seconds(2)
    package var idleInTransactionTimeout: Duration = .seconds(10)
    /// Whether a server that takes no changes will do.
    package var acceptsReadOnly = false
    /// Whether several statements go out together, where libpq can do that: 14 and later.
    package var pipelines = true

    package init(_ text: String) {
        self.text = text
    }

    /// Whether a setting names a PostgreSQL: by a URL.
    package static func isPostgres(_ text: String) -> Bool {
        text.hasPrefix("postgres://") || text.hasPrefix("postgresql://")
    }

    /// Keywords and values for `PQconnectdbParams`, which takes the first `dbname` apart and lets later words win.
    ///
    /// Ours come before it: what the address itself says counts, but for the encoding, which is not a matter of choice.
    var keywords: [(String, String)] {
        [
            ("application_name", applicationName),
            ("connect_timeout", String(max(2, connectTimeout.components.seconds))),
            ("keepalives_idle", "5"),
            ("keepalives_interval", "2"),
            ("keepalives_count", "3"),
            ("tcp_user_timeout", String(silence.components.seconds * 1_000)),
            ("target_session_attrs", acceptsReadOnly ? "any" : "read-write"),
            ("dbname", text),
            ("client_encoding", "UTF8"),
        ]
    }
}

extension PostgresAddress: CustomStringConvertible, CustomReflectable {
    package var description: String { "an address of PostgreSQL" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
