package import Eskiz
import Synchronization

/// A bell: a ring is remembered until somebody has heard it, and whoever waits is woken.
///
/// For one listener; any number of rings before it listens count as one.
package final class WakeSignal: Sendable {
    private struct State {
        var hasRung = false
        var nextID = 0
        var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
    }

    private let state = Mutex(State())

    package init() {}

    package func ring() {
        let woken = state.withLock { state in
            guard !state.waiting.isEmpty else {
                state.hasRung = true
                return [CheckedContinuation<Void, Never>]()
            }
            defer { state.waiting = [:] }
            return Array(state.waiting.values)
        }
        for continuation in woken { continuation.resume() }
    }

    /// Returns with the next ring, or at once if there was one that nobody has heard, or when the task is cancelled.
    package func wait() async {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isReady = state.withLock { state in
                    if state.hasRung || Task.isCancelled {
                        state.hasRung = false
                        return true
                    }
                    state.waiting[id] = continuation
                    return false
                }
                if isReady { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiting.removeValue(forKey: id) }?.resume()
        }
    }

    /// Waits for a ring, but no longer than until a moment of the clock.
    package func wait(untilElapsed moment: Int64, by clock: any KeeperClock) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await clock.sleep(untilElapsed: moment) }
            group.addTask { await self.wait() }
            await group.next()
            group.cancelAll()
        }
    }
}
