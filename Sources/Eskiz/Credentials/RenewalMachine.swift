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

    package private(set) var held: Held?
    /// Urgent flights that have come to an end.
    package private(set) var runs: UInt64 = 0
    var flight: Flight?
    var waiters: [WaiterID: Waiter] = [:]
    var earliestDeadline: Int64 = .max
    var lastFailure: Failure?
    var earlyFailures = 0
    var earlyNotBefore: Int64 = .min
    var earlyFailure: EskizError.Code?
    var urgentFailures = 0
    var urgentNotBefore: Int64 = .min
    /// Young tokens in a row that were rejected and had never worked.
    var freshRejections = 0
    /// Tokens in a row that were rejected while they were young, whatever came before that.
    var youngRejections = 0
    /// Tokens in a row that were rejected before their renewal was due.
    var earlyDeaths = 0
    var tokens: Double
    var tokensAt: Int64?
    /// A renewal that a person asked for and that waits for the budget.
    var wish: Wish?
    /// When the store may be looked at again during a pause.
    var lookNotBefore: Int64 = .min
    /// Issued but not known to be stored.
    var unsaved: TokenRecord?
    /// Stored a moment ago, on its way into memory.
    var landedRecord: TokenRecord?
    var saveNotBefore: Int64 = .min
    /// The last refused login, kept here too: a store that cannot be written must not make us hammer the account.
    var refusal: LoginRefusal?
    package private(set) var isStoreDegraded = false
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
        tokens = Double(policy.budget)
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
            renew(id, byLogin: byLogin, isByHand: true, deadline: deadline, at: now, &effects)
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
        return min(dead, max(earlyNotBefore, now.elapsed))
    }

    /// When the machine wants to be woken, on the elapsed clock.
    package func wakeAt(at now: Instant) -> Int64? {
        var wake = earliestDeadline
        if let flight {
            wake = min(wake, flight.deadline)
        } else if !isShutDown {
            if unsaved != nil { wake = min(wake, max(saveNotBefore, now.elapsed)) }
            if wish != nil { wake = min(wake, max(budgetAt, now.elapsed)) }
            if !waiters.isEmpty { wake = min(wake, max(urgentNotBefore, budgetAt, now.elapsed)) }
            if keepsFresh {
                if needsToken(at: now) {
                    if triesByItself { wake = min(wake, max(urgentNotBefore, budgetAt, now.elapsed)) }
                    if isPausing(at: now) || !triesByItself { wake = min(wake, max(lookNotBefore, now.elapsed)) }
                } else if let early = held?.earlyAt {
                    wake = min(wake, max(early, earlyNotBefore, budgetAt))
                }
            }
        }
        return wake == .max ? nil : wake
    }

    /// Why no new token is asked for just now, and for how long; nil if nothing holds renewals up.
    package func hold(at now: Instant) -> Hold? {
        if let lastFailure, now.elapsed < urgentNotBefore {
            return Hold(
                left: .nanoseconds(urgentNotBefore.subtractingClamped(now.elapsed)),
                code: lastFailure.error.code
            )
        }
        if let earlyFailure, let held, isDue(held, at: now), now.elapsed < earlyNotBefore {
            return Hold(left: .nanoseconds(earlyNotBefore.subtractingClamped(now.elapsed)), code: earlyFailure)
        }
        return nil
    }

    /// How often the store is looked at while this process waits before it asks Eskiz again.
    private static let lookInterval: Int64 = 2 * .nanosecondsPerSecond

    private func isPausing(at now: Instant) -> Bool { lastFailure != nil && now.elapsed < urgentNotBefore }

    private func needsToken(at now: Instant) -> Bool {
        guard isLoaded, let held else { return true }
        return held.isRejected || isDead(held, at: now)
    }

    /// Whether time alone may bring a first token; without one, and with settings that cannot bring one, somebody else has
    /// to store it.
    private var triesByItself: Bool {
        held != nil || !isLoaded || lastFailure.map { !$0.error.needsOperator } ?? true
    }

    /// So many early deaths in a row are no accident: two hosts log each other out (D5).
    private static let suspiciousEarlyDeaths = 3

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
        start(.start, byLogin: false, at: now, &effects)
        fly(.read(stored, login: login), at: now, &effects)
        for case .emit(let event) in effects {
            if case .storeDistrusted = event { return (held, event) }
        }
        return (held, nil)
    }

    // MARK: Requests

    private mutating func request(_ id: WaiterID, _ waiter: Waiter, at now: Instant, _ effects: inout [Effect]) {
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

    private mutating func rejected(
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
            // A token that has worked is no token that Eskiz rejects as soon as it has issued it, however young it dies.
            let isYoung = now.elapsed < current.youngUntil
            youngRejections = isYoung ? youngRejections + 1 : 0
            freshRejections = isYoung && !current.hasWorked ? freshRejections + 1 : 0
            effects.append(.emit(.rejected(generation: current.generation, current.token.fingerprint)))
            earlyDeaths = current.earlyAt.map { now.elapsed < $0 } ?? false ? earlyDeaths + 1 : 0
            if earlyDeaths > 0, now.elapsed >= current.youngUntil { note(.tokenDiesEarly, at: now, &effects) }
            if earlyDeaths > 0, earlyDeaths.isMultiple(of: Self.suspiciousEarlyDeaths) {
                effects.append(.emit(.mutualInvalidation))
            }
            if freshRejections >= 2 {
                // Eskiz rejects what it has just issued: renewing on would be ping-pong (B11).
                urgentFailures += 1
                let pause = policy.urgentBackoff.pause(
                    afterFailures: urgentFailures + 4,
                    retryAfter: .seconds(30),
                    using: &random
                )
                urgentNotBefore = now.elapsed.addingClamped(pause)
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

    private mutating func accepted(_ stamp: Stamp) {
        guard let current = held, !current.isRejected, stamp.generation == current.generation,
            stamp.fingerprint == current.token.fingerprint
        else { return }
        held?.hasWorked = true
        freshRejections = 0
    }

    mutating func renew(
        _ id: WaiterID,
        byLogin: Bool,
        isByHand: Bool,
        deadline: Int64,
        at now: Instant,
        _ effects: inout [Effect]
    ) {
        guard !isShutDown else { return effects.append(.answer(id, .fail(Self.shutDownError))) }
        let waiter = Waiter(
            deadline: deadline,
            wantsRenewal: true,
            byLogin: byLogin,
            isByHand: isByHand,
            acceptsExpired: false
        )
        guard flight != nil || takeFromBudget(at: now) else {
            guard isByHand else { return effects.append(.answer(id, .fail(Self.budgetError(policy)))) }
            // The budget bounds the calls whatever callers do; a person waits for it, a moment, and is then served.
            wish = Wish(byLogin: byLogin || wish?.byLogin == true)
            return add(id, waiter)
        }
        add(id, waiter)
        if let current = flight {
            // It ends without a call; whoever waits is served then.
            if !current.reason.makesCall { return }
            flight?.isUrgent = true
            if isByHand { flight?.isByHand = true }
            if byLogin || flight?.reason == .start { flight?.reason = .byHand }
            if byLogin { flight?.byLogin = true }
            return
        }
        if isByHand { wish = Wish(byLogin: byLogin || wish?.byLogin == true) }
        start(.byHand, byLogin: byLogin, at: now, &effects)
    }

    private mutating func renewIfDue(_ id: WaiterID, deadline: Int64, at now: Instant, _ effects: inout [Effect]) {
        let waiter = Waiter(deadline: deadline, wantsRenewal: false, acceptsExpired: false)
        guard isLoaded, let held, !isShutDown, isDue(held, at: now) else {
            return request(id, waiter, at: now, &effects)
        }
        renew(id, byLogin: false, isByHand: false, deadline: deadline, at: now, &effects)
    }

    private mutating func add(_ id: WaiterID, _ waiter: Waiter) {
        waiters[id] = waiter
        earliestDeadline = min(earliestDeadline, waiter.deadline)
    }

    /// Parks a waiter on the flight there is, or starts one if back-off and budget allow.
    private mutating func wait(
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
        if now.elapsed < urgentNotBefore, let lastFailure {
            // Somebody else may have renewed it meanwhile: a look costs no call.
            if now.elapsed >= lookNotBefore {
                add(id, waiter)
                return start(.look, byLogin: false, at: now, &effects)
            }
            let left = Duration.nanoseconds(urgentNotBefore.subtractingClamped(now.elapsed))
            let answer = answerWithoutToken(waiter, lastFailure.error.with(retryAfter: left), now, &effects)
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
        start(reason, byLogin: false, at: now, &effects)
    }

    /// A token past its local end is worth one try: the clock may be the one that is wrong (C5).
    private mutating func answerWithoutToken(
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

    // MARK: Time

    private mutating func tick(at now: Instant, _ effects: inout [Effect]) {
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
            return start(.persist, byLogin: false, at: now, &effects)
        }
        if wish != nil {
            guard takeFromBudget(at: now) else { return }
            return start(.byHand, byLogin: false, at: now, &effects)
        }
        if !waiters.isEmpty {
            guard now.elapsed >= urgentNotBefore, takeFromBudget(at: now) else { return }
            return start(reasonToWait, byLogin: false, at: now, &effects)
        }
        guard keepsFresh else { return }
        if needsToken(at: now) {
            if now.elapsed >= urgentNotBefore, triesByItself {
                guard takeFromBudget(at: now) else { return }
                start(reasonToWait, byLogin: false, at: now, &effects)
            } else if now.elapsed >= lookNotBefore {
                start(.look, byLogin: false, at: now, &effects)
            }
        } else if let held, isDue(held, at: now) {
            startEarly(at: now, &effects)
        }
    }

    private mutating func startEarly(at now: Instant, _ effects: inout [Effect]) {
        guard flight == nil, now.elapsed >= earlyNotBefore, !isShutDown, takeFromBudget(at: now) else { return }
        start(.early, byLogin: false, at: now, &effects)
    }

    mutating func start(_ reason: Reason, byLogin: Bool, at now: Instant, _ effects: inout [Effect]) {
        let id = nextFlight
        nextFlight += 1
        // The next call serves whoever asked for one, whatever else it is for.
        let wish = reason.makesCall ? wish.take() : nil
        let reason = wish == nil ? reason : .byHand
        if reason == .look { lookNotBefore = now.elapsed.addingClamped(Self.lookInterval) }
        flight = Flight(
            id: id,
            reason: reason,
            deadline: now.elapsed.addingClamped(policy.flightTimeout.nanoseconds),
            byLogin: byLogin || wish?.byLogin == true,
            isByHand: wish != nil,
            isUrgent: reason != .early && reason.makesCall,
            heldGeneration: held?.generation ?? 0
        )
        if reason != .start && reason.makesCall { effects.append(.emit(.renewalStarted(reason))) }
        effects.append(.start(id, .read))
    }

    /// What those who wait without a flight wait for.
    private var reasonToWait: Reason {
        guard isLoaded, let held else { return .start }
        return held.isRejected ? .rejected : .expired
    }

    /// When the budget allows the next renewal; waking before would only spin (T7).
    private var budgetAt: Int64 {
        guard tokens < 1, let tokensAt else { return .min }
        let missing = ((1 - tokens) * Double(policy.budgetInterval(life: held?.life))).rounded(.up)
        return tokensAt.addingClamped(Int64(min(missing, 1e18))).addingClamped(1_000)
    }

    /// One renewal out of the budget that bounds credential calls whatever callers do (A11).
    mutating func takeFromBudget(at now: Instant) -> Bool {
        if let last = tokensAt, now.elapsed > last {
            let gained = Double(now.elapsed - last) / Double(policy.budgetInterval(life: held?.life))
            tokens = min(Double(policy.budget), tokens + gained)
        }
        tokensAt = max(now.elapsed, tokensAt ?? now.elapsed)
        guard tokens >= 1 else { return false }
        tokens -= 1
        return true
    }

    // MARK: Held token

    /// Takes a token into memory and draws its windows.
    mutating func hold(
        _ token: BearerToken,
        generation: UInt64,
        receivedWall: Int64,
        serverOffset: Int64,
        grewFrom: TokenFingerprint?,
        isNew: Bool,
        at now: Instant
    ) {
        var new = Held(
            token: token,
            generation: generation,
            receivedWall: receivedWall,
            serverOffset: serverOffset,
            grewFrom: grewFrom,
            youngUntil: .min
        )
        if let remaining = TokenAge.remaining(
            of: token,
            receivedWall: receivedWall,
            serverOffset: serverOffset,
            isNew: isNew,
            now: now
        ) {
            let life = max(token.claims?.life ?? remaining, remaining)
            let windows = policy.windows(life: life, draw: draw(for: token))
            let born = now.elapsed.addingClamped(remaining).subtractingClamped(life)
            new.earlyAt = born.addingClamped(windows.early)
            new.deadAt = born.addingClamped(windows.hard)
            new.endAt = born.addingClamped(windows.end)
            new.life = life
        }
        let age = max(0, now.wall.subtractingClamped(receivedWall))
        let grace = policy.propagationGrace(life: new.life)
        if receivedWall > 0, now.wall >= receivedWall, age < grace {
            new.youngUntil = now.elapsed.addingClamped(grace - age)
            new.settledAt = now.elapsed.addingClamped(grace / 4 - age)
        }
        if let old = held, !old.isRejected { youngRejections = 0 }
        held = new
        hasSaidExpired = false
        earlyFailures = 0
        earlyFailure = nil
        earlyNotBefore = .min
    }

    /// This host's draw for this token: the same at every check and after every restart (E4).
    private func draw(for token: BearerToken) -> Double {
        let seed = token.fingerprint.description.utf8.reduce(hostSalt) { ($0 &* 31) &+ UInt64($1) }
        var generator = SplitMix64(seed: seed)
        return Double(generator.next() >> 11) / Double(1 << 53)
    }

    /// Writes down what Eskiz did; the store learns of it with the next token.
    mutating func note(_ trait: ServerTrait, at now: Instant, _ effects: inout [Effect]) {
        if traits.note(trait, at: now.wall) { effects.append(.emit(.traitSeen(trait))) }
    }

    mutating func setDegraded(_ isDegraded: Bool) {
        isStoreDegraded = isDegraded
    }

    mutating func endRun() {
        runs += 1
    }

    mutating func markRejected() {
        held?.isRejected = true
    }
}
