// What a flight makes of the store: whose token lies there, and whether it makes the call unnecessary.

extension RenewalMachine {
    mutating func take(
        _ stored: StoredToken,
        login: LoginFacts?,
        under access: Shelf.Access,
        at now: Instant,
        _ effects: inout [Effect]
    ) {
        guard let reason = flight?.reason else { return }
        let isFirstReading = access == .open
        if let anomaly = stored.anomaly, isFirstReading { effects.append(.emit(.storeDistrusted(anomaly))) }
        let shelf = Shelf(
            access: access,
            record: stored.record,
            ours: stored.record.flatMap { isOurs($0, login: login) ? $0 : nil },
            isUnreadable: stored.record == nil && stored.anomaly != nil,
            login: login
        )
        if let record = stored.record, shelf.ours == nil, isFirstReading, record.token != nil {
            effects.append(
                .emit(
                    .storeDistrusted(
                        "The stored token belongs to another account or address and is replaced at the next renewal; "
                            + "give each account a state directory of its own (ESKIZ_STATE_DIR)."
                    )
                )
            )
        }
        if let record = stored.record, record.origin == origin { traits.merge(record.traits) }
        if isFirstReading, !isLoaded {
            load(shelf, at: now, &effects)
            isLoaded = true
            if let held { flight?.heldGeneration = held.generation }
        } else if let record = shelf.ours, record.token != nil,
            record.generation > (held?.generation ?? 0) || held == nil
        {
            adopt(record, at: now, &effects)
        }
        // By hand means newer than what is there now, not newer than what this process remembers.
        if isFirstReading, reason == .byHand, let held { flight?.heldGeneration = held.generation }
        switch reason {
        case .persist: persist(shelf, at: now, &effects)
        case .look: finish(at: now, &effects)
        case .start, .early, .expired, .rejected, .byHand:
            if isSatisfied(under: access, at: now) {
                finish(at: now, &effects)
            } else if access == .open {
                lock(shelf, &effects)
            } else {
                call(shelf, at: now, &effects)
            }
        }
    }

    mutating func lock(_ shelf: Shelf, _ effects: inout [Effect]) {
        guard let deadline = flight?.deadline else { return }
        proceed(to: .locking(shelf), .lock(deadline: deadline), &effects)
    }

    /// Whether a stored record is about our account at our address (F11).
    func isOurs(_ record: TokenRecord, login: LoginFacts?) -> Bool {
        guard record.origin == origin else { return false }
        if let login, let account = record.account { return account == login.account }
        if let mine = seed?.claims?.subject, let theirs = record.token?.claims?.subject { return mine == theirs }
        // Nobody said whose token it is: who only has an e-mail logs in rather than sends from a stranger's account.
        return login == nil || seed != nil || record.token == nil
    }

    /// First reading in this process: the store against `ESKIZ_TOKEN`.
    private mutating func load(_ shelf: Shelf, at now: Instant, _ effects: inout [Effect]) {
        let record = shelf.ours
        guard let seed else {
            if let record, record.token != nil { adopt(record, isLoading: true, at: now, &effects) }
            return
        }
        if let record, let token = record.token {
            let isSameSeed = record.grewFrom == seed.fingerprint || token.fingerprint == seed.fingerprint
            if isSameSeed { return adopt(record, isLoading: true, at: now, &effects) }
            // A different ESKIZ_TOKEN wins, unless it is dead by its own word and the stored one is not.
            let seedLeft = TokenAge.remaining(of: seed, receivedWall: 0, serverOffset: 0, isNew: false, now: now)
            let storedLeft = TokenAge.remaining(
                of: token,
                receivedWall: record.receivedWall,
                serverOffset: record.serverOffset,
                isNew: false,
                now: now
            )
            if let seedLeft, seedLeft <= 0, storedLeft.map({ $0 > 0 }) ?? false {
                effects.append(.emit(.seedIgnored))
                return adopt(record, isLoading: true, at: now, &effects)
            }
        }
        hold(
            seed,
            generation: shelf.generation + 1,
            receivedWall: 0,
            serverOffset: 0,
            grewFrom: seed.fingerprint,
            isNew: false,
            at: now
        )
        effects.append(.emit(.loaded(generation: shelf.generation + 1, seed.fingerprint)))
    }

    mutating func adopt(
        _ record: TokenRecord,
        isLoading: Bool = false,
        at now: Instant,
        _ effects: inout [Effect]
    ) {
        guard let token = record.token else { return }
        let wasRejected = held.map { $0.isRejected && $0.token.fingerprint == token.fingerprint } ?? false
        hold(
            token,
            generation: record.generation,
            receivedWall: record.receivedWall,
            serverOffset: record.serverOffset,
            grewFrom: record.grewFrom,
            isNew: false,
            at: now
        )
        // A token that was rejected stays rejected, whoever brings it back (A9).
        if wasRejected { markRejected() }
        effects.append(
            .emit(
                isLoading
                    ? .loaded(generation: record.generation, token.fingerprint)
                    : .adopted(generation: record.generation, token.fingerprint)
            )
        )
    }

    /// Whether what is held now is what the flight was for, without any call.
    private func isSatisfied(under access: Shelf.Access, at now: Instant) -> Bool {
        guard let current = flight, let held, !held.isRejected, !isDead(held, at: now) else { return false }
        switch current.reason {
        case .start: return true
        case .early: return !isDue(held, at: now)
        case .expired, .rejected: return held.generation > current.heldGeneration
        // By hand means now; but if another process did it while we waited for the lock, it is done.
        case .byHand:
            return access == .locked && held.generation > current.heldGeneration && current.demand != .login
        case .persist, .look: return true
        }
    }
}
