import Eskiz
import EskizQueue
import EskizQueueTesting
import EskizTesting
import Testing

@testable import EskizGateway

@Suite(.timeLimit(.minutes(1)))
struct OutboxImporterTests {
    private static func row(
        _ id: Int64 = 1,
        lane: Lane = .otp,
        phone: String = "998901234567",
        text: String = "Kodingiz: 123456",
        _ adjust: (inout OutboxRow) -> Void = { _ in }
    ) -> OutboxRow {
        var row = OutboxRow(id: id, sender: "app", lane: lane, phone: phone, text: text)
        adjust(&row)
        return row
    }

    /// Runs the importer until so many rows are marked, or statuses told.
    private func run(
        _ harness: GatewayHarness,
        _ outbox: FakeOutbox,
        until count: Int,
        _ meanwhile: @Sendable @escaping () async throws -> Void = {}
    ) async throws {
        let reporter = OutboxReporter(source: outbox, queue: harness.queue, logger: harness.log.logger)
        let importer = OutboxImporter(
            source: outbox,
            intake: harness.server.intake,
            reporter: reporter,
            logger: harness.log.logger
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await importer.run() }
            try await meanwhile()
            await outbox.happened(count)
            group.cancelAll()
            try await group.waitForAll()
        }
    }

    @Test func `a row becomes a message as the API would have made it`() async throws {
        let harness = try await GatewayHarness()
        let outbox = FakeOutbox()
        outbox.leave(
            Self.row(lane: .transactional, text: "O'zbekiston") { row in
                row.reference = "order 7"
                row.from = "Shop"
                row.webhookURL = "https://example.test/hook"
            }
        )
        try await run(harness, outbox, until: 1)
        let message = try #require(try await harness.store.messages(MessageSearch()).first)
        #expect(message.phone == "998901234567")
        #expect(message.lane == .transactional)
        #expect(message.sender == "Shop")
        #expect(message.reference == "order 7")
        #expect(message.webhookURL == "https://example.test/hook")
        #expect(message.apiKeyID == "outbox:app")
        #expect(message.state == .queued)
        #expect(outbox.results == [OutboxResult(1, .accepted(message.id, .queued))])
    }

    @Test func `what was kept and not marked comes again, and is the same message`() async throws {
        let harness = try await GatewayHarness()
        let outbox = FakeOutbox()
        outbox.failExchanges(2)
        outbox.leave(Self.row(1), Self.row(2, phone: "998901234568"))
        let clock = harness.clock
        try await run(harness, outbox, until: 2) {
            for _ in 0..<2 {
                await clock.sleeper(within: .seconds(1))
                clock.advance(by: .seconds(1))
            }
        }
        let messages = try await harness.store.messages(MessageSearch())
        #expect(messages.count == 2)
        #expect(Set(outbox.results.map(\.row)) == [1, 2])
        for case .accepted(let id, _) in outbox.results.map(\.outcome) { #expect(messages.contains { $0.id == id }) }
        #expect(harness.log.text.contains("The outbox does not answer; nothing is lost, and it is tried again"))
        #expect(harness.log.text.contains("The outbox answers again"))
    }

    @Test func `what cannot be a message is refused in the words of the API`() async throws {
        let harness = try await GatewayHarness()
        let outbox = FakeOutbox()
        outbox.leave(
            Self.row(1, phone: "12345"),
            Self.row(2, text: "\u{1}"),
            Self.row(3) { $0.webhookURL = "https://10.0.0.1/" }
        )
        try await run(harness, outbox, until: 3)
        let codes = outbox.results.sorted { $0.row < $1.row }.map { result in
            if case .refused(let error) = result.outcome { error.code } else { "" }
        }
        #expect(codes == ["invalid_phone", "unsupported_character", "refused_url"])
        #expect(try await harness.store.messages(MessageSearch()).isEmpty)
    }

    @Test func `a code's life begins when it is left`() async throws {
        let harness = try await GatewayHarness { $0.otpLifetime = .seconds(120) }
        let outbox = FakeOutbox()
        outbox.leave(
            Self.row(1) { $0.age = .seconds(30) },
            Self.row(2, phone: "998901234568") { $0.age = .seconds(121) },
            Self.row(3, lane: .transactional, phone: "998901234569") { row in
                row.expiresIn = .seconds(60)
                row.age = .seconds(61)
            },
            Self.row(4, lane: .transactional, phone: "998901234560") { $0.age = .seconds(9_999) }
        )
        try await run(harness, outbox, until: 4)
        let results = Dictionary(uniqueKeysWithValues: outbox.results.map { ($0.row, $0.outcome) })
        #expect(results[2] == .expired)
        #expect(results[3] == .expired)
        let messages = try await harness.store.messages(MessageSearch())
        #expect(messages.count == 2)
        let code = try #require(messages.first { $0.lane == .otp })
        #expect(code.expiresAt == harness.clock.timestamp + .seconds(90))
        #expect(messages.contains { $0.lane == .transactional && $0.expiresAt == nil })
    }

    @Test func `what is to be sent later is planned by the time that is left`() async throws {
        let harness = try await GatewayHarness()
        let outbox = FakeOutbox()
        outbox.leave(
            Self.row(1) { row in
                row.dueIn = .seconds(600)
                row.age = .seconds(-600)
                row.expiresIn = .seconds(60)
            }
        )
        try await run(harness, outbox, until: 1)
        let message = try #require(try await harness.store.messages(MessageSearch()).first)
        let now = harness.clock.timestamp
        #expect(message.state == .scheduled)
        #expect(message.dueAt == now + .seconds(600))
        #expect(message.expiresAt == now + .seconds(660))
    }

    @Test func `where too much waits, rows wait in the outbox, and codes do not wait with them`() async throws {
        let harness = try await GatewayHarness { $0.maximumWaiting = 1 }
        let outbox = FakeOutbox()
        // What is taken at once may all find room: the queue has to be full before.
        outbox.leave(Self.row(1, lane: .bulk))
        try await run(harness, outbox, until: 2) {
            await outbox.happened(1)
            outbox.leave(
                Self.row(2, lane: .bulk, phone: "998901234568"),
                Self.row(3, lane: .bulk, phone: "998901234569"),
                Self.row(4, phone: "998901234560")
            )
        }
        let kept = try await harness.store.messages(MessageSearch())
        #expect(kept.count { $0.lane == .bulk } == 1)
        #expect(kept.count { $0.lane == .otp } == 1)
        #expect(outbox.results.count == 2)
    }

    @Test func `two roles' codes for one phone do not take each other's place`() async throws {
        let harness = try await GatewayHarness()
        let outbox = FakeOutbox()
        outbox.leave(Self.row(1), Self.row(2) { $0.sender = "other" })
        try await run(harness, outbox, until: 2)
        #expect(try await harness.store.messages(MessageSearch()).allSatisfy { $0.state == .queued })
    }

    @Test func `the outbox hears what becomes of its messages, and of no others`() async throws {
        let harness = try await GatewayHarness()
        let outbox = FakeOutbox()
        let reporter = OutboxReporter(source: outbox, queue: harness.queue, logger: harness.log.logger)
        let importer = OutboxImporter(
            source: outbox,
            intake: harness.server.intake,
            reporter: reporter,
            logger: harness.log.logger
        )
        let clock = harness.clock
        outbox.leave(Self.row(1))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await importer.run() }
            group.addTask { try await reporter.run() }
            // Marked, and told how it is: what happened before the mark had no row to be written to.
            while outbox.statuses.isEmpty {
                await clock.sleeper(within: .seconds(60))
                clock.advance(by: .milliseconds(100))
            }
            let claims = try await harness.claim()
            try await harness.settle(claims, .submitted(providerID: "f-1", detail: nil, nextReport: nil))
            while outbox.statuses.last?.state != .submitted {
                await clock.sleeper(within: .seconds(60))
                clock.advance(by: .milliseconds(100))
            }
            group.cancelAll()
            try await group.waitForAll()
        }
        #expect(outbox.statuses.last?.providerID == "f-1")
    }

    @Test func `what a process before this one took is looked up, and what is forgotten has its end`() async throws {
        let harness = try await GatewayHarness()
        let outbox = FakeOutbox()
        outbox.leave(Self.row(1))
        try await run(harness, outbox, until: 1)
        let message = try #require(try await harness.store.messages(MessageSearch()).first)
        _ = try await harness.store.cancel(message.id, detail: nil, at: harness.clock.timestamp)
        outbox.leaveOpen(
            OpenRow(row: 1, message: message.id, status: "queued"),
            OpenRow(row: 2, message: MessageID(7), status: "submitted")
        )
        let reporter = OutboxReporter(source: outbox, queue: harness.queue, logger: harness.log.logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await reporter.run() }
            await outbox.happened(3)
            group.cancelAll()
            try await group.waitForAll()
        }
        #expect(outbox.statuses.first { $0.message == message.id }?.state == .cancelled)
        #expect(outbox.statuses.contains { $0.message == MessageID(7) && $0.state == nil })
    }
}
