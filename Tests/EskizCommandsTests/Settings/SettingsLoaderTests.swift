import Configuration
import Eskiz
import EskizWords
import SystemPackage
import Testing

@testable import EskizCommands

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A folder with the given files, gone afterwards.
func withFolder<Result>(
    _ files: [String: String] = [:],
    _ body: (FilePath) async throws -> Result
) async throws -> Result {
    let folder = try TemporaryFolder.make()
    defer { folder.remove() }
    for (name, contents) in files {
        try Data(contents.utf8).write(to: URL(filePath: folder.path.appending(name).string))
    }
    return try await body(folder.path)
}

@Suite struct SettingsLoaderTests {
    private static let home = ["HOME": "/nonexistent"]

    private static func load(
        flags: [SettingName: String] = [:],
        environment: [String: String] = [:],
        in folder: FilePath,
        config: String? = nil
    ) throws(EskizError) -> Settings {
        try SettingsLoader(
            flags: flags,
            environment: environment.merging(home) { own, _ in own },
            workingDirectory: folder,
            configPath: config
        ).load()
    }

    /// Which levels set the sender, and who wins.
    @Test(arguments: [
        (["flag", "environment", ".env", "eskiz.json"], "flag"),
        (["environment", ".env", "eskiz.json"], "environment"),
        ([".env", "eskiz.json"], "env"),
        (["eskiz.json"], "json"),
        ([], "4546"),
        (["flag", "eskiz.json"], "flag"),
        (["environment", "eskiz.json"], "environment"),
    ])
    func `the strongest level wins`(levels: [String], expected: String) async throws {
        var files: [String: String] = [:]
        if levels.contains(".env") { files[".env"] = "ESKIZ_FROM=env\n" }
        if levels.contains("eskiz.json") { files["eskiz.json"] = #"{"from": "json"}"# }
        try await withFolder(files) { folder in
            let settings = try Self.load(
                flags: levels.contains("flag") ? [.sender: "flag"] : [:],
                environment: levels.contains("environment") ? ["ESKIZ_FROM": "environment"] : [:],
                in: folder
            )
            #expect(settings.client.sender == expected)
            #expect(settings.origins[.sender]?.rawValue == levels.first)
        }
    }

    @Test(arguments: SettingOrigin.allCases.dropFirst())
    func `a secret comes from a file at every level`(origin: SettingOrigin) async throws {
        try await withFolder(["key": "file-secret\n"]) { folder in
            let path = folder.appending("key").string
            var environment = ["ESKIZ_EMAIL": "ops@example.test"]
            switch origin {
            case .environment: environment["ESKIZ_PASSWORD_FILE"] = path
            case .dotEnv:
                try Data("ESKIZ_PASSWORD_FILE=\(path)\n".utf8)
                    .write(to: URL(filePath: folder.appending(".env").string))
            default:
                try Data(#"{"password_file": "\#(path)"}"#.utf8)
                    .write(to: URL(filePath: folder.appending("eskiz.json").string))
            }
            let settings = try Self.load(environment: environment, in: folder)
            #expect(settings.client.password == Redacted("file-secret"))
            #expect(settings.origins[.password] == origin)
        }
    }

    /// A secret whose file nobody reads is one that its owner believes to be set.
    @Test(arguments: SettingName.allCases.filter(\.isSecret))
    func `every secret may come from a file`(secret: SettingName) async throws {
        try await withFolder(["secret": "kept-in-a-file-0123456789\n"]) { folder in
            let reader = SettingsLoader.reader(over: [[secret.fileName: folder.appending("secret").string]])
            #expect(
                reader.string(forKey: ConfigKey(secret.key), isSecret: true) == "kept-in-a-file-0123456789",
                "\(secret.fileName)"
            )
            let error = #expect(throws: EskizError.self) {
                try Self.load(
                    environment: ["ESKIZ_EMAIL": "ops@example.test", secret.fileName: "/nonexistent/secret"],
                    in: folder
                )
            }
            #expect(error?.summary.contains(secret.fileName) == true)
        }
    }

