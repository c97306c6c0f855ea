import Eskiz
import EskizQueue
import EskizQueueTesting
import Logging
import ServiceLifecycle
import Synchronization
import Testing

struct DispatcherTests {
    @Test func `a message is sent as soon as it is accepted, with its number`() async throws {
        let world = try await World { $0.callbackURL = { "https://hook.example.test/secret" } }
        try await world.run {
            await world.settle()
            let message = try await world.accept(newMessage(.otp))[0]
            await world.settle()
            #expect(world.provider.incoming.map(\.numbers) == [[message.id.text]])
            // No timer lies between the bell and the wire.
            #expect(world.provider.incoming[0].arrivedAt == message.createdAt)
            let stored = try await world.message(message)
            #expect(stored?.state == .submitted && stored?.statusDetail == "waiting" && stored?.attempts == 1)
            #expect(stored?.providerID == world.provider.ledger[0].uuid)
            #expect(stored?.text == nil)
        }
    }

    @Test func `who waits for an outcome gets Eskiz's own words, for refusals too, and once`() async throws {
        let world = try await World()
        world.provider.decide { $0.index == 1 ? .take(after: .milliseconds(1)) : .refused }
        try await world.run {
            for status in [200, 400] {
                var message = newMessage()
                message.origin = .eskiz
                let id = try await world.accept(message)[0].id
                await world.settle()
                let outcome = try await world.queue.outcome(of: id, until: 0, wantsAnswer: true)
                #expect(outcome.message?.hasProviderAnswer == true)
                #expect(outcome.answer?.status == status)
                world.queue.forgetAnswers(to: [try #require(outcome.message)])
            }
        }
    }

    @Test func `messages of our own API leave no answers behind`() async throws {
        let world = try await World()
        world.provider.decide { _ in .take(after: .milliseconds(1)) }
        try await world.run {
            let id = try await world.accept(newMessage())[0].id
            await world.settle()
            let outcome = try await world.queue.outcome(of: id, until: 0, wantsAnswer: true)
            #expect(outcome.message?.state == .submitted && outcome.answer == nil)
        }
    }

    @Test func `a refusal is the end of the message, and touches no other`() async throws {
        let world = try await World()
        world.provider.decide { $0.text == "bad" ? .refused : .take(after: .milliseconds(50)) }
        try await world.run {
            let bad = try await world.accept((0..<50).map { _ in newMessage(text: "bad") })
            let good = try await world.accept(newMessage())[0]
            await world.settle()
            for message in bad {
                let stored = try await world.message(message)
                #expect(stored?.state == .failed && stored?.error?.code == "text_not_approved")
            }
            #expect(try await world.state(of: good) == .submitted)
            #expect(world.provider.incoming.count == 51)
        }
    }

    @Test func `what certainly was not taken is sent again`() async throws {
        let world = try await World()
        world.provider.decide { incoming in
            incoming.index <= 2 ? .answer(429, "{}", retryAfter: 2) : .take(after: .milliseconds(5))
        }
        try await world.run {
            let message = try await world.accept(newMessage())[0]
            await world.settle(.milliseconds(500))
            #expect(try await world.state(of: message) == .queued)
            await world.settle(.seconds(30))
            let stored = try await world.message(message)
            #expect(stored?.state == .submitted && stored?.attempts == 3 && stored?.error == nil)
            let gaps = zip(world.provider.incoming.dropFirst(), world.provider.incoming).map {
                $0.arrivedAt - $1.arrivedAt
            }
            #expect(gaps.allSatisfy { $0 >= .seconds(2) })
        }
    }

    @Test(arguments: [
        Provider.Fate.reset(isTaken: true, after: .milliseconds(10)), .silence(takenAfter: .seconds(1)),
        .garbled(502, isTaken: true), .garbled(200, isTaken: false),
    ])
    func `an unknown outcome is never repeated by the dispatcher`(_ fate: Provider.Fate) async throws {
        let world = try await World()
        world.provider.decide { _ in fate }
        try await world.run {
            let message = try await world.accept(newMessage())[0]
            await world.settle(.seconds(600))
            #expect(try await world.state(of: message) == .unknown)
            #expect(world.provider.incoming.count == 1)
        }
    }

    @Test func `a code whose time passes before the write is not sent`() async throws {
        // The store takes its time over «bytes may leave»: the code dies between claim and write.
        let slow = Mutex<SlowStore?>(nil)
        let time = VirtualTime()
        let world = try await World(
            time: time,
            guardedBy: { store in
                let wrapped = SlowStore(store, time: time, beginWriting: .seconds(5))
                slow.withLock { $0 = wrapped }
                return wrapped
            }
        )
        try await world.run {
            let code = try await world.accept(newMessage(.otp, expiresAt: world.time.timestamp + .seconds(3)))[0]
            let other = try await world.accept(newMessage())[0]
            await world.settle(.seconds(10))
            #expect(try await world.state(of: code) == .expired)
            #expect(try await world.state(of: other) == .submitted)
            #expect(world.provider.incoming.map(\.numbers) == [[other.id.text]])
        }
    }

    @Test func `a code is not sent again after its end, even when Eskiz heals`() async throws {
        let world = try await World()
        let end = start + .seconds(20)
        world.provider.decide { $0.arrivedAt < end ? .unreachable : .take(after: .zero) }
        try await world.run([world.dispatcher, world.housekeeping]) {
            let code = try await world.accept(newMessage(.otp, expiresAt: world.time.timestamp + .seconds(10)))[0]
            await world.settle(.seconds(120))
            #expect(try await world.state(of: code) == .expired)
            #expect(world.provider.incoming.isEmpty)
        }
    }

    @Test func `messages of a batch go in one request, however many`() async throws {
        let world = try await World()
        try await world.run {
            let messages = try await world.accept(
                (0..<450).map { newMessage(.bulk, text: "Salom \($0)") },
                batch: NewBatch(dispatchID: 77)
            )
            await world.settle()
            #expect(world.provider.incoming.map(\.numbers.count) == [450])
            #expect(world.provider.incoming.allSatisfy { $0.isBatch })
            #expect(Set(world.provider.ledger.map(\.number)) == Set(messages.map(\.id.text)))
            for message in messages { #expect(try await world.state(of: message) == .submitted) }
        }
    }

    @Test func `a batch goes without those whose time has passed`() async throws {
        let time = VirtualTime()
        let world = try await World(
            time: time,
            guardedBy: { SlowStore($0, time: time, beginWriting: .seconds(5)) }
        )
        try await world.run {
            var messages = (0..<3).map { newMessage(.bulk, text: "Salom \($0)") }
            messages[1].expiresAt = world.time.timestamp + .seconds(2)
            let accepted = try await world.accept(messages, batch: NewBatch())
            await world.settle(.seconds(30))
            #expect(try await world.state(of: accepted[1]) == .expired)
            #expect(world.provider.incoming.map(\.numbers) == [[accepted[0].id.text, accepted[2].id.text]])
        }
    }

    @Test func `without a token everything waits without spending an attempt, and goes once there is one`() async throws
    {
        let world = try await World(canLogIn: true)
        let isDead = Mutex(true)
        world.provider.decide { _ in isDead.withLock { $0 } ? .tokenExpired : .take(after: .milliseconds(5)) }
        try await world.run(outside: .milliseconds(10)) {
            let messages = try await world.accept((0..<30).map { _ in newMessage() })
            await world.settle(.seconds(90))
            for message in messages {
                let stored = try await world.message(message)
                #expect(stored?.state == .queued && stored?.attempts == 0)
            }
            // The burst that met it, and nothing after that: there was no token to try with.
            #expect(world.provider.incoming.count <= 30)
            isDead.withLock { $0 = false }
            world.provider.issue(World.token(at: world.time.timestamp))
            // Refused credentials are left alone for a quarter of an hour.
            await world.settle(.seconds(1_000))
            #expect(try await states(of: messages, in: world) == [.submitted: 30])
            #expect(world.provider.ledger.count == 30)
        }
    }

    @Test func `a 401 is met by a new token, and the message goes in the same attempt`() async throws {
        let world = try await World(canLogIn: true)
        world.provider.issue(World.token(at: world.time.timestamp + .seconds(60)))
        world.provider.decide { $0.index == 1 ? .tokenExpired : .take(after: .milliseconds(5)) }
        try await world.run(outside: .milliseconds(30)) {
            let message = try await world.accept(newMessage(.otp))[0]
            await world.settle(.seconds(2))
            let stored = try await world.message(message)
            #expect(stored?.state == .submitted && stored?.attempts == 1)
            #expect(world.provider.incoming.count == 2 && world.provider.ledger.count == 1)
        }
    }

    @Test func `an empty account parks everything too, and heals`() async throws {
        let world = try await World()
        let isEmpty = Mutex(true)
        world.provider.decide { _ in
            isEmpty.withLock { $0 }
                ? .answer(402, #"{"message":"Insufficient funds","status":"error"}"#) : .take(after: .milliseconds(5))
        }
        try await world.run {
            let messages = try await world.accept((0..<200).map { _ in newMessage() })
            await world.settle(.seconds(300))
            #expect(world.provider.incoming.count < 150)
            isEmpty.withLock { $0 = false }
            await world.settle(.seconds(60))
            for message in messages { #expect(try await world.state(of: message) == .submitted) }
            #expect(Set(world.provider.ledger.map(\.number)).count == world.provider.ledger.count)
        }
    }

    @Test func `what somebody has mended is tried at once`() async throws {
        let world = try await World()
        let isEmpty = Mutex(true)
        world.provider.decide { _ in
            isEmpty.withLock { $0 }
                ? .answer(402, #"{"message":"Insufficient funds","status":"error"}"#) : .take(after: .milliseconds(5))
        }
        try await world.run {
            let messages = try await world.accept((0..<20).map { _ in newMessage() })
            await world.settle(.seconds(300))
            isEmpty.withLock { $0 = false }
            await world.settle(.milliseconds(100))
            #expect(try await states(of: messages, in: world) == [.queued: 20])
            world.queue.reconsider()
            await world.settle(.milliseconds(100))
            // The last one that tried in vain has a pause of its own.
            #expect(try await states(of: messages, in: world)[.submitted, default: 0] >= 19)
        }
    }

    @Test func `while Eskiz is away the breaker keeps messages back, and lets them go when one gets through`()
        async throws
    {
        let world = try await World()
        let tries = Mutex(0)
        let isAway = Mutex(true)
        world.provider.decide { _ in
            tries.withLock { $0 += 1 }
            return isAway.withLock { $0 } ? .unreachable : .take(after: .milliseconds(5))
        }
        let events = world.queue.events.subscribe(buffer: 100_000)
        try await world.run {
            try await world.accept((0..<500).map { _ in newMessage(.bulk) })
            await world.settle(.seconds(120))
            // One burst of at most the lanes' slots, then single ones.
            #expect(tries.withLock { $0 } < 100)
            let code = try await world.accept(newMessage(.otp))[0]
            await world.settle(.seconds(1))
            isAway.withLock { $0 = false }
            await world.settle(.seconds(40))
            #expect(try await world.state(of: code) == .submitted)
            // A code is the first to try.
            #expect(world.provider.ledger.first?.number == code.id.text)
            await world.settle(.seconds(1_800))
            #expect(world.provider.ledger.count == 501)
            world.queue.events.finish()
            var phases: [String] = []
            for await event in events {
                if case .breaker(let phase) = event { phases.append(phase) }
            }
            #expect(phases.first == "open" && phases.last == "closed" && phases.contains("half_open"))
        }
    }

    @Test func `what is accepted while nothing may be sent wakes nobody, and goes when something may`() async throws {
        let world = try await World()
        let isAway = Mutex(true)
        let withoutDispatcher = try await World()
        try await withoutDispatcher.accept(newMessage(.bulk))
        let readsOfOne = withoutDispatcher.store.depthReads
        world.provider.decide { _ in isAway.withLock { $0 } ? .unreachable : .take(after: .milliseconds(5)) }
        try await world.run {
            try await world.accept((0..<200).map { _ in newMessage(.bulk) })
            await world.settle(.seconds(60))
            let before = world.store.depthReads
            for _ in 0..<100 {
                try await world.accept(newMessage(.bulk))
                await world.settle(.nanoseconds(1))
            }
            #expect(world.store.depthReads - before == 100 * readsOfOne, "the dispatcher has looked at the queue")
            isAway.withLock { $0 = false }
            await world.settle(.seconds(1_800))
            #expect(world.provider.ledger.count == 300)
        }
    }

    @Test func `a code that is accepted while all slots are taken wakes the dispatcher for its own`() async throws {
        let world = try await World { $0.concurrency = 8 }
        world.provider.decide { _ in .take(after: .seconds(10)) }
        try await world.run {
            try await world.accept((0..<50).map { _ in newMessage(.bulk) })
            await world.settle(.seconds(1))
            let code = try await world.accept(newMessage(.otp))[0]
            await world.settle(.milliseconds(1))
            #expect(world.provider.incoming.last?.numbers == [code.id.text])
        }
    }

    @Test func `a backlog and a slow provider do not delay a code`() async throws {
        let world = try await World()
        world.provider.decide { _ in .take(after: .seconds(20)) }
        try await world.run {
            try await world.accept((0..<3_000).map { _ in newMessage(.bulk) })
            try await world.accept((0..<3_000).map { _ in newMessage(.transactional) })
            await world.settle(.milliseconds(10_500))
            for _ in 0..<20 {
                let code = try await world.accept(newMessage(.otp))[0]
                await world.settle(.milliseconds(1))
                let arrival = world.provider.incoming.first { $0.numbers == [code.id.text] }
                #expect(arrival?.arrivedAt == code.createdAt)
            }
            #expect(world.provider.incoming.count == 72 + 20)
        }
    }

    @Test func `bulk moves beside a backlog of transactional`() async throws {
        let world = try await World { $0.concurrency = 8 }
        try await world.run {
            let slow = try await world.accept((0..<4_000).map { _ in newMessage(.transactional) })
            let bulk = try await world.accept((0..<100).map { _ in newMessage(.bulk) })
            await world.settle(.seconds(10))
            let sent = Set(world.provider.ledger.map(\.number))
            #expect(sent.count > 1_000)
            #expect(slow.contains { !sent.contains($0.id.text) })
            #expect(bulk.allSatisfy { sent.contains($0.id.text) })
        }
    }

    @Test func `the rate limit holds, and codes come first`() async throws {
        let world = try await World { $0.rateLimit = 10 }
        try await world.run {
            try await world.accept((0..<200).map { _ in newMessage(.bulk) })
            await world.settle(.seconds(5))
            #expect((45...55).contains(world.provider.incoming.count))
            let code = try await world.accept(newMessage(.otp))[0]
            await world.settle(.milliseconds(150))
            #expect(world.provider.incoming.contains { $0.numbers == [code.id.text] })
        }
    }

    @Test func `what waits for its time is sent then`() async throws {
        let world = try await World()
        try await world.run([world.dispatcher, world.housekeeping]) {
            let message = try await world.accept(newMessage(sendAt: world.time.timestamp + .seconds(3_600)))[0]
            await world.settle(.seconds(3_599))
            #expect(world.provider.incoming.isEmpty)
            await world.settle(.seconds(2))
            #expect(try await world.state(of: message) == .submitted)
        }
    }

    // MARK: Beginning and end

    @Test func `what a killed process had prepared is sent, and what it was writing is unknown`() async throws {
        let world = try await World()
        let prepared = try await world.accept(newMessage())[0]
        let writing = try await world.accept(newMessage())[0]
        let now = world.time.timestamp
        let result = try await world.store.claim(
            ClaimRequest(owner: "dead", leaseUntil: now + .seconds(30), shares: [.init(.transactional, 2)], limit: 2),
            at: now
        )
        try await world.store.beginWriting([result.claims[1]], at: now)
        try await world.run {
            await world.settle()
            let sent = try await world.message(prepared)
            #expect(sent?.state == .submitted && sent?.attempts == 1)
            #expect(try await world.state(of: writing) == .unknown)
            #expect(world.provider.incoming.map(\.numbers) == [[prepared.id.text]])
        }
    }

    @Test func `a lease is prolonged while a message is being sent`() async throws {
        let world = try await World { $0.lease = .seconds(9) }
        world.provider.decide { _ in .take(after: .seconds(25)) }
        try await world.run([world.dispatcher, world.housekeeping]) {
            let message = try await world.accept(newMessage())[0]
            await world.settle(.seconds(24))
            #expect(try await world.state(of: message) == .sending)
            await world.settle(.seconds(2))
            #expect(try await world.state(of: message) == .submitted)
            #expect(world.provider.incoming.count == 1)
        }
    }

    @Test func `a claim that somebody else has taken over is left to them`() async throws {
        let time = VirtualTime()
        let world = try await World(
            time: time,
            guardedBy: { SlowStore($0, time: time, beginWriting: .seconds(5)) }
        )
        try await world.run {
            let message = try await world.accept(newMessage())[0]
            await world.settle(.seconds(1))
            // Another host believes us dead.
            let recovery = try await world.store.recover(everythingBut: "b", at: world.time.timestamp)
            #expect(recovery.queued.map(\.id) == [message.id])
            let now = world.time.timestamp
            let shares = [ClaimRequest.Share(.transactional, 1)]
            let request = ClaimRequest(owner: "b", leaseUntil: now + .seconds(900), shares: shares, limit: 1)
            let claims = try await world.store.claim(request, at: now).claims
            #expect(claims.count == 1)
            await world.settle(.seconds(60))
            #expect(world.provider.incoming.isEmpty)
            #expect(try await world.state(of: message) == .sending)
        }
    }

    @Test func `a stop lets what has left end, and claims nothing more`() async throws {
        let world = try await World { $0.concurrency = 4 }
        world.provider.decide { _ in .take(after: .seconds(5)) }
        let group = ServiceGroup(
            services: [world.dispatcher],
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        try await world.run([]) {
            async let run: Void = group.run()
            let messages = try await world.accept((0..<10).map { _ in newMessage() })
            await world.settle(.seconds(1))
            await group.triggerGracefulShutdown()
            try await run
            let states = try await states(of: messages, in: world)
            #expect(states == [.submitted: 3, .queued: 7])
            #expect(world.time.timestamp < start + .seconds(6))
        }
    }

    @Test func `what does not end within the grace is unknown`() async throws {
        let world = try await World { $0.grace = .seconds(3) }
        world.provider.decide { _ in .take(after: .seconds(25)) }
        let group = ServiceGroup(
            services: [world.dispatcher],
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        try await world.run([]) {
            async let run: Void = group.run()
            let messages = try await world.accept((0..<10).map { _ in newMessage() })
            await world.settle(.seconds(1))
            await group.triggerGracefulShutdown()
            try await run
            #expect(try await states(of: messages, in: world) == [.unknown: 10])
            #expect(world.time.timestamp < start + .seconds(5))
        }
    }

    // MARK: A store that fails

    @Test func `a store that fails for a while costs nothing but time`() async throws {
        let world = try await World()
        world.provider.decide { _ in .take(after: .seconds(2)) }
        try await world.run {
            let messages = try await world.accept((0..<10).map { _ in newMessage() })
            await world.settle(.seconds(1))
            world.store.fail(with: StoreError(.diskFull, "The disk is full.", remedy: "Make room."))
            await world.settle(.seconds(60))
            world.store.fail(with: nil)
            let late = try await world.accept(newMessage())[0]
            await world.settle(.seconds(10))
            #expect(try await states(of: messages + [late], in: world) == [.submitted: 11])
            #expect(world.provider.incoming.count == 11)
        }
    }

    @Test func `nothing leaves unless it is on disk that it may have left`() async throws {
        let time = VirtualTime()
        let world = try await World(
            time: time,
            guardedBy: { SlowStore($0, time: time, beginWriting: .zero, failingUntil: start + .seconds(30)) }
        )
        try await world.run {
            let message = try await world.accept(newMessage())[0]
            await world.settle(.seconds(29))
            #expect(world.provider.incoming.isEmpty)
            await world.settle(.seconds(10))
            #expect(try await world.state(of: message) == .submitted)
            #expect(try await world.message(message)?.attempts == 1)
        }
    }

    // MARK: What is known is not sent again

    @Test func `an answer that comes after its message was taken away ends the repeat`() async throws {
        let world = try await World { $0.settleTime = .seconds(1) }
        // The list never shows it, so it would be sent again.
        world.provider.lagLists(by: .seconds(900_000))
        world.provider.decide { incoming in
            incoming.index == 1 ? .take(after: .seconds(25)) : .take(after: .milliseconds(5))
        }
        try await world.run([world.dispatcher]) {
            let message = try await world.accept(newMessage())[0]
            await world.settle(.seconds(5))
            // Another host takes it for abandoned.
            let recovery = try await world.store.recover(everythingBut: "b", at: world.time.timestamp)
            #expect(recovery.unknown.map(\.id) == [message.id])
            await world.settle(.seconds(30))
            let stored = try await world.message(message)
            #expect(stored?.state == .submitted && stored?.providerID == world.provider.ledger.first?.uuid)
            await world.settle(.seconds(600))
            #expect(world.provider.ledger.count == 1)
        }
    }

    @Test func `a report for a message that waits for money ends the waiting`() async throws {
        let world = try await World()
        world.provider.decide { incoming in
            incoming.index == 1
                ? .answer(402, #"{"message":"Insufficient funds","status":"error"}"#) : .take(after: .milliseconds(5))
        }
        try await world.run {
            let message = try await world.accept(newMessage())[0]
            await world.settle(.seconds(5))
            #expect(try await world.state(of: message) == .queued)
            let report = DeliveryReport(status: .delivered, source: .callback, receivedAt: world.time.timestamp)
            _ = try await world.queue.record(report, for: .number(message.id, phone: message.phone))
            await world.settle(.seconds(600))
            #expect(try await world.state(of: message) == .delivered)
            #expect(world.provider.incoming.count == 1)
        }
    }

    @Test func `what Eskiz said is not forgotten while the store cannot be written`() async throws {
        let world = try await World { $0.settleTime = .seconds(1) }
        world.provider.lagLists(by: .seconds(900_000))
        world.provider.decide { incoming in
            incoming.index == 1 ? .take(after: .seconds(2)) : .take(after: .milliseconds(5))
        }
        try await world.run([world.dispatcher, world.reconciler, world.housekeeping]) {
            let message = try await world.accept(newMessage())[0]
            await world.settle(.seconds(1))
            // Longer than any lease.
            world.store.fail(with: StoreError(.diskFull, "The disk is full.", remedy: "Make room."))
            await world.settle(.seconds(120))
            #expect(world.queue.unwritten.contains(message.id))
            world.store.fail(with: nil)
            await world.settle(.seconds(600))
            #expect(try await world.state(of: message) == .submitted)
            #expect(world.provider.ledger.count == 1)
            #expect(!world.queue.unwritten.contains(message.id))
        }
    }

    private func states(of messages: [Message], in world: World) async throws -> [MessageState: Int] {
        var states: [MessageState: Int] = [:]
        for message in messages {
            if let state = try await world.state(of: message) { states[state, default: 0] += 1 }
        }
        return states
    }
}
