import Eskiz
import EskizQueue
import EskizQueueTesting
import EskizTestSupport
import Logging
import Testing

/// Somebody sets the clock of the machine while messages are under way.
struct ClockChangeTests {
    private static let steps: [Duration] = [.seconds(300), .seconds(-600), .seconds(86_400), .seconds(-86_400)]

    @Test(arguments: steps)
    func `a code whose send takes its time is sent once, whatever the clock does`(_ step: Duration) async throws {
        let world = try await World()
        world.provider.decide { _ in .take(after: .seconds(25)) }
        try await world.run([world.dispatcher, world.housekeeping, world.reconciler]) {
            let code = try await world.accept(newMessage(.otp, expiresAt: world.time.timestamp + .seconds(120)))[0]
            await world.settle(.seconds(5))
            world.time.setClock(forward: step)
            await world.settle(.seconds(300))
            #expect(world.provider.ledger.count == 1)
            #expect(try await world.state(of: code) == .submitted)
            #expect(try await world.message(code)?.attempts == 1)
        }
    }

    @Test func `a lease that ran out never takes a process its own work away`() async throws {
        // The store cannot be reached for longer than a lease, while the request is under way.
        let world = try await World { $0.lease = .seconds(10) }
        world.provider.decide { _ in .take(after: .seconds(25)) }
        try await world.run([world.dispatcher, world.housekeeping]) {
            try await world.accept(newMessage())
            await world.settle(.seconds(1))
            world.store.fail(with: StoreError(.unavailable, "The disk does not answer.", remedy: ""))
            await world.settle(.seconds(19))
            world.store.fail(with: nil)
            await world.settle(.seconds(60))
            #expect(world.provider.ledger.count == 1)
            #expect(world.provider.incoming.count == 1)
        }
    }

    @Test(arguments: steps)
    func `a code that waits for a retry waits as long as was said`(_ step: Duration) async throws {
        let world = try await World()
        world.provider.decide { $0.index == 1 ? .answer(429, "{}", retryAfter: 2) : .take(after: .zero) }
        try await world.run([world.dispatcher, world.housekeeping]) {
            let code = try await world.accept(newMessage(.otp, expiresAt: world.time.timestamp + .seconds(120)))[0]
            await world.settle(.milliseconds(500))
            #expect(try await world.state(of: code) == .queued)
            world.time.setClock(forward: step)
            await world.settle(.seconds(10))
            #expect(try await world.state(of: code) == .submitted)
            #expect(world.provider.ledger.count == 1)
        }
    }

    @Test(arguments: steps)
    func `a code that waits while Eskiz is away keeps its life, no more and no less`(_ step: Duration) async throws {
        let world = try await World()
        world.provider.decide { _ in .unreachable }
        try await world.run([world.dispatcher, world.housekeeping]) {
            let end = world.time.timestamp + .seconds(120)
            let code = try await world.accept(newMessage(.otp, expiresAt: end))[0]
            await world.settle(.seconds(30))
            world.time.setClock(forward: step)
            await world.settle(.seconds(80))
            #expect(try await world.state(of: code)?.isFinal == false)
            await world.settle(.seconds(20))
            #expect(try await world.state(of: code) == .expired)
        }
    }

    @Test(arguments: steps)
    func `a step between two processes of one boot is noticed by the second`(_ step: Duration) async throws {
        let (time, store) = (VirtualTime(), MemoryMessageStore())
        let before = try await World(store: store, time: time, owner: "a") { $0.boot = "b" }
        before.provider.decide { _ in .answer(429, "{}", retryAfter: 20) }
        try await before.run([before.dispatcher, before.housekeeping]) {
            try await before.accept(newMessage(.otp, expiresAt: time.timestamp + .seconds(120)))
            await before.settle(.seconds(2))
        }
        time.setClock(forward: step)
        let after = try await World(store: store, time: time, owner: "b") { $0.boot = "b" }
        try await after.run([after.housekeeping, after.dispatcher]) {
            await after.settle(.seconds(10))
            #expect(after.provider.ledger.isEmpty)
            await after.settle(.seconds(60))
            #expect(after.provider.ledger.count == 1)
        }
    }

    @Test func `a machine that boots with a clock that is behind sends what waits`() async throws {
        let (time, store) = (VirtualTime(), MemoryMessageStore())
        let before = try await World(store: store, time: time, owner: "a") { $0.boot = "b" }
        before.provider.decide { _ in .unreachable }
        try await before.run([before.dispatcher, before.housekeeping]) {
            try await before.accept(newMessage())
            await before.settle(.seconds(10))
        }
        time.setClock(forward: .seconds(-5 * 3_600))
        let after = try await World(store: store, time: time, owner: "b") { $0.boot = "c" }
        try await after.run([after.housekeeping, after.dispatcher]) {
            await after.settle(.seconds(30))
            #expect(after.provider.ledger.count == 1)
        }
    }

