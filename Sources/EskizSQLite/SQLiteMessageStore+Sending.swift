package import EskizQueue

extension SQLiteMessageStore {
    package func accept(
        _ messages: [NewMessage],
        batch: NewBatch?,
        idempotency: IdempotencyKey?,
        at now: Timestamp
    ) async throws(StoreError) -> Acceptance {
        try await group.perform(.durable, at: .accept) { transaction in
            try transaction.accept(messages, batch: batch, idempotency: idempotency, at: now)
        }
    }

    package func repetition(of key: IdempotencyKey) async throws(StoreError) -> Acceptance? {
        try await read { db in try db.repetition(of: key) }
    }

    package func remember(_ answer: [UInt8], for key: IdempotencyKey) async throws(StoreError) {
        try await group.perform(.relaxed) { transaction in try transaction.remember(answer, for: key) }
    }

    package func answer(for key: IdempotencyKey) async throws(StoreError) -> [UInt8]? {
        try await read { db in try db.answer(for: key) }
    }

    package func claim(_ request: ClaimRequest, at now: Timestamp) async throws(StoreError) -> ClaimResult {
        try await group.perform(.relaxed, at: .claim) { transaction in try transaction.claim(request, at: now) }
    }

    package func beginWriting(_ claims: [Claim], at now: Timestamp) async throws(StoreError) {
        try await group.perform(.durable, at: .writing) { transaction in try transaction.beginWriting(claims, at: now) }
    }

    package func settle(_ settlements: [Settlement], at now: Timestamp) async throws(StoreError) -> [Message] {
        try await group.perform(.durable) { transaction in try transaction.settle(settlements, at: now) }
    }

    package func extendLeases(owner: String, until: Timestamp) async throws(StoreError) {
        try await group.perform(.relaxed) { transaction in try transaction.extendLeases(owner: owner, until: until) }
    }

    package func recover(
        everythingBut owner: String?,
        sparing inHand: Set<MessageID>,
        at now: Timestamp
    ) async throws(StoreError) -> Recovery {
        try await group.perform(.durable) { transaction in
            try transaction.recover(owner.map { .everythingBut($0) } ?? .outlived, sparing: inHand, at: now)
        }
    }

    package func recover(
        claimsOf owner: String,
        sparing inHand: Set<MessageID>,
        at now: Timestamp
    ) async throws(StoreError) -> Recovery {
        try await group.perform(.durable) { transaction in
            try transaction.recover(.all(of: owner), sparing: inHand, at: now)
        }
    }

    package func sweep(at now: Timestamp, limit: Int) async throws(StoreError) -> [Message] {
        try await group.perform(.durable) { transaction in try transaction.sweep(at: now, limit: limit) }
    }

    package func prune(finalBefore: Timestamp, limit: Int) async throws(StoreError) -> Int {
        try await group.perform(.durable) { transaction in
            try transaction.prune(finalBefore: finalBefore, limit: limit)
        }
    }

    package func amend(
        _ id: MessageID,
        with amendment: MessageAmendment,
        at now: Timestamp
    ) async throws(StoreError) -> Amending {
        try await group.perform(.durable) { transaction in try transaction.amend(id, with: amendment, at: now) }
    }

    package func cancel(_ id: MessageID, detail: String?, at now: Timestamp) async throws(StoreError) -> Cancellation {
        try await group.perform(.durable) { transaction in try transaction.cancel(id, detail: detail, at: now) }
    }
}
