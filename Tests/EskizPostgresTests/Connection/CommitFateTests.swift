import EskizPostgres
import Testing

/// A commit whose answer was lost is looked up.
struct CommitFateTests {
    private func number(_ session: PostgresSession) throws(PostgresError) -> String {
        let row = try session.query("SELECT pg_current_xact_id()::text AS number").first
        guard let row else { throw PostgresError(.other) }
        return try row.text("number")
    }

    @Test func `the server tells what became of a transaction by its number`() async throws {
        let database = try await TestServer.shared.database()
        let connection = PostgresConnection(database.address)
        let lost = PostgresError(.connectionLost)
        let committed = try await connection.transaction { (session) throws(PostgresError) in try number(session) }
        #expect(try await connection.fate(of: committed, after: lost) == .committed)
        let undone = try await connection.run { (session) throws(PostgresError) in
            try session.script("BEGIN")
            let number = try number(session)
            try session.script("ROLLBACK")
            return number
        }
        #expect(try await connection.fate(of: undone, after: lost) == .undone)
        // Never seen by this server: it was promoted before the transaction had reached it.
        #expect(try await connection.fate(of: "4000000000", after: lost) == .undone)
        await connection.close()
    }

    @Test func `a transaction whose connection is ended at its commit says by which number to look`() async throws {
        let database = try await TestServer.shared.database()
        let connection = PostgresConnection(database.address)
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
            try session.watchedTransaction { (session) throws(PostgresError) in
                try session.script("INSERT INTO public.kept VALUES ('one')")
            }
        }
        guard case .unclear(_, let transaction, let error) = ending else {
            Issue.record("the commit was said to have gone through")
            return
        }
        #expect(try await connection.fate(of: transaction, after: error) == .undone)
        #expect(try await database.number("SELECT count(*) FROM public.kept") == 0)
        await connection.close()
    }
}
