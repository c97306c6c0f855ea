package import Logging

#if canImport(FoundationEssentials)
package import FoundationEssentials
#else
package import Foundation
#endif

/// How a log line is written.
package enum LogFormat: String, Sendable, CaseIterable {
    /// Time, level, message, `key=value` …
    case text
    /// One JSON object a line.
    case json
}

/// One event as one line, whatever is in it.
package struct LogLine: Sendable {
    /// Values longer than this are cut: a log line is for reading, not for carrying documents.
    static let longestValue = 2000

    let time: Date
    let label: String
    let level: Logger.Level
    let message: String
    let metadata: Logger.Metadata

    package init(time: Date, label: String, level: Logger.Level, message: String, metadata: Logger.Metadata) {
        self.time = time
        self.label = label
        self.level = level
        self.message = message
        self.metadata = metadata
    }

    package func rendered(_ format: LogFormat) -> String {
        switch format {
        case .text: Scrubbing.scrub(text)
        case .json: Scrubbing.scrub(document)
        }
    }

    private var text: String {
        let name = level.rawValue.uppercased()
        let padding = String(repeating: " ", count: max(0, 7 - name.count))
        var line = "\(TashkentTime.rfc3339Milliseconds(time)) \(name)\(padding) \(message.onOneLine)"
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
            line += " \(key.onOneLine)=\(Self.quoted(Self.cut(value.description)))"
        }
        return line
    }

    private var document: String {
        let reserved: Set = ["time", "level", "logger", "message"]
        var members: [JSONValue.Member] = [
            .init("time", .string(TashkentTime.rfc3339Milliseconds(time))),
            .init("level", .string(level.rawValue)),
            .init("logger", .string(label)),
            .init("message", .string(message)),
        ]
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
            members.append(.init(reserved.contains(key) ? "metadata.\(key)" : key, Self.json(value)))
        }
        return JSONValue.object(members).rendered()
    }

    private static func json(_ value: Logger.MetadataValue) -> JSONValue {
        switch value {
        case .string(let text): .string(cut(text))
        case .stringConvertible(let value):
            switch value {
            case let number as any BinaryInteger: .whole(Int64(clamping: number))
            case let flag as Bool: .bool(flag)
            default: .string(cut(value.description))
            }
        case .array(let values): .array(values.map(json))
        case .dictionary(let values): .object(values.sorted { $0.key < $1.key }.map { .init($0.key, json($0.value)) })
        }
    }

    private static func cut(_ text: String) -> String {
        text.utf8.count <= longestValue ? text : String(text.prefix(longestValue)) + "…"
    }

    /// Values with spaces, quotes or equal signs are quoted, so that a line can be taken apart again.
    private static func quoted(_ value: String) -> String {
        let line = value.onOneLine
        let needsQuotes = line.isEmpty || line.contains { $0 == " " || $0 == "\"" || $0 == "=" }
        return needsQuotes
            ? "\"" + line.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\\\"") + "\""
            : line
    }
}
