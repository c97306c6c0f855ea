package import Logging
import Synchronization
package import SystemPackage

#if canImport(FoundationEssentials)
package import FoundationEssentials
#else
package import Foundation
#endif

/// Where all log lines of the process go: the console always, and a file unless it is turned off.
package final class LogSink: Sendable {
    private let format: LogFormat
    private let console: FileDescriptor?
    private let ink: Ink
    private let now: @Sendable () -> Date
    private let file: Mutex<LogFile?>

    /// A sink; `console` is usually stderr, and a `filePath` of nil turns the file off.
    package init(
        format: LogFormat,
        console: FileDescriptor?,
        ink: Ink = .plain,
        filePath: FilePath?,
        now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.format = format
        self.console = console
        self.ink = ink
        self.now = now
        self.file = Mutex(filePath.map { LogFile(path: $0) })
    }

    func write(label: String, level: Logger.Level, message: String, metadata: Logger.Metadata) {
        let event = LogLine(time: now(), label: label, level: level, message: message, metadata: metadata)
        let line = event.rendered(format)
        // One write per line: lines of several processes that append to one file do not mix.
        _ = try? console?.writeAll((coloured(line, level) + "\n").utf8)
        let failure = file.withLock { $0?.append(line + "\n") }
        if let failure {
            let note = LogLine(
                time: now(),
                label: "eskiz",
                level: .warning,
                message: "The log file cannot be written; logging goes on here only",
                metadata: ["path": "\(filePath)", "error": "\(failure)"]
            )
            _ = try? console?.writeAll((coloured(note.rendered(format), .warning) + "\n").utf8)
        }
    }

    /// Opens the file by its name again, for logrotate (SIGHUP).
    package func reopen() {
        file.withLock { $0?.reopen() }
    }

    private var filePath: String { file.withLock { $0?.path.string } ?? "" }

    private func coloured(_ line: String, _ level: Logger.Level) -> String {
        switch level {
        case .trace, .debug: ink.faint(line)
        case .info, .notice: line
        case .warning: ink.careful(line)
        case .error, .critical: ink.bad(line)
        }
    }
}

/// swift-log's handler: collects the metadata and leaves the rest to the sink.
package struct LineLogHandler: LogHandler {
    package var logLevel: Logger.Level
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?
    private let label: String
    private let sink: LogSink

    package init(label: String, level: Logger.Level, sink: LogSink) {
        self.label = label
        self.logLevel = level
        self.sink = sink
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var merged = metadata
        if let provided = metadataProvider?.get() { merged.merge(provided) { _, new in new } }
        if let own = event.metadata { merged.merge(own) { _, new in new } }
        if let error = event.error, merged["error"] == nil { merged["error"] = "\(error)" }
        sink.write(label: label, level: event.level, message: event.message.description, metadata: merged)
    }
}
