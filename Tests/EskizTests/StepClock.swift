import Eskiz
import Synchronization

/// A clock that moves when the test sleeps, and remembers how long.
///
/// The keeper's own alarms, which run in tasks of their own, never ring.
final class StepClock: KeeperClock {
    private struct State {
        var elapsed: Int64 = 0
        var slept: [Duration] = []
    }

    /// True in tasks whose sleeping moves the clock.
    @TaskLocal static var movesTime = false

    private let state = Mutex(State())

    var slept: [Duration] { state.withLock { $0.slept } }

    func now() -> Instant {
        Instant(wall: 0, elapsed: state.withLock { $0.elapsed })
    }

    func coarseWall() -> Int64 { 0 }

    func sleep(untilElapsed elapsed: Int64) async throws {
        try Task.checkCancellation()
        guard Self.movesTime else {
            for await _ in AsyncStream<Never>.makeStream().stream {}
            throw CancellationError()
        }
        state.withLock { state in
            state.slept.append(.nanoseconds(elapsed - state.elapsed))
            state.elapsed = elapsed
        }
    }
}
