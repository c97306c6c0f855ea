import Eskiz
import EskizQueue
import EskizQueueTesting
import GRDB
import Synchronization
import Testing

@testable import EskizSQLite

/// How the questions about one-time codes are answered: by an index, never by looking through everything.
///
/// So a million that are
/// pending, or have expired, cost what one costs.
struct VerificationPlanTests {
    @Test func `no question about a code looks through all of them`() async throws {
        let folder = try TemporaryFolder()
        let heard = Mutex<Set<String>>([])
        var options = SQLiteMessageStore.Options()
        options.trace = { sql in heard.withLock { _ = $0.insert(sql) } }
        func store(_ name: String) throws -> SQLiteMessageStore {
            try SQLiteMessageStore(
                path: "\(folder.path)/\(name)-\(UInt64.random(in: 0 ... .max)).sqlite",
                options: options
            )
        }
        for check in VerificationConformance.checks { try await check(on: store("codes")) }
        for check in SuppressionConformance.checks { try await check(on: store("list")) }
        let tables = ["verifications", "verification_notes", "verification_sums", "suppressions"]
        let verbs = ["SELECT", "UPDATE", "DELETE"]
        let questions = heard.withLock { $0 }.filter { sql in
            verbs.contains { sql.hasPrefix($0) } && !sql.contains("sqlite_master")
                // A migration looks through all of them, once.
                && !sql.hasPrefix("UPDATE verification_notes SET is_indexed")
                && tables.contains { sql.contains(" \($0) ") || sql.hasSuffix(" \($0)") }
        }
        #expect(questions.count > 15)
        let plans = try store("plans")
        for sql in questions {
            let plan = try await plans.read { db in
                try db.rows("EXPLAIN QUERY PLAN " + sql, []) { $0[3] as String }
            }
            // What comes out of a subquery is looked through, and what is read in the order of its key ends by itself.
            let scans = plan.filter { detail in
                detail.hasPrefix("SCAN") && tables.contains { detail.hasPrefix("SCAN \($0)") || detail == "SCAN v" }
            }
            let endsByItself =
                sql.contains("ORDER BY number LIMIT") || sql.contains("ORDER BY v.number DESC LIMIT")
                // Read from the end, as far as limits look back.
                || sql.hasSuffix("FROM verification_notes ORDER BY number DESC")
            #expect(scans.isEmpty || endsByItself, "\(sql): \(plan)")
        }
        await plans.close()
    }

    @Test func `the first of a moment is found wherever it is, with gaps and without any`() async throws {
        let folder = try TemporaryFolder()
        let store = try SQLiteMessageStore(path: folder.path + "/eskiz.sqlite")
        let noon: Int64 = 1_800_000_000_000
        #expect(try await store.read { db in try db.firstVerification(since: Timestamp(milliseconds: noon)) } <= 1)
        try await store.pool.write { db in
            for number in 1...1_000 where !(200..<400).contains(number) {
                try db.execute(
                    sql: """
                        INSERT INTO verifications (number, id, api_key_id, phone, purpose, kind, code_length, key_id, epoch, \
                        template, language, created_at, life, checks, checks_answered, checks_allowed, sends) \
                        VALUES (?, randomblob(16), 'k', '998901234567', '', 0, 6, '', 0, '', '', ?, 300000, 0, 0, 5, 1)
                        """,
                    arguments: [number, noon + Int64(number) * 1_000]
                )
            }
        }
        func first(_ second: Int64) async throws -> Int64 {
            try await store.read { db in
                let low = try db.firstVerification(since: Timestamp(milliseconds: noon + second * 1_000))
                return try db.rows("SELECT min(number) FROM verifications WHERE number >= ?", [low]) {
                    $0[0] as Int64? ?? -1
                }.first ?? -1
            }
        }
        for (second, number) in [
            (0, 1), (1, 1), (2, 2), (199, 199), (200, 400), (399, 400), (401, 401), (1_000, 1_000),
        ] {
            #expect(try await first(Int64(second)) == Int64(number), "second \(second)")
        }
        #expect(try await first(1_001) == -1)
        await store.close()
    }
}
