import Testing

@testable import EskizSimulator

/// Where the simulator may post delivery reports.
@Suite struct CallbackHostsTests {
    @Test(arguments: ["http://127.0.0.1:8080/a", "https://localhost/a", "http://[::1]:8080"])
    func `this machine is always allowed`(url: String) {
        #expect(CallbackHosts().allow(url))
        #expect(CallbackHosts(["gateway"]).allow(url))
    }

    @Test(arguments: [
        "http://gateway:8080/callbacks/eskiz/x", "http://GATEWAY/a", "https://gateway", "http://[2001:db8::1]:80/a",
        "http://192.0.2.1:8080",
    ])
    func `hosts are allowed by name, whatever their port and case`(url: String) {
        #expect(CallbackHosts(["Gateway", "2001:db8::1", "192.0.2.1"]).allow(url))
        #expect(!CallbackHosts().allow(url))
    }

    @Test(arguments: [
        "http://gateway@evil.example.test/", "http://evil.example.test/gateway", "http://gateway.evil.example.test",
        "gateway:8080",
        "ftp://gateway/", "http://evil.example.test?gateway", "http://evil.example.test#gateway:80",
    ])
    func `what only looks like one is refused`(url: String) {
        #expect(!CallbackHosts(["gateway"]).allow(url))
    }
}
