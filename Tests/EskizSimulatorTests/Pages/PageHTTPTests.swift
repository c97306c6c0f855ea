import AsyncHTTPClient
import EskizPages
import EskizWords
import NIOCore
import NIOHTTP1
import Synchronization
import Testing

@testable import EskizSimulator

@Suite(.timeLimit(.minutes(1)))
struct PageHTTPTests {
    private static let browser = [("Accept", "text/html,application/xhtml+xml"), ("Accept-Language", "en")]

    @Test func `a browser gets the inbox, curl the list of endpoints`() async throws {
        try await withSimulator { simulator in
            let page = try await simulator.call("GET", "/", headers: Self.browser)
            #expect(page.header("Content-Type") == "text/html; charset=utf-8")
            #expect(page.header("Content-Security-Policy") == PageHeaders.policy)
            #expect(page.header("Cache-Control") == "no-store")
            #expect(page.header("Referrer-Policy") == "same-origin")
            #expect(page.header("X-Frame-Options") == "DENY")
            #expect(try await simulator.call("GET", "/").text.contains("_simulator/events"))
            #expect(try await simulator.call("GET", "/messages/1", headers: Self.browser).status == 404)
            #expect(try await simulator.call("POST", "/controls", headers: Self.browser).status == 404)
        }
    }

    @Test func `a language is chosen by the address and remembered in a cookie`() async throws {
        try await withSimulator { simulator in
            let page = try await simulator.call("GET", "/calls?lang=ru", headers: Self.browser)
            #expect(page.text.contains("<html lang=\"ru\">"))
            let cookie = try #require(page.header("Set-Cookie"))
            let again = try await simulator.call("GET", "/calls", headers: Self.browser + [("Cookie", cookie)])
            #expect(again.text.contains("<html lang=\"ru\">"))
            #expect(again.header("Set-Cookie") == nil)
        }
    }

    @Test func `files are kept by the browser for as long as they are the same`() async throws {
        try await withSimulator { simulator in
            let html = try await simulator.call("GET", "/", headers: Self.browser).text
            for asset in PageAsset.all {
                #expect(html.contains("\"\(asset.address)\""))
                let first = try await simulator.call("GET", asset.address)
                #expect(first.status == 200 && first.body == asset.body)
                #expect(first.header("Content-Type") == asset.contentType)
                #expect(first.header("Cache-Control") == "public, max-age=31536000, immutable")
                let tag = try #require(first.header("ETag"))
                let known = try await simulator.call("GET", asset.address, headers: [("If-None-Match", tag)])
                #expect(known.status == 304 && known.body.isEmpty)
                let other = try await simulator.call("GET", asset.address, headers: [("If-None-Match", "\"other\"")])
                #expect(other.status == 200)
                let bare = try await simulator.call("GET", "/assets/\(asset.name)")
                #expect(bare.header("Cache-Control") == "no-cache")
            }
            #expect(try await simulator.call("GET", "/assets/nothing.js").status == 404)
        }
    }

    @Test func `pages and files are kept from other sites and other names of this machine`() async throws {
        try await withSimulator { simulator in
            for (name, value) in [
                ("Host", "rebound.example.test"), ("Origin", "http://example.test"), ("Sec-Fetch-Site", "cross-site"),
            ] {
                for path in ["/", "/calls", PageAsset.script.address, "/_simulator/events"] {
                    let answer = try await simulator.call("GET", path, headers: Self.browser + [(name, value)])
                    #expect(answer.status == 403, "\(path) \(name)")
                }
            }
            let link = [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate")]
            #expect(try await simulator.call("GET", "/", headers: Self.browser + link).status == 200)
            #expect(try await simulator.call("POST", "/_simulator/reset", headers: link).status == 403)
        }
    }

    @Test func `whoever listens is told of every change`() async throws {
        try await withSimulator { simulator in
            let token = try await simulator.logIn()
            var request = HTTPClientRequest(url: simulator.baseURL + "/_simulator/events")
            request.headers.add(name: "Accept", value: "text/event-stream")
            let response = try await simulator.client.execute(request, timeout: .seconds(30))
            #expect(response.headers.first(name: "Content-Type") == "text/event-stream")
            var hasSent = false
            var text = ""
            for try await chunk in response.body {
                text += String(decoding: chunk.readableBytesView, as: UTF8.self)
                let events = text.components(of: "data: ").dropFirst().compactMap { event in
                    JSON(parsing: String(event.prefix { $0 != "\n" }))
                }
                if !hasSent, let first = events.first {
                    #expect(first["messages"] == 0 && first["calls"] == 1)
                    try await simulator.send("Kodingiz: 123456", token: token)
                    hasSent = true
                }
                if events.last?["messages"] == 1 { return }
            }
            Issue.record("the stream ended: \(text)")
        }
    }

    @Test func `a stop does not wait for those who listen`() async throws {
        let listener = Keepsake<HTTPClientResponse>()
        try await withSimulator { simulator in
            let response = try await simulator.client.execute(
                HTTPClientRequest(url: simulator.baseURL + "/_simulator/events"),
                timeout: .seconds(30)
            )
            listener.put(response)
        }
        #expect(listener.isFull)
    }

    @Test func `a call is kept word for word, without its secrets`() async throws {
        try await withSimulator { simulator in
            let token = try await simulator.logIn()
            try await simulator.send("Kodingiz: 123456", token: token)
            for path in ["/calls/1", "/calls/2", "/messages/90000001"] {
                let html = try await simulator.call("GET", path, headers: Self.browser).text
                #expect(html.contains("HTTP/1.1 200"), "\(path)")
                #expect(!html.contains(token) && !html.contains(token.dropFirst(24).prefix(40)), "\(path)")
                #expect(!html.contains("demo-key"), "\(path)")
            }
            let send = try await simulator.call("GET", "/calls/2", headers: Self.browser).text
            #expect(send.contains("Bearer \(token.prefix(20))…"))
            #expect(send.contains("Kodingiz: 123456"))
        }
    }

    @Test func `a call that got no answer says so`() async throws {
        try await withSimulator { simulator in
            _ = try await simulator.control("POST", "faults", #"{"route":"auth/login","outcome":"reset_before"}"#)
            await #expect(throws: (any Error).self) { _ = try await simulator.logIn() }
            let html = try await simulator.call("GET", "/calls/1", headers: Self.browser).text
            #expect(html.contains("The connection was reset."))
        }
    }

    @Test func `the inbox is emptied, and one fault is taken away`() async throws {
        try await withSimulator { simulator in
            let token = try await simulator.logIn()
            try await simulator.send("Bir", token: token)
            #expect(try await simulator.control("DELETE", "messages")["deleted"] == 1)
            #expect(try await simulator.control("GET", "messages") == [])
            try await simulator.send("Ikki", token: token)
            #expect(try await simulator.control("GET", "messages").elements.first?["message_id"] == 90_000_002)
            for status in [500, 502] {
                _ = try await simulator.control("POST", "faults", #"{"route":"nick/me","outcome":\#(status)}"#)
            }
            let left = try await simulator.control("DELETE", "faults/1")
            #expect(left.elements.map { $0["id"] } == [2])
            #expect(try await simulator.call("DELETE", "/_simulator/faults/1").status == 404)
        }
    }
}

/// Keeps a value alive until the end of a test.
private final class Keepsake<Value: Sendable>: Sendable {
    private let value = Mutex<Value?>(nil)

    func put(_ newValue: Value) { value.withLock { $0 = newValue } }
    var isFull: Bool { value.withLock { $0 != nil } }
}
