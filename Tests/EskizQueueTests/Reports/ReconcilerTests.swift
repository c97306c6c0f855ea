import Eskiz
import EskizQueue
import EskizQueueTesting
import EskizTestSupport
import Logging
import Synchronization
import Testing

struct ReconcilerTests {
    /// Sends one message whose outcome stays unclear, and follows it for a while.
    private func follow(
        _ lane: Lane,
        isTaken: Bool,
        for duration: Duration = .seconds(400),
        expiresAfter: Duration? = nil,
        in world: World
    ) async throws -> Message? {
        world.provider.decide { incoming in
            incoming.index == 1 ? .reset(isTaken: isTaken, after: .seconds(1)) : .take(after: .milliseconds(5))
        }
        let result = Mutex<Message?>(nil)
        try await world.run([world.dispatcher, world.reconciler, world.housekeeping]) {
            let end = expiresAfter.map { world.time.timestamp + $0 }
            let message = try await world.accept(newMessage(lane, expiresAt: end))[0]
            await world.settle(.seconds(10))
            #expect(try await world.state(of: message) == .unknown)
            await world.settle(duration)
            let stored = try await world.message(message)
            result.withLock { $0 = stored }
        }
        return result.withLock { $0 }
    }

    @Test(arguments: Lane.allCases)
    func `what Eskiz's list has is submitted, and not sent again`(_ lane: Lane) async throws {
        let world = try await World()
        let message = try await follow(lane, isTaken: true, in: world)
        #expect(message?.state == .submitted && message?.providerID == world.provider.ledger[0].uuid)
        #expect(message?.price == "95" && message?.error == nil)
        #expect(world.provider.incoming.count == 1)
    }

    @Test func `a row without our number is found by phone, text and time`() async throws {
        let world = try await World()
        world.provider.forgetNumbers()
        let message = try await follow(.bulk, isTaken: true, in: world)
        #expect(message?.state == .submitted)
    }

    @Test func `the row of another message with the same text is not taken for this one`() async throws {
        let world = try await World()
        world.provider.forgetNumbers()
        world.provider.decide { incoming in
            incoming.index == 2 ? .reset(isTaken: false, after: .seconds(1)) : .take(after: .milliseconds(5))
        }
        try await world.run([world.dispatcher, world.reconciler]) {
            let first = try await world.accept(newMessage())[0]
            await world.settle(.seconds(5))
            let second = try await world.accept(newMessage())[0]
            await world.settle(.seconds(400))
            #expect(try await world.state(of: first) == .submitted)
            let sent = try await world.message(second)
            #expect(sent?.state == .submitted && sent?.attempts == 2)
            #expect(world.provider.ledger.map(\.number) == [first.id.text, second.id.text])
        }
    }

    @Test func `what is absent twice is sent again, once`() async throws {
        let world = try await World()
        let message = try await follow(.transactional, isTaken: false, in: world)
        #expect(message?.state == .submitted && message?.attempts == 2)
        #expect(world.provider.ledger.count == 1)
        #expect(world.provider.listRequests == 2)
    }

    @Test func `a lane that is not sent again fails instead`() async throws {
        let world = try await World()
        let message = try await follow(.bulk, isTaken: false, in: world)
        #expect(message?.state == .failed && message?.error?.code == "outcome_unknown_not_sent")
        #expect(world.provider.incoming.count == 1)
    }

    @Test func `a code that died meanwhile is not sent again`() async throws {
        let world = try await World()
        let message = try await follow(.otp, isTaken: false, expiresAfter: .seconds(90), in: world)
        #expect(message?.state == .expired)
        #expect(world.provider.incoming.count == 1)
    }

    @Test func `a code is looked for soon enough to be sent again before it dies`() async throws {
        let world = try await World()
        let message = try await follow(.otp, isTaken: false, in: world)
        #expect(message?.state == .submitted && message?.attempts == 2)
        #expect(world.provider.ledger.count == 1)
    }

    @Test func `a list that lags by up to the settle time sends nothing twice`() async throws {
        let world = try await World()
        world.provider.lagLists(by: .seconds(59))
        let message = try await follow(.transactional, isTaken: true, in: world)
        #expect(message?.state == .submitted)
        #expect(world.provider.ledger.count == 1)
    }

    @Test func `while there is no list nothing is decided, and everything once there is one`() async throws {
        let world = try await World()
        world.provider.failLists(true)
        let message = try await follow(.transactional, isTaken: false, for: .seconds(7_200), in: world)
        #expect(message?.state == .unknown && message?.finalAt == nil)
        // It keeps trying, and does not hammer.
        #expect((10...120).contains(world.provider.listRequests))
        world.provider.failLists(false)
        try await world.run([world.dispatcher, world.reconciler]) { await world.settle(.seconds(600)) }
        #expect(try await world.store.statistics().count(.submitted) == 1)
    }

    @Test func `without a list for a day nobody will ever know`() async throws {
        let world = try await World()
        world.provider.failLists(true)
        let message = try await follow(.otp, isTaken: true, for: .seconds(25 * 3600), in: world)
        #expect(message?.state == .unknown && message?.finalAt != nil && message?.error?.code == "outcome_unknown")
        #expect(world.provider.incoming.count == 1)
    }

