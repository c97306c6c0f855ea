// The steps of a renewal: read → lock → read again → call → publish → memory → waiters.

extension RenewalMachine {
    mutating func fly(_ event: FlightEvent, at now: Instant, _ effects: inout [Effect]) {
        guard var current = flight else { return }
        switch event {
        case .read(let stored, let login):
            current.login = login
            flight = current
            take(stored, at: now, &effects)
        case .locked(let waited):
            current.hasLock = true
            flight = current
            // Below a tenth of a second nobody held it.
            if waited > 100_000_000 { effects.append(.emit(.lockWaited(.nanoseconds(waited)))) }
            effects.append(.next(current.id, .read))
        case .lockBusy:
            fail(Self.lockBusyError, isPermanent: false, at: now, &effects)
        case .storeUnreachable(let reason):
            degrade(reason, &effects)
            current.isAlone = true
            flight = current
            if current.reason == .persist {
                pauseSaving(at: now)
                return finish(at: now, &effects)
            }
            call(at: now, &effects)
        case .answered(let answer):
            answered(answer, at: now, &effects)
        case .published:
            published(&effects)
            landed(at: now, &effects)
        case .superseded(let stored):
            // Somebody published between our reading and our writing; one owner is agreed upon: the store.
            superseded(by: stored, at: now, &effects)
            landed(at: now, &effects)
        case .publishFailed(let reason):
            degrade(reason, &effects)
            pauseSaving(at: now)
            landed(at: now, &effects)
        }
    }

    // MARK: Reading

    private mutating func take(_ stored: StoredToken, at now: Instant, _ effects: inout [Effect]) {
        guard var current = flight else { return }
        let isFirstReading = !current.hasRead
        current.hasRead = true
        if let anomaly = stored.anomaly, isFirstReading { effects.append(.emit(.storeDistrusted(anomaly))) }
        current.storedGeneration = stored.record?.generation ?? 0
        current.onFile = stored.record
        current.isUnreadable = stored.record == nil && stored.anomaly != nil
        current.stored = stored.record.flatMap { isOurs($0, login: current.login) ? $0 : nil }
        if let record = stored.record, current.stored == nil, isFirstReading, record.token != nil {
            effects.append(.emit(.storeDistrusted("The stored token belongs to another account or address.")))
        }
        flight = current
        if isFirstReading, !isLoaded {
            load(at: now, &effects)
            isLoaded = true
            if let held { flight?.heldGeneration = held.generation }
        } else if let record = current.stored, record.token != nil,
            record.generation > (held?.generation ?? 0) || held == nil
        {
            adopt(record, at: now, &effects)
        }
        // By hand means newer than what is there now, not newer than what this process remembers.
        if isFirstReading, current.reason == .byHand, let held { flight?.heldGeneration = held.generation }
        guard let current = flight else { return }
        if current.reason == .persist { return persist(at: now, &effects) }
        if isSatisfied(current, at: now) { return finish(at: now, &effects) }
        if !current.hasLock, !current.isAlone {
            effects.append(.next(current.id, .lock(deadline: current.deadline)))
        } else {
            call(at: now, &effects)
        }
    }

    private func isOurs(_ record: TokenRecord, login: LoginFacts? = nil) -> Bool {
        guard record.origin == origin else { return false }
        guard let account = record.account, let login else { return true }
        return account == login.account
    }

