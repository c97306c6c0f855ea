import Eskiz
import Synchronization

/// How often Eskiz is asked about messages: at an interval while that works, and less and less often while it does not.
final class LookSchedule: Sendable {
    private let interval: Duration
    private let random: Mutex<SplitMix64>

    private static let failurePauses = Backoff(first: .seconds(5), cap: .seconds(300), floor: .seconds(1))

    init(interval: Duration, seed: UInt64) {
        self.interval = interval
        random = Mutex(SplitMix64(seed: seed))
    }

    /// Looks again and again, until the task is cancelled.
    ///
    /// - Parameters:
    ///   - clock: what the pauses are measured by.
    ///   - look: one look; false if the store or Eskiz failed.
    func run(by clock: SteadyClock, _ look: @Sendable () async -> Bool) async {
        var failures = 0
        while !Task.isCancelled {
            failures = await look() ? 0 : failures + 1
            let pause =
                failures == 0
                ? interval : random.withLock { Self.failurePauses.pause(afterFailures: failures, using: &$0) }
            try? await clock.sleep(untilElapsed: clock.now().elapsed.addingClamped(pause.nanoseconds))
        }
    }
}
