import Eskiz
package import Logging
import ServiceLifecycle

/// What time does to messages: scheduled ones become due, late ones expire, abandoned ones are taken back, old ones go.
package final class Housekeeping: Service {
    private let queue: MessageQueue
    private let logger: Logger
    private let health: StoreHealth

    private static let interval: Duration = .seconds(1)
    private static let pruneInterval: Duration = .seconds(3600)
    /// A restart is busy enough.
    private static let firstPrune: Duration = .seconds(60)
    private static let limit = 1_000
    /// Rounds in one go; the rest waits a second, so that the store is not kept from accepting.
    private static let roundLimit = 20

    package init(queue: MessageQueue, logger: Logger) {
        self.queue = queue
        self.logger = logger
        health = StoreHealth(logger: logger, metrics: queue.events.metrics)
    }

    package func run() async throws {
        await untilShutdown {
            let start = self.queue.clock.now().elapsed
            let lease = self.queue.configuration.lease
            var nextRecovery = start.addingClamped((lease / 2).nanoseconds)
            var nextPrune = start.addingClamped(Self.firstPrune.nanoseconds)
            while !Task.isCancelled {
                let step = self.queue.clockWatch.lastStep?.at
                // Without a clock that agrees with the store nothing is judged late.
                guard await self.followClock() else {
                    let next = self.queue.clock.now().elapsed.addingClamped(Self.interval.nanoseconds)
                    try? await self.queue.clock.sleep(untilElapsed: next)
                    continue
                }
                await self.sweep()
                let now = self.queue.clock.now().elapsed
                if let latest = self.queue.clockWatch.lastStep?.at, latest != step {
                    // What is old by a clock that was just set may not be: there is time to set it right.
                    nextPrune = max(nextPrune, now.addingClamped(Self.pruneInterval.nanoseconds))
                }
                if now >= nextRecovery {
                    await self.recover()
                    nextRecovery = now.addingClamped((lease / 2).nanoseconds)
                }
                if now >= nextPrune {
                    let isDone = await self.prune()
                    let pause = isDone ? Self.pruneInterval : Self.interval
                    nextPrune = now.addingClamped(pause.nanoseconds)
                }
                let next = self.queue.clock.now().elapsed.addingClamped(Self.interval.nanoseconds)
                try? await self.queue.clock.sleep(untilElapsed: next)
            }
        }
    }

    /// Adopts the time of the machine if somebody has set it.
    ///
    /// - Returns: false if the store could not be asked.
    package func followClock() async -> Bool {
        do {
            try await queue.followClock(logger: logger)
            health.worked()
            return true
        } catch {
            health.failed(error)
            return false
        }
    }

    /// Queues what was scheduled for now, and lets expire what waited too long.
    package func sweep() async {
        do {
            for _ in 0..<Self.roundLimit {
                let now = queue.clock.timestamp
                let changed = try await queue.store.sweep(at: now, limit: Self.limit)
                health.worked()
                queue.publish(changed)
                if changed.contains(where: { $0.state == .queued }) { queue.work.ring() }
                guard changed.count >= Self.limit else { break }
            }
        } catch {
            health.failed(error)
        }
    }

    /// Takes back what has outlived its lease.
    package func recover() async {
        do {
            queue.tell(
                try await queue.store.recover(
                    everythingBut: nil,
                    sparing: queue.inHand.ids,
                    at: queue.clock.timestamp
                ),
                logger: logger
            )
            health.worked()
        } catch {
            health.failed(error)
        }
    }

    /// Forgets what has been final for longer than the retention.
    ///
    /// - Returns: false if there is more to forget.
    package func prune() async -> Bool {
        do {
            for _ in 0..<Self.roundLimit {
                let before = queue.clock.timestamp - queue.configuration.retention
                let count = try await queue.store.prune(finalBefore: before, limit: Self.limit)
                health.worked()
                if count < Self.limit { return try await pruneAudit() }
            }
            return false
        } catch {
            health.failed(error)
            return false
        }
    }
    /// Forgets what people did longer ago than anybody asks.
    private func pruneAudit() async throws(StoreError) -> Bool {
        let before = queue.clock.timestamp - AuditLine.retention
        return try await queue.store.pruneAudit(before: before, limit: Self.limit) < Self.limit
    }
}
