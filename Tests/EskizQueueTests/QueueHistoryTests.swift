import Eskiz
import EskizQueue
import EskizQueueTesting
import EskizTestSupport
import ServiceLifecycle
import Synchronization
import Testing

/// Whole lives of the queue, against the provider's ledger.
///
/// The provider loses answers, breaks connections, is slow, lags and fails; the process is killed at any moment.
struct QueueHistoryTests {
    @Test(arguments: 0..<8)
    func `nothing accepted is lost, nothing is sent twice, and no code after its end`(_ group: Int) async throws {
        for seed in 0..<30 {
            var history = History(seed: UInt64(group * 1_000 + seed))
            let failures = try await history.play()
            if !failures.isEmpty {
                Issue.record("seed \(group * 1_000 + seed): \(failures.prefix(5).joined(separator: "; "))")
            }
        }
    }
}

/// One life, drawn from a seed.
private struct History {
    private var random: SplitMix64
    private let seed: UInt64

    init(seed: UInt64) {
        self.seed = seed
        random = SplitMix64(seed: seed)
    }

    /// What the provider does, in parts of a hundred; the rest is taken and answered.
    private struct Weather: Sendable {
        var resetTaken = 0
        var resetLost = 0
        var silenceTaken = 0
        var silenceLost = 0
        var garbledTaken = 0
        var garbledLost = 0
        var unreachable = 0
        var throttled = 0
        var refused = 0
        var slow = 0

        func fate(_ random: inout SplitMix64) -> Provider.Fate {
            var draw = Int.random(in: 0..<100, using: &random)
            func within(_ part: Int) -> Bool {
                draw -= part
                return draw < 0
            }
            let moment = Duration.milliseconds(Int64.random(in: 1...2_000, using: &random))
            if within(resetTaken) { return .reset(isTaken: true, after: moment) }
            if within(resetLost) { return .reset(isTaken: false, after: moment) }
            if within(silenceTaken) {
                return .silence(takenAfter: .milliseconds(Int64.random(in: 1...29_000, using: &random)))
            }
            if within(silenceLost) { return .silence(takenAfter: nil) }
            if within(garbledTaken) {
                return .garbled([502, 504, 500, 200].randomElement(using: &random) ?? 502, isTaken: true)
            }
            if within(garbledLost) {
                return .garbled([502, 504, 500].randomElement(using: &random) ?? 502, isTaken: false)
            }
            if within(unreachable) { return .unreachable }
            if within(throttled) { return .answer(429, "{}", retryAfter: Int.random(in: 1...3, using: &random)) }
            if within(refused) { return .refused }
            if within(slow) { return .take(after: .milliseconds(Int64.random(in: 1_000...28_000, using: &random))) }
            return .take(after: .milliseconds(Int64.random(in: 1...200, using: &random)))
        }

        static func draw(_ random: inout SplitMix64) -> Weather {
            func part(_ limit: Int) -> Int {
                Bool.random(using: &random) ? Int.random(in: 0...limit, using: &random) : 0
            }
            return Weather(
                resetTaken: part(12),
                resetLost: part(12),
                silenceTaken: part(8),
                silenceLost: part(8),
                garbledTaken: part(8),
                garbledLost: part(8),
                unreachable: part(25),
                throttled: part(8),
                refused: part(6),
                slow: part(10)
            )
        }
    }

    mutating func play() async throws -> [String] {
        let time = VirtualTime()
        let provider = Provider(time: time)
        let store = MemoryMessageStore()
        let weather = Weather.draw(&random)
        let isFair = Mutex(false)
        let fates = Mutex(SplitMix64(seed: random.next()))
        provider.decide { _ in
            if isFair.withLock({ $0 }) { return .take(after: .milliseconds(30)) }
            return fates.withLock { weather.fate(&$0) }
        }
        provider.lagLists(by: .milliseconds(Int64.random(in: 0...55_000, using: &random)))
        let kills = (0..<Int.random(in: 0...3, using: &random)).map { _ in
            Int64.random(in: 100...35_000, using: &random)
        }
        let plan = drawPlan()
        let failLists = Bool.random(using: &random)
        let postman = Bool.random(using: &random) ? Postman(seed: random.next()) : nil

        let seen = Observations()
        var processes: [Process] = []
        for index in 0...kills.count {
            processes.append(
                try await Process(index, time: time, provider: provider, store: store, postman: postman, seen: seen)
            )
        }
        let lives = Array(zip(processes, kills.sorted() + [45_000]))
        let outcome = Mutex<[String]>([])
        await time.run {
            for (index, life) in lives.enumerated() {
                let isLast = index == lives.count - 1
                await life.0.live {
                    provider.failLists(isLast && failLists)
                    await plan.perform(on: life.0, time: time, until: life.1, seen)
                    guard isLast else { return }
                    isFair.withLock { $0 = true }
                    provider.failLists(false)
                    for _ in 0..<400 where await !seen.isSettled(in: store) { await time.pass(.seconds(10)) }
                }
            }
            let failures = await seen.judge(store, provider)
            outcome.withLock { $0 = failures }
        }
        return outcome.withLock { $0 }
    }

