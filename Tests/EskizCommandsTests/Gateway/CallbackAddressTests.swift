import Eskiz
import EskizHTTP
import EskizQueueTesting
import Testing

@testable import EskizCommands

struct CallbackAddressTests {
    private static func address(_ callbackURL: String?, base: String?) async throws -> CallbackAddress {
        try await CallbackAddress(
            store: MemoryMessageStore(),
            configuration: EskizConfiguration(
                token: "a.b.c",
                baseURL: callbackURL == nil ? "http://127.0.0.1:9080/api" : "https://notify.eskiz.uz/api",
                callbackURL: callbackURL
            ),
            basePath: base.flatMap { BasePath(argument: $0) } ?? .root
        )
    }

    @Test(
        arguments: [
            ("https://a.example.test", nil, "https://a.example.test/callbacks/eskiz/"),
            ("https://a.example.test", "/sms", "https://a.example.test/sms/callbacks/eskiz/"),
            ("https://a.example.test/sms/", "/sms", "https://a.example.test/sms/callbacks/eskiz/"),
            ("https://a.example.test/hook", "/sms", "https://a.example.test/hook/callbacks/eskiz/"),
        ] as [(String, String?, String)]
    )
    func `Eskiz is told an address that the proxy knows`(configured: String, base: String?, expected: String)
        async throws
    {
        let url = try #require(try await Self.address(configured, base: base).url)
        #expect(url.hasPrefix(expected) && url.count == expected.count + 32)
    }

    @Test func `on this machine it is our own, when it is known`() async throws {
        let address = try await Self.address(nil, base: "/sms")
        #expect(address.url == nil)
        address.isListening(at: try #require(ListenAddress(text: "127.0.0.1:8080")))
        #expect(address.url?.hasPrefix("http://127.0.0.1:8080/sms/callbacks/eskiz/") == true)
    }
}
