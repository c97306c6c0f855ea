import Configuration
import Eskiz
import EskizTestSupport
import EskizTesting
import Foundation
import Logging
import Testing

struct EskizConfigurationTests {
    /// The same composition as `EskizClient.fromEnvironment`, on a dictionary.
    private func configuration(_ environment: [String: String]) throws(EskizError) -> EskizConfiguration {
        let settings = EnvironmentVariablesProvider(environmentVariables: environment).prefixKeys(with: "eskiz")
        let reader = ConfigReader(providers: [settings, SecretFileProvider(upstream: settings)])
        return try EskizConfiguration(reader: reader, environment: environment)
    }

    private func failure(_ environment: [String: String]) throws -> EskizError {
        do throws(EskizError) {
            _ = try configuration(environment)
        } catch {
            return error
        }
        throw Unexpected()
    }

    private struct Unexpected: Error {}

    @Test func `nothing set gives the defaults of the contract`() throws {
        let configuration = try configuration(["HOME": "/home/somebody"])
        #expect(configuration.token == nil && configuration.email == nil && configuration.password == nil)
        #expect(configuration.baseURL.absoluteString == "https://notify.eskiz.uz/api")
        #expect(configuration.sender == "4546")
        #expect(configuration.callbackURL == nil)
        #expect(configuration.codeTemplate == "Sizning tasdiqlash kodingiz: {code}")
        #expect(configuration.timeout == .seconds(30))
        #expect(configuration.stateDirectory == "/home/somebody/.local/state/eskiz")
        #expect(configuration.tokenKey == nil)
        #expect(configuration.proxy == nil)
    }

    @Test func `every setting is read`() throws {
        let configuration = try configuration([
            "ESKIZ_TOKEN": "a.b.c", "ESKIZ_EMAIL": "ops@example.test", "ESKIZ_PASSWORD": "key",
            "ESKIZ_BASE_URL": "https://gateway.example.test/api/", "ESKIZ_FROM": "Example",
            "ESKIZ_CALLBACK_URL": "https://example.test/hook", "ESKIZ_CODE_TEMPLATE": "Kod: {code}",
            "ESKIZ_TIMEOUT": "5s", "ESKIZ_STATE_DIR": "/var/lib/eskiz",
            "ESKIZ_TOKEN_KEY": Data(repeating: 7, count: 32).base64EncodedString(),
            "HTTPS_PROXY": "http://10.0.0.1:3128",
        ])
        #expect(configuration.token?.reveal() == "a.b.c")
        #expect(configuration.email == "ops@example.test")
        #expect(configuration.password?.reveal() == "key")
        #expect(configuration.baseURL.absoluteString == "https://gateway.example.test/api")
        #expect(configuration.sender == "Example")
        #expect(configuration.callbackURL == "https://example.test/hook")
        #expect(configuration.codeTemplate == "Kod: {code}")
        #expect(configuration.timeout == .seconds(5))
        #expect(configuration.stateDirectory == "/var/lib/eskiz")
        #expect(configuration.tokenKey?.reveal() == [UInt8](repeating: 7, count: 32))
        #expect(configuration.proxy?.host == "10.0.0.1")
    }

    @Test func `an empty value counts as not set`() throws {
        let names = [
            "TOKEN", "EMAIL", "PASSWORD", "BASE_URL", "FROM", "CALLBACK_URL", "CODE_TEMPLATE", "TIMEOUT", "STATE_DIR",
            "TOKEN_KEY", "RESEND_ON", "MAX_SEGMENTS",
        ]
        var environment = Dictionary(uniqueKeysWithValues: names.map { ("ESKIZ_" + $0, "") })
        environment["HOME"] = "/home/somebody"
        let configuration = try configuration(environment)
        #expect(configuration.sender == "4546" && configuration.token == nil && configuration.callbackURL == nil)
        #expect(configuration.stateDirectory == "/home/somebody/.local/state/eskiz")
    }

