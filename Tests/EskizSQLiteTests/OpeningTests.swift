import Eskiz
import EskizQueue
import EskizText
import Foundation
import GRDB
import Testing

@testable import EskizSQLite

/// What happens when a file is opened, and when it cannot be used.
struct OpeningTests {
    private let folder: TemporaryFolder
    private let path: String
    private let noon = Timestamp(milliseconds: 1_800_000_000_000)

    init() throws {
        folder = try TemporaryFolder()
        path = folder.path + "/eskiz.sqlite"
    }

    private func new(_ text: String = "Your order is ready") -> NewMessage {
        NewMessage(phone: "998901234567", text: text, sender: "4546", segments: 1, encoding: .gsm7, apiKeyID: "k_1")
    }

    private func code(_ body: () async throws -> Void) async -> StoreError.Code? {
        do {
            try await body()
            return nil
        } catch let error as StoreError {
            #expect(!error.summary.isEmpty)
            #expect(!error.remedy.isEmpty)
            return error.code
        } catch {
            Issue.record(error)
            return nil
        }
    }

    @Test func `a second process is told that the file is in use, until the first one closes it`() async throws {
        let first = try SQLiteMessageStore(path: path)
        #expect(await code { _ = try SQLiteMessageStore(path: path) } == .locked)
        await first.close()
        let second = try SQLiteMessageStore(path: path)
        try await second.checkWritable()
        await second.close()
    }

    @Test func `an installation draws the offset of its numbers once, and an old file keeps its order`() async throws {
        func accept(_ store: SQLiteMessageStore, at now: Timestamp) async throws -> MessageID? {
            let acceptance = try await store.accept([new()], batch: nil, idempotency: nil, at: now)
            guard case .accepted(let messages, _) = acceptance else { return nil }
            return messages.first?.id
        }
        func search(_ store: SQLiteMessageStore, from moment: Timestamp) async throws -> Int {
            try await store.messages(MessageSearch(createdFrom: moment)).count
        }
        var options = SQLiteMessageStore.Options()
        options.numberOffset = 0
        let old = try SQLiteMessageStore(path: path, options: options)
        let first = try #require(try await accept(old, at: noon))
        await old.close()
        // As a version without offsets left it.
        let queue = try DatabaseQueue(path: path)
        try await queue.write { db in
            try db.execute(sql: "DELETE FROM counters WHERE name IN (103, 104)")
        }
        try queue.close()
        options.numberOffset = 1_000_000_000
        let store = try SQLiteMessageStore(path: path, options: options)
        let second = try #require(try await accept(store, at: noon + .seconds(10)))
        #expect(second.rawValue == first.rawValue + 10_000 + 1_000_000_000)
        for (seconds, count) in [(-1, 2), (0, 2), (1, 1), (10, 1), (11, 0)] {
            #expect(try await search(store, from: noon + .seconds(seconds)) == count, "\(seconds)")
        }
        await store.close()
        options.numberOffset = 5
        let again = try SQLiteMessageStore(path: path, options: options)
        let third = try #require(try await accept(again, at: noon + .seconds(20)))
        #expect(third.rawValue == second.rawValue + 10_000)
        await again.close()
    }

    @Test func `after a clock that was far ahead numbers are by the clock again, and none is given twice`() async throws
    {
        let store = try SQLiteMessageStore(path: path)
        var ids: [MessageID] = []
        for moment in [noon, noon + .seconds(400_000_000), noon + .seconds(60), noon + .seconds(60)] {
            let acceptance = try await store.accept([new(), new()], batch: nil, idempotency: nil, at: moment)
            guard case .accepted(let messages, _) = acceptance else { continue }
            ids += messages.map(\.id)
        }
        #expect(Set(ids).count == 8)
        #expect(ids[4].rawValue == ids[0].rawValue + 60_000 && ids[6].rawValue == ids[4].rawValue + 2)
        await store.close()
    }

