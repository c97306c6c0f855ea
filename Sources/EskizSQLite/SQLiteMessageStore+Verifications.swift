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
                "\(VerificationRecord.select) WHERE v.number >= ? AND v.created_at >= ? ORDER BY v.number DESC LIMIT ?",
                [try db.firstVerification(since: since), since, max(0, limit)],
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

extension SQLiteMessageStore: ConversionStore {
    package func conversions(since: Timestamp) async throws(StoreError) -> [ConversionCount] {
        try await read { db in
            let first = try db.firstVerification(since: since)
            return try db.rows(
                VerificationRecord.conversions,
                [Verification.Ending.approved.code, first, since, Verification.Kind.sms.code]
            ) { row in
                ConversionCount(
                    template: row[0],
                    prefix: row[1],
                    sent: row[2],
                    approved: row[3],
                    approvalTimes: (row[4] as String?).map(ConversionCount.times) ?? []
                )
            }
        }
    }

    package func prefixRules() async throws(StoreError) -> [PrefixRule] {
        try await read { db in
            try db.rows(
                "SELECT prefix, decision, added_at, added_by FROM verification_prefixes ORDER BY prefix",
                []
            ) { row in
                PrefixRule(
                    prefix: row[0],
                    decision: try PrefixRule.Decision(code: row[1]),
                    addedAt: row[2],
                    addedBy: row[3]
                )
            }
        }
    }

    package func keep(_ rule: PrefixRule) async throws(StoreError) {
        try await group.perform(.durable) { transaction in
            try transaction.run(
                "INSERT OR REPLACE INTO verification_prefixes (prefix, decision, added_at, added_by) VALUES (?, ?, ?, ?)",
                [rule.prefix, rule.decision.code, rule.addedAt, rule.addedBy]
            )
        }
    }

    package func forgetPrefixRule(_ prefix: String) async throws(StoreError) -> Bool {
        try await group.perform(.durable) { transaction in
            try transaction.run("DELETE FROM verification_prefixes WHERE prefix = ?", [prefix])
            return transaction.db.changesCount > 0
        }
    }
}