    private mutating func drawPlan() -> Plan {
        var steps: [Plan.Step] = []
        for _ in 0..<Int.random(in: 5...40, using: &random) {
            let lane = Lane.allCases.randomElement(using: &random) ?? .otp
            let count = Int.random(in: 0..<10, using: &random) == 0 ? Int.random(in: 2...12, using: &random) : 1
            let life: Duration? =
                switch lane {
                case .otp: .milliseconds(Int64.random(in: 500...150_000, using: &random))
                default:
                    Int.random(in: 0..<4, using: &random) == 0
                        ? .seconds(Int64.random(in: 5...600, using: &random)) : nil
                }
            steps.append(
                .init(
                    moment: Int64.random(in: 0...40_000, using: &random),
                    lane: lane,
                    count: count,
                    isBatch: count > 1 && lane == .bulk,
                    life: life,
                    delay: Int.random(in: 0..<6, using: &random) == 0
                        ? .seconds(Int64.random(in: 1...40, using: &random)) : nil,
                    purpose: lane == .otp && Bool.random(using: &random) ? "login" : nil,
                    phone: "9989012345" + String(10 + Int.random(in: 0..<5, using: &random)),
                    isCancelled: Int.random(in: 0..<12, using: &random) == 0
                )
            )
        }
        return Plan(steps: steps.sorted { $0.moment < $1.moment })
    }
}

/// One life of the process, until it is killed.
private struct Process: Sendable {
    let world: World
    let store: SlowStore
    let postman: Postman?
    let seen: Observations

    init(
        _ index: Int,
        time: VirtualTime,
        provider: Provider,
        store memory: MemoryMessageStore,
        postman: Postman?,
        seen: Observations
    ) async throws {
        let wrapped = SlowStore(memory, time: time, beginWriting: .milliseconds(2))
        store = wrapped
        self.postman = postman
        self.seen = seen
        world = try await World(store: memory, time: time, provider: provider, owner: "host-\(index)") {
            $0.concurrency = 8
            $0.callbackURL = { "https://hook.example.test/secret" }
            $0.resendUnknown = [.otp, .transactional]
        } guardedBy: { _ in
            wrapped
        }
    }

    func live(_ body: @escaping @Sendable () async -> Void) async {
        let services: [any Service] = [world.dispatcher, world.reconciler, world.poller, world.housekeeping]
        let events = world.queue.events.subscribe(buffer: 1_000_000)
        await withDiscardingTaskGroup { group in
            for service in services { group.addTask { try? await service.run() } }
            if let postman { group.addTask { await postman.work(for: world.queue, world.provider, world.time) } }
            await body()
            // kill -9: from here on nothing that it does reaches the disk.
            store.cutOff()
            group.cancelAll()
        }
        world.queue.events.finish()
        for await case .message(let event) in events { seen.note(event.message) }
    }
}

private struct Plan: Sendable {
    struct Step: Sendable {
        /// Milliseconds after the start.
        var moment: Int64
        var lane: Lane
        var count: Int
        var isBatch: Bool
        var life: Duration?
        var delay: Duration?
        var purpose: String?
        var phone: String
        var isCancelled: Bool
    }

    var steps: [Step]

    /// Does what is planned until a moment, as far as it has not been done.
    func perform(on process: Process, time: VirtualTime, until end: Int64, _ seen: Observations) async {
        while let step = seen.nextStep(of: steps, before: end) {
            await time.pass(until: step.moment)
            let now = time.timestamp
            let messages = (0..<step.count).map { index in
                newMessage(
                    step.lane,
                    phone: step.phone,
                    text: "Salom \(step.moment) \(index)",
                    sendAt: step.delay.map { now + $0 },
                    expiresAt: step.life.map { now + $0 },
                    purpose: step.purpose
                )
            }
            guard let accepted = try? await process.world.accept(messages, batch: step.isBatch ? NewBatch() : nil)
            else {
                continue
            }
            seen.accepted(accepted)
            if step.isCancelled, let first = accepted.first { _ = try? await process.world.queue.cancel(first.id) }
        }
        await time.pass(until: end)
    }
}

/// Brings Eskiz's callbacks: late, twice, out of order, some never, some before the answer of the send.
private final class Postman: Sendable {
    fileprivate struct State {
        var random: SplitMix64
        var read = 0
        var letters: [(due: Timestamp, number: String, uuid: String, status: String)] = []
    }