    @Test func `the files are for their owner alone, and so is a folder that was missing`() async throws {
        let path = folder.path + "/state/gateway/eskiz.sqlite"
        let store = try SQLiteMessageStore(path: path)
        _ = try await store.accept([new()], batch: nil, idempotency: nil, at: noon)
        for suffix in ["", "-wal", "-shm", ".lock"] {
            #expect(try folder.mode(of: "state/gateway/eskiz.sqlite" + suffix) == 0o600, "\(suffix)")
        }
        #expect(try folder.mode(of: "state/gateway") == 0o700)
        #expect(try folder.mode(of: "state") == 0o700)
        await store.close()
    }

    @Test func `a guest that comes before the owner makes the files for their owner alone, too`() async throws {
        let path = folder.path + "/state/eskiz.sqlite"
        let guest = try SQLiteMessageStore(guestOf: path)
        try await guest.add(APIKeyRecord(id: "k_1", name: "shop", scopes: [.send], digest: [1], createdAt: noon))
        for suffix in ["", "-wal", "-shm"] {
            #expect(try folder.mode(of: "state/eskiz.sqlite" + suffix) == 0o600, "\(suffix)")
        }
        #expect(try folder.mode(of: "state") == 0o700)
        let owner = try SQLiteMessageStore(path: path)
        #expect(try await owner.apiKeys().map(\.id) == ["k_1"])
        await guest.close()
        await owner.close()
    }

    @Test func `a guest leaves a file of an older version as it is, and says which version wants which`() async throws {
        let queue = try DatabaseQueue(path: path)
        let first = try #require(Schema.migrator.migrations.first)
        let last = try #require(Schema.migrator.migrations.last)
        try Schema.migrator.migrate(queue, upTo: first)
        do {
            _ = try SQLiteMessageStore(guestOf: path)
            Issue.record("it opened")
        } catch {
            #expect(error.code == .olderSchema)
            #expect(error.summary.contains("version \(first);") && error.summary.contains("version \(last)."))
            #expect(error.remedy.contains("eskiz serve"))
        }
        let applied = try await queue.read { db in try Schema.migrator.appliedIdentifiers(db) }
        #expect(applied == [first])
        try queue.close()
        // Whoever has the file brings it up to date, and then a guest is welcome.
        let owner = try SQLiteMessageStore(path: path)
        let guest = try SQLiteMessageStore(guestOf: path)
        #expect(try await guest.apiKeys().isEmpty)
        await guest.close()
        await owner.close()
    }

    @Test func `a guest leaves a file of a newer version as it is, too`() async throws {
        let store = try SQLiteMessageStore(path: path)
        try await store.group.perform(.durable) { transaction in
            try transaction.run("INSERT INTO grdb_migrations (identifier) VALUES ('99: what nobody knows yet')", [])
        }
        do {
            _ = try SQLiteMessageStore(guestOf: path)
            Issue.record("it opened")
        } catch {
            #expect(error.code == .newerSchema)
            #expect(error.summary.contains("99: what nobody knows yet"))
        }
        await store.close()
    }

    @Test func `a file that is no database is left as it is`() async throws {
        let bytes = Data(repeating: 0x41, count: 8_192)
        try bytes.write(to: URL(fileURLWithPath: path))
        #expect(await code { _ = try SQLiteMessageStore(path: path) } == .corrupt)
        #expect(try folder.bytes(of: "eskiz.sqlite") == Array(bytes))
    }

    @Test func `a file that a newer version wrote is left as it is`() async throws {
        let store = try SQLiteMessageStore(path: path)
        try await store.group.perform(.durable) { transaction in
            try transaction.run("INSERT INTO grdb_migrations (identifier) VALUES ('99: what nobody knows yet')", [])
        }
        await store.close()
        #expect(await code { _ = try SQLiteMessageStore(path: path) } == .newerSchema)
    }

