package import EskizQueue
package import EskizVerify

extension PostgresMessageStore: VerificationStore {
    package func open(
        _ new: NewVerification,
        message: NewMessage?,
        limits: SendLimits,
        at now: Timestamp
    ) async throws(StoreError) -> VerificationOpening {
        var footprint = Footprint(sending: message, limits, at: now)
        footprint.subjects = Footprint.subjects(of: new.phone, network: new.network, sends: message != nil)
        return try await verify(footprint, sends: message != nil) { (transaction) throws(PostgresError) in
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
        var footprint = Footprint(sending: message, limits, at: now)
        footprint.verifications = [id: message != nil]
        return try await verify(footprint, sends: message != nil) { (transaction) throws(PostgresError) in
            var tables = transaction
            return try tables.sendAgain(id, message: message, cost: cost, limits: limits, at: now)
        }
    }

    package func takeCheck(
        _ target: CheckTarget,
        limits: SendLimits,
        at now: Timestamp
    ) async throws(StoreError) -> CheckTaking {
        var footprint = Footprint()
        switch target {
        case .id(let id): footprint.verifications = [id: false]
        case .phone(let decoy): footprint.subjects = [VerifySubject.phone(decoy.phone).text]
        }
        return try await verify(footprint) { (transaction) throws(PostgresError) in
            var tables = transaction
            return try tables.takeCheck(target, limits: limits, at: now)
        }
    }

    package func finishCheck(
        _ check: TakenCheck,
        isRight: Bool,
        at now: Timestamp
    ) async throws(StoreError) -> CheckResult {
        var footprint = Footprint()
        footprint.subjects = [VerifySubject.phone(check.verification.phone).text]
        return try await verify(footprint) { (transaction) throws(PostgresError) in
            var tables = transaction
            return try tables.finishCheck(check, isRight: isRight, at: now)
        }
    }

    package func cancelVerification(
        _ id: VerificationID,
        at now: Timestamp
    ) async throws(StoreError) -> Verification? {
        var footprint = Footprint()
        footprint.verifications = [id: false]
        return try await verify(footprint) { (transaction) throws(PostgresError) in
            var tables = transaction
            return try tables.cancelVerification(id, at: now)
        }
    }

    package func recordOutcome(
        _ id: VerificationID,
        isApproved: Bool,
        at now: Timestamp
    ) async throws(StoreError) -> Verification? {
        var footprint = Footprint()
        footprint.verifications = [id: false]
        return try await verify(footprint) { (transaction) throws(PostgresError) in
            var tables = transaction
            return try tables.recordOutcome(id, isApproved: isApproved, at: now)
        }
    }

    /// Needs no lock: nobody changes any more what is so old.
    package func pruneVerifications(
        before: Timestamp,
        limit: Int,
        at now: Timestamp
    ) async throws(StoreError) -> Int {
        try await keeping.perform(.durable) { (transaction) throws(PostgresError) in
            try transaction.pruneVerifications(before: before, limit: limit, at: now)
        }
    }

    /// With the acceptance of messages, as numbers come from there.
    private func verify<Value: Sendable>(
        _ footprint: Footprint,
        sends: Bool = false,
        _ body: @escaping @Sendable (StoreTransaction) throws(PostgresError) -> Value
    ) async throws(StoreError) -> Value {
        try await accepting.perform(.durable, footprint, at: sends ? .accept : nil, body)
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

extension Footprint {
    /// Of an SMS with a code, if there is one.
    fileprivate init(sending message: NewMessage?, _ limits: SendLimits, at now: Timestamp) {
        self.init(accepting: message.map { [$0] } ?? [], idempotency: nil, at: now)
        if let message { ceilings = Self.ceilings(limits, of: message.apiKeyID, at: now) }
    }
}

extension PostgresMessageStore: SharedVerificationStore {
    package func verificationNews(
        after: Timestamp,
        through: Timestamp
    ) async throws(StoreError) -> VerificationNews {
        try await read { (session) throws(PostgresError) in
            func found(_ condition: String, by column: String) throws(PostgresError) -> [Verification] {
                try session.query(
                    """
                    SELECT \(VerificationRow.selection) FROM \(VerificationRow.tables) \
                    WHERE v.kind = 'sms' AND \(condition) AND \(column) > $1 AND \(column) <= $2 ORDER BY \(column)
                    """,
                    [.int(after.milliseconds), .int(through.milliseconds)],
                    isPrepared: true
                ).map(VerificationRow.verification)
            }
            return VerificationNews(
                sent: try found("v.sends > 0", by: "v.created_at"),
                approved: try found("v.ending = 'approved'", by: "v.ended_at")
            )
        }
    }
}

extension PostgresMessageStore: ConversionStore {
    package func conversions(since: Timestamp) async throws(StoreError) -> [ConversionCount] {
        try await read { (session) throws(PostgresError) in
            try session.query(
                """
                SELECT template, substr(phone, 1, 5) AS prefix, count(*) AS sent, count(approved) AS approved, \
                string_agg(approved::text, ',') AS times FROM (\
                SELECT template, phone, CASE WHEN ending = 'approved' THEN (ended_at - created_at) / 1000 END AS approved \
                FROM eskiz.verifications WHERE created_at >= $1 AND kind = 'sms') AS codes GROUP BY 1, 2
                """,
                [.int(since.milliseconds)],
                isPrepared: true
            ).map { (row) throws(PostgresError) in
                ConversionCount(
                    template: try row.text("template"),
                    prefix: try row.text("prefix"),
                    sent: try row.number("sent"),
                    approved: try row.number("approved"),
                    approvalTimes: try row.optionalText("times").map(ConversionCount.times) ?? []
                )
            }
        }
    }

    package func prefixRules() async throws(StoreError) -> [PrefixRule] {
        try await read { (session) throws(PostgresError) in
            try session.query(
                "SELECT prefix, decision, added_at, added_by FROM eskiz.verification_prefixes ORDER BY prefix",
                isPrepared: true
            ).map { (row) throws(PostgresError) in
                PrefixRule(
                    prefix: try row.text("prefix"),
                    decision: try row.word("decision"),
                    addedAt: try row.moment("added_at"),
                    addedBy: try row.text("added_by")
                )
            }
        }
    }

    package func keep(_ rule: PrefixRule) async throws(StoreError) {
        try await keeping.perform(.durable) { (transaction) throws(PostgresError) in
            _ = try transaction.session.query(
                """
                INSERT INTO eskiz.verification_prefixes (prefix, decision, added_at, added_by) VALUES ($1, $2, $3, $4) \
                ON CONFLICT (prefix) DO UPDATE SET decision = excluded.decision, added_at = excluded.added_at, \
                added_by = excluded.added_by
                """,
                [
                    .text(rule.prefix), .text(rule.decision.rawValue), .int(rule.addedAt.milliseconds),
                    .text(rule.addedBy),
                ],
                isPrepared: true
            )
        }
    }

    package func forgetPrefixRule(_ prefix: String) async throws(StoreError) -> Bool {
        try await keeping.perform(.durable) { (transaction) throws(PostgresError) in
            try transaction.session.query(
                "DELETE FROM eskiz.verification_prefixes WHERE prefix = $1",
                [.text(prefix)],
                isPrepared: true
            ).changed > 0
        }
    }
}
