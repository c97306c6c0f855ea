import Eskiz
import EskizQueue

extension MemoryMessageStore.State {
    mutating func accept(
        _ new: [NewMessage],
        batch: NewBatch?,
        idempotency: IdempotencyKey?,
        at now: Timestamp
    ) -> Acceptance {
        let name = idempotency.map { KeyName(apiKeyID: $0.apiKeyID, key: $0.key) }
        if let idempotency, let known = repetition(of: idempotency) { return known }
        guard !new.isEmpty else { return .accepted([], superseded: []) }
        let suppressed = new.indices.filter { isSuppressed(new[$0].phone, new[$0].lane) }
        guard suppressed.isEmpty else { return .suppressed(suppressed) }
        let known = messages
        let numbers = numbering.take(new.count, at: now) { range in
            known.keys.map(\.rawValue).filter(range.contains).max()
        }
        let ids = numbers.map { MessageID($0) }
        let reference = ids.first.flatMap { first in
            batch.map { Message.BatchReference(id: first, dispatchID: $0.dispatchID) }
        }
        var superseded: [Message] = []
        for (new, id) in zip(new, ids) {
            for older in supersededBy(new) {
                if let message = change(older, at: now, { $0.supersede(by: id, at: now) }) {
                    superseded.append(message)
                }
            }
            let last = reference == nil ? nil : ids.last
            write(StoredMessage(new, id: id, batch: reference, lastOfBatch: last, at: now), for: id)
            order.append(id)
            count(.accepted, of: new.phone, at: now)
        }
        if let name, let idempotency {
            remembered[name] = Remembered(fingerprint: idempotency.fingerprint, ids: ids)
        }
        return .accepted(ids.compactMap { messages[$0]?.message }, superseded: superseded)
    }

    func repetition(of key: IdempotencyKey) -> Acceptance? {
        guard let known = remembered[KeyName(apiKeyID: key.apiKeyID, key: key.key)] else { return nil }
        guard known.fingerprint == key.fingerprint else { return .keyReused }
        return .repeated(known.ids.compactMap { messages[$0]?.message })
    }

    /// What is kept of a key; nil if it was not used, or for another request.
    func known(_ key: IdempotencyKey) -> Remembered? {
        guard let known = remembered[KeyName(apiKeyID: key.apiKeyID, key: key.key)],
            known.fingerprint == key.fingerprint
        else { return nil }
        return known
    }

    mutating func remember(_ answer: [UInt8], for key: IdempotencyKey) {
        guard var known = known(key), known.answer == nil else { return }
        known.answer = answer
        remembered[KeyName(apiKeyID: key.apiKeyID, key: key.key)] = known
    }

    private func supersededBy(_ new: NewMessage) -> [MessageID] {
        guard new.lane == .otp, new.purpose != nil else { return [] }
        let waiting = (byState[.scheduled] ?? []).union(byState[.queued] ?? [])
        return waiting.filter { messages[$0]?.isSuperseded(by: new) ?? false }.sorted()
    }

    mutating func claim(_ request: ClaimRequest, at now: Timestamp) -> ClaimResult {
        var result = ClaimResult()
        for share in request.shares {
            var taken = 0
            while taken < share.limit, result.claims.count < request.limit, let first = queued[share.lane]?.first,
                first.due <= now
            {
                for id in companions(of: first.id) {
                    guard let stored = messages[id], stored.message.state == .queued, stored.message.dueAt <= now
                    else { continue }
                    if stored.isExpired(at: now) {
                        if let message = change(id, at: now, { $0.expire(at: now) }) { result.expired.append(message) }
                    } else if isSuppressed(stored.message.phone, stored.message.lane) {
                        let message = change(id, at: now) { $0.cancel(detail: Suppression.detail, at: now) }
                        if let message { result.expired.append(message) }
                    } else if let claim = begin(id, for: request, at: now) {
                        result.claims.append(claim)
                        if claim.message.lane == share.lane { taken += 1 }
                    }
                }
            }
        }
        let later = queued.values.compactMap { $0.first { $0.due > now }?.due }
        let scheduled = (byState[.scheduled] ?? []).compactMap { messages[$0]?.message.dueAt }.filter { $0 > now }
        result.nextDue = (later + scheduled).min()
        return result
    }

    /// The messages of its batch, or the message alone.
    private func companions(of id: MessageID) -> [MessageID] {
        guard let stored = messages[id], let batch = stored.message.batch, let last = stored.lastOfBatch else {
            return [id]
        }
        return (batch.id.rawValue...last.rawValue).map { MessageID($0) }
    }

    private mutating func begin(_ id: MessageID, for request: ClaimRequest, at now: Timestamp) -> Claim? {
        guard var stored = messages[id],
            let (claim, attempt) = stored.claim(
                by: request.owner,
                leaseUntil: request.leaseUntil,
                step: fenceStep(),
                at: now
            )
        else { return nil }
        write(stored, for: id)
        attempts[id, default: [:]][claim.fence] = attempt
        return claim
    }

