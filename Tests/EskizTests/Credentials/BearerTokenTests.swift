import Eskiz
import Testing

/// A token: what it says of itself, and what it never says to others.
struct BearerTokenTests {
    @Test(arguments: [0, 1, 3, 4, 5, 39, 40, 79, 80, 81, 400])
    func `the preview is at most twenty characters and a quarter`(length: Int) throws {
        let raw = String(repeating: "x", count: length)
        guard length > 0 else {
            #expect(BearerToken(raw) == nil)
            return
        }
        let token = try #require(BearerToken(raw))
        #expect(token.preview == String(repeating: "x", count: min(20, length / 4)) + "…")
    }

    @Test(arguments: ["", " ", "a b", "a\nb", "a\r\nX: y", "a\tb", "tokén", "a\u{0}b", "a\u{7F}b"])
    func `what no header may carry is no token`(raw: String) {
        #expect(BearerToken(raw) == nil)
    }

    @Test func `a text longer than any header is no token`() {
        #expect(BearerToken(String(repeating: "x", count: 16_384)) != nil)
        #expect(BearerToken(String(repeating: "x", count: 16_385)) == nil)
    }

    @Test(arguments: ["abc", "a.b", "a.b.c", "a.b.c.d", "..", "e30", "a.e3!.c", "a.W10.c", "a.bnVsbA.c"])
    func `a token that is not a JWT has no claims and still works`(raw: String) throws {
        let token = try #require(BearerToken(raw))
        #expect(token.claims == nil)
        #expect(token.header == "Bearer " + raw)
        #expect(token.raw.reveal() == raw)
    }

    @Test(arguments: [
        (#"{"exp":20,"iat":10,"sub":"7"}"#, 10 as Int64?, 20 as Int64?, "7" as String?),
        (#"{"exp":20.9,"iat":10.2,"sub":7}"#, 10, 20, "7"),
        (#"{"exp":"20","iat":null,"sub":["7"]}"#, nil, nil, nil),
        (#"{"exp":1e300,"iat":-1}"#, -1, nil, nil),
        (#"{"exp":9223372036854775807,"iat":-9223372036854775808}"#, .min, .max, nil),
        (#"{}"#, nil, nil, nil),
        (#"{"role":"user","sms_api_token":"nested"}"#, nil, nil, nil),
    ])
    func `odd claims are read as far as they go`(
        claims: String,
        issued: Int64?,
        expires: Int64?,
        subject: String?
    ) throws {
        let read = try #require(BearerToken(SampleToken.jwt(claims: claims))?.claims)
        #expect(read.issuedAt == issued)
        #expect(read.expiresAt == expires)
        #expect(read.subject == subject)
    }

    @Test func `a life that no number holds does not trap`() throws {
        let claims = #"{"exp":9223372036854775807,"iat":-9223372036854775808}"#
        let token = try #require(BearerToken(SampleToken.jwt(claims: claims)))
        #expect(token.claims?.life == .max)
    }

    @Test func `tokens are the same if their text is`() throws {
        #expect(BearerToken(SampleToken.jwt(1)) == BearerToken(SampleToken.jwt(1)))
        #expect(BearerToken(SampleToken.jwt(1)) != BearerToken(SampleToken.jwt(2)))
        let (one, two) = (TokenFingerprint(of: SampleToken.jwt(1)), TokenFingerprint(of: SampleToken.jwt(2)))
        #expect(one != two)
        #expect(one.description.count == 16)
        #expect(TokenFingerprint(stored: one.description) == one)
    }

    // MARK: Secrecy

    /// Every way in which Swift turns a value into text.
    private static func prints(_ value: some Sendable) -> [String] {
        var dumped = ""
        dump(value, to: &dumped)
        let mirrored = Mirror(reflecting: value).children.map { "\($0)" }
        return ["\(value)", String(describing: value), String(reflecting: value), dumped] + mirrored
    }

    @Test func `no way of printing shows the token, the key or the e-mail`() async throws {
        let raw = SampleToken.jwt(claims: #"{"exp":20,"iat":10,"sub":"canary-subject"}"#)
        let token = try #require(BearerToken(raw))
        let login = LoginCredentials(email: "canary@example.test", password: Redacted("canary-key"))
        let record = TokenRecord(generation: 1, token: token, receivedWall: 0, origin: "https://notify.eskiz.uz/api")
        let held = RenewalMachine.Step.refresh(token, hasFallback: true)
        let answer = CredentialAnswer.issued(token, serverTime: nil)
        let texts =
            Self.prints(token) + Self.prints(login) + Self.prints(record) + Self.prints(held) + Self.prints(answer)
            + Self.prints([token]) + Self.prints(Optional(token)) + Self.prints(StoredToken(record: record))
            + Self.prints(token.raw) + Self.prints(CredentialSource(seed: token) { login })
        for text in texts {
            #expect(!text.contains(raw.prefix(24)), "\(text)")
            #expect(!text.contains("canary"), "\(text)")
        }
    }
}