    @Test func `a stronger level's file beats a weaker level's value`() async throws {
        try await withFolder(["key": "from-file", "eskiz.json": #"{"password": "from-json"}"#]) { folder in
            let settings = try Self.load(
                environment: [
                    "ESKIZ_EMAIL": "ops@example.test", "ESKIZ_PASSWORD_FILE": folder.appending("key").string,
                ],
                in: folder
            )
            #expect(settings.client.password == Redacted("from-file"))
        }
    }

    @Test func `an empty variable hides nothing, but an empty log file means none`() async throws {
        try await withFolder([".env": "ESKIZ_FROM=env\nESKIZ_LOG_FILE=/var/log/x\n"]) { folder in
            let settings = try Self.load(environment: ["ESKIZ_FROM": "", "ESKIZ_LOG_FILE": ""], in: folder)
            #expect(settings.client.sender == "env")
            #expect(settings.logPath == nil)
        }
    }

    @Test func `the log goes into the state directory`() async throws {
        try await withFolder { folder in
            let settings = try Self.load(environment: ["ESKIZ_STATE_DIR": "/state"], in: folder)
            #expect(settings.logPath == "/state/eskiz.log")
            let own = try Self.load(
                environment: ["ESKIZ_STATE_DIR": "/state", "ESKIZ_LOG_FILE": "/logs/own.log"],
                in: folder
            )
            #expect(own.logPath == "/logs/own.log")
        }
    }

    @Test(arguments: [
        ("ESKIZ_TIMEOUT", "soon"), ("ESKIZ_BASE_URL", "http://example.test/api"), ("ESKIZ_LOG_LEVEL", "loud"),
        ("ESKIZ_LOG_FORMAT", "xml"), ("ESKIZ_LANG", "de"), ("ESKIZ_TOKEN_KEY", "canary-not-base64"),
        ("ESKIZ_FROM", "a sender that is far too long"), ("ESKIZ_CODE_TEMPLATE", "no code in it"),
        ("ESKIZ_TOKEN", "canary with spaces"), ("ESKIZ_RETENTION", "30h"),
    ])
    func `a bad value stops with a sentence that names the setting`(name: String, value: String) async throws {
        try await withFolder { folder in
            let error = #expect(throws: EskizError.self) {
                try Self.load(environment: [name: value], in: folder)
            }
            #expect(error?.code == .invalidConfiguration)
            #expect(error?.summary.contains(name) == true)
            #expect(error?.description.contains("canary") == false)
        }
    }

