package import EskizQueue

extension PostgresMessageStore {
    package func accept(
        _ messages: [NewMessage],
        batch: NewBatch?,
        idempotency: IdempotencyKey?,
        at now: Timestamp
    ) async throws(StoreError) -> Acceptance {
        let footprint = Footprint(accepting: messages, idempotency: idempotency, at: now)
        return try await accepting.perform(.durable, footprint, at: .accept) { (transaction) throws(PostgresError) in
            try transaction.accept(messages, batch: batch, idempotency: idempotency, at: now)
        }
    }

    package func repetition(of key: IdempotencyKey) async throws(StoreError) -> Acceptance? {
        try await read { (session) throws(PostgresError) in
            let known = try session.query(
                """
                SELECT fingerprint, first_id, last_id FROM eskiz.idempotency WHERE api_key_id = $1 AND key = $2
                """,
                [.text(key.apiKeyID), .text(key.key)],
                isPrepared: true
            ).map { (row) throws(PostgresError) in try KnownKey(row) }.first
            return try known?.repetition(of: key, session)
        }
    }

    package func remember(_ answer: [UInt8], for key: IdempotencyKey) async throws(StoreError) {
        try await accepting.perform(.relaxed) { (transaction) throws(PostgresError) in
            transaction.remember(answer, for: key)
        }
    }

    package func answer(for key: IdempotencyKey) async throws(StoreError) -> [UInt8]? {
        try await read { (session) throws(PostgresError) in
            try session.query(
                """
                SELECT answer FROM eskiz.idempotency WHERE api_key_id = $1 AND key = $2 AND fingerprint = $3
                """,
                [.text(key.apiKeyID), .text(key.key), .bytes(key.fingerprint)],
                isPrepared: true
            ).first?.optionalBytes("answer")
        }
    }

    package func claim(_ request: ClaimRequest, at now: Timestamp) async throws(StoreError) -> ClaimResult {
        let fenceStep = options.fenceStep
        return try await sending.perform(.relaxed, at: .claim) { (transaction) throws(PostgresError) in
            transaction.fenceStep = fenceStep
            return try transaction.claim(request, at: now)
        }
    }

    package func beginWriting(_ claims: [Claim], at now: Timestamp) async throws(StoreError) {
        var footprint = Footprint()
        footprint.messages = Set(claims.map(\.message.id))
        try await sending.attempt(.durable, footprint, at: .writing) {
            (transaction) throws(PostgresError) -> Result<Void, StoreError> in
            if let lost = try transaction.beginWriting(claims, at: now) { return .failure(.lostClaim(of: lost)) }
            return .success(())
        }
    }

    package func settle(_ settlements: [Settlement], at now: Timestamp) async throws(StoreError) -> [Message] {
        var footprint = Footprint()
        footprint.messages = Set(settlements.map(\.claim.message.id))
        footprint.providers = Set(settlements.compactMap(\.learns))
        return try await sending.perform(.durable, footprint) { (transaction) throws(PostgresError) in
            try transaction.settle(settlements, at: now)
        }
    }

    /// One row for all that an owner holds, on a connection that nothing else waits for.
    package func extendLeases(owner: String, until: Timestamp) async throws(StoreError) {
        try await beat { (session) throws(PostgresError) in
            _ = try session.query(
                """
                INSERT INTO eskiz.leases AS l (owner, lease_until) VALUES ($1, $2) \
                ON CONFLICT (owner) DO UPDATE SET lease_until = excluded.lease_until
                """,
                [.text(owner), .int(until.milliseconds)],
                isPrepared: true
            )
        }
    }

    package func recover(
        everythingBut owner: String?,
        sparing inHand: Set<MessageID>,
        at now: Timestamp
    ) async throws(StoreError) -> Recovery {
        try await sending.perform(.durable) { (transaction) throws(PostgresError) in
            try transaction.recover(owner.map { .everythingBut($0) } ?? .outlived, sparing: inHand, at: now)
        }
    }

    package func recover(
        claimsOf owner: String,
        sparing inHand: Set<MessageID>,
        at now: Timestamp
    ) async throws(StoreError) -> Recovery {
        try await sending.perform(.durable) { (transaction) throws(PostgresError) in
            try transaction.recover(.all(of: owner), sparing: inHand, at: now)
        }
    }

    package func sweep(at now: Timestamp, limit: Int) async throws(StoreError) -> [Message] {
        try await sending.perform(.durable) { (transaction) throws(PostgresError) in
            try transaction.sweep(at: now, limit: limit)
        }
    }

    package func prune(finalBefore: Timestamp, limit: Int) async throws(StoreError) -> Int {
        try await keeping.perform(.durable) { (transaction) throws(PostgresError) in
            try transaction.prune(finalBefore: finalBefore, limit: limit)
        }
    }

    package func amend(
        _ id: MessageID,
        with amendment: MessageAmendment,
        at now: Timestamp
    ) async throws(StoreError) -> Amending {
        try await accepting.perform(.durable, Footprint(id)) { (transaction) throws(PostgresError) in
            try transaction.amend(id, with: amendment, at: now)
        }
    }

    package func cancel(_ id: MessageID, detail: String?, at now: Timestamp) async throws(StoreError) -> Cancellation {
        try await accepting.perform(.durable, Footprint(id)) { (transaction) throws(PostgresError) in
            try transaction.cancel(id, detail: detail, at: now)
        }
    }
}

extension Footprint {
    init(_ id: MessageID) {
        messages = [id]
    }

    init(accepting new: [NewMessage], idempotency: IdempotencyKey?, at now: Timestamp) {
        numbers = new.count
        numbersAt = now
        codes = Set(new.compactMap { CodeKey($0) })
        phones = Set(new.map(\.phone))
        keys = Set([idempotency].compactMap { $0.map { KeyName($0) } })
    }
}

extension Settlement {
    /// Eskiz's UUID, if it is learnt with this.
    fileprivate var learns: String? {
        if case .submitted(let providerID, _, _) = result { providerID } else { nil }
    }
}
