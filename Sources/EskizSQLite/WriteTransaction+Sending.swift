import EskizQueue
import GRDB

extension WriteTransaction {
    /// One claim does not let more than this many messages expire, so that it stays short after a long outage.
    private static let largestExpiry = 1_000

    mutating func claim(_ request: ClaimRequest, at now: Timestamp) throws -> ClaimResult {
        var result = ClaimResult()
        for share in request.shares {
            var taken = 0
            while taken < share.limit, result.claims.count < request.limit {
                guard result.expired.count < Self.largestExpiry else {
                    result.nextDue = now
                    return result
                }
                let wanted = min(share.limit - taken, request.limit - result.claims.count)
                let due = try rows(
                    """
                    SELECT \(MessageRecord.columns) FROM messages WHERE state = 1 AND lane = ? AND due_at <= ? \
                    ORDER BY due_at, id LIMIT ?
                    """,
                    [share.lane.code, now, min(wanted, 256)],
                    MessageRecord.stored
                )
                if due.isEmpty { break }
                var done: Set<MessageID> = []
                for first in due where !done.contains(first.message.id) {
                    guard taken < share.limit, result.claims.count < request.limit else { break }
                    for stored in try companions(of: first, at: now) {
                        done.insert(stored.message.id)
                        if let claim = try take(stored, for: request, at: now, &result),
                            claim.message.lane == share.lane
                        {
                            taken += 1
                        }
                    }
                }
            }
        }
        result.nextDue = try nextDue(after: now)
        return result
    }

    /// What goes to Eskiz together with a message: its batch, or the message alone.
    private func companions(of stored: StoredMessage, at now: Timestamp) throws -> [StoredMessage] {
        guard let batch = stored.message.batch, let last = stored.lastOfBatch else { return [stored] }
        return try rows(
            """
            SELECT \(MessageRecord.columns) FROM messages WHERE id BETWEEN ? AND ? AND state = 1 AND due_at <= ? ORDER BY id
            """,
            [batch.id, last, now],
            MessageRecord.stored
        )
    }

    private mutating func take(
        _ old: StoredMessage,
        for request: ClaimRequest,
        at now: Timestamp,
        _ result: inout ClaimResult
    ) throws -> Claim? {
        if old.isExpired(at: now) {
            if let message = try change(old, at: now, { $0.expire(at: now) }) { result.expired.append(message) }
            return nil
        }
        if try isSuppressed(old.message.phone, old.message.lane) {
            let message = try change(old, at: now) { $0.cancel(detail: Suppression.detail, at: now) }
            if let message { result.expired.append(message) }
            return nil
        }
        var stored = old
        guard let (claim, attempt) = stored.claim(by: request.owner, leaseUntil: request.leaseUntil, at: now) else {
            return nil
        }
        try update(stored, was: old)
        try run(
            "INSERT INTO attempts (message_id, fence, number, phase, prepared_at) VALUES (?, ?, ?, ?, ?)",
            [claim.message.id, claim.fence, attempt.number, attempt.phase.code, attempt.preparedAt]
        )
        result.claims.append(claim)
        return claim
    }

    private func nextDue(after now: Timestamp) throws -> Timestamp? {
        var moments: [Timestamp] = []
        for lane in Lane.allCases {
            moments += try rows(
                "SELECT due_at FROM messages WHERE state = 1 AND lane = ? AND due_at > ? ORDER BY due_at LIMIT 1",
                [lane.code, now]
            ) { $0[0] }
        }
        moments += try rows(
            "SELECT due_at FROM messages WHERE state = 0 AND due_at > ? ORDER BY due_at LIMIT 1",
            [now]
        ) { $0[0] }
        return moments.min()
    }

    mutating func beginWriting(_ claims: [Claim], at now: Timestamp) throws {
        for claim in claims {
            let isHeld = try row(
                "SELECT 1 FROM messages WHERE id = ? AND fence = ? AND owner IS NOT NULL AND state = 2",
                [claim.message.id, claim.fence]
            ) { _ in true }
            guard isHeld != nil else { throw StoreError.lostClaim(of: claim.message.id) }
        }
        for claim in claims {
            try run(
                "UPDATE attempts SET phase = 1, writing_at = ? WHERE message_id = ? AND fence = ? AND phase = 0",
                [now, claim.message.id, claim.fence]
            )
        }
    }

    mutating func settle(_ settlements: [Settlement], at now: Timestamp) throws -> [Message] {
        var settled: [Message] = []
        settled.reserveCapacity(settlements.count)
        for settlement in settlements {
            guard let stored = try stored(settlement.claim.message.id) else { continue }
            if let message = try change(stored, at: now, { $0.settle(settlement, at: now) }) { settled.append(message) }
        }
        return settled
    }

    func extendLeases(owner: String, until: Timestamp) throws {
        try run("UPDATE messages SET lease_until = ? WHERE owner = ?", [until, owner])
    }

    mutating func recover(
        _ what: AbandonedClaims,
        sparing inHand: Set<MessageID>,
        at now: Timestamp
    ) throws -> Recovery {
        let abandoned: [(StoredMessage, Attempt.Phase)]
        let held = """
            SELECT \(MessageRecord.columns), (SELECT a.phase FROM attempts a WHERE a.message_id = messages.id \
            AND a.fence = messages.fence) FROM messages INDEXED BY messages_held WHERE owner IS NOT NULL AND
            """
        let read: (StatementRow) throws -> (StoredMessage, Attempt.Phase) = { row in
            let code: Int? = row[MessageRecord.columnCount]
            return (try MessageRecord.stored(row), try code.map { try Attempt.Phase(code: $0) } ?? .writing)
        }
        switch what {
        case .everythingBut(let owner): abandoned = try rows("\(held) owner <> ? ORDER BY id", [owner], read)
        case .all(let owner): abandoned = try rows("\(held) owner = ? ORDER BY id", [owner], read)
        case .outlived: abandoned = try rows("\(held) lease_until <= ? ORDER BY id", [now], read)
        }
        var recovery = Recovery()
        for (stored, phase) in abandoned where !inHand.contains(stored.message.id) {
            guard let message = try change(stored, at: now, { $0.recover(phase: phase, at: now) }) else { continue }
            if message.state == .queued { recovery.queued.append(message) }
            if message.state == .unknown { recovery.unknown.append(message) }
        }
        return recovery
    }
}
