import Dispatch
import Eskiz
import EskizQueue
import Synchronization

/// One thread, one seed, and a time that passes only when nobody has anything to do.
///
/// Of the jobs that are ready it runs any one, drawn from the seed; when none is, the clock is set to the moment for which
/// the first sleeper waits. So an hour of the queue takes as long as its work, and the same seed gives the same history.
///
/// Work that leaves this thread (a store with a writer of its own) is announced by `leave` and `comeBack`; until it is back
/// nothing else runs, so that it counts as one step.
final class SimulatedTime: TaskExecutor {
    fileprivate struct Timer {
        var at: Int64
        var id: Int

        func comes(before other: Self) -> Bool { at < other.at || at == other.at && id < other.id }
    }

    fileprivate struct State {
        var now: Int64 = 0
        var ready: [UnownedJob] = []
        /// Jobs that came back from outside.
        var returned: [UnownedJob] = []
        var outside = 0
        var thread = 0
        var timers: [Timer] = []
        var sleepers: [Int: CheckedContinuation<Void, Never>] = [:]
        var nextID = 0
        var random: SplitMix64
        var steps = 0
        var digest: UInt64 = 0xCBF2_9CE4_8422_2325

        mutating func mix(_ value: UInt64) { digest = (digest ^ value) &* 0x100_0000_01B3 }
    }

    private let state: Mutex<State>
    private let isBack = DispatchSemaphore(value: 0)

    init(seed: UInt64) {
        state = Mutex(State(random: SplitMix64(seed: seed)))
    }

    /// Nanoseconds since the world began.
    var now: Int64 { state.withLock { $0.now } }
    /// Milliseconds since the world began.
    var milliseconds: Int64 { now / 1_000_000 }
    /// Jobs run so far.
    var steps: Int { state.withLock { $0.steps } }
    /// Which jobs were run, and when: the same for the same history.
    var digest: UInt64 { state.withLock { $0.digest } }

    // MARK: TaskExecutor

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let isFromOutside = state.withLock { state in
            guard state.outside > 0, state.thread != ThreadIdentity.current else {
                state.ready.append(job)
                return false
            }
            state.returned.append(job)
            return true
        }
        if isFromOutside { isBack.signal() }
    }

    func leave() { state.withLock { $0.outside += 1 } }

    func comeBack() { state.withLock { $0.outside -= 1 } }

    // MARK: Sleeping

    /// Returns when the world has reached a moment, or when the task is cancelled.
    func sleep(until moment: Int64) async {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if state.now >= moment || Task.isCancelled { return true }
                    state.sleepers[id] = continuation
                    state.timers.push(Timer(at: moment, id: id))
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.sleepers.removeValue(forKey: id) }?.resume()
        }
    }

    func pass(_ duration: Duration) async {
        await self.sleep(until: now.addingClamped(duration.nanoseconds))
    }

    // MARK: Running

    /// Runs to the end of `body`.
    ///
    /// - Returns: false if everybody waits for ever, or it takes too many steps.
    func run(stepLimit: Int, _ body: @escaping @Sendable () async -> Void) -> Bool {
        state.withLock { $0.thread = ThreadIdentity.current }
        let done = Flag()
        Task(executorPreference: self) {
            await body()
            done.set()
        }
        while true {
            switch state.withLock({ $0.next(stepLimit) }) {
            case .outside:
                isBack.wait()
                let job = state.withLock { $0.returned.removeFirst() }
                job.runSynchronously(on: asUnownedTaskExecutor())
            case .job(let job):
                job.runSynchronously(on: asUnownedTaskExecutor())
            case .nobody:
                if done.isSet { return true }
                if !wakeNext() { return false }
            case .tooMuch:
                return false
            }
        }
    }

    fileprivate enum Turn {
        case outside
        case job(UnownedJob)
        case nobody
        case tooMuch
    }

    private final class Flag: Sendable {
        private let value = Atomic<Bool>(false)
        var isSet: Bool { value.load(ordering: .acquiring) }
        func set() { value.store(true, ordering: .releasing) }
    }

    /// Wakes all whose moment is the next one.
    private func wakeNext() -> Bool {
        let woken = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            var woken: [CheckedContinuation<Void, Never>] = []
            while let first = state.timers.first, woken.isEmpty || first.at <= state.now {
                state.timers.pop()
                guard let continuation = state.sleepers.removeValue(forKey: first.id) else { continue }
                state.now = max(state.now, first.at)
                woken.append(continuation)
            }
            return woken
        }
        for continuation in woken { continuation.resume() }
        return !woken.isEmpty
    }
}

extension SimulatedTime.State {
    fileprivate mutating func next(_ stepLimit: Int) -> SimulatedTime.Turn {
        if outside > 0 { return .outside }
        if ready.isEmpty { return .nobody }
        if steps > stepLimit { return .tooMuch }
        let index = ready.count == 1 ? 0 : Int(random.next() % UInt64(ready.count))
        steps += 1
        mix(UInt64(index) &+ UInt64(ready.count) << 16 &+ UInt64(bitPattern: now))
        ready.swapAt(index, ready.count - 1)
        return .job(ready.removeLast())
    }
}

extension [SimulatedTime.Timer] {
    /// Into a heap with the first one first.
    fileprivate mutating func push(_ timer: Element) {
        append(timer)
        var index = count - 1
        while index > 0, self[index].comes(before: self[(index - 1) / 2]) {
            swapAt(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
    }

    /// The first one of a heap.
    @discardableResult
    fileprivate mutating func pop() -> Element {
        swapAt(0, count - 1)
        let smallest = removeLast()
        var index = 0
        while true {
            var least = index
            let child = 2 * index + 1
            if child < count, self[child].comes(before: self[least]) { least = child }
            if child + 1 < count, self[child + 1].comes(before: self[least]) { least = child + 1 }
            guard least != index else { return smallest }
            swapAt(index, least)
            index = least
        }
    }
}
