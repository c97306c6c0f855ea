import EskizQueue
import Testing

@testable import EskizPostgres

/// What slows a database down is seen, with who is to blame for it.
@Suite struct SnapshotWatchTests {
    private static func sighting(_ process: Int, _ mark: String, own: Bool = false) -> SnapshotWatch.Sighting {
        .init(holder: .process(process), mark: mark, isItsOwn: own)
    }

    @Test func `who has held one snapshot the longest is named`() {
        var watch = SnapshotWatch()
        let start = ContinuousClock.now
        #expect(watch.note([], at: start) == nil)
        #expect(watch.note([Self.sighting(1, "700")], at: start) == .init(.process(1), age: .zero))
        let later = start + .seconds(90)
        let both = [Self.sighting(2, "701"), Self.sighting(1, "700")]
        #expect(watch.note(both, at: later) == .init(.process(1), age: .seconds(90)))
        #expect(watch.note([Self.sighting(2, "701")], at: later + .seconds(5)) == .init(.process(2), age: .seconds(5)))
    }

    @Test func `who takes a new snapshot with each look holds none for long`() {
        var watch = SnapshotWatch()
        let start = ContinuousClock.now
        for step in 0..<10 {
            let oldest = watch.note([Self.sighting(1, String(700 + step))], at: start + .seconds(step * 10))
            #expect(oldest?.age == .zero)
        }
    }

    @Test func `of those who see one open transaction, the one that it belongs to is to blame`() {
        var watch = SnapshotWatch()
        let start = ContinuousClock.now
        let all = [Self.sighting(1, "700"), Self.sighting(2, "700", own: true), Self.sighting(3, "700")]
        for step in 0...6 {
            #expect(watch.note(all.shuffled(), at: start + .seconds(step * 10))?.holder == .process(2))
        }
    }
}

/// The same, and what is asked of Eskiz once for all, on a real PostgreSQL.
@Suite struct SharedDatabaseTests {
    @Test func `a snapshot that is held is reported with the process that holds it`() async throws {
        let database = try await StoreDatabase.make()
        let store = try await database.store("a")
        let holder = PostgresConnection(database.database.address)
        let process = try await holder.run { (session) throws(PostgresError) in
            try session.script("BEGIN ISOLATION LEVEL REPEATABLE READ")
            return try session.query("SELECT pg_catalog.pg_backend_pid()::bigint AS pid").first?.int("pid")
        }
        let first = try await store.health().oldestSnapshot
        let second = try await store.health().oldestSnapshot
        #expect(first?.holder == .process(Int(try #require(process))) && second?.holder == first?.holder)
        #expect(try #require(second).age > .zero)
        try await holder.script("COMMIT")
        #expect(try await store.health().oldestSnapshot == nil)
        await holder.close()
        await store.close()
    }

    @Test func `a role that may see nobody else's work sees who holds a snapshot all the same`() async throws {
        let database = try await StoreDatabase.make()
        try await database.database.script(
            """
            DO $$ BEGIN CREATE ROLE health_reader LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
            GRANT USAGE ON SCHEMA eskiz TO health_reader;
            GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA eskiz TO health_reader
            """
        )
        var options = PostgresMessageStore.Options()
        options.migrates = false
        let address = PostgresAddress(database.database.url(user: "health_reader"))
        let store = PostgresMessageStore(address, owner: "b", options: options)
        let holder = PostgresConnection(database.database.address)
        // It has changed something and waits: everybody else's snapshot begins with it.
        try await holder.script("BEGIN; INSERT INTO eskiz.counts VALUES (4711, 'held', 0)")
        let process = try await holder.run { (session) throws(PostgresError) in
            try session.query("SELECT pg_catalog.pg_backend_pid()::bigint AS pid").first?.int("pid")
        }
        for _ in 0..<3 {
            #expect(try await store.health().oldestSnapshot?.holder == .process(Int(try #require(process))))
        }
        await holder.close()
        await store.close()
    }

    @Test func `a table of ours that is not cleared is reported`() async throws {
        let database = try await StoreDatabase.make()
        let store = try await database.store("a")
        #expect(try await store.health().clearsRows)
        try await database.database.script("ALTER TABLE eskiz.messages SET (autovacuum_enabled = off)")
        #expect(try await store.health().clearsRows == false)
        try await database.database.script(
            "ALTER TABLE eskiz.messages RESET (autovacuum_enabled); CREATE TABLE public.theirs (n int) WITH (autovacuum_enabled = off)"
        )
        #expect(try await store.health().clearsRows, "what others do with their tables is theirs")
        await store.close()
    }

    // MARK: Asked once

    private static func ask(
        _ store: PostgresMessageStore,
        freshness: Duration = .seconds(60),
        patience: Duration = .seconds(60)
    ) async throws -> SharedAnswer {
        try await store.sharedAnswer(to: "account", freshness: freshness, patience: patience)
    }

    private func withTwo(_ body: (PostgresMessageStore, PostgresMessageStore) async throws -> Void) async throws {
        let database = try await StoreDatabase.make()
        let (one, other) = (try await database.store("a"), try await database.store("b"))
        try await body(one, other)
        await one.close()
        await other.close()
    }

    @Test func `one of two asks, and both have the answer`() async throws {
        try await withTwo { one, other in
            #expect(try await Self.ask(one) == SharedAnswer(document: nil, age: .zero, isOurTurn: true))
            #expect(try await Self.ask(other) == SharedAnswer(document: nil, age: .zero, isOurTurn: false))
            try await other.share([9], as: "account")
            #expect(try await Self.ask(other).document == nil, "it was not its turn")
            try await one.share([1, 2], as: "account")
            for store in [one, other] {
                let answer = try await Self.ask(store)
                #expect(answer.document == [1, 2] && !answer.isOurTurn && answer.age < .seconds(30))
            }
            // It is old: one of them asks anew, and the other has the old one meanwhile.
            let old = try await Self.ask(other, freshness: .zero)
            #expect(old.document == [1, 2] && old.isOurTurn)
            #expect(try await Self.ask(one, freshness: .zero).isOurTurn == false)
        }
    }

    @Test func `whoever got no answer, or died, keeps the others from asking no longer than said`() async throws {
        try await withTwo { one, other in
            #expect(try await Self.ask(one).isOurTurn)
            try await one.share(nil, as: "account")
            #expect(try await Self.ask(other, patience: .zero).isOurTurn)
            #expect(try await Self.ask(one).isOurTurn)
            // Too late: another one has the turn.
            try await other.share([9], as: "account")
            #expect(try await Self.ask(other).document == nil)
        }
    }
}
