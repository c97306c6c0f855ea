import Eskiz
import EskizTestSupport

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Makes tokens as Eskiz does; equal facts give the equal token, and each is made once.
final class TokenMint {
    private var made: [String: BearerToken] = [:]

    static let life: Int64 = 30 * 86_400

    func token(
        _ serial: Int,
        issuedAt: Int64?,
        expiresAt: Int64?,
        subject: String = "7"
    ) -> BearerToken {
        let claims = [issuedAt.map { "\"iat\":\($0)" }, expiresAt.map { "\"exp\":\($0)" }].compactMap { $0 }
        let payload = "{\((claims + ["\"sub\":\"\(subject)\"", "\"n\":\(serial)"]).joined(separator: ","))}"
        if let token = made[payload] { return token }
        let text = UnsignedToken.text(claims: payload, header: "{}", signature: "sig")
        guard let token = BearerToken(text) else { preconditionFailure("not a token: \(payload)") }
        made[payload] = token
        return token
    }
}

/// Eskiz's side of the account: which tokens are alive, and how it answers login and refresh.
///
/// Times are seconds of the server's own clock.
struct ModelServer {
    /// What becomes of credential calls.
    enum Mood: CaseIterable {
        case healthy, down, refusesRefresh, refusesAll, blocked, sameToken, stillborn, strangeSubject, opaque
    }

    let mint = TokenMint()
    var mood = Mood.healthy
    /// M2: a refresh kills the token it was made with.
    var refreshKills = false
    /// M4: a login kills all other tokens.
    var loginKills = false
    /// M6: a dead token can be refreshed.
    var refreshesDead = false
    var sendsDate = true
    /// Of the tokens it issues, in seconds.
    var life = TokenMint.life
    var rightKey = "right"
    var alive: [TokenFingerprint: Int64] = [:]
    private(set) var serial = 0
    private(set) var refreshes = 0
    private(set) var logins = 0
    var calls: Int { refreshes + logins }

    mutating func issue(at now: Int64) -> BearerToken {
        serial += 1
        let token = mint.token(serial, issuedAt: now, expiresAt: now + life)
        alive[token.fingerprint] = now + life
        return token
    }

    func accepts(_ token: BearerToken, at now: Int64) -> Bool {
        alive[token.fingerprint].map { now < $0 } ?? false
    }

    mutating func refresh(_ token: BearerToken, at now: Int64) -> CredentialAnswer {
        refreshes += 1
        if let answer = answerOfMood(to: token, at: now) { return answer }
        if mood == .refusesRefresh || !(accepts(token, at: now) || refreshesDead) {
            return .refused(Self.error(401))
        }
        if refreshKills { alive[token.fingerprint] = nil }
        return .issued(issue(at: now), serverTime: sendsDate ? now : nil)
    }

    mutating func logIn(key: String, at now: Int64) -> CredentialAnswer {
        logins += 1
        if let answer = answerOfMood(to: nil, at: now) { return answer }
        guard key == rightKey else { return .refused(Self.error(401)) }
        if loginKills { alive = [:] }
        return .issued(issue(at: now), serverTime: sendsDate ? now : nil)
    }

    private mutating func answerOfMood(to token: BearerToken?, at now: Int64) -> CredentialAnswer? {
        switch mood {
        case .healthy, .refusesRefresh: return nil
        case .down: return .failed(Self.error(503), isAmbiguous: false)
        case .refusesAll: return .refused(Self.error(403))
        case .blocked: return .withoutToken(Self.error(200))
        case .sameToken: return token.map { .issued($0, serverTime: now) }
        case .stillborn:
            serial += 1
            let dead = mint.token(serial, issuedAt: now - TokenMint.life, expiresAt: now - 1)
            return .issued(dead, serverTime: now)
        case .strangeSubject:
            guard token != nil else { return nil }
            serial += 1
            let strange = mint.token(serial, issuedAt: now, expiresAt: now + TokenMint.life, subject: "8")
            return .issued(strange, serverTime: now)
        case .opaque:
            serial += 1
            guard let opaque = BearerToken("\(serial)|no-jwt-at-all") else { return nil }
            alive[opaque.fingerprint] = now + life
            return .issued(opaque, serverTime: now)
        }
    }

    static func error(_ status: Int) -> EskizError {
        EskizError(.timedOut, "Eskiz answered \(status).", remedy: "Try again.", httpStatus: status)
    }
}

/// A store that several processes share.
struct ModelStore {
    var record: TokenRecord?
    var isReachable = true
    /// Number of the process that holds the lock.
    var lockedBy: Int?
    private(set) var publications = 0

    mutating func publish(_ new: TokenRecord, replacing generation: UInt64) -> RenewalMachine.FlightEvent {
        guard isReachable else { return .publishFailed("the disk is full") }
        guard (record?.generation ?? 0) == generation else { return .superseded(StoredToken(record: record)) }
        record = new
        publications += 1
        return .published
    }
}

