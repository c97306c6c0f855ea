// Which credential call a flight makes, and what it makes of the answer.

extension RenewalMachine {
    mutating func call(_ shelf: Shelf, at now: Instant, _ effects: inout [Effect]) {
        guard let current = flight else { return }
        guard current.demand != .login, let held else { return logIn(shelf, at: now, &effects) }
        let hasFallback = current.isUrgent && shelf.login != nil
        proceed(to: .calling(.refresh, shelf), .refresh(held.token, hasFallback: hasFallback), &effects)
    }

    private mutating func logIn(_ shelf: Shelf, at now: Instant, _ effects: inout [Effect]) {
        guard let current = flight else { return }
        guard let login = shelf.login else {
            let error = held == nil ? Self.nothingToStartFromError : Self.nothingToLogInWithError
            return fail(
                current.demand == .login ? Self.noLoginConfiguredError : error,
                isPermanent: true,
                at: now,
                &effects
            )
        }
        if current.demand == .automatic, let refusal = lastRefusal(of: login, shelf) {
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
        proceed(
            to: .calling(.login(isRepeated: false), shelf),
            .logIn(hasFallback: current.isUrgent),
            &effects
        )
    }

    /// The store's word, or what is remembered here because the store could not be told.
    private func lastRefusal(of login: LoginFacts, _ shelf: Shelf) -> LoginRefusal? {
        [shelf.record?.refusal, refusal].compactMap { $0 }
            .filter { $0.credentials == login.credentials }
            .max { $0.count < $1.count }
    }

    mutating func answered(
        _ answer: CredentialAnswer,
        to call: Call,
        _ shelf: Shelf,
        at now: Instant,
        _ effects: inout [Effect]
    ) {
        switch call {
        case .refresh: refreshAnswered(answer, shelf, at: now, &effects)
        case .login(let isRepeated): loginAnswered(answer, isRepeated: isRepeated, shelf, at: now, &effects)
        }
    }

    private mutating func refreshAnswered(
        _ answer: CredentialAnswer,
        _ shelf: Shelf,
        at now: Instant,
        _ effects: inout [Effect]
    ) {
        switch answer {
        case .issued(let token, let serverTime):
            if token.fingerprint == held?.token.fingerprint { note(.refreshAnswersSameToken, at: now, &effects) }
            if let problem = problem(with: token, isLogin: false, serverTime: serverTime, at: now) {
                return refreshFailed(problem, shelf, at: now, &effects)
            }
            issued(token, byLogin: false, serverTime: serverTime, shelf, at: now, &effects)
        case .refused(let error):
            if isPastItsEnd(at: now) { note(.expiredTokenIsRefused, at: now, &effects) }
            refreshFailed(error, shelf, at: now, &effects)
        case .withoutToken(let error):
            refreshFailed(error, shelf, at: now, &effects)
        case .failed(let error, let isAmbiguous):
            // A refresh without an answer may have killed the old token: urgent flights log in, early ones wait and
            // let the next send test what is held (D2). So they do when there were too many refreshes.
            if isAmbiguous || error.code == .rateLimited, flight?.isUrgent == true, shelf.login != nil {
                return refreshFailed(error, shelf, at: now, &effects)
            }
            putOff(error, shelf, at: now, &effects)
        }
    }

    private mutating func loginAnswered(
        _ answer: CredentialAnswer,
        isRepeated: Bool,
        _ shelf: Shelf,
        at now: Instant,
        _ effects: inout [Effect]
    ) {
        switch answer {
        case .issued(let token, let serverTime):
            if let problem = problem(with: token, isLogin: true, serverTime: serverTime, at: now) {
                return fail(problem, isPermanent: false, at: now, &effects)
            }
            issued(token, byLogin: true, serverTime: serverTime, shelf, at: now, &effects)
        case .refused(let error), .withoutToken(let error):
            loginRefused(error, shelf, at: now, &effects)
        case .failed(let error, let isAmbiguous):
            // A login does no harm when it is made twice: one whose answer was lost is made once more (D3). A server
            // that answers, but not well, is left alone.
            if isAmbiguous, flight?.isUrgent == true, !isRepeated, !error.isServerFault, !isShutDown {
                return proceed(to: .calling(.login(isRepeated: true), shelf), .logIn(hasFallback: false), &effects)
            }
            putOff(error, shelf, at: now, &effects)
        }
    }

    /// Ends the flight with a passing failure.
    ///
    /// Where Eskiz says when to come back, who looks at the store from outside should see what is waited for.
    private mutating func putOff(_ error: EskizError, _ shelf: Shelf, at now: Instant, _ effects: inout [Effect]) {
        guard let asked = error.retryAfter else { return fail(error, isPermanent: false, at: now, &effects) }
        let wait = min(asked, policy.longestRetryAfter)
        let hold = RenewalHold(until: now.wall.addingClamped(wait.nanoseconds), code: error.code.rawValue)
        failAfterNoting(error, isPermanent: false, shelf, at: now, &effects) { $0.hold = hold }
    }

    private func isPastItsEnd(at now: Instant) -> Bool {
        held?.endAt.map { now.elapsed >= $0 } ?? false
    }

    private mutating func refreshFailed(
        _ error: EskizError,
        _ shelf: Shelf,
        at now: Instant,
        _ effects: inout [Effect]
    ) {
        effects.append(.emit(.refreshRefused(error)))
        logIn(shelf, at: now, &effects)
    }

    /// Why a token that came is no replacement for the one that is held (C4, A9).
    private func problem(
        with token: BearerToken,
        isLogin: Bool,
        serverTime: Int64?,
        at now: Instant
    ) -> EskizError? {
        // A token of another make says nothing of itself: Eskiz is the judge, by its 401.
        let claims = token.claims
        if let life = claims?.life, life <= 0 { return Self.badTokenError("it had expired when it was issued") }
        if let end = claims?.expiresAt, let serverTime, end <= serverTime {
            return Self.badTokenError("it had expired when it was issued")
        }
        guard let held else { return nil }
        if token.fingerprint == held.token.fingerprint { return Self.badTokenError("it is the old one") }
        if !isLogin, let old = held.token.claims?.subject, let new = claims?.subject, old != new {
            return Self.badTokenError("it belongs to another account")
        }
        if !isLogin, !held.isRejected, !isDead(held, at: now), let old = held.token.claims?.expiresAt,
            let new = claims?.expiresAt, new < old
        {
            return Self.badTokenError("it ends before the old one")
        }
        return nil
    }

    private mutating func issued(
        _ token: BearerToken,
        byLogin: Bool,
        serverTime: Int64?,
        _ shelf: Shelf,
        at now: Instant,
        _ effects: inout [Effect]
    ) {
        guard let reason = flight?.reason else { return }
        if !byLogin, isPastItsEnd(at: now) { note(.expiredTokenIsRenewed, at: now, &effects) }
        predecessor = held.flatMap { old in
            guard !old.isRejected, let end = old.endAt, now.elapsed < end else { return nil }
            return Predecessor(fingerprint: old.token.fingerprint, endAt: end, byLogin: byLogin)
        }
        let generation = max(held?.generation ?? 0, shelf.generation) + 1
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
            account: byLogin ? shelf.login?.account : (shelf.ours?.account ?? shelf.login?.account),
            traits: traits
        )
        unsaved = record
        refusal = nil
        effects.append(.emit(.renewed(generation: generation, token.fingerprint, byLogin: byLogin, reason)))
        if shelf.access == .alone {
            pauseSaving(at: now)
            return land(.token, stored: nil, at: now, &effects)
        }
        proceed(to: .publishing(.token, shelf), .publish(record, replacing: shelf.generation), &effects)
    }

