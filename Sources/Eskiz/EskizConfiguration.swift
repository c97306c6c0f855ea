public import EskizText

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What a client needs to know, as checked values.
///
/// ```swift
/// let configuration = try EskizConfiguration(email: "ops@example.test", password: key)
/// let eskiz = try EskizClient(configuration: configuration)
/// ```
///
/// ``init(reader:environment:)`` reads it from settings.
public struct EskizConfiguration: Sendable {
    /// A bearer token to start from (`ESKIZ_TOKEN`).
    ///
    /// A newer one in the state directory wins over it.
    public var token: Redacted<String>?
    /// The account's e-mail (`ESKIZ_EMAIL`).
    public var email: String?
    /// The API key from the cabinet, SMS → Settings; not the cabinet password (`ESKIZ_PASSWORD`).
    public var password: Redacted<String>? {
        // Whoever sets a password means this one.
        didSet { passwordAgain = nil }
    }
    /// The password as it is now, where it came from settings that can be asked again: a file that was rewritten.
    var passwordAgain: (@Sendable () -> Redacted<String>?)?
    /// Where the API lives (`ESKIZ_BASE_URL`).
    public var baseURL: BaseURL
    /// The sender ID: 2 to 11 characters (`ESKIZ_FROM`, eskiz-api.md §8.3).
    public var sender: String
    /// The public address that Eskiz posts delivery reports to; nil for none (`ESKIZ_CALLBACK_URL`).
    public var callbackURL: String?
    /// The text of a verification code, with `{code}` where the code goes; must match an approved template
    /// (`ESKIZ_CODE_TEMPLATE`).
    public var codeTemplate: String
    /// One request to Eskiz, from connecting to the last byte (`ESKIZ_TIMEOUT`).
    public var timeout: Duration
    /// Where the token is kept; nil keeps it in memory only, so a restart begins with ``token`` again or logs in
    /// (`ESKIZ_STATE_DIR`).
    public var stateDirectory: String?
    /// 32 bytes that seal the stored token with AES-GCM (`ESKIZ_TOKEN_KEY`).
    public var tokenKey: Redacted<[UInt8]>?
    /// The proxy on the way to Eskiz (`HTTPS_PROXY` and relatives).
    public var proxy: EskizConfiguration.Proxy?
    /// When the token is renewed, and how often that may be tried.
    public var renewal: RenewalPolicy
    /// Which 401 sends a message again with a new token (`ESKIZ_RESEND_ON`).
    public var resendTrigger: ResendTrigger
    /// The longest text that is sent, in segments: 1 to 255 (`ESKIZ_MAX_SEGMENTS`).
    public var maximumSegments: Int
    /// Whom TLS trusts (`ESKIZ_CA_FILE`, `SSL_CERT_FILE`, `SSL_CERT_DIR`).
    public var trustRoots: TrustRoots

    /// The text of a verification code, unless told otherwise.
    public static let defaultCodeTemplate = "Sizning tasdiqlash kodingiz: {code}"

