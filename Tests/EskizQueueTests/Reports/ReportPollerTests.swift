import Eskiz
import EskizQueue
import EskizQueueTesting
import EskizTestSupport
import Testing

struct ReportPollerTests {
    @Test func `what nobody tells is asked for, until the last word`() async throws {
        let world = try await World()
        try await world.run([world.dispatcher, world.poller]) {
            let message = try await world.accept(newMessage())[0]
            await world.settle(.seconds(30))
            #expect(try await world.message(message)?.statusDetail == "new")
            #expect((3...4).contains(world.provider.statusRequests))
            world.provider.setStatus("DELIVERED", of: message.id.text)
            await world.settle(.seconds(30))
            let stored = try await world.message(message)
            #expect(stored?.state == .delivered && stored?.price == "95")
            let asked = world.provider.statusRequests
            await world.settle(.seconds(3_600))
            #expect(world.provider.statusRequests == asked)
        }
    }

    @Test func `a record that does not exist yet is not news`() async throws {
        let world = try await World()
        world.provider.lagLists(by: .seconds(30))
        try await world.run([world.dispatcher, world.poller]) {
            let message = try await world.accept(newMessage())[0]
            await world.settle(.seconds(20))
            #expect(try await world.state(of: message) == .submitted)
            world.provider.setStatus("REJECTED", of: message.id.text)
            await world.settle(.seconds(60))
            #expect(try await world.state(of: message) == .undelivered)
        }
    }

    @Test(arguments: [400, 422, 500])
    func `a record that Eskiz cannot show keeps nobody else from being asked after`(status: Int) async throws {
        let world = try await World { $0.callbackURL = { "https://hook.example.test/s" } }
        try await world.run([world.dispatcher, world.poller]) {
            let broken = try await world.accept(newMessage(text: "Salom 1"))[0]
            await world.settle(.seconds(5))
            let other = try await world.accept(newMessage(text: "Salom 2"))[0]
            await world.settle(.seconds(5))
            world.provider.breakRecord(of: broken.id.text, with: status)
            world.provider.setStatus("DELIVERED", of: other.id.text)
            await world.settle(.seconds(80))
            #expect(try await world.state(of: broken) == .submitted)
            #expect(try await world.state(of: other) == .delivered)
        }
    }

    @Test func `with callbacks nobody asks in the first minute`() async throws {
        let world = try await World { $0.callbackURL = { "https://hook.example.test/s" } }
        try await world.run([world.dispatcher, world.poller]) {
            let message = try await world.accept(newMessage())[0]
            world.provider.setStatus("DELIVERED", of: message.id.text)
            await world.settle(.seconds(59))
            #expect(world.provider.statusRequests == 0)
            world.provider.setStatus("DELIVERED", of: message.id.text)
            await world.settle(.seconds(3))
            #expect(try await world.state(of: message) == .delivered)
        }
    }

    @Test func `many are asked for with few requests`() async throws {
        let world = try await World()
        try await world.run([world.dispatcher, world.poller]) {
            let messages = try await world.accept((0..<1_000).map { newMessage(text: "Salom \($0)") })
            await world.settle(.seconds(2))
            for message in messages { world.provider.setStatus("DELIVERED", of: message.id.text) }
            await world.settle(.seconds(10))
            for message in messages { #expect(try await world.state(of: message) == .delivered) }
            #expect(world.provider.listRequests <= 10)
            #expect(world.provider.statusRequests <= 10)
        }
    }

    @Test func `messages of a batch are told apart by our number`() async throws {
        let world = try await World()
        try await world.run([world.dispatcher, world.poller]) {
            let messages = try await world.accept((0..<3).map { _ in newMessage(.bulk) }, batch: NewBatch())
            await world.settle(.seconds(1))
            world.provider.setStatus("DELIVERED", of: messages[0].id.text)
            world.provider.setStatus("REJECTED", of: messages[2].id.text)
            await world.settle(.seconds(10))
            #expect(try await world.state(of: messages[0]) == .delivered)
            #expect(try await world.state(of: messages[1]) == .submitted)
            #expect(try await world.state(of: messages[2]) == .undelivered)
            #expect(world.provider.statusRequests == 0)
        }
    }

    @Test func `after the patience nobody asks any more, and the message stays submitted`() async throws {
        let world = try await World { $0.reportPatience = .seconds(600) }
        try await world.run([world.dispatcher, world.poller]) {
            let message = try await world.accept(newMessage())[0]
            await world.settle(.seconds(700))
            let asked = world.provider.statusRequests
            #expect(asked > 5)
            await world.settle(.seconds(7_200))
            #expect(world.provider.statusRequests == asked)
            let stored = try await world.message(message)
            #expect(stored?.state == .submitted && stored?.finalAt == nil)
        }
    }

    @Test func `somebody else's row under our number or UUID is not applied`() async throws {
        let log = RecordedLog()
        let world = try await World(logger: log.logger)
        try await world.run([world.dispatcher, world.poller]) {
            let messages = try await world.accept((0..<3).map { _ in newMessage(.bulk) }, batch: NewBatch())
            await world.settle(.seconds(1))
            for message in messages { world.provider.add(number: message.id.text, phone: "998901234599", text: "Xayr") }
            await world.settle(.seconds(60))
            for message in messages { #expect(try await world.state(of: message) == .submitted) }
            for message in messages { world.provider.setStatus("DELIVERED", of: message.id.text) }
            await world.settle(.seconds(120))
            for message in messages { #expect(try await world.state(of: message) == .delivered) }
        }
        let line = "Eskiz has a message of somebody else under one of our numbers; it is ignored"
        #expect(log.lines(line).count == 3)
    }

    @Test func `the list is looked at by Eskiz's clock`() async throws {
        let time = VirtualTime()
        let provider = Provider(time: time)
        provider.setClock(aheadBy: .seconds(7_200))
        let world = try await World(time: time, provider: provider)
        try await world.run([world.dispatcher, world.poller]) {
            let messages = try await world.accept((0..<3).map { _ in newMessage(.bulk) }, batch: NewBatch())
            await world.settle(.seconds(1))
            for message in messages { world.provider.setStatus("DELIVERED", of: message.id.text) }
            await world.settle(.seconds(30))
            for message in messages { #expect(try await world.state(of: message) == .delivered) }
        }
    }

    @Test func `where Eskiz does not tell the time, no list is looked at for what has an id`() async throws {
        let time = VirtualTime()
        let provider = Provider(time: time)
        provider.setClock(aheadBy: nil)
        let world = try await World(time: time, provider: provider)
        try await world.run([world.dispatcher, world.poller]) {
            let messages = try await world.accept((0..<30).map { newMessage(text: "Salom \($0)") })
            await world.settle(.seconds(1))
            for message in messages { world.provider.setStatus("DELIVERED", of: message.id.text) }
            await world.settle(.seconds(20))
            for message in messages { #expect(try await world.state(of: message) == .delivered) }
            #expect(world.provider.listRequests == 0)
        }
    }
}
