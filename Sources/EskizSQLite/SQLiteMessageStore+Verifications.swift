package import EskizQueue
package import EskizVerify
import GRDB

extension SQLiteMessageStore: VerificationStore {
    package func open(
        _ new: NewVerification,
        message: NewMessage?,
        limits: SendLimits,
        at now: Timestamp
    ) async throws(StoreError) -> VerificationOpening {
        try await group.perform(.durable, at: .accept) { transaction in
            try transaction.open(new, message: message, limits: limits, at: now)
        }
    }

    package func sendAgain(
        _ id: VerificationID,
        message: NewMessage?,
        cost: Int,
        limits: SendLimits,
        at now: Timestamp
    ) async throws(StoreError) -> VerificationResend {
        try await group.perform(.durable, at: .accept) { transaction in
            try transaction.sendAgain(id, message: message, cost: cost, limits: limits, at: now)
        }
    }

    package func takeCheck(
        _ target: CheckTarget,
        limits: SendLimits,
        at now: Timestamp
    ) async throws(StoreError) -> CheckTaking {
        try await group.perform(.durable) { transaction in try transaction.takeCheck(target, limits: limits, at: now) }
    }

    package func finishCheck(
        _ check: TakenCheck,
        isRight: Bool,
        at now: Timestamp
    ) async throws(StoreError) -> CheckResult {
        try await group.perform(.durable) { transaction in
            try transaction.finishCheck(check, isRight: isRight, at: now)
        }
    }

    package func verification(_ id: VerificationID) async throws(StoreError) -> Verification? {
        try await read { db in try db.verification(id) }
    }

    package func verifications(since: Timestamp, limit: Int) async throws(StoreError) -> [Verification] {
        try await read { db in
            try db.rows(
                "\(VerificationRecord.select) WHERE v.created_at >= ? ORDER BY v.number DESC LIMIT ?",
                [since, max(0, limit)],
                VerificationRecord.verification
            ).reversed()
        }
    }

    package func cancelVerification(
        _ id: VerificationID,
        at now: Timestamp
    ) async throws(StoreError) -> Verification? {
        try await group.perform(.durable) { transaction in try transaction.cancelVerification(id, at: now) }
    }

    package func recordOutcome(
        _ id: VerificationID,
        isApproved: Bool,
        at now: Timestamp
    ) async throws(StoreError) -> Verification? {
        try await group.perform(.durable) { transaction in
            try transaction.recordOutcome(id, isApproved: isApproved, at: now)
        }
    }

    package func pruneVerifications(
        before: Timestamp,
        limit: Int,
        at now: Timestamp
    ) async throws(StoreError) -> Int {
        try await group.perform(.durable) { transaction in
            try transaction.pruneVerifications(before: before, limit: limit, at: now)
        }
    }
}
