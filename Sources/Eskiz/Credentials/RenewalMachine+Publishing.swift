// How a flight stores what it got, and what it does where that fails.

extension RenewalMachine {
    mutating func published(_ effects: inout [Effect]) {
        if isStoreDegraded {
            setDegraded(false)
            effects.append(.emit(.storeRecovered))
        }
    }

    mutating func pauseSaving(at now: Instant) {
        saveNotBefore = now.elapsed.addingClamped(policy.earlyBackoff.pause(afterFailures: 6, using: &random))
    }

    /// The store holds something else than was read.
    ///
    /// A token of at least our generation is taken; an older one, or
    /// none, is a store that was put back or emptied, and must not cost us the token that was just issued (G5, T14).
    mutating func superseded(
        by stored: StoredToken,
        _ shelf: Shelf,
        at now: Instant,
        _ effects: inout [Effect]
    ) {
        let ours = unsaved?.generation ?? ((held?.generation ?? 0) + 1)
        if let record = stored.record, let token = record.token, isOurs(record, login: shelf.login),
            record.generation >= ours,
            held.map({ !$0.isRejected || $0.token.fingerprint != token.fingerprint }) ?? true
        {
            unsaved = nil
            adopt(record, at: now, &effects)
        } else if unsaved != nil {
            pauseSaving(at: now)
        }
    }

    mutating func degrade(_ reason: String, _ effects: inout [Effect]) {
        guard !isStoreDegraded else { return }
        setDegraded(true)
        effects.append(.emit(.storeDegraded(reason)))
    }

    /// Only to store what could not be stored when it came.
    mutating func persist(_ shelf: Shelf, at now: Instant, _ effects: inout [Effect]) {
        guard let record = unsaved else { return finish(at: now, &effects) }
        if shelf.generation >= record.generation {
            unsaved = nil
            return finish(at: now, &effects)
        }
        if shelf.access == .open { return lock(shelf, &effects) }
        proceed(to: .publishing(.token, shelf), .publish(record, replacing: shelf.generation), &effects)
    }

    /// The call is over and the store knows, or cannot know: memory, then waiters.
    ///
    /// - Parameters:
    ///   - outcome: what it came to.
    ///   - stored: the record that was just stored; nil if it still has to be, or is somebody else's.
    ///   - now: the time.
    ///   - effects: what to do.
    mutating func land(_ outcome: Outcome, stored: TokenRecord?, at now: Instant, _ effects: inout [Effect]) {
        if case .failure(let error, let isPermanent) = outcome {
            return fail(error, isPermanent: isPermanent, at: now, &effects)
        }
        if let record = stored ?? unsaved, let token = record.token, record.generation > (held?.generation ?? 0) {
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
        finish(at: now, &effects)
    }
}

extension RenewalMachine.Outcome {
    var isToken: Bool {
        if case .token = self { true } else { false }
    }
}