/// The world of one test: a server, a store, processes, and a clock that only the test moves.
struct RenewalBench {
    /// One process: its machine, the step its flight is at, and what it answered.
    struct Process {
        let number: Int
        var machine: RenewalMachine
        var login: RenewalMachine.LoginFacts?
        /// How wrong its wall clock is.
        var wallError: Int64 = 0
        var flight: RenewalMachine.FlightID?
        var pending: RenewalMachine.Step?
        var answers: [UInt64: [RenewalMachine.Answer]] = [:]
        var events: [KeeperEvent] = []
        /// How often a flight was started while another was under way.
        var overlaps = 0
        /// Steps of the current and past flights, in order.
        var steps: [String] = []
    }

    static let origin = "https://eskiz.example.test/api"
    static let epoch: Int64 = 1_760_000_000
    static let start = Instant(wall: epoch * .nanosecondsPerSecond, elapsed: 50 * .nanosecondsPerSecond)

    var server = ModelServer()
    var store = ModelStore()
    /// Stores of processes on hosts of their own; all others share ``store``.
    var ownStores: [Int: ModelStore] = [:]
    /// True time.
    var now = start
    var processes: [Process] = []
    private var nextWaiter: UInt64 = 0

    var serverSeconds: Int64 { now.wall / .nanosecondsPerSecond }

    /// Starts a process and gives its number.
    @discardableResult
    mutating func launch(
        key: String? = "right",
        seed: BearerToken? = nil,
        policy: RenewalPolicy = .default,
        wallError: Int64 = 0,
        randomSeed: UInt64 = 1
    ) -> Int {
        let number = processes.count
        processes.append(
            Process(
                number: number,
                machine: RenewalMachine(
                    policy: policy,
                    origin: Self.origin,
                    seed: seed,
                    hostSalt: UInt64(number) &+ 11,
                    randomSeed: randomSeed &+ UInt64(number)
                ),
                login: key.map { RenewalMachine.LoginFacts(credentials: $0, account: "account") },
                wallError: wallError
            )
        )
        return number
    }

    /// The time as a process sees it.
    func clock(_ process: Int) -> Instant {
        Instant(wall: now.wall.addingClamped(processes[process].wallError), elapsed: now.elapsed)
    }

    mutating func advance(_ duration: Duration) {
        now = now.advanced(by: duration.nanoseconds)
    }

    // MARK: Events

    mutating func send(_ event: RenewalMachine.Event, to process: Int) {
        let effects = processes[process].machine.receive(event, at: clock(process))
        take(effects, by: process)
    }

    private mutating func take(_ effects: [RenewalMachine.Effect], by number: Int) {
        for effect in effects {
            switch effect {
            case .start(let id, let step), .next(let id, let step):
                if processes[number].flight != nil { processes[number].overlaps += 1 }
                processes[number].flight = id
                processes[number].pending = step
                processes[number].steps.append(Self.name(step))
            case .abandon:
                processes[number].flight = nil
                processes[number].pending = nil
            case .answer(let id, let answer): processes[number].answers[id, default: []].append(answer)
            case .answerAll(let ids, let answer):
                for id in ids { processes[number].answers[id, default: []].append(answer) }
            case .emit(let event): processes[number].events.append(event)
            }
        }
        if processes[number].pending == nil, self[storeOf: number].lockedBy == number {
            self[storeOf: number].lockedBy = nil
        }
    }

    static func name(_ step: RenewalMachine.Step) -> String {
        switch step {
        case .read: "read"
        case .lock: "lock"
        case .refresh: "refresh"
        case .logIn: "login"
        case .publish: "publish"
        }
    }

    subscript(storeOf process: Int) -> ModelStore {
        get { ownStores[process] ?? store }
        set {
            if ownStores[process] == nil { store = newValue } else { ownStores[process] = newValue }
        }
    }

    /// Starts a process on a host of its own, which shares nothing with the others.
    mutating func launchAlone(key: String? = "right", seed: BearerToken? = nil) -> Int {
        let process = launch(key: key, seed: seed)
        ownStores[process] = ModelStore()
        return process
    }

    private mutating func waiter() -> UInt64 {
        nextWaiter += 1
        return nextWaiter
    }

    var soon: Int64 { now.elapsed + 3_600 * .nanosecondsPerSecond }

    mutating func request(_ process: Int, deadline: Int64? = nil) -> UInt64 {
        let id = waiter()
        send(.request(id, deadline: deadline ?? soon), to: process)
        return id
    }

