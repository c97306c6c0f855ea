import ArgumentParser

/// What every verb understands.
struct OutputFlags: ParsableArguments {
    @Flag(help: "Print one JSON document on stdout and nothing else there.")
    var json = false

    @Option(help: "Language of what people read: uz, ru or en.")
    var lang: Language?

    var format: OutputFormat { json ? .json : .text }
}

/// The settings that verbs which talk to Eskiz take from the command line.
///
/// Options have no defaults: a default would beat the environment. There is none for secrets: the arguments of a
/// process can be read by everybody on the machine.
struct SettingFlags: ParsableArguments {
    @Option(help: "Settings file (eskiz.json in the working directory, if there is one).")
    var config: String?

    @Option(help: "Address of the API (ESKIZ_BASE_URL).")
    var baseURL: String?

    @Option(help: "Folder for token, log and database (ESKIZ_STATE_DIR).")
    var stateDir: String?

    @Option(help: "One request to Eskiz, for example 30s (ESKIZ_TIMEOUT).")
    var timeout: String?

    @Option(help: "trace, debug, info, notice, warning, error or critical (ESKIZ_LOG_LEVEL).")
    var logLevel: String?

    @Option(help: "text or json (ESKIZ_LOG_FORMAT).")
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
