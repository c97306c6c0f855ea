// How a flight stores what it got, and what it does where that fails.

extension RenewalMachine {
    mutating func published(_ effects: inout [Effect]) {
        if isStoreDegraded {
            setDegraded(false)
            effects.append(.emit(.storeRecovered))
        }
        if flight?.failure == nil { unsavedIsStored() }
    }

    mutating func pauseSaving(at now: Instant) {
        saveNotBefore = now.elapsed.addingClamped(policy.earlyBackoff.pause(afterFailures: 6, using: &random))
    }

    /// The store holds something else than was read.
    ///
    /// A token of at least our generation is taken; an older one, or
    /// none, is a store that was put back or emptied, and must not cost us the token that was just issued (G5, T14).
    mutating func superseded(by stored: StoredToken, at now: Instant, _ effects: inout [Effect]) {
        let ours = unsaved?.generation ?? ((held?.generation ?? 0) + 1)
        if let record = stored.record, let token = record.token, isOurs(record, login: flight?.login),
            record.generation >= ours,
            held.map({ !$0.isRejected || $0.token.fingerprint != token.fingerprint }) ?? true
        {
            unsaved = nil
            adopt(record, at: now, &effects)
        } else if unsaved != nil {
            pauseSaving(at: now)
        }
    }

    private mutating func unsavedIsStored() {
        if let record = unsaved, held?.generation != record.generation { landedRecord = record }
        unsaved = nil
    }

    mutating func degrade(_ reason: String, _ effects: inout [Effect]) {
        guard !isStoreDegraded else { return }
        setDegraded(true)
        effects.append(.emit(.storeDegraded(reason)))
    }

    /// Only to store what could not be stored when it came.
    mutating func persist(at now: Instant, _ effects: inout [Effect]) {
        guard let current = flight, let record = unsaved else { return finish(at: now, &effects) }
        if current.storedGeneration >= record.generation {
            unsaved = nil
            return finish(at: now, &effects)
        }
        if !current.hasLock { return effects.append(.next(current.id, .lock(deadline: current.deadline))) }
        effects.append(.next(current.id, .publish(record, replacing: current.storedGeneration)))
    }

    /// The call is over and the store knows, or cannot know: memory, then waiters.
    mutating func landed(at now: Instant, _ effects: inout [Effect]) {
        if let (error, isPermanent) = flight?.failure {
            return fail(error, isPermanent: isPermanent, at: now, &effects)
        }
        if let record = landedRecord ?? unsaved, let token = record.token, record.generation > (held?.generation ?? 0) {
            hold(
                token,
                generation: record.generation,
                receivedWall: record.receivedWall,
                serverOffset: record.serverOffset,
                grewFrom: record.grewFrom,
                isNew: true,
                at: now
            )
        }
        landedRecord = nil
        finish(at: now, &effects)
    }
}