    /// Checks and keeps.
    ///
    /// - Parameters:
    ///   - token: a bearer token to start from.
    ///   - email: the account's e-mail; goes together with `password`.
    ///   - password: the API key from the cabinet, SMS → Settings.
    ///   - baseURL: where the API lives; see ``BaseURL``.
    ///   - sender: the sender ID, 2 to 11 characters.
    ///   - callbackURL: where Eskiz posts delivery reports to; nil or empty for none.
    ///   - codeTemplate: the text of a verification code; must contain `{code}`.
    ///   - timeout: one request, from connecting to the last byte; up to an hour.
    ///   - stateDirectory: where the token is kept; nil for memory only. ``defaultStateDirectory(environment:)`` is
    ///     where the `eskiz` command keeps its own.
    ///   - tokenKey: 32 bytes that seal the stored token.
    ///   - proxy: the proxy on the way to Eskiz; ``Proxy/fromEnvironment(_:for:)`` reads the usual variables.
    ///   - renewal: when and how the token is renewed.
    ///   - resendTrigger: which 401 sends a message again.
    ///   - maximumSegments: the longest text that is sent, in segments.
    ///   - insecureHosts: hosts that `baseURL` may reach by plain `http`, for development.
    ///   - trustRoots: whom TLS trusts; the system's roots unless given.
    /// - Throws: one ``EskizError`` with the code `invalid_configuration` that names everything that is wrong.
    public init(
        token: String? = nil,
        email: String? = nil,
        password: String? = nil,
        baseURL: String = BaseURL.eskiz.absoluteString,
        sender: String = "4546",
        callbackURL: String? = nil,
        codeTemplate: String = EskizConfiguration.defaultCodeTemplate,
        timeout: Duration = .seconds(30),
        stateDirectory: String? = nil,
        tokenKey: [UInt8]? = nil,
        proxy: EskizConfiguration.Proxy? = nil,
        renewal: RenewalPolicy = .default,
        resendTrigger: ResendTrigger = .any401,
        maximumSegments: Int = MessageTextRules.standard.maximumSegments,
        insecureHosts: Set<String> = [],
        trustRoots: TrustRoots = .system
    ) throws(EskizError) {
        var problems = SettingProblems()
        self.baseURL = problems.collect("ESKIZ_BASE_URL", or: .eskiz) { () throws(BadSetting) in
            try BaseURL(parsing: baseURL, insecureHosts: insecureHosts)
        }
        self.token = token.map { Redacted(Self.bare($0)) }
        self.email = email
        self.password = password.map { Redacted($0) }
        self.sender = sender
        self.callbackURL = callbackURL.flatMap { $0.isEmpty ? nil : $0 }
        self.codeTemplate = codeTemplate
        self.timeout = timeout
        self.stateDirectory = stateDirectory
        self.tokenKey = tokenKey.map { Redacted($0) }
        self.proxy = proxy
        self.renewal = renewal
        self.resendTrigger = resendTrigger
        self.maximumSegments = maximumSegments
        self.trustRoots = trustRoots
        check(&problems)
        try problems.throwIfAny()
    }

    /// Checks again, for values that were changed after they had been made.
    package func validate() throws(EskizError) {
        var problems = SettingProblems()
        check(&problems)
        try problems.throwIfAny()
    }

    /// The directory the `eskiz` command keeps its state in: `$XDG_STATE_HOME/eskiz`, else `~/.local/state/eskiz`;
    /// nil where there is no home directory.
    public static func defaultStateDirectory(environment: [String: String]) -> String? {
        // The XDG specification says that a relative path is to be ignored.
        if let state = environment["XDG_STATE_HOME"], state.hasPrefix("/") { return state + "/eskiz" }
        if let home = environment["HOME"], home.hasPrefix("/") { return home + "/.local/state/eskiz" }
        return nil
    }

    static let maximumSegmentsRange: Sentence = "it must be a whole number from 1 to 255"

    /// What a text must be like to be sent.
    package var textRules: MessageTextRules { MessageTextRules(maximumSegments: maximumSegments) }

    /// People paste the whole header as often as the token.
    static func bare(_ token: String) -> String {
        let trimmed = token.trimmingWhitespace()
        let scheme = trimmed.prefix { !$0.isWhitespace }
        guard scheme.lowercased() == "bearer" else { return trimmed }
        return trimmed.dropFirst(scheme.count).trimmingWhitespace()
    }

