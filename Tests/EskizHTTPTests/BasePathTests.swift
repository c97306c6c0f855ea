import EskizHTTP
import Testing

@Suite struct BasePathTests {
    @Test(arguments: ["/sms", "sms", "/sms/", "sms//"])
    func `it is written with slashes or without`(text: String) {
        #expect(BasePath(argument: text)?.text == "/sms")
    }

    @Test func `a slash alone is the root`() {
        #expect(BasePath(argument: "/") == .root)
        #expect(BasePath.root.cookiePath == "/" && BasePath(argument: "/a/b")?.cookiePath == "/a/b")
    }

    @Test(arguments: [
        "", "//sms", "/a//b", "/a/../b", "/.", "/sms?x", "/sms#x", "/a b", "/a%20b", "/смс", "/{id}", "/sms\"",
        "https://a.uz/sms",
        "/api", "/api/sms", "/v1", "/messages", "/assets/x", "/openapi.json", "/" + String(repeating: "a", count: 201),
    ])
    func `what could be read in two ways, or is an address of the gateway's own, is refused`(text: String) {
        #expect(BasePath(argument: text) == nil)
    }

    @Test(arguments: [
        ("/sms", "/"), ("/sms/", "/"), ("/sms?a=b", "/?a=b"),
        ("/sms/v1/messages?a=b", "/v1/messages?a=b"),
        ("/sms/sms/x", "/sms/x"), ("/smsx", "/smsx"), ("/v1/messages", "/v1/messages"), ("/", "/"), ("", ""),
        ("*", "*"),
        ("/SMS/x", "/SMS/x"),
    ])
    func `a request loses it where it has it`(target: String, expected: String) throws {
        #expect(try #require(BasePath(argument: "/sms")).stripped(target) == expected)
        #expect(BasePath.root.stripped(target) == target)
    }

    @Test(arguments: [
        ("/v1/messages/1", "/sms/v1/messages/1"), ("/", "/sms/"),
        ("https://a.example.test/", "https://a.example.test/"),
        ("//a.example.test/", "//a.example.test/"), ("", ""),
    ])
    func `an address of ours gets it, and no other`(path: String, expected: String) throws {
        #expect(try #require(BasePath(argument: "/sms")).outside(path) == expected)
        #expect(BasePath.root.outside(path) == path)
    }

    @Test(arguments: [
        ("https://a.example.test", "https://a.example.test/sms"),
        ("https://a.example.test/", "https://a.example.test/sms"),
        ("https://a.example.test:8443", "https://a.example.test:8443/sms"),
        ("https://a.example.test/sms", "https://a.example.test/sms"),
        ("https://a.example.test/other", "https://a.example.test/other"), ("nonsense", "nonsense"),
    ])
    func `the public address has it once`(url: String, expected: String) throws {
        #expect(try #require(BasePath(argument: "/sms")).publicAddress(url) == expected)
        #expect(BasePath.root.publicAddress(url) == url)
    }
}
