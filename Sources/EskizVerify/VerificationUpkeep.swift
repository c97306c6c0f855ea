import Eskiz
import EskizQueue
package import Logging
import ServiceLifecycle

/// Forgets verifications and counts that nobody looks at any more, and hears of what other gateways do on the same store.
package struct VerificationUpkeep: Service {
    private let verifier: Verifier
    private let review: @Sendable () async -> Void
    private let logger: Logger

    private static let interval: Duration = .seconds(600)
    private static let pause: Duration = .seconds(1)
    /// How soon it is known what others did on the same store, and decided.
    private static let newsInterval: Duration = .seconds(1)
    private static let limit = 1_000

    /// `review` is done once, when everything has started: nothing waits for it.
    package init(verifier: Verifier, logger: Logger, review: @escaping @Sendable () async -> Void = {}) {
        self.verifier = verifier
        self.review = review
        self.logger = logger
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            do throws(StoreError) {
                try await verifier.learn()
            } catch {
                logger.warning("Earlier codes could not be read", metadata: ["error.type": "\(error.code)"])
            }
            await withDiscardingTaskGroup { group in
                group.addTask { await review() }
                if verifier.isShared { group.addTask { await hear() } }
                group.addTask { await tidy() }
            }
        }
    }

    private func tidy() async {
        var wait = Self.interval
        while !Task.isCancelled {
            await sleep(wait)
            guard !Task.isCancelled else { return }
            wait = await forget() ? Self.interval : Self.pause
        }
    }

    /// That the store is away, others say.
    private func hear() async {
        while !Task.isCancelled {
            await sleep(Self.newsInterval)
            guard !Task.isCancelled else { return }
            try? await verifier.hear()
        }
    }

    private func sleep(_ duration: Duration) async {
        let clock = verifier.queue.clock
        try? await clock.sleep(untilElapsed: clock.now().elapsed.addingClamped(duration.nanoseconds))
    }

    /// - Returns: false if there is more to forget.
    private func forget() async -> Bool {
        do {
            return try await verifier.prune(limit: Self.limit) < Self.limit
        } catch {
            logger.warning("Old verifications could not be removed", metadata: ["error.type": "\(error.code)"])
            return true
        }
    }
}
