/// What kind of failure PostgreSQL, or the way to it, has met.
///
/// Decided from SQLSTATE alone where the server has answered (appendix A of its manual), and from libpq's words where no
/// connection came about: then there is no SQLSTATE.
package enum PostgresErrorKind: String, Sendable, Hashable, CaseIterable {
    // MARK: On our side

    /// libpq is not installed.
    case libraryMissing = "libpq_missing"
    case badAddress = "bad_address"

    // MARK: No connection

    case unknownHost = "unknown_host"
    case unreachable
    case connectTimeout = "connect_timeout"
    case tls
    case authentication
    /// The server's rules (`pg_hba.conf`) let nobody in from here.
    case notAllowed = "not_allowed"
    case noSuchDatabase = "no_such_database"
    case tooManyConnections = "too_many_connections"
    /// It starts, recovers or shuts down.
    case notReady = "not_ready"

    // MARK: A connection that is gone

    case connectionLost = "connection_lost"
    /// The server, or somebody at it, ended the connection.
    case terminated
    /// The server has not answered in time.
    case silent

    // MARK: A server that does not do

    /// A standby, or a database that takes no changes.
    case readOnly = "read_only"
    case serverTooOld = "server_too_old"
    case schemaMissing = "schema_missing"
    case schemaNewer = "schema_newer"
    case missingRights = "missing_rights"
    case diskFull = "disk_full"
    case outOfResources = "out_of_resources"
    case corrupt

    // MARK: A transaction that was undone

    case serialization
    case deadlock
    case lockTimeout = "lock_timeout"
    /// By `statement_timeout`, or by somebody at the server.
    case cancelled
    case transactionTimeout = "transaction_timeout"

    // MARK: A statement that does not do

    /// A pooler has lost, or doubled, a prepared statement.
    case preparedStatement = "prepared_statement"
    case duplicate
    case integrity
    case badData = "bad_data"
    case badStatement = "bad_statement"
    case other

    /// The kind of a server's error.
    package init(sqlState: String) {
        switch sqlState {
        case "57P01", "57P02", "57P04", "57P05": self = .terminated
        case "57P03": self = .notReady
        case "57014": self = .cancelled
        case "25006": self = .readOnly
        case "25P03", "25P04": self = .transactionTimeout
        case "40001": self = .serialization
        case "40P01": self = .deadlock
        case "55P03": self = .lockTimeout
        case "53100": self = .diskFull
        case "53300": self = .tooManyConnections
        case "28P01", "28000": self = .authentication
        case "3D000": self = .noSuchDatabase
        case "3F000", "42P01", "42883", "42703": self = .schemaMissing
        case "42501": self = .missingRights
        case "26000", "42P05": self = .preparedStatement
        case "23505": self = .duplicate
        default:
            switch sqlState.prefix(2) {
            case "08": self = .connectionLost
            case "22": self = .badData
            case "23": self = .integrity
            case "42": self = .badStatement
            // An abort whose reason is not known better.
            case "40": self = .serialization
            case "53": self = .outOfResources
            case "57": self = .terminated
            case "XX": self = sqlState == "XX000" ? .other : .corrupt
            default: self = .other
            }
        }
    }

    /// The kind of a failure to connect, by what libpq or the server says of it.
    ///
    /// The server may say it in another language than English; then it is `unreachable`, and its own words are logged.
    package init(connecting message: String) {
        let signs: [(PostgresErrorKind, [String])] = [
            (
                .badAddress,
                [
                    "invalid integer value", "invalid port number", "could not match", "definition of service",
                    "invalid sslmode value", "invalid target_session_attrs value", "invalid channel_binding value",
                    "invalid gssencmode value", "invalid require_auth", "invalid load_balance_hosts value",
                ]
            ),
            (
                .tooManyConnections,
                [
                    "too many clients", "too many connections", "remaining connection slots",
                    "no more connections allowed",
                ]
            ),
            (.missingRights, ["permission denied for database"]),
            // Which say whether the connection was encrypted.
            (.notAllowed, ["no pg_hba.conf entry", "pg_hba.conf rejects"]),
            (.tls, ["certificate", "SSL", "ssl", "TLS"]),
            (
                .authentication,
                [
                    "authentication failed", "no password supplied", "role \"", "no such user",
                    "not permitted to log in", "SASL", "SCRAM",
                ]
            ),
            (.noSuchDatabase, ["database \"", "no such database"]),
            (
                .notReady,
                [
                    "the database system is", "not yet accepting connections",
                    "server closed the connection unexpectedly",
                ]
            ),
            (.readOnly, ["session is read-only", "server is in hot standby mode", "session is not read-only"]),
            (.unknownHost, ["could not translate host name", "Name or service not known"]),
            (.connectTimeout, ["timeout expired", "Connection timed out"]),
        ]
        let kind = signs.first { $0.1.contains { message.contains($0) } }?.0 ?? .unreachable
        // No host has an @ in its name: it is what is left of a password that was not escaped.
        self = kind == .unknownHost && message.contains("@") ? .badAddress : kind
    }

    /// Whether the connection is of no more use: the next call looks for a server anew, through all hosts of the address.
    package var closesConnection: Bool {
        switch self {
        case .connectionLost, .terminated, .silent, .readOnly, .transactionTimeout, .notReady, .corrupt: true
        case .preparedStatement: true
        default: false
        }
    }

    /// Whether nothing has changed for certain, and the same may succeed in a moment.
    package var isWorthRepeating: Bool {
        switch self {
        case .serialization, .deadlock, .lockTimeout, .readOnly, .preparedStatement, .notReady, .tooManyConnections,
            .unreachable, .unknownHost, .connectTimeout:
            true
        default: false
        }
    }

    /// Whether a commit that ended so may have taken effect: it is looked up, and not repeated.
    package var leavesCommitUnknown: Bool {
        switch self {
        case .connectionLost, .terminated, .silent: true
        default: false
        }
    }

    /// Whether a person has to change something: worth to end a start for, while the rest passes by itself.
    package var needsAPerson: Bool {
        switch self {
        case .libraryMissing, .badAddress, .unknownHost, .tls, .authentication, .notAllowed, .noSuchDatabase, .readOnly,
            .serverTooOld, .schemaMissing, .schemaNewer, .missingRights, .corrupt, .badStatement:
            true
        default: false
        }
    }
}
