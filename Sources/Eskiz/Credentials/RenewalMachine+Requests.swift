// What a request, a 401, or a person who wants a new token brings about.

extension RenewalMachine {
    /// So many early deaths in a row are no accident: two hosts log each other out (D5).
    static let suspiciousEarlyDeaths = 3

    mutating func request(_ id: WaiterID, _ waiter: Waiter, at now: Instant, _ effects: inout [Effect]) {
        guard !isShutDown else { return effects.append(.answer(id, .fail(Self.shutDownError))) }
        guard isLoaded else { return wait(id, waiter, for: .start, at: now, &effects) }
        guard let held else { return wait(id, waiter, for: .start, at: now, &effects) }
        if held.isRejected { return wait(id, waiter, for: .rejected, at: now, &effects) }
        if isDead(held, at: now) {
            if !hasSaidExpired {
                hasSaidExpired = true
                effects.append(.emit(.expired(generation: held.generation)))
            }
            return wait(id, waiter, for: .expired, at: now, &effects)
        }
        effects.append(.answer(id, .use(held.token, stamp(held))))
        if let early = held.earlyAt, now.elapsed >= early { startEarly(at: now, &effects) }
    }

    mutating func rejected(
        _ stamp: Stamp,
        _ id: WaiterID?,
        deadline: Int64,
        at now: Instant,
        _ effects: inout [Effect]
    ) {
        let waiter = Waiter(deadline: deadline, wantsRenewal: false, acceptsExpired: false)
        guard var current = held, !isShutDown else {
            if let id { request(id, waiter, at: now, &effects) }
            return
        }
        guard stamp.generation == current.generation, stamp.fingerprint == current.token.fingerprint else {
            if let old = predecessor, old.fingerprint == stamp.fingerprint, now.elapsed < old.endAt {
                note(old.byLogin ? .oldTokenDiesAtLogin : .oldTokenDiesAtRefresh, at: now, &effects)
            }
            // A late 401 of an older token: no call, only a replay with the current one (B1, B2).
            if let id {
                if !current.isRejected { effects.append(.emit(.replayed(generation: current.generation))) }
                request(id, waiter, at: now, &effects)
            }
            return
        }
        if !current.isRejected {
            current.isRejected = true
            held = current
            rejections.count(current, at: now)
            effects.append(.emit(.rejected(generation: current.generation, current.token.fingerprint)))
            if rejections.early > 0, now.elapsed >= current.youngUntil { note(.tokenDiesEarly, at: now, &effects) }
            if rejections.early > 0, rejections.early.isMultiple(of: Self.suspiciousEarlyDeaths) {
                effects.append(.emit(.mutualInvalidation))
            }
            if rejections.isPingPong {
                // Eskiz rejects what it has just issued: renewing on would be ping-pong (B11).
                _ = urgentPause.lengthen(
                    by: policy.urgentBackoff,
                    extra: 4,
                    retryAfter: .seconds(30),
                    at: now,
                    using: &random
                )
                lastFailure = Failure(error: Self.newTokensRejectedError, run: runs, generation: current.generation)
                effects.append(.emit(.newTokensRejected))
            }
        } else if let lastFailure, lastFailure.run > stamp.runs, lastFailure.generation == current.generation {
            // The flight for this very token has failed since the request was signed: that failure is the answer (A5).
            if let id { effects.append(.answer(id, .fail(lastFailure.error))) }
            return
        }
        if let id { wait(id, waiter, for: .rejected, at: now, &effects) }
    }

    mutating func accepted(_ stamp: Stamp) {
        guard let current = held, !current.isRejected, stamp.generation == current.generation,
            stamp.fingerprint == current.token.fingerprint
        else { return }
        held?.hasWorked = true
        rejections.fresh = 0
    }

    mutating func renew(
        _ id: WaiterID,
        _ demand: Demand,
        deadline: Int64,
        at now: Instant,
        _ effects: inout [Effect]
    ) {
        guard !isShutDown else { return effects.append(.answer(id, .fail(Self.shutDownError))) }
        let waiter = Waiter(deadline: deadline, wantsRenewal: true, demand: demand, acceptsExpired: false)
        if let current = flight {
            add(id, waiter)
            // One that makes no call ends soon; whoever waits is served then.
            guard current.reason.makesCall else { return }
            flight?.isUrgent = true
            flight?.demand = max(current.demand, demand)
            if demand == .login || current.reason == .start { flight?.reason = .byHand }
            return
        }
        guard takeFromBudget(at: now) else {
            guard demand > .automatic else { return effects.append(.answer(id, .fail(Self.budgetError(policy)))) }
            // The budget bounds the calls whatever callers do; a person waits for it, a moment, and is then served.
            wanted = max(wanted, demand)
            return add(id, waiter)
        }
        add(id, waiter)
        start(.byHand, demand, at: now, &effects)
    }

    mutating func renewIfDue(_ id: WaiterID, deadline: Int64, at now: Instant, _ effects: inout [Effect]) {
        let waiter = Waiter(deadline: deadline, wantsRenewal: false, acceptsExpired: false)
        guard isLoaded, let held, !isShutDown, isDue(held, at: now) else {
            return request(id, waiter, at: now, &effects)
        }
        renew(id, .automatic, deadline: deadline, at: now, &effects)
    }

    mutating func add(_ id: WaiterID, _ waiter: Waiter) {
        waiters[id] = waiter
        earliestDeadline = min(earliestDeadline, waiter.deadline)
    }

    /// Parks a waiter on the flight there is, or starts one if back-off and budget allow.
    mutating func wait(
        _ id: WaiterID,
        _ waiter: Waiter,
        for reason: Reason,
        at now: Instant,
        _ effects: inout [Effect]
    ) {
        if flight != nil {
            flight?.isUrgent = true
            return add(id, waiter)
        }
        if isPausing(at: now), let lastFailure {
            // Somebody else may have renewed it meanwhile: a look costs no call.
            if now.elapsed >= lookNotBefore {
                add(id, waiter)
                return start(.look, at: now, &effects)
            }
            let error = lastFailure.error.with(retryAfter: urgentPause.left(at: now))
            let answer = answerWithoutToken(waiter, error, now, &effects)
            return effects.append(.answer(id, answer))
        }
        guard takeFromBudget(at: now) else {
            // The budget spaces renewals; it is no reason to fail somebody who has the time.
            if budgetAt < waiter.deadline { return add(id, waiter) }
            let error = lastFailure?.error ?? Self.budgetError(policy)
            let answer = answerWithoutToken(waiter, error, now, &effects)
            return effects.append(.answer(id, answer))
        }
        add(id, waiter)
        start(reason, at: now, &effects)
    }

    /// A token past its local end is worth one try: the clock may be the one that is wrong (C5).
    mutating func answerWithoutToken(
        _ waiter: Waiter,
        _ error: EskizError,
        _ now: Instant,
        _ effects: inout [Effect]
    ) -> Answer {
        guard waiter.acceptsExpired, policy.triesExpiredTokenInOutage, let held, !held.isRejected,
            !error.needsOperator || error.code == .tokenDead
        else { return .fail(error) }
        effects.append(.emit(.expiredTokenUsed(generation: held.generation)))
        return .use(held.token, stamp(held))
    }
}
