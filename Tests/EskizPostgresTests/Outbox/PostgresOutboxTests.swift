import Eskiz
import EskizPostgres
import EskizQueue
import EskizText
import Testing

@Suite(.timeLimit(.minutes(2)))
struct PostgresOutboxTests {
    private static let all: [Lane: Int] = [.otp: 100, .transactional: 100, .bulk: 100]

    // MARK: Schema

    @Test func `a database without the outbox is refused where it may not be made, and made where it may`() async throws
    {
        let database = try await TestServer.shared.database()
        let refusing = PostgresOutbox(database.address, owner: "a", maximumSegments: 8, migrating: false)
        await #expect(throws: PostgresError.self) { try await refusing.connect() }
        #expect(try await database.number("SELECT count(*) FROM pg_namespace WHERE nspname = 'eskiz'") == 0)
        let making = PostgresOutbox(database.address, owner: "a", maximumSegments: 8, migrating: true)
        try await making.connect()
        try await refusing.connect()
    }

    @Test func `ten that migrate at once make one outbox`() async throws {
        let database = try await TestServer.shared.database()
        var address = database.address
        address.lockTimeout = .seconds(20)
        let patient = address
        let reached = try await withThrowingTaskGroup(of: [Int].self) { group in
            for _ in 0..<10 {
                group.addTask {
                    let connection = PostgresConnection(patient)
                    return try await connection.run { (session) throws(PostgresError) in
                        try Schema.outbox.migrate(session)
                    }
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(reached == [1])
    }

    @Test func `a schema of a later version is used if it says that it may be, and refused otherwise`() async throws {
        let database = try await OutboxBench.database()
        try await database.script("UPDATE eskiz.schema_versions SET version = 9, oldest_reader = 1")
        try await OutboxBench.outbox(database).connect()
        try await database.script("UPDATE eskiz.schema_versions SET oldest_reader = 9")
        do throws(PostgresError) {
            try await OutboxBench.outbox(database).connect()
            Issue.record("it was used")
        } catch {
            #expect(error.kind == .schemaNewer)
        }
    }

    // MARK: Rights

    @Test func `a role that may send may do nothing else, and sees its own messages only`() async throws {
        let database = try await OutboxBench.database()
        let app = PostgresConnection(PostgresAddress(database.url(user: "app")))
        let other = PostgresConnection(PostgresAddress(database.url(user: "other")))
        let id = try await OutboxBench.send(app)
        let own = try await status(of: id, as: app)
        #expect(own == "waiting")
        #expect(try await status(of: id, as: other) == nil)
        for statement in [
            "SELECT * FROM eskiz.outbox", "DELETE FROM eskiz.outbox", "UPDATE eskiz.outbox_settings SET identity = 'x'",
            "INSERT INTO eskiz.outbox (sender_role) VALUES ('x')", "SELECT eskiz.phone_v1('901234567')",
            "CREATE TABLE eskiz.mine (n int)", "SELECT * FROM eskiz.schema_versions",
        ] {
            do throws(PostgresError) {
                try await app.script(statement)
                Issue.record("\(statement) was allowed")
            } catch {
                #expect(error.kind == .missingRights, "\(statement): \(error)")
            }
        }
        let granted = try await database.number(
            """
            SELECT count(*) FROM pg_proc WHERE pronamespace = 'eskiz'::regnamespace
            AND (proacl IS NULL OR EXISTS (SELECT FROM aclexplode(proacl) WHERE grantee = 0))
            """
        )
        #expect(granted == 0)
    }

    @Test func `the search path of the caller changes nothing`() async throws {
        let database = try await OutboxBench.database()
        let app = PostgresConnection(PostgresAddress(database.url(user: "app")))
        try await app.script(
            """
            CREATE FUNCTION pg_temp.now() RETURNS timestamptz LANGUAGE sql AS $$ SELECT '2001-01-01'::timestamptz $$;
            CREATE FUNCTION pg_temp.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS $$ SELECT '2001-01-01'::timestamptz $$;
            SET search_path = pg_temp, eskiz
            """
        )
        _ = try await OutboxBench.send(app)
        #expect(try await database.number("SELECT count(*) FROM eskiz.outbox WHERE created_at < '2002-01-01'") == 0)
    }

    @Test func `the gateway's role needs no more than is granted to it`() async throws {
        let database = try await OutboxBench.database()
        try await database.script(
            """
            DO $$ BEGIN CREATE ROLE sender_service LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
            GRANT eskiz_gateway TO sender_service
            """
        )
        let address = PostgresAddress(database.url(user: "sender_service"))
        let outbox = PostgresOutbox(address, owner: "gateway", maximumSegments: 4, migrating: true)
        let id = try await OutboxBench.send(PostgresConnection(database.address))
        let rows = try await outbox.exchange([], limits: Self.all, isSweep: true)
        #expect(rows.map(\.id) == [id])
        _ = try await outbox.exchange(
            [OutboxResult(id, .accepted(MessageID(5), .queued))],
            limits: [:],
            isSweep: false
        )
        try await outbox.report([OutboxStatus(forgotten: MessageID(5))])
        #expect(try await outbox.prune(olderThan: .zero, limit: 10) == 1)
    }

    // MARK: Transactions of the application

    @Test func `what is undone leaves nothing, and what is committed comes once`() async throws {
        let database = try await OutboxBench.database()
        let app = PostgresConnection(PostgresAddress(database.url(user: "app")))
        let send = "SELECT eskiz.send('901234567', 'x')"
        try await app.script("BEGIN; \(send); ROLLBACK")
        try await app.script("BEGIN; SAVEPOINT a; \(send); ROLLBACK TO a; COMMIT")
        let outbox = OutboxBench.outbox(database)
        #expect(try await outbox.exchange([], limits: Self.all, isSweep: true).isEmpty)
        try await app.script("BEGIN; SELECT eskiz.send('901234567', 'x'||n) FROM generate_series(1, 50) n; COMMIT")
        #expect(try await outbox.exchange([], limits: Self.all, isSweep: true).count == 50)
    }

    @Test func `a transaction that stays open holds up nobody else, and comes when it is committed`() async throws {
        let database = try await OutboxBench.database()
        let slow = PostgresConnection(PostgresAddress(database.url(user: "app")))
        let quick = PostgresConnection(PostgresAddress(database.url(user: "other")))
        try await slow.script("BEGIN; SELECT eskiz.send('901234567', 'slow', lane => 'otp')")
        let outbox = OutboxBench.outbox(database)
        for round in 0..<8 {
            _ = try await OutboxBench.send(quick, body: "quick \(round)")
            let rows = try await outbox.exchange([], limits: Self.all, isSweep: true)
            #expect(rows.contains { $0.text == "quick \(round)" })
            #expect(!rows.contains { $0.text == "slow" })
        }
        try await slow.script("COMMIT")
        #expect(try await outbox.exchange([], limits: Self.all, isSweep: true).contains { $0.text == "slow" })
    }

    @Test func `sending notifies nobody, and a poke does`() async throws {
        let database = try await OutboxBench.database()
        let outbox = OutboxBench.outbox(database)
        try await outbox.connect()
        let app = PostgresConnection(PostgresAddress(database.url(user: "app")))
        let listener = PostgresConnection(database.address) { (session) throws(PostgresError) in
            _ = try session.listen("eskiz_outbox")
        }
        let heard = { () async throws(PostgresError) in
            try await listener.run { (session) throws(PostgresError) in
                // A round trip: whatever was sent before it has arrived with its answer.
                try session.script("SELECT 1")
                return try session.notification(upTo: .milliseconds(1))
            }
        }
        _ = try await heard()
        _ = try await OutboxBench.send(app)
        #expect(try await heard() == nil)
        try await app.script("SELECT eskiz.poke()")
        #expect(try await heard() == "eskiz_outbox")
    }

    @Test func `the same key is the same message, and another message is refused`() async throws {
        let database = try await OutboxBench.database()
        let app = PostgresConnection(PostgresAddress(database.url(user: "app")))
        let other = PostgresConnection(PostgresAddress(database.url(user: "other")))
        let arguments = "idempotency_key => 'order-7'"
        let first = try await OutboxBench.send(app, body: "x", arguments)
        #expect(try await OutboxBench.send(app, body: "x", arguments) == first)
        #expect(try await OutboxBench.send(other, body: "y", arguments) != first)
        let said = try await OutboxBench.refusal(of: app, phone: "+998901234567", body: "y", arguments)
        #expect(said?.hasPrefix("This Idempotency-Key was used for another request.") == true)
    }

    // MARK: Taking

    @Test func `codes are taken first, and in the order in which they came`() async throws {
        let database = try await OutboxBench.database()
        let app = PostgresConnection(PostgresAddress(database.url(user: "app")))
        for (body, lane) in [("1", "bulk"), ("2", "otp"), ("3", "transactional"), ("4", "otp"), ("5", "bulk")] {
            _ = try await OutboxBench.send(app, body: body, "lane => '\(lane)'")
        }
        let outbox = OutboxBench.outbox(database)
        let rows = try await outbox.exchange([], limits: [.otp: 9, .bulk: 1], isSweep: true)
        #expect(rows.map(\.text) == ["2", "4", "1"])
        #expect(rows.allSatisfy { $0.sender == "app" })
    }

    @Test func `a row carries what was asked for`() async throws {
        let database = try await OutboxBench.database()
        let app = PostgresConnection(PostgresAddress(database.url(user: "app")))
        let arguments = """
            lane => 'otp', sender => 'Shop', expires_in => '90 seconds', send_at => now() + interval '1 hour',
            reference => 'order 7', webhook_url => 'https://example.test/hook', normalized => false, purpose => 'login'
            """
        _ = try await OutboxBench.send(app, arguments)
        let row = try #require(
            try await OutboxBench.outbox(database).exchange([], limits: Self.all, isSweep: true).first
        )
        #expect(row.from == "Shop")
        #expect(row.expiresIn == .seconds(90))
        #expect(row.reference == "order 7")
        #expect(row.webhookURL == "https://example.test/hook")
        #expect(row.normalizes == false)
        #expect(row.purpose == "login")
        #expect(row.age < .zero)
        #expect(try #require(row.dueIn) > .seconds(3_500))
        #expect(!"\(row)".contains("998901234567"))
    }

    @Test func `a row belongs to the store that took it, and comes again until it is marked`() async throws {
        let database = try await OutboxBench.database()
        let app = PostgresConnection(PostgresAddress(database.url(user: "app")))
        let id = try await OutboxBench.send(app)
        let (mine, others) = (OutboxBench.outbox(database, owner: "a"), OutboxBench.outbox(database, owner: "b"))
        #expect(try await mine.exchange([], limits: Self.all, isSweep: true).map(\.id) == [id])
        #expect(try await others.exchange([], limits: Self.all, isSweep: true).isEmpty)
        // As after a crash between taking and marking.
        let again = OutboxBench.outbox(database, owner: "a")
        #expect(try await again.exchange([], limits: Self.all, isSweep: true).map(\.id) == [id])
        let result = OutboxResult(id, .accepted(MessageID(77), .queued))
        #expect(try await again.exchange([result], limits: Self.all, isSweep: true).isEmpty)
        #expect(try await status(of: id, as: app) == "queued")
        #expect(
            try await database.number("SELECT count(*) FROM eskiz.outbox WHERE phone IS NULL AND body IS NULL") == 1
        )
    }

    @Test func `two stores that take at once never take the same row`() async throws {
        let database = try await OutboxBench.database()
        let app = PostgresConnection(PostgresAddress(database.url(user: "app")))
        try await app.script("SELECT eskiz.send('901234567', 'x'||n) FROM generate_series(1, 400) n")
        let taken = try await withThrowingTaskGroup(of: [Int64].self) { group in
            for owner in ["a", "b", "c"] {
                group.addTask {
                    let outbox = OutboxBench.outbox(database, owner: owner)
                    var taken: [Int64] = []
                    while true {
                        let rows = try await outbox.exchange([], limits: [.transactional: 10], isSweep: true)
                        if rows.isEmpty { return taken }
                        taken += rows.map(\.id)
                        let results = rows.map { OutboxResult($0.id, .accepted(MessageID($0.id), .queued)) }
                        _ = try await outbox.exchange(results, limits: [:], isSweep: false)
                    }
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(taken.count == 400)
        #expect(Set(taken).count == 400)
    }

    @Test func `what is refused has its end, and says why`() async throws {
        let database = try await OutboxBench.database()
        let app = PostgresConnection(PostgresAddress(database.url(user: "app")))
        let outbox = OutboxBench.outbox(database)
        let (refused, late) = (try await OutboxBench.send(app), try await OutboxBench.send(app))
        _ = try await outbox.exchange([], limits: Self.all, isSweep: true)
        let error = MessageError(code: "too_long", message: "The text is too long.")
        _ = try await outbox.exchange(
            [OutboxResult(refused, .refused(error)), OutboxResult(late, .expired)],
            limits: [:],
            isSweep: false
        )
        #expect(try await status(of: refused, as: app) == "failed")
        #expect(try await status(of: late, as: app) == "expired")
        let explained = try await database.number(
            "SELECT count(*) FROM eskiz.outbox WHERE error = 'The text is too long.' AND final_at IS NOT NULL"
        )
        #expect(explained == 1)
    }

    // MARK: Telling

    @Test func `what becomes of a message is told until its end`() async throws {
        let database = try await OutboxBench.database()
        let app = PostgresConnection(PostgresAddress(database.url(user: "app")))
        let outbox = OutboxBench.outbox(database)
        let id = try await OutboxBench.send(app)
        _ = try await outbox.exchange([], limits: Self.all, isSweep: true)
        let number = MessageID(12_345)
        _ = try await outbox.exchange([OutboxResult(id, .accepted(number, .queued))], limits: [:], isSweep: false)
        #expect(try await outbox.open(after: 0, limit: 10) == [OpenRow(row: id, message: number, status: "queued")])
        let now = Timestamp(milliseconds: 1_800_000_000_000)
        var message = Message(
            id: number,
            state: .submitted,
            lane: .otp,
            phone: "998901234567",
            text: nil,
            sender: "4546",
            segments: 1,
            encoding: .gsm7,
            apiKeyID: "outbox:app",
            providerID: "f-1",
            createdAt: now,
            dueAt: now,
            submittedAt: now
        )
        try await outbox.report([OutboxStatus(message, at: now)])
        #expect(try await status(of: id, as: app) == "submitted")
        message.state = .delivered
        message.finalAt = now
        try await outbox.report([OutboxStatus(message, at: now + .seconds(1))])
        #expect(try await status(of: id, as: app) == "delivered")
        // The end stays.
        message.state = .failed
        try await outbox.report([OutboxStatus(message, at: now)])
        #expect(try await status(of: id, as: app) == "delivered")
        #expect(try await outbox.open(after: 0, limit: 10).isEmpty)
        #expect(try await outbox.prune(olderThan: .seconds(3_600), limit: 10) == 0)
        #expect(try await outbox.prune(olderThan: .zero, limit: 10) == 1)
    }

    @Test func `a restart of the backend in between costs a round, not a message`() async throws {
        let database = try await OutboxBench.database()
        let app = PostgresConnection(PostgresAddress(database.url(user: "app")))
        let outbox = OutboxBench.outbox(database)
        let id = try await OutboxBench.send(app)
        #expect(try await outbox.exchange([], limits: Self.all, isSweep: true).map(\.id) == [id])
        try await database.script(
            """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
            WHERE datname = current_database() AND pid <> pg_backend_pid()
            """
        )
        let result = OutboxResult(id, .accepted(MessageID(1), .queued))
        await #expect(throws: StoreError.self) {
            _ = try await outbox.exchange([result], limits: Self.all, isSweep: true)
        }
        #expect(try await outbox.exchange([], limits: Self.all, isSweep: true).map(\.id) == [id])
        #expect(try await outbox.exchange([result], limits: Self.all, isSweep: true).isEmpty)
    }

    private func status(of id: Int64, as connection: PostgresConnection) async throws(PostgresError) -> String? {
        try await connection.run { (session) throws(PostgresError) in
            try session.query("SELECT status FROM eskiz.status($1)", [.int(id)]).first?.text("status")
        }
    }
}
