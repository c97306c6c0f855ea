import Eskiz
import EskizQueue
import EskizQueueTesting
import Testing

struct MemoryMessageStoreTests {
    @Test(arguments: MessageStoreConformance.checks)
    func `does what every store has to do`(_ check: MessageStoreConformance.Check) async throws {
        try await check(on: MemoryMessageStore())
    }

    @Test func `fails as it is told to, and works again afterwards`() async throws {
        let store = MemoryMessageStore()
        store.fail(with: StoreError(.diskFull, "The disk is full.", remedy: "Make room."))
        await #expect(throws: StoreError.self) { try await store.checkWritable() }
        store.fail(with: nil)
        try await store.checkWritable()
    }
}
