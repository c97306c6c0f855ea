import Logging
import Synchronization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Owns the token: hands it out, renews it once for everybody, and never lets a caller's end be the renewal's.
///
/// A thin shell round ``RenewalMachine``: it parks waiters, performs the steps of the one flight, and publishes the
/// token for readers. The machine decides; nothing is called out to while its lock is held.
package final class TokenKeeper: Sendable {
    private typealias Parked = [RenewalMachine.WaiterID: UnsafeContinuation<RenewalMachine.Answer, Never>]

    private struct State {
        var machine: RenewalMachine
        /// Unchecked: checking costs an allocation that one thread makes and another one frees.
        ///
        /// Each is resumed once:
        /// the machine answers a waiter once (`RenewalHistoryTests`), and its continuation leaves this table with its answer.
        var continuations: Parked = [:]
        var nextWaiter: RenewalMachine.WaiterID = 1
        var flight: (id: RenewalMachine.FlightID, task: Task<Void, Never>)?
        var alarm: (at: Int64, task: Task<Void, Never>)?
        /// Every token that was current, kept for as long as the keeper: readers hold no reference of their own.
        var snapshots: [TokenSnapshot] = []
        /// Who wants to hear of every change of the token.
        var listeners: [@Sendable (TokenStatus) -> Void] = []
    }

    private let state: Mutex<State>
    private let current = Atomic<Unmanaged<TokenSnapshot>?>(nil)
    /// The newest generation that Eskiz is known to have accepted.
    private let worked = Atomic<UInt64>(0)
    let credentials: CredentialSource
    let authority: TokenAuthority
    let store: any TokenStore
    let clock: any KeeperClock
    let observer: KeeperObserver

    package init(
        credentials: CredentialSource,
        authority: TokenAuthority,
        store: any TokenStore,
        policy: RenewalPolicy,
        origin: String,
        clock: any KeeperClock,
        randomSeed: UInt64,
        hostSalt: UInt64,
        observer: KeeperObserver
    ) {
        self.credentials = credentials
        self.authority = authority
        self.store = store
        self.clock = clock
        self.observer = observer
        state = Mutex(
            State(
                machine: RenewalMachine(
                    policy: policy,
                    origin: origin,
                    seed: credentials.seed,
                    hostSalt: hostSalt,
                    randomSeed: randomSeed
                )
            )
        )
    }

    /// The task of the alarm must not outlive the keeper.
    deinit {
        state.withLock { $0.alarm?.task.cancel() }
    }

    // MARK: Reading

    /// The token if it is fresh: no lock, no allocation, no suspension; nil sends the caller to ``token(deadline:)``.
    package func freshToken() -> TokenSnapshot.Lease? {
        guard let snapshot = current.load(ordering: .acquiring) else { return nil }
        let lease = TokenSnapshot.Lease(snapshot: snapshot)
        return clock.coarseWall() < lease.freshUntilWall ? lease : nil
    }

    /// A token to sign with, waiting for a renewal if there is none that works.
    package func token(deadline: Int64) async throws(EskizError) -> (BearerToken, RenewalMachine.Stamp) {
        try await ask { .request($0, deadline: deadline) }.token()
    }

    /// What to do after a 401 on a request with this stamp.
    package func tokenAfterRejection(
        of stamp: RenewalMachine.Stamp,
        deadline: Int64,
        hasRetriedYoung: Bool,
        isLast: Bool = false
    ) async throws(EskizError) -> (token: BearerToken, stamp: RenewalMachine.Stamp, wasYoung: Bool) {
        let answer = try await ask {
            .rejected(stamp, $0, deadline: deadline, hasRetriedYoung: hasRetriedYoung, isLast: isLast)
        }
        if case .useAfter(_, _, let pause) = answer {
            do {
                try await clock.sleep(untilElapsed: clock.now().elapsed.addingClamped(pause))
            } catch {
                throw Self.cancelledError
            }
            // Somebody may have found out meanwhile that it is dead: then it is not sent again (B12).
            if !isCurrent(stamp) {
                let (token, stamp) = try await self.token(deadline: deadline)
                return (token, stamp, false)
            }
            let (token, stamp) = try answer.token()
            return (token, stamp, true)
        }
        let (token, stamp) = try answer.token()
        return (token, stamp, false)
    }

    /// Waits until every server of the provider should know a token.
    ///
    /// - Returns: what to send with then: somebody may have found out meanwhile that it is dead.
    package func settled(
        _ next: (token: BearerToken, stamp: RenewalMachine.Stamp, wasYoung: Bool),
        deadline: Int64
    ) async throws(EskizError) -> (token: BearerToken, stamp: RenewalMachine.Stamp, wasYoung: Bool) {
        let now = clock.now().elapsed
        guard let held = held(next.stamp), held.settledAt > now else { return next }
        // Whoever has little time keeps half of it for the request itself.
        let pause = min(held.settledAt.subtractingClamped(now), max(0, deadline.subtractingClamped(now) / 2))
        do {
            try await clock.sleep(untilElapsed: now.addingClamped(pause))
        } catch {
            throw Self.cancelledError
        }
        if isCurrent(next.stamp) { return next }
        let (token, stamp) = try await self.token(deadline: deadline)
        return (token, stamp, false)
    }

    /// Whether a stamp is of the token that is held, be it good or bad.
    package func isHeld(_ stamp: RenewalMachine.Stamp) -> Bool { held(stamp) != nil }

    /// Whether a stamp is of the token that is held, and Eskiz has done something for it.
    package func hasWorked(_ stamp: RenewalMachine.Stamp) -> Bool { held(stamp)?.hasWorked == true }

    /// Whether a stamp is of the token that is held and not known to be bad.
    private func isCurrent(_ stamp: RenewalMachine.Stamp) -> Bool { held(stamp)?.isRejected == false }

    /// The token that is held, if this is its stamp.
    private func held(_ stamp: RenewalMachine.Stamp) -> RenewalMachine.Held? {
        guard let held = state.withLock({ $0.machine.held }), held.generation == stamp.generation,
            held.token.fingerprint == stamp.fingerprint
        else { return nil }
        return held
    }

    /// A 401 that nobody will act upon any more; the next request should know.
    package func noteRejection(of stamp: RenewalMachine.Stamp) {
        receive(.rejected(stamp, nil, deadline: .max, hasRetriedYoung: true))
    }

    /// Whether Eskiz has done something for a token of this generation.
    package func isKnownToWork(_ generation: UInt64) -> Bool {
        worked.load(ordering: .relaxed) >= generation
    }

    /// Eskiz did what a request with this stamp asked for: the token works.
    ///
    /// One atomic read, but for the first time with each token.
    package func noteAcceptance(of stamp: RenewalMachine.Stamp) {
        guard !isKnownToWork(stamp.generation) else { return }
        worked.max(stamp.generation, ordering: .relaxed)
        receive(.accepted(stamp))
    }

    package func status() -> TokenStatus? {
        let now = clock.now()
        return state.withLock { state in
            state.machine.held.map { status(of: $0, machine: state.machine, at: now) }
        }
    }

    /// What is held, read from the store if nothing is in memory yet.
    ///
    /// No credential call is made.
    ///
    /// - Parameter warnsOfDistrust: logs why what is stored is not used; a renewal says it by itself.
    /// - Returns: nil if there is no token.
    package func loadedStatus(warnsOfDistrust: Bool = false) async -> TokenStatus? {
        if let status = status() { return status }
        let login = credentials.login()
        guard let stored = try? await store.load() else { return nil }
        let now = clock.now()
        let (status, distrust): (TokenStatus?, KeeperEvent?) = state.withLock { state in
            if let held = state.machine.held { return (self.status(of: held, machine: state.machine, at: now), nil) }
            var peek = state.machine
            let (held, distrust) = peek.peek(
                stored,
                login: login.map { RenewalMachine.LoginFacts(credentials: $0.digest, account: $0.account) },
                at: now
            )
            return (held.map { self.status(of: $0, machine: peek, at: now) }, distrust)
        }
        if warnsOfDistrust, let distrust { observer.observe(distrust, at: now.wall) }
        return status
    }

    /// How long renewals wait, and why: this process's own pause, or, before its first use, what the store says of others.
    package func hold() async -> RenewalHold? {
        let now = clock.now()
        let (own, isLoaded, policy) = state.withLock { state in
            (state.machine.hold(at: now), state.machine.isLoaded, state.machine.policy)
        }
        if let own { return RenewalHold(until: now.wall.addingClamped(own.left.nanoseconds), code: own.code.rawValue) }
        if isLoaded { return nil }
        return try? await store.load().record?.hold(login: credentials.login(), policy: policy, at: now.wall)
    }

    /// From now on `heard` is told what is held whenever there is another token, or the one there is has come to its end.
    package func whenTokenChanges(_ heard: @escaping @Sendable (TokenStatus) -> Void) {
        state.withLock { $0.listeners.append(heard) }
    }

    private func tellListeners() {
        let listeners = state.withLock { $0.listeners }
        guard !listeners.isEmpty, let status = status() else { return }
        for listener in listeners { listener(status) }
    }

    /// What the last renewals of this process came to.
    package var renewals: RenewalHistory { observer.history }

    private func status(of held: RenewalMachine.Held, machine: RenewalMachine, at now: Instant) -> TokenStatus {
        TokenStatus(
            preview: held.token.preview,
            fingerprint: held.token.fingerprint.description,
            generation: held.generation,
            issuedAt: held.token.claims?.issuedAt.map { Date(timeIntervalSince1970: Double($0)) },
            expiresAt: held.token.claims?.expiresAt.map { Date(timeIntervalSince1970: Double($0)) },
            remaining: held.endAt.map { .nanoseconds($0.subtractingClamped(now.elapsed)) },
            dueIn: held.earlyAt.map { .nanoseconds($0.subtractingClamped(now.elapsed)) },
            isDue: machine.isDue(held, at: now),
            isRejected: held.isRejected,
            location: store.location,
            isStoreDegraded: machine.isStoreDegraded,
            traits: machine.traits.lastSeen.mapValues {
                Date(timeIntervalSince1970: Double($0) / Double(Int64.nanosecondsPerSecond))
            }
        )
    }

    // MARK: Renewing

    /// A new token, now.
    @discardableResult
    package func renew() async throws(EskizError) -> TokenStatus {
        try await renewed { .renew($0, byLogin: false, deadline: .max) }
    }

    /// A new token by e-mail and key, now.
    @discardableResult
    package func logIn() async throws(EskizError) -> TokenStatus {
        try await renewed { .renew($0, byLogin: true, deadline: .max) }
    }

    /// A new token if it is due.
    package func renewIfDue() async throws(EskizError) -> (TokenStatus, renewed: Bool) {
        // The first question only reads the store; what is due is decided on what is there.
        let before = await loadedStatus()
        if status() == nil { _ = try await ask { .request($0, deadline: .max) }.token() }
        let status = try await renewed { .renewIfDue($0, deadline: .max) }
        return (status, before?.fingerprint != status.fingerprint)
    }

    private func renewed(
        _ event: (RenewalMachine.WaiterID) -> RenewalMachine.Event
    ) async throws(EskizError) -> TokenStatus {
        _ = try await ask(event).token()
        guard let status = status() else { throw RenewalMachine.nothingToStartFromError }
        return status
    }

    // MARK: Running

    /// Keeps the token fresh without any traffic, until the task is cancelled.
    package func run() async {
        receive(.keepFresh(true))
        // The alarm of the keeper renews the token; this task only has to go on.
        while !Task.isCancelled {
            do {
                try await clock.sleep(untilElapsed: clock.now().elapsed.addingClamped(3_600 * .nanosecondsPerSecond))
            } catch {
                break
            }
            receive(.tick)
        }
        receive(.keepFresh(false))
    }

    /// No new renewal; one that is under way comes to its end, because Eskiz may already have issued a token.
    ///
    /// A cancelled task waits no longer than ``cancelledShutdownTimeout``. A token that is lost by that costs one login.
    package func shutdown() async {
        receive(.shutdown)
        let (flight, alarm) = state.withLock { state in (state.flight?.task, state.alarm?.task) }
        if let flight {
            await withTaskCancellationHandler {
                await flight.value
            } onCancel: { [clock] in
                let deadline = clock.now().advanced(by: Self.cancelledShutdownTimeout.nanoseconds).elapsed
                Task.detached(executorPreference: clock.taskExecutor) {
                    try? await clock.sleep(untilElapsed: deadline)
                    flight.cancel()
                }
            }
        }
        alarm?.cancel()
    }

    /// How long Ctrl-C waits for an answer from Eskiz.
    package static let cancelledShutdownTimeout: Duration = .seconds(2)

    // MARK: The machine

    private func ask(
        _ event: (RenewalMachine.WaiterID) -> RenewalMachine.Event
    ) async throws(EskizError) -> RenewalMachine.Answer {
        if Task.isCancelled { throw Self.cancelledError }
        let id = state.withLock { state in
            defer { state.nextWaiter += 1 }
            return state.nextWaiter
        }
        let event = event(id)
        let asked = clock.now().elapsed
        let answer = await withTaskCancellationHandler {
            await withUnsafeContinuation { continuation in
                receive(event, parking: (id, continuation))
            }
        } onCancel: {
            cancel(id)
        }
        observer.waited(.nanoseconds(clock.now().elapsed.subtractingClamped(asked)))
        if case .fail(let error) = answer { throw error.with(isOfRenewal: true) }
        return answer
    }

    private func cancel(_ id: RenewalMachine.WaiterID) {
        let now = clock.now()
        let parked = state.withLock { state in
            _ = state.machine.receive(.cancelled(id), at: now)
            return state.continuations.removeValue(forKey: id)
        }
        parked?.resume(returning: .fail(Self.cancelledError))
    }

    /// Feeds the machine one event, performs what it answers, and returns the flight's next step if there is one; if
    /// there is none, the lock is released.
    @discardableResult
    func receive(
        _ event: RenewalMachine.Event,
        parking: (RenewalMachine.WaiterID, UnsafeContinuation<RenewalMachine.Answer, Never>)? = nil,
        releasing lock: TokenStoreLock? = nil
    ) -> RenewalMachine.Step? {
        let now = clock.now()
        var next: RenewalMachine.Step?
        var answers: [(UnsafeContinuation<RenewalMachine.Answer, Never>, RenewalMachine.Answer)] = []
        var released: (everybody: Parked, answer: RenewalMachine.Answer)?
        var events: [KeeperEvent] = []
        var abandoned: Task<Void, Never>?
        var held: BearerToken?
        state.withLock { state in
            if let (id, continuation) = parking {
                state.continuations[id] = continuation
                if Task.isCancelled {
                    // The cancellation came before there was anything to cancel.
                    state.continuations[id] = nil
                    answers.append((continuation, .fail(Self.cancelledError)))
                    return
                }
            }
            for effect in state.machine.receive(event, at: now) {
                switch effect {
                case .start(let id, let step):
                    // Detached: it inherits neither a caller's cancellation nor its span.
                    let task = Task.detached(executorPreference: clock.taskExecutor) { await self.fly(id, step) }
                    state.flight = (id, task)
                case .next(_, let step):
                    next = step
                case .abandon:
                    abandoned = state.flight?.task
                case .answer(let id, let answer):
                    if let continuation = state.continuations.removeValue(forKey: id) {
                        answers.append((continuation, answer))
                    }
                case .answerAll(let ids, let answer):
                    if ids.count == state.continuations.count {
                        // The table is taken as a whole: to take ten thousand out of it one by one is time in which none
                        // of them runs.
                        released = (state.continuations, answer)
                        state.continuations = [:]
                    } else {
                        for id in ids {
                            guard let continuation = state.continuations.removeValue(forKey: id) else { continue }
                            answers.append((continuation, answer))
                        }
                    }
                case .emit(let event):
                    events.append(event)
                }
            }
            held = publish(&state, at: now)
            arm(&state, at: now)
        }
        abandoned?.cancel()
        // The store knows and so do readers: whoever is released now may begin the next flight at once.
        if next == nil { lock?.unlock() }
        // Those who wait come first: a slow log must not hold them back (token-keeper.md H7).
        if let (everybody, answer) = released {
            // In the order in which they came, which is fair, and the order in which their tasks lie in memory: at random,
            // waking ten thousand takes a quarter longer.
            for (_, continuation) in everybody.sorted(by: { $0.key < $1.key }) {
                continuation.resume(returning: answer)
            }
        }
        for (continuation, answer) in answers { continuation.resume(returning: answer) }
        for event in events { observer.observe(event, at: now.wall) }
        if let held { observer.observe(held) }
        if held != nil || events.contains(where: \.endsToken) { tellListeners() }
        return next
    }

    /// Makes what the machine holds readable without the lock.
    ///
    /// - Returns: the token if it is another than before.
    private func publish(_ state: inout State, at now: Instant) -> BearerToken? {
        guard let held = state.machine.held else { return nil }
        let stamp = RenewalMachine.Stamp(
            generation: held.generation,
            fingerprint: held.token.fingerprint,
            runs: state.machine.runs
        )
        let until = state.machine.freshUntil(at: now)
        let untilWall =
            until == .max || until == .min ? until : now.wall.addingClamped(until.subtractingClamped(now.elapsed))
        if let latest = state.snapshots.last, latest.stamp == stamp {
            latest.freshUntilWall.store(untilWall, ordering: .relaxed)
            return nil
        }
        let isNew = state.snapshots.last?.token != held.token
        let snapshot = TokenSnapshot(token: held.token, stamp: stamp, freshUntilWall: untilWall)
        state.snapshots.append(snapshot)
        current.store(Unmanaged.passUnretained(snapshot), ordering: .releasing)
        return isNew ? held.token : nil
    }

    /// One alarm, for the earliest thing that time alone brings about.
    private func arm(_ state: inout State, at now: Instant) {
        guard let at = state.machine.wakeAt(at: now) else {
            state.alarm?.task.cancel()
            state.alarm = nil
            return
        }
        if let alarm = state.alarm, alarm.at <= at { return }
        state.alarm?.task.cancel()
        // The keeper's own, not a caller's: a caller that leaves must not take the deadline of others with it.
        state.alarm = (
            at,
            Task.detached(executorPreference: clock.taskExecutor) { [weak self, clock] in
                do { try await clock.sleep(untilElapsed: at) } catch { return }
                self?.ring(at)
            }
        )
    }

    private func ring(_ at: Int64) {
        state.withLock { state in
            if state.alarm?.at == at { state.alarm = nil }
        }
        receive(.tick)
    }

    static let cancelledError = EskizError(.cancelled, "The call was cancelled.", remedy: "", mayRepeat: true)
}

extension RenewalMachine.Answer {
    fileprivate func token() throws(EskizError) -> (BearerToken, RenewalMachine.Stamp) {
        switch self {
        case .use(let token, let stamp), .useAfter(let token, let stamp, _): return (token, stamp)
        case .fail(let error): throw error
        }
    }
}
