import ArgumentParser
package import EskizHTTP
import Logging

extension ListenAddress: ExpressibleByArgument {
    package static let simulator = ListenAddress(host: "127.0.0.1", port: 9080)
    package static let gateway = ListenAddress(host: "127.0.0.1", port: 8080)

    package init?(argument: String) { self.init(text: argument) }

    package var defaultValueDescription: String { description }
}

/// A duration with its unit: `30d`, `12h`, `90m`, `60s`, `500ms`.
struct Lifetime: Sendable, Hashable, ExpressibleByArgument, CustomStringConvertible {
    let duration: Duration
    let description: String

    static let month = Lifetime(duration: .seconds(30 * 86400), description: "30d")

    init(duration: Duration, description: String) {
        self.duration = duration
        self.description = description
    }

    init?(argument: String) {
        let digits = argument.prefix { $0.isASCII && $0.isNumber }
        guard let count = Int64(digits), count > 0, count < 1_000_000_000 else { return nil }
        switch argument[digits.endIndex...] {
        case "ms": duration = .milliseconds(count)
        case "", "s": duration = .seconds(count)
        case "m", "min": duration = .seconds(count * 60)
        case "h": duration = .seconds(count * 3600)
        case "d": duration = .seconds(count * 86400)
        default: return nil
        }
        description = argument
    }

    var defaultValueDescription: String { description }
}

/// A log level on the command line.
struct LogLevelName: Sendable, ExpressibleByArgument {
    let level: Logger.Level

    init?(argument: String) {
        guard let level = Logger.Level(rawValue: argument.lowercased()) else { return nil }
        self.level = level
    }

    static var allValueStrings: [String] { Logger.Level.allCases.map(\.rawValue) }
}
