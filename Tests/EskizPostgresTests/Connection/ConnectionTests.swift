import EskizPostgres
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

@Suite(.timeLimit(.minutes(2)))
struct PostgresConnectionTests {
    // MARK: Values

    @Test func `values go there and back as they are`() async throws {
        let database = try await TestServer.shared.database()
        let connection = PostgresConnection(database.address)
        let texts: [String?] = ["", "a,b{}\"\\'", nil, "oʻzbek 🇺🇿", "NULL"]
        let numbers: [Int64?] = [.min, -1, nil, 0, .max]
        let bytes: [[UInt8]?] = [[], [0, 255, 1], nil, [10], [92]]
        let flags: [Bool?] = [true, false, nil, true, false]
        let back = try await connection.run { (session) throws(PostgresError) in
            let sql = "SELECT * FROM unnest($1::text[], $2::bigint[], $3::bytea[], $4::boolean[]) AS row(t, n, b, f)"
            return try session.query(sql, [.texts(texts), .ints(numbers), .byteArrays(bytes), .bools(flags)])
                .map { (row) throws(PostgresError) in
                    Row(
                        text: try row.optionalText("t"),
                        number: try row.optionalInt("n"),
                        bytes: try row.optionalBytes("b"),
                        flag: try row.optionalBool("f")
                    )
                }
        }
        #expect(back.map(\.text) == texts)
        #expect(back.map(\.number) == numbers)
        #expect(back.map(\.bytes) == bytes)
        #expect(back.map(\.flag) == flags)
        let empty = try await connection.run { (session) throws(PostgresError) in
            try session.query("SELECT unnest($1::text[]) AS t", [.texts([])]).count
        }
        #expect(empty == 0)
    }

    private struct Row: Sendable {
        var text: String?
        var number: Int64?
        var bytes: [UInt8]?
        var flag: Bool?
    }

    @Test func `a statement is planned once and used again`() async throws {
        let database = try await TestServer.shared.database()
        let connection = PostgresConnection(database.address)
        let (sum, plans) = try await connection.run { (session) throws(PostgresError) in
            var sum: Int64 = 0
            for number in 1...3 as ClosedRange<Int64> {
                let rows = try session.query("SELECT $1 + 0::bigint AS n", [.int(number)], isPrepared: true)
                sum += try rows.first?.int("n") ?? 0
            }
            let plans = try session.query("SELECT count(*) AS n FROM pg_prepared_statements").first?.int("n")
            return (sum, plans)
        }
        #expect(sum == 6)
        #expect(plans == 1)
    }

    // MARK: Transactions

    @Test func `what a body throws undoes its transaction, and the connection goes on`() async throws {
        let database = try await TestServer.shared.database()
        let connection = PostgresConnection(database.address)
        try await connection.script("CREATE TABLE public.things (n bigint)")
        await expectFailure(.duplicate) {
            try await connection.transaction { (session) throws(PostgresError) in
                try session.script("INSERT INTO public.things VALUES (1)")
                throw PostgresError(.duplicate)
            }
        }
        await expectFailure(.badData) {
            try await connection.transaction { (session) throws(PostgresError) in
                try session.script("INSERT INTO public.things VALUES (2)")
                try session.script("SELECT 'x'::bigint")
            }
        }
        try await connection.transaction { (session) throws(PostgresError) in
            try session.script("INSERT INTO public.things VALUES (3)")
        }
        #expect(try await database.number("SELECT sum(n) FROM public.things") == 3)
    }

    // MARK: Several in one round trip

    /// As with a libpq that can, and as with an older one.
    private func connection(to database: TestDatabase, pipelines: Bool) -> PostgresConnection {
        var address = database.address
        address.pipelines = pipelines
        return PostgresConnection(address)
    }

    @Test(arguments: [true, false])
    func `statements that are deferred go out in their order, before the next that is asked`(pipelines: Bool)
        async throws
    {
        let database = try await TestServer.shared.database()
        let connection = connection(to: database, pipelines: pipelines)
        try await connection.script("CREATE TABLE public.kept (number bigint)")
        let (sums, seen) = try await connection.transaction { (session) throws(PostgresError) in
            var sums: [Int64] = []
            for number in 1...3 {
                session.deferQuery("INSERT INTO public.kept VALUES ($1)", [.int(Int64(number))], isPrepared: true)
                session.deferQuery("SELECT sum(number)::bigint AS sum FROM public.kept") {
                    (rows) throws(PostgresError) in
                    sums.append(try rows.first?.int("sum") ?? 0)
                }
            }
            #expect(sums.isEmpty)
            let seen = try session.query("SELECT count(*) AS number FROM public.kept").first?.int("number")
            session.deferQuery("INSERT INTO public.kept VALUES (4)")
            return (sums, seen)
        }
        #expect(sums == [1, 3, 6] && seen == 3)
        #expect(try await database.number("SELECT count(*) FROM public.kept") == 4)
        await connection.close()
    }

