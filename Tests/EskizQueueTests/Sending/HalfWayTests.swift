import EskizQueue
import EskizQueueTesting
import EskizTestSupport
import Testing

/// Calls of the store that are carried out and say that they were not: the answer to a commit was lost.
struct HalfWayTests {
    private struct Bench {
        var world: World
        var store: SlowStore
    }

    private func bench() async throws -> Bench {
        let time = VirtualTime()
        let memory = MemoryMessageStore()
        let store = SlowStore(memory, time: time, beginWriting: .zero)
        return Bench(world: try await World(store: memory, time: time, guardedBy: { _ in store }), store: store)
    }

    @Test(arguments: [1, 3])
    func `a claim that nobody was told of holds no code up`(_ failures: Int) async throws {
        let bench = try await bench()
        let (world, store) = (bench.world, bench.store)
        try await world.run {
            // The dispatcher has found nothing to do.
            await world.settle()
            let code = try await world.accept(newMessage(.otp, expiresAt: world.time.timestamp + .seconds(60)))[0]
            store.failHalfWay(failures)
            await world.settle(.seconds(3))
            #expect(try await world.state(of: code) == .submitted)
            #expect(try await world.message(code)?.attempts == 1)
            #expect(world.provider.ledger.count == 1)
        }
    }

    @Test func `what was kept and refused all the same is sent at once`() async throws {
        let bench = try await bench()
        let (world, store) = (bench.world, bench.store)
        try await world.run {
            await world.settle()
            store.failHalfWay(1)
            await #expect(throws: QueueError.self) {
                try await world.accept(newMessage(.otp, expiresAt: world.time.timestamp + .seconds(60)))
            }
            await world.settle()
            #expect(world.provider.ledger.count == 1)
        }
    }

    @Test(arguments: [1, 8])
    func `moments that were moved, and said not to be, go by the time that they were moved to`(_ failures: Int)
        async throws
    {
        let bench = try await bench()
        let (world, store) = (bench.world, bench.store)
        world.provider.decide { $0.index == 1 ? .answer(429, "{}", retryAfter: 5) : .take(after: .zero) }
        try await world.run([world.dispatcher, world.housekeeping]) {
            let code = try await world.accept(newMessage(.otp, expiresAt: world.time.timestamp + .seconds(60)))[0]
            await world.settle(.milliseconds(1_500))
            #expect(try await world.state(of: code) == .queued)
            store.failToMove(failures)
            world.time.setClock(forward: .seconds(-300))
            await world.settle(.seconds(15))
            #expect(try await world.state(of: code) == .submitted)
        }
    }
}
