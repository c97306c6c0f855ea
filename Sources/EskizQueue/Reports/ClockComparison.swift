package import Eskiz
package import Logging
import Synchronization

/// Says when Eskiz's clock and ours are far apart, and when they agree again: once each.
package final class ClockComparison: Sendable {
    /// More than this is shown to people.
    package static let limit: Duration = .seconds(60)

    private let logger: Logger
    private let isFar = Mutex(false)

    package init(logger: Logger) {
        self.logger = logger
    }

    /// Whether a difference is worth telling.
    package static func isFar(_ offset: Duration) -> Bool {
        offset > limit || offset < .zero - limit
    }

    /// - Returns: the difference; nil while it is not known.
    package func compare(_ reading: ProviderClock.Reading) -> Duration? {
        guard let offset = reading.offset else { return nil }
        let isFar = Self.isFar(offset)
        let isNews = self.isFar.withLock { known in
            defer { known = isFar }
            return known != isFar
        }
        guard isNews else { return offset }
        let metadata: Logger.Metadata = [QueueLogKeys.offset: "\(offset.components.seconds)"]
        if isFar {
            logger.warning("Eskiz's clock and ours are far apart", metadata: metadata)
        } else {
            logger.notice("Eskiz's clock and ours agree again", metadata: metadata)
        }
        return offset
    }
}
