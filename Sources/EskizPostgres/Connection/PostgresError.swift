/// What PostgreSQL could not do, and what to do about it.
package struct PostgresError: Error, Sendable, CustomStringConvertible {
    package let kind: PostgresErrorKind
    /// The server's five characters; nil where no server has answered.
    package let sqlState: String?
    /// The server's or libpq's own words, where they can hold neither data nor secrets.
    package let detail: String?

    package init(_ kind: PostgresErrorKind, sqlState: String? = nil, detail: String? = nil) {
        self.kind = kind
        self.sqlState = sqlState
        self.detail = detail.map { $0.split(whereSeparator: \.isNewline).joined(separator: " ") }
    }

    /// The server's refusal of a statement.
    ///
    /// Its words are kept only where they name things of the schema: others may repeat what was to be stored.
    init(sqlState: String, message: String) {
        let kind = PostgresErrorKind(sqlState: sqlState)
        let mayHoldData: Bool =
            switch kind {
            case .badData, .duplicate, .integrity, .other: true
            default: false
            }
        self.init(kind, sqlState: sqlState, detail: mayHoldData ? nil : message)
    }

    /// What happened: one English sentence.
    package var summary: String { sentence.what + (sqlState.map { " (SQLSTATE \($0))" } ?? "") }
    /// What to do: one English sentence.
    package var remedy: String { sentence.remedy }

    package var description: String {
        [summary, remedy, detail.map { "PostgreSQL said: \($0)" } ?? ""].filter { !$0.isEmpty }.joined(separator: " ")
    }

    private var sentence: (what: String, remedy: String) {
        switch kind {
        case .libraryMissing:
            (
                "PostgreSQL is asked for, and its client library, libpq, is not installed.",
                "Install it: `apt-get install libpq5` on Debian and Ubuntu."
            )
        case .badAddress:
            (
                "The address of PostgreSQL cannot be read.",
                "Write it as postgres://user@host:5432/database, with %40 for an @ in the password."
            )
        case .unknownHost:
            ("The name of PostgreSQL's host is not known.", "Look at the host in the address and at the DNS.")
        case .unreachable:
            (
                "PostgreSQL cannot be reached.",
                "Look whether it runs, and at host, port and firewall; `psql` with the same address tells the same."
            )
        case .connectTimeout:
            ("PostgreSQL did not answer in time when connecting.", "Look at host, port and firewall.")
        case .tls:
            (
                "The secure connection to PostgreSQL did not come about.",
                "Look at sslmode and sslrootcert of the address, and at the name in the server's certificate."
            )
        case .authentication:
            ("PostgreSQL does not accept the user or its password.", "Look at both in the address, or in ~/.pgpass.")
        case .notAllowed:
            ("PostgreSQL lets this user in from here by no rule.", "Add a line to its pg_hba.conf and reload it.")
        case .noSuchDatabase:
            ("PostgreSQL has no such database.", "Look at its name in the address, or make it with `createdb`.")
        case .tooManyConnections:
            (
                "PostgreSQL takes no more connections.",
                "Raise max_connections or the role's limit, or put a pooler such as pgbouncer before it."
            )
        case .notReady:
            ("PostgreSQL is starting, recovering or shutting down.", "Wait: it is tried again.")
        case .connectionLost:
            ("The connection to PostgreSQL broke.", "Nothing: it is made anew.")
        case .terminated:
            ("PostgreSQL ended the connection.", "Nothing: it is made anew.")
        case .silent:
            ("PostgreSQL has not answered in time.", "Look at its load, its locks (pg_stat_activity) and the network.")
        case .readOnly:
            (
                "This PostgreSQL takes no changes: it is a standby, or set to read only.",
                "Name all its hosts in the address and add target_session_attrs=read-write."
            )
        case .serverTooOld:
            ("This PostgreSQL is too old.", "Use version 14 or later.")
        case .schemaMissing:
            (
                "The database has not, or not all, of what this version needs in it.",
                "Run `eskiz database migrate` as a role that may create tables."
            )
        case .schemaNewer:
            (
                "The database was made by a newer version, which this one does not understand.",
                "Use that version here too."
            )
        case .missingRights:
            ("The role may not do this in the database.", "Grant what docs/operations.md lists for it.")
        case .diskFull:
            ("The disk of PostgreSQL is full.", "Free space on it; it is tried again.")
        case .outOfResources:
            ("PostgreSQL has run out of memory or of something else.", "Look at its log and its settings.")
        case .corrupt:
            ("PostgreSQL reports damaged data.", "Look at its log, and restore a backup if need be.")
        case .serialization, .deadlock:
            ("Two transactions were in each other's way, and this one was undone.", "Nothing: it is tried again.")
        case .lockTimeout:
            ("Somebody else held a lock for too long.", "Look for long transactions in pg_stat_activity.")
        case .cancelled:
            ("PostgreSQL cancelled the statement.", "Look at its load, at statement_timeout and at long transactions.")
        case .transactionTimeout:
            ("PostgreSQL ended a transaction that stood still.", "Nothing: it is tried again.")
        case .preparedStatement:
            ("A pooler before PostgreSQL has mixed up prepared statements.", "Nothing: the connection is made anew.")
        case .duplicate, .integrity:
            ("PostgreSQL refused a row that does not fit to the others.", "Please report it with the log.")
        case .badData:
            ("PostgreSQL refused a value.", "Please report it with the log.")
        case .badStatement:
            (
                "PostgreSQL does not understand a statement.",
                "Look whether `eskiz database status` says that the schema fits."
            )
        case .other:
            ("PostgreSQL refused a statement.", "Look at its log.")
        }
    }
}
