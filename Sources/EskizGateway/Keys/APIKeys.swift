import Crypto
package import EskizQueue
import EskizText
package import Logging
import Synchronization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Who asks.
package struct APIKeyIdentity: Sendable, Hashable {
    package var id: String
    package var name: String
    package var scopes: Set<APIKeyRecord.Scope>

    package init(id: String, name: String, scopes: Set<APIKeyRecord.Scope>) {
        self.id = id
        self.name = name
        self.scopes = scopes
    }

    /// Whether the key may do what the scope is for; `admin` may everything.
    package func may(_ scope: APIKeyRecord.Scope) -> Bool {
        scopes.contains(scope) || scopes.contains(.admin)
    }
}

/// The keys that the gateway accepts: those of the settings and those of the store.
///
/// Only digests are kept and compared, so a comparison tells nothing about a key by the time it takes: whoever guesses
/// cannot choose the digest.
package final class APIKeys: Sendable {
    private struct Known {
        var byDigest: [[UInt8]: APIKeyIdentity] = [:]
        var readAt: Timestamp?
    }

    private let configured: [[UInt8]: APIKeyIdentity]
    private let store: any APIKeyStore
    private let now: @Sendable () -> Timestamp
    private let logger: Logger
    private let known = Mutex(Known())

    /// A key revoked by the command is refused after this long at the latest: before its next user gets here.
    private static let freshness: Duration = .milliseconds(50)
    /// A key that nobody knows may be one that was made just now, so it is looked for anew; not more often than this,
    /// whoever tries keys.
    private static let unknownKeyFreshness: Duration = .milliseconds(5)

    /// The keys of the settings are given in clear, and each may do everything; `eskiz keys` keeps its own in the store.
    package init(
        configured: [String],
        store: any APIKeyStore,
        now: @escaping @Sendable () -> Timestamp,
        logger: Logger
    ) {
        self.configured = Dictionary(
            configured.map { key in
                let digest = Self.digest(of: key)
                let identity = APIKeyIdentity(
                    id: Self.id(of: digest),
                    name: "settings",
                    scopes: Set(APIKeyRecord.Scope.allCases)
                )
                return (digest, identity)
            },
            uniquingKeysWith: { first, _ in first }
        )
        self.store = store
        self.now = now
        self.logger = logger
    }

    /// Whose key this is; nil for nobody's.
    package func identity(of key: String) async -> APIKeyIdentity? {
        let digest = Self.digest(of: key)
        if let identity = configured[digest] { return identity }
        if let identity = await current(within: Self.freshness)[digest] { return identity }
        return await current(within: Self.unknownKeyFreshness)[digest]
    }

    /// Whether a key still is accepted, by its id: for tokens that were issued to it.
    package func identity(withID id: String) async -> APIKeyIdentity? {
        if let identity = configured.values.first(where: { $0.id == id }) { return identity }
        return await current(within: Self.freshness).values.first { $0.id == id }
    }

    /// The keys of the store as they are, or were so long ago at most.
    private func current(within age: Duration) async -> [[UInt8]: APIKeyIdentity] {
        let moment = now()
        let cached = known.withLock { known -> [[UInt8]: APIKeyIdentity]? in
            guard let readAt = known.readAt, moment - readAt < age, moment >= readAt else { return nil }
            return known.byDigest
        }
        if let cached { return cached }
        do {
            let records = try await store.apiKeys().filter { $0.revokedAt == nil }
            let byDigest = Dictionary(
                records.map { ($0.digest, APIKeyIdentity(id: $0.id, name: $0.name, scopes: $0.scopes)) },
                uniquingKeysWith: { first, _ in first }
            )
            known.withLock { known in
                known.byDigest = byDigest
                known.readAt = moment
            }
            return byDigest
        } catch {
            // What was known a moment ago is better than shutting everybody out.
            logger.error("The API keys could not be read", metadata: ["error.type": "\(error.code)"])
            return known.withLock(\.byDigest)
        }
    }

    /// SHA-256.
    package static func digest(of key: String) -> [UInt8] {
        Array(SHA256.hash(data: Array(key.utf8)))
    }

    /// Short and public: `k_` and twelve hexadecimal digits of the digest.
    package static func id(of digest: [UInt8]) -> String {
        "k_" + digest.prefix(6).hexadecimal
    }

    /// A new key: `esk_` and 32 random bytes in base64url.
    package static func makeKey() -> String {
        let bytes = SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }
        let text = bytes.base64EncodedString()
        return "esk_" + text.replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}
