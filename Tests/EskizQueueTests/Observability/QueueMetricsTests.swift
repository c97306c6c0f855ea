import Eskiz
import EskizQueue
import EskizQueueTesting
import EskizTestSupport
import Logging
import Metrics
import MetricsTestKit
import Synchronization
import Testing

struct QueueMetricsTests {
    private func total(_ factory: TestMetrics, _ label: String, _ dimensions: (String, String)...) throws -> Int64 {
        try factory.expectCounter(label, dimensions).totalValue
    }

    @Test func `a message is counted on every step of its way, once`() async throws {
        typealias Names = QueueMetricNames
        let factory = TestMetrics()
        let world = try await World(metrics: QueueMetrics(factory: factory))
        world.provider.decide { incoming in
            switch incoming.index {
            case 1: .answer(429, "{}", retryAfter: 1)
            case 3: .refused
            case 4: .reset(isTaken: true, after: .seconds(1))
            default: .take(after: .milliseconds(250))
            }
        }
        try await world.run([world.dispatcher, world.reconciler, world.poller, world.housekeeping]) {
            let code = try await world.accept(newMessage(.otp))[0]
            await world.settle(.seconds(30))
            try await world.accept(newMessage(.bulk))
            await world.settle(.seconds(2))
            try await world.accept(newMessage(.bulk))
            await world.settle(.seconds(300))
            world.provider.setStatus("DELIVERED", of: code.id.text)
            await world.settle(.seconds(1_000))
        }
        #expect(try total(factory, Names.accepted, (Names.lane, "otp")) == 1)
        #expect(try total(factory, Names.accepted, (Names.lane, "bulk")) == 2)
        for (lane, state, count) in [
            ("otp", "sending", 2), ("otp", "submitted", 1), ("otp", "delivered", 1), ("otp", "unknown", 0),
            ("bulk", "failed", 1), ("bulk", "unknown", 1), ("bulk", "submitted", 1), ("bulk", "delivered", 0),
        ] as [(String, String, Int64)] {
            #expect(
                try total(factory, Names.entered, (Names.lane, lane), (Names.state, state)) == count,
                "\(lane) \(state)"
            )
        }
        for (lane, outcome, count) in [
            ("otp", "taken", 1), ("otp", "not_taken", 1), ("bulk", "not_taken", 1), ("bulk", "unknown", 1),
        ] as [(String, String, Int64)] {
            #expect(
                try total(factory, Names.attempts, (Names.lane, lane), (Names.outcome, outcome)) == count,
                "\(lane) \(outcome)"
            )
        }
        #expect(try total(factory, Names.reconciled, (Names.resolution, "found")) == 1)
        let submit = try factory.expectTimer(Names.timeToSubmit, [(Names.lane, "otp")])
        #expect(submit.values.count == 1)
        #expect((1_000_000_000...5_000_000_000).contains(submit.values.first ?? 0))
        let deliver = try factory.expectTimer(
            Names.timeToDeliver,
            [(Names.lane, "otp"), (Names.mobileOperator, "Beeline")]
        )
        #expect(deliver.values.count == 1)
    }

    @Test func `an open breaker shows, and why`() async throws {
        typealias Names = QueueMetricNames
        let factory = TestMetrics()
        let world = try await World(metrics: QueueMetrics(factory: factory))
        world.provider.decide { _ in .unreachable }
        try await world.run([world.dispatcher, world.housekeeping]) {
            try await world.accept((0..<100).map { _ in newMessage(.bulk) })
            await world.settle(.seconds(60))
            let breaker = try factory.expectGauge(Names.breakerState)
            #expect(breaker.lastValue ?? 0 > 0)
        }
        #expect(try total(factory, Names.breakerOpenings, (Names.reason, "failures")) > 0)
    }
}

struct QueueLogTests {
    @Test func `no line holds a text, a code or a phone in clear`() async throws {
        let log = RecordedLog()
        let world = try await World(logger: log.logger)
        world.provider.decide { incoming in
            switch incoming.index % 5 {
            case 0: .refused
            case 1: .reset(isTaken: incoming.index > 20, after: .milliseconds(10))
            case 2: .answer(429, "{}", retryAfter: 1)
            case 3: .garbled(502, isTaken: false)
            default: .take(after: .milliseconds(10))
            }
        }
        try await world.run([world.dispatcher, world.reconciler, world.poller, world.housekeeping]) {
            for lane in Lane.allCases {
                try await world.accept((0..<20).map { _ in newMessage(lane, text: "Kodingiz: 483920") })
            }
            await world.settle(.seconds(600))
        }
        #expect(log.lines("Message submitted").count > 5)
        #expect(log.lines("An unknown outcome was settled").count > 5)
        for line in log.lines {
            #expect(!line.text.contains("483920") && !line.text.contains("Kodingiz"))
            #expect(!line.text.contains("998901234567") && !line.text.contains("901234567"))
        }
        #expect(log.lines("Message submitted").first?.metadata[QueueLogKeys.phone] == "+998 90 *** ** 67")
    }

    @Test func `a store that fails is one line, and one when it works again`() async throws {
        let log = RecordedLog()
        let world = try await World(logger: log.logger)
        try await world.run {
            world.store.fail(with: StoreError(.diskFull, "The disk is full.", remedy: "Make room."))
            await world.settle(.seconds(300))
            #expect(log.lines("The message store does not work; nothing is lost, and it is tried again").count == 1)
            world.store.fail(with: nil)
            await world.settle(.seconds(60))
            try await world.accept(newMessage())
            await world.settle(.seconds(60))
            #expect(log.lines("The message store works again").count == 1)
        }
    }
}