    @Test func `a callback settles it before anybody looks`() async throws {
        let world = try await World()
        world.provider.decide { _ in .silence(takenAfter: .seconds(1)) }
        try await world.run([world.dispatcher, world.reconciler]) {
            let message = try await world.accept(newMessage())[0]
            await world.settle(.seconds(40))
            #expect(try await world.state(of: message) == .unknown)
            let report = DeliveryReport(status: .delivered, source: .callback, receivedAt: world.time.timestamp)
            _ = try await world.queue.record(report, for: .number(message.id))
            await world.settle(.seconds(600))
            #expect(try await world.state(of: message) == .delivered)
            #expect(world.provider.listRequests == 0)
        }
    }

    @Test func `one list serves many, however many pages it has`() async throws {
        let world = try await World()
        world.provider.decide { incoming in
            incoming.index <= 900 && incoming.index.isMultiple(of: 3)
                ? .reset(isTaken: incoming.index.isMultiple(of: 2), after: .milliseconds(10))
                : .take(after: .milliseconds(10))
        }
        try await world.run([world.dispatcher, world.reconciler, world.housekeeping]) {
            let messages = try await world.accept((0..<900).map { newMessage(text: "Salom \($0)") })
            await world.settle(.seconds(1_200))
            for message in messages { #expect(try await world.state(of: message) == .submitted) }
            #expect(Set(world.provider.ledger.map(\.number)).count == 900)
            #expect(world.provider.ledger.count == 900)
            #expect(world.provider.listRequests < 60)
        }
    }

    @Test func `each message of an unclear batch is settled on its own`() async throws {
        let world = try await World()
        world.provider.decide { incoming in
            incoming.index == 1 ? .garbled(502, isTaken: true) : .take(after: .milliseconds(5))
        }
        try await world.run([world.dispatcher, world.reconciler]) {
            let messages = try await world.accept((0..<5).map { _ in newMessage(.bulk) }, batch: NewBatch())
            await world.settle(.seconds(300))
            for message in messages { #expect(try await world.state(of: message) == .submitted) }
            #expect(world.provider.ledger.count == 5)
        }
    }

    @Test func `the list is asked for with a quarter of an hour to spare`() async throws {
        let world = try await World()
        _ = try await follow(.transactional, isTaken: true, in: world)
        let asked = world.provider.lists[0]
        #expect(asked.start == WireTime.minutes((start - .seconds(900)).date))
        #expect(asked.end >= WireTime.minutes((start + .seconds(960)).date))
    }

    // MARK: Whose it is

    @Test func `somebody else's message under our number is not ours`() async throws {
        let log = RecordedLog()
        let world = try await World(logger: log.logger)
        world.provider.decide { incoming in
            incoming.index == 1 ? .reset(isTaken: false, after: .seconds(1)) : .take(after: .milliseconds(5))
        }
        try await world.run([world.dispatcher, world.reconciler, world.poller]) {
            let message = try await world.accept(newMessage())[0]
            world.provider.add(number: message.id.text, phone: "998901234599", text: "Xayr")
            await world.settle(.seconds(400))
            let stored = try await world.message(message)
            #expect(stored?.state == .submitted && stored?.attempts == 2)
            let ours = world.provider.ledger.filter { $0.number == message.id.text }
            #expect(ours.count == 1 && stored?.providerID == ours.first?.uuid)
        }
        let line = "Eskiz has a message of somebody else under one of our numbers; it is ignored"
        #expect(log.lines(line).map(\.level) == [.warning])
    }

    @Test func `a row under our number above ours does not hide ours`() async throws {
        let world = try await World()
        world.provider.decide { _ in .reset(isTaken: true, after: .milliseconds(10)) }
        try await world.run([world.dispatcher, world.reconciler]) {
            let message = try await world.accept(newMessage())[0]
            await world.settle(.seconds(5))
            // More than a page of the list.
            for _ in 0..<300 { world.provider.add(number: message.id.text, phone: "998901234599", text: "Xayr") }
            await world.settle(.seconds(400))
            #expect(try await world.state(of: message) == .submitted)
            #expect(world.provider.incoming.count == 1)
        }
    }

    @Test(arguments: [true, false])
    func `twins that are looked for in different rounds do not share a row`(hasUUIDs: Bool) async throws {
        let world = try await World()
        world.provider.forgetNumbers()
        if !hasUUIDs { world.provider.forgetUUIDs() }
        // The first is taken, the second is not; then everything works.
        world.provider.decide { incoming in
            switch incoming.index {
            case 1: .reset(isTaken: true, after: .seconds(1))
            case 2: .reset(isTaken: false, after: .seconds(1))
            default: .take(after: .milliseconds(5))
            }
        }
        try await world.run([world.dispatcher, world.reconciler]) {
            let first = try await world.accept(newMessage())[0]
            await world.settle(.seconds(20))
            let second = try await world.accept(newMessage())[0]
            await world.settle(.seconds(600))
            for message in [first, second] { #expect(try await world.state(of: message) == .submitted) }
            #expect(world.provider.ledger.count == 2)
        }
    }

    @Test func `the row of a twin that is not due yet is not taken for the one that is`() async throws {
        let world = try await World()
        world.provider.forgetNumbers()
        // The first is not taken, the second is; then everything works.
        world.provider.decide { incoming in
            switch incoming.index {
            case 1: .reset(isTaken: false, after: .seconds(1))
            case 2: .reset(isTaken: true, after: .seconds(1))
            default: .take(after: .milliseconds(5))
            }
        }
        try await world.run([world.dispatcher, world.reconciler]) {
            let first = try await world.accept(newMessage())[0]
            await world.settle(.seconds(20))
            let second = try await world.accept(newMessage())[0]
            // So long that the first has been looked for, and the second has not.
            await world.settle(.seconds(55))
            #expect(try await world.state(of: second) == .unknown)
            let entry = try #require(world.provider.ledger.first)
            let report = DeliveryReport(
                status: .delivered,
                source: .callback,
                receivedAt: world.time.timestamp,
                providerID: entry.uuid
            )
            _ = try await world.queue.record(report, for: .number(second.id))
            await world.settle(.seconds(600))
            #expect(try await world.state(of: first) == .submitted)
            #expect(try await world.state(of: second) == .delivered)
            #expect(world.provider.ledger.count == 2)
        }
    }

    // MARK: Clocks

    private func world(aheadBy offset: Duration?) async throws -> World {
        let time = VirtualTime()
        let provider = Provider(time: time)
        provider.setClock(aheadBy: offset)
        return try await World(time: time, provider: provider)
    }

    @Test(arguments: [-600, -150, -61, 61, 150, 600, 3_600])
    func `however far off Eskiz's clock is, what it took is found`(seconds: Int) async throws {
        let world = try await world(aheadBy: .seconds(seconds))
        let message = try await follow(.transactional, isTaken: true, in: world)
        #expect(message?.state == .submitted)
        #expect(world.provider.ledger.count == 1)
    }

    @Test func `what it did not take is sent again by any clock, once it is known`() async throws {
        let world = try await world(aheadBy: .seconds(-150))
        let message = try await follow(.transactional, isTaken: false, in: world)
        #expect(message?.state == .submitted && message?.attempts == 2)
    }

    @Test func `a provider that does not tell the time proves nothing, and a person is asked`()
        async throws
    {
        let world = try await world(aheadBy: nil)
        let message = try await follow(.transactional, isTaken: false, for: .seconds(400), in: world)
        #expect(message?.state == .unknown && message?.finalAt == nil)
        try await world.run([world.reconciler]) { await world.settle(.seconds(600)) }
        let later = try await world.store.messages(MessageSearch(isUnsettled: true))
        #expect(later.map(\.needsPerson) == [true] && later.first?.finalAt != nil)
        #expect(world.provider.ledger.isEmpty)
    }

    @Test func `while Eskiz's clock is being changed nothing counts as absent`() async throws {
        let world = try await World()
        world.provider.decide { incoming in
            incoming.index == 1 ? .reset(isTaken: true, after: .seconds(1)) : .take(after: .milliseconds(5))
        }
        try await world.run([world.dispatcher, world.reconciler]) {
            let message = try await world.accept(newMessage())[0]
            await world.settle(.seconds(10))
            // Its rows now show half an hour later than they were dated.
            world.provider.setClock(aheadBy: .seconds(1_800))
            await world.settle(.seconds(600))
            #expect(try await world.state(of: message) == .submitted)
            #expect(world.provider.ledger.count == 1)
        }
    }

    @Test func `clocks that are far apart are told of once, and again when they agree`() {
        let log = RecordedLog()
        let clocks = ClockComparison(logger: log.logger)
        for seconds in [60, -60, 61, 90, -200, 5, 0] { _ = clocks.compare(.known(.seconds(seconds))) }
        #expect(clocks.compare(.unknown) == nil && clocks.compare(.jumping) == nil)
        #expect(
            log.lines.map(\.message) == ["Eskiz's clock and ours are far apart", "Eskiz's clock and ours agree again"]
        )
        #expect(log.lines.map(\.level) == [.warning, .notice])
    }

    // MARK: Blind repeats

    @Test(arguments: [0, 1, 3])
    func `an outcome that stays unclear is repeated so often, and then a person decides`(limit: Int) async throws {
        let world = try await World { $0.resendUnknownLimit = limit }
        // Taken each time, and the list never shows it.
        world.provider.decide { _ in .garbled(500, isTaken: true) }
        world.provider.lagLists(by: .seconds(900_000))
        try await world.run([world.dispatcher, world.reconciler, world.housekeeping]) {
            let message = try await world.accept(newMessage())[0]
            await world.settle(.seconds(20_000))
            let stored = try await world.message(message)
            #expect(stored?.state == .unknown && stored?.needsPerson == true && stored?.finalAt != nil)
            #expect(world.provider.ledger.count == 1 + limit)
            #expect(try await world.store.messages(MessageSearch(isUnsettled: true)).map(\.id) == [message.id])
        }
    }
}
