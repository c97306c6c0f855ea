import Testing

@testable import EskizGateway

struct ForwardedPathTests {
    @Test(arguments: [
        ("GET", ["message", "sms", "status_by_id", "5b1f0c6e-1111-4222-8333-944455566677"], nil),
        ("POST", ["message", "sms", "get-user-messages"], "status=all&page=2"),
        ("GET", ["auth", "user"], nil), ("GET", ["contact", "12"], nil), ("PUT", ["template", "1"], nil),
        ("GET", ["report", "total-by-month"], "year=2026"), ("GET", [], nil),
    ])
    func `a path of Eskiz's goes on as it came`(method: String, segments: [String], query: String?) {
        let path = ForwardedPath(method: method, segments: segments, query: query)
        #expect(path?.text == segments.joined(separator: "/") + (query.map { "?\($0)" } ?? ""))
        #expect(path?.isSend == false)
    }

    /// Each of these could bring the account's token to a client, or end somewhere else than it says.
    @Test(arguments: [
        ("POST", ["auth", "login"]), ("PATCH", ["auth", "refresh"]), ("POST", ["auth", "refresh"]),
        ("GET", ["auth", "refresh"]), ("DELETE", ["auth", "invalidate"]), ("POST", ["AUTH", "refresh"]),
        ("PATCH", ["Auth", "Refresh"]), ("POST", ["auth", "user"]), ("GET", ["auth"]), ("GET", ["auth", "user", "x"]),
        ("PATCH", ["message", "..", "auth", "refresh"]), ("PATCH", [".", "auth", "refresh"]),
        ("PATCH", ["a%75th", "refresh"]), ("PATCH", ["%2e%2e", "auth"]), ("GET", ["message%2Fsms"]),
        ("GET", ["a%252e"]), ("GET", ["auth;x=1", "refresh"]), ("GET", ["a\\b"]), ("GET", ["a b"]), ("GET", ["a#b"]),
        ("GET", ["a@b"]), ("GET", ["é"]), ("GET", ["a\u{0}"]),
    ])
    func `a path that is read in two ways goes nowhere`(method: String, segments: [String]) {
        #expect(ForwardedPath(method: method, segments: segments, query: nil) == nil)
    }

    @Test func `what may not stand in a query is escaped`() {
        let path = ForwardedPath(method: "GET", segments: ["x"], query: #"a=<b>&c="d|e#f%20g+h"#)
        #expect(path?.text == "x?a=%3Cb%3E&c=%22d%7Ce%23f%20g+h")
    }

    @Test func `a message to the world is known as a send`() {
        #expect(ForwardedPath(method: "POST", segments: ["message", "sms", "send-global"], query: nil)?.isSend == true)
    }
}