    private mutating func loginRefused(
        _ error: EskizError,
        _ shelf: Shelf,
        at now: Instant,
        _ effects: inout [Effect]
    ) {
        guard let login = shelf.login else { return }
        let isBlocked = error.httpStatus.map { (200..<300).contains($0) } ?? false
        let refused = isBlocked ? Self.accountBlockedError(error) : Self.loginRefusedError(error)
        let previous = lastRefusal(of: login, shelf)?.count ?? 0
        let refusal = LoginRefusal(credentials: login.credentials, count: previous + 1, wall: now.wall)
        self.refusal = refusal
        let pause = Duration.nanoseconds(policy.refusedLoginPause(afterRefusals: refusal.count))
        effects.append(.emit(.loginRefused(refused, pause: pause)))
        failAfterNoting(refused, isPermanent: true, shelf, at: now, &effects) { record in
            record.refusal = refusal
            record.hold = nil
        }
    }

    /// Ends the flight with a failure that other processes, and people, are to know of.
    ///
    /// Whatever token lies there stays there: a failure is no reason to lose one (F4).
    private mutating func failAfterNoting(
        _ error: EskizError,
        isPermanent: Bool,
        _ shelf: Shelf,
        at now: Instant,
        _ effects: inout [Effect],
        _ change: (inout TokenRecord) -> Void
    ) {
        // What cannot be read is not overwritten only to note a failure.
        guard shelf.access != .alone, !shelf.isUnreadable else {
            return fail(error, isPermanent: isPermanent, at: now, &effects)
        }
        var record =
            shelf.record
            ?? TokenRecord(
                generation: shelf.generation,
                token: nil,
                receivedWall: 0,
                origin: origin,
                account: shelf.login?.account
            )
        change(&record)
        record.traits.merge(traits)
        proceed(
            to: .publishing(.failure(error, isPermanent: isPermanent), shelf),
            .publish(record, replacing: shelf.generation),
            &effects
        )
    }
}

extension EskizError {
    fileprivate var isServerFault: Bool { httpStatus.map { $0 >= 400 } ?? false }
}
