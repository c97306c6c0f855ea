import EskizQueue

extension StoreTransaction {
    /// One claim does not let more than this many messages expire, so that it stays short after a long outage.
    private static let largestExpiry = 1_000
    private static let largestLook: Int64 = 256

    func claim(_ request: ClaimRequest, at now: Timestamp) throws(PostgresError) -> ClaimResult {
        var result = ClaimResult()
        for share in request.shares {
            guard try claim(share, of: request, at: now, &result) else {
                result.nextDue = now
                return result
            }
        }
        flush()
        result.nextDue = try nextDue(after: now)
        return result
    }

    /// - Returns: false if so many have expired on the way that the rest is left for the next time.
    private func claim(
        _ share: ClaimRequest.Share,
        of request: ClaimRequest,
        at now: Timestamp,
        _ result: inout ClaimResult
    ) throws(PostgresError) -> Bool {
        var taken = 0
        while taken < share.limit, result.claims.count < request.limit {
            guard result.expired.count < Self.largestExpiry else { return false }
            let wanted = min(Int64(min(share.limit - taken, request.limit - result.claims.count)), Self.largestLook)
            let due = try select(
                "m.state = 'queued' AND m.lane = $1 AND m.due_at <= $2 AND m.due_at >= $3 ORDER BY m.due_at, m.id LIMIT $4",
                [
                    .text(share.lane.rawValue), .int(now.milliseconds),
                    .int(cursors?[share.lane]?.milliseconds ?? .min), .int(wanted),
                ],
                locking: "FOR UPDATE OF m SKIP LOCKED"
            )
            try lookUpSuppressions(due.map(\.message.phone))
            var done: Set<MessageID> = []
            for first in due where !done.contains(first.message.id) {
                guard taken < share.limit, result.claims.count < request.limit else { break }
                let together = try companions(of: first, at: now)
                try lookUpSuppressions(together.map(\.message.phone))
                for stored in together {
                    done.insert(stored.message.id)
                    guard let claim = try take(stored, for: request, at: now, &result) else { continue }
                    if claim.message.lane == share.lane { taken += 1 }
                }
                claimedUpTo[share.lane] = first.message.dueAt
            }
            // Fewer than wanted: there are no more. None done: others have all of them in hand.
            if due.count < Int(wanted) || done.isEmpty { break }
        }
        return true
    }

    /// What goes to Eskiz together with a message: its batch, or the message alone.
    ///
    /// One host has all of a batch: others that have met one of its messages leave it alone.
    private func companions(of stored: StoredMessage, at now: Timestamp) throws(PostgresError) -> [StoredMessage] {
        guard let batch = stored.message.batch, let last = stored.lastOfBatch else { return [stored] }
        let lock = try session.query(
            "SELECT pg_catalog.pg_try_advisory_xact_lock($1) AS is_ours",
            [.int(Footprint.lock("batch \(batch.id)"))],
            isPrepared: true
        ).first
        guard let lock, try lock.bool("is_ours") else { return [] }
        return try select(
            "m.id BETWEEN $1 AND $2 AND m.state = 'queued' AND m.due_at <= $3 ORDER BY m.id",
            [.int(batch.id.rawValue), .int(last.rawValue), .int(now.milliseconds)]
        )
    }

    private func take(
        _ old: StoredMessage,
        for request: ClaimRequest,
        at now: Timestamp,
        _ result: inout ClaimResult
    ) throws(PostgresError) -> Claim? {
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
        guard
            let (claim, attempt) = stored.claim(
                by: request.owner,
                leaseUntil: request.leaseUntil,
                step: fenceStep(),
                at: now
            )
        else { return nil }
        update(stored, was: old)
        prepare(claim, attempt)
        result.claims.append(claim)
        return claim
    }

