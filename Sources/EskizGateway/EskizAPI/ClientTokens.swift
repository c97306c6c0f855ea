import Crypto
import Eskiz
import EskizQueue

/// Issues tokens to clients of Eskiz's API in exchange for API keys, and says whose a token is.
///
/// Nothing is stored but the key that signs: a token is good as long as its signature, its time and its API key are.
/// Only what was invalidated by hand is remembered, until the process ends; to be rid of a token for good, revoke the
/// key.
final class ClientTokens: Sendable {
    private let key: SigningKey<ClientTokenSigner>
    private let keys: APIKeys
    private let lifetime: Duration
    private let clock: any KeeperClock

    init(store: any SecretStore, keys: APIKeys, lifetime: Duration, clock: any KeeperClock) {
        key = SigningKey("client-token-key", in: store, endedLimit: 100_000) { ClientTokenSigner(secret: $0) }
        self.keys = keys
        self.lifetime = lifetime
        self.clock = clock
    }

    /// A token for a key.
    func issue(to identity: APIKeyIdentity) async throws(StoreError) -> String {
        let now = seconds
        let token = ClientToken(
            exp: now + lifetime.components.seconds,
            iat: now,
            role: "user",
            sign: SigningKey<ClientTokenSigner>.randomID(.bits256),
            sub: identity.id
        )
        return try await key.signer().sign(token)
    }

    /// Whose token this is; nil for one that is foreign, over, or whose key is no more.
    func identity(of text: String) async throws(StoreError) -> APIKeyIdentity? {
        guard let token = try await key.signer().claims(of: text), token.exp > seconds,
            !key.hasEnded(token.sign),
            let identity = await keys.identity(withID: token.sub), identity.may(.send)
        else { return nil }
        return identity
    }

    /// Ends a token before its time.
    func invalidate(_ text: String) async throws(StoreError) {
        guard let token = try await key.signer().claims(of: text) else { return }
        key.end(token.sign, expiresAt: token.exp, now: seconds)
    }

    private var seconds: Int64 { clock.timestamp.milliseconds / 1_000 }
}