    @Test(arguments: [true, false])
    func `after a deferred statement that is refused none is carried out, not even the commit`(pipelines: Bool)
        async throws
    {
        let database = try await TestServer.shared.database()
        let connection = connection(to: database, pipelines: pipelines)
        try await connection.script(
            """
            CREATE TABLE public.kept (number bigint UNIQUE); INSERT INTO public.kept VALUES (1);
            CREATE TABLE public.marks (shard integer, name text, value bigint, PRIMARY KEY (shard, name))
            """
        )
        let marks = CommitMarks(table: "public.marks")
        for watched in [false, true] {
            do throws(PostgresError) {
                try await connection.run { (session) throws(PostgresError) in
                    let body = { (session: PostgresSession) throws(PostgresError) in
                        session.deferQuery("INSERT INTO public.kept VALUES (2)")
                        session.deferQuery("INSERT INTO public.kept VALUES (1)") { _ in
                            Issue.record("it was not refused")
                        }
                        session.deferQuery("INSERT INTO public.kept VALUES (3)")
                    }
                    if watched {
                        _ = try session.watchedTransaction(marking: marks, in: 1, body)
                    } else {
                        try session.transaction(body)
                    }
                }
                Issue.record("it was committed")
            } catch {
                #expect(error.kind == .duplicate)
            }
            // On the same connection, without a word of what was left.
            let count = try await connection.transaction { (session) throws(PostgresError) in
                try session.query("SELECT count(*) AS number FROM public.kept").first?.int("number")
            }
            #expect(count == 1)
        }
        await connection.close()
    }

    @Test func `more than the network holds goes out and comes back at once`() async throws {
        let database = try await TestServer.shared.database()
        let connection = PostgresConnection(database.address)
        let text = String(repeating: "x", count: 4_000_000)
        let lengths = try await connection.transaction { (session) throws(PostgresError) in
            var lengths: [Int] = []
            for _ in 0..<8 {
                session.deferQuery("SELECT $1::text AS back", [.text(text)]) { (rows) throws(PostgresError) in
                    lengths.append(try rows.first?.text("back").utf8.count ?? 0)
                }
            }
            try session.sendDeferred()
            return lengths
        }
        #expect(lengths == Array(repeating: text.utf8.count, count: 8))
        await connection.close()
    }

    @Test func `a backend that is ended in the middle of several is told from one that refuses`() async throws {
        let database = try await TestServer.shared.database()
        let connection = PostgresConnection(database.address)
        do throws(PostgresError) {
            try await connection.transaction { (session) throws(PostgresError) in
                session.deferQuery("SELECT pg_catalog.pg_terminate_backend(pg_catalog.pg_backend_pid()) AS done")
                session.deferQuery("SELECT pg_catalog.pg_sleep(5) IS NULL AS slept")
            }
            Issue.record("it was committed")
        } catch {
            #expect(error.kind.leavesCommitUnknown)
        }
        let one = try await connection.run { (session) throws(PostgresError) in
            try session.query("SELECT 1::bigint AS one").first?.int("one")
        }
        #expect(one == 1)
        await connection.close()
    }

    @Test func `a refusal that may repeat data is not quoted`() async throws {
        let database = try await TestServer.shared.database()
        let connection = PostgresConnection(database.address)
        let error = await expectFailure(.badData) {
            try await connection.script("SELECT '+998901234567x'::bigint")
        }
        #expect(error?.description.contains("901234567") == false)
        #expect(error?.sqlState == "22P02")
    }

    // MARK: Failing to connect

