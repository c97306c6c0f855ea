import Crypto
import Eskiz
import EskizQueue

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What a token says that we issue to a client of Eskiz's API: the claims of Eskiz's own (eskiz-api.md §2.5).
///
/// Clients decode `exp` to plan their renewals, so it is a true JWT.
struct ClientToken: Codable, Sendable, Hashable {
    /// Seconds since 1970.
    var exp: Int64
    var iat: Int64
    var role: String
    /// 64 hexadecimal digits, different for every token.
    var sign: String
    /// The id of the API key it was issued to: it lives no longer than the key.
    var sub: String
}

/// Signs client tokens and knows its own again.
///
/// Pure.
struct ClientTokenSigner: Sendable {
    private let key: SymmetricKey

    /// `{"alg":"HS256","typ":"JWT"}`, compared as it is, so no other algorithm can be talked into being accepted.
    private static let header = Base64URL.encode(#"{"alg":"HS256","typ":"JWT"}"#.utf8)
    private static let longest = 2_048

    init(secret: [UInt8]) {
        key = SymmetricKey(data: secret)
    }

    func sign(_ token: ClientToken) -> String {
        let claims = JSONText.self
        let payload =
            #"{"exp":\#(token.exp),"iat":\#(token.iat),"role":\#(claims.quoted(token.role)),"#
            + #""sign":\#(claims.quoted(token.sign)),"sub":\#(claims.quoted(token.sub))}"#
        let signed = "\(Self.header).\(Base64URL.encode(payload.utf8))"
        let signature = HMAC<SHA256>.authenticationCode(for: Array(signed.utf8), using: key)
        return "\(signed).\(Base64URL.encode(signature))"
    }

    /// The claims of a token that this key has signed; nil for any other text.
    ///
    /// Its time is for the caller to judge.
    func claims(of text: String) -> ClientToken? {
        guard text.utf8.count <= Self.longest else { return nil }
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0] == Self.header, let signature = Base64URL.decode(parts[2]),
            HMAC<SHA256>.isValidAuthenticationCode(
                signature,
                authenticating: Array("\(parts[0]).\(parts[1])".utf8),
                using: key
            ),
            let payload = Base64URL.decode(parts[1])
        else { return nil }
        return try? JSONDecoder().decode(ClientToken.self, from: Data(payload))
    }
}

/// Base64 in the URL alphabet without padding (RFC 4648 §5).
enum Base64URL {
    static func encode(_ bytes: some Sequence<UInt8>) -> String {
        Data(bytes).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    /// Nil for anything but the one spelling of some bytes.
    static func decode(_ text: some StringProtocol) -> [UInt8]? {
        guard let bytes = WireCoding.base64Decoded(String(text)), encode(bytes) == text else { return nil }
        return bytes
    }
}
