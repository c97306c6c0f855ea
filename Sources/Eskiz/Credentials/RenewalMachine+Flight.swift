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

    // MARK: The end

    mutating func finish(at now: Instant, _ effects: inout [Effect]) {
        guard let current = flight else { return }
        flight = nil
        if current.reason == .persist { return askAgain(at: now, &effects) }
        if current.reason == .look {
            if let held, !held.isRejected, !isDead(held, at: now) { endPause() }
            return askAgain(at: now, &effects)
        }
        endPause()
        if current.isUrgent { endRun() }
        guard let held else { return }
        if !waiters.isEmpty { effects.append(.answerAll(waiters.keys, .use(held.token, stamp(held)))) }
        waiters = [:]
        earliestDeadline = .max
    }

    /// There is a token that works, whoever renewed it.
    private mutating func endPause() {
        lastFailure = nil
        urgentFailures = 0
        if freshRejections < 2 { urgentNotBefore = .min }
    }

    /// After a flight that made no call: each waiter asks for what it wanted as if it came now.
    private mutating func askAgain(at now: Instant, _ effects: inout [Effect]) {
        let ids = waiters
        waiters = [:]
        earliestDeadline = .max
        for (id, waiter) in ids {
            // Storing an old token is no answer to somebody who asked for a new one (T4).
            if waiter.wantsRenewal {
                renew(
                    id,
                    byLogin: waiter.byLogin,
                    isByHand: waiter.isByHand,
                    deadline: waiter.deadline,
                    at: now,
                    &effects
                )
            } else {
                effects += receive(.request(id, deadline: waiter.deadline), at: now)
            }
        }
    }

    mutating func fail(_ error: EskizError, isPermanent: Bool, at now: Instant, _ effects: inout [Effect]) {
        guard let current = flight else { return }
        flight = nil
        if current.reason == .persist {
            pauseSaving(at: now)
            return askAgain(at: now, &effects)
        }
        if current.reason == .look { return askAgain(at: now, &effects) }
        // However long Eskiz asks to wait: nobody sends a code meanwhile, and a try now and then does it no harm.
        var error = error
        if !isPermanent, let asked = error.retryAfter {
            error = error.with(
                remedy: "It is tried again by itself; `eskiz refresh-token` tries at once.",
                retryAfter: min(asked, policy.longestRetryAfter)
            )
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
            earlyFailure = error.code
        }
        effects.append(.emit(.renewalFailed(current.reason, error, nextTry: .nanoseconds(pause))))
        // Whoever waits hears what the log has now.
        let answer = error.with(isReported: current.isUrgent && current.reason != .early)
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
                effects.append(.answer(id, .fail(answer)))
            }
        }
        waiters = [:]
        earliestDeadline = .max
    }
}
