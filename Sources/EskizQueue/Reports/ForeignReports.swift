package import Logging
import Synchronization

/// Tells of messages of others that Eskiz reports under one of our numbers: once for each number.
package final class ForeignReports: Sendable {
    /// So many numbers are remembered; then it starts anew.
    private static let limit = 10_000

    private let known = Mutex<Set<MessageID>>([])
    private let metrics: QueueMetrics?

    init(metrics: QueueMetrics?) {
        self.metrics = metrics
    }

    /// - Parameters:
    ///   - number: ours.
    ///   - source: where the report came from.
    ///   - logger: where the warning goes.
    package func note(_ number: MessageID, from source: DeliveryReport.Source, logger: Logger) {
        let isNews = known.withLock { known in
            if known.count >= Self.limit { known.removeAll() }
            return known.insert(number).inserted
        }
        guard isNews else { return }
        metrics?.foreign(source)
        logger.warning(
            "Eskiz has a message of somebody else under one of our numbers; it is ignored",
            metadata: [QueueLogKeys.messageID: "\(number)", QueueLogKeys.source: "\(source.rawValue)"]
        )
    }
}
