import EskizHTTP
import Testing

struct BearerHeaderTests {
    @Test(
        arguments: [
            ("Bearer abc", "abc"), ("bearer abc", "abc"), ("BEARER   a.b.c", "a.b.c"), ("Bearer a b", "a b"),
        ] as [(String, Substring)]
    )
    func `a token is read after the scheme, in whatever case`(value: String, token: Substring) {
        #expect(BearerHeader.token(of: value) == token)
    }

    @Test(arguments: ["", "Bearer", "Bearer ", "Bearer   ", "Basic abc", "Bearerabc", "Token abc"])
    func `another scheme has none, and neither has an empty one`(value: String) {
        #expect(BearerHeader.token(of: value) == nil)
    }
}
