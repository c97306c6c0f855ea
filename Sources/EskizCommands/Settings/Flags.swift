import ArgumentParser
import EskizWords

/// What every verb understands.
struct OutputFlags: ParsableArguments {
    @Flag(help: .text(.json))
    var json = false

    @Option(help: .text(.lang))
    var lang: Language?

    var format: OutputFormat { json ? .json : .text }
}

/// The settings that verbs which talk to Eskiz take from the command line.
///
/// Options have no defaults: a default would beat the environment. There is none for secrets: the arguments of a
/// process can be read by everybody on the machine.
struct SettingFlags: ParsableArguments {
    @Option(help: .text(.config))
    var config: String?

    @Option(help: .text(.baseURL))
    var baseURL: String?

    @Option(help: .text(.stateDirectory))
    var stateDir: String?

    @Option(help: .text(.timeout))
    var timeout: String?

    @Option(help: .text(.logLevel))
    var logLevel: String?

    @Option(help: .text(.logFormat))
    var logFormat: String?

    /// Only what was typed.
    var settings: [SettingName: String] {
        var settings: [SettingName: String] = [:]
        settings[.baseURL] = baseURL
        settings[.stateDirectory] = stateDir
        settings[.timeout] = timeout
        settings[.logLevel] = logLevel
        settings[.logFormat] = logFormat
        return settings
    }
}

extension Language: ExpressibleByArgument {
    package init?(argument: String) {
        self.init(argument)
    }

    package static var allValueStrings: [String] { allCases.map(\.rawValue) }
}

/// Secrets that somebody tried to give on the command line.
enum ForbiddenFlag {
    private static let settings: [(flags: Set<String>, setting: SettingName)] = [
        (["--token", "--bearer"], .token),
        (["--password", "--key", "--api-key", "--secret"], .password),
        (["--token-key"], .tokenKey),
        (["--api-keys"], .apiKeys),
    ]

    /// The setting that should have been used, if one of the arguments is such a flag.
    static func setting(in arguments: some Sequence<String>) -> (flag: String, setting: SettingName)? {
        for argument in arguments {
            if argument == "--" { return nil }
            let name = String(argument.prefix { $0 != "=" })
            if let match = settings.first(where: { $0.flags.contains(name) }) { return (name, match.setting) }
        }
        return nil
    }
}
