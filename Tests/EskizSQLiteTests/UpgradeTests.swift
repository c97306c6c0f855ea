import EskizQueue
import Foundation
import GRDB
import Testing

@testable import EskizSQLite

/// Files that released versions wrote, kept as they were.
///
/// `Fixtures/schema-N.sql` is what version N of the tables looked like, with five messages: two delivered, one failed, one waiting, one
/// unknown with a webhook that is still to be sent. Nobody edits it; a new version of the tables adds one.
struct UpgradeTests {
    private let folder: TemporaryFolder
    private let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.path + "/eskiz.sqlite"
    }

    /// Makes the file of a version, and opens it.
    private func store(of version: Int) throws -> SQLiteMessageStore {
        let fixture = URL(filePath: #filePath).appending(path: "../Fixtures/schema-\(version).sql").standardized
        let sql = try String(contentsOf: fixture, encoding: .utf8)
        let queue = try DatabaseQueue(path: path)
        try queue.write { db in try db.execute(sql: sql) }
        try queue.close()
        return try SQLiteMessageStore(path: path)
    }

    @Test(arguments: 1...4)
    func `a file of each version is brought up to date with everything in it`(version: Int) async throws {
        let store = try store(of: version)
        let messages = try await store.messages(MessageSearch(limit: 100)).sorted { $0.id < $1.id }
        #expect(messages.map(\.state) == [.delivered, .delivered, .failed, .queued, .unknown])
        #expect(messages.map(\.lane) == [.transactional, .otp, .bulk, .transactional, .bulk])
        #expect(messages.first?.reference == "order-1" && messages.first?.text == "Bu Eskiz dan test")
        #expect(messages[2].error?.code == "test_account_text_only" && messages[4].error?.code == "timed_out")
        #expect(store.depth.total == 1)
        let statistics = try await store.statistics()
        #expect(statistics.count(.delivered) == 2 && statistics.count(.unknown) == 1)
        let minute = Timestamp(milliseconds: 29_932_567 * 60_000)
        let activity = try await store.activity(from: minute, to: minute + .seconds(60), step: .seconds(60)).first
        #expect(activity?.total.accepted == (version < 2 ? nil : 3))
        #expect(activity?.total.deliveryTimes.counts.first == (version < 2 ? nil : 2))
        #expect(activity?.total.segments == (version < 2 ? nil : version < 3 ? 0 : 2))
        #expect(try await store.apiKeys().map(\.name) == ["shop"])
        try await store.checkWritable()
        await store.close()
    }

    @Test(arguments: 1...4)
    func `a file of each version has the tables of a new one afterwards`(version: Int) async throws {
        let old = try store(of: version)
        let new = try SQLiteMessageStore(path: folder.path + "/new.sqlite")
        let (oldTables, newTables) = (try await tables(of: old), try await tables(of: new))
        #expect(oldTables == newTables)
        #expect(oldTables.contains { $0.hasPrefix("table activity within_3600_s") })
        await old.close()
        await new.close()
    }

    /// Every column with its type, and every index with its columns, a line each.
    private func tables(of store: SQLiteMessageStore) async throws -> Set<String> {
        try await store.pool.read { db in
            var lines: Set<String> = []
            let objects = try Row.fetchAll(
                db,
                sql:
                    "SELECT type, name FROM sqlite_master WHERE type IN ('table', 'index', 'view') AND name NOT LIKE 'sqlite_%'"
            )
            for object in objects {
                let (type, name): (String, String) = (object["type"], object["name"])
                let details = try Row.fetchAll(
                    db,
                    sql: type == "index" ? "PRAGMA index_info(\(name))" : "PRAGMA table_info(\(name))"
                )
                for detail in details {
                    let column: String? = detail["name"]
                    let kind: String = type == "index" ? "" : " \(detail["type"] as String) \(detail["notnull"] as Int)"
                    lines.insert("\(type) \(name) \(column ?? "")\(kind)")
                }
            }
            return lines
        }
    }
}