    @Test func `a message with a time of its own is sent at that time of the clock`() async throws {
        let world = try await World()
        try await world.run([world.dispatcher, world.housekeeping]) {
            let at = world.time.timestamp + .seconds(3_600)
            let message = try await world.accept(newMessage(sendAt: at))[0]
            await world.settle(.seconds(10))
            world.time.setClock(forward: .seconds(1_800))
            await world.settle(.seconds(1_700))
            #expect(try await world.state(of: message) == .scheduled)
            await world.settle(.seconds(120))
            #expect(try await world.state(of: message) == .submitted)
        }
    }

    @Test func `a step is told once, counted, and moves nothing twice`() async throws {
        let log = RecordedLog()
        let world = try await World(logger: log.logger)
        world.provider.decide { _ in .unreachable }
        try await world.run([world.dispatcher, world.housekeeping]) {
            await world.settle(.seconds(5))
            let code = try await world.accept(newMessage(.otp, expiresAt: world.time.timestamp + .seconds(120)))[0]
            world.time.setClock(forward: .seconds(-600))
            await world.settle(.seconds(5))
            let lines = log.lines("The clock of this machine was set; what waits keeps its waiting times")
            #expect(lines.map { "\($0.metadata["clock.step_seconds"] ?? "")" } == ["-600.0"])
            #expect(lines.map(\.level) == [.warning])
            #expect(try await world.message(code)?.expiresAt == code.expiresAt.map { $0 - .seconds(600) })
            #expect(world.queue.clock.timestamp == world.time.timestamp)
        }
    }

    @Test func `a store that cannot be told leaves moments and time as they were`() async throws {
        let world = try await World()
        try await world.run([world.housekeeping]) {
            await world.settle(.seconds(5))
            let code = try await world.accept(newMessage(.otp, expiresAt: world.time.timestamp + .seconds(120)))[0]
            world.store.fail(with: StoreError(.unavailable, "The disk does not answer.", remedy: ""))
            world.time.setClock(forward: .seconds(3_600))
            await world.settle(.seconds(10))
            #expect(world.queue.clock.timestamp == world.time.timestamp - .seconds(3_600))
            world.store.fail(with: nil)
            await world.settle(.seconds(5))
            #expect(world.queue.clock.timestamp == world.time.timestamp)
            #expect(try await world.message(code)?.expiresAt == code.expiresAt.map { $0 + .seconds(3_600) })
        }
    }

    @Test func `a step forward forgets nothing at once`() async throws {
        let world = try await World { $0.retention = .seconds(30 * 86_400) }
        try await world.run([world.dispatcher, world.housekeeping]) {
            let message = try await world.accept(newMessage())[0]
            await world.settle(.seconds(30))
            world.provider.setStatus("DELIVRD", of: message.id.text)
            _ = try await world.queue.record(
                DeliveryReport(status: .delivered, source: .callback, receivedAt: world.time.timestamp),
                for: .number(message.id)
            )
            world.time.setClock(forward: .seconds(400 * 86_400))
            await world.settle(.seconds(600))
            #expect(try await world.message(message) != nil)
            await world.settle(.seconds(3_600))
            #expect(try await world.message(message) == nil, "an hour later it is believed")
        }
    }

    @Test func `where a store has a time of its own, the clock of a machine moves nothing`() async throws {
        let time = VirtualTime()
        let server = Timestamp(time.now()) + .seconds(77)
        let begun = time.now().elapsed
        let store = MemoryMessageStore(commonTime: { server + .nanoseconds(time.now().elapsed - begun) })
        let world = try await World(store: store, time: time)
        world.provider.decide { _ in .unreachable }
        try await world.run([world.dispatcher, world.housekeeping]) {
            await world.settle(.seconds(3))
            let now = world.queue.clock.timestamp
            #expect(now == time.timestamp + .seconds(77))
            let code = try await world.accept(newMessage(.otp, expiresAt: now + .seconds(120)))[0]
            time.setClock(forward: .seconds(3_600))
            await world.settle(.seconds(10))
            #expect(world.queue.clock.timestamp == now + .seconds(10))
            #expect(try await world.message(code)?.expiresAt == code.expiresAt)
        }
    }
}
