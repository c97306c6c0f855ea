package import Eskiz
import Synchronization

/// The queue's clock: the wall clock without its steps.
///
/// Its wall time is the elapsed clock plus an offset that changes only by `adopt(_:)`. So moments that were taken a
/// minute apart lie a minute apart, whatever somebody does to the clock of the machine meanwhile; when the machine's clock
/// was set, `MessageQueue.followClock(logger:)` adopts the new time and moves the stored moments in the same step.
package final class SteadyClock: KeeperClock {
    private let base: any KeeperClock
    /// Wall time less elapsed time, in nanoseconds.
    private let offset: Atomic<Int64>

    package init(_ base: any KeeperClock) {
        self.base = base
        let now = base.now()
        offset = Atomic(now.wall.subtractingClamped(now.elapsed))
    }

    package func now() -> Instant {
        let elapsed = base.now().elapsed
        return Instant(wall: elapsed.addingClamped(offset.load(ordering: .acquiring)), elapsed: elapsed)
    }

    package func coarseWall() -> Int64 { now().wall }

    package var taskExecutor: (any TaskExecutor)? { base.taskExecutor }

    package func sleep(untilElapsed elapsed: Int64) async throws {
        try await base.sleep(untilElapsed: elapsed)
    }

    // MARK: Steps

    /// What is added to the elapsed clock now.
    package var line: ClockLine { ClockLine(offset: offset.load(ordering: .acquiring)) }

    /// What would have to be added so that the time is the machine's.
    package var machineLine: ClockLine {
        let now = base.now()
        return ClockLine(offset: now.wall.subtractingClamped(now.elapsed))
    }

    /// From now on the time goes by another offset.
    ///
    /// - Returns: the one before.
    @discardableResult
    package func adopt(_ line: ClockLine) -> ClockLine {
        ClockLine(offset: offset.exchange(line.offset, ordering: .acquiringAndReleasing))
    }

    /// The time as it would be without the steps since a line was taken.
    ///
    /// For whoever holds moments of then in memory: they compare with this, not with `timestamp`.
    package func timestamp(on line: ClockLine) -> Timestamp {
        let elapsed = base.now().elapsed
        return Timestamp(Instant(wall: elapsed.addingClamped(line.offset), elapsed: elapsed))
    }

    /// How far the time has been moved since a line was taken: to be added to moments of then before they are stored.
    package func shift(since line: ClockLine) -> Duration {
        self.line.distance(from: line)
    }
}

/// The difference between wall and elapsed time, as long as nobody sets the clock.
package struct ClockLine: Sendable, Hashable {
    /// Nanoseconds.
    package var offset: Int64

    package init(offset: Int64) {
        self.offset = offset
    }

    /// How far the clock was set forward between another line and this one, in whole milliseconds.
    package func distance(from other: ClockLine) -> Duration {
        .milliseconds(offset.subtractingClamped(other.offset) / 1_000_000)
    }

    /// The line that lies so far ahead.
    package func moved(by shift: Duration) -> ClockLine {
        ClockLine(offset: offset.addingClamped(shift.nanoseconds))
    }
}
