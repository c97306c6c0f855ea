import EskizPrometheus
import Metrics
import Synchronization
import Testing

/// What is read when it is asked for.
@Suite(.timeLimit(.minutes(1))) struct CollectorTests {
    let registry = PrometheusRegistry()

    private func text() async throws -> ExposedText {
        try ExposedText(await registry.text())
    }

    @Test func `a callback gauge is read at every scrape and at no other time`() async throws {
        let probe = Probe()
        registry.gauge("queue.depth", "Messages that wait.", labels: [("lane", "otp")]) { probe.next() }
        #expect(probe.count == 0)
        #expect(try await text()["queue_depth", ["lane": "otp"]] == 1)
        #expect(try await text()["queue_depth", ["lane": "otp"]] == 2)
        #expect(try await text().helps["queue_depth"] == "Messages that wait.")
    }

    @Test func `a callback with nothing to say is left out, and so is its family`() async throws {
        registry.gauge("age", "Age.", labels: [("lane", "otp")]) { nil }
        let text = try await text()
        #expect(text.types["age"] == nil)
        #expect(text.samples.map(\.name) == ["metrics_dropped_series_total"])
    }

    @Test func `a later callback takes the place of the earlier`() async throws {
        registry.gauge("x", "X.") { 1 }
        registry.gauge("x", "X.") { 2 }
        #expect(try await text()["x"] == 2)
    }

    @Test func `a gauge does not drive out a callback`() async throws {
        registry.gauge("x", "X.") { 1 }
        Gauge(label: "x", factory: registry).record(5)
        let text = try await text()
        #expect(text["x"] == 1)
        #expect(text["metrics_dropped_series_total", ["family": "x"]] == 1)
    }

    @Test func `a callback may use the registry`() async throws {
        registry.gauge("x", "X.") { [weak registry] in
            guard let registry else { return nil }
            Counter(label: "reads", factory: registry).increment()
            return 1
        }
        #expect(try await text()["x"] == 1)
        // This scrape reads the callback as well, before or after the counter.
        let reads = try #require(try await text()["reads_total"])
        #expect((1...2).contains(reads))
    }

    @Test func `collectors are asked at every scrape`() async throws {
        let probe = Probe()
        registry.describe("queue.depth", "Messages that wait.")
        registry.collect {
            await Task.yield()
            return [
                Sample("queue.depth", labels: [("lane", "otp")], value: probe.next()),
                Sample("queue.depth", labels: [("lane", "bulk")], value: 70),
                Sample("messages.sent", kind: .counter, value: 9),
            ]
        }
        #expect(probe.count == 0)
        _ = await registry.text()
        let text = try await text()
        #expect(text["queue_depth", ["lane": "otp"]] == 2)
        #expect(text["queue_depth", ["lane": "bulk"]] == 70)
        #expect(text["messages_sent_total"] == 9)
        #expect(text.types["messages_sent_total"] == "counter")
        #expect(text.helps["queue_depth"] == "Messages that wait.")
    }

    @Test func `collectors run beside each other`() async throws {
        // Each waits for the other: one after the other, they would never return.
        let gate = Gate(for: 2)
        for name in ["a", "b"] {
            registry.collect {
                await gate.pass()
                return [Sample(name, value: 1)]
            }
        }
        let text = try await text()
        #expect(text["a"] == 1)
        #expect(text["b"] == 1)
    }

    @Test func `what comes second to the same place is dropped`() async throws {
        Gauge(label: "x", factory: registry).record(1)
        registry.collect { [Sample("x", value: 2), Sample("y", value: 3), Sample("y", value: 4)] }
        registry.collect { [Sample("y", value: 5)] }
        _ = await registry.families()
        let text = try await text()
        #expect(text["x"] == 1)
        #expect(text["y"] == 3)
        // Told at the scrape, for this scrape and the one before.
        #expect(text["metrics_dropped_series_total", ["family": "x"]] == 2)
        #expect(text["metrics_dropped_series_total", ["family": "y"]] == 4)
    }

    @Test func `a sample of another kind is kept apart, at every scrape in the same way`() async throws {
        registry.collect { [Sample("x", value: 2)] }
        _ = await registry.text()
        Recorder(label: "x", factory: registry).record(1)
        let text = try await text()
        #expect(text["x"] == 2)
        #expect(text["x_distribution_sum"] == 1)
    }
}

/// Counts how often it was asked.
private final class Probe: Sendable {
    private let asked = Mutex(0)

    var count: Int { asked.withLock { $0 } }

    func next() -> Double {
        asked.withLock {
            $0 += 1
            return Double($0)
        }
    }
}
