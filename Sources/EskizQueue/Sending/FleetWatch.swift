import Eskiz
package import Logging
import ServiceLifecycle

/// Where several gateways share a store: wakes this one for what others have accepted, and them for what this one has, and
/// says to those who wait here what others have done.
///
/// Nothing depends on it but how soon: every gateway looks once a second in any case.
package final class FleetWatch: Service {
    private let queue: MessageQueue
    private let store: any FleetStore
    private let health: StoreHealth

    private static let interval: Duration = .seconds(1)
    /// Between two calls to the others: what is accepted meanwhile needs no call of its own.
    private static let callPause: Duration = .milliseconds(20)
    /// How soon somebody who waits hears of what another gateway has done.
    private static let waitPause: Duration = .milliseconds(100)

    private static let exchangePause: Duration = .milliseconds(100)
    /// How often the database is looked at: how long a snapshot is held is seen by looking again.
    private static let lookPause: Duration = .seconds(10)
    /// While nobody listens here, more changes than these at once are not fetched.
    private static let unheardLimit = 500

    /// Nil where nobody shares the store.
    package init?(queue: MessageQueue, logger: Logger) {
        guard let store = queue.store.fleet else { return nil }
        self.queue = queue
        self.store = store
        queue.events.share { [clock = queue.clock] in clock.timestamp }
        health = StoreHealth(logger: logger, metrics: queue.events.metrics)
    }

    package func run() async throws {
        await untilShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask { await self.listen() }
                group.addTask { await self.call() }
                group.addTask { await self.remind() }
                group.addTask { await self.exchange() }
                group.addTask { await self.look() }
            }
        }
    }

    private func listen() async {
        var webhooksAt = Int64.min
        while !Task.isCancelled {
            do {
                try await store.waitForNews(upTo: Self.interval)
                health.worked()
            } catch {
                health.failed(error)
                await pause(Self.interval)
            }
            queue.work.ring()
            // News are of messages to be sent. Whoever has made a webhook sends it; others look after those that were left.
            let now = queue.clock.now().elapsed
            guard now >= webhooksAt else { continue }
            webhooksAt = now.addingClamped(Self.interval.nanoseconds)
            queue.webhooks.ring()
        }
    }

    private func look() async {
        while !Task.isCancelled {
            _ = try? await store.health()
            await pause(Self.lookPause)
        }
    }

    private func call() async {
        while !Task.isCancelled {
            await queue.news.wait()
            guard !Task.isCancelled else { return }
            // They look by themselves soon.
            try? await store.tellNews()
            await pause(Self.callPause)
        }
    }

    private func remind() async {
        while !Task.isCancelled {
            await pause(Self.waitPause)
            let awaited = queue.events.awaited
            guard !awaited.isEmpty, let messages = try? await store.messages(awaited) else { continue }
            for message in messages where message.state.isSubmittedOrFinal || message.finalAt != nil {
                queue.events.remind(of: message)
            }
        }
    }

    /// Tells what was changed here and what Eskiz has said of the account, and hears the same of the others.
    ///
    /// Nothing depends on notifications, which a pooler would not pass on.
    private func exchange() async {
        // What was said before is no news.
        _ = try? await store.changedElsewhere(limit: .max)
        queue.events.missed()
        while !Task.isCancelled {
            await pause(Self.exchangePause)
            do throws(StoreError) {
                try await tell()
                guard store.otherGateways > 0 else { continue }
                for (news, left) in try await store.accountNews() {
                    queue.accountNews.hear(.init(news, for: left))
                    queue.work.ring()
                }
                let limit = queue.events.hasListeners ? Int.max : Self.unheardLimit
                guard let changed = try await store.changedElsewhere(limit: limit) else {
                    queue.events.missed()
                    continue
                }
                guard !changed.isEmpty else { continue }
                queue.events.publish(changedElsewhere: try await store.messages(changed))
            } catch {
                // They were told in vain: whoever comes back asks for what it has missed.
                queue.events.missed()
            }
        }
    }

    private func tell() async throws(StoreError) {
        let changed = queue.events.takeChanges()
        if !changed.isEmpty { try await store.tell(changed: changed) }
        for item in queue.accountNews.takeOwn() { try await store.tell(item.news, for: item.time) }
    }

    private func pause(_ duration: Duration) async {
        try? await queue.clock.sleep(untilElapsed: queue.clock.now().elapsed.addingClamped(duration.nanoseconds))
    }
}
