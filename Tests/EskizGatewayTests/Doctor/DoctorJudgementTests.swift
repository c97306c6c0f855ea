import Eskiz
import EskizQueue
import Testing

@testable import EskizGateway

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// From facts to findings, without a gateway.
@Suite struct DoctorJudgementTests {
    /// 2027-01-15 13:00 in Tashkent.
    static let now = Timestamp(milliseconds: 1_800_000_000_000)

    static func report(_ change: (inout DoctorFacts) -> Void = { _ in }) -> DoctorReport {
        var facts = DoctorFacts(now: now)
        change(&facts)
        return DoctorReport(facts)
    }

    private static func finding(
        _ check: DoctorFinding.Check,
        _ change: (inout DoctorFacts) -> Void = { _ in }
    ) throws -> DoctorFinding {
        try #require(report(change).findings.first { $0.check == check })
    }

    @Test func `a gateway that has just started is well, and each check is told once and in order`() {
        let report = Self.report()
        #expect(report.findings.map(\.check) == DoctorFinding.Check.allCases)
        #expect(report.failures == 0 && report.warnings == 0)
        #expect(report.at == Self.now)
    }

    // MARK: Several gateways

    @Test(arguments: [
        (FleetPromise.synchronous, DoctorFinding.Result.ok, DoctorCode.fleetSynchronous),
        (.asynchronous, .warning, .fleetAsynchronous), (.alone, .ok, .fleetWithoutStandby),
        (.unflushed, .warning, .fleetUnflushed),
    ])
    func `a database says what its failure may cost`(
        promise: FleetPromise,
        result: DoctorFinding.Result,
        code: DoctorCode
    ) throws {
        let finding = try Self.finding(.fleet) { facts in
            facts.isShared = true
            facts.fleet = (2, promise)
        }
        #expect(finding.result == result && finding.code == code && finding.count == 2)
        #expect((finding.remedy(in: "en") != nil) == (result == .warning))
    }

    @Test func `of gateways that cannot be asked for nothing is said`() throws {
        let (alone, unread) = (try Self.finding(.fleet), try Self.finding(.fleet) { $0.isShared = true })
        #expect(alone.code == .fleetNone && unread.code == .fleetUnknown)
    }

    @Test(
        arguments: [
            (DatabaseHealth.Snapshot.Holder.process(4711), 60, DoctorCode.snapshotOfProcess, "4711"),
            (.process(4711), 59, nil, nil),
            (.preparedTransaction("left over"), 61, .snapshotOfTransaction, "left over"),
            (.replicationSlot("standby"), 3_600, .snapshotOfSlot, "standby"),
        ] as [(DatabaseHealth.Snapshot.Holder, Int, DoctorCode?, String?)]
    )
    func `who holds an old snapshot is named, with how long`(
        holder: DatabaseHealth.Snapshot.Holder,
        seconds: Int,
        code: DoctorCode?,
        culprit: String?
    ) {
        let report = Self.report { facts in
            facts.database = DatabaseHealth(oldestSnapshot: .init(holder, age: .seconds(seconds)))
        }
        let finding = report.findings.first { $0.code == code }
        #expect(finding?.culprit == culprit && finding?.time == code.map { _ in .seconds(seconds) })
        #expect(report.warnings == (code == nil ? 0 : 1))
    }

    @Test func `a database that clears nothing away says so, and how much waits`() throws {
        let report = Self.report { $0.database = DatabaseHealth(clearsRows: false, deadRows: 120) }
        let finding = try #require(report.findings.first { $0.code == .rowsNotCleared })
        #expect(finding.result == .warning && finding.count == 120)
        #expect(Self.report { $0.database = DatabaseHealth(deadRows: 120) }.warnings == 0)
    }

    // MARK: Sending

    @Test(arguments: [
        (SendingHold.Reason.throttled, DoctorFinding.Result.warning, DoctorCode.heldThrottled),
        (.rate, .warning, .heldRate), (.quietHours, .warning, .heldQuietHours),
        (.failures, .failed, .heldFailures),
        (.credentials, .failed, .heldCredentials), (.balance, .failed, .heldBalance),
        (.configuration, .failed, .heldConfiguration),
    ])
    func `whatever holds messages up is told with what waits for it and until when`(
        reason: SendingHold.Reason,
        result: DoctorFinding.Result,
        code: DoctorCode
    ) throws {
        let finding = try Self.finding(.sending) { facts in
            facts.depth = QueueDepth(waiting: [.otp: 1, .transactional: 20, .bulk: 300])
            facts.holds = [
                SendingHold(
                    reason: reason,
                    lanes: [.transactional, .bulk],
                    since: Self.now - .seconds(5),
                    until: Self.now + .seconds(25)
                )
            ]
        }
        #expect(finding.result == result && finding.code == code)
        #expect(finding.lanes == [.transactional, .bulk] && finding.count == 320)
        #expect(finding.since == Self.now - .seconds(5) && finding.until == Self.now + .seconds(25))
        #expect(finding.finding(in: "en").contains("2027-01-15 13:00:25"))
        #expect(finding.finding(in: "en").hasSuffix("Waiting: 320"))
        #expect(finding.remedy(in: "en") != nil)
    }

