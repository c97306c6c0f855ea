import Eskiz
import Synchronization

/// A clock that moves when somebody sleeps, and remembers how long.
final class StepClock: KeeperClock {
    private struct State {
        var elapsed: Int64 = 0
        var slept: [Duration] = []
    }

    private let state = Mutex(State())

    var slept: [Duration] { state.withLock { $0.slept } }

    func now() -> Instant {
        Instant(wall: 0, elapsed: state.withLock { $0.elapsed })
    }

    func coarseWall() -> Int64 { 0 }

    func sleep(untilElapsed elapsed: Int64) async throws {
        try Task.checkCancellation()
        state.withLock { state in
            state.slept.append(.nanoseconds(elapsed - state.elapsed))
            state.elapsed = elapsed
        }
    }
}