    @Test func `each way of not getting in has its kind`() async throws {
        let database = try await TestServer.shared.database()
        try await database.script(
            """
            CREATE ROLE refused LOGIN PASSWORD 'secret'; CREATE ROLE crowded LOGIN PASSWORD 'secret' CONNECTION LIMIT 0;
            """
        )
        await expectConnecting(to: database.tcp(password: "wrong"), fails: .authentication)
        await expectConnecting(to: database.tcp(user: "nobody"), fails: .authentication)
        await expectConnecting(to: database.tcp(user: "refused"), fails: .notAllowed)
        await expectConnecting(to: database.tcp(user: "crowded"), fails: .tooManyConnections)
        await expectConnecting(
            to: TestDatabase(place: database.place, name: "nowhere").url(),
            fails: .noSuchDatabase
        )
        await expectConnecting(to: database.tcp() + "?sslmode=require", fails: .tls)
        await expectConnecting(to: "postgresql://a@127.0.0.1:1/x", fails: .unreachable)
        await expectConnecting(to: "postgresql://a@/x?host=/nonexistent", fails: .unreachable)
    }

    @Test func `a database that takes no changes is not taken for one that does`() async throws {
        let database = try await TestServer.shared.database()
        try await database.script("ALTER DATABASE \(database.name) SET default_transaction_read_only = on")
        await expectConnecting(to: database.url(), fails: .readOnly)
        var address = database.address
        address.acceptsReadOnly = true
        let connection = PostgresConnection(address)
        await expectFailure(.readOnly) {
            try await connection.script("CREATE TABLE public.t (n bigint)")
        }
    }

    @Test func `the first host of several that takes changes is used`() async throws {
        let database = try await TestServer.shared.database()
        let place = database.place
        let url =
            "postgresql://eskiz_test:secret@127.0.0.1:1,127.0.0.1:\(place.port)/\(database.name)?connect_timeout=2"
        let connection = PostgresConnection(PostgresAddress(url))
        try await connection.script("SELECT 1")
    }

    // MARK: Failing later

    @Test func `a statement that takes too long is cancelled, and the connection is kept`() async throws {
        let database = try await TestServer.shared.database()
        var address = database.address
        address.statementTimeout = .milliseconds(50)
        let connection = PostgresConnection(address)
        let before = try await backend(of: connection)
        await expectFailure(.cancelled) {
            try await connection.script("SELECT pg_sleep(10)")
        }
        #expect(try await backend(of: connection) == before)
    }

    @Test func `a lock that somebody holds is not waited for long`() async throws {
        let database = try await TestServer.shared.database()
        try await database.script("CREATE TABLE public.held (n bigint)")
        var address = database.address
        address.lockTimeout = .milliseconds(50)
        let (holder, other) = (PostgresConnection(address), PostgresConnection(address))
        try await holder.script("BEGIN; LOCK TABLE public.held")
        await expectFailure(.lockTimeout) {
            try await other.script("INSERT INTO public.held VALUES (1)")
        }
    }

    @Test func `a connection that the server ended is made anew`() async throws {
        let database = try await TestServer.shared.database()
        let connection = PostgresConnection(database.address)
        let before = try await backend(of: connection)
        try await database.script("SELECT pg_terminate_backend(\(before))")
        await expectFailure(.terminated) { _ = try await backend(of: connection) }
        #expect(try await backend(of: connection) != before)
    }

    @Test func `a server that is frozen is given up, and whoever asks next gets another connection`() async throws {
        let database = try await TestServer.shared.database()
        var address = database.address
        address.statementTimeout = .milliseconds(100)
        address.patience = .milliseconds(100)
        let connection = PostgresConnection(address)
        let frozen = try await backend(of: connection)
        #expect(kill(pid_t(frozen), SIGSTOP) == 0)
        await expectFailure(.silent) { _ = try await backend(of: connection) }
        #expect(try await backend(of: connection) != frozen)
        #expect(kill(pid_t(frozen), SIGCONT) == 0)
    }

    @Test func `a restart of the server in the middle costs one failure`() async throws {
        let folder = "/tmp/eskiz-pg-\(ProcessInfo.processInfo.processIdentifier)-restart"
        let owner = String(ProcessInfo.processInfo.processIdentifier)
        let port = try #require(Int(try await TestServer.cluster("start", folder, owner)))
        let database = TestDatabase(place: .init(folder: folder, port: port), name: "postgres")
        let connection = PostgresConnection(database.address)
        _ = try await backend(of: connection)
        try await TestServer.cluster("restart", folder, "immediate")
        do throws(PostgresError) {
            _ = try await backend(of: connection)
        } catch {
            #expect(error.kind.leavesCommitUnknown)
        }
        _ = try await backend(of: connection)
        try await TestServer.cluster("stop", folder, "immediate")
        await expectFailure(nil) { _ = try await backend(of: connection) }
        await expectFailure(.unreachable) { _ = try await backend(of: connection) }
    }

