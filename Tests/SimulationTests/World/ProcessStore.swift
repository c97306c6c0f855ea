import Eskiz
import EskizQueue
import EskizQueueTesting
import Synchronization

/// The disk of a machine: sometimes it fails or takes its time.
final class Disk: Sendable {
    /// Milliseconds of the world in which something is wrong with it.
    struct Fault: Sendable {
        enum Kind: Sendable, Hashable {
            /// Nothing is written, and the call says so.
            case failing
            /// It is written, and the call says that it is not.
            case failingAfterwards
            /// It takes so many milliseconds more.
            case slow(Int64)
        }

        var range: Range<Int64>
        var kind: Kind
        /// Of so many calls that write one is hit.
        var oneIn: Int
    }

    let time: SimulatedTime
    private let faults: [Fault]
    private let random: Mutex<SplitMix64>
    private let isHealed = Mutex(false)

    init(time: SimulatedTime, faults: [Fault], seed: UInt64) {
        self.time = time
        self.faults = faults
        random = Mutex(SplitMix64(seed: seed))
    }

    func heal() { isHealed.withLock { $0 = true } }

    /// What happens to the next call that writes.
    func fault() -> Fault.Kind? {
        guard !faults.isEmpty, !isHealed.withLock({ $0 }) else { return nil }
        let now = time.milliseconds
        guard let fault = faults.first(where: { $0.range.contains(now) }) else { return nil }
        return random.withLock { $0.isOne(in: fault.oneIn) } ? fault.kind : nil
    }

    /// How long a call takes, before and after it has happened: mostly no time at all.
    func pace() -> (before: Int64, after: Int64) {
        random.withLock { random in
            (random.isOne(in: 3) ? random.between(1, 4) : 0, random.isOne(in: 3) ? random.between(1, 4) : 0)
        }
    }
}

/// When the calls that write happen: in the order in which they came, like those of a store with one writer, and those that
/// wait for a slow disk together.
private struct WritingLine {
    /// Nanoseconds of the world between which the disk takes its time.
    private var slow: Range<Int64> = 0..<0
    private var last: Int64 = 0

    mutating func turn(at now: Int64, after pause: Int64, _ slowness: Int64) -> Int64 {
        if slowness > 0, now >= slow.lowerBound {
            let start = max(now, slow.upperBound)
            slow = start..<start + slowness
        }
        let wanted = slowness > 0 ? max(slow.upperBound, now + pause) : now + pause
        last = max(wanted, last + 1)
        return last
    }
}

/// A store as one process has it: every call goes through the disk of its machine, and none of a process that is dead gets there.
final class ProcessStore: MessageStore {
    enum Call: Sendable {
        case accept
        case repetition
        case remember
        case answer
        case claim
        case beginWriting
        case settle
        case extendLeases
        case recover
        case clockAnchor
        case moveMoments
        case sweep
        case prune
        case cancel
        case settleUnknown
        case keep
        case record
        case overdueForReport
        case scheduleReport
        case unsettled
        case knownRows
        case noteAbsence
        case message
        case timeline
        case messages
        case page
        case clientReferences
        case statistics
        case activity
        case refusals
        case audit
        case auditLines
        case pruneAudit
        case dueWebhooks
        case finishWebhook
        case replayWebhooks
        case secret
        case add
        case apiKeys
        case revokeAPIKey
        case checkWritable
    }

    let store: any MessageStore
    let installation: Int
    let witness: Witness
    let time: SimulatedTime
    private let disk: Disk
    private let life: Life
    private let line = Mutex(WritingLine())
    /// Nil where nobody else has the store.
    let share: DatabaseShare?
    /// When what was heard of the account was said, by its name.
    let heard = Mutex<[String: Int64]>([:])
    /// The store has a thread of its own.
    private let leavesThread: Bool

    init(
        _ store: any MessageStore,
        installation: Int,
        leavesThread: Bool,
        disk: Disk,
        time: SimulatedTime,
        life: Life,
        witness: Witness,
        share: DatabaseShare? = nil
    ) {
        self.share = share
        self.store = store
        self.installation = installation
        self.leavesThread = leavesThread
        self.disk = disk
        self.time = time
        self.life = life
        self.witness = witness
    }

