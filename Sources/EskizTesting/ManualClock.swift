package import Eskiz
import Synchronization

/// A clock that stands still until a test moves it, and wakes whoever sleeps when it gets there.
///
/// ```swift
/// let clock = ManualClock()
/// let nap = Task { try await clock.sleep(untilElapsed: clock.now().advanced(by: 1_000).elapsed) }
/// await clock.sleeper(within: .seconds(1))              // it sleeps
/// clock.advance(by: .seconds(1))                        // and wakes
/// ```
package final class ManualClock: KeeperClock {
    private struct Sleeper {
        var until: Int64
        var continuation: CheckedContinuation<Void, Never>
    }

    private struct Watcher {
        var within: Int64
        var continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var now: Instant
        var nextID = 0
        var sleepers: [Int: Sleeper] = [:]
        var watchers: [Int: Watcher] = [:]

        func isAsleep(within nanoseconds: Int64) -> Bool {
            let limit = now.elapsed.addingClamped(nanoseconds)
            return sleepers.values.contains { $0.until <= limit }
        }
    }

    private let state: Mutex<State>

    /// A clock at a moment; by default on 15 January 2027, a thousand seconds after some start.
    package init(_ now: Instant = Instant(wall: 1_800_000_000_000_000_000, elapsed: 1_000_000_000_000)) {
        state = Mutex(State(now: now))
    }

    package func now() -> Instant { state.withLock { $0.now } }

    package func coarseWall() -> Int64 { now().wall }

    /// Moves both clocks on.
    package func advance(by duration: Duration) {
        move { $0.advanced(by: duration.nanoseconds) }
    }

    /// Sets the wall clock alone, as an operator or a time server does.
    package func setWall(_ wall: Int64) {
        move { Instant(wall: wall, elapsed: $0.elapsed) }
    }

    /// Returns when somebody sleeps who is to wake within this time from now, or when the task is cancelled: a test
    /// that waits in vain ends by its time limit.
    package func sleeper(within duration: Duration) async {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isThere = state.withLock { state in
                    if Task.isCancelled || state.isAsleep(within: duration.nanoseconds) { return true }
                    state.watchers[id] = Watcher(within: duration.nanoseconds, continuation: continuation)
                    return false
                }
                if isThere { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.watchers.removeValue(forKey: id) }?.continuation.resume()
        }
    }

    package func sleep(untilElapsed elapsed: Int64) async throws {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let ready = state.withLock { state -> [CheckedContinuation<Void, Never>] in
                    if state.now.elapsed >= elapsed || Task.isCancelled { return [continuation] }
                    state.sleepers[id] = Sleeper(until: elapsed, continuation: continuation)
                    let left = elapsed.subtractingClamped(state.now.elapsed)
                    let told = state.watchers.filter { left <= $0.value.within }
                    for id in told.keys { state.watchers[id] = nil }
                    return told.values.map(\.continuation)
                }
                for continuation in ready { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.sleepers.removeValue(forKey: id) }?.continuation.resume()
        }
        try Task.checkCancellation()
    }

    private func move(_ change: (Instant) -> Instant) {
        let awake = state.withLock { state in
            state.now = change(state.now)
            let due = state.sleepers.filter { $0.value.until <= state.now.elapsed }
            for id in due.keys { state.sleepers[id] = nil }
            return due.values.sorted { $0.until < $1.until }
        }
        for sleeper in awake { sleeper.continuation.resume() }
    }
}
