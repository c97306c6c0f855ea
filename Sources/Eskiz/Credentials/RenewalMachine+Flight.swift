// The steps of a renewal: read → lock → read again → call → publish → memory → waiters.

extension RenewalMachine {
    mutating func fly(_ event: FlightEvent, at now: Instant, _ effects: inout [Effect]) {
        guard let current = flight else { return }
        switch (event, current.phase) {
        case (.read(let stored, let login), .reading):
            take(stored, login: login, under: .open, at: now, &effects)
        case (.read(let stored, let login), .readingAgain):
            take(stored, login: login, under: .locked, at: now, &effects)
        case (.locked(let waited), .locking):
            // Below a tenth of a second nobody held it.
            if waited > 100_000_000 { effects.append(.emit(.lockWaited(.nanoseconds(waited)))) }
            proceed(to: .readingAgain, .read, &effects)
        case (.lockBusy, .locking):
            fail(Self.lockBusyError, isPermanent: false, at: now, &effects)
        case (.storeUnreachable(let reason), .locking(var shelf)):
            degrade(reason, &effects)
            if current.reason == .persist {
                pauseSaving(at: now)
                return finish(at: now, &effects)
            }
            shelf.access = .alone
            call(shelf, at: now, &effects)
        case (.answered(let answer), .calling(let call, let shelf)):
            answered(answer, to: call, shelf, at: now, &effects)
        case (.published, .publishing(let outcome, _)):
            published(&effects)
            land(outcome, stored: outcome.isToken ? unsaved.take() : nil, at: now, &effects)
        case (.superseded(let stored), .publishing(let outcome, let shelf)):
            // Somebody published between our reading and our writing; one owner is agreed upon: the store.
            superseded(by: stored, shelf, at: now, &effects)
            land(outcome, stored: nil, at: now, &effects)
        case (.publishFailed(let reason), .publishing(let outcome, _)):
            degrade(reason, &effects)
            pauseSaving(at: now)
            land(outcome, stored: nil, at: now, &effects)
        case (.read, _), (.locked, _), (.lockBusy, _), (.storeUnreachable, _), (.answered, _), (.published, _),
            (.superseded, _), (.publishFailed, _):
            // Each step has one answer of its kind; anything else is late, and counts for nothing.
            break
        }
    }

    /// The next step of the flight.
    mutating func proceed(to phase: Phase, _ step: Step, _ effects: inout [Effect]) {
        guard let id = flight?.id else { return }
        flight?.phase = phase
        effects.append(.next(id, step))
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
        urgentPause.forgetFailures(keepingPause: rejections.isPingPong)
    }

    /// After a flight that made no call: each waiter asks for what it wanted as if it came now.
    private mutating func askAgain(at now: Instant, _ effects: inout [Effect]) {
        let ids = waiters
        waiters = [:]
        earliestDeadline = .max
        for (id, waiter) in ids {
            // Storing an old token is no answer to somebody who asked for a new one (T4).
            if waiter.wantsRenewal {
                renew(id, waiter.demand, deadline: waiter.deadline, at: now, &effects)
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
        let pause: Int64
        if current.isUrgent {
            pause = urgentPause.lengthen(
                by: policy.urgentBackoff,
                retryAfter: error.retryAfter.map { isPermanent ? min($0, policy.urgentBackoff.cap) : $0 },
                at: now,
                using: &random
            )
            endRun()
            lastFailure = Failure(error: error, run: runs, generation: held?.generation ?? 0)
        } else {
            pause = earlyPause.lengthen(
                by: policy.earlyBackoff,
                extra: isPermanent ? 6 : 0,
                retryAfter: error.retryAfter,
                at: now,
                using: &random
            )
            earlyFailure = error.code
        }
        effects.append(.emit(.renewalFailed(current.reason, error, nextTry: .nanoseconds(pause))))
        // Whoever waits hears what the log has now.
        let answer = error.with(isReported: current.isUrgent && current.reason != .early)
        if let end = held?.endAt, earlyPause.failures >= 3 {
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