    @Test func `several holds are several findings`() {
        let holds = [SendingHold.Reason.throttled, .rate].map {
            SendingHold(reason: $0, lanes: [.bulk], since: Self.now, until: nil)
        }
        let report = Self.report { $0.holds = holds }
        #expect(report.findings.filter { $0.check == .sending }.map(\.code) == [.heldThrottled, .heldRate])
        #expect(report.findings[0].finding(in: "en").contains("the next message is a try"))
        #expect(report.warnings == 2)
    }

    @Test(arguments: [(59, DoctorCode.sending), (60, .sending), (61, .slow)])
    func `what is due for more than a minute is late`(seconds: Int, code: DoctorCode) throws {
        let finding = try Self.finding(.sending) { facts in
            facts.statistics = QueueStatistics(oldestWaiting: [.bulk: Self.now - .seconds(seconds), .otp: Self.now])
        }
        #expect(finding.code == code && finding.result == (code == .slow ? .warning : .ok))
    }

    @Test func `a gateway that stops holds nothing up`() throws {
        #expect(try Self.finding(.sending) { $0.obstacles = ["shutting_down"] }.code == .stopping)
    }

    // MARK: Store and disk

    @Test(
        arguments: [
            (["database_full"], "database_full"), (["token_dead", "database_busy"], "database_busy"),
            (["shutting_down"], nil),
            (["disk_almost_full", "token_absent", "token_dead"], nil), ([], nil),
        ] as [([String], String?)]
    )
    func `of what keeps messages from being kept the store tells its own`(obstacles: [String], error: String?) throws {
        let finding = try Self.finding(.store) { $0.obstacles = obstacles }
        #expect(finding.error == error && finding.result == (error == nil ? .ok : .failed))
    }

    @Test func `a store that cannot be read has failed, and nobody knows of webhooks`() throws {
        let report = Self.report { $0.statistics = nil }
        #expect(report.findings.first { $0.check == .store }?.code == .storeFailed)
        #expect(report.findings.first { $0.check == .webhooks }?.result == .skipped)
    }

    @Test(arguments: [
        (100, 50, DoctorFinding.Result.ok), (100, 9, .warning), (100, 4, .failed), (1_000, 40, .ok),
    ])
    func `the disk is judged as messages are`(total: UInt64, free: UInt64, result: DoctorFinding.Result) throws {
        let finding = try Self.finding(.disk) { $0.disk = DiskSpace(total: total << 30, free: free << 30) }
        #expect(finding.result == result && finding.bytes == free << 30)
        #expect(try Self.finding(.disk).result == .skipped)
    }

    // MARK: Clocks

    @Test(
        arguments: [
            (nil, DoctorCode.clocksUnknown, nil), (0, .clocksAgree, nil), (60, .clocksAgree, nil),
            (-60, .clocksAgree, nil),
            (61, .clockBehind, 61), (-3_600, .clockAhead, 3_600),
        ] as [(Int?, DoctorCode, Int?)]
    )
    func `a minute between clocks is told, and which way to turn ours`(
        offset: Int?,
        code: DoctorCode,
        seconds: Int?
    ) throws {
        let finding = try Self.finding(.clocks) { $0.clockOffset = offset.map { .seconds($0) } }
        #expect(finding.code == code && finding.time == seconds.map { .seconds($0) })
    }

    // MARK: Balance

    @Test func `without money nothing arrives`() throws {
        #expect(try Self.finding(.balance) { $0.balance = 0 }.result == .failed)
        #expect(try Self.finding(.balance) { $0.balance = 1 }.result == .ok)
        #expect(try Self.finding(.balance).result == .skipped)
    }

    // MARK: Reports, webhooks, outcomes

    @Test func `three deliveries that had to be asked for say that Eskiz cannot reach us`() throws {
        #expect(try Self.finding(.callbacks).code == .callbacksNone)
        #expect(try Self.finding(.callbacks) { $0.reports = .init(untold: 2) }.code == .callbacksNone)
        let last = Self.now - .seconds(120)
        #expect(try Self.finding(.callbacks) { $0.reports = .init(lastCallback: last) }.time == .seconds(120))
        let missing = try Self.finding(.callbacks) { $0.reports = .init(lastCallback: last, untold: 3) }
        #expect(missing.code == .callbacksMissing && missing.count == 3 && missing.since == last)
        let off = try Self.finding(.callbacks) { facts in
            facts.hasCallbacks = false
            facts.reports = .init(untold: 100)
        }
        #expect(off.code == .callbacksOff && off.result == .skipped && off.remedy(in: "en") != nil)
    }

    @Test func `what the gateway is still looking for is no warning`() throws {
        let finding = try Self.finding(.outcomes) { $0.unclear = 4 }
        #expect(finding.code == .outcomesLookedFor && finding.count == 4 && finding.result == .ok)
    }

    @Test func `webhooks that were given up and outcomes that nobody knows wait for a person`() {
        let report = Self.report { facts in
            facts.statistics = QueueStatistics(deadWebhooks: 7)
            facts.unsettled = 2
            facts.unclear = 5
        }
        #expect(report.warnings == 2 && report.failures == 0)
        #expect(report.findings.first { $0.check == .webhooks }?.count == 7)
        #expect(report.findings.first { $0.check == .outcomes }?.count == 2)
    }
}
