import EskizPrometheus
import Metrics
import Testing

/// swift-metrics in, text out.
struct PrometheusRegistryTests {
    let registry = PrometheusRegistry()

    private func text() async throws -> ExposedText {
        try ExposedText(await registry.text())
    }

    // MARK: Instruments

    @Test func `a counter counts what is more than nothing`() async throws {
        let counter = Counter(label: "eskiz.requests", dimensions: [("operation", "send")], factory: registry)
        counter.increment()
        counter.increment(by: 41)
        counter.increment(by: -5)
        let text = try await text()
        #expect(text["eskiz_requests_total", ["operation": "send"]] == 42)
        #expect(text.types["eskiz_requests_total"] == "counter")
    }

    @Test func `a floating-point counter leaves out what cannot be counted`() async throws {
        let counter = FloatingPointCounter(label: "money", factory: registry)
        for amount in [0.25, 0.5, -1, 0, .nan, .infinity] { counter.increment(by: amount) }
        #expect(try await text()["money_total"] == 0.75)
    }

    @Test func `whole and broken numbers of one name are one counter`() async throws {
        Counter(label: "money", factory: registry).increment(by: 2)
        FloatingPointCounter(label: "money", factory: registry).increment(by: 0.5)
        #expect(try await text()["money_total"] == 2.5)
    }

    @Test func `a counter that is reset begins again`() async throws {
        let counter = Counter(label: "x", factory: registry)
        counter.increment(by: 7)
        counter.reset()
        #expect(try await text()["x_total"] == 0)
        counter.increment()
        #expect(try await text()["x_total"] == 1)
    }

    @Test func `a timer is a histogram in seconds`() async throws {
        let timer = Timer(label: "call.duration", factory: registry)
        timer.record(duration: .milliseconds(2))
        timer.record(duration: .seconds(3))
        timer.record(duration: .seconds(600))
        timer.recordNanoseconds(-1)
        let text = try await text()
        #expect(text.types["call_duration_seconds"] == "histogram")
        #expect(text["call_duration_seconds_bucket", ["le": "0.001"]] == 1)
        #expect(text["call_duration_seconds_bucket", ["le": "0.0025"]] == 2)
        #expect(text["call_duration_seconds_bucket", ["le": "60"]] == 3)
        #expect(text["call_duration_seconds_bucket", ["le": "+Inf"]] == 4)
        #expect(text["call_duration_seconds_sum"] == 603.002)
        #expect(text["call_duration_seconds_count"] == 4)
    }

    @Test(arguments: ["delivery.duration", "delivery_duration_seconds"])
    func `a described timer has the buckets that were asked for`(name: String) async throws {
        registry.describe(name, "To the handset.", buckets: .longDurations)
        Timer(label: "delivery.duration", factory: registry).recordSeconds(7200)
        let text = try await text()
        #expect(text["delivery_duration_seconds_bucket", ["le": "3600"]] == 0)
        #expect(text["delivery_duration_seconds_bucket", ["le": "14400"]] == 1)
        #expect(text["delivery_duration_seconds_bucket", ["le": "0.001"]] == nil)
        #expect(text.helps["delivery_duration_seconds"] == "To the handset.")
    }

    @Test func `a recorder that aggregates is a histogram, and leaves out what is not finite`() async throws {
        let recorder = Recorder(label: "segments", factory: registry)
        recorder.record(1)
        recorder.record(3.5)
        recorder.record(Double.nan)
        recorder.record(Double.infinity)
        let text = try await text()
        #expect(text.types["segments"] == "histogram")
        #expect(text["segments_bucket", ["le": "1"]] == 1)
        #expect(text["segments_bucket", ["le": "5"]] == 2)
        #expect(text["segments_sum"] == 4.5)
        #expect(text["segments_count"] == 2)
    }

    @Test func `a recorder that does not aggregate and a gauge tell the last value`() async throws {
        let recorder = Recorder(label: "recorded", aggregate: false, factory: registry)
        let gauge = Gauge(label: "balance", factory: registry)
        recorder.record(1)
        recorder.record(2.5)
        gauge.record(10)
        gauge.record(-4)
        let text = try await text()
        #expect(text["recorded"] == 2.5)
        #expect(text["balance"] == -4)
        #expect(text.types["recorded"] == "gauge")
        #expect(text.types["balance"] == "gauge")
    }

