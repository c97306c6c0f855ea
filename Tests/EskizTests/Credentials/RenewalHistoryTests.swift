import Eskiz
import EskizTestSupport
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Random histories of several processes with one store and one server, held against rules that know nothing of how
/// the machine decides.
///
/// A failing history names its seed; `ESKIZ_HISTORY_SEED=123 swift test --filter RenewalHistoryTests` replays it alone.
struct RenewalHistoryTests {
    @Test(arguments: 0..<20)
    func `every history keeps the rules and ends in a working token`(shard: Int) {
        if let seed = ProcessInfo.processInfo.environment["ESKIZ_HISTORY_SEED"].flatMap(UInt64.init) {
            if seed / 500 == UInt64(shard) || (shard == 0 && seed >= 10_000) { play(seed) }
            return
        }
        var broken = 0
        for seed in UInt64(shard * 500)..<UInt64(shard * 500 + 500) where broken < 3 {
            if !play(seed) { broken += 1 }
        }
    }

    @discardableResult
    private func play(_ seed: UInt64) -> Bool {
        var history = RenewalHistory(seed: seed)
        history.play()
        if let violation = history.violation {
            Issue.record("ESKIZ_HISTORY_SEED=\(seed): \(violation); last: \(history.trace.suffix(12))")
        }
        return history.violation == nil
    }
}

/// One history: the world, what each process may be asked, and the rules.
struct RenewalHistory {
    /// What the rules know of one process.
    private struct Watch {
        var waiting: [UInt64: Int64] = [:]
        var rejected: Set<TokenFingerprint> = []
        var given: [(token: BearerToken, stamp: RenewalMachine.Stamp)] = []
        var isAlone = false
        var bornAt: Int64 = 0
        var calls = 0
        /// Tokens whose coming was told and that have not been seen to be held yet.
        var announced: [TokenFingerprint] = []
        var held: TokenFingerprint?
        var isRejected = false
        var isDegraded = false
    }

    private var bench = RenewalBench()
    private var random: SplitMix64
    private var watches: [Watch] = []
    private var isDead: Set<Int> = []
    private var nextWaiter: UInt64 = 1 << 32
    private var storedGeneration: UInt64 = 0
    private let launchSeed: BearerToken?
    private let policy = RenewalPolicy.default
    private(set) var violation: String?
    private(set) var trace: [String] = []

    init(seed: UInt64) {
        random = SplitMix64(seed: seed)
        bench.server.refreshKills = Bool.random(using: &random)
        bench.server.loginKills = Int.random(in: 0..<4, using: &random) == 0
        bench.server.refreshesDead = Bool.random(using: &random)
        bench.server.sendsDate = Int.random(in: 0..<4, using: &random) > 0
        launchSeed = Bool.random(using: &random) ? bench.server.issue(at: RenewalBench.epoch) : nil
        for _ in 0..<Int.random(in: 1...3, using: &random) { launch() }
    }

    private mutating func launch() {
        let key = Int.random(in: 0..<5, using: &random) == 0 ? "wrong" : "right"
        bench.launch(key: key, seed: launchSeed, randomSeed: random.next())
        watches.append(Watch(bornAt: bench.now.elapsed))
    }

    private mutating func broke(_ rule: String) {
        if violation == nil { violation = rule }
    }

    mutating func play() {
        for _ in 0..<60 where violation == nil { act() }
        heal()
    }

    // MARK: Commands

    private var living: [Int] { bench.processes.indices.filter { !isDead.contains($0) } }

    private mutating func act() {
        guard let process = living.randomElement(using: &random) else { return launch() }
        let draw = Int.random(in: 0..<100, using: &random)
        trace.append("\(process):\(draw)")
        switch draw {
        case 0..<14: ask(process) { .request($0, deadline: $1) }
        case 14..<26: useGiven(process)
        case 26..<58: step(process)
        case 58..<64: lose(process)
        case 64..<70: tickAll()
        case 70..<76: pass(Int64.random(in: 1...90, using: &random))
        case 76..<79: pass(Int64.random(in: 3_600...864_000, using: &random))
        case 79..<81:
            bench.processes[process].wallError = Int64.random(in: -400...400, using: &random) * 86_400_000_000_000
        case 81..<84:
            if let id = watches[process].waiting.keys.min() {
                watches[process].waiting[id] = nil
                send(.cancelled(id), to: process)
            }
        case 84..<86: kill(process)
        case 86..<89: bench.store.isReachable.toggle()
        case 89..<93: bench.server.mood = ModelServer.Mood.allCases.randomElement(using: &random) ?? .healthy
        case 93..<95: bench.server.alive = [:]
        case 95..<97:
            let byLogin = Bool.random(using: &random)
            ask(process) { .renew($0, byLogin: byLogin, deadline: $1) }
        case 97..<98: ask(process) { .renewIfDue($0, deadline: $1) }
        default: send(.keepFresh(true), to: process)
        }
    }

