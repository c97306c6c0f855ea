import Crypto
import Eskiz
import EskizPages
import EskizQueue

/// Somebody who is signed in.
struct Session: Sendable {
    let identity: APIKeyIdentity
    let ticket: SessionTicket
    /// For the hidden field `csrf` of every form.
    let formToken: String

    /// Whether there are buttons for this key: reading changes nothing.
    var mayAct: Bool { identity.may(.admin) }
}

/// Signs operators in with their API key, and knows them again by a cookie.
///
/// A session lives no longer than its key: that is looked up each time. What was signed out by hand is remembered until
/// the process ends or the session would have ended.
final class Sessions: Sendable {
    static let cookie = "eskiz-gateway-session"
    static let lifetime: Duration = .seconds(12 * 3_600)

    private let key: SigningKey<SessionSigner>
    private let keys: APIKeys
    private let clock: any KeeperClock

    init(store: any SecretStore, keys: APIKeys, clock: any KeeperClock) {
        key = SigningKey("operator-session-key", in: store, endedLimit: 10_000) { SessionSigner(secret: $0) }
        self.keys = keys
        self.clock = clock
    }

    /// Whose key this is; nil for nobody's.
    func identity(of key: String) async -> APIKeyIdentity? {
        // No key of ours is longer, and no digest of a megabyte need be made to know it.
        guard (1...512).contains(key.utf8.count) else { return nil }
        return await keys.identity(of: key)
    }

    /// The value of a cookie for whoever has shown this key.
    func open(for identity: APIKeyIdentity) async throws(StoreError) -> String {
        let ticket = SessionTicket(
            keyID: identity.id,
            expiresAt: seconds + Self.lifetime.components.seconds,
            nonce: SigningKey<SessionSigner>.randomID(.bits128)
        )
        return try await key.signer().sign(ticket)
    }

    /// The session of a header `Cookie`; nil if it has none that counts.
    func session(of header: String?) async throws(StoreError) -> Session? {
        guard let cookie = CookieHeader.values(of: header)[Self.cookie] else { return nil }
        let signer = try await key.signer()
        guard let ticket = signer.ticket(of: cookie), ticket.expiresAt > seconds,
            !key.hasEnded(ticket.nonce),
            let identity = await keys.identity(withID: ticket.keyID), identity.may(.read)
        else { return nil }
        return Session(identity: identity, ticket: ticket, formToken: signer.formToken(of: ticket))
    }

    /// Whether a form that was sent in a session is one that we made for it.
    func isOwn(formToken: String?, of session: Session) async throws(StoreError) -> Bool {
        try await key.signer().isFormToken(formToken, of: session.ticket)
    }

    /// Ends a session before its time.
    func end(_ session: Session) {
        key.end(session.ticket.nonce, expiresAt: session.ticket.expiresAt, now: seconds)
    }

    private var seconds: Int64 { clock.timestamp.milliseconds / 1_000 }
}