    @Test func `a full disk refuses new work, keeps the old, and ends by itself`() async throws {
        var options = SQLiteMessageStore.Options()
        options.maximumPages = 200
        let store = try SQLiteMessageStore(path: path, options: options)
        let text = String(repeating: "x", count: 1_000)
        var accepted: [Message] = []
        var refusal: StoreError.Code?
        while refusal == nil, accepted.count < 5_000 {
            refusal = await code {
                let acceptance = try await store.accept([new(text)], batch: nil, idempotency: nil, at: noon)
                if case .accepted(let messages, _) = acceptance { accepted += messages }
            }
        }
        #expect(refusal == .diskFull)
        #expect(!accepted.isEmpty)
        #expect(store.depth.total == accepted.count)
        #expect(try await store.messages(MessageSearch(limit: 1_000)).count == accepted.count)
        // Room is made.
        try await store.pool.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA max_page_count = 100000") }
        try await store.checkWritable()
        _ = try await store.accept([new(text)], batch: nil, idempotency: nil, at: noon)
        #expect(store.depth.total == accepted.count + 1)
        await store.close()
    }

    @Test func `a lock that another program holds is waited for a little, then told, and its end is noticed`()
        async throws
    {
        var options = SQLiteMessageStore.Options()
        options.busyTimeout = 0.05
        let store = try SQLiteMessageStore(path: path, options: options)
        let shell = try DatabaseQueue(path: path, configuration: Self.unsafe)
        try await shell.writeWithoutTransaction { db in try db.execute(sql: "BEGIN IMMEDIATE") }
        #expect(await code { _ = try await store.accept([new()], batch: nil, idempotency: nil, at: noon) } == .locked)
        #expect(await code { try await store.checkWritable() } == .locked)
        #expect(try await store.messages(MessageSearch()).isEmpty, "reading goes on")
        try await shell.writeWithoutTransaction { db in try db.execute(sql: "ROLLBACK") }
        _ = try await store.accept([new()], batch: nil, idempotency: nil, at: noon)
        #expect(store.depth.total == 1)
        try shell.close()
        await store.close()
    }

    private static var unsafe: Configuration {
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        return configuration
    }

    @Test func `a closed store says that it is closed`() async throws {
        let store = try SQLiteMessageStore(path: path)
        await store.close()
        await store.close()
        #expect(await code { try await store.checkWritable() } == .unavailable)
        #expect(await code { _ = try await store.messages(MessageSearch()) } == .unavailable)
    }

    @Test func `what was begun before closing is finished`() async throws {
        let store = try SQLiteMessageStore(path: path)
        let outcomes = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<50 {
                group.addTask {
                    (try? await store.accept([new()], batch: nil, idempotency: nil, at: noon)) != nil
                }
            }
            await store.close()
            return await group.reduce(into: 0) { (all: inout Int, one) in all += one ? 1 : 0 }
        }
        let again = try SQLiteMessageStore(path: path)
        #expect(again.depth.total == outcomes)
        #expect(try await again.messages(MessageSearch(limit: 100)).count == outcomes)
        await again.close()
    }

    @Test(arguments: [
        (ResultCode.SQLITE_FULL, StoreError.Code.diskFull), (.SQLITE_READONLY, .readOnly), (.SQLITE_PERM, .readOnly),
        (.SQLITE_BUSY, .locked), (.SQLITE_LOCKED, .locked), (.SQLITE_CORRUPT, .corrupt), (.SQLITE_NOTADB, .corrupt),
        (.SQLITE_IOERR, .unavailable), (.SQLITE_ERROR, .unavailable), (.SQLITE_CANTOPEN, .readOnly),
    ])
    func `each failure of the database has its name and its remedy`(_ result: ResultCode, _ wanted: StoreError.Code) {
        let error = StoreError(
            DatabaseError(resultCode: result, sql: "INSERT", arguments: ["998901234567"]),
            path: path
        )
        #expect(error.code == wanted)
        #expect(error.remedy.hasSuffix("."))
        #expect(!"\(error)".contains("998901234567"))
    }

    @Test func `an error of the system has its name`() {
        #expect(StoreError.system(ENOSPC, opening: path).code == .diskFull)
        #expect(StoreError.system(EACCES, opening: path).code == .readOnly)
        #expect(StoreError.system(EROFS, opening: path).code == .readOnly)
        #expect(StoreError.system(EISDIR, opening: path).code == .unavailable)
    }
}
