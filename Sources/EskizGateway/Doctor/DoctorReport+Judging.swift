import Eskiz
import EskizQueue

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension DoctorReport {
    /// What waits longer than this is late.
    private static let patience: Duration = .seconds(60)
    /// So many reports that Eskiz did not send are no accident.
    private static let untoldLimit = 3

    /// Judges what was seen.
    ///
    /// Pure.
    init(_ facts: DoctorFacts) {
        self.init(
            at: facts.now,
            findings: Self.sending(facts) + [Self.store(facts), Self.fleet(facts)] + Self.database(facts) + [
                Self.disk(facts), Self.clocks(facts), Self.token(facts), Self.balance(facts),
                Self.callbacks(facts), Self.webhooks(facts), Self.outcomes(facts),
            ]
        )
    }

    private static func sending(_ facts: DoctorFacts) -> [DoctorFinding] {
        if facts.obstacles.contains("shutting_down") { return [DoctorFinding(.sending, .warning, .stopping)] }
        guard facts.holds.isEmpty else { return facts.holds.map { held($0, facts) } }
        var finding = DoctorFinding(.sending, .ok, .sending)
        finding.count = facts.depth.total
        let oldest = facts.statistics?.oldestWaiting.values.min().map { facts.now - $0 } ?? .zero
        if oldest > patience {
            finding.result = .warning
            finding.code = .slow
            finding.time = oldest
        }
        return [finding]
    }

    private static func held(_ hold: SendingHold, _ facts: DoctorFacts) -> DoctorFinding {
        let isPassing = [.throttled, .rate, .quietHours].contains(hold.reason)
        var finding = DoctorFinding(.sending, isPassing ? .warning : .failed, DoctorCode(hold.reason))
        finding.lanes = hold.lanes
        finding.count = hold.lanes.reduce(0) { $0 + facts.depth[$1] }
        finding.since = hold.since
        finding.until = hold.until
        return finding
    }

    private static func store(_ facts: DoctorFacts) -> DoctorFinding {
        // Of these another check tells.
        let others: Set = ["shutting_down", "disk_almost_full", "token_absent", "token_dead"]
        if let error = facts.obstacles.first(where: { !others.contains($0) }) {
            var finding = DoctorFinding(.store, .failed, .storeFailed)
            finding.error = error
            return finding
        }
        guard let statistics = facts.statistics else {
            var finding = DoctorFinding(.store, .failed, .storeFailed)
            finding.error = "unreadable"
            return finding
        }
        var finding = DoctorFinding(.store, .ok, .storeWell)
        finding.count = statistics.counts.values.reduce(0, +)
        return finding
    }

    private static func fleet(_ facts: DoctorFacts) -> DoctorFinding {
        guard facts.isShared else { return DoctorFinding(.fleet, .skipped, .fleetNone) }
        guard let (alive, promise) = facts.fleet else { return DoctorFinding(.fleet, .skipped, .fleetUnknown) }
        var finding =
            switch promise {
            case .synchronous: DoctorFinding(.fleet, .ok, .fleetSynchronous)
            case .asynchronous: DoctorFinding(.fleet, .warning, .fleetAsynchronous)
            case .alone: DoctorFinding(.fleet, .ok, .fleetWithoutStandby)
            case .unflushed: DoctorFinding(.fleet, .warning, .fleetUnflushed)
            }
        finding.count = alive
        return finding
    }

    /// What slows the database down that gateways share; nothing while nothing does.
    private static func database(_ facts: DoctorFacts) -> [DoctorFinding] {
        guard let health = facts.database else { return [] }
        var findings: [DoctorFinding] = []
        if let snapshot = health.oldestSnapshot, snapshot.isOld {
            var finding: DoctorFinding
            switch snapshot.holder {
            case .process(let number):
                finding = DoctorFinding(.fleet, .warning, .snapshotOfProcess)
                finding.culprit = String(number)
            case .preparedTransaction(let name):
                finding = DoctorFinding(.fleet, .warning, .snapshotOfTransaction)
                finding.culprit = name
            case .replicationSlot(let name):
                finding = DoctorFinding(.fleet, .warning, .snapshotOfSlot)
                finding.culprit = name
            }
            finding.time = snapshot.age
            findings.append(finding)
        }
        if !health.clearsRows {
            var finding = DoctorFinding(.fleet, .warning, .rowsNotCleared)
            finding.count = health.deadRows
            findings.append(finding)
        }
        return findings
    }

    private static func disk(_ facts: DoctorFacts) -> DoctorFinding {
        guard let space = facts.disk else { return DoctorFinding(.disk, .skipped, .diskUnknown) }
        var finding = DoctorFinding(.disk, .ok, .diskWell)
        if facts.watermark.refuses(.transactional, with: space) {
            finding = DoctorFinding(.disk, .failed, .diskFull)
        } else if facts.watermark.refuses(.bulk, with: space) {
            finding = DoctorFinding(.disk, .warning, .diskFilling)
        }
        finding.bytes = space.free
        return finding
    }

    private static func clocks(_ facts: DoctorFacts) -> DoctorFinding {
        guard let offset = facts.clockOffset else { return DoctorFinding(.clocks, .skipped, .clocksUnknown) }
        guard ClockComparison.isFar(offset) else { return DoctorFinding(.clocks, .ok, .clocksAgree) }
        var finding = DoctorFinding(.clocks, .warning, offset < .zero ? .clockAhead : .clockBehind)
        finding.time = offset < .zero ? .zero - offset : offset
        return finding
    }

    private static func token(_ facts: DoctorFacts) -> DoctorFinding {
        let failure = facts.renewals.failure
        guard facts.token.isUsable else {
            let isLost = facts.token == .absent || facts.token == .rejected
            if !facts.canLogIn, isLost {
                return DoctorFinding(.token, .failed, facts.token == .absent ? .tokenAbsent : .tokenDead)
            }
            guard let failure else { return DoctorFinding(.token, .warning, .tokenRenewing) }
            var finding = DoctorFinding(.token, .failed, failure.isForGood ? .credentialsRefused : .tokenMissing)
            finding.error = failure.code.rawValue
            finding.until = facts.renewalHold.map { Timestamp(milliseconds: $0.until / 1_000_000) }
            return finding
        }
        var finding = DoctorFinding(.token, .ok, facts.token == .due ? .tokenDue : .tokenValid)
        finding.time = facts.tokenLeft
        if let failure, failure.isForGood || !facts.canLogIn {
            finding.result = .warning
            finding.code = .tokenCannotRenew
            finding.error = failure.code.rawValue
        } else if facts.tokenIsInMemory {
            finding.result = .warning
            finding.code = .tokenInMemory
        } else if facts.tokenLeft == nil {
            finding.code = .tokenEndless
        }
        return finding
    }

    private static func balance(_ facts: DoctorFacts) -> DoctorFinding {
        guard let balance = facts.balance else { return DoctorFinding(.balance, .skipped, .balanceUnknown) }
        var finding =
            balance > 0
            ? DoctorFinding(.balance, .ok, .balanceWell) : DoctorFinding(.balance, .failed, .balanceEmpty)
        finding.amount = balance
        return finding
    }

    private static func callbacks(_ facts: DoctorFacts) -> DoctorFinding {
        guard facts.hasCallbacks else { return DoctorFinding(.callbacks, .skipped, .callbacksOff) }
        if facts.reports.untold >= untoldLimit {
            var finding = DoctorFinding(.callbacks, .warning, .callbacksMissing)
            finding.count = facts.reports.untold
            finding.since = facts.reports.lastCallback
            return finding
        }
        guard let last = facts.reports.lastCallback else {
            return DoctorFinding(.callbacks, .skipped, .callbacksNone)
        }
        var finding = DoctorFinding(.callbacks, .ok, .callbacksArrive)
        finding.since = last
        finding.time = max(.zero, facts.now - last)
        return finding
    }

    private static func webhooks(_ facts: DoctorFacts) -> DoctorFinding {
        guard let dead = facts.statistics?.deadWebhooks else {
            return DoctorFinding(.webhooks, .skipped, .webhooksUnknown)
        }
        guard dead > 0 else { return DoctorFinding(.webhooks, .ok, .webhooksWell) }
        var finding = DoctorFinding(.webhooks, .warning, .webhooksDead)
        finding.count = dead
        return finding
    }

    private static func outcomes(_ facts: DoctorFacts) -> DoctorFinding {
        guard facts.unsettled > 0 || facts.unclear > 0 else { return DoctorFinding(.outcomes, .ok, .outcomesClear) }
        var finding = DoctorFinding(.outcomes, .ok, .outcomesLookedFor)
        finding.count = facts.unclear
        if facts.unsettled > 0 {
            finding.result = .warning
            finding.code = .outcomesUnsettled
            finding.count = facts.unsettled
        }
        return finding
    }
}
