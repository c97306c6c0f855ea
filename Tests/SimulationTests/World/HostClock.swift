import Eskiz
import EskizQueue
import Synchronization

/// The wall clock of a machine: right, off, too fast, or set by somebody.
final class WallClock: Sendable {
    private struct State {
        /// Nanoseconds that it is ahead.
        var offset: Int64
        /// Nanoseconds gained each second.
        var drift: Int64
        var since: Int64 = 0
    }

    /// What a right clock shows when a world begins: 2027-01-15 08:00 UTC.
    static let beginning: Int64 = 1_800_000_000_000_000_000

    private let time: SimulatedTime
    private let state: Mutex<State>

    init(_ time: SimulatedTime, offset: Duration = .zero, drift: Int64 = 0) {
        self.time = time
        state = Mutex(State(offset: offset.nanoseconds, drift: drift))
    }

    /// Nanoseconds since 1970.
    var now: Int64 { wall(at: time.now) }
    var timestamp: Timestamp { Timestamp(milliseconds: now / 1_000_000) }

    func wall(at moment: Int64) -> Int64 {
        state.withLock { state in
            Self.beginning + moment + state.offset + (moment - state.since) / .nanosecondsPerSecond * state.drift
        }
    }

    /// Somebody sets it.
    func step(by duration: Duration) {
        let now = time.now
        state.withLock { state in
            state.offset += (now - state.since) / .nanosecondsPerSecond * state.drift + duration.nanoseconds
            state.since = now
        }
    }
}

/// A process: dead after `kill`, and then nothing that it does reaches anybody.
final class Life: Sendable {
    private let dead = Atomic<Bool>(false)

    var isOver: Bool { dead.load(ordering: .acquiring) }

    func end() { dead.store(true, ordering: .releasing) }
}

/// The clocks as one process sees them: the wall clock of its machine, and an elapsed time that began with the process.
struct ProcessClock: KeeperClock {
    let time: SimulatedTime
    let wall: WallClock
    let life: Life
    /// What the elapsed clock showed when the world began.
    let origin: Int64

    var taskExecutor: (any TaskExecutor)? { time }

    func now() -> Instant {
        let now = time.now
        return Instant(wall: wall.wall(at: now), elapsed: now + origin)
    }

    func coarseWall() -> Int64 { wall.now }

    func sleep(untilElapsed elapsed: Int64) async throws {
        guard !life.isOver else { throw CancellationError() }
        await time.sleep(until: elapsed.subtractingClamped(origin))
        try Task.checkCancellation()
        guard !life.isOver else { throw CancellationError() }
    }
}
