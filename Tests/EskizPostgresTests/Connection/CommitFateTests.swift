import Testing

@testable import EskizPostgres

/// A commit whose answer was lost is looked up.
struct CommitFateTests {
    private let marks = CommitMarks(table: "public.marks", series: 5)
    /// The third of that series.
    private static let third: Int64 = 5 << 32 | 3

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
            let mark = CommitMark(transaction: number, value: Self.third, predecessor: nil)
            return try await connection.fate(of: mark, among: marks, in: 7, after: PostgresError(.connectionLost))
        }
        try await connection.script("INSERT INTO public.marks VALUES (7, 'mark', \(Self.third))")
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
            (found: nil, fate: CommitMark.Fate.undone), (found: third, fate: .committed),
            // One before it, or the first of the series: of what was not flushed, a crash may undo several.
            (found: third - 1, fate: .undone), (found: third - 2, fate: .undone),
            // The last one of whoever had the row before: all of the series is undone.
            (found: 4_711, fate: .undone),
            // Somebody else has written since: the number has the last word.
            (found: 6 << 32 | 3, fate: .committed), (found: -5 << 32 | 3, fate: .committed),
        ] as [(found: Int64?, fate: CommitMark.Fate)]
    )
    func `a number that was given out again after a crash deceives nobody`(
        found: Int64?,
        fate: CommitMark.Fate
    ) async throws {
        let connection = try await connection(TestServer.shared.database())
        if let found { try await connection.script("INSERT INTO public.marks VALUES (7, 'mark', \(found))") }
        // Of somebody else's transaction, and committed.
        let other = try await connection.transaction { (session) throws(PostgresError) in try number(session) }
        let mark = CommitMark(transaction: other, value: Self.third, predecessor: 4_711)
        let error = PostgresError(.terminated)
        #expect(try await connection.fate(of: mark, among: marks, in: 7, after: error) == fate)
        await connection.close()
    }

    @Test func `transactions leave marks, each another one, and know what was there before the first`() async throws {
        let database = try await TestServer.shared.database()
        let connection = try await connection(database)
        try await connection.script("INSERT INTO public.marks VALUES (7, 'mark', 4711)")
        for _ in 1...2 {
            let before = try await database.number("SELECT coalesce(max(value), -1) FROM public.marks")
            // Undone: the mark is not there.
            await #expect(throws: PostgresError.self) {
                try await connection.run { (session) throws(PostgresError) in
                    _ = try session.watchedTransaction(marking: marks, in: 7) { (session) throws(PostgresError) in
                        try session.sendDeferred()
                        throw PostgresError(.other)
                    }
                }
            }
            #expect(try await database.number("SELECT coalesce(max(value), -1) FROM public.marks") == before)
            _ = try await connection.run { (session) throws(PostgresError) in
                try session.watchedTransaction(marking: marks, in: 7) { (_) throws(PostgresError) in }
            }
            #expect(try await database.number("SELECT coalesce(max(value), -1) FROM public.marks") != before)
        }
        #expect(try await database.number("SELECT count(*) FROM public.marks") == 1)
        let known = try await connection.run { (session) throws(PostgresError) in
            var known: CommitMark?
            marks.leave(in: 7, session, locking: []) { known = $0 }
            try session.sendDeferred()
            return known
        }
        #expect(known?.predecessor == 4_711)
        await connection.close()
    }

    @Test func `a transaction whose connection is ended at its commit says by which mark to look`() async throws {
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
            try session.watchedTransaction(marking: marks, in: 7) { (session) throws(PostgresError) in
                try session.script("INSERT INTO public.kept VALUES ('one')")
            }
        }
        guard case .unclear(_, let mark, let error) = ending else {
            Issue.record("the commit was said to have gone through")
            return
        }
        #expect(try await connection.fate(of: mark, among: marks, in: 7, after: error) == .undone)
        #expect(try await database.number("SELECT count(*) FROM public.kept") == 0)
        await connection.close()
    }
}
