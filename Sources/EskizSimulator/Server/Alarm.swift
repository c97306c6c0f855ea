import NIOConcurrencyHelpers

/// Wakes one sleeper.
///
/// Rung before the sleeper lies down, it wakes him at once; rung twice, it wakes once.
final class Alarm: Sendable {
    private struct State {
        var isRung = false
        var sleeper: CheckedContinuation<Void, Never>?
    }

    private let state = NIOLockedValueBox(State())

    func ring() {
        let sleeper = state.withLockedValue { state in
            let sleeper = state.sleeper
            state.sleeper = nil
            if sleeper == nil { state.isRung = true }
            return sleeper
        }
        sleeper?.resume()
    }

    /// Returns when the alarm rings, when the time is over, or when the task is cancelled.
    func wait(upTo limit: Duration?) async {
        guard let limit else { return await wait() }
        guard limit > .zero else { return }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await Task.sleep(for: limit) }
            group.addTask { await self.wait() }
            await group.next()
            group.cancelAll()
        }
    }

    private func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isAwake = state.withLockedValue { state in
                    if state.isRung || Task.isCancelled {
                        state.isRung = false
                        return true
                    }
                    state.sleeper = continuation
                    return false
                }
                if isAwake { continuation.resume() }
            }
        } onCancel: {
            // A cancelled sleeper leaves; a ring that finds nobody is kept for the next one.
            let sleeper = state.withLockedValue { state in
                let sleeper = state.sleeper
                state.sleeper = nil
                return sleeper
            }
            sleeper?.resume()
        }
    }
}

/// Rings for everybody who waits: for a message, or for any change.
final class Bell: Sendable {
    private struct State {
        var waiters: [Int: Alarm] = [:]
        var nextID = 0
    }

    private let state = NIOLockedValueBox(State())

    func register() -> (id: Int, alarm: Alarm) {
        let alarm = Alarm()
        let id = state.withLockedValue { state in
            state.nextID += 1
            state.waiters[state.nextID] = alarm
            return state.nextID
        }
        return (id, alarm)
    }

    func unregister(_ id: Int) {
        state.withLockedValue { $0.waiters[id] = nil }
    }

    func ring() {
        for alarm in state.withLockedValue({ Array($0.waiters.values) }) { alarm.ring() }
    }
}
