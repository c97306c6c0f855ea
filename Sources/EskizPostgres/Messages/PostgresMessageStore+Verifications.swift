package import EskizQueue
package import EskizVerify

extension PostgresMessageStore: VerificationStore {
    package func open(
        _ new: NewVerification,
        message: NewMessage?,
        limits: SendLimits,
        at now: Timestamp
    ) async throws(StoreError) -> VerificationOpening {
        try await verify(message, at: now) { (transaction) throws(PostgresError) in
            var tables = transaction
            return try tables.open(new, message: message, limits: limits, at: now)
        }
    }

    package func sendAgain(
        _ id: VerificationID,
        message: NewMessage?,
        cost: Int,
        limits: SendLimits,
        at now: Timestamp
    ) async throws(StoreError) -> VerificationResend {
        try await verify(message, at: now) { (transaction) throws(PostgresError) in
            var tables = transaction
            return try tables.sendAgain(id, message: message, cost: cost, limits: limits, at: now)
        }
    }

    package func takeCheck(
        _ target: CheckTarget,
        limits: SendLimits,
        at now: Timestamp
    ) async throws(StoreError) -> CheckTaking {
        try await verify(nil, at: now) { (transaction) throws(PostgresError) in
            var tables = transaction
            return try tables.takeCheck(target, limits: limits, at: now)
        }
    }

    package func finishCheck(
        _ check: TakenCheck,
        isRight: Bool,
        at now: Timestamp
    ) async throws(StoreError) -> CheckResult {
        try await verify(nil, at: now) { (transaction) throws(PostgresError) in
            var tables = transaction
            return try tables.finishCheck(check, isRight: isRight, at: now)
        }
    }

    package func cancelVerification(
        _ id: VerificationID,
        at now: Timestamp
    ) async throws(StoreError) -> Verification? {
        try await verify(nil, at: now) { (transaction) throws(PostgresError) in
            var tables = transaction
            return try tables.cancelVerification(id, at: now)
        }
    }

    package func recordOutcome(
        _ id: VerificationID,
        isApproved: Bool,
        at now: Timestamp
    ) async throws(StoreError) -> Verification? {
        try await verify(nil, at: now) { (transaction) throws(PostgresError) in
            var tables = transaction
            return try tables.recordOutcome(id, isApproved: isApproved, at: now)
        }
    }

    package func pruneVerifications(
        before: Timestamp,
        limit: Int,
        at now: Timestamp
    ) async throws(StoreError) -> Int {
        try await verify(nil, at: now) { (transaction) throws(PostgresError) in
            try transaction.pruneVerifications(before: before, limit: limit, at: now)
        }
    }

    /// With the acceptance of messages, as numbers come from there; one at a time in the fleet, as limits count all.
    private func verify<Value: Sendable>(
        _ message: NewMessage?,
        at now: Timestamp,
        _ body: @escaping @Sendable (StoreTransaction) throws(PostgresError) -> Value
    ) async throws(StoreError) -> Value {
        var footprint = Footprint(accepting: message.map { [$0] } ?? [], idempotency: nil, at: now)
        footprint.isOfVerifications = true
        return try await accepting.perform(.durable, footprint, at: message == nil ? nil : .accept, body)
    }

    package func verification(_ id: VerificationID) async throws(StoreError) -> Verification? {
        try await read { (session) throws(PostgresError) in try StoreTransaction.verification(id, session) }
    }

    package func verifications(since: Timestamp, limit: Int) async throws(StoreError) -> [Verification] {
        try await read { (session) throws(PostgresError) in
            try session.query(
                """
                SELECT \(VerificationRow.selection) FROM \(VerificationRow.tables) WHERE v.created_at >= $1 \
                ORDER BY v.number DESC LIMIT $2
                """,
                [.int(since.milliseconds), .int(Int64(max(0, limit)))],
                isPrepared: true
            ).map(VerificationRow.verification).reversed()
        }
    }
}
