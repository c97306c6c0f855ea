import Crypto

#if canImport(FoundationEssentials)
import EskizText
import FoundationEssentials
#else
import Foundation
#endif

/// A bearer token as Eskiz issues it: the raw text, what its claims say, and how it may be named in public.
///
/// Eskiz signs with a key of its own (HS256), so the claims can be read but not verified: they schedule a renewal and
/// nothing more. Whether a token is good is the server's word alone (eskiz-api.md §2.5).
package struct BearerToken: Sendable, Equatable {
    /// One reference, however many callers hold the token at once.
    private final class Storage: Sendable {
        let header: String
        let claims: Claims?
        let fingerprint: TokenFingerprint

        init(header: String, claims: Claims?, fingerprint: TokenFingerprint) {
            self.header = header
            self.claims = claims
            self.fingerprint = fingerprint
        }
    }

    private let storage: Storage

    /// The value of the `Authorization` header, built once.
    package var header: String { storage.header }
    /// What the payload says; nil if this is not a JWT.
    package var claims: Claims? { storage.claims }
    /// The token's only public name.
    package var fingerprint: TokenFingerprint { storage.fingerprint }

    /// A token, unless the text cannot be one: empty, or with characters that no header may carry.
    package init?(_ raw: String) {
        guard !raw.isEmpty, raw.utf8.count <= 16_384 else { return nil }
        guard raw.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { return nil }
        storage = Storage(header: "Bearer " + raw, claims: Claims(jwt: raw), fingerprint: TokenFingerprint(of: raw))
    }

    /// The raw text, to be sealed or stored.
    package var raw: Redacted<String> { Redacted(String(header.dropFirst(7))) }

    /// At most the first 20 characters and never more than a quarter of the token (contract.md §3).
    package var preview: String {
        let raw = header.dropFirst(7)
        return raw.prefix(min(20, raw.utf8.count / 4)) + "…"
    }

    package static func == (left: BearerToken, right: BearerToken) -> Bool { left.header == right.header }
}

extension BearerToken: CustomStringConvertible, CustomReflectable {
    package var description: String { "token \(fingerprint)" }
    package var customMirror: Mirror { Mirror(self, children: ["fingerprint": fingerprint.description]) }
}

extension BearerToken {
    /// What the keeper reads of a JWT's payload.
    ///
    /// The rest may hold account data and is dropped at once.
    package struct Claims: Sendable, Equatable {
        /// Seconds since 1970 on the server's clock.
        package let issuedAt: Int64?
        /// Seconds since 1970 on the server's clock.
        package let expiresAt: Int64?
        /// The account's number.
        package let subject: String?

        init?(jwt: String) {
            let parts = jwt.split(separator: ".", omittingEmptySubsequences: false)
            guard parts.count == 3, let payload = Data(base64URL: parts[1]),
                let decoded = try? JSONDecoder().decode(Payload.self, from: payload)
            else { return nil }
            issuedAt = decoded.iat
            expiresAt = decoded.exp
            subject = decoded.sub
        }

        /// Nanoseconds from issue to expiry, where both are known.
        package var life: Int64? {
            guard let issuedAt, let expiresAt else { return nil }
            return expiresAt.subtractingClamped(issuedAt).multipliedClamped(by: .nanosecondsPerSecond)
        }
    }

    /// `sub` is a string today and was a number in older generations; times may come as fractions.
    private struct Payload: Decodable {
        let iat: Int64?
        let exp: Int64?
        let sub: String?

        enum CodingKeys: String, CodingKey { case iat, exp, sub }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            func seconds(_ key: CodingKeys) -> Int64? {
                if let whole = try? container.decode(Int64.self, forKey: key) { return whole }
                guard let fraction = try? container.decode(Double.self, forKey: key) else { return nil }
                return Int64(exactly: fraction.rounded(.down))
            }
            iat = seconds(.iat)
            exp = seconds(.exp)
            sub =
                (try? container.decode(String.self, forKey: .sub))
                ?? (try? container.decode(Int64.self, forKey: .sub)).map(String.init)
        }
    }
}

/// A short name for a token that tells nothing about it.
package struct TokenFingerprint: Sendable, Hashable, CustomStringConvertible {
    /// Sixteen hexadecimal digits.
    package let description: String

    package init(of raw: String) {
        let digest = HMAC<SHA256>.authenticationCode(for: Array(raw.utf8), using: Self.key)
        description = digest.prefix(8).hexadecimal
    }

    /// A fingerprint as it was stored.
    package init(stored: String) {
        description = stored
    }

    private static let key = SymmetricKey(data: Array("eskiz token fingerprint".utf8))
}

extension Data {
    /// Decodes the alphabet of RFC 4648 §5 without padding, as JWTs use it.
    package init?(base64URL text: Substring) {
        var standard = text.replacing("-", with: "+").replacing("_", with: "/")
        standard += String(repeating: "=", count: (4 - standard.utf8.count % 4) % 4)
        self.init(base64Encoded: String(standard))
    }
}
