import EskizPrometheus
import EskizTestSupport
import Metrics
import Testing

struct HistogramTests {
    @Test(
        arguments: [
            (-1, 0), (0, 0), (1, 0), (1.0001, 1), (2, 1), (5, 2), (5.5, 3), (.infinity, 3),
        ] as [(Double, Int)]
    )
    func `a bound belongs to its bucket`(value: Double, index: Int) {
        #expect(Buckets([1, 2, 5]).index(of: value) == index)
    }

    @Test func `bounds are put in order, once each, and finite`() {
        #expect(Buckets([5, 1, .infinity, 1, .nan, 2]).upperBounds == [1, 2, 5])
    }

    @Test(arguments: [Buckets.durations, .longDurations, .amounts])
    func `the buckets at hand ascend`(buckets: Buckets) {
        #expect(buckets.upperBounds == Buckets(buckets.upperBounds).upperBounds)
        #expect(buckets.upperBounds.count > 10)
    }

    @Test func `durations reach from a millisecond to a minute`() {
        #expect(Buckets.durations.upperBounds.first == 0.001)
        #expect(Buckets.durations.upperBounds.last == 60)
    }

    @Test func `counts are made to fit the bounds`() {
        let buckets = Buckets([1, 2])
        #expect(HistogramSnapshot(buckets: buckets, counts: [1], sum: 1).counts == [1, 0, 0])
        #expect(HistogramSnapshot(buckets: buckets, counts: [1, 2, 3, 4], sum: 1).counts == [1, 2, 3])
    }

    @Test func `without bounds everything is counted under +Inf`() async throws {
        let registry = PrometheusRegistry()
        registry.describe("x", "No bounds.", buckets: Buckets([]))
        Recorder(label: "x", factory: registry).record(3)
        let text = try ExposedText(await registry.text())
        #expect(text["x_bucket", ["le": "+Inf"]] == 1)
        #expect(text.samples.filter { $0.name == "x_bucket" }.count == 1)
    }

    @Test(arguments: 0..<25 as Range<UInt64>)
    func `buckets are cumulative and agree with a plain count`(seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed)
        let bounds = (0..<Int.random(in: 0...12, using: &generator)).map { _ in
            Double.random(in: -50...50, using: &generator)
        }
        // Some values lie exactly on a bound.
        let values = (0..<500).map { _ in
            Bool.random(using: &generator)
                ? bounds.randomElement(using: &generator) ?? 0
                : Double.random(in: -60...60, using: &generator)
        }
        let registry = PrometheusRegistry()
        registry.describe("x", "Anything.", buckets: Buckets(bounds))
        let recorder = Recorder(label: "x", factory: registry)
        for value in values { recorder.record(value) }

        let text = try ExposedText(await registry.text())
        let buckets = text.samples.filter { $0.name == "x_bucket" }
        var previous = 0.0
        for bucket in buckets {
            let bound = try #require(bucket.labels["le"].flatMap { $0 == "+Inf" ? .infinity : Double($0) })
            #expect(bucket.value == Double(values.filter { $0 <= bound }.count), "le=\(bound)")
            #expect(bucket.value >= previous)
            previous = bucket.value
        }
        #expect(buckets.count == Set(bounds).count + 1)
        #expect(text["x_count"] == 500)
        #expect(buckets.last?.value == 500)
        let sum = try #require(text["x_sum"])
        #expect(abs(sum - values.reduce(0, +)) < 1e-6)
    }
}
