import EskizPostgres
import EskizQueue
import EskizSQLite
import EskizText
import EskizVerify
import Foundation
import Testing

/// From a file into PostgreSQL and back.
struct StoreCopyTests {
    private let now = Timestamp(milliseconds: 1_800_000_000_000)

    private func path() -> String {
        FileManager.default.temporaryDirectory.path + "/eskiz-copy-\(UUID().uuidString)/eskiz.sqlite"
    }

    private func connection(_ database: StoreDatabase) -> PostgresConnection {
        PostgresConnection(database.database.address)
    }

    private func intoPostgres(_ path: String, _ database: StoreDatabase) async throws -> StoreCopy.Outcome {
        let connection = connection(database)
        let outcome: Result<StoreCopy.Outcome, any Error>
        do {
            outcome = .success(
                try await PostgresArchive.use(connection) { archive in
                    try SQLiteArchive.read(path: path) { try StoreCopy(from: $0, to: archive, batch: 7).run() }
                }
            )
        } catch { outcome = .failure(error) }
        await connection.close()
        return try outcome.get()
    }

    private func intoFile(_ database: StoreDatabase, _ path: String) async throws -> StoreCopy.Outcome {
        let connection = connection(database)
        let outcome: Result<StoreCopy.Outcome, any Error>
        do {
            outcome = .success(
                try await PostgresArchive.use(connection) { archive in
                    try SQLiteArchive.write(path: path) { try StoreCopy(from: archive, to: $0, batch: 7).run() }
                }
            )
        } catch { outcome = .failure(error) }
        await connection.close()
        return try outcome.get()
    }

    // MARK: Every column of every table

    /// Rows in which no two values are the same, but for words; every third has nothing but what it must have.
    private func rows(of table: StoreTable, count: Int) -> [StoreRow] {
        (0..<count).map { number in
            table.columns.enumerated().map { index, column in
                let value = Int64(number * 100 + index + 1)
                if let words = Self.words[table.name + "." + column.name] {
                    return .text(words[number % words.count])
                }
                if number % 3 == 2, Self.optional.contains(table.name + "." + column.name) { return .null }
                return switch column.kind {
                case .int: .int(value)
                case .text: .text(index < table.keyCount ? "\(1_000 + number)" : "oʻzgarish \(value)")
                case .bool: .bool(value % 2 == 0)
                case .bytes:
                    .bytes(column.name == "id" ? Array(repeating: UInt8(number), count: 16) : [0, 255, UInt8(number)])
                }
            }
        }
    }

    private static let words: [String: [String]] = [
        "messages.state": MessageState.allCases.map(\.rawValue), "messages.lane": Lane.allCases.map(\.rawValue),
        "messages.encoding": MessageEncoding.allCases.map(\.rawValue),
        "messages.origin": Message.Origin.allCases.map(\.rawValue),
        "attempts.phase": Attempt.Phase.allCases.map(\.rawValue),
        "attempts.outcome": Attempt.Outcome.allCases.map(\.rawValue),
        "webhooks.format": WebhookDelivery.Format.allCases.map(\.rawValue),
        "webhooks.state": MessageState.allCases.map(\.rawValue),
        "webhooks.progress": WebhookDelivery.Progress.allCases.map(\.rawValue),
        "verifications.kind": Verification.Kind.allCases.map(\.rawValue),
        "verifications.ending": Verification.Ending.allCases.map(\.rawValue),
        "suppressions.scope": Suppression.Scope.allCases.map(\.rawValue),
        "verification_prefixes.decision": PrefixRule.Decision.allCases.map(\.rawValue),
    ]

    private static let optional: Set = [
        "messages.owner", "messages.lease_until", "messages.body", "messages.provider_id", "messages.error_code",
        "messages.purpose", "messages.batch_id", "reports.message_id", "reports.waits_for", "webhooks.next_at",
        "idempotency.answer", "api_keys.revoked_at", "verifications.message_id", "audit.detail",
    ]

    /// Of those there are, which PostgreSQL may not have yet.
    private func tables(in database: StoreDatabase) async throws -> [StoreTable] {
        let connection = connection(database)
        let found = try await PostgresArchive.use(connection) { archive in
            try StoreTable.all.filter { try archive.has($0) }
        }
        await connection.close()
        return found
    }

    private func contents(of path: String) throws -> (rows: [[StoreRow]], numbers: StoreNumbers) {
        try SQLiteArchive.read(path: path) { file in
            (try StoreTable.all.map { try file.rows(of: $0, after: nil, limit: 100) }, try file.numbers())
        }
    }

    @Test func `every value of every table arrives, and comes back`() async throws {
        let database = try await StoreDatabase.make()
        let (first, second) = (path(), path())
        let tables = try await tables(in: database)
        try SQLiteArchive.write(path: first) { file in
            for table in tables { try file.insert(rows(of: table, count: 23), into: table) }
            try file.adopt(
                StoreNumbers(offset: 4_711, highest: 99_999, rows: ["webhooks": 5_000, "audit": 4_000]),
                StoreCounts()
            )
        }
        let there = try await intoPostgres(first, database)
        #expect(there.hasCopied && there.total == tables.count * 23)
        let back = try await intoFile(database, second)
        #expect(back == there)
        let (one, two) = (try contents(of: first), try contents(of: second))
        #expect(one.rows == two.rows)
        #expect(two.numbers.offset == 4_711 && two.numbers.highest == 99_999)
        // Applications know webhooks by their numbers: none is given out twice.
        #expect(two.numbers.rows["webhooks"] == 5_000)
        #expect(try await database.database.number("nextval('eskiz.webhooks_id_seq')") == 5_001)
        #expect(try await database.database.number("nextval('eskiz.report_numbers')") > 2_201)
    }

