import Eskiz
import EskizQueue
import EskizTestSupport
import Logging
import Testing

/// What holds messages up, for how long, and who sees it.
struct HoldTests {
    // MARK: Several gateways

    @Test func `what Eskiz has said to another gateway holds here, too`() async throws {
        let world = try await World()
        try await world.run([world.dispatcher, world.housekeeping]) {
            let begun = world.time.timestamp
            world.queue.accountNews.hear(.init(.throttled(.bulk), for: .seconds(40)))
            let mailing = try await world.accept(newMessage(.bulk, text: "mailing"))[0]
            await world.settle(.seconds(120))
            let sent = try #require(try await world.message(mailing)?.submittedAt)
            #expect(sent - begun >= .seconds(40) && sent - begun < .seconds(41))
            #expect(world.queue.accountNews.takeOwn().isEmpty, "what was heard is not told on")
        }
    }

    @Test func `the others are told what Eskiz says of the account, once`() async throws {
        let world = try await World()
        world.provider.decide { incoming in
            incoming.text == "mailing" ? .answer(429, "{}", retryAfter: 86_400) : .take(after: .milliseconds(20))
        }
        try await world.run([world.dispatcher, world.housekeeping]) {
            for _ in 0..<5 { try await world.accept(newMessage(.bulk, text: "mailing")) }
            await world.settle(.seconds(1))
            #expect(world.queue.accountNews.takeOwn() == [.init(.throttled(.bulk), for: LaneHolds.laneLimit)])
        }
    }