    @Test func `all bad settings are named at once`() async throws {
        try await withFolder { folder in
            let error = #expect(throws: EskizError.self) {
                try Self.load(
                    environment: ["ESKIZ_TIMEOUT": "soon", "ESKIZ_LANG": "de", "ESKIZ_FROM": "x"],
                    in: folder
                )
            }
            for name in ["ESKIZ_TIMEOUT", "ESKIZ_LANG", "ESKIZ_FROM"] {
                #expect(error?.summary.contains(name) == true)
            }
        }
    }

    @Test func `a secret's file that cannot be read is named`() async throws {
        try await withFolder { folder in
            let error = #expect(throws: EskizError.self) {
                try Self.load(
                    environment: ["ESKIZ_EMAIL": "ops@example.test", "ESKIZ_PASSWORD_FILE": "/nonexistent/key"],
                    in: folder
                )
            }
            #expect(error?.summary.contains("ESKIZ_PASSWORD_FILE") == true)
            #expect(error?.summary.contains("/nonexistent/key") == true)
        }
    }

    @Test func `unknown keys of the settings file are warned about`() async throws {
        try await withFolder(["eskiz.json": #"{"from": "json", "form": "typo", "base": {"uri": "x"}}"#]) { folder in
            let settings = try Self.load(in: folder)
            #expect(settings.unknownKeys == ["base.uri", "form"])
        }
    }

    @Test(arguments: [
        #"{"base_url": "https://a.test/api"}"#, #"{"baseUrl": "https://a.test/api"}"#,
        #"{"base": {"url": "https://a.test/api"}}"#, #"{"ESKIZ_BASE_URL": "https://a.test/api"}"#,
        #"{"eskiz": {"base-url": "https://a.test/api"}}"#,
    ])
    func `the settings file may spell a name as it likes`(json: String) async throws {
        try await withFolder(["eskiz.json": json]) { folder in
            let settings = try Self.load(in: folder)
            #expect(settings.client.baseURL.absoluteString == "https://a.test/api")
            #expect(settings.unknownKeys.isEmpty)
        }
    }

    @Test(arguments: ["[1]", "{", "\"text\""])
    func `a settings file that is no object is refused`(json: String) async throws {
        try await withFolder(["eskiz.json": json]) { folder in
            let error = #expect(throws: EskizError.self) { try Self.load(in: folder) }
            #expect(error?.summary.contains("eskiz.json") == true)
        }
    }

    @Test func `the file of --config must exist, the default one need not`() async throws {
        try await withFolder(["own.json": #"{"from": "own"}"#]) { folder in
            let (own, standard) = (try Self.load(in: folder, config: "own.json"), try Self.load(in: folder))
            #expect(own.client.sender == "own")
            #expect(standard.client.sender == "4546")
            #expect(throws: EskizError.self) { try Self.load(in: folder, config: "missing.json") }
        }
    }

    @Test func `numbers and truth values in the settings file are taken as text`() async throws {
        try await withFolder(["eskiz.json": #"{"timeout": 5, "from": 4546}"#]) { folder in
            let settings = try Self.load(in: folder)
            #expect(settings.client.timeout == .seconds(5))
            #expect(settings.client.sender == "4546")
        }
    }

    @Test func `a self-test goes on without the settings that cannot be used`() async throws {
        try await withFolder { folder in
            let loader = SettingsLoader(
                environment: [
                    "HOME": "/nonexistent", "ESKIZ_TIMEOUT": "soon", "ESKIZ_LANG": "uz", "ESKIZ_FROM": "good",
                    "ESKIZ_BASE_URL": "nonsense",
                ],
                workingDirectory: folder
            )
            let (settings, broken) = try loader.loadWhatWorks()
            #expect(settings.client.sender == "good")
            #expect(settings.language == .uzbek)
            #expect(settings.client.timeout == .seconds(30))
            #expect(broken?.summary.contains("ESKIZ_TIMEOUT") == true)
            #expect(broken?.summary.contains("ESKIZ_BASE_URL") == true)
        }
    }
}

@Suite struct DotEnvFileTests {
    @Test(arguments: [
        ("A=1", "1"), ("  A = 1  ", "1"), ("export A=1", "1"), ("A=\"a b\" # note", "a b"), ("A='a # b'", "a # b"),
        ("A=a#b", "a#b"), ("A=a # b", "a"), ("A=", ""), ("A=x=y", "x=y"), (#"A="a\n\"b\"\\""#, "a\n\"b\"\\"),
        ("A=1\r", "1"), ("\u{FEFF}A=1\r\n", "1"), ("#A=0\nA=2", "2"), ("A=1\nA=2", "2"), (#"A="unclosed"#, "unclosed"),
    ])
    func `a line gives its value`(text: String, value: String) {
        #expect(DotEnvFile.parse(text)["A"] == value)
    }

    @Test(arguments: [
        ("A=${HOST}", "db"), ("A=http://${HOST}:9080/api", "http://db:9080/api"), (#"A="x ${HOST} y""#, "x db y"),
        ("A='${HOST}'", "${HOST}"), ("A=${NONE}", ""), ("A=${NONE:-x}", "x"), ("A=${NONE-x}", "x"),
        ("A=${EMPTY:-x}", "x"), ("A=${EMPTY-x}", ""), ("A=${HOST:-x}", "db"), ("A=${HOST:+x}", "x"),
        ("A=${NONE:+x}", ""), ("A=${NONE:-${HOST}}/y", "db/y"), ("A=$${HOST}", "${HOST}"),
        (#"A="\${HOST}""#, "${HOST}"),
        ("A=pa$word$$", "pa$word$$"), ("A=${HOST", "${HOST"), ("B=1\nA=${B}2", "12"), ("HOST=mine\nA=${HOST}", "db"),
        ("A=${B}\nB=1", ""),
    ])
    func `names in braces are replaced as docker compose does`(text: String, value: String) {
        #expect(DotEnvFile.parse(text, environment: ["HOST": "db", "EMPTY": ""])["A"] == value)
    }

    @Test(arguments: ["", "# A=1", "A", "=1", "A B=1", "\n\n"])
    func `what is no assignment gives nothing`(text: String) {
        #expect(DotEnvFile.parse(text).isEmpty)
    }
}

@Suite struct SettingNameTests {
    @Test(arguments: SettingName.allCases)
    func `a name and its key are two spellings of the same`(name: SettingName) {
        #expect(SettingName.environmentName(forKey: name.key.split(separator: ".").map(String.init)) == name.rawValue)
        #expect(SettingName.environmentName(forKey: [name.rawValue]) == name.rawValue)
    }

    @Test func `only secrets have files`() {
        #expect(SettingName.environmentName(forKey: ["password_file"]) == "ESKIZ_PASSWORD_FILE")
        #expect(SettingName.environmentName(forKey: ["from_file"]) == nil)
        #expect(SettingName.environmentName(forKey: ["log", "file"]) == "ESKIZ_LOG_FILE")
    }
}

@Suite struct ForbiddenFlagTests {
    @Test(arguments: [
        (["send", "--token", "x"], SettingName.token), (["--password=x", "login"], .password),
        (["login", "--token-key", "x"], .tokenKey), (["send", "--api-key", "x"], .password),
    ])
    func `a secret on the command line is noticed`(arguments: [String], setting: SettingName) {
        #expect(ForbiddenFlag.setting(in: arguments)?.setting == setting)
    }

    @Test func `a text that looks like one is not`() {
        #expect(ForbiddenFlag.setting(in: ["send", "901234567", "--", "--token"]) == nil)
        #expect(ForbiddenFlag.setting(in: ["token", "--json", "refresh-token"]) == nil)
        #expect(ForbiddenFlag.setting(in: ["simulate", "--token-lifetime", "1h"]) == nil)
    }
}
