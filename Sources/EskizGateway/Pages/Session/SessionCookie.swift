import Crypto
import EskizQueue

/// What a session's cookie says: whose it is and until when.
///
/// Nothing is kept on our side: a session is good as long as its signature, its time and its API key are.
struct SessionTicket: Sendable, Hashable {
    /// The id of the API key that signed in.
    var keyID: String
    /// Seconds since 1970.
    var expiresAt: Int64
    /// Different for every session, in hexadecimal.
    var nonce: String
}

/// Signs tickets and knows its own again.
///
/// Pure.
struct SessionSigner: Sendable {
    private let key: SymmetricKey

    private static let longest = 512

    init(secret: [UInt8]) {
        key = SymmetricKey(data: secret)
    }

    /// The cookie's value.
    func sign(_ ticket: SessionTicket) -> String {
        let payload = Base64URL.encode("\(ticket.keyID)|\(ticket.expiresAt)|\(ticket.nonce)".utf8)
        return "\(payload).\(Base64URL.encode(code(for: payload)))"
    }

    /// The ticket that this key has signed; nil for any other text.
    ///
    /// Its time is for the caller to judge.
    func ticket(of cookie: String) -> SessionTicket? {
        guard cookie.utf8.count <= Self.longest else { return nil }
        let parts = cookie.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let signature = Base64URL.decode(parts[1]),
            isValid(signature, for: String(parts[0])), let payload = Base64URL.decode(parts[0])
        else { return nil }
        let fields = String(decoding: payload, as: UTF8.self).split(separator: "|", omittingEmptySubsequences: false)
        guard fields.count == 3, let expiresAt = Int64(fields[1]) else { return nil }
        return SessionTicket(keyID: String(fields[0]), expiresAt: expiresAt, nonce: String(fields[2]))
    }

    /// What a form of this session has to bring along: another site cannot know it.
    func formToken(of ticket: SessionTicket) -> String {
        Base64URL.encode(code(for: Self.formPurpose + ticket.nonce))
    }

    /// Whether a form brought the token of its session, compared in constant time.
    func isFormToken(_ text: String?, of ticket: SessionTicket) -> Bool {
        guard let text, text.utf8.count <= Self.longest, let bytes = Base64URL.decode(text) else { return false }
        return isValid(bytes, for: Self.formPurpose + ticket.nonce)
    }

    /// No payload of a ticket contains a space.
    private static let formPurpose = "form "

    private func code(for text: String) -> HashedAuthenticationCode<SHA256> {
        HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: key)
    }

    private func isValid(_ signature: [UInt8], for text: String) -> Bool {
        HMAC<SHA256>.isValidAuthenticationCode(signature, authenticating: Array(text.utf8), using: key)
    }
}