    @Test func `news of the account are known by their names`() {
        let all = Lane.allCases.map(AccountNews.throttled) + RetryPolicy.Block.allCases.map(AccountNews.blocked)
        for news in all { #expect(AccountNews(name: news.name) == news) }
        #expect(AccountNews(name: "blocked.by-a-later-version") == nil)
    }

    // MARK: One

    @Test func `one absurd Retry-After on a mailing stops no code, and the others for half a minute`() async throws {
        let world = try await World()
        world.provider.decide { incoming in
            incoming.text == "mailing" ? .answer(429, "{}", retryAfter: 86_400) : .take(after: .milliseconds(20))
        }
        try await world.run([world.dispatcher, world.housekeeping]) {
            let mailing = try await world.accept(newMessage(.bulk, text: "mailing"))[0]
            await world.settle()
            let begun = world.time.timestamp
            let order = try await world.accept(newMessage(.transactional))[0]
            let code = try await world.accept(newMessage(.otp, expiresAt: begun + .seconds(120)))[0]
            await world.settle(.seconds(1))
            #expect(try await world.state(of: code) == .submitted)
            // The code has shown that Eskiz takes messages.
            #expect(try await world.state(of: order) == .submitted)
            await world.settle(.seconds(600))
            #expect(try await world.state(of: mailing) == .queued)
            #expect(world.provider.incoming.filter { $0.text == "mailing" }.count == 1, "it waits as long as was said")
        }
    }

    @Test func `without a code the other lanes wait half a minute, and the mailing's own a minute`() async throws {
        let world = try await World()
        world.provider.decide { incoming in
            incoming.text == "mailing" ? .answer(429, "{}", retryAfter: 86_400) : .take(after: .milliseconds(20))
        }
        try await world.run([world.dispatcher, world.housekeeping]) {
            let begun = world.time.timestamp
            try await world.accept(newMessage(.bulk, text: "mailing"))
            await world.settle()
            let order = try await world.accept(newMessage(.transactional))[0]
            let other = try await world.accept(newMessage(.bulk, text: "another"))[0]
            await world.settle(.seconds(120))
            let sent = try await world.message(order)?.submittedAt
            let late = try await world.message(other)?.submittedAt
            #expect(sent.map { $0 - begun >= .seconds(30) && $0 - begun < .seconds(31) } == true)
            #expect(late.map { $0 - begun >= .seconds(60) && $0 - begun < .seconds(61) } == true)
        }
    }

    @Test func `a code that Eskiz asks to wait a day is tried before its end, and others try meanwhile`() async throws {
        let world = try await World()
        world.provider.decide { $0.index <= 2 ? .answer(429, "{}", retryAfter: 86_400) : .take(after: .zero) }
        try await world.run([world.dispatcher, world.housekeeping]) {
            let end = world.time.timestamp + .seconds(120)
            let first = try await world.accept(newMessage(.otp, expiresAt: end))[0]
            await world.settle(.milliseconds(500))
            let second = try await world.accept(newMessage(.otp, expiresAt: end))[0]
            await world.settle(.seconds(5))
            let third = try await world.accept(newMessage(.otp, expiresAt: end))[0]
            await world.settle(.seconds(5))
            #expect(try await world.state(of: third) == .submitted)
            await world.settle(.seconds(110))
            #expect(try await world.state(of: first) == .submitted)
            #expect(try await world.state(of: second) == .submitted)
        }
    }

    @Test func `a batch that uses up the limit keeps no code waiting`() async throws {
        let world = try await World { $0.rateLimit = 20 }
        try await world.run([world.dispatcher, world.housekeeping]) {
            try await world.accept((0..<2_000).map { _ in newMessage(.transactional) }, batch: NewBatch())
            await world.settle(.seconds(1))
            var slowest = Duration.zero
            for _ in 0..<20 {
                let accepted = world.time.timestamp
                let code = try await world.accept(newMessage(.otp, expiresAt: accepted + .seconds(120)))[0]
                await world.settle(.seconds(2))
                let sent = try await world.message(code)?.submittedAt
                slowest = max(slowest, sent.map { $0 - accepted } ?? .seconds(999))
            }
            #expect(slowest < .milliseconds(300))
            // And not for the other lanes either.
            let mailing = try await world.accept(newMessage(.bulk))[0]
            let order = try await world.accept(newMessage(.transactional))[0]
            await world.settle(.seconds(2))
            #expect(try await world.state(of: mailing) == .submitted)
            #expect(try await world.state(of: order) == .queued, "its own lane pays first")
            let holds = world.queue.holds
            #expect(holds.map(\.reason) == [.rate] && holds.map(\.lanes) == [[.transactional]])
            await world.settle(.seconds(110))
            #expect(try await world.state(of: order) == .submitted)
        }
    }

    @Test func `whoever looks sees what holds messages up, and until when`() async throws {
        let log = RecordedLog()
        let world = try await World(logger: log.logger)
        world.provider.decide { incoming in
            incoming.index == 1 ? .answer(429, "{}", retryAfter: 50) : .take(after: .milliseconds(20))
        }
        try await world.run([world.dispatcher, world.housekeeping]) {
            #expect(world.queue.holds.isEmpty)
            try await world.accept(newMessage(.bulk, text: "mailing"))
            await world.settle(.seconds(1))
            let waiting = try await world.accept(newMessage(.bulk, text: "another"))[0]
            let order = try await world.accept(newMessage(.transactional))[0]
            await world.settle(.seconds(1))
            let now = world.time.timestamp
            let holds = world.queue.holds
            #expect(holds.map(\.reason) == [.throttled, .throttled, .throttled])
            #expect(Set(holds.flatMap(\.lanes)) == Set(Lane.allCases))
            let own = holds.first { $0.lanes == [.bulk] }?.until
            #expect(own.map { $0 - now > .seconds(45) && $0 - now <= .seconds(50) } == true)
            #expect(try await world.message(waiting).flatMap { holds.nextAttempt(of: $0) } == own)
            let half = try await world.message(order).flatMap { holds.nextAttempt(of: $0) }
            #expect(half.map { $0 - now > .seconds(25) && $0 - now <= .seconds(30) } == true)
            let begins = log.lines("Eskiz has too many requests; messages of these lanes wait")
            #expect(begins.map(\.level) == [.warning])
            #expect(begins.map { "\($0.metadata["hold.seconds"] ?? "")" } == ["50"])
            await world.settle(.seconds(55))
            #expect(world.queue.holds.isEmpty)
            let ends = log.lines("No lane waits any more because Eskiz had too many requests")
            #expect(ends.map(\.level) == [.notice])
            #expect(log.lines("Eskiz has too many requests; messages of these lanes wait").count == 1)
        }
    }

    @Test func `a breaker that is open is a hold of all lanes`() async throws {
        let world = try await World()
        world.provider.decide { _ in .answer(402, #"{"message":"no money","status":"error"}"#) }
        try await world.run([world.dispatcher, world.housekeeping]) {
            try await world.accept(newMessage())
            await world.settle(.seconds(1))
            let holds = world.queue.holds
            #expect(holds.map(\.reason) == [.balance])
            #expect(holds.first?.lanes == Lane.allCases)
            #expect(holds.first?.until.map { $0 > world.time.timestamp } == true)
        }
    }
}
