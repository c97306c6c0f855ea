// What time alone brings about, and how often anything may be tried.

extension RenewalMachine {
    /// When the machine wants to be woken, on the elapsed clock.
    package func wakeAt(at now: Instant) -> Int64? {
        var wake = earliestDeadline
        if let flight {
            wake = min(wake, flight.deadline)
        } else if !isShutDown {
            if unsaved != nil { wake = min(wake, max(saveNotBefore, now.elapsed)) }
            if wanted > .automatic { wake = min(wake, max(budgetAt, now.elapsed)) }
            if !waiters.isEmpty { wake = min(wake, max(urgentPause.until, budgetAt, now.elapsed)) }
            if keepsFresh {
                if needsToken(at: now) {
                    if triesByItself { wake = min(wake, max(urgentPause.until, budgetAt, now.elapsed)) }
                    if isPausing(at: now) || !triesByItself { wake = min(wake, max(lookNotBefore, now.elapsed)) }
                } else if let early = held?.earlyAt {
                    wake = min(wake, max(early, earlyPause.until, budgetAt))
                }
            }
        }
        return wake == .max ? nil : wake
    }

    /// How often the store is looked at while this process waits before it asks Eskiz again.
    static let lookInterval: Int64 = 2 * .nanosecondsPerSecond

    func isPausing(at now: Instant) -> Bool { lastFailure != nil && !urgentPause.isOver(at: now) }

    func needsToken(at now: Instant) -> Bool {
        guard isLoaded, let held else { return true }
        return held.isRejected || isDead(held, at: now)
    }

    /// Whether time alone may bring a first token; without one, and with settings that cannot bring one, somebody else has
    /// to store it.
    var triesByItself: Bool {
        held != nil || !isLoaded || lastFailure.map { !$0.error.needsOperator } ?? true
    }

    mutating func tick(at now: Instant, _ effects: inout [Effect]) {
        if earliestDeadline <= now.elapsed {
            earliestDeadline = .max
            for (id, waiter) in waiters {
                if waiter.deadline <= now.elapsed {
                    waiters[id] = nil
                    effects.append(.answer(id, .fail(Self.waitedTooLongError)))
                } else {
                    earliestDeadline = min(earliestDeadline, waiter.deadline)
                }
            }
        }
        if let overdue = flight, overdue.deadline <= now.elapsed {
            effects.append(.abandon(overdue.id))
            fail(Self.flightTimedOutError(policy), isPermanent: false, at: now, &effects)
        }
        guard flight == nil, !isShutDown else { return }
        if unsaved != nil, saveNotBefore <= now.elapsed {
            return start(.persist, at: now, &effects)
        }
        if wanted > .automatic {
            guard takeFromBudget(at: now) else { return }
            return start(.byHand, at: now, &effects)
        }
        if !waiters.isEmpty {
            guard urgentPause.isOver(at: now), takeFromBudget(at: now) else { return }
            return start(reasonToWait, at: now, &effects)
        }
        guard keepsFresh else { return }
        if needsToken(at: now) {
            if urgentPause.isOver(at: now), triesByItself {
                guard takeFromBudget(at: now) else { return }
                start(reasonToWait, at: now, &effects)
            } else if now.elapsed >= lookNotBefore {
                start(.look, at: now, &effects)
            }
        } else if let held, isDue(held, at: now) {
            startEarly(at: now, &effects)
        }
    }

    mutating func startEarly(at now: Instant, _ effects: inout [Effect]) {
        guard flight == nil, earlyPause.isOver(at: now), !isShutDown, takeFromBudget(at: now) else { return }
        start(.early, at: now, &effects)
    }

    mutating func start(
        _ reason: Reason,
        _ demand: Demand = .automatic,
        at now: Instant,
        _ effects: inout [Effect]
    ) {
        let id = nextFlight
        nextFlight += 1
        var (reason, demand) = (reason, demand)
        if reason.makesCall, wanted > .automatic {
            // The next call serves whoever asked for one, whatever else it is for.
            (reason, demand) = (.byHand, max(demand, wanted))
            wanted = .automatic
        }
        if reason == .look { lookNotBefore = now.elapsed.addingClamped(Self.lookInterval) }
        flight = Flight(
            id: id,
            reason: reason,
            deadline: now.elapsed.addingClamped(policy.flightTimeout.nanoseconds),
            demand: demand,
            isUrgent: reason != .early && reason.makesCall,
            heldGeneration: held?.generation ?? 0
        )
        if reason != .start && reason.makesCall { effects.append(.emit(.renewalStarted(reason))) }
        effects.append(.start(id, .read))
    }

    /// What those who wait without a flight wait for.
    var reasonToWait: Reason {
        guard isLoaded, let held else { return .start }
        return held.isRejected ? .rejected : .expired
    }

    var budgetAt: Int64 { budget.next(interval: policy.budgetInterval(life: held?.life)) }

    mutating func takeFromBudget(at now: Instant) -> Bool {
        budget.take(at: now.elapsed, interval: policy.budgetInterval(life: held?.life))
    }
}
