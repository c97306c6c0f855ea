import EskizPostgres
import EskizQueue
import EskizQueueTesting
import Testing

struct PostgresMessageStoreTests {
    /// All checks, with one short random history: a step asks the server dozens of times.
    private static let checks =
        MessageStoreConformance.checks.filter { !$0.description.hasPrefix("a random history") }
        + [MessageStoreConformance.history(steps: 400, seed: 1)]

    @Test(arguments: checks)
    func `does what every store has to do`(_ check: MessageStoreConformance.Check) async throws {
        // The model that histories are held against numbers messages by the clock alone, and claims one by one.
        let database = try await StoreDatabase.make(numberOffset: 0)
        try await check(on: database.store { $0.fenceStep = { 1 } })
    }

    @Test(arguments: VerificationConformance.checks)
    func `does what every store of verifications has to do`(_ check: VerificationConformance.Check) async throws {
        try await check(on: StoreDatabase.make().store())
    }

    @Test(arguments: SuppressionConformance.checks)
    func `does what every store of suppressed phones has to do`(_ check: SuppressionConformance.Check) async throws {
        try await check(on: StoreDatabase.make().store())
    }
}

/// A database with the tables of messages, for one store or several.
struct StoreDatabase {
    let database: TestDatabase

    private static let template = Template()

    static func make(numberOffset: Int64? = nil) async throws -> StoreDatabase {
        let made = StoreDatabase(database: try await TestServer.shared.database(from: try await template.database))
        if let numberOffset {
            try await made.database.script("UPDATE eskiz.numbers SET number_offset = \(numberOffset)")
        }
        return made
    }

    func store(
        _ owner: String = "gateway",
        _ change: (inout PostgresMessageStore.Options) -> Void = { _ in }
    ) async throws -> PostgresMessageStore {
        var options = PostgresMessageStore.Options()
        change(&options)
        let store = PostgresMessageStore(database.address, owner: owner, options: options)
        try await store.open()
        return store
    }
}

/// A database whose tables were made once.
private actor Template {
    private var making: Task<TestDatabase, any Error>?

    var database: TestDatabase {
        get async throws {
            if let making { return try await making.value }
            let task = Task {
                let database = try await TestServer.shared.database()
                let store = PostgresMessageStore(database.address, owner: "migrator")
                try await store.open()
                await store.close()
                return database
            }
            making = task
            return try await task.value
        }
    }
}
