package import Logging
import Synchronization

/// Writes one line when the store stops working and one when it works again, however many calls meet it.
package final class StoreHealth: Sendable {
    private let failing = Mutex<StoreError.Code?>(nil)
    private let logger: Logger
    private let metrics: QueueMetrics?

    package init(logger: Logger, metrics: QueueMetrics?) {
        self.logger = logger
        self.metrics = metrics
    }

    package func failed(_ error: StoreError) {
        metrics?.storeFailed()
        let isNews = failing.withLock { code in
            defer { code = error.code }
            return code != error.code
        }
        guard isNews else { return }
        logger.error(
            "The message store does not work; nothing is lost, and it is tried again",
            metadata: [QueueLogKeys.errorCode: "\(error.code)", QueueLogKeys.error: "\(error)"]
        )
    }

    package func worked() {
        let wasFailing = failing.withLock { code in
            defer { code = nil }
            return code != nil
        }
        if wasFailing { logger.notice("The message store works again") }
    }
}