    func check(_ problems: inout SettingProblems) {
        if let token = token?.reveal() {
            if token.isEmpty {
                problems.add("ESKIZ_TOKEN", "it is empty")
            } else if !token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) {
                problems.add("ESKIZ_TOKEN", "it holds a space or a character that no token has")
            }
        }
        switch (email, password) {
        case (.some, nil):
            problems.add("ESKIZ_PASSWORD", "it is missing, while ESKIZ_EMAIL is set")
        case (nil, .some):
            problems.add("ESKIZ_EMAIL", "it is missing, while ESKIZ_PASSWORD is set")
        default: break
        }
        if let email {
            let parts = email.split(separator: "@", omittingEmptySubsequences: false)
            let isAddress = parts.count == 2 && parts.allSatisfy { !$0.isEmpty }
            if !isAddress || email.unicodeScalars.contains(where: { $0.value <= 0x20 || $0.value == 0x7F }) {
                problems.add("ESKIZ_EMAIL", "it is not an e-mail address")
            }
        }
        if password?.reveal().isEmpty == true { problems.add("ESKIZ_PASSWORD", "it is empty") }
        if let reason = SenderID.problem(sender) { problems.add("ESKIZ_FROM", reason) }
        if let callbackURL, let reason = CallbackURL.problem(callbackURL) {
            problems.add("ESKIZ_CALLBACK_URL", reason)
        }
        if !codeTemplate.contains("{code}") {
            problems.add("ESKIZ_CODE_TEMPLATE", "it must contain {code}, where the code goes")
        }
        if timeout <= .zero || timeout > .seconds(3600) {
            problems.add("ESKIZ_TIMEOUT", "it must be longer than nothing and at most 1h")
        }
        if !MessageTextRules.possibleMaximums.contains(maximumSegments) {
            problems.add("ESKIZ_MAX_SEGMENTS", Self.maximumSegmentsRange)
        }
        if stateDirectory?.isEmpty == true { problems.add("ESKIZ_STATE_DIR", "it is empty") }
        if let count = tokenKey?.reveal().count, count != 32 {
            problems.add("ESKIZ_TOKEN_KEY", "it must be 32 bytes, not \(count)")
        }
        if baseURL.isLoopback, proxy != nil {
            problems.add("HTTPS_PROXY", "this machine (\(baseURL.host)) is never reached through a proxy")
        }
    }
}

/// A sender ID: 2 to 11 visible ASCII characters.
///
/// The cabinet allows letters, digits, `_` and `.` (eskiz-api.md §8.3); what an operator accepts beyond that is for
/// Eskiz to say.
enum SenderID {
    static func problem(_ sender: String) -> Sentence? {
        guard (2...11).contains(sender.utf8.count), sender.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            return "a sender ID is 2 to 11 Latin letters, digits, dots or underscores"
        }
        return nil
    }
}

/// An address that Eskiz can post to.
enum CallbackURL {
    static func problem(_ text: String) -> Sentence? {
        do {
            let address = try WebAddress(text)
            guard address.scheme == "https" || address.scheme == "http" else { return "it must start with https://" }
            guard !address.hasFragment else { return "it must not have a fragment" }
            return nil
        } catch {
            return error.reason
        }
    }
}

/// Everything that is wrong with the settings, so that one start shows it all.
struct SettingProblems {
    private var found: [(name: String, reason: Sentence)] = []

    mutating func add(_ name: String, _ reason: Sentence) {
        guard !found.contains(where: { $0.name == name }) else { return }
        found.append((name, reason))
    }

    mutating func collect<Value>(
        _ name: String,
        or fallback: Value,
        _ parse: () throws(BadSetting) -> Value
    ) -> Value {
        do {
            return try parse()
        } catch {
            add(name, error.reason)
            return fallback
        }
    }

    func throwIfAny() throws(EskizError) {
        guard !found.isEmpty else { return }
        let list = Sentence(joining: found.map { "\($0.name): \($0.reason)" }, separator: "; ")
        throw EskizError(
            .invalidConfiguration,
            found.count == 1
                ? "A setting cannot be used: \(list)." : "\(found.count) settings cannot be used: \(list).",
            remedy: "Correct \(found.map(\.name).joined(separator: ", ")) and start again."
        )
    }
}

extension StringProtocol {
    func trimmingWhitespace() -> String {
        var view = Substring(self)
        while let first = view.first, first.isWhitespace { view.removeFirst() }
        while let last = view.last, last.isWhitespace { view.removeLast() }
        return String(view)
    }
}
