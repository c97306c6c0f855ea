import Eskiz
import EskizQueue
import EskizText
import Foundation
import Testing

@testable import EskizSQLite

/// The log of SQLite stays short, although nobody who writes waits for it.
struct CheckpointsTests {
    private func messages(_ count: Int) -> [NewMessage] {
        (0..<count).map { number in
            NewMessage(
                lane: .bulk,
                phone: "998901234567",
                text: "Buyurtmangiz \(number) qabul qilindi. " + String(repeating: "Rahmat! ", count: 100),
                sender: "4546",
                segments: 6,
                encoding: .gsm7,
                apiKeyID: "k_1"
            )
        }
    }

    /// The part of the log's head that is another one each time the log begins anew.
    private func salt(of log: String) throws -> [UInt8] {
        let head = try FileHandle(forReadingFrom: URL(filePath: log)).read(upToCount: 32) ?? Data()
        return Array(head.dropFirst(16).prefix(8))
    }

    @Test func `the log begins anew although the writer never rests`() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/eskiz.sqlite"
        let store = try SQLiteMessageStore(path: path)
        let now = Timestamp(milliseconds: 1_800_000_000_000)
        let log = path + "-wal"
        _ = try await store.accept(messages(1), batch: nil, idempotency: nil, at: now)
        let first = try salt(of: log)
        var beginnings = 0
        var last = first
        var commits = 0
        // Two at a time, so that there is always one that waits. Each writes some 150 pages.
        while beginnings < 2, commits < 4_000 {
            async let one = store.accept(messages(500), batch: nil, idempotency: nil, at: now)
            async let other = store.accept(messages(500), batch: nil, idempotency: nil, at: now)
            _ = try await (one, other)
            commits += 2
            let current = try salt(of: log)
            if current != last { beginnings += 1 }
            last = current
        }
        #expect(beginnings == 2, "\(commits) commits")
        let size = try #require(try FileManager.default.attributesOfItem(atPath: log)[.size] as? Int)
        #expect(size < (Checkpoints.limit + 2_000) * 4_128)
        let depth = store.depth.total
        #expect(depth == commits * 500 + 1)
        await store.close()
        let again = try SQLiteMessageStore(path: path)
        #expect(again.depth.total == depth)
        await again.close()
    }

    @Test func `what is committed beside a checkpoint is read by whoever opens the file next`() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/eskiz.sqlite"
        let now = Timestamp(milliseconds: 1_800_000_000_000)
        var total = 0
        for _ in 0..<3 {
            let store = try SQLiteMessageStore(path: path)
            for count in [400, 1, 400, 1, 400] {
                _ = try await store.accept(messages(count), batch: nil, idempotency: nil, at: now)
                total += count
            }
            #expect(store.depth.total == total)
            await store.close()
        }
    }
}
