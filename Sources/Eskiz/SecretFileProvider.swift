public import Configuration

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Secrets from files: where the setting `ESKIZ_PASSWORD_FILE` names a file, its content is `ESKIZ_PASSWORD`.
///
/// It asks another provider for the name of the file, reads it when asked, and drops one trailing newline. A file that
/// cannot be read is an error that names the setting and the path, not a missing value. It comes after the
/// environment in the list of providers, so that the variable itself wins.
///
/// ```swift
/// let environment = EnvironmentVariablesProvider().prefixKeys(with: "eskiz")
/// let reader = ConfigReader(providers: [environment, SecretFileProvider(upstream: environment)])
/// ```
public struct SecretFileProvider<Upstream: ConfigProvider>: ConfigProvider {
    private let upstream: Upstream
    private let secrets: Set<[String]>

    /// Looks for files named by `upstream`.
    ///
    /// - Parameters:
    ///   - upstream: knows the setting with `_FILE` at its end (key `password.file`).
    ///   - secrets: the keys that may come from a file; all of Eskiz's secrets unless told otherwise.
    public init(upstream: Upstream, secrets: Set<[String]> = eskizSecrets) {
        self.upstream = upstream
        self.secrets = secrets
    }

    /// Every setting that is a secret: token, password, the key that seals the token, the gateway's API keys, the secret
    /// that signs its webhooks, what its one-time codes are derived with and its test numbers, and the addresses of database
    /// and outbox, which may hold a password.
    public static var eskizSecrets: Set<[String]> {
        [
            ["token"], ["password"], ["token", "key"], ["api", "keys"], ["database", "url"],
            ["database", "listen", "url"], ["outbox", "url"],
            ["webhook", "secret"], ["supabase", "secret"], ["verify", "keys"], ["verify", "test", "numbers"],
        ]
    }

    /// The name that reports show.
    public var providerName: String { "SecretFileProvider[\(upstream.providerName)]" }

    /// The content of the file that is named for the key.
    public func value(forKey key: AbsoluteConfigKey, type: ConfigType) throws -> LookupResult {
        guard secrets.contains(key.components) else { return LookupResult(encodedKey: key.description, value: nil) }
        var fileKey = key
        fileKey.components.append("file")
        let named = try upstream.value(forKey: fileKey, type: .string)
        guard case .string(let path)? = named.value?.content, !path.isEmpty else {
            return LookupResult(encodedKey: named.encodedKey, value: nil)
        }
        let setting = "ESKIZ_" + fileKey.components.joined(separator: "_").uppercased()
        return LookupResult(
            encodedKey: named.encodedKey,
            value: try ConfigValue(Self.convert(Self.read(path, for: setting), to: type, for: setting), isSecret: true)
        )
    }

    /// Answers at once with ``value(forKey:type:)``: there is nothing to wait for.
    public func fetchValue(forKey key: AbsoluteConfigKey, type: ConfigType) async throws -> LookupResult {
        try value(forKey: key, type: type)
    }

    /// Gives the value once: a changed file is seen when the value is asked for again.
    public func watchValue<Return: ~Copyable>(
        forKey key: AbsoluteConfigKey,
        type: ConfigType,
        updatesHandler: (
            _ updates: ConfigUpdatesAsyncSequence<Result<LookupResult, any Error>, Never>
        ) async throws -> Return
    ) async throws -> Return {
        try await watchValueFromValue(forKey: key, type: type, updatesHandler: updatesHandler)
    }

    /// The provider itself: it holds no state.
    public func snapshot() -> any ConfigSnapshot {
        Snapshot(provider: self)
    }

    /// Gives the snapshot once.
    public func watchSnapshot<Return: ~Copyable>(
        updatesHandler: (_ updates: ConfigUpdatesAsyncSequence<any ConfigSnapshot, Never>) async throws -> Return
    ) async throws -> Return {
        try await watchSnapshotFromSnapshot(updatesHandler: updatesHandler)
    }

    private struct Snapshot: ConfigSnapshot {
        let provider: SecretFileProvider

        var providerName: String { provider.providerName }

        func value(forKey key: AbsoluteConfigKey, type: ConfigType) throws -> LookupResult {
            try provider.value(forKey: key, type: type)
        }
    }

    private static func read(_ path: String, for setting: String) throws(EskizError) -> String {
        func failure(_ reason: Sentence, cause: (any Error)? = nil) -> EskizError {
            EskizError(
                .invalidConfiguration,
                "\(setting) names \(path), which \(reason)",
                remedy: "Check the path and the permissions of the file.",
                cause: cause
            )
        }
        let data: Data
        do {
            data = try Data(contentsOf: URL(filePath: path))
        } catch {
            throw failure("cannot be read", cause: error)
        }
        guard data.count <= 65536 else { throw failure("is too large to hold one secret") }
        guard var text = String(bytes: data, encoding: .utf8) else { throw failure("is not text") }
        if text.hasSuffix("\r\n") || text.hasSuffix("\n") { text.removeLast() }
        guard !text.isEmpty else { throw failure("is empty") }
        return text
    }

    private static func convert(
        _ text: String,
        to type: ConfigType,
        for setting: String
    ) throws(EskizError) -> ConfigContent {
        switch type {
        case .string: return .string(text)
        case .stringArray: return .stringArray(text.split { $0 == "," || $0.isNewline }.map { $0.trimmingWhitespace() })
        default:
            throw EskizError(
                .invalidConfiguration,
                "\(setting) cannot be read as \(type)",
                remedy: "A file holds text."
            )
        }
    }
}
