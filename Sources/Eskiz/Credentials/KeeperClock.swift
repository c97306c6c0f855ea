#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Where the keeper gets its time from, and how it waits.
///
/// Nothing in this folder reads a clock any other way.
package protocol KeeperClock: Sendable {
    /// Both clocks now.
    func now() -> Instant
    /// The wall clock, cheap and a few milliseconds coarse: read once per request.
    func coarseWall() -> Int64
    /// Returns when the elapsed clock has reached a moment, or throws when the task is cancelled.
    func sleep(untilElapsed elapsed: Int64) async throws
    /// Where work runs that belongs to no caller; nil for the default executor.
    ///
    /// A simulated time runs everything on its own thread.
    var taskExecutor: (any TaskExecutor)? { get }
}

extension KeeperClock {
    package var taskExecutor: (any TaskExecutor)? { nil }
}

/// The machine's own clocks.
package struct SystemKeeperClock: KeeperClock {
    package init() {}

    package func now() -> Instant {
        // CLOCK_BOOTTIME goes on while the machine is suspended; CLOCK_MONOTONIC stands still on Linux.
        #if os(Linux)
        Instant(wall: Self.read(CLOCK_REALTIME), elapsed: Self.read(CLOCK_BOOTTIME))
        #else
        Instant(wall: Self.read(CLOCK_REALTIME), elapsed: Self.read(CLOCK_MONOTONIC))
        #endif
    }

    package func coarseWall() -> Int64 {
        // 6 ns instead of 25: four milliseconds of grain are nothing against windows of days.
        #if os(Linux)
        Self.read(CLOCK_REALTIME_COARSE)
        #else
        Self.read(CLOCK_REALTIME)
        #endif
    }

    package func sleep(untilElapsed elapsed: Int64) async throws {
        while true {
            let left = elapsed.subtractingClamped(now().elapsed)
            if left <= 0 { return }
            // Never longer than a minute at once: a timer that slept through a suspend is checked, not trusted.
            try await Task.sleep(for: .nanoseconds(min(left, 60 * .nanosecondsPerSecond)), clock: .continuous)
        }
    }

    private static func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * .nanosecondsPerSecond + Int64(time.tv_nsec)
    }
}
