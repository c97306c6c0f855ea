import EskizPrometheus
import EskizTestSupport
import Metrics
import Subprocess
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The real checker of the format has the last word.
///
/// In CI its absence is a failure: a check that is skipped there is no check.
@Suite(
    .enabled(if: Promtool.isExpected, "promtool is not installed: scripts/install-packages test"),
    .timeLimit(.minutes(1))
)
struct PromtoolTests {
    let registry = PrometheusRegistry()

    @Test func `promtool accepts an empty registry`() async throws {
        try await Promtool.expectAcceptance(of: await registry.text())
    }

    @Test func `promtool accepts one of each`() async throws {
        registry.describe("delivery", "From acceptance to the handset.", buckets: .longDurations)
        for lane in ["otp", "bulk"] {
            let lane = [("lane", lane)]
            Counter(label: "sent", dimensions: lane, factory: registry).increment(by: 1_000_000)
            FloatingPointCounter(label: "money.spent", dimensions: lane, factory: registry).increment(by: 0.1)
            Timer(label: "delivery", dimensions: lane, factory: registry).recordSeconds(90)
            Recorder(label: "segments", dimensions: lane, factory: registry).record(3)
            Gauge(label: "balance", dimensions: lane, factory: registry).record(-1.5e-7)
            Meter(label: "in.flight", dimensions: lane, factory: registry).set(Double.infinity)
            registry.gauge("queue.depth", "Messages that wait.", labels: lane) { .nan }
        }
        registry.collect {
            [Sample("queue.age.seconds", value: 1e300), Sample("provider.calls", kind: .counter, value: 3)]
        }
        let text = await registry.text()
        #expect(try ExposedText(text).types.count == 10)
        try await Promtool.expectAcceptance(of: text)
    }

    @Test func `promtool accepts names that clash and names that are reserved`() async throws {
        for label in ["x", "x.count", "x.sum", "x.bucket", "x.total", "x.seconds", "x.value", "x.distribution"] {
            let reserved = [("le", "1"), ("quantile", "0.5"), ("__name__", "y"), ("a.b", "1"), ("a-b", "2"), ("e", "")]
            Recorder(label: label, dimensions: reserved, factory: registry).record(1)
            Gauge(label: label, dimensions: reserved, factory: registry).record(1)
            Counter(label: label, dimensions: reserved, factory: registry).increment()
            Timer(label: label, dimensions: reserved, factory: registry).recordSeconds(1)
        }
        try await Promtool.expectAcceptance(of: await registry.text())
    }

    @Test(arguments: 0..<5 as Range<UInt64>)
    func `promtool accepts whatever labels and helps are made of`(seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed)
        let pieces = ["\\", "\"", "\n", "\r", "\t", "\0", "{", "}", "#", ",", "=", " ", "ʻ", "é", "🇺🇿", "1", "x", "_"]
        for index in 0..<200 {
            // Lower case and a word of its own: promtool has opinions about the words, which are the caller's.
            let label = "m\(index)." + generator.text(of: pieces)
            let labels = [(generator.text(of: pieces), generator.text(of: pieces)), ("fixed", "1")]
            registry.describe(label, generator.text(of: pieces) + ".")
            Counter(label: label, dimensions: labels, factory: registry).increment()
            Timer(label: label, dimensions: labels, factory: registry).recordSeconds(1)
            Gauge(label: label, dimensions: labels, factory: registry).record(1)
        }
        try await Promtool.expectAcceptance(of: await registry.text())
    }

    @Test(arguments: [
        "x 1\nx 1e\n",
        "# TYPE x gauge\nx{a=\"\n\"} 1\n",
        "# TYPE x gauge\nx 1\n",
    ])
    func `promtool refuses what is wrong, so that its acceptance means something`(text: String) async throws {
        let answer = try await Promtool.check(text)
        #expect(!answer.isAccepted)
    }
}

enum Promtool {
    struct Answer {
        var isAccepted: Bool
        var words: String
    }

    static var isExpected: Bool {
        let environment = ProcessInfo.processInfo.environment
        return environment["CI"].map { !$0.isEmpty } ?? false
            || (environment["PATH"] ?? "").split(separator: ":").contains {
                FileManager.default.isExecutableFile(atPath: "\($0)/promtool")
            }
    }

    static func check(_ text: String) async throws -> Answer {
        let result = try await Subprocess.run(
            .name("promtool"),
            arguments: ["check", "metrics"],
            input: .string(text),
            output: .string(limit: 1 << 20),
            error: .string(limit: 1 << 20)
        )
        // 1: not in the format. 3: in the format, and against its customs.
        return Answer(
            isAccepted: result.terminationStatus == .exited(0),
            words: "\(result.standardOutput)\(result.standardError)"
        )
    }

    static func expectAcceptance(of text: String) async throws {
        let answer = try await check(text)
        #expect(answer.isAccepted, "\(answer.words)\n\(text)")
    }
}
