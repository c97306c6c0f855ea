import Eskiz
import EskizQueue
import EskizTesting
import Testing

@testable import EskizGateway

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// `GET /v1/doctor`.
@Suite(.timeLimit(.minutes(1)))
struct DoctorRouteTests {
    private static func check(_ name: String, in answer: Answer) -> JSON? {
        answer.json["checks"]?.array?.first { $0["check"]?.text == name }
    }

    @Test func `whoever may read is told, and nobody else`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            #expect(try await caller.get("/v1/doctor", key: nil).status == 401)
            #expect(try await caller.get("/v1/doctor", key: GatewayHarness.sendKey).status == 403)
            #expect(try await caller.get("/v1/doctor?x=1").status == 400)
            let answer = try await caller.get("/v1/doctor", key: GatewayHarness.readKey)
            #expect(answer.status == 200)
            #expect(answer.json["ok"] == .bool(true) && answer.json["failed"] == .number(0))
            let checks = answer.json["checks"]?.array?.compactMap { $0["check"]?.text }
            #expect(checks == DoctorFinding.Check.allCases.map(\.rawValue))
            #expect(!answer.text.contains("canary"))
        }
    }

    @Test func `it tells of a hold, of callbacks that do not come, and of what nobody knows`() async throws {
        let harness = try await GatewayHarness { $0.callbackURL = { "https://a.example.test/callbacks/eskiz/canary" } }
        try await harness.run { caller in
            for _ in 0..<3 {
                let sent = try await caller.post("/v1/messages", #"{"to":"901234567","text":"Salom"}"#)
                #expect(sent.status == 202)
                let claims = try await harness.claim()
                try await harness.settle(
                    claims,
                    .submitted(providerID: "a-\(claims[0].message.id)", detail: nil, nextReport: nil)
                )
                let report = DeliveryReport(status: .delivered, source: .poll, receivedAt: harness.clock.timestamp)
                _ = try await harness.queue.record(report, for: .provider("a-\(claims[0].message.id)"))
            }
            harness.queue.provider.breaker(.open, reason: .failures, at: harness.clock.timestamp)
            harness.queue.provider.holds([
                ElapsedHold(reason: .failures, lanes: Lane.allCases, since: harness.clock.now().elapsed, until: nil)
            ])
            let answer = try await caller.get("/v1/doctor")
            #expect(answer.json["ok"] == .bool(false))
            let sending = Self.check("sending", in: answer)
            #expect(sending?["code"] == "held_failures" && sending?["lanes"]?.array?.count == 3)
            let callbacks = Self.check("callbacks", in: answer)
            #expect(callbacks?["code"] == "callbacks_missing" && callbacks?["count"] == .number(3))
            #expect(callbacks?["remedy"]?.text?.contains("ESKIZ_CALLBACK_URL") == true)
            // A report that comes by itself ends that.
            let report = DeliveryReport(status: .delivered, source: .callback, receivedAt: harness.clock.timestamp)
            _ = try await harness.queue.record(report, for: .provider("nobody's"))
            #expect(Self.check("callbacks", in: try await caller.get("/v1/doctor"))?["code"] == "callbacks_arrive")
            #expect(!answer.text.contains("canary"))
        }
    }

    @Test func `what is answered can be read again to the letter`() throws {
        var finding = DoctorFinding(.sending, .failed, .heldFailures)
        finding.count = 12
        finding.lanes = [.otp, .bulk]
        finding.since = DoctorJudgementTests.now
        finding.until = DoctorJudgementTests.now + .seconds(30)
        var disk = DoctorFinding(.disk, .warning, .diskFilling)
        disk.bytes = 5 << 30
        var clock = DoctorFinding(.clocks, .warning, .clockAhead)
        clock.time = .seconds(90)
        var balance = DoctorFinding(.balance, .failed, .balanceEmpty)
        balance.amount = 0
        var token = DoctorFinding(.token, .failed, .tokenMissing)
        token.error = "timed_out"
        var snapshot = DoctorFinding(.fleet, .warning, .snapshotOfProcess)
        snapshot.culprit = "4711"
        let findings = [finding, disk, clock, balance, token, snapshot]
        let answer = try DoctorAnswer(DoctorReport(at: DoctorJudgementTests.now, findings: findings).json)
        #expect(answer.checks.map(\.known) == findings)
        #expect(answer.failed == 3 && answer.warnings == 3)
    }

    @Test(arguments: DoctorCode.allCases)
    func `each finding has words in every language, and fills what it names`(code: DoctorCode) {
        var finding = DoctorFinding(.sending, .warning, code)
        finding.count = 12
        finding.lanes = [.otp]
        finding.error = "timed_out"
        finding.culprit = "4711"
        finding.until = DoctorJudgementTests.now
        finding.time = .seconds(90)
        finding.bytes = 5 << 30
        finding.amount = 1_500
        let said = ["en", "uz", "ru"].map { finding.finding(in: $0) }
        // An amount is written alike; sentences are not.
        if code != .balanceWell, code != .balanceEmpty { #expect(Set(said).count == 3) }
        let remedies = ["en", "uz", "ru"].map { finding.remedy(in: $0) }
        #expect(Set(remedies).count == (remedies[0] == nil ? 1 : 3))
        for text in said + remedies.compactMap(\.self) {
            #expect(!text.isEmpty && !text.replacing("/{id}/", with: "").contains("{"), "\(text)")
        }
    }
}