    @Test(arguments: [
        ("30s", Duration.seconds(30)), ("500ms", .milliseconds(500)), ("2m", .seconds(120)), ("1h", .seconds(3600)),
        ("45", .seconds(45)), ("1.5s", .milliseconds(1500)), ("0.25", .milliseconds(250)), (" 10s ", .seconds(10)),
    ])
    func `durations are read as people type them`(text: String, expected: Duration) throws {
        #expect(try configuration(["ESKIZ_TIMEOUT": text]).timeout == expected)
    }

    @Test(arguments: [
        "abc", "0", "0s", "-5s", "5 s", "5d", "s", "1.s", ".5s", "1..5", "2h", "99999999999999999999", "5S", "1e3",
        "٣٠",
        "9999999999999999h", "5s5s",
    ])
    func `a duration that cannot be read is named and not replaced by the default`(text: String) throws {
        let error = try failure(["ESKIZ_TIMEOUT": text])
        #expect(error.code == .invalidConfiguration)
        #expect(error.summary.contains("ESKIZ_TIMEOUT"))
    }

    @Test(arguments: [(nil, ResendTrigger.any401), ("any-401", .any401), (" eskiz-401 ", .eskiz401)])
    func `which 401 sends again is a setting`(text: String?, expected: ResendTrigger) throws {
        let environment = text.map { ["ESKIZ_RESEND_ON": $0] } ?? [:]
        #expect(try configuration(environment).resendTrigger == expected)
    }

    @Test(arguments: ["401", "true", "any", "ESKIZ-401"])
    func `a word that is no such 401 is refused with those that are`(text: String) throws {
        let error = try failure(["ESKIZ_RESEND_ON": text])
        #expect(error.summary.contains("ESKIZ_RESEND_ON: it must be any-401 or eskiz-401"))
    }

    @Test(arguments: [(nil, 8), ("1", 1), (" 12 ", 12), ("255", 255)])
    func `the longest text is a setting`(text: String?, expected: Int) throws {
        let environment = text.map { ["ESKIZ_MAX_SEGMENTS": $0] } ?? [:]
        #expect(try configuration(environment).maximumSegments == expected)
    }

    @Test(arguments: ["0", "-1", "256", "many", "8.5", "٨"])
    func `a number of segments that no message has is refused`(text: String) throws {
        let error = try failure(["ESKIZ_MAX_SEGMENTS": text])
        #expect(error.summary.contains("ESKIZ_MAX_SEGMENTS: it must be a whole number from 1 to 255"))
    }

    @Test(arguments: ["eskiz", "other, ESKIZ:9080", "eskiz other"])
    func `plain http to a named host is a setting, and is warned of at each start`(hosts: String) throws {
        let address = "http://eskiz:9080/api"
        #expect(try failure(["ESKIZ_BASE_URL": address]).summary.contains("ESKIZ_INSECURE_HOSTS"))
        let configuration = try configuration([
            "ESKIZ_BASE_URL": address, "ESKIZ_INSECURE_HOSTS": hosts, "ESKIZ_TOKEN": "a.b.c",
        ])
        let log = RecordedLog()
        _ = try EskizClient(configuration: configuration, transport: ScriptedTransport(), logger: log.logger)
        let warning = try #require(log.lines.first { $0.level == .warning })
        #expect(warning.message.contains("ESKIZ_INSECURE_HOSTS"))
        #expect(warning.metadata[LogKeys.serverAddress] == "eskiz")
    }

    @Test func `everything that is wrong is named at once, and no secret is shown`() throws {
        let error = try failure([
            "ESKIZ_TOKEN": "tok en-secret", "ESKIZ_EMAIL": "nobody", "ESKIZ_PASSWORD": "key-secret",
            "ESKIZ_BASE_URL": "http://notify.eskiz.uz/api", "ESKIZ_FROM": "x", "ESKIZ_CALLBACK_URL": "example.test",
            "ESKIZ_CODE_TEMPLATE": "Kod", "ESKIZ_TIMEOUT": "soon", "ESKIZ_TOKEN_KEY": "key-secret",
            "HTTPS_PROXY": "https://u:proxy-secret@10.0.0.1",
        ])
        #expect(error.code == .invalidConfiguration)
        for name in [
            "ESKIZ_TOKEN:", "ESKIZ_EMAIL", "ESKIZ_BASE_URL", "ESKIZ_FROM", "ESKIZ_CALLBACK_URL", "ESKIZ_CODE_TEMPLATE",
            "ESKIZ_TIMEOUT", "ESKIZ_TOKEN_KEY", "HTTPS_PROXY",
        ] {
            #expect(error.summary.contains(name), "\(name)")
        }
        #expect(!String(reflecting: error).contains("secret"))
    }

