import EskizQueue
import EskizQueueTesting
import Testing

@testable import EskizSQLite

struct SQLiteMessageStoreTests {
    @Test(arguments: MessageStoreConformance.checks)
    func `does what every store has to do`(_ check: MessageStoreConformance.Check) async throws {
        let folder = try TemporaryFolder()
        try await check(on: SQLiteMessageStore(path: folder.path + "/eskiz.sqlite"))
    }
}