    /// A 401 for a stamp; as after the second try of a young token, unless told otherwise.
    mutating func rejected(
        _ stamp: RenewalMachine.Stamp,
        _ process: Int,
        deadline: Int64? = nil,
        hasRetriedYoung: Bool = true,
        isLast: Bool = false
    ) -> UInt64 {
        let id = waiter()
        let deadline = deadline ?? soon
        send(.rejected(stamp, id, deadline: deadline, hasRetriedYoung: hasRetriedYoung, isLast: isLast), to: process)
        return id
    }

    mutating func renew(_ process: Int, byLogin: Bool = false) -> UInt64 {
        let id = waiter()
        send(.renew(id, byLogin: byLogin, deadline: soon), to: process)
        return id
    }

    // MARK: Steps

    /// What the world makes of the step a flight is at; nil while another process holds the lock.
    mutating func outcome(of step: RenewalMachine.Step, for process: Int) -> RenewalMachine.FlightEvent? {
        let login = processes[process].login
        switch step {
        case .read:
            // As the keeper does: what cannot be read holds nothing, and only the lock tells that the store is away.
            return self[storeOf: process].isReachable
                ? .read(StoredToken(record: self[storeOf: process].record), login: login)
                : .read(StoredToken(record: nil, anomaly: "the disk is gone"), login: login)
        case .lock:
            guard self[storeOf: process].isReachable else { return .storeUnreachable("the disk is gone") }
            if let holder = self[storeOf: process].lockedBy, holder != process { return nil }
            self[storeOf: process].lockedBy = process
            return .locked(waited: 0)
        case .refresh(let token, _): return .answered(server.refresh(token, at: serverSeconds))
        case .logIn: return .answered(server.logIn(key: login?.credentials ?? "", at: serverSeconds))
        case .publish(let record, let generation): return self[storeOf: process].publish(record, replacing: generation)
        }
    }

    /// Gives a flight the answer to its step.
    mutating func answer(_ event: RenewalMachine.FlightEvent, to process: Int) {
        guard let id = processes[process].flight else { return }
        processes[process].pending = nil
        processes[process].flight = nil
        send(.flight(id, event), to: process)
    }

    /// One step of a flight.
    ///
    /// False if there is none, or if it waits for the lock.
    @discardableResult
    mutating func step(_ process: Int) -> Bool {
        guard let pending = processes[process].pending, let event = outcome(of: pending, for: process) else {
            return false
        }
        answer(event, to: process)
        return true
    }

    /// Steps until the flight is about to do this.
    mutating func run(_ process: Int, to name: String) throws {
        while let pending = processes[process].pending {
            if Self.name(pending) == name { return }
            guard step(process) else { break }
        }
        throw NeverReached(step: name)
    }

    struct NeverReached: Error {
        let step: String
    }

    /// All steps of all flights.
    mutating func run() {
        while processes.indices.contains(where: { step($0) }) {}
    }

    /// Lets time pass for a process: it is woken when it asks to be, and comes to an end with everything it starts.
    mutating func live(_ process: Int, for duration: Duration) {
        let end = now.elapsed + duration.nanoseconds
        while let wake = processes[process].machine.wakeAt(at: clock(process)), wake <= end {
            advance(.nanoseconds(max(0, wake - now.elapsed)))
            send(.tick, to: process)
            run()
        }
        advance(.nanoseconds(end - now.elapsed))
    }

    /// Names of the events that a process has told since it was last asked.
    mutating func news(of process: Int) -> [String] {
        defer { processes[process].events = [] }
        return processes[process].events.map { String(describing: $0).prefix { $0 != "(" }.description }
    }

    // MARK: Answers

    func answers(_ id: UInt64, _ process: Int = 0) -> [RenewalMachine.Answer] {
        processes[process].answers[id] ?? []
    }

    func use(_ id: UInt64, _ process: Int = 0) -> (token: BearerToken, stamp: RenewalMachine.Stamp)? {
        guard case .use(let token, let stamp)? = answers(id, process).last else { return nil }
        return (token, stamp)
    }

    func failure(_ id: UInt64, _ process: Int = 0) -> EskizError? {
        guard case .fail(let error)? = answers(id, process).last else { return nil }
        return error
    }

    /// A whole use: request, send, and after a 401 once more.
    ///
    /// True if Eskiz took one of the two.
    mutating func useToken(_ process: Int) -> Bool {
        let first = request(process)
        run()
        guard let given = use(first, process) else { return false }
        if accepts(given, from: process) { return true }
        let second = rejected(given.stamp, process)
        run()
        return use(second, process).map { accepts($0, from: process) } ?? false
    }

    /// A send with this token; the process hears of it if Eskiz takes it.
    mutating func accepts(_ given: (token: BearerToken, stamp: RenewalMachine.Stamp), from process: Int) -> Bool {
        guard server.accepts(given.token, at: serverSeconds) else { return false }
        send(.accepted(given.stamp), to: process)
        return true
    }
}
