import EskizHTTP
import JWTKit
import NIOConcurrencyHelpers

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Signs tokens and recognises its own: JWT, HS256, with a key of this run that nobody else has.
final class TokenMint: Sendable {
    private struct Payload: JWTPayload {
        var exp: Int?
        var iat: Int
        var role: String
        var sign: String
        var sub: String

        /// Whether a token has expired is for the rules to say, by the provider's clock.
        func verify(using algorithm: some JWTAlgorithm) async throws {}
    }

    private let keys: JWTKeyCollection
    /// Tokens whose signature has been checked, so that a busy client does not pay for it each time.
    private let checked = NIOLockedValueBox<[String: String]>([:])
    /// Tokens that are no JWT, by their text: nothing but this list knows them.
    private let opaque = NIOLockedValueBox<[String: String]>([:])

    init() async {
        var random = SystemRandomNumberGenerator()
        let key = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &random) }
        // Sorted members: exp, iat, role, sign, sub, as sample tokens have them.
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        keys = JWTKeyCollection()
        await keys.add(
            hmac: HMACKey(from: key),
            digestAlgorithm: .sha256,
            serializer: DefaultJWTSerializer(jsonEncoder: encoder)
        )
    }

    func token(for claims: TokenClaims) async throws -> String {
        if claims.isOpaque {
            let token = "\(claims.sub)|\(claims.sign.prefix(40))"
            opaque.withLockedValue { $0[token] = claims.sign }
            return token
        }
        let payload = Payload(
            exp: claims.exp,
            iat: claims.iat,
            role: claims.role,
            sign: claims.sign,
            sub: claims.sub
        )
        let token = try await keys.sign(payload)
        remember(token, sign: claims.sign)
        return token
    }

    /// What an `Authorization` header amounts to.
    func bearer(ofHeader header: String?) async -> Bearer {
        guard let header else { return .missing }
        guard let token = BearerHeader.token(of: header).map(String.init) else { return .foreign }
        if let sign = opaque.withLockedValue({ $0[token] }) { return .ours(sign: sign) }
        if let sign = checked.withLockedValue({ $0[token] }) { return .ours(sign: sign) }
        guard let payload = try? await keys.verify(token, as: Payload.self) else { return .foreign }
        remember(token, sign: payload.sign)
        return .ours(sign: payload.sign)
    }

    private func remember(_ token: String, sign: String) {
        checked.withLockedValue { checked in
            if checked.count >= 10_000 { checked.removeAll(keepingCapacity: true) }
            checked[token] = sign
        }
    }
}
