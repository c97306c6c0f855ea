import Testing

@testable import EskizGateway

@Suite struct SessionTests {
    private static let signer = SessionSigner(secret: Array(repeating: 7, count: 32))
    private static let ticket = SessionTicket(keyID: "k_4f9a1c00aa11", expiresAt: 1_800_000_000, nonce: "00ff")

    @Test func `a ticket comes back as it was signed`() {
        #expect(Self.signer.ticket(of: Self.signer.sign(Self.ticket)) == Self.ticket)
    }

    @Test func `no byte of a cookie can be changed`() {
        let cookie = Array(Self.signer.sign(Self.ticket).utf8)
        for index in cookie.indices {
            var other = cookie
            other[index] = other[index] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            #expect(Self.signer.ticket(of: String(decoding: other, as: UTF8.self)) == nil, "byte \(index)")
        }
    }

    @Test(arguments: ["", ".", "..", "a.b", "a.b.c", String(repeating: "a", count: 10_000)])
    func `what we have not signed is no ticket`(text: String) {
        #expect(Self.signer.ticket(of: text) == nil)
    }

    @Test func `another secret does not know it`() {
        let other = SessionSigner(secret: Array(repeating: 8, count: 32))
        #expect(other.ticket(of: Self.signer.sign(Self.ticket)) == nil)
        #expect(!other.isFormToken(Self.signer.formToken(of: Self.ticket), of: Self.ticket))
    }

    @Test func `a form's token belongs to one session`() {
        let token = Self.signer.formToken(of: Self.ticket)
        var other = Self.ticket
        other.nonce = "00fe"
        #expect(Self.signer.isFormToken(token, of: Self.ticket))
        #expect(!Self.signer.isFormToken(token, of: other))
        #expect(!Self.signer.isFormToken(nil, of: Self.ticket))
        #expect(!Self.signer.isFormToken("", of: Self.ticket))
        // The cookie's own signature is not a form's token.
        let signature = Self.signer.sign(Self.ticket).split(separator: ".").last.map(String.init)
        #expect(!Self.signer.isFormToken(signature, of: Self.ticket))
    }

    // MARK: Wrong keys

    @Test func `a few wrong keys are a slip, more have to wait`() throws {
        var limit = SignInLimit()
        for _ in 0..<SignInLimit.burst {
            #expect(limit.wait("a", at: 0) == nil)
            limit.failed("a", at: 0)
        }
        #expect(limit.wait("a", at: 0) == .nanoseconds(SignInLimit.pause))
        #expect(limit.wait("b", at: 0) == nil, "another place")
        #expect(limit.wait("a", at: SignInLimit.pause - 1) == .nanoseconds(1))
        #expect(limit.wait("a", at: SignInLimit.pause) == nil)
        limit.failed("a", at: SignInLimit.pause)
        #expect(limit.wait("a", at: SignInLimit.pause) == .nanoseconds(SignInLimit.pause), "one, not five")
    }

    @Test func `from everywhere at once it is one place, and memory stays small`() {
        var limit = SignInLimit()
        for number in 0..<SignInLimit.placeLimit { limit.failed("place \(number)", at: 0) }
        for number in 0..<SignInLimit.burst {
            #expect(limit.wait("new \(number)", at: 0) == nil)
            limit.failed("new \(number)", at: 0)
        }
        #expect(limit.wait("yet another", at: 0) != nil)
        #expect(limit.wait("yet another", at: 1_000 * SignInLimit.pause) == nil)
    }

    // MARK: Where a form comes from

    @Test(
        arguments: [
            ("same-origin", nil, true), ("same-origin", "http://evil.example.test", true), ("cross-site", nil, false),
            ("same-site", nil, false), ("none", nil, false), (nil, nil, true), (nil, "http://127.0.0.1:8080", true),
            (nil, "http://127.0.0.1:9080", false), (nil, "null", false), (nil, "https://evil.example.test", false),
        ] as [(String?, String?, Bool)]
    )
    func `a form is taken from our own pages only`(fetchSite: String?, origin: String?, isOwn: Bool) {
        #expect(
            RequestOrigin.isOwn(fetchSite: fetchSite, origin: origin, authority: "127.0.0.1:8080") == isOwn
        )
    }

    @Test func `a proxy may pass on the host without its port`() {
        let isOwn = RequestOrigin.isOwn(
            fetchSite: nil,
            origin: "https://SMS.example.test:8443",
            authority: "sms.example.test"
        )
        #expect(isOwn)
        #expect(RequestOrigin.isOwn(fetchSite: nil, origin: "http://[::1]:8080", authority: "[::1]:8080"))
        #expect(!RequestOrigin.isOwn(fetchSite: nil, origin: "http://[::1]", authority: "[:"))
    }

    @Test(arguments: [
        ("/", "/"), ("/messages?status=failed", "/messages?status=failed"), ("//evil.example.test", nil),
        ("/\\evil.example.test", nil), ("https://evil.example.test", nil), ("javascript:alert(1)", nil), ("", nil),
        ("/a\r\nSet-Cookie: a=b", nil), ("/\u{9}/evil.example.test", nil), ("messages", nil),
    ])
    func `one comes back to a path of ours or nowhere`(text: String, path: String?) {
        #expect(OwnPath.checked(text) == path)
    }
}
