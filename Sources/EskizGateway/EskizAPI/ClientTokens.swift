import Crypto
import Eskiz
import EskizQueue
import Synchronization

/// Issues tokens to clients of Eskiz's API in exchange for API keys, and says whose a token is.
///
/// Nothing is stored but the key that signs: a token is good as long as its signature, its time and its API key are.
/// Only what was invalidated by hand is remembered, until the process ends; to be rid of a token for good, revoke the
/// key.
final class ClientTokens: Sendable {
    private struct State {
        var signer: ClientTokenSigner?
        /// The `sign` of tokens that were invalidated, with the end of each.
        var invalidated: [String: Int64] = [:]
    }

    private static let secretName = "client-token-key"
    private static let invalidatedLimit = 100_000

    private let store: any SecretStore
    private let keys: APIKeys
    private let lifetime: Duration
    private let clock: any KeeperClock
    private let state = Mutex(State())

    init(store: any SecretStore, keys: APIKeys, lifetime: Duration, clock: any KeeperClock) {
        self.store = store
        self.keys = keys
        self.lifetime = lifetime
        self.clock = clock
    }

    /// A token for a key.
    func issue(to identity: APIKeyIdentity) async throws(StoreError) -> String {
        let now = seconds
        let random = SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }
        let token = ClientToken(
            exp: now + lifetime.components.seconds,
            iat: now,
            role: "user",
            sign: Self.hex(random),
            sub: identity.id
        )
        return try await signer().sign(token)
    }

    /// Whose token this is; nil for one that is foreign, over, or whose key is no more.
    func identity(of text: String) async throws(StoreError) -> APIKeyIdentity? {
        guard let token = try await signer().claims(of: text), token.exp > seconds,
            state.withLock({ $0.invalidated[token.sign] }) == nil,
            let identity = await keys.identity(withID: token.sub), identity.may(.send)
        else { return nil }
        return identity
    }

    /// Ends a token before its time.
    func invalidate(_ text: String) async throws(StoreError) {
        guard let token = try await signer().claims(of: text) else { return }
        let now = seconds
        state.withLock { state in
            if state.invalidated.count >= Self.invalidatedLimit {
                state.invalidated = state.invalidated.filter { $0.value > now }
            }
            state.invalidated[token.sign] = token.exp
        }
    }

    private var seconds: Int64 { clock.timestamp.milliseconds / 1_000 }

    private func signer() async throws(StoreError) -> ClientTokenSigner {
        if let signer = state.withLock(\.signer) { return signer }
        let secret = try await store.secret(Self.secretName) {
            SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }
        }
        let signer = ClientTokenSigner(secret: secret)
        state.withLock { $0.signer = signer }
        return signer
    }

    private static func hex(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
