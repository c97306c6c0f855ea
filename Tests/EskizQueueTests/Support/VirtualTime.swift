import Eskiz
import EskizQueue
import Synchronization
import Testing

/// A world of one thread in which time passes only when everybody waits.
///
/// It runs tasks in the order in which they became ready, and when none is, sets the clock to the moment for which the
/// first sleeper waits. So a day of the queue takes as long as its work, and a history with a seed replays.
final class VirtualTime: KeeperClock, TaskExecutor {
    private struct Sleeper {
        var until: Int64
        var id: Int
        var continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var now = Instant(wall: start.milliseconds * 1_000_000, elapsed: 1_000_000_000_000)
        var jobs: [UnownedJob] = []
        var nextJob = 0
        var sleepers: [Int: Sleeper] = [:]
        var nextID = 0

        mutating func takeJob() -> UnownedJob? {
            guard nextJob < jobs.count else {
                jobs.removeAll(keepingCapacity: true)
                nextJob = 0
                return nil
            }
            defer { nextJob += 1 }
            return jobs[nextJob]
        }
    }

    private let state = Mutex(State())

    func now() -> Instant { state.withLock { $0.now } }
    func coarseWall() -> Int64 { now().wall }

    /// Somebody sets the clock of the machine: its wall time jumps, and nothing else.
    func setClock(forward step: Duration) {
        state.withLock { $0.now.wall = $0.now.wall.addingClamped(step.nanoseconds) }
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        state.withLock { $0.jobs.append(job) }
    }

    func sleep(untilElapsed elapsed: Int64) async throws {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if state.now.elapsed >= elapsed || Task.isCancelled { return true }
                    state.sleepers[id] = Sleeper(until: elapsed, id: id, continuation: continuation)
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.sleepers.removeValue(forKey: id) }?.continuation.resume()
        }
        try Task.checkCancellation()
    }

    /// Returns after a while; everything that can happen until then happens first.
    func pass(_ duration: Duration) async {
        try? await self.sleep(untilElapsed: now().elapsed.addingClamped(duration.nanoseconds))
    }

    /// Runs to the end of `body`.
    ///
    /// `outside`: how long to wait for work that is done outside of this world (a renewal of the token) before time moves
    /// on.
    func run(outside: Duration = .zero, _ body: @escaping @Sendable () async -> Void) async {
        let isDone = Mutex(false)
        Task(executorPreference: self) {
            await body()
            isDone.withLock { $0 = true }
        }
        while true {
            if let job = state.withLock({ $0.takeJob() }) {
                job.runSynchronously(on: asUnownedTaskExecutor())
                continue
            }
            if isDone.withLock({ $0 }) { return }
            if outside > .zero, await hasJob(within: outside) { continue }
            guard wakeNext() else {
                Issue.record("everybody waits for ever")
                return
            }
        }
    }

    private func hasJob(within limit: Duration) async -> Bool {
        let end = ContinuousClock.now + limit
        repeat {
            if state.withLock({ $0.nextJob < $0.jobs.count }) { return true }
            // Not a wait for a result: others need the thread.
            await Task.yield()
        } while ContinuousClock.now < end
        return state.withLock { $0.nextJob < $0.jobs.count }
    }

    private func wakeNext() -> Bool {
        let sleeper = state.withLock { state -> Sleeper? in
            guard let next = state.sleepers.values.min(by: { ($0.until, $0.id) < ($1.until, $1.id) }) else {
                return nil
            }
            state.sleepers[next.id] = nil
            if next.until > state.now.elapsed {
                state.now = state.now.advanced(by: next.until - state.now.elapsed)
            }
            return next
        }
        sleeper?.continuation.resume()
        return sleeper != nil
    }
}
