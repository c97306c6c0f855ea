import EskizQueueTesting
import EskizSQLite
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Both stores do what a store of suppressed phones has to do.
struct SuppressionStoreTests {
    @Test(arguments: SuppressionConformance.checks)
    func `in memory`(_ check: SuppressionConformance.Check) async throws {
        try await check(on: MemoryMessageStore())
    }

    @Test(arguments: SuppressionConformance.checks)
    func `in SQLite`(_ check: SuppressionConformance.Check) async throws {
        let folder = FileManager.default.temporaryDirectory.path + "/eskiz-suppress-\(UInt64.random(in: 0 ... .max))"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await check(on: SQLiteMessageStore(path: folder + "/eskiz.sqlite"))
    }
}
