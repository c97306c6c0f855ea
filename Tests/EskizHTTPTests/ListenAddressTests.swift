import EskizHTTP
import Testing

@Suite struct ListenAddressTests {
    @Test(arguments: [
        ("unix:/run/eskiz/eskiz.sock", "/run/eskiz/eskiz.sock"), ("unix:///run/eskiz.sock", "/run/eskiz.sock"),
    ])
    func `a socket has a path from the root`(text: String, path: String) {
        #expect(ListenAddress(text: text) == ListenAddress(socket: path))
        #expect(ListenAddress(text: text)?.url == "unix:\(path)")
    }

    @Test(arguments: ["unix:", "unix:/", "unix:eskiz.sock", "unix:///", "unix:/" + String(repeating: "a", count: 107)])
    func `other paths are refused`(text: String) {
        #expect(ListenAddress(text: text) == nil)
    }

    @Test func `all addresses are reached by the nearest one`() {
        #expect(ListenAddress(text: "*:8080")?.url == "http://127.0.0.1:8080")
        #expect(ListenAddress(text: "[::]:8080")?.url == "http://[::1]:8080")
    }

    @Test func `the port that the system picks takes the place of 0`() {
        #expect(ListenAddress(text: "*:0")?.listening(port: 4711) == ListenAddress(text: "*:4711"))
        #expect(ListenAddress(text: "unix:/a")?.listening(port: nil) == ListenAddress(text: "unix:/a"))
    }
}
