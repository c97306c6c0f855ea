import Configuration
package import Eskiz
package import EskizWords
package import Logging
package import SystemPackage

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The precedence, once: flag > environment > `.env` > `eskiz.json` > default.
///
/// Each level is a plain table of names and texts and becomes one swift-configuration provider. At every level a
/// secret may come from a file instead (`ESKIZ_PASSWORD_FILE`); the value itself wins over the file beside it.
package struct SettingsLoader: Sendable {
    /// What the user typed, and nothing the user did not type: a default here would beat the environment.
    package var flags: [SettingName: String]
    package var environment: [String: String]
    package var workingDirectory: FilePath
    /// `--config`; nil means `eskiz.json` in the working directory, if there is one.
    package var configPath: String?
    /// Settings that are treated as if nobody had set them.
    var ignored: Set<SettingName> = []

    package init(
        flags: [SettingName: String] = [:],
        environment: [String: String],
        workingDirectory: FilePath = ".",
        configPath: String? = nil
    ) {
        self.flags = flags
        self.environment = environment
        self.workingDirectory = workingDirectory
        self.configPath = configPath
    }

    /// Reads all levels and builds the values; every bad setting is in the one error that is thrown.
    package func load() throws(EskizError) -> Settings {
        var problems: [Sentence] = []
        var unknownKeys: [String] = []
        let levels = self.levels(problems: &problems, unknownKeys: &unknownKeys)
        let reader = Self.reader(over: levels.map(\.values))

        let log = LogSettings(reader: reader, problems: &problems)
        let server = ServerSettings(reader: reader, problems: &problems)
        let wish = reader.string(forKey: "lang")
        let language = wish.flatMap { Language($0) }
        if wish != nil, language == nil { problems.append("ESKIZ_LANG must be uz, ru or en.") }
        do {
            let client = try EskizConfiguration(reader: reader, environment: environment)
            if problems.isEmpty {
                return Settings(
                    client: client,
                    log: log,
                    server: server,
                    language: language,
                    origins: origins(of: levels),
                    unknownKeys: unknownKeys
                )
            }
        } catch {
            problems.append(error.what)
        }
        throw EskizError(
            .invalidConfiguration,
            Sentence(joining: problems),
            remedy: "Correct it and try again; `eskiz self-test` shows where each setting comes from."
        )
    }

    /// A reader over tables of names and texts, strongest first.
    ///
    /// Beside each level stand the files it names.
    static func reader(over levels: [[String: String]]) -> ConfigReader {
        let secrets = SecretsSpecifier<String, String>.dynamic { name, _ in
            SettingName(rawValue: name)?.isSecret ?? name.hasPrefix("ESKIZ_")
        }
        let providers = levels.flatMap { values -> [any ConfigProvider] in
            let level = EnvironmentVariablesProvider(environmentVariables: values, secretsSpecifier: secrets)
                .prefixKeys(with: "eskiz")
            return [level, SecretFileProvider(upstream: level)]
        }
        return ConfigReader(providers: providers)
    }

    // MARK: Levels

    private struct Level {
        let origin: SettingOrigin
        var values: [String: String]
    }

    private func levels(problems: inout [Sentence], unknownKeys: inout [String]) -> [Level] {
        let typed = Dictionary(uniqueKeysWithValues: flags.map { ($0.key.rawValue, $0.value) })
        return [
            Level(origin: .flag, values: ours(in: typed)),
            Level(origin: .environment, values: ours(in: environment)),
            Level(origin: .dotEnv, values: ours(in: dotEnv(problems: &problems))),
            Level(origin: .file, values: ours(in: settingsFile(problems: &problems, unknownKeys: &unknownKeys))),
        ]
    }

    private func origins(of levels: [Level]) -> [SettingName: SettingOrigin] {
        var origins: [SettingName: SettingOrigin] = [:]
        for name in SettingName.allCases {
            origins[name] =
                levels.first { level in
                    level.values[name.rawValue] != nil || (name.isSecret && level.values[name.fileName] != nil)
                }?.origin
        }
        return origins
    }

    /// Our names only, without the empty ones.
    private func ours(in raw: [String: String]) -> [String: String] {
        var values: [String: String] = [:]
        for name in SettingName.allCases where !ignored.contains(name) {
            if let value = raw[name.rawValue], !value.isEmpty || name.mayBeEmpty { values[name.rawValue] = value }
            if name.isSecret, let path = raw[name.fileName], !path.isEmpty { values[name.fileName] = path }
        }
        return values
    }

    private func dotEnv(problems: inout [Sentence]) -> [String: String] {
        switch Self.contents(of: workingDirectory.appending(".env")) {
        case .success(let bytes):
            return DotEnvFile.parse(String(decoding: bytes, as: UTF8.self), environment: environment)
        case .failure(.noSuchFileOrDirectory):
            return [:]
        case .failure(let errno):
            problems.append("The file .env in the working directory cannot be read: \(errno).")
            return [:]
        }
    }

    private func settingsFile(problems: inout [Sentence], unknownKeys: inout [String]) -> [String: String] {
        let path = workingDirectory.pushing(FilePath(configPath ?? "eskiz.json"))
        let bytes: [UInt8]
        switch Self.contents(of: path) {
        case .success(let contents): bytes = contents
        case .failure(.noSuchFileOrDirectory) where configPath == nil: return [:]
        case .failure(let errno):
            problems.append("The settings file \(path) cannot be read: \(errno).")
            return [:]
        }
        guard let file = SettingsFile(json: bytes) else {
            problems.append("The settings file \(path) is not a JSON object.")
            return [:]
        }
        for key in file.unusableKeys {
            problems.append("The key \(key.onOneLine) in \(path) must be a text, a number, true or false.")
        }
        unknownKeys = file.unknownKeys.map(\.onOneLine)
        return file.values
    }

    private static func contents(of path: FilePath) -> Result<[UInt8], Errno> {
        do {
            let file = try FileDescriptor.open(path, .readOnly, options: [.closeOnExec])
            return try file.closeAfter {
                var contents: [UInt8] = []
                let chunk = UnsafeMutableRawBufferPointer.allocate(byteCount: 16384, alignment: 1)
                defer { chunk.deallocate() }
                while contents.count < 1 << 20 {
                    let count = try file.read(into: chunk)
                    if count == 0 { break }
                    contents += chunk[..<count]
                }
                return .success(contents)
            }
        } catch let errno as Errno {
            return .failure(errno)
        } catch {
            return .failure(.ioError)
        }
    }
}

