public import Configuration

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension EskizConfiguration {
    /// A configuration from settings.
    ///
    /// Every setting that cannot be used is named in one error; no secret's value ever is.
    ///
    /// | Key | Environment | Type | Default | Range |
    /// |---|---|---|---|---|
    /// | `token` | `ESKIZ_TOKEN` | string, secret | – | visible ASCII; a leading `Bearer ` is dropped |
    /// | `email` | `ESKIZ_EMAIL` | string | – | together with `password` |
    /// | `password` | `ESKIZ_PASSWORD` | string, secret | – | the API key from the cabinet |
    /// | `base.url` | `ESKIZ_BASE_URL` | URL | `https://notify.eskiz.uz/api` | https; http for this machine only |
    /// | `from` | `ESKIZ_FROM` | string | `4546` | 2 to 11 characters |
    /// | `callback.url` | `ESKIZ_CALLBACK_URL` | URL | none | http or https |
    /// | `code.template` | `ESKIZ_CODE_TEMPLATE` | string | `Sizning tasdiqlash kodingiz: {code}` | contains `{code}` |
    /// | `timeout` | `ESKIZ_TIMEOUT` | duration | `30s` | above 0, up to 1h; a plain number means seconds |
    /// | `state.dir` | `ESKIZ_STATE_DIR` | path | ``defaultStateDirectory(environment:)`` | `~/` is the home directory |
    /// | `resend.on` | `ESKIZ_RESEND_ON` | `any-401` or `eskiz-401` | `any-401` | see ``ResendTrigger`` |
    /// | `max.segments` | `ESKIZ_MAX_SEGMENTS` | whole number | 8 | 1 to 255; a longer text is refused |
    /// | `ca.file` | `ESKIZ_CA_FILE` | path | – | certificates (PEM) that are trusted beside the system's |
    /// | `insecure.hosts` | `ESKIZ_INSECURE_HOSTS` | names | – | hosts that plain `http` is allowed to, for development |
    /// | `token.key` | `ESKIZ_TOKEN_KEY` | base64, secret | – | 32 bytes |
    ///
    /// An empty value counts as not set. The password is asked for again at each login, so that a file with a rotated key
    /// (`ESKIZ_PASSWORD_FILE`) needs no restart. The proxy comes from `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY`; see
    /// ``Proxy/fromEnvironment(_:for:)``; `SSL_CERT_FILE` and `SSL_CERT_DIR` are heard as elsewhere, see ``TrustRoots``.
    ///
    /// - Parameters:
    ///   - reader: already scoped or prefixed, so that its keys are those of the table.
    ///   - environment: where the proxy and the home directory are looked up; the process's own unless given.
    /// - Throws: ``EskizError`` with the code `invalid_configuration`.
    public init(
        reader: ConfigReader,
        environment: [String: String]? = nil
    ) throws(EskizError) {
        let environment = environment ?? ProcessInfo.processInfo.environment
        var problems = SettingProblems()
        var settings = SettingReader(reader: reader)

        let insecureHosts = Set(Self.hosts(settings.text("insecure.hosts", &problems) ?? ""))
        baseURL = settings.value("base.url", &problems, or: .eskiz) { (text) throws(BadSetting) in
            try BaseURL(parsing: text, insecureHosts: insecureHosts)
        }
        token = settings.secret("token", &problems).map { Redacted(Self.bare($0)) }
        email = settings.text("email", &problems)
        password = settings.secret("password", &problems).map { Redacted($0) }
        // Asked again at each login: the file that ESKIZ_PASSWORD_FILE names may have been rewritten meanwhile.
        passwordAgain = {
            var problems = SettingProblems()
            var settings = SettingReader(reader: reader)
            return settings.secret("password", &problems).map { Redacted($0) }
        }
        sender = settings.text("from", &problems) ?? "4546"
        callbackURL = settings.text("callback.url", &problems)
        codeTemplate = settings.text("code.template", &problems) ?? Self.defaultCodeTemplate
        timeout = settings.value("timeout", &problems, or: .seconds(30)) { (text) throws(BadSetting) in
            try DurationSetting.parse(text)
        }
        resendTrigger = settings.value("resend.on", &problems, or: .any401) { (text) throws(BadSetting) in
            try ResendTrigger(parsing: text)
        }
        maximumSegments = settings.value("max.segments", &problems, or: 8) { (text) throws(BadSetting) in
            guard let number = Int(text) else { throw BadSetting(Self.maximumSegmentsRange) }
            return number
        }
        stateDirectory =
            settings.text("state.dir", &problems)
            .map { Self.expandingHome($0, environment: environment) }
            ?? Self.defaultStateDirectory(environment: environment)
        tokenKey = nil
        if let text = settings.secret("token.key", &problems) {
            if let key = WireCoding.base64Decoded(text), key.count == 32 {
                tokenKey = Redacted(key)
            } else {
                problems.add("ESKIZ_TOKEN_KEY", "it must be 32 bytes in base64 (make one: openssl rand -base64 32)")
            }
        }
        trustRoots = .system
        let caFile = settings.text("ca.file", &problems).map { Self.expandingHome($0, environment: environment) }
        do {
            trustRoots = try TrustRoots.named(in: environment, caFile: caFile)
        } catch {
            problems.add("ESKIZ_CA_FILE", error.reason)
        }
        proxy = nil
        renewal = .default
        do {
            proxy = try EskizConfiguration.Proxy.named(in: environment, for: baseURL)
        } catch {
            problems.add(error.name, error.setting.reason)
        }
        check(&problems)
        try problems.throwIfAny()
    }

    /// Names without their commas, blanks and ports.
    private static func hosts(_ text: String) -> [String] {
        text.split { $0 == "," || $0.isWhitespace }.map { name in
            let isAddress = name.contains("[") || name.count(where: { $0 == ":" }) > 1
            let host = isAddress ? name.drop { $0 == "[" }.prefix { $0 != "]" } : name.prefix { $0 != ":" }
            return host.lowercased()
        }
    }

    private static func expandingHome(_ path: String, environment: [String: String]) -> String {
        guard path == "~" || path.hasPrefix("~/"), let home = environment["HOME"] else { return path }
        return home + path.dropFirst()
    }
}

