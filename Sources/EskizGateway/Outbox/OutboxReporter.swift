import Eskiz
package import EskizQueue
package import Logging
import ServiceLifecycle
import Synchronization

/// Tells the outbox how its messages are, so that `eskiz.status` knows.
///
/// By the news of the queue, which is quick and may lose some, and by looking through what has no end there, which is slow
/// and loses none: at the start, after a failure, and once a minute.
package final class OutboxReporter: Service {
    /// Whose messages are the outbox's, by the key that they came under.
    static let keyPrefix = "outbox:"

    private let source: any OutboxSource
    private let queue: MessageQueue
    private let logger: Logger
    private let pending = Mutex(Pending())
    private let news = WakeSignal()

    private struct Pending {
        /// As they were told of.
        var changed: [MessageID: Message] = [:]
        /// Marked just now: what happened to them before that found no row.
        var marked: Set<MessageID> = []
    }

    /// News within this time goes in one statement.
    private static let pause: Duration = .milliseconds(100)
    private static let lookInterval: Duration = .seconds(60)
    private static let pruneInterval: Duration = .seconds(600)
    private static let pageSize = 500

    /// - Parameters:
    ///   - source: the outbox.
    ///   - queue: the messages.
    ///   - logger: hears when the outbox cannot be told.
    package init(source: any OutboxSource, queue: MessageQueue, logger: Logger) {
        self.source = source
        self.queue = queue
        self.logger = logger
    }

    /// Tells until a graceful shutdown.
    package func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await self.listen() }
                group.addTask { await self.tellUntilCancelled() }
                await group.waitForAll()
            }
        }
        // What is not told now is found by the look at the next start.
        try? await tellNews()
    }

    /// Rows have been marked: from now on the outbox can be told of them.
    func marked(_ results: [OutboxResult]) {
        let messages = results.compactMap { result in
            if case .accepted(let message, _) = result.outcome { message } else { nil }
        }
        guard !messages.isEmpty else { return }
        pending.withLock { $0.marked.formUnion(messages) }
        news.ring()
    }

    private func listen() async {
        for await event in queue.events.subscribe(buffer: 4_096) {
            guard case .message(let change) = event, !change.isElsewhere,
                change.message.apiKeyID.hasPrefix(Self.keyPrefix)
            else { continue }
            pending.withLock { $0.changed[change.message.id] = change.message }
            news.ring()
        }
    }

    private func tellUntilCancelled() async {
        var nextLook: Int64 = .min
        var nextPrune: Int64 = .min
        while !Task.isCancelled {
            do throws(StoreError) {
                try await tellNews()
                if elapsed >= nextLook {
                    try await lookThroughOpenRows()
                    nextLook = elapsed.addingClamped(Self.lookInterval.nanoseconds)
                }
                if elapsed >= nextPrune {
                    _ = try await source.prune(olderThan: queue.configuration.retention, limit: 1_000)
                    nextPrune = elapsed.addingClamped(Self.pruneInterval.nanoseconds)
                }
                await news.wait(untilElapsed: min(nextLook, nextPrune), by: queue.clock)
                try? await queue.clock.sleep(untilElapsed: elapsed.addingClamped(Self.pause.nanoseconds))
            } catch {
                logger.debug("The outbox cannot be told now", metadata: [QueueLogKeys.error: "\(error)"])
                nextLook = .min
                try? await queue.clock.sleep(untilElapsed: elapsed.addingClamped(Duration.seconds(1).nanoseconds))
            }
        }
    }

    private var elapsed: Int64 { queue.clock.now().elapsed }

    private func tellNews() async throws(StoreError) {
        let (changed, marked) = pending.withLock { pending in
            defer { pending = Pending() }
            return (pending.changed, pending.marked)
        }
        let now = queue.clock.timestamp
        var statuses = changed.values.map { OutboxStatus($0, at: now) }
        for id in marked where changed[id] == nil { statuses.append(try await status(of: id)) }
        try await source.report(statuses)
    }

    private func lookThroughOpenRows() async throws(StoreError) {
        var last: Int64 = 0
        while !Task.isCancelled {
            let rows = try await source.open(after: last, limit: Self.pageSize)
            var statuses: [OutboxStatus] = []
            for row in rows {
                let status = try await status(of: row.message)
                if status.state?.rawValue != row.status || status.sinceFinal != nil { statuses.append(status) }
            }
            try await source.report(statuses)
            guard rows.count == Self.pageSize, let row = rows.last else { return }
            last = row.row
        }
    }

    private func status(of id: MessageID) async throws(StoreError) -> OutboxStatus {
        guard let message = try await queue.store.message(id) else { return OutboxStatus(forgotten: id) }
        return OutboxStatus(message, at: queue.clock.timestamp)
    }
}
