/// The decisions about the token: an event comes in, effects come out.
///
/// A value without clock, lock, network or task. `TokenKeeper` performs what it says. Whatever happens, three things
/// hold: there is at most one flight, a failure never destroys the last good token, and no failure is a state — it is
/// a fact with a time, next to the token.
package struct RenewalMachine: Sendable {
    let policy: RenewalPolicy
    let origin: String
    let seed: BearerToken?
    /// Mixed into the draw of the early window, so that hosts differ.
    let hostSalt: UInt64
    var random: SplitMix64

    package internal(set) var held: Held?
    /// Urgent flights that have come to an end.
    package internal(set) var runs: UInt64 = 0
    var flight: Flight?
    var waiters: [WaiterID: Waiter] = [:]
    var earliestDeadline: Int64 = .max
    /// Of renewals that somebody waited for.
    var urgentPause = RenewalPause.none
    var lastFailure: Failure?
    /// Of renewals in good time.
    var earlyPause = RenewalPause.none
    var earlyFailure: EskizError.Code?
    var rejections = Rejections()
    var budget: RenewalBudget
    /// A renewal that a person asked for and that waits for the budget.
    var wanted = Demand.automatic
    /// When the store may be looked at again during a pause.
    var lookNotBefore: Int64 = .min
    /// Issued but not known to be stored.
    var unsaved: TokenRecord?
    var saveNotBefore: Int64 = .min
    /// The last refused login, kept here too: a store that cannot be written must not make us hammer the account.
    var refusal: LoginRefusal?
    package internal(set) var isStoreDegraded = false
    /// What Eskiz was seen to do, here or by whoever wrote the store.
    package var traits = ServerTraits()
    /// The token that was given up while it was alive; nil if the last one was dead anyway.
    var predecessor: Predecessor?
    var isLoaded = false
    var keepsFresh = false
    var isShutDown = false
    var hasSaidExpired = false
    var nextFlight: FlightID = 1

    package init(
        policy: RenewalPolicy,
        origin: String,
        seed: BearerToken?,
        hostSalt: UInt64,
        randomSeed: UInt64
    ) {
        self.policy = policy
        self.origin = origin
        self.seed = seed
        self.hostSalt = hostSalt
        random = SplitMix64(seed: randomSeed)
        budget = RenewalBudget(burst: policy.budget)
    }

    package mutating func receive(_ event: Event, at now: Instant) -> [Effect] {
        var effects: [Effect] = []
        switch event {
        case .request(let id, let deadline):
            request(id, Waiter(deadline: deadline, wantsRenewal: false, acceptsExpired: true), at: now, &effects)
        case .rejected(let stamp, let id, let deadline, let hasRetriedYoung, let isLast):
            if isYoung(stamp, hasRetriedYoung: hasRetriedYoung, at: now), let id {
                tryAgain(id, deadline: deadline, isLast: isLast, at: now, &effects)
            } else {
                rejected(stamp, id, deadline: deadline, at: now, &effects)
            }
        case .accepted(let stamp):
            accepted(stamp)
        case .renew(let id, let byLogin, let deadline):
            renew(id, byLogin ? .login : .byHand, deadline: deadline, at: now, &effects)
        case .renewIfDue(let id, let deadline):
            renewIfDue(id, deadline: deadline, at: now, &effects)
        case .cancelled(let id):
            waiters[id] = nil
        case .tick:
            tick(at: now, &effects)
        case .keepFresh(let isWanted):
            keepsFresh = isWanted
            tick(at: now, &effects)
        case .flight(let id, let event):
            if flight?.id == id { fly(event, at: now, &effects) }
        case .shutdown:
            isShutDown = true
            if !waiters.isEmpty { effects.append(.answerAll(waiters.keys, .fail(Self.shutDownError))) }
            waiters = [:]
        }
        return effects
    }

    // MARK: What readers may do without asking

    /// Until when, on the elapsed clock, the held token may be used without asking the machine.
    package func freshUntil(at now: Instant) -> Int64 {
        guard let held, !held.isRejected, !isShutDown else { return .min }
        guard let dead = held.deadAt, let early = held.earlyAt else { return .max }
        if now.elapsed < early { return early }
        // An early renewal is under way or was tried just now: nobody needs to ask again before it is due again.
        if let flight { return min(dead, flight.deadline) }
        return min(dead, max(earlyPause.until, now.elapsed))
    }

    /// Why no new token is asked for just now, and for how long; nil if nothing holds renewals up.
    package func hold(at now: Instant) -> Hold? {
        if let lastFailure, !urgentPause.isOver(at: now) {
            return Hold(left: urgentPause.left(at: now), code: lastFailure.error.code)
        }
        if let earlyFailure, let held, isDue(held, at: now), !earlyPause.isOver(at: now) {
            return Hold(left: earlyPause.left(at: now), code: earlyFailure)
        }
        return nil
    }

    func stamp(_ held: Held) -> Stamp {
        Stamp(generation: held.generation, fingerprint: held.token.fingerprint, runs: runs)
    }

    package func isDead(_ held: Held, at now: Instant) -> Bool {
        held.deadAt.map { now.elapsed >= $0 } ?? false
    }

    package func isDue(_ held: Held, at now: Instant) -> Bool {
        held.isRejected || (held.earlyAt.map { now.elapsed >= $0 } ?? false)
    }

    /// What would be held after a first reading, without any flight, and why what is stored would not be; for a copy of
    /// the machine that is thrown away.
    package mutating func peek(
        _ stored: StoredToken,
        login: LoginFacts?,
        at now: Instant
    ) -> (held: Held?, distrust: KeeperEvent?) {
        var effects: [Effect] = []
        start(.start, at: now, &effects)
        fly(.read(stored, login: login), at: now, &effects)
        for case .emit(let event) in effects {
            if case .storeDistrusted = event { return (held, event) }
        }
        return (held, nil)
    }
}