    @Test func `a meter goes up and down`() async throws {
        let meter = Meter(label: "in.flight", factory: registry)
        meter.set(5)
        meter.increment(by: 2.5)
        meter.decrement()
        for amount in [-1, .nan, .infinity] {
            meter.increment(by: amount)
            meter.decrement(by: amount)
        }
        #expect(try await text()["in_flight"] == 6.5)
        meter.set(0.25)
        #expect(try await text()["in_flight"] == 0.25)
    }

    // MARK: Sameness

    @Test func `the same name and labels are the same instrument, in whatever order`() async throws {
        let first = registry.makeCounter(label: "x", dimensions: [("a", "1"), ("b", "2")])
        let second = registry.makeCounter(label: "x", dimensions: [("b", "2"), ("a", "1")])
        let other = registry.makeCounter(label: "x", dimensions: [("a", "1")])
        #expect(first === second)
        #expect(first !== other)
        #expect(registry.makeTimer(label: "x", dimensions: []) === registry.makeTimer(label: "x", dimensions: []))
        #expect(registry.makeMeter(label: "g", dimensions: []) === registry.makeMeter(label: "g", dimensions: []))
    }

    @Test func `what is destroyed is gone, and begins at zero when it comes back`() async throws {
        let counter = Counter(label: "c", factory: registry)
        let fractional = FloatingPointCounter(label: "f", factory: registry)
        let timer = Timer(label: "t", factory: registry)
        let recorder = Recorder(label: "r", factory: registry)
        let meter = Meter(label: "m", factory: registry)
        let gauge = Gauge(label: "g", dimensions: [("kept", "no")], factory: registry)
        Gauge(label: "g", dimensions: [("kept", "yes")], factory: registry).record(1)
        counter.increment()
        for destroy in [
            counter.destroy, fractional.destroy, timer.destroy, recorder.destroy, meter.destroy, gauge.destroy,
        ] { destroy() }
        var text = try await text()
        #expect(text.samples.map(\.name) == ["g", "metrics_dropped_series_total"])
        #expect(text["g", ["kept": "yes"]] == 1)

        counter.increment()
        _ = Counter(label: "c", factory: registry)
        text = try await self.text()
        #expect(text["c_total"] == 0)
    }

    @Test func `destroying what was destroyed leaves its successor alone`() async throws {
        let first = Counter(label: "c", factory: registry)
        first.destroy()
        Counter(label: "c", factory: registry).increment(by: 3)
        first.destroy()
        #expect(try await text()["c_total"] == 3)
    }

    @Test func `handlers of another factory are left alone`() async throws {
        Counter(label: "c", factory: registry).increment()
        registry.destroyCounter(NOOPMetricsHandler.instance)
        registry.destroyTimer(NOOPMetricsHandler.instance)
        #expect(try await text()["c_total"] == 1)
    }

    @Test func `one name for two kinds keeps the second apart`() async throws {
        Recorder(label: "x", factory: registry).record(1)
        Gauge(label: "x", factory: registry).record(2)
        Counter(label: "x", factory: registry).increment(by: 3)
        Timer(label: "x", factory: registry).recordSeconds(4)

        Gauge(label: "y.seconds", factory: registry).record(5)
        Timer(label: "y", factory: registry).recordSeconds(6)
        let text = try await text()
        #expect(text["x_sum"] == 1)
        #expect(text["x_value"] == 2)
        #expect(text["x_total"] == 3)
        #expect(text["x_seconds_sum"] == 4)
        #expect(text["y_seconds"] == 5)
        #expect(text["y_seconds_distribution_sum"] == 6)
    }

    @Test func `a name means one kind as long as the process lives`() async throws {
        let gauge = Gauge(label: "x", factory: registry)
        gauge.destroy()
        Recorder(label: "x", factory: registry).record(1)
        #expect(try await text().types["x_distribution"] == "histogram")
    }

    @Test func `a timer and a recorder of seconds share what they observe`() async throws {
        Timer(label: "x", factory: registry).recordMilliseconds(500)
        Recorder(label: "x.seconds", factory: registry).record(2)
        #expect(try await text()["x_seconds_sum"] == 2.5)
    }

    @Test func `without a description the help names the label in code`() async throws {
        Counter(label: "eskiz.requests", factory: registry).increment()
        #expect(try await text().helps["eskiz_requests_total"] == "The counter eskiz.requests.")
        registry.describe("eskiz.requests", "Calls\nto \\ the provider.")
        #expect(try await text().helps["eskiz_requests_total"] == "Calls\nto \\ the provider.")
    }

    @Test func `it serves as the factory of a task`() async throws {
        withMetricsFactory(registry) { Counter(label: "scoped").increment() }
        #expect(try await text()["scoped_total"] == 1)
    }
}
