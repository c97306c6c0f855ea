import Crypto
import Testing

@testable import EskizGateway

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

struct ClientTokenTests {
    private static let token = ClientToken(
        exp: 1_802_592_000,
        iat: 1_800_000_000,
        role: "user",
        sign: String(repeating: "ab", count: 32),
        sub: "k_0123456789ab"
    )
    private let signer = ClientTokenSigner(secret: Array("a secret of thirty-two bytes....".utf8))

    @Test func `a token is known again`() {
        #expect(signer.claims(of: signer.sign(Self.token)) == Self.token)
    }

    /// Written with Python's hmac and base64 modules.
    @Test func `a token is what any JWT library would write`() {
        let text =
            "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."
            + "eyJleHAiOjE4MDI1OTIwMDAsImlhdCI6MTgwMDAwMDAwMCwicm9sZSI6InVzZXIiLCJzaWduIjoiYWJhYmFiYWJhYmFiYWJhY"
            + "mFiYWJhYmFiYWJhYmFiYWJhYmFiYWJhYmFiYWJhYmFiYWJhYmFiYWJhYmFiYWJhYiIsInN1YiI6ImtfMDEyMzQ1Njc4OWFiIn0."
            + "cgsF3hAOFZnYmkn6cQBO09pulVhR6Viupc9XzljO-Z0"
        #expect(signer.sign(Self.token) == text)
    }

    @Test func `every changed character is noticed`() {
        let text = Array(signer.sign(Self.token))
        for index in text.indices {
            var changed = text
            changed[index] = text[index] == "A" ? "B" : "A"
            #expect(signer.claims(of: String(changed)) == nil, "changed at \(index)")
        }
    }

    @Test(arguments: ["none", "HS512", "RS256"])
    func `no other algorithm is accepted, whatever the signature`(algorithm: String) {
        let parts = signer.sign(Self.token).split(separator: ".")
        let header = Base64URL.encode(#"{"alg":"\#(algorithm)","typ":"JWT"}"#.utf8)
        let key = SymmetricKey(data: Array("a secret of thirty-two bytes....".utf8))
        let signature = HMAC<SHA256>.authenticationCode(for: Array("\(header).\(parts[1])".utf8), using: key)
        #expect(signer.claims(of: "\(header).\(parts[1]).\(Base64URL.encode(signature))") == nil)
        #expect(signer.claims(of: "\(header).\(parts[1]).") == nil)
    }

    @Test func `a token of another installation is foreign`() {
        let other = ClientTokenSigner(secret: Array("another secret..................".utf8))
        #expect(signer.claims(of: other.sign(Self.token)) == nil)
    }

    @Test(arguments: ["", ".", "..", "...", "a.b.c", "🙂.🙂.🙂", String(repeating: "a", count: 100_000)])
    func `garbage is no token`(text: String) {
        #expect(signer.claims(of: text) == nil)
    }
}
