import EskizPostgres
import Testing

struct PostgresErrorTests {
    @Test(
        arguments: [
            ("57P01", .terminated), ("57P02", .terminated), ("57P03", .notReady), ("57P05", .terminated),
            ("57014", .cancelled), ("25006", .readOnly), ("25P03", .transactionTimeout), ("40001", .serialization),
            ("40P01", .deadlock), ("40003", .serialization), ("55P03", .lockTimeout), ("53100", .diskFull),
            ("53200", .outOfResources), ("53300", .tooManyConnections), ("28P01", .authentication),
            ("28000", .authentication), ("3D000", .noSuchDatabase), ("3F000", .schemaMissing),
            ("42P01", .schemaMissing),
            ("42883", .schemaMissing), ("42501", .missingRights), ("26000", .preparedStatement),
            ("42P05", .preparedStatement), ("42601", .badStatement), ("23505", .duplicate), ("23503", .integrity),
            ("22P02", .badData), ("08006", .connectionLost), ("08P01", .connectionLost), ("XX001", .corrupt),
            ("XX000", .other), ("P0001", .other), ("ES001", .other), ("", .other),
        ] as [(String, PostgresErrorKind)]
    )
    func `a SQLSTATE says what kind of failure it is`(state: String, kind: PostgresErrorKind) {
        #expect(PostgresErrorKind(sqlState: state) == kind)
    }

    @Test(
        arguments: [
            (
                "connection to server at \"db\" failed: FATAL:  password authentication failed for user \"a\"",
                .authentication
            ),
            ("FATAL:  role \"nobody\" does not exist", .authentication),
            ("fe_sendauth: no password supplied", .authentication),
            ("FATAL:  no pg_hba.conf entry for host \"10.0.0.1\", user \"a\"", .notAllowed),
            ("FATAL:  pg_hba.conf rejects connection for host \"127.0.0.1\"", .notAllowed),
            ("FATAL:  pg_hba.conf rejects connection for host \"10.0.0.1\", user \"a\", SSL encryption", .notAllowed),
            ("FATAL:  database \"shop\" does not exist", .noSuchDatabase),
            ("FATAL:  permission denied for database \"shop\"", .missingRights),
            ("FATAL:  too many connections for role \"crowded\"", .tooManyConnections),
            ("FATAL:  sorry, too many clients already", .tooManyConnections),
            ("FATAL:  remaining connection slots are reserved for non-replication superuser", .tooManyConnections),
            ("FATAL:  the database system is starting up", .notReady),
            ("FATAL:  the database system is shutting down", .notReady),
            ("could not translate host name \"db\" to address: Name or service not known", .unknownHost),
            ("timeout expired", .connectTimeout),
            ("connection to server on socket \"/x\" failed: No such file or directory", .unreachable),
            ("connection to server at \"127.0.0.1\" failed: Connection refused", .unreachable),
            ("SSL error: certificate verify failed", .tls),
            ("server certificate for \"a\" does not match host name \"b\"", .tls),
            ("server does not support SSL, but SSL was required", .tls),
            ("session is read-only", .readOnly),
            ("invalid integer value \"d\" for connection option \"port\"", .badAddress),
            ("invalid sslmode value: \"secure\"", .badAddress),
            ("could not match 2 port numbers to 3 hosts", .badAddress),
            ("definition of service \"shop\" not found", .badAddress),
            ("could not translate host name \"of-a-password@db\" to address: Name or service not known", .badAddress),
        ] as [(String, PostgresErrorKind)]
    )
    func `what libpq says when no connection comes about has a kind`(message: String, kind: PostgresErrorKind) {
        #expect(PostgresErrorKind(connecting: message) == kind)
    }

    @Test(arguments: PostgresErrorKind.allCases)
    func `each kind says what happened and what to do`(kind: PostgresErrorKind) {
        let error = PostgresError(kind)
        #expect(error.summary.hasSuffix("."))
        #expect(error.remedy.hasSuffix("."))
        #expect(error.summary != error.remedy)
    }

    @Test func `a commit that may have happened is never said to be worth repeating`() {
        for kind in PostgresErrorKind.allCases where kind.leavesCommitUnknown { #expect(!kind.isWorthRepeating) }
    }

    @Test func `an address shows nothing of itself`() {
        let address = PostgresAddress("postgres://app:hidden@db.example.test/shop")
        #expect(!"\(address)".contains("hidden"))
        var dumped = ""
        dump(address, to: &dumped)
        #expect(!dumped.contains("hidden"))
    }

    @Test func `a library that is not there is named, with what to install`() {
        #expect(throws: PostgresError.self) { try LibPQ.load("libpq-that-nobody-has.so.5") }
        do throws(PostgresError) {
            try LibPQ.load("libpq-that-nobody-has.so.5")
        } catch {
            #expect(error.kind == .libraryMissing)
            #expect(error.remedy.contains("libpq5"))
        }
    }

    @Test(arguments: ["postgres://[", "postgresql://h/db?no_such_option=1", "host='"])
    func `an address that cannot be read is refused without repeating it`(address: String) {
        do throws(PostgresError) {
            try LibPQ.check(address)
            Issue.record("\(address) was taken")
        } catch {
            #expect(error.kind == .badAddress)
            #expect(!"\(error)".contains("no_such_option"))
        }
    }

    @Test(arguments: [
        "postgres://", "postgresql:///shop", "postgres://a@h1:5432,h2:5433/shop?target_session_attrs=read-write",
        "host=/run/postgresql dbname=shop", "service=shop", "postgres://h/shop?sslmode=verify-full",
    ])
    func `what libpq understands is taken`(address: String) throws {
        try LibPQ.check(address)
    }
}