    /// First reading in this process: the store against `ESKIZ_TOKEN`.
    private mutating func load(at now: Instant, _ effects: inout [Effect]) {
        guard let current = flight else { return }
        let record = current.stored
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
            generation: current.storedGeneration + 1,
            receivedWall: 0,
            serverOffset: 0,
            grewFrom: seed.fingerprint,
            isNew: false,
            at: now
        )
        effects.append(.emit(.loaded(generation: current.storedGeneration + 1, seed.fingerprint)))
    }

    private mutating func adopt(
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
    private func isSatisfied(_ current: Flight, at now: Instant) -> Bool {
        guard let held, !held.isRejected, !isDead(held, at: now) else { return false }
        switch current.reason {
        case .start: return true
        case .early: return !isDue(held, at: now)
        case .expired, .rejected: return held.generation > current.heldGeneration
        // By hand means now; but if another process did it while we waited for the lock, it is done.
        case .byHand: return current.hasLock && held.generation > current.heldGeneration && !current.byLogin
        case .persist: return true
        }
    }

    // MARK: Calling

    private mutating func call(at now: Instant, _ effects: inout [Effect]) {
        guard let current = flight else { return }
        if !current.byLogin, !current.refreshWasRefused, let held {
            return effects.append(.next(current.id, .refresh(held.token)))
        }
        logIn(at: now, &effects)
    }

    private mutating func logIn(at now: Instant, _ effects: inout [Effect]) {
        guard let current = flight else { return }
        guard let login = current.login else {
            let error = held == nil ? Self.nothingToStartFromError : Self.nothingToLogInWithError
            return fail(current.byLogin ? Self.noLoginConfiguredError : error, isPermanent: true, at: now, &effects)
        }
        if !current.byLogin, let refusal = lastRefusal(of: login) {
            // The same e-mail and key were refused not long ago: leave the account alone (D4, T26). A refusal far in
            // the future was noted before the clock was set back, and says nothing any more (E2).
            let pause = policy.refusedLoginPause(afterRefusals: refusal.count)
            let passed = now.wall.subtractingClamped(refusal.wall)
            let left = pause.subtractingClamped(max(passed, 0))
            if left > 0, passed > -pause {
                effects.append(.emit(.loginHeldBack(.nanoseconds(left))))
                return fail(Self.loginHeldBackError(.nanoseconds(left)), isPermanent: true, at: now, &effects)
            }
        }
        flight?.isLoggingIn = true
        effects.append(.next(current.id, .logIn))
    }

    /// The store's word, or what is remembered here because the store could not be told.
    private func lastRefusal(of login: LoginFacts) -> LoginRefusal? {
        [flight?.onFile?.refusal, refusal].compactMap { $0 }
            .filter { $0.credentials == login.credentials }
            .max { $0.count < $1.count }
    }

    private mutating func answered(_ answer: CredentialAnswer, at now: Instant, _ effects: inout [Effect]) {
        guard let current = flight else { return }
        // Not what the flight is for: somebody may have asked for a login while a refresh was on the wire.
        let isLogin = current.isLoggingIn
        switch answer {
        case .issued(let token, let serverTime):
            if let problem = problem(with: token, isLogin: isLogin, serverTime: serverTime, at: now) {
                return isLogin
                    ? fail(problem, isPermanent: false, at: now, &effects)
                    : refreshFailed(problem, at: now, &effects)
            }
            issued(token, byLogin: isLogin, serverTime: serverTime, at: now, &effects)
        case .refused(let error):
            if isLogin { return loginRefused(error, at: now, &effects) }
            refreshFailed(error, at: now, &effects)
        case .withoutToken(let error):
            if isLogin { return loginRefused(error, at: now, &effects) }
            refreshFailed(error, at: now, &effects)
        case .failed(let error, let isAmbiguous):
            // A refresh without an answer may have killed the old token: urgent flights log in, early ones wait and
            // let the next send test what is held (D2).
            if !isLogin, isAmbiguous, current.isUrgent, current.login != nil {
                flight?.refreshWasRefused = true
                effects.append(.emit(.refreshRefused(error)))
                return logIn(at: now, &effects)
            }
            fail(error, isPermanent: false, at: now, &effects)
        }
    }

    private mutating func refreshFailed(_ error: EskizError, at now: Instant, _ effects: inout [Effect]) {
        flight?.refreshWasRefused = true
        effects.append(.emit(.refreshRefused(error)))
        logIn(at: now, &effects)
    }

    /// Why a token that came is no replacement for the one that is held (C4, A9).
    private func problem(
        with token: BearerToken,
        isLogin: Bool,
        serverTime: Int64?,
        at now: Instant
    ) -> EskizError? {
        guard let claims = token.claims else { return Self.badTokenError("it is not a JWT") }
        if let life = claims.life, life <= 0 { return Self.badTokenError("it had expired when it was issued") }
        if let end = claims.expiresAt, let serverTime, end <= serverTime {
            return Self.badTokenError("it had expired when it was issued")
        }
        guard let held else { return nil }
        if token.fingerprint == held.token.fingerprint { return Self.badTokenError("it is the old one") }
        if !isLogin, let old = held.token.claims?.subject, let new = claims.subject, old != new {
            return Self.badTokenError("it belongs to another account")
        }
        if !isLogin, !held.isRejected, !isDead(held, at: now), let old = held.token.claims?.expiresAt,
            let new = claims.expiresAt, new < old
        {
            return Self.badTokenError("it ends before the old one")
        }
        return nil
    }

    private mutating func issued(
        _ token: BearerToken,
        byLogin: Bool,
        serverTime: Int64?,
        at now: Instant,
        _ effects: inout [Effect]
    ) {
        guard let current = flight else { return }
        let generation = max(held?.generation ?? 0, current.storedGeneration) + 1
        let offset: Int64 =
            serverTime.map {
                let offset = $0.multipliedClamped(by: .nanosecondsPerSecond).subtractingClamped(now.wall)
                // `Date` has whole seconds: below two of them the clocks agree.
                return abs(offset) < 2 * .nanosecondsPerSecond ? 0 : offset
            } ?? 0
        let record = TokenRecord(
            generation: generation,
            token: token,
            receivedWall: now.wall,
            serverOffset: offset,
            grewFrom: seed?.fingerprint ?? held?.grewFrom,
            origin: origin,
            account: byLogin ? current.login?.account : (current.stored?.account ?? current.login?.account)
        )
        unsaved = record
        refusal = nil
        flight?.stored = record
        effects.append(.emit(.renewed(generation: generation, token.fingerprint, byLogin: byLogin, current.reason)))
        if current.isAlone {
            pauseSaving(at: now)
            return landed(at: now, &effects)
        }
        effects.append(.next(current.id, .publish(record, replacing: current.storedGeneration)))
    }

    private mutating func loginRefused(_ error: EskizError, at now: Instant, _ effects: inout [Effect]) {
        guard let current = flight, let login = current.login else { return }
        let isBlocked = error.httpStatus.map { (200..<300).contains($0) } ?? false
        let refused = isBlocked ? Self.accountBlockedError(error) : Self.loginRefusedError(error)
        let previous = lastRefusal(of: login)?.count ?? 0
        let refusal = LoginRefusal(credentials: login.credentials, count: previous + 1, wall: now.wall)
        self.refusal = refusal
        let pause = Duration.nanoseconds(policy.refusedLoginPause(afterRefusals: refusal.count))
        effects.append(.emit(.loginRefused(refused, pause: pause)))
        // Whatever token lies there stays there: a refused login is no reason to lose one (F4).
        var record =
            current.onFile
            ?? TokenRecord(
                generation: current.storedGeneration,
                token: nil,
                receivedWall: 0,
                origin: origin,
                account: login.account
            )
        record.refusal = refusal
        record.generation = current.storedGeneration
        flight?.failureOfLogin = refused
        flight?.onFile = record
        if current.isAlone || current.isUnreadable { return landed(at: now, &effects) }
        effects.append(.next(current.id, .publish(record, replacing: current.storedGeneration)))
    }

    // MARK: Publishing and landing

    private mutating func published(_ effects: inout [Effect]) {
        if isStoreDegraded {
            setDegraded(false)
            effects.append(.emit(.storeRecovered))
        }
        if flight?.failureOfLogin == nil { unsavedIsStored() }
    }

    private mutating func pauseSaving(at now: Instant) {
        saveNotBefore = now.elapsed.addingClamped(policy.earlyBackoff.pause(afterFailures: 6, using: &random))
    }

    /// The store holds something else than was read.
    ///
    /// A token of at least our generation is taken; an older one, or
    /// none, is a store that was put back or emptied, and must not cost us the token that was just issued (G5, T14).
    private mutating func superseded(by stored: StoredToken, at now: Instant, _ effects: inout [Effect]) {
        let ours = unsaved?.generation ?? ((held?.generation ?? 0) + 1)
        if let record = stored.record, let token = record.token, isOurs(record), record.generation >= ours,
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

    private mutating func degrade(_ reason: String, _ effects: inout [Effect]) {
        guard !isStoreDegraded else { return }
        setDegraded(true)
        effects.append(.emit(.storeDegraded(reason)))
    }

    /// Only to store what could not be stored when it came.
    private mutating func persist(at now: Instant, _ effects: inout [Effect]) {
        guard let current = flight, let record = unsaved else { return finish(at: now, &effects) }
        if current.storedGeneration >= record.generation {
            unsaved = nil
            return finish(at: now, &effects)
        }
        if !current.hasLock { return effects.append(.next(current.id, .lock(deadline: current.deadline))) }
        effects.append(.next(current.id, .publish(record, replacing: current.storedGeneration)))
    }

    /// The call is over and the store knows, or cannot know: memory, then waiters.
    private mutating func landed(at now: Instant, _ effects: inout [Effect]) {
        if let error = flight?.failureOfLogin { return fail(error, isPermanent: true, at: now, &effects) }
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

    private mutating func finish(at now: Instant, _ effects: inout [Effect]) {
        guard let current = flight else { return }
        flight = nil
        if current.reason == .persist { return releaseAfterPersist(at: now, &effects) }
        lastFailure = nil
        urgentFailures = 0
        if freshRejections < 2 { urgentNotBefore = .min }
        if current.isUrgent { endRun() }
        guard let held else { return }
        for id in waiters.keys { effects.append(.answer(id, .use(held.token, stamp(held)))) }
        waiters = [:]
        earliestDeadline = .max
    }

    private mutating func releaseAfterPersist(at now: Instant, _ effects: inout [Effect]) {
        let ids = waiters
        waiters = [:]
        earliestDeadline = .max
        for (id, waiter) in ids {
            // Storing an old token is no answer to somebody who asked for a new one (T4).
            let event: Event =
                waiter.wantsRenewal
                ? .renew(id, byLogin: waiter.byLogin, deadline: waiter.deadline)
                : .request(id, deadline: waiter.deadline)
            effects += receive(event, at: now)
        }
    }

    mutating func fail(_ error: EskizError, isPermanent: Bool, at now: Instant, _ effects: inout [Effect]) {
        guard let current = flight else { return }
        flight = nil
        if current.reason == .persist {
            pauseSaving(at: now)
            return releaseAfterPersist(at: now, &effects)
        }
        var pause: Int64
        if current.isUrgent {
            urgentFailures += 1
            pause = policy.urgentBackoff.pause(
                afterFailures: urgentFailures,
                retryAfter: error.retryAfter.map { isPermanent ? min($0, policy.urgentBackoff.cap) : $0 },
                using: &random
            )
            urgentNotBefore = now.elapsed.addingClamped(pause)
            endRun()
            lastFailure = Failure(error: error, run: runs, generation: held?.generation ?? 0)
        } else {
            earlyFailures += 1
            pause = policy.earlyBackoff.pause(
                afterFailures: isPermanent ? earlyFailures + 6 : earlyFailures,
                retryAfter: error.retryAfter,
                using: &random
            )
            earlyNotBefore = now.elapsed.addingClamped(pause)
        }
        effects.append(.emit(.renewalFailed(current.reason, error, nextTry: .nanoseconds(pause))))
        if let end = held?.endAt, earlyFailures >= 3 {
            effects.append(.emit(.willFail(in: .nanoseconds(max(0, end.subtractingClamped(now.elapsed))))))
        }
        for (id, waiter) in waiters {
            // A first reading that could not be completed leaves a live token: use it.
            if !waiter.wantsRenewal, let held, !held.isRejected, !isDead(held, at: now) {
                effects.append(.answer(id, .use(held.token, stamp(held))))
            } else if waiter.acceptsExpired, policy.triesExpiredTokenInOutage, !isPermanent, let held, !held.isRejected
            {
                effects.append(.emit(.expiredTokenUsed(generation: held.generation)))
                effects.append(.answer(id, .use(held.token, stamp(held))))
            } else {
                effects.append(.answer(id, .fail(error)))
            }
        }
        waiters = [:]
        earliestDeadline = .max
    }
}
