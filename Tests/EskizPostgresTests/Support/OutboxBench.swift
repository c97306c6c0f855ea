import EskizPostgres
import EskizQueue
import Testing

/// A database with an outbox, and a role that may send.
enum OutboxBench {
    static func database() async throws -> TestDatabase {
        let database = try await TestServer.shared.database()
        let outbox = PostgresOutbox(database.address, owner: "migrator", maximumSegments: 8, migrating: true)
        try await outbox.connect()
        await outbox.close()
        for role in ["app", "other"] {
            try await database.script(
                """
                DO $$ BEGIN CREATE ROLE \(role) LOGIN; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END $$;
                GRANT eskiz_sender TO \(role)
                """
            )
        }
        return database
    }

    static func outbox(_ database: TestDatabase, owner: String = "gateway") -> PostgresOutbox {
        PostgresOutbox(database.address, owner: owner, maximumSegments: 8, migrating: false)
    }

    /// Sends as this connection's role.
    static func send(
        _ connection: PostgresConnection,
        phone: String = "+998901234567",
        body: String = "Kodingiz: 123456",
        _ arguments: String = "lane => 'otp'"
    ) async throws(PostgresError) -> Int64 {
        try await connection.run { (session) throws(PostgresError) in
            let sql = "SELECT eskiz.send($1, $2, \(arguments)) AS id"
            return try session.query(sql, [.text(phone), .text(body)]).first?.int("id") ?? 0
        }
    }

    /// What `eskiz.send` says is wrong; nil if it takes the message.
    ///
    /// Leaves nothing behind.
    static func refusal(
        of connection: PostgresConnection,
        phone: String,
        body: String,
        _ arguments: String = "lane => 'otp'"
    ) async throws(PostgresError) -> String? {
        // In SQL, because our own errors leave out what PostgreSQL says of data.
        try await connection.run { (session) throws(PostgresError) in
            try session.script(
                """
                CREATE OR REPLACE FUNCTION pg_temp.refusal(phone text, body text) RETURNS text LANGUAGE plpgsql AS $$
                BEGIN
                    PERFORM eskiz.send(phone, body, \(arguments));
                    RAISE EXCEPTION USING ERRCODE = 'YES00';
                EXCEPTION
                    WHEN SQLSTATE 'YES00' THEN RETURN NULL;
                    WHEN SQLSTATE 'ES001' OR SQLSTATE 'ES002' OR SQLSTATE 'ES003' OR SQLSTATE 'ES004' OR SQLSTATE 'ES005'
                    OR SQLSTATE 'ES006' THEN RETURN SQLERRM;
                END
                $$
                """
            )
            let row = try session.query("SELECT pg_temp.refusal($1, $2) AS said", [.text(phone), .text(body)]).first
            return try row?.optionalText("said")
        }
    }
}
