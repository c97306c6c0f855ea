import Eskiz
import EskizWords
import SystemPackage
import Testing

@testable import EskizCommands

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct NetworkProbeTests {
    private static func probe(
        _ outcome: Result<TransportResponse, TransportError>,
        base: String = "https://notify.example.test/api",
        hasProxy: Bool = false,
        receivedAt: Double = 784_111_777
    ) throws -> [StepReport.Step: StepReport.Mark] {
        let probe = NetworkProbe(
            baseURL: try BaseURL(base),
            hasProxy: hasProxy,
            outcome: outcome,
            elapsed: .milliseconds(12),
            receivedAt: Date(timeIntervalSince1970: receivedAt)
        )
        return Dictionary(uniqueKeysWithValues: probe.steps.map { ($0.step, $0.mark) })
    }

    private static func answer(_ status: Int, date: String? = "Sun, 06 Nov 1994 08:49:37 GMT") -> TransportResponse {
        TransportResponse(status: status, headers: date.map { [TransportHeader("Date", $0)] } ?? [])
    }

    @Test(arguments: [
        (TransportError.Reason.nameResolution, [StepReport.Mark.failed, .skipped, .skipped, .skipped]),
        (.connectionFailed, [.good, .failed, .skipped, .skipped]),
        (.connectTimedOut, [.good, .failed, .skipped, .skipped]),
        (.proxy, [.good, .failed, .skipped, .skipped]),
        (.tls, [.good, .good, .failed, .skipped]),
        (.timedOut, [.good, .good, .good, .failed]),
        (.connectionClosed, [.good, .good, .good, .failed]),
        (.answerTooLarge, [.good, .good, .good, .failed]),
    ])
    func `how far a request got says which stage is broken`(
        reason: TransportError.Reason,
        marks: [StepReport.Mark]
    ) throws {
        let steps = try Self.probe(.failure(TransportError(reason, progress: .notSent)))
        #expect([.nameResolution, .connection, .tls, .answer].map { steps[$0] } == marks)
        #expect(steps[.clock] == .skipped)
    }

    @Test(arguments: [
        (404, StepReport.Mark.good), (401, .good), (200, .good), (301, .failed), (502, .failed),
    ])
    func `any answer but a redirect or a fault is a good one`(status: Int, mark: StepReport.Mark) throws {
        #expect(try Self.probe(.success(Self.answer(status)))[.answer] == mark)
    }

    @Test func `addresses and plain http need neither DNS nor TLS`() throws {
        let steps = try Self.probe(.success(Self.answer(404)), base: "http://127.0.0.1:9080/api")
        #expect(steps[.nameResolution] == .skipped)
        #expect(steps[.tls] == .skipped)
        #expect(steps[.connection] == .good)
    }

    @Test(arguments: [
        (0.0, StepReport.Mark.good), (5, .good), (-5, .good), (60, .careful), (-121, .failed), (3600, .failed),
    ])
    func `the clock is compared with the server's`(offset: Double, mark: StepReport.Mark) throws {
        #expect(try Self.probe(.success(Self.answer(404)), receivedAt: 784_111_777 + offset)[.clock] == mark)
    }

    @Test func `without a date nothing is said about the clock`() throws {
        #expect(try Self.probe(.success(Self.answer(404, date: nil)))[.clock] == .skipped)
    }
}

@Suite struct LocalChecksTests {
    @Test(arguments: [
        "localhost", "127.0.0.1", "10.1.2.3", "192.168.0.1", "172.16.0.1", "172.31.255.255", "169.254.1.1",
        "100.64.0.1",
        "[::1]", "fe80::1", "fd00::1", "printer.local", "gateway", "api.internal", "0.0.0.0",
    ])
    func `a private host cannot be called from outside`(host: String) {
        #expect(LocalChecks.isPrivate(host))
    }

    @Test(arguments: ["example.test", "8.8.8.8", "172.32.0.1", "11.0.0.1", "100.128.0.1", "2001:db8::1"])
    func `a public host can`(host: String) {
        #expect(!LocalChecks.isPrivate(host))
    }

    @Test(arguments: [
        (String?.none, StepReport.Mark.skipped), ("", .skipped), ("https://example.test/hook", .good),
        ("http://example.test/hook", .careful), ("https://10.0.0.1/hook", .failed), ("https://", .failed),
    ])
    func `a callback has to be reachable and private`(address: String?, mark: StepReport.Mark) {
        #expect(LocalChecks.callback(address).mark == mark)
    }

