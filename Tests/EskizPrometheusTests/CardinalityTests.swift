import EskizPrometheus
import Metrics
import Testing

/// Labels made of user data cannot fill the memory.
struct CardinalityTests {
    let registry = PrometheusRegistry(limits: .init(seriesPerFamily: 3, families: 4))

    private func text() async throws -> ExposedText {
        try ExposedText(await registry.text())
    }

    @Test func `nothing dropped is said, too`() async throws {
        #expect(try await text()["metrics_dropped_series_total"] == 0)
    }

    @Test func `series beyond the limit work and are not exposed`() async throws {
        for phone in 0..<10 {
            Counter(label: "sent", dimensions: [("to", String(phone))], factory: registry).increment()
        }
        // What was there before the limit still counts, and another family is not touched.
        Counter(label: "sent", dimensions: [("to", "1")], factory: registry).increment()
        Counter(label: "other", factory: registry).increment()
        let text = try await text()
        #expect(text.samples.filter { $0.name == "sent_total" }.map(\.value) == [1, 2, 1])
        #expect(text["other_total"] == 1)
        #expect(text["metrics_dropped_series_total", ["family": "sent_total"]] == 7)
        #expect(text["metrics_dropped_series_total"] == 0)
    }

    @Test func `destroying makes room`() async throws {
        let counters = (0..<3).map { Counter(label: "sent", dimensions: [("to", String($0))], factory: registry) }
        counters[0].destroy()
        Counter(label: "sent", dimensions: [("to", "new")], factory: registry).increment()
        #expect(try await text()["sent_total", ["to": "new"]] == 1)
    }

    @Test func `destroying what was refused changes nothing`() async throws {
        let counters = (0..<4).map { Counter(label: "sent", dimensions: [("to", String($0))], factory: registry) }
        counters[3].destroy()
        #expect(try await text().samples.filter { $0.name == "sent_total" }.count == 3)
    }

    @Test func `families have a limit of their own`() async throws {
        for name in ["a", "b", "c", "d", "e"] { Gauge(label: name, factory: registry).record(1) }
        registry.gauge("f", "F.") { 1 }
        let text = try await text()
        #expect(text.samples.map(\.name) == ["a", "b", "c", "metrics_dropped_series_total"])
        #expect(text["metrics_dropped_series_total"] == 3)
    }

    @Test func `callbacks and samples count as well`() async throws {
        Gauge(label: "x", dimensions: [("n", "0")], factory: registry).record(0)
        for n in 1...3 { registry.gauge("x", "X.", labels: [("n", String(n))]) { Double(n) } }
        registry.collect { (0..<10).map { Sample("y", labels: [("n", String($0))], value: 1) } }
        let text = try await text()
        #expect(text.samples.filter { $0.name == "x" }.map(\.value) == [0, 1, 2])
        #expect(text.samples.filter { $0.name == "y" }.count == 3)
        #expect(text["metrics_dropped_series_total", ["family": "x"]] == 1)
        #expect(text["metrics_dropped_series_total", ["family": "y"]] == 7)
    }
}
