import EskizPrometheus
import EskizTestSupport
import Testing

struct TextFormatTests {
    @Test(
        arguments: [
            (0, "0"),
            (-0.0, "0"),
            (1, "1"),
            (-7, "-7"),
            (1_000_000, "1000000"),
            (9_007_199_254_740_992, "9007199254740992"),
            (1e18, "1000000000000000000"),
            (1e19, "1e+19"),
            (0.1, "0.1"),
            (0.0025, "0.0025"),
            (1e-9, "1e-09"),
            (1234.5, "1234.5"),
            (.infinity, "+Inf"),
            (-.infinity, "-Inf"),
            (.nan, "NaN"),
            (-.nan, "NaN"),
        ] as [(Double, String)]
    )
    func `numbers are written as Prometheus reads them`(value: Double, text: String) {
        #expect(TextFormat.number(value) == text)
    }

    @Test func `a number reads back as the same number`() {
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<10_000 {
            let value = Double(bitPattern: generator.next())
            guard value.isFinite else { continue }
            #expect(Double(TextFormat.number(value)) == value)
        }
    }

    @Test(arguments: [
        ("plain", "plain", "plain"),
        ("a\\b", "a\\\\b", "a\\\\b"),
        ("say \"hi\"", "say \\\"hi\\\"", "say \"hi\""),
        ("one\ntwo", "one\\ntwo", "one\\ntwo"),
        ("one\r\ntwo", "one\r\\ntwo", "one\r\\ntwo"),
        ("\\n", "\\\\n", "\\\\n"),
        ("oʻzbek 🇺🇿", "oʻzbek 🇺🇿", "oʻzbek 🇺🇿"),
        ("a\0b", "a\u{FFFD}b", "a\u{FFFD}b"),
    ])
    func `what has a meaning in the format is escaped`(text: String, label: String, help: String) {
        #expect(TextFormat.escapedLabelValue(text) == label)
        #expect(TextFormat.escapedHelp(text) == help)
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `any label value survives the way there and back`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            let value = generator.text(of: ["\\", "\"", "\n", "\r", "n", "{", "}", ",", "=", " ", "ʻ", "🇺🇿", "#"])
            let other = generator.text(of: ["\\", "\"", "a"])
            let family = MetricFamily(
                name: "x",
                kind: .gauge,
                help: value,
                members: [.init(labels: LabelSet([("a", value), ("b", other)]), value: .number(1))]
            )
            let read = try ExposedText(TextFormat.text(of: [family]))
            #expect(read.samples.count == 1)
            let expected = ["a": value, "b": other].filter { !$0.value.isEmpty }
            #expect(read.samples.first?.labels == expected)
            #expect(read.helps["x"] == value)
        }
    }

    @Test func `families and members are sorted, and help and type stand once above them`() {
        let text = TextFormat.text(of: [
            MetricFamily(
                name: "b_total",
                kind: .counter,
                help: "Second.",
                members: [
                    .init(labels: LabelSet([("lane", "otp")]), value: .number(2)),
                    .init(labels: LabelSet([("lane", "bulk")]), value: .number(1)),
                    .init(labels: LabelSet(), value: .number(3)),
                ]
            ),
            MetricFamily(
                name: "a",
                kind: .gauge,
                help: "First.",
                members: [.init(labels: LabelSet(), value: .number(0.5))]
            ),
            MetricFamily(name: "c", kind: .gauge, help: "Nobody.", members: []),
        ])
        #expect(
            text == """
                # HELP a First.
                # TYPE a gauge
                a 0.5
                # HELP b_total Second.
                # TYPE b_total counter
                b_total 3
                b_total{lane="bulk"} 1
                b_total{lane="otp"} 2

                """
        )
    }

    @Test func `a histogram tells its buckets from the bottom up, then sum and count`() {
        let histogram = HistogramSnapshot(buckets: Buckets([0.5, 1]), counts: [2, 0, 1], sum: 31.25)
        let text = TextFormat.text(of: [
            MetricFamily(
                name: "wait_seconds",
                kind: .histogram,
                help: "Waiting.",
                members: [.init(labels: LabelSet([("lane", "otp")]), value: .histogram(histogram))]
            )
        ])
        #expect(
            text == """
                # HELP wait_seconds Waiting.
                # TYPE wait_seconds histogram
                wait_seconds_bucket{lane="otp",le="0.5"} 2
                wait_seconds_bucket{lane="otp",le="1"} 2
                wait_seconds_bucket{lane="otp",le="+Inf"} 3
                wait_seconds_sum{lane="otp"} 31.25
                wait_seconds_count{lane="otp"} 3

                """
        )
    }

    @Test func `nothing is an empty text`() {
        #expect(TextFormat.text(of: []).isEmpty)
        #expect(TextFormat.contentType == "text/plain; version=0.0.4; charset=utf-8")
    }
}