    @Test func `a state directory is made, tried, and left clean`() async throws {
        try await withFolder { folder in
            let state = folder.appending("deep/state")
            #expect(LocalChecks.stateDirectory(state.string).mark == .good)
            let left = try FileManager.default.contentsOfDirectory(atPath: state.string)
            #expect(left.isEmpty)
            #expect([.good, .careful].contains(LocalChecks.diskSpace(state.string).mark))
        }
    }

    @Test func `a directory that others can read is pointed out`() async throws {
        try await withFolder { folder in
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.string)
            let report = LocalChecks.stateDirectory(folder.string)
            #expect(report.mark == .careful)
            #expect(report.remedy?.said(in: .english).contains("chmod 700") == true)
        }
    }

    @Test func `a directory that cannot exist is a failure with a remedy`() {
        let report = LocalChecks.stateDirectory("/dev/null/state")
        #expect(report.mark == .failed)
        #expect(report.status == .configuration)
        #expect(LocalChecks.stateDirectory(nil).mark == .careful)
    }
}

@Suite struct SelfTestReportTests {
    private static let report = SelfTestReport(steps: [
        .good(.configuration, .configurationGood, ["sources": "ESKIZ_EMAIL (environment)"]),
        .careful(.callback, .callbackPlain, ["host": "example.test"], remedy: .callbackPlainRemedy),
        .failed(
            .clock,
            .clockOff,
            durations: ["offset": .seconds(3600)],
            remedy: .clockRemedy,
            status: .configuration
        ),
        .failed(.account, EskizError(.credentialsRefused, "Wrong key.", remedy: "Correct it.")),
        .skipped(.sms, .stepNeedsToken),
    ])

    @Test func `the worst failure decides and each line says what to do`() {
        #expect(Self.report.status == .configuration)
        let lines = Self.report.steps.map { $0.text(on: Page()) }
        #expect(lines[0] == "✓ Settings         complete: ESKIZ_EMAIL (environment)")
        #expect(
            lines[2] == """
                ✗ Clock            differs from the server's by 1 h
                                   → Set the clock (timedatectl set-ntp true): dates of tokens are judged by it.
                """
        )
        #expect(lines[3].contains("Wrong key.") && lines[3].contains("→ Correct it."))
        #expect(lines[4].hasPrefix("– SMS"))
        #expect(Self.report.text(on: Page()).hasPrefix("Broken: 2; to look at: 1."))
    }

    @Test func `the report for programs is English whatever people read`() {
        let document = Self.report.json()
        #expect(document[key: "ok"] == false)
        #expect(document[key: "failed"] == 2)
        #expect(document[key: "exit_status"] == 78)
        guard case .array(let steps)? = document[key: "steps"] else {
            Issue.record("no steps")
            return
        }
        #expect(steps.count == 5)
        #expect(steps[2][key: "finding"] == "differs from the server's by 1 h")
        #expect(steps[2][key: "step"] == "clock")
    }

    @Test(arguments: [(Language.russian, "1 ч"), (.uzbek, "1 soat")])
    func `durations are said in the language of the reader`(language: Language, span: String) {
        #expect(Self.report.steps[2].text(on: Page(language: language)).contains(span))
    }
}

@Suite struct DemoStoryTests {
    private static func tell(_ calls: [(String, String, Int?)]) -> [String] {
        var story = DemoStory()
        return calls.compactMap { story.tell(.init(method: $0.0, route: $0.1, status: $0.2))?.name }
    }

    @Test func `a dead token is healed by login when refresh is refused`() {
        let names = Self.tell([
            ("POST", "message/sms/send", 401), ("PATCH", "auth/refresh", 401), ("POST", "auth/login", 200),
            ("POST", "message/sms/send", 200), ("GET", "message/sms/status_by_id/x", 200),
        ])
        #expect(names == ["rejected", "refresh_refused", "logged_in", "sent_again"])
    }

    @Test func `a send that met no 401 was not sent again`() {
        #expect(Self.tell([("POST", "message/sms/send", 200)]) == ["sent"])
        #expect(
            Self.tell([
                ("POST", "message/sms/send", 401), ("PATCH", "auth/refresh", 200), ("POST", "message/sms/send", 400),
                ("POST", "message/sms/send", 200),
            ]) == ["rejected", "refreshed", "sent", "sent"]
        )
    }
}
