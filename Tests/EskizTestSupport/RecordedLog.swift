package import Logging
import Synchronization

/// Keeps log lines.
package final class RecordedLog: Sendable {
    package struct Line: Sendable {
        package let level: Logger.Level
        package let message: String
        package let metadata: Logger.Metadata

        /// Everything a reader of the log would see.
        package var text: String { "\(level) \(message) \(metadata)" }
    }

    private let state = Mutex<[Line]>([])

    package init() {}

    package var lines: [Line] { state.withLock { $0 } }
    package var text: String { lines.map(\.text).joined(separator: "\n") }

    package func lines(_ message: String) -> [Line] { lines.filter { $0.message == message } }

    /// A logger that keeps everything from trace upwards.
    package var logger: Logger {
        var logger = Logger(label: "test") { _ in Handler(log: self) }
        logger.logLevel = .trace
        return logger
    }

    private struct Handler: LogHandler {
        let log: RecordedLog
        var metadata: Logger.Metadata = [:]
        var logLevel: Logger.Level = .trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let line = Line(
                level: event.level,
                message: event.message.description,
                metadata: metadata.merging(event.metadata ?? [:]) { $1 }
            )
            log.state.withLock { $0.append(line) }
        }
    }
}
