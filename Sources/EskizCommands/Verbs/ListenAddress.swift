import ArgumentParser
import Logging

/// `HOST:PORT`, with IPv6 in brackets.
struct ListenAddress: Sendable, Hashable, CustomStringConvertible, ExpressibleByArgument {
    let host: String
    let port: Int

    static let simulator = ListenAddress(host: "127.0.0.1", port: 9080)
    static let gateway = ListenAddress(host: "127.0.0.1", port: 8080)

    init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    init?(argument: String) {
        guard let colon = argument.lastIndex(of: ":") else { return nil }
        var host = argument[..<colon]
        let digits = argument[argument.index(after: colon)...]
        guard !digits.isEmpty, digits.allSatisfy({ $0.isASCII && $0.isNumber }), let port = Int(digits), port <= 65535
        else { return nil }
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
        } else if host.contains(":") {
            return nil
        }
        // `:9080` means this machine here, and not every interface as it does elsewhere.
        self.init(host: host.isEmpty ? "127.0.0.1" : String(host), port: port)
    }

    var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
    var defaultValueDescription: String { description }

    /// Where a browser on this machine finds it.
    var url: String {
        switch host {
        case "0.0.0.0": "http://127.0.0.1:\(port)"
        case "::": "http://[::1]:\(port)"
        default: "http://\(description)"
        }
    }
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