    @Test func `e-mail and key go together`() throws {
        #expect(try failure(["ESKIZ_EMAIL": "ops@example.test"]).summary.contains("ESKIZ_PASSWORD"))
        #expect(try failure(["ESKIZ_PASSWORD": "key"]).summary.contains("ESKIZ_EMAIL"))
    }

    @Test(arguments: ["Bearer a.b.c", "bearer  a.b.c\n", " a.b.c "])
    func `a token is taken as people paste it`(text: String) throws {
        #expect(try configuration(["ESKIZ_TOKEN": text]).token?.reveal() == "a.b.c")
    }

    @Test(arguments: ["a.b.c\r\nX: y", "a b", "токен", "Bearer"])
    func `a token that could break a header is refused`(text: String) throws {
        #expect(try failure(["ESKIZ_TOKEN": text]).summary.contains("ESKIZ_TOKEN"))
    }

    @Test(arguments: [
        (["XDG_STATE_HOME": "/state", "HOME": "/home/a"], "/state/eskiz" as String?),
        (["XDG_STATE_HOME": "relative", "HOME": "/home/a"], "/home/a/.local/state/eskiz"),
        (["HOME": "/home/a", "ESKIZ_STATE_DIR": "~/eskiz"], "/home/a/eskiz"),
        (["HOME": "/home/a", "ESKIZ_STATE_DIR": "/x"], "/x"), ([:], nil),
    ])
    func `the state directory follows the XDG rules`(environment: [String: String], expected: String?) throws {
        #expect(try configuration(environment).stateDirectory == expected)
    }

    @Test func `numbers in a JSON file are read as well as their text`() throws {
        let provider = InMemoryProvider(values: [
            "timeout": ConfigValue(.int(12), isSecret: false), "from": ConfigValue(.int(4546), isSecret: false),
        ])
        let configuration = try EskizConfiguration(reader: ConfigReader(provider: provider), environment: [:])
        #expect(configuration.timeout == .seconds(12))
        #expect(configuration.sender == "4546")
    }

    @Test func `a list where a value should be is named`() {
        let provider = InMemoryProvider(values: ["from": ConfigValue(.stringArray(["a", "b"]), isSecret: false)])
        #expect {
            try EskizConfiguration(reader: ConfigReader(provider: provider), environment: [:])
        } throws: { "\($0)".contains("ESKIZ_FROM") }
    }

    // MARK: Values

    @Test func `values are checked like settings`() {
        #expect(throws: EskizError.self) { try EskizConfiguration(token: "a b") }
        #expect(throws: EskizError.self) { try EskizConfiguration(baseURL: "http://notify.eskiz.uz") }
        #expect(throws: EskizError.self) { try EskizConfiguration(timeout: .zero) }
        #expect(throws: EskizError.self) { try EskizConfiguration(tokenKey: [1, 2, 3]) }
        #expect(throws: EskizError.self) { try EskizConfiguration(email: "ops@example.test") }
    }

    @Test func `a value that was changed is checked again by the client`() throws {
        var configuration = try EskizConfiguration(token: "a.b.c")
        configuration.sender = "far too long for a sender"
        #expect { try EskizClient(configuration: configuration) } throws: { "\($0)".contains("ESKIZ_FROM") }
    }

    @Test func `a configuration prints no secret`() throws {
        let configuration = try EskizConfiguration(
            token: "canary-token",
            email: "ops@example.test",
            password: "canary-key",
            tokenKey: Array("canary-canary-canary-canary-3232".utf8),
            proxy: EskizConfiguration.Proxy("http://u:canary@10.0.0.1")
        )
        var dumped = ""
        dump(configuration, to: &dumped)
        #expect(!"\(configuration) \(String(reflecting: configuration)) \(dumped)".contains("canary"))
    }
}