/// Reads settings as text, because the library's typed getters return the default for a value they cannot convert, and
/// say nothing.
private struct SettingReader {
    let reader: ConfigReader

    /// The text of a setting; nil if it is not set or empty.
    ///
    /// A value that a file gives as a number or a Boolean is taken as its text.
    mutating func text(_ key: String, _ problems: inout SettingProblems, isSecret: Bool = false) -> String? {
        let configKey = ConfigKey(key)
        do {
            let text = try reader.requiredString(forKey: configKey, isSecret: isSecret)
            let trimmed = text.trimmingWhitespace()
            return trimmed.isEmpty ? nil : isSecret ? trimmed : text.trimmingNewlines()
        } catch let error as EskizError {
            problems.add(Self.name(key), error.what)
            return nil
        } catch {
            if let number = reader.int(forKey: configKey, isSecret: isSecret) { return String(number) }
            if let number = reader.double(forKey: configKey, isSecret: isSecret) { return String(number) }
            if let flag = reader.bool(forKey: configKey, isSecret: isSecret) { return String(flag) }
            if reader.stringArray(forKey: configKey, isSecret: isSecret) != nil {
                problems.add(Self.name(key), "it must be a single value, not a list")
            }
            return nil
        }
    }

    mutating func secret(_ key: String, _ problems: inout SettingProblems) -> String? {
        text(key, &problems, isSecret: true)
    }

    mutating func value<Value>(
        _ key: String,
        _ problems: inout SettingProblems,
        or fallback: Value,
        _ parse: (String) throws(BadSetting) -> Value
    ) -> Value {
        guard let text = text(key, &problems)?.trimmingWhitespace() else { return fallback }
        return problems.collect(Self.name(key), or: fallback) { () throws(BadSetting) in try parse(text) }
    }

    /// `base.url` → `ESKIZ_BASE_URL`: people know settings by this name, wherever they set them.
    static func name(_ key: String) -> String {
        "ESKIZ_" + key.uppercased().replacing(".", with: "_")
    }
}

extension String {
    fileprivate func trimmingNewlines() -> String {
        var view = self[...]
        while let last = view.last, last.isNewline { view.removeLast() }
        return String(view)
    }
}
