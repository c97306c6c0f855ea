import Eskiz
import EskizQueue
import EskizQueueTesting
import Testing

struct HousekeepingTests {
    @Test func `what waits too long expires, and its application is told`() async throws {
        let world = try await World()
        let events = world.queue.events.subscribe()
        try await world.run([world.housekeeping]) {
            let now = world.time.timestamp
            let code = try await world.accept(newMessage(.otp))[0]
            let later = newMessage(.bulk, sendAt: now + .seconds(500), expiresAt: now + .seconds(300))
            let never = try await world.accept(later)[0]
            await world.settle(.seconds(119))
            #expect(try await world.state(of: code) == .queued)
            await world.settle(.seconds(2))
            #expect(try await world.state(of: code) == .expired)
            await world.settle(.seconds(200))
            #expect(try await world.state(of: never) == .expired)
            world.queue.events.finish()
            var expired: [MessageID] = []
            for await case .message(let event) in events {
                if event.message.state == .expired { expired.append(event.message.id) }
            }
            #expect(expired == [code.id, never.id])
        }
    }

    @Test func `what has outlived its lease is taken back`() async throws {
        let world = try await World()
        try await world.run([world.housekeeping]) {
            let message = try await world.accept(newMessage())[0]
            let now = world.time.timestamp
            _ = try await world.store.claim(
                ClaimRequest(owner: "b", leaseUntil: now + .seconds(30), shares: [.init(.transactional, 1)], limit: 1),
                at: now
            )
            await world.settle(.seconds(29))
            #expect(try await world.state(of: message) == .sending)
            await world.settle(.seconds(20))
            #expect(try await world.state(of: message) == .queued)
        }
    }

    @Test func `what has been final for longer than the retention is forgotten, and nothing else`() async throws {
        let world = try await World { $0.retention = .seconds(7_200) }
        try await world.run([world.housekeeping]) {
            let old = try await world.accept((0..<2_500).map { _ in newMessage() })
            for message in old { _ = try await world.queue.cancel(message.id) }
            let waiting = try await world.accept(newMessage())[0]
            await world.settle(.seconds(7_000))
            let young = try await world.accept(newMessage())[0]
            _ = try await world.queue.cancel(young.id)
            #expect(try await world.message(old[0]) != nil)
            await world.settle(.seconds(4_000))
            for message in old { #expect(try await world.message(message) == nil) }
            #expect(try await world.message(young) != nil)
            #expect(try await world.message(waiting) != nil)
        }
    }

    @Test func `what people did is forgotten after ninety days`() async throws {
        let world = try await World()
        try await world.run([world.housekeeping]) {
            let now = world.time.timestamp
            for age in [AuditLine.retention + .seconds(1), .seconds(86_400)] {
                let line = AuditLine(at: now - age, keyID: "k", keyName: "desk", action: "message.cancel")
                try await world.store.audit(line)
            }
            await world.settle(.seconds(120))
            #expect(try await world.store.auditLines(AuditSearch()).map(\.at) == [now - .seconds(86_400)])
        }
    }
}
