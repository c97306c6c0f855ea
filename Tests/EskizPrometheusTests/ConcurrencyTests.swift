import EskizPrometheus
import Metrics
import Testing

/// Many at once: nothing is lost, and nothing is counted twice.
@Suite(.timeLimit(.minutes(1))) struct ConcurrencyTests {
    private static let tasks = 8
    private static let rounds = 200
    private static let perRound = 50

    /// Runs the body in tasks that all begin together and change places after each round.
    private func together(_ body: @escaping @Sendable (_ task: Int, _ round: Int) async throws -> Void) async throws {
        let gate = Gate(for: Self.tasks)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<Self.tasks {
                group.addTask {
                    await gate.pass()
                    for round in 0..<Self.rounds {
                        try await body(task, round)
                        await Task.yield()
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    @Test func `totals are exact`() async throws {
        let registry = PrometheusRegistry()
        registry.describe("size", "Sizes.", buckets: Buckets([1, 2]))
        let overlaps = registry.makeCounter(label: "overlaps", dimensions: [])
        try await together { task, round in
            // Made anew each time, by all of them: it is still one instrument.
            let counter = Counter(label: "count", factory: registry)
            let fractional = FloatingPointCounter(label: "money", factory: registry)
            let recorder = Recorder(label: "size", factory: registry)
            let meter = Meter(label: "level", factory: registry)
            for index in 0..<Self.perRound {
                counter.increment()
                // Halves add up without rounding, in any order.
                fractional.increment(by: 0.5)
                recorder.record(index % 4)
                meter.increment(by: 2)
                meter.decrement(by: 1)
            }
            if task == 0, round == Self.rounds / 2 {
                let count = try ExposedText(await registry.text())["count_total"] ?? 0
                // More than this task did: others were at work between its rounds.
                if count > Double((round + 1) * Self.perRound) { overlaps.increment(by: 1) }
            }
        }
        let text = try ExposedText(await registry.text())
        let total = Double(Self.tasks * Self.rounds * Self.perRound)
        let each = Self.tasks * Self.rounds
        let small = Double(each * (0..<Self.perRound).filter { $0 % 4 <= 1 }.count)
        let sum = Double(each * (0..<Self.perRound).map { $0 % 4 }.reduce(0, +))
        #expect(text["overlaps_total"] == 1, "the tasks ran one after the other")
        #expect(text["count_total"] == total)
        #expect(text["money_total"] == total / 2)
        #expect(text["level"] == total)
        #expect(text["size_count"] == total)
        #expect(text["size_bucket", ["le": "1"]] == small)
        #expect(text["size_sum"] == sum)
    }

    @Test func `every scrape in the midst of it is whole, and no counter goes back`() async throws {
        let registry = PrometheusRegistry()
        let counter = Counter(label: "count", factory: registry)
        let timer = Timer(label: "wait", factory: registry)
        let last = Last()
        try await together { task, round in
            if task == 0 {
                let text = try ExposedText(await registry.text())
                let buckets = text.samples.filter { $0.name == "wait_seconds_bucket" }.map(\.value)
                #expect(buckets == buckets.sorted())
                #expect(buckets.last == text["wait_seconds_count"])
                await last.expectNoLess(text["count_total"] ?? 0)
            } else {
                for _ in 0..<Self.perRound {
                    counter.increment()
                    timer.recordMilliseconds(round)
                }
            }
        }
        let text = try ExposedText(await registry.text())
        let total = Double((Self.tasks - 1) * Self.rounds * Self.perRound)
        #expect(text["count_total"] == total)
        #expect(text["wait_seconds_count"] == total)
    }

    @Test func `making and destroying beside each other loses no other series`() async throws {
        let registry = PrometheusRegistry()
        try await together { task, round in
            let own = Counter(label: "x", dimensions: [("task", String(task))], factory: registry)
            own.increment()
            let passing = Counter(label: "x", dimensions: [("passing", String(round % 3))], factory: registry)
            passing.increment()
            passing.destroy()
        }
        let text = try ExposedText(await registry.text())
        for task in 0..<Self.tasks {
            #expect(text["x_total", ["task": String(task)]] == Double(Self.rounds))
        }
        #expect(text["metrics_dropped_series_total"] == 0)
    }
}

private actor Last {
    private var value = 0.0

    func expectNoLess(_ next: Double) {
        #expect(next >= value)
        value = next
    }
}