/// What a verb works by, validated.
package struct Settings: Sendable {
    package let client: EskizConfiguration
    package let log: LogSettings
    package let server: ServerSettings
    /// nil leaves it to the locale.
    package let language: Language?
    /// Where each value came from; a setting that is not here has its default.
    package let origins: [SettingName: SettingOrigin]
    /// Keys of `eskiz.json` that are no setting: nothing that stops the start, but most often a typing error.
    package let unknownKeys: [String]

    /// The log file, unless it is turned off.
    package var logPath: FilePath? {
        switch log.file {
        case .some(let path): path.isEmpty ? nil : FilePath(path)
        case .none: client.stateDirectory.map { FilePath($0).appending("eskiz.log") }
        }
    }
}

/// `ESKIZ_LOG_LEVEL`, `ESKIZ_LOG_FORMAT`, `ESKIZ_LOG_FILE`.
package struct LogSettings: Sendable {
    package let level: Logger.Level
    package let format: LogFormat
    /// nil means the default, empty means none.
    package let file: String?

    init(reader: ConfigReader, problems: inout [Sentence]) {
        level = Self.choice(reader, "log.level", .logLevel, default: .info, problems: &problems)
        format = Self.choice(reader, "log.format", .logFormat, default: .text, problems: &problems)
        file = reader.string(forKey: "log.file")
    }

    private static func choice<Value: RawRepresentable<String> & CaseIterable>(
        _ reader: ConfigReader,
        _ key: ConfigKey,
        _ name: SettingName,
        default standard: Value,
        problems: inout [Sentence]
    ) -> Value {
        guard let text = reader.string(forKey: key) else { return standard }
        if let value = Value(rawValue: text.lowercased()) { return value }
        let choices = Value.allCases.map(\.rawValue).joined(separator: ", ")
        problems.append("\(name.rawValue) must be one of \(choices).")
        return standard
    }
}