    mutating func beginWriting(_ claims: [Claim], at now: Timestamp) throws(StoreError) {
        for claim in claims {
            guard let stored = messages[claim.message.id], stored.isHeld(by: claim), stored.message.state == .sending
            else { throw .lostClaim(of: claim.message.id) }
        }
        for claim in claims where attempts[claim.message.id]?[claim.fence]?.phase == .prepared {
            attempts[claim.message.id]?[claim.fence]?.phase = .writing
            attempts[claim.message.id]?[claim.fence]?.writingAt = now
        }
    }

    mutating func settle(_ settlements: [Settlement], at now: Timestamp) -> [Message] {
        settlements.compactMap { settlement in
            change(settlement.claim.message.id, at: now) { $0.settle(settlement, at: now) }
        }
    }

    mutating func extendLeases(owner: String, until: Timestamp) {
        for id in held {
            guard var stored = messages[id], stored.owner == owner else { continue }
            stored.leaseUntil = until
            write(stored, for: id)
        }
    }

    mutating func recover(
        _ abandoned: AbandonedClaims,
        sparing inHand: Set<MessageID>,
        at now: Timestamp
    ) -> Recovery {
        var recovery = Recovery()
        for id in held.sorted() where !inHand.contains(id) {
            guard let stored = messages[id], let holder = stored.owner else { continue }
            switch abandoned {
            case .everythingBut(let owner): guard holder != owner else { continue }
            case .all(let owner): guard holder == owner else { continue }
            case .outlived: guard let lease = stored.leaseUntil, lease <= now else { continue }
            }
            let phase = attempts[id]?[stored.fence]?.phase ?? .writing
            guard let message = change(id, at: now, { $0.recover(phase: phase, at: now) }) else { continue }
            if message.state == .queued { recovery.queued.append(message) }
            if message.state == .unknown { recovery.unknown.append(message) }
        }
        return recovery
    }

    mutating func sweep(at now: Timestamp, limit: Int) -> [Message] {
        let waiting = (byState[.scheduled] ?? []).union(byState[.queued] ?? [])
        let expired = waiting.filter { messages[$0]?.isExpired(at: now) ?? false }
            .sorted { (messages[$0]?.message.expiresAt ?? now, $0) < (messages[$1]?.message.expiresAt ?? now, $1) }
            .prefix(limit)
            .compactMap { id in change(id, at: now) { $0.expire(at: now) } }
        let due = (byState[.scheduled] ?? []).compactMap { messages[$0]?.message }
            .filter { $0.dueAt <= now }
            .sorted { ($0.dueAt, $0.id) < ($1.dueAt, $1.id) }
            .prefix(limit)
            .compactMap { message in
                change(message.id, at: now) { $0.isExpired(at: now) ? $0.expire(at: now) : $0.queue(at: now) }
            }
        return expired + due
    }

    mutating func prune(finalBefore: Timestamp, limit: Int) -> Int {
        let untold = Set(webhooks.values.filter { $0.progress == .pending }.map(\.messageID))
        let over = messages.values.filter { stored in
            !stored.message.needsPerson && !untold.contains(stored.message.id)
        }.compactMap { stored in
            stored.message.finalAt.flatMap { $0 < finalBefore ? Place(due: $0, id: stored.message.id) : nil }
        }.sorted().map(\.id)
        let silent = messages.values.filter { stored in
            stored.message.state == .submitted && stored.message.finalAt == nil && stored.reportAt == nil
                && stored.message.submittedAt.map { $0 < finalBefore } ?? false
                && !untold.contains(stored.message.id)
        }.map(\.message.id).sorted()
        let ids = (over + silent).prefix(limit)
        for id in ids {
            write(nil, for: id)
            attempts[id] = nil
            reports[id] = nil
        }
        let gone = Set(ids)
        order.removeAll { gone.contains($0) }
        webhooks = webhooks.filter { !gone.contains($0.value.messageID) }
        raw = raw.filter { entry in
            if let id = entry.value.messageID {
                !gone.contains(id)
            } else {
                entry.value.report.receivedAt >= finalBefore
            }
        }
        parked = parked.compactMapValues { waiting in
            let kept = waiting.filter { $0.report.receivedAt >= finalBefore }
            return kept.isEmpty ? nil : kept
        }
        let newest = activity.keys.map(\.minute).max() ?? 0
        let kept = newest - ActivityMinute.minutes(in: ActivityMinute.retention)
        activity = activity.filter { $0.key.minute >= kept }
        let newestRefusal = refusals.keys.map(\.hour).max() ?? 0
        refusals = refusals.filter { $0.key.hour >= newestRefusal - RefusalHour.hoursKept }
        remembered = remembered.filter { entry in entry.value.ids.contains { messages[$0] != nil } }
        return ids.count
    }

    mutating func amend(_ id: MessageID, with amendment: MessageAmendment, at now: Timestamp) -> Amending {
        guard let before = messages[id]?.message else { return .notFound }
        guard let after = change(id, at: now, { $0.amend(amendment, at: now) }) else { return .refused(before) }
        return .amended(after, stateChanged: after.state != before.state)
    }

    mutating func cancel(_ id: MessageID, detail: String?, at now: Timestamp) -> Cancellation {
        guard let before = messages[id]?.message else { return .notFound }
        return change(id, at: now) { $0.cancel(detail: detail, at: now) }.map { .cancelled($0) } ?? .refused(before)
    }
}