    private func nextDue(after now: Timestamp) throws(PostgresError) -> Timestamp? {
        let lanes = Lane.allCases.map { lane in
            """
            (SELECT due_at FROM eskiz.messages WHERE state = 'queued' AND lane = '\(lane.rawValue)' AND due_at > $1 \
            ORDER BY lane, due_at, id LIMIT 1)
            """
        }
        let scheduled =
            "(SELECT due_at FROM eskiz.messages WHERE state = 'scheduled' AND due_at > $1 ORDER BY due_at, id LIMIT 1)"
        return try session.query(
            "SELECT min(due_at) AS due_at FROM (\((lanes + [scheduled]).joined(separator: " UNION ALL "))) AS turns",
            [.int(now.milliseconds)],
            isPrepared: true
        ).first?.optionalMoment("due_at")
    }

    /// - Returns: a message whose claim is no longer the caller's; then none is changed.
    func beginWriting(_ claims: [Claim], at now: Timestamp) throws(PostgresError) -> MessageID? {
        for claim in claims {
            guard let stored = try stored(claim.message.id), stored.isHeld(by: claim), stored.message.state == .sending
            else { return claim.message.id }
        }
        for claim in claims { begin(claim, at: now) }
        return nil
    }

    func settle(_ settlements: [Settlement], at now: Timestamp) throws(PostgresError) -> [Message] {
        var settled: [Message] = []
        for settlement in settlements {
            guard let stored = try stored(settlement.claim.message.id) else { continue }
            if let message = try change(stored, at: now, { $0.settle(settlement, at: now) }) { settled.append(message) }
        }
        return settled
    }

    func recover(
        _ what: AbandonedClaims,
        sparing inHand: Set<MessageID>,
        at now: Timestamp
    ) throws(PostgresError) -> Recovery {
        let abandoned: [StoredMessage]
        switch what {
        case .everythingBut(let owner):
            abandoned = try select(
                "m.owner IS NOT NULL AND m.owner <> $1 ORDER BY m.id",
                [.text(owner)],
                locking: "FOR UPDATE OF m SKIP LOCKED"
            )
        case .all(let owner):
            abandoned = try select("m.owner = $1 ORDER BY m.id", [.text(owner)], locking: "FOR UPDATE OF m SKIP LOCKED")
        case .outlived:
            abandoned = try select(
                """
                m.owner IS NOT NULL AND m.lease_until <= $1 AND NOT EXISTS \
                (SELECT 1 FROM eskiz.leases l WHERE l.owner = m.owner AND l.lease_until > $1) ORDER BY m.id
                """,
                [.int(now.milliseconds)],
                locking: "FOR UPDATE OF m SKIP LOCKED"
            )
        }
        let lost = abandoned.filter { !inHand.contains($0.message.id) }
        // Asked only now that they are locked: whoever begins to write has them locked, too.
        let phases = try AttemptRow.phases(of: lost, session)
        var recovery = Recovery()
        for stored in lost {
            let phase = phases[.init(message: stored.message.id, fence: stored.fence)] ?? .writing
            guard let message = try change(stored, at: now, { $0.recover(phase: phase, at: now) }) else { continue }
            if message.state == .queued { recovery.queued.append(message) }
            if message.state == .unknown { recovery.unknown.append(message) }
        }
        return recovery
    }

    /// Queues what was scheduled for now, and lets expire what waited too long.
    func sweep(at now: Timestamp, limit: Int) throws(PostgresError) -> [Message] {
        let limit = PostgresValue.int(Int64(max(0, limit)))
        let expired = try select(
            """
            m.state IN ('scheduled', 'queued') AND m.expires_at IS NOT NULL AND m.expires_at <= $1 \
            ORDER BY m.expires_at, m.id LIMIT $2
            """,
            [.int(now.milliseconds), limit],
            locking: "FOR UPDATE OF m SKIP LOCKED"
        )
        var changed: [Message] = []
        for stored in expired {
            if let message = try change(stored, at: now, { $0.expire(at: now) }) { changed.append(message) }
        }
        let due = try select(
            "m.state = 'scheduled' AND m.due_at <= $1 ORDER BY m.due_at, m.id LIMIT $2",
            [.int(now.milliseconds), limit],
            locking: "FOR UPDATE OF m SKIP LOCKED"
        )
        for stored in due {
            let message = try change(stored, at: now) { $0.isExpired(at: now) ? $0.expire(at: now) : $0.queue(at: now) }
            if let message { changed.append(message) }
        }
        return changed
    }
}
