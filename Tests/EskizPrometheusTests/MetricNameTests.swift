import EskizPrometheus
import EskizTestSupport
import Testing

struct MetricNameTests {
    @Test(arguments: [
        ("eskiz.requests", "eskiz_requests"),
        ("already_fine", "already_fine"),
        ("http-server/requests", "http_server_requests"),
        ("a.-b", "a_b"),
        ("2fa", "_2fa"),
        ("rule:name", "rule_name"),
        ("so'rov", "so_rov"),
        ("навбат", "_"),
        ("", "_"),
        ("٣", "_"),
        ("Keeps_Case", "Keeps_Case"),
    ])
    func `labels are put into the grammar of names`(label: String, name: String) {
        #expect(MetricName.sanitised(label) == name)
    }

    @Test(
        arguments: [
            ("requests", .counter, false, "requests_total"),
            ("requests.total", .counter, false, "requests_total"),
            ("requests.count", .counter, false, "requests_count_total"),
            ("duration", .histogram, true, "duration_seconds"),
            ("duration.seconds", .histogram, true, "duration_seconds"),
            ("duration.milliseconds", .histogram, true, "duration_seconds"),
            ("duration_ms", .histogram, true, "duration_seconds"),
            ("duration.count", .histogram, true, "duration_count_seconds"),
            ("segments", .histogram, false, "segments"),
            ("segments.count", .histogram, false, "segments_count_distribution"),
            ("depth", .gauge, false, "depth"),
            ("queue.count", .gauge, false, "queue_count_value"),
            ("messages.total", .gauge, false, "messages_total_value"),
            ("x.bucket", .gauge, false, "x_bucket_value"),
            ("x.sum", .gauge, false, "x_sum_value"),
        ] as [(String, MetricFamily.Kind, Bool, String)]
    )
    func `endings mean one thing each`(label: String, kind: MetricFamily.Kind, isDuration: Bool, name: String) {
        #expect(MetricName(label, kind: kind, isDuration: isDuration).exposed == name)
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func `any text becomes a name, and a name stays as it is`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<200 {
            let text = generator.text(of: ["a", "Z", "0", "9", "_", ":", ".", "ʻ", "é", " ", "\n", "\0", "🇺🇿"])
            for kind in MetricFamily.Kind.allCases {
                let name = MetricName(text, kind: kind, isDuration: generator.next() % 2 == 0).exposed
                #expect(name.wholeMatch(of: /[a-zA-Z_][a-zA-Z0-9_]*/) != nil)
            }
            let once = MetricName.sanitised(text)
            #expect(MetricName.sanitised(once) == once)
            let label = LabelSet.sanitised(text)
            #expect(label.wholeMatch(of: /(?!__)[a-zA-Z_][a-zA-Z0-9_]*/) != nil)
            #expect(LabelSet.sanitised(label) == label)
        }
    }
}
