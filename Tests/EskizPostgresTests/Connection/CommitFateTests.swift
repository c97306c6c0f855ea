import EskizPostgres
import Testing

/// A commit whose answer was lost is looked up.
struct CommitFateTests {
    private static let row = CommitMark.Row(table: "public.marks", shard: 7)

    private func connection(_ database: TestDatabase) async throws -> PostgresConnection {
        let connection = PostgresConnection(database.address)
        try await connection.script(
            "CREATE TABLE public.marks (shard integer, name text, value bigint, PRIMARY KEY (shard, name))"
        )
        return connection
    }

    private func number(_ session: PostgresSession) throws(PostgresError) -> String {
        let row = try session.query("SELECT pg_current_xact_id()::text AS number").first
        guard let row else { throw PostgresError(.other) }
        return try row.text("number")
    }

    @Test func `the server tells what became of a transaction by its number`() async throws {
        let connection = try await connection(TestServer.shared.database())
        func fate(_ number: String) async throws -> CommitMark.Fate {
            let mark = CommitMark(transaction: number, value: 2, before: 1)
            return try await connection.fate(of: mark, in: Self.row, after: PostgresError(.connectionLost))
        }
        try await connection.script("INSERT INTO public.marks VALUES (7, 'mark', 2)")
        let committed = try await connection.transaction { (session) throws(PostgresError) in try number(session) }
        #expect(try await fate(committed) == .committed)
        let undone = try await connection.run { (session) throws(PostgresError) in
            try session.script("BEGIN")
            let number = try number(session)
            try session.script("ROLLBACK")
            return number
        }
        #expect(try await fate(undone) == .undone)
        // Never seen by this server: it was promoted before the transaction had reached it.
        #expect(try await fate("4000000000") == .undone)
        await connection.close()
    }

    @Test(
        arguments: [
            (before: nil, found: nil, fate: CommitMark.Fate.undone), (before: 1, found: 1, fate: .undone),
            (before: nil, found: 2, fate: .committed), (before: 1, found: 2, fate: .committed),
            // Somebody else has written since: the number has the last word.
            (before: nil, found: 3, fate: .committed), (before: 1, found: 3, fate: .committed),
        ] as [(before: Int64?, found: Int64?, fate: CommitMark.Fate)]
    )
    func `a number that was given out again after a crash deceives nobody`(
        before: Int64?,
        found: Int64?,
        fate: CommitMark.Fate
    ) async throws {
        let connection = try await connection(TestServer.shared.database())
        if let found { try await connection.script("INSERT INTO public.marks VALUES (7, 'mark', \(found))") }
        // Of somebody else's transaction, and committed.
        let other = try await connection.transaction { (session) throws(PostgresError) in try number(session) }
        let mark = CommitMark(transaction: other, value: 2, before: before)
        let error = PostgresError(.terminated)
        #expect(try await connection.fate(of: mark, in: Self.row, after: error) == fate)
        await connection.close()
    }

    @Test func `a transaction leaves a mark that says what was there before`() async throws {
        let database = try await TestServer.shared.database()
        let connection = try await connection(database)
        for _ in 1...2 {
            let before = try await database.number("SELECT coalesce(max(value), -1) FROM public.marks")
            // Undone: the mark is not there.
            await #expect(throws: PostgresError.self) {
                try await connection.run { (session) throws(PostgresError) in
                    _ = try session.watchedTransaction(marking: Self.row) { (_) throws(PostgresError) in
                        throw PostgresError(.other)
                    }
                }
            }
            #expect(try await database.number("SELECT coalesce(max(value), -1) FROM public.marks") == before)
            _ = try await connection.run { (session) throws(PostgresError) in
                try session.watchedTransaction(marking: Self.row) { (_) throws(PostgresError) in }
            }
            #expect(try await database.number("SELECT coalesce(max(value), -1) FROM public.marks") != before)
        }
        #expect(try await database.number("SELECT count(*) FROM public.marks") == 1)
        await connection.close()
    }

    @Test func `a transaction whose connection is ended at its commit says by which number to look`() async throws {
        let database = try await TestServer.shared.database()
        let connection = try await connection(database)
        try await connection.script("CREATE TABLE public.kept (word text)")
        let backend = try await connection.run { (session) throws(PostgresError) in
            try session.query("SELECT pg_backend_pid()::bigint AS pid").first?.int("pid")
        }
        let pid = try #require(backend)
        // Ended from within, so that the next thing that the client hears is that the connection is gone.
        try await connection.script(
            """
            CREATE FUNCTION public.ends_itself() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN PERFORM pg_catalog.pg_terminate_backend(\(pid)); PERFORM pg_catalog.pg_sleep(5); RETURN NULL; END $$;
            CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT ON public.kept DEFERRABLE INITIALLY DEFERRED
            FOR EACH ROW EXECUTE FUNCTION public.ends_itself()
            """
        )
        let ending = try await connection.run { (session) throws(PostgresError) in
            try session.watchedTransaction(marking: Self.row) { (session) throws(PostgresError) in
                try session.script("INSERT INTO public.kept VALUES ('one')")
            }
        }
        guard case .unclear(_, let mark, let error) = ending else {
            Issue.record("the commit was said to have gone through")
            return
        }
        #expect(try await connection.fate(of: mark, in: Self.row, after: error) == .undone)
        #expect(try await database.number("SELECT count(*) FROM public.kept") == 0)
        await connection.close()
    }
}
