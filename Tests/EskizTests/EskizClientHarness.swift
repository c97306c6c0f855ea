import Eskiz
import EskizTesting
import Logging
import Synchronization

/// A client on a scripted network, and what it wrote to its log.
struct Harness {
    let transport = ScriptedTransport()
    let log = RecordedLog()
    let client: EskizClient

    init(
        callbackURL: String? = nil,
        sender: String = "4546",
        codeTemplate: String = "Kodingiz: {code}",
        maximumSegments: Int = 8,
        clock: any KeeperClock = SystemKeeperClock()
    ) throws {
        client = try EskizClient(
            configuration: EskizConfiguration(
                token: "canary.canary.canary",
                baseURL: "https://notify.eskiz.uz/api",
                sender: sender,
                callbackURL: callbackURL,
                codeTemplate: codeTemplate,
                maximumSegments: maximumSegments
            ),
            transport: transport,
            logger: log.logger,
            store: MemoryTokenStore(),
            clock: clock,
            random: { 41 }
        )
    }

    /// The one request that was made.
    var request: RecordedRequest? { transport.requests.count == 1 ? transport.requests.first : nil }
}

/// Keeps log lines.
final class RecordedLog: Sendable {
    struct Line: Sendable {
        let level: Logger.Level
        let message: String
        let metadata: Logger.Metadata

        /// Everything a reader of the log would see.
        var text: String { "\(level) \(message) \(metadata)" }
    }

    private let state = Mutex<[Line]>([])

    var lines: [Line] { state.withLock { $0 } }
    var text: String { lines.map(\.text).joined(separator: "\n") }

    /// A logger that keeps everything from trace upwards.
    var logger: Logger {
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

/// The error of a call that must fail.
func failure<Value>(_ body: () async throws(EskizError) -> Value) async throws -> EskizError {
    let value: Value
    do throws(EskizError) {
        value = try await body()
    } catch {
        return error
    }
    throw DidNotFail(description: "returned \(value)")
}

struct DidNotFail: Error, CustomStringConvertible {
    let description: String
}
