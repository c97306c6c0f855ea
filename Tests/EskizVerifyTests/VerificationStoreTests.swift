import EskizQueueTesting
import EskizSQLite
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Both stores do what a store of verifications has to do.
struct VerificationStoreTests {
    @Test(arguments: VerificationConformance.checks)
    func `in memory`(_ check: VerificationConformance.Check) async throws {
        try await check(on: MemoryMessageStore())
    }

    @Test(arguments: VerificationConformance.checks)
    func `in SQLite`(_ check: VerificationConformance.Check) async throws {
        let folder = FileManager.default.temporaryDirectory.path + "/eskiz-verify-\(UInt64.random(in: 0 ... .max))"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try await check(on: SQLiteMessageStore(path: folder + "/eskiz.sqlite"))
    }
}