    @Test func `no table and no column is left out`() async throws {
        let database = try await StoreDatabase.make()
        let connection = connection(database)
        let columns = try await connection.run { (session) throws(PostgresError) in
            try session.query(
                """
                SELECT table_name || '.' || column_name AS name FROM information_schema.columns c \
                JOIN information_schema.tables t USING (table_schema, table_name) \
                WHERE table_schema = 'eskiz' AND table_type = 'BASE TABLE'
                """
            ).map { (row) throws(PostgresError) in try row.text("name") }
        }
        await connection.close()
        let copied = Set(StoreTable.all.flatMap { table in table.columns.map { "\(table.name).\($0.name)" } })
        // Who is there, by which clock, and what is counted anew.
        let left = [
            "news", "account_news", "shared_answers", "gateways", "work", "leases", "clock", "counts", "numbers",
            "schema_versions",
        ]
        let missing = columns.filter { column in
            !copied.contains(column) && !left.contains { column.hasPrefix($0 + ".") }
                && !["activity.shard", "refusals.shard"].contains(column)
        }
        #expect(missing.isEmpty)
    }

    // MARK: A gateway's own

    private func new(_ phone: String) -> NewMessage {
        NewMessage(
            lane: .transactional,
            phone: phone,
            text: "Your order is ready",
            sender: "4546",
            segments: 1,
            encoding: .gsm7,
            apiKeyID: "k_1"
        )
    }

    private func accept(_ store: any MessageStore, _ count: Int, key: String) async throws -> [Message] {
        let key = IdempotencyKey(apiKeyID: "k_1", key: key, fingerprint: [1])
        let all = (0..<count).map { new("99890123456\($0)") }
        guard case .accepted(let messages, _) = try await store.accept(all, batch: nil, idempotency: key, at: now)
        else { return [] }
        return messages
    }

    @Test func `a gateway goes on in PostgreSQL where it stopped with a file`() async throws {
        let (database, file) = (try await StoreDatabase.make(), path())
        let before = try SQLiteMessageStore(path: file)
        let messages = try await accept(before, 5, key: "order-1")
        let secret = try await before.secret("callback") { [1, 2, 3] }
        let claims = try await before.claim(
            ClaimRequest(owner: "old", leaseUntil: now + .seconds(6), shares: [.init(.transactional, 2)], limit: 2),
            at: now
        ).claims
        _ = try await before.beginWriting(claims, at: now)
        let statistics = try await before.statistics()
        await before.close()
        _ = try await intoPostgres(file, database)

        let store = try await database.store()
        #expect(try await store.statistics().counts == statistics.counts)
        #expect(try await store.secret("callback") { [9] } == secret)
        let again = try await store.accept(
            [new("998901234560")],
            batch: nil,
            idempotency: IdempotencyKey(apiKeyID: "k_1", key: "order-1", fingerprint: [1]),
            at: now
        )
        guard case .repeated(let known) = again else {
            Issue.record("\(again)")
            return
        }
        #expect(known.map(\.id) == messages.map(\.id))
        let next = try #require(try await accept(store, 1, key: "order-2").first)
        #expect(next.id > messages.map(\.id).max() ?? next.id)
        // What was being written is not known to have arrived: it is looked up, not sent again.
        let recovery = try await store.recover(everythingBut: nil, at: now + .seconds(60))
        #expect(recovery.unknown.count == 2)
        await store.close()
    }

    // MARK: What is refused

    @Test func `a second run does nothing, and what was there is never written over`() async throws {
        let (database, file) = (try await StoreDatabase.make(), path())
        let before = try SQLiteMessageStore(path: file)
        _ = try await accept(before, 3, key: "order-1")
        await before.close()
        _ = try await intoPostgres(file, database)
        let second = try await intoPostgres(file, database)
        #expect(!second.hasCopied)
        #expect(second.rows.first?.table == "messages" && second.rows.first?.count == 3)
        try await database.database.script(
            "UPDATE eskiz.messages SET attempts = 1 WHERE id = (SELECT min(id) FROM eskiz.messages)"
        )
        await #expect(throws: StoreCopy.Refusal.holdsOther(table: "messages")) {
            try await intoPostgres(file, database)
        }
    }

    @Test func `a file that a gateway has open is not copied, and neither is a PostgreSQL with one`() async throws {
        let (database, file) = (try await StoreDatabase.make(), path())
        let before = try SQLiteMessageStore(path: file)
        await #expect(throws: StoreError.self) { try await intoPostgres(file, database) }
        await before.close()
        let store = try await database.store("b")
        await #expect(throws: PostgresArchive.InUse.self) { try await intoPostgres(file, database) }
        await store.close()
        _ = try await intoPostgres(file, database)
        #expect(FileManager.default.fileExists(atPath: file))
        let missing = path()
        await #expect(throws: StoreError.self) { try await intoPostgres(missing, database) }
        #expect(!FileManager.default.fileExists(atPath: missing))
    }

    @Test func `a copy that fails leaves neither rows nor a file`() async throws {
        let (database, file) = (try await StoreDatabase.make(), path())
        try await database.database.script(
            "INSERT INTO eskiz.secrets VALUES ('a', ''); INSERT INTO eskiz.audit (at, key_id, key_name, action) "
                + "OVERRIDING SYSTEM VALUE VALUES (1, 'k', 'n', 'x'); ALTER TABLE eskiz.messages RENAME TO gone"
        )
        await #expect(throws: (any Error).self) { try await intoFile(database, file) }
        #expect(!FileManager.default.fileExists(atPath: file))
    }
}