    var depth: QueueDepth { store.depth }

    /// Whoever owns the machine closes it.
    func close() async {}

    private static let failed = StoreError(.unavailable, "The disk does not answer.", remedy: "Look at the disk.")

    private func check() throws(StoreError) {
        if life.isOver { throw StoreError(.unavailable, "This process is dead.", remedy: "") }
    }

    func through<Value: Sendable>(
        _ call: Call,
        _ writes: Bool,
        _ body: (any MessageStore) async throws(StoreError) -> Value
    ) async throws(StoreError) -> Value {
        try check()
        let fault = writes ? disk.fault() : nil
        if let fault { witness.trace("\(installation) disk \(call) \(fault)") }
        var pace: (before: Int64, after: Int64) = (0, 0)
        switch call {
        case .accept, .claim, .beginWriting, .settle, .record, .settleUnknown: pace = disk.pace()
        default: break
        }
        var slowness: Int64 = 0
        if case .slow(let milliseconds) = fault { slowness = milliseconds }
        let start =
            writes
            ? line.withLock { $0.turn(at: time.now, after: pace.before * 1_000_000, slowness * 1_000_000) }
            : time.now + pace.before * 1_000_000
        if start > time.now { await time.sleep(until: start) }
        try check()
        if fault == .failing { throw Self.failed }
        let result: Result<Value, StoreError>
        if leavesThread { time.leave() }
        do throws(StoreError) {
            result = .success(try await body(store))
        } catch {
            result = .failure(error)
        }
        if leavesThread { time.comeBack() }
        if pace.after > 0 { await time.pass(.milliseconds(pace.after)) }
        try check()
        if fault == .failingAfterwards { throw Self.failed }
        return try result.get()
    }

    /// What a store says that messages have become, whether or not the process is told.
    func noteStates(_ messages: [Message]) {
        guard !messages.isEmpty else { return }
        let now = time.milliseconds
        for message in messages { witness.trace("\(installation) state \(message.id) \(message.state.rawValue)") }
        witness.write { history in
            for message in messages {
                history.entered(.init(message.id.text, of: installation), message.state, at: now)
            }
        }
    }

    /// What the store was told that Eskiz has taken, however late, and whether or not it made anything of it.
    func noteTaken(_ settlements: [Settlement]) {
        let now = time.milliseconds
        for settlement in settlements {
            guard case .submitted = settlement.result else { continue }
            witness.write { $0.learned(.init(settlement.claim.message.id.text, of: installation), at: now) }
        }
    }

    /// What has been kept, whether or not anybody is told.
    func noteKept(_ new: [NewMessage], _ acceptance: Acceptance, calledAt called: Int64) {
        guard case .accepted(let messages, let superseded) = acceptance else { return }
        let now = time.milliseconds
        for (message, wanted) in zip(messages, new) {
            let life = wanted.expiresAt.map { ($0 - message.createdAt).wholeMilliseconds }
            let record = DeliveryHistory.Record(
                lane: message.lane,
                group: .init(SimulatedProvider.group(message.phone, wanted.text), of: installation),
                // Lives count from the call, however long the disk takes.
                keptAt: called,
                dueAt: max(now, called + (message.dueAt - message.createdAt).wholeMilliseconds),
                life: life,
                wantsWebhook: message.webhookURL != nil
            )
            witness.write { $0.kept(.init(message.id.text, of: installation), record) }
            witness.trace("\(installation) kept \(message.id) \(message.lane.rawValue) life \(life ?? -1)")
        }
        // They may be of the same request.
        noteStates(superseded)
    }

    /// The clock was set: what has a time of its own comes at that time of the clock, and its end counts from there.
    func noteMoved(_ scheduled: [MessageID], by shift: Duration) {
        let now = time.milliseconds
        witness.trace("\(installation) moved \(shift), \(scheduled.count) scheduled")
        witness.write { history in
            for id in scheduled {
                history.clockMoved(.init(id.text, of: installation), by: shift.wholeMilliseconds, at: now)
            }
        }
    }
}