    // MARK: Threads

    @Test func `connections that wait take none of Swift's own threads`() async throws {
        let database = try await TestServer.shared.database()
        let address = database.address
        let holder = PostgresConnection(address)
        try await holder.script("SELECT pg_advisory_lock(7)")
        let waiting = 12
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<waiting {
                group.addTask {
                    let connection = PostgresConnection(address)
                    let isDone: Void? = try? await connection.script(
                        "SET lock_timeout = 0; SELECT pg_advisory_lock_shared(7)"
                    )
                    return isDone != nil
                }
            }
            // All of them wait at the server; were Swift's threads waiting with them, nobody would let them go.
            while await (try? database.number("SELECT count(*) FROM pg_locks WHERE NOT granted")) != Int64(waiting) {}
            try? await holder.script("SELECT pg_advisory_unlock(7)")
            for await isDone in group { #expect(isDone) }
        }
    }

    // MARK: Notifications

    @Test func `a notification wakes who listens`() async throws {
        let database = try await TestServer.shared.database()
        let listener = PostgresConnection(database.address) { (session) throws(PostgresError) in
            _ = try session.listen("news")
        }
        let none = try await listener.run { (session) throws(PostgresError) in
            try session.notification(upTo: .milliseconds(1))
        }
        #expect(none == nil)
        try await database.script("NOTIFY news")
        let channel = try await listener.run { (session) throws(PostgresError) in
            try session.notification(upTo: .seconds(20))
        }
        #expect(channel == "news")
    }

    @Test func `what a listener has said itself does not wake it`() async throws {
        let database = try await TestServer.shared.database()
        let listener = PostgresConnection(database.address) { (session) throws(PostgresError) in
            _ = try session.listen("news")
        }
        func heard(_ limit: Duration) async throws -> String? {
            try await listener.run { (session) throws(PostgresError) in
                try session.notification(upTo: limit, but: "host-1")
            }
        }
        #expect(try await heard(.milliseconds(1)) == nil)
        try await database.script("NOTIFY news, 'host-1'")
        #expect(try await heard(.milliseconds(200)) == nil)
        try await database.script("NOTIFY news, 'host-1'; NOTIFY news, 'host-2'")
        #expect(try await heard(.seconds(20)) == "news")
    }

    @Test func `whoever listens notices that the connection is gone, and listens again`() async throws {
        let database = try await TestServer.shared.database()
        let listener = PostgresConnection(database.address) { (session) throws(PostgresError) in
            _ = try session.listen("news")
        }
        let process = try await backend(of: listener)
        try await database.script("SELECT pg_terminate_backend(\(process))")
        await expectFailure(.connectionLost) {
            _ = try await listener.run { (session) throws(PostgresError) in
                try session.notification(upTo: .seconds(20))
            }
        }
        _ = try await backend(of: listener)
        try await database.script("NOTIFY news")
        let channel = try await listener.run { (session) throws(PostgresError) in
            try session.notification(upTo: .seconds(20))
        }
        #expect(channel == "news")
    }
}

/// The process at the server that serves this connection.
private func backend(of connection: PostgresConnection) async throws(PostgresError) -> Int64 {
    try await connection.run { (session) throws(PostgresError) in
        try session.query("SELECT pg_backend_pid()::bigint AS pid").first?.int("pid") ?? 0
    }
}

/// Expects a failure of this kind; nil for any.
@discardableResult
private func expectFailure(
    _ kind: PostgresErrorKind?,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ body: () async throws -> Void
) async -> PostgresError? {
    do {
        try await body()
        Issue.record("it did not fail", sourceLocation: sourceLocation)
    } catch let error as PostgresError {
        if let kind { #expect(error.kind == kind, "\(error)", sourceLocation: sourceLocation) }
        return error
    } catch {
        Issue.record("\(error)", sourceLocation: sourceLocation)
    }
    return nil
}

private func expectConnecting(
    to address: String,
    fails kind: PostgresErrorKind,
    sourceLocation: SourceLocation = #_sourceLocation
) async {
    let connection = PostgresConnection(PostgresAddress(address))
    await expectFailure(kind, sourceLocation: sourceLocation) {
        try await connection.script("SELECT 1")
    }
}