    private mutating func ask(_ process: Int, _ event: (UInt64, Int64) -> RenewalMachine.Event) {
        nextWaiter += 1
        let deadline = bench.now.elapsed + Int64.random(in: 1...120, using: &random) * .nanosecondsPerSecond
        watches[process].waiting[nextWaiter] = deadline
        send(event(nextWaiter, deadline), to: process)
    }

    /// Sends with a token that was handed out at some time; a dead one meets a 401.
    private mutating func useGiven(_ process: Int) {
        guard let given = watches[process].given.randomElement(using: &random),
            !bench.server.accepts(given.token, at: bench.serverSeconds)
        else { return }
        let hasRetried = Bool.random(using: &random)
        if hasRetried { watches[process].rejected.insert(given.token.fingerprint) }
        ask(process) { .rejected(given.stamp, $0, deadline: $1, hasRetriedYoung: hasRetried) }
    }

    private mutating func step(_ process: Int) {
        guard let pending = bench.processes[process].pending else { return }
        guard let event = outcome(of: pending, for: process) else { return }
        deliver(event, to: process)
    }

    /// The server or the store does it, and the answer is lost or is a failure.
    private mutating func lose(_ process: Int) {
        guard let pending = bench.processes[process].pending else { return }
        let isDone = Bool.random(using: &random)
        switch pending {
        case .refresh, .logIn:
            check(pending, of: process)
            if isDone { _ = bench.outcome(of: pending, for: process) }
            deliver(.answered(.failed(ModelServer.error(504), isAmbiguous: isDone)), to: process)
        case .publish:
            if isDone { _ = outcome(of: pending, for: process) }
            deliver(.publishFailed("lost"), to: process)
        case .lock: deliver(isDone ? .lockBusy : .storeUnreachable("lost"), to: process)
        case .read:
            let nothing = StoredToken(record: nil, anomaly: "lost")
            deliver(.read(nothing, login: bench.processes[process].login), to: process)
        }
    }

    private mutating func kill(_ process: Int) {
        // At any step: what was on its way may still arrive.
        if let pending = bench.processes[process].pending, Bool.random(using: &random) {
            _ = outcome(of: pending, for: process)
        }
        isDead.insert(process)
        if bench.store.lockedBy == process { bench.store.lockedBy = nil }
        launch()
    }

    private mutating func pass(_ seconds: Int64) {
        bench.advance(.seconds(seconds))
        tickAll()
    }

    private mutating func tickAll() {
        for process in living {
            send(.tick, to: process)
            for (id, deadline) in watches[process].waiting where deadline <= bench.now.elapsed {
                broke("waiter \(id) of \(process) waits beyond its deadline")
            }
        }
    }

    private mutating func outcome(
        of step: RenewalMachine.Step,
        for process: Int
    ) -> RenewalMachine.FlightEvent? {
        check(step, of: process)
        return bench.outcome(of: step, for: process)
    }

    /// Every change of what is held is told by one event, and no event without a change (J1).
    private mutating func compareEvents(of process: Int) {
        let machine = bench.processes[process].machine
        var rejections = 0
        var degradations = 0
        for event in bench.processes[process].events {
            switch event {
            case .loaded(_, let token), .adopted(_, let token), .renewed(_, let token, _, _):
                watches[process].announced.append(token)
            case .rejected: rejections += 1
            case .storeDegraded, .storeRecovered: degradations += 1
            default: break
            }
        }
        bench.processes[process].events = []
        let held = machine.held?.token.fingerprint
        let isRejected = machine.held?.isRejected ?? false
        if held != watches[process].held {
            guard let held, let index = watches[process].announced.lastIndex(of: held) else {
                return broke("\(process) holds a token that no event told of")
            }
            watches[process].announced.remove(at: index)
        } else if let held, let index = watches[process].announced.lastIndex(of: held) {
            // The same token under another number.
            watches[process].announced.remove(at: index)
        }
        if rejections > 1 || (rejections == 1 && !isRejected) { broke("\(process) tells of a rejection in vain") }
        if isRejected, !watches[process].isRejected, rejections == 0 { broke("\(process) is silent about a 401") }
        let changes = machine.isStoreDegraded == watches[process].isDegraded ? 0 : 1
        if degradations % 2 != changes { broke("\(process) tells of the store what is not so") }
        watches[process].held = held
        watches[process].isRejected = isRejected
        watches[process].isDegraded = machine.isStoreDegraded
    }

