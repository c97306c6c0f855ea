import Foundation
import Subprocess
import Testing

/// The rules and the dashboard that come with the gateway, judged by the server's own tool.
@Suite(
    .enabled(if: Promtool.isExpected, "promtool is not installed: scripts/install-packages test"),
    .timeLimit(.minutes(1))
)
struct AlertingRulesTests {
    private static let packaging = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "packaging")
    private static let rules = packaging.appending(path: "prometheus/rules.yaml")
    private static let ruleTests = packaging.appending(path: "prometheus/rules-test.yaml")

    @Test func `promtool accepts the rules`() async throws {
        try await Self.promtool("check", "rules", Self.rules.path)
    }

    @Test func `every alert fires where it should, and none where all is well`() async throws {
        try await Self.promtool("test", "rules", Self.ruleTests.path)
    }

    @Test func `every alert has a trial, and a word in the document`() throws {
        let alerts = try Self.text(Self.rules).split(separator: "\n").compactMap { line in
            line.firstRange(of: "- alert: ").map { String(line[$0.upperBound...]) }
        }
        let trials = try Self.text(Self.ruleTests)
        let document = try Self.text(Self.packaging.deletingLastPathComponent().appending(path: "docs/operations.md"))
        #expect(alerts.count > 10)
        for alert in alerts {
            let isTried =
                trials.contains(#"{alertname="\#(alert)"}"#) || trials.contains("- alertname: \(alert)\n")
            #expect(isTried, "\(alert) has no trial in which it fires")
            #expect(document.contains("`\(alert)`"), "\(alert) is not explained in docs/operations.md")
        }
    }

    @Test func `the dashboard loads and each of its questions can be asked`() async throws {
        let dashboard = try JSONDecoder().decode(
            Dashboard.self,
            from: Data(contentsOf: Self.packaging.appending(path: "grafana/eskiz.json"))
        )
        #expect(dashboard.uid == "eskiz" && dashboard.schemaVersion >= 36)
        #expect(Set(dashboard.panels.map(\.id)).count == dashboard.panels.count)
        for panel in dashboard.panels {
            #expect(panel.type == "row" || !(panel.targets ?? []).isEmpty, "\(panel.title) asks nothing")
            #expect((0...24).contains(panel.gridPos.x + panel.gridPos.w), "\(panel.title) sticks out")
        }
        // Grafana fills these in; the questions are then what a rule may hold.
        let questions = dashboard.panels.flatMap { $0.targets ?? [] }.map {
            $0.expr.replacing("$__rate_interval", with: "5m")
                .replacing("$job", with: "eskiz").replacing("$instance", with: ".*")
        }
        #expect(!questions.isEmpty && !questions.contains { $0.contains("$") })
        let rules = RuleFile(
            groups: [
                .init(
                    name: "dashboard",
                    rules: questions.enumerated().map { .init(record: "dashboard:panel\($0.offset)", expr: $0.element) }
                )
            ]
        )
        // JSON is YAML, but for slashes that are escaped.
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).yaml")
        try encoder.encode(rules).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        try await Self.promtool("check", "rules", file.path)
    }

    private struct Dashboard: Decodable {
        var uid: String
        var title: String
        var schemaVersion: Int
        var panels: [Panel]

        struct Panel: Decodable {
            var id: Int
            var type: String
            var title: String
            var gridPos: Place
            var targets: [Target]?
        }

        struct Place: Decodable {
            var x: Int
            var w: Int
        }

        struct Target: Decodable {
            var expr: String
        }
    }

    private struct RuleFile: Encodable {
        var groups: [Group]

        struct Group: Encodable {
            var name: String
            var rules: [Rule]
        }

        struct Rule: Encodable {
            var record: String
            var expr: String
        }
    }

    private static func text(_ file: URL) throws -> String {
        try String(contentsOf: file, encoding: .utf8)
    }

    private static func promtool(_ arguments: String...) async throws {
        let result = try await Subprocess.run(
            .name("promtool"),
            arguments: Arguments(arguments),
            output: .string(limit: 1 << 20),
            error: .string(limit: 1 << 20)
        )
        #expect(
            result.terminationStatus == .exited(0),
            "\(result.standardOutput)\(result.standardError)"
        )
    }
}