    private let state: Mutex<State>

    init(seed: UInt64) {
        state = Mutex(State(random: SplitMix64(seed: seed)))
    }

    func work(for queue: MessageQueue, _ provider: Provider, _ time: VirtualTime) async {
        while !Task.isCancelled {
            let now = time.timestamp
            let ledger = provider.ledger
            let due = state.withLock { state in
                for entry in ledger.dropFirst(state.read) { state.write(entry) }
                state.read = ledger.count
                let due = state.letters.filter { $0.due <= now }
                state.letters.removeAll { $0.due <= now }
                return due
            }
            for letter in due {
                let report = DeliveryReport(
                    status: MessageStatus(letter.status),
                    source: .callback,
                    receivedAt: now,
                    providerID: letter.uuid
                )
                guard let id = MessageID(text: letter.number) else { continue }
                _ = try? await queue.record(report, for: .number(id))
            }
            await time.pass(.milliseconds(700))
        }
    }
}

extension Postman.State {
    fileprivate mutating func write(_ entry: Provider.Entry) {
        guard Int.random(in: 0..<3, using: &random) > 0 else { return }
        let last = Int.random(in: 0..<5, using: &random) == 0 ? "REJECTED" : "DELIVRD"
        for status in ["STORED", "ACCEPTED", last] {
            for _ in 0..<Int.random(in: 0...2, using: &random) {
                let delay = Duration.milliseconds(Int64.random(in: 0...60_000, using: &random))
                letters.append((entry.takenAt + delay, entry.number, entry.uuid, status))
            }
        }
    }
}

/// What went in and what was seen.
private final class Observations: Sendable {
    private struct State {
        var steps = 0
        var accepted: [Message] = []
        var last: [MessageID: MessageState] = [:]
        var failures: [String] = []
    }

    private let state = Mutex(State())

    func nextStep(of steps: [Plan.Step], before end: Int64) -> Plan.Step? {
        state.withLock { state in
            guard state.steps < steps.count, steps[state.steps].moment < end else { return nil }
            defer { state.steps += 1 }
            return steps[state.steps]
        }
    }

    func accepted(_ messages: [Message]) {
        state.withLock { $0.accepted += messages }
    }

    /// A message as a listener heard of it: never back on its way.
    func note(_ message: Message) {
        state.withLock { state in
            if let last = state.last[message.id], last != message.state,
                !Self.reachable(from: last).contains(message.state)
            {
                state.failures.append("\(message.id) went from \(last.rawValue) to \(message.state.rawValue)")
            }
            state.last[message.id] = message.state
        }
    }

    private static func reachable(from state: MessageState) -> Set<MessageState> {
        var reached: Set<MessageState> = []
        var open = [state]
        while let next = open.popLast() {
            for state in next.next where reached.insert(state).inserted { open.append(state) }
        }
        return reached
    }

    func isSettled(in store: MemoryMessageStore) async -> Bool {
        for message in state.withLock({ $0.accepted }) {
            guard let now = try? await store.message(message.id), now.state.isSubmittedOrFinal else { return false }
        }
        return true
    }

    func judge(_ store: MemoryMessageStore, _ provider: Provider) async -> [String] {
        let (accepted, failures) = state.withLock { ($0.accepted, $0.failures) }
        var found = failures
        let ledger = Dictionary(grouping: provider.ledger, by: \.number)
        let known = Set(accepted.map(\.id.text))
        for number in ledger.keys where !known.contains(number) { found.append("\(number) was never accepted") }
        for message in accepted {
            guard let now = try? await store.message(message.id) else {
                found.append("\(message.id) is lost")
                continue
            }
            let entries = ledger[message.id.text] ?? []
            switch now.state {
            case .submitted, .delivered, .undelivered:
                if entries.isEmpty { found.append("\(message.id) is \(now.state.rawValue), and Eskiz never had it") }
            case .failed, .expired, .cancelled:
                if !entries.isEmpty { found.append("\(message.id) is \(now.state.rawValue), and Eskiz has it") }
            case .scheduled, .queued, .sending, .unknown:
                found.append("\(message.id) (\(message.lane)) is still \(now.state.rawValue)")
            }
            if entries.count > 1 { found.append("\(message.id) (\(message.lane)) was sent \(entries.count) times") }
            if let end = message.expiresAt, entries.contains(where: { $0.arrivedAt >= end }) {
                found.append("\(message.id) was sent after its end")
            }
        }
        return found
    }
}

extension VirtualTime {
    /// Returns so many milliseconds after the start of the world.
    fileprivate func pass(until milliseconds: Int64) async {
        let left = (start + .milliseconds(milliseconds)) - timestamp
        if left > .zero { await pass(left) }
    }
}