    private mutating func deliver(_ event: RenewalMachine.FlightEvent, to process: Int) {
        if case .storeUnreachable = event { watches[process].isAlone = true }
        bench.answer(event, to: process)
        observe(process)
    }

    private mutating func send(_ event: RenewalMachine.Event, to process: Int) {
        bench.send(event, to: process)
        observe(process)
    }

    // MARK: Rules

    /// Before a step: who may call and publish, and how often.
    private mutating func check(_ step: RenewalMachine.Step, of process: Int) {
        let holdsLock = bench.store.lockedBy == process
        switch step {
        case .refresh, .logIn:
            if !holdsLock, !watches[process].isAlone { broke("\(process) calls without the lock") }
            watches[process].calls += 1
            let seconds = (bench.now.elapsed - watches[process].bornAt) / .nanosecondsPerSecond
            let renewals = Int64(policy.budget) + seconds / 2 + 1
            if Int64(watches[process].calls) > 2 * renewals { broke("\(process) calls too often") }
        case .publish(let record, let generation):
            if !holdsLock { broke("\(process) publishes without the lock") }
            if record.generation < generation { broke("\(process) publishes an older generation") }
            // What replaces another generation than the stored one is refused by the store.
            guard generation == bench.store.record?.generation ?? 0 else { return }
            let stored = bench.store.record?.token
            if stored != nil, record.token == nil { broke("\(process) drops the stored token") }
            if let stored, record.token != stored, record.generation <= generation {
                broke("\(process) changes the token within a generation")
            }
        case .read, .lock: break
        }
    }

    /// After a step: what was answered, and what is stored.
    private mutating func observe(_ process: Int) {
        for (id, answers) in bench.processes[process].answers {
            if watches[process].waiting.removeValue(forKey: id) == nil || answers.count != 1 {
                broke("waiter \(id) of \(process) was answered after it had left, or twice")
            }
            if case .use(let token, let stamp)? = answers.first {
                if watches[process].rejected.contains(token.fingerprint) {
                    broke("\(process) hands out a token that it knows to be rejected")
                }
                if stamp.fingerprint != token.fingerprint { broke("a stamp does not fit its token") }
                watches[process].given.append((token, stamp))
            }
            if case .useAfter(let token, let stamp, _)? = answers.first {
                watches[process].given.append((token, stamp))
            }
        }
        bench.processes[process].answers = [:]
        compareEvents(of: process)
        if bench.processes[process].overlaps > 0 { broke("\(process) has two flights at once") }
        if bench.processes[process].pending == nil { watches[process].isAlone = false }
        let generation = bench.store.record?.generation ?? 0
        if generation < storedGeneration { broke("the stored generation went back") }
        storedGeneration = generation
    }

    // MARK: The end

    /// The server is healthy and the key is right: soon everybody has a token that works, and nobody waits.
    private mutating func heal() {
        bench.server.mood = .healthy
        bench.store.isReachable = true
        for process in living {
            bench.processes[process].login = RenewalMachine.LoginFacts(credentials: "right", account: "account")
        }
        for process in living where violation == nil {
            var isWorking = false
            // A refused login is left alone for a day at the most.
            for round in 0..<60 where !isWorking && violation == nil {
                isWorking = uses(process)
                if !isWorking { pass(round < 30 ? 60 : 3_600) }
            }
            if !isWorking { broke("\(process) never recovers") }
        }
        settle()
        for process in living where !watches[process].waiting.isEmpty {
            broke("waiters of \(process) are never answered")
        }
    }

    /// All flights to their end.
    private mutating func settle() {
        for _ in 0..<200 where violation == nil {
            let flying = living.filter { bench.processes[$0].pending != nil }
            if flying.isEmpty { return }
            for process in flying { step(process) }
        }
    }

    private mutating func uses(_ process: Int) -> Bool {
        let before = watches[process].given.count
        ask(process) { .request($0, deadline: $1) }
        settle()
        guard watches[process].given.count > before, let first = watches[process].given.last else { return false }
        if bench.server.accepts(first.token, at: bench.serverSeconds) { return true }
        let count = watches[process].given.count
        watches[process].rejected.insert(first.token.fingerprint)
        ask(process) { .rejected(first.stamp, $0, deadline: $1, hasRetriedYoung: true) }
        settle()
        guard watches[process].given.count > count, let second = watches[process].given.last else { return false }
        return bench.server.accepts(second.token, at: bench.serverSeconds)
    }
}
