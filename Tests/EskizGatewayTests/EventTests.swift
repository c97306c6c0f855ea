import AsyncHTTPClient
import Eskiz
import EskizQueue
import EskizQueueTesting
import EskizTesting
import EskizText
import HTTPTypes
import HummingbirdTesting
import NIOCore
import NIOHTTP1
import Testing

@testable import EskizGateway

/// `GET /v1/events`.
@Suite(.timeLimit(.minutes(1)))
struct EventTests {
    /// Opens the stream on a loopback socket.
    private static func open(
        _ harness: GatewayHarness,
        _ body: @escaping @Sendable (HTTPClientResponse.Body, GatewayCaller) async throws -> Void
    ) async throws {
        try await harness.runLive { caller in
            let port = try #require(caller.client.port)
            var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)/v1/events")
            request.headers.add(name: "Authorization", value: "Bearer \(GatewayHarness.readKey)")
            let response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
            #expect(response.status == .ok)
            #expect(response.headers.first(name: "Content-Type") == "text/event-stream")
            // A stream that nobody ends would keep the server.
            defer { harness.server.drain.open() }
            try await body(response.body, caller)
        }
    }

    /// The same, line by line.
    private static func listen(
        _ harness: GatewayHarness,
        _ body: @escaping @Sendable (Lines, GatewayCaller) async throws -> Void
    ) async throws {
        try await open(harness) { stream, caller in
            let lines = Lines(stream)
            #expect(await lines.next() == "retry: 2000")
            try await body(lines, caller)
        }
    }

    /// Reads a body line by line.
    final class Lines: Sendable {
        private let lines: AsyncStream<String>
        private let task: Task<Void, Never>

        init(_ body: HTTPClientResponse.Body) {
            let (lines, continuation) = AsyncStream.makeStream(of: String.self)
            self.lines = lines
            // Unstructured, so that reading goes on while the test does other things; it ends with the body.
            task = Task {
                var rest: [UInt8] = []
                do {
                    for try await part in body {
                        for byte in part.readableBytesView {
                            guard byte == UInt8(ascii: "\n") else {
                                rest.append(byte)
                                continue
                            }
                            continuation.yield(String(decoding: rest, as: UTF8.self))
                            rest = []
                        }
                    }
                } catch {
                    continuation.yield("broken")
                }
                continuation.finish()
            }
        }

        deinit { task.cancel() }

        /// The next line that is neither empty nor an id; nil at the end.
        func next() async -> String? {
            for await line in lines where !line.isEmpty && !line.hasPrefix("id: ") { return line }
            return nil
        }
    }

    @Test func `messages, tokens and the breaker are told as they change, codes without their text`() async throws {
        let harness = try await GatewayHarness()
        try await Self.listen(harness) { lines, caller in
            let body = #"{"to":"901234567","text":"Kod: 975310","lane":"otp"}"#
            let sent = try await caller.post("/v1/messages", body)
            #expect(await lines.next() == "event: message")
            let data = try #require(await lines.next())
            #expect(data.hasPrefix("data: "))
            let message = try JSON(String(data.dropFirst(6)))
            #expect(message == sent.json)
            #expect(!data.contains("975310"))
            harness.queue.events.publish(.breaker("open"))
            #expect(await lines.next() == "event: breaker")
            #expect(await lines.next() == #"data: {"state":"open"}"#)
            harness.queue.events.publish(.token(try #require(await harness.client.storedTokenStatus())))
            #expect(await lines.next() == "event: token")
            #expect(await lines.next()?.contains("canary-token-canary-token") == false)
        }
    }

    @Test func `a renewal is told as it happens`() async throws {
        let harness = try await GatewayHarness()
        harness.transport.on("PATCH", "auth/refresh", .token(JSONWebToken.text(expiresAt: 1_802_000_000)))
        try await Self.listen(harness) { lines, caller in
            let renewed = try await caller.post("/v1/token/refresh")
            #expect(renewed.status == 200)
            // The token that it started with is news, too.
            for _ in 0..<2 { _ = await lines.next() }
            #expect(await lines.next() == "event: token")
            let data = await lines.next()
            #expect(data == "data: " + renewed.text)
        }
    }

    @Test func `a comment every 15 seconds keeps the connection`() async throws {
        let harness = try await GatewayHarness()
        try await Self.listen(harness) { lines, _ in
            for _ in 0..<2 {
                await harness.clock.sleeper(within: .seconds(15))
                harness.clock.advance(by: .seconds(15))
                #expect(await lines.next() == ": heartbeat")
            }
        }
    }

    @Test func `the stream ends when the gateway stops`() async throws {
        let harness = try await GatewayHarness()
        try await Self.listen(harness) { lines, _ in
            harness.server.drain.open()
            #expect(await lines.next() == nil)
        }
    }

    @Test func `a reader that does not keep up is let go`() async throws {
        let harness = try await GatewayHarness()
        let count = 40_000
        try await Self.open(harness) { stream, _ in
            var parts = stream.makeAsyncIterator()
            #expect(try await parts.next() != nil)
            // 70 MB, far more than sockets hold, while nobody reads.
            let message = try #require(
                try await harness.queue.acceptedForTest(text: String(repeating: "a", count: 1_600))
            )
            for _ in 0..<count { harness.queue.events.publish(.message(MessageEvent(message))) }
            await harness.log.line(containing: "was let go")
            var bytes = 0
            // The connection ends in the middle of the answer; what was on its way may still come.
            await #expect(throws: (any Error).self) {
                while let part = try await parts.next() { bytes += part.readableBytes }
            }
            #expect(bytes < count * 1_600)
        }
    }

    // MARK: Coming back

    @Test func `whoever comes back gets what it missed, or hears that it cannot`() {
        let events = MessageEvents()
        for number in 1...3 { events.publish(.breaker("\(number)")) }
        let missed = events.follow(after: 1, buffer: 8)
        #expect(missed.missed.map(\.number) == [2, 3])
        #expect(missed.isComplete)
        #expect(events.follow(after: nil, buffer: 8).missed.isEmpty)
        #expect(!events.follow(after: 4, buffer: 8).isComplete)
        for _ in 0..<MessageEvents.recentLimit { events.publish(.breaker("open")) }
        let late = events.follow(after: 1, buffer: 8)
        #expect(!late.isComplete)
        #expect(late.missed.count == MessageEvents.recentLimit)
        #expect(late.missed.map(\.number) == late.missed.map(\.number).sorted())
        #expect(events.follow(after: 3, buffer: 8).isComplete)
    }

    @Test func `a ticket opens the stream for a minute, and nothing else`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let issued = try await caller.post("/v1/events/ticket", key: GatewayHarness.readKey)
            #expect(issued.status == 200)
            let ticket = try #require(issued.json["ticket"]?.text)
            let path = "/v1/events?ticket=\(ticket)"
            #expect(try await caller.call(.head, path, key: nil).status == 200)
            #expect(try await caller.call(.get, "/v1/messages?ticket=\(ticket)", key: nil).status == 401)
            #expect(try await caller.call(.head, "/v1/events?ticket=nobody", key: nil).status == 401)
            harness.clock.advance(by: .seconds(61))
            #expect(try await caller.call(.head, path, key: nil).status == 401)
            #expect(try await caller.post("/v1/events/ticket", key: GatewayHarness.sendKey).status == 403)
        }
    }

    // MARK: The feed between

    @Test func `a feed gives what waits at once, in order`() async {
        let feed = EventFeed(limit: 3)
        for letter in ["a", "b", "c"] { #expect(feed.append(Array(letter.utf8))) }
        feed.appendHeartbeat(Array("beat".utf8))
        #expect(await feed.next() == Array("abc".utf8))
        feed.appendHeartbeat(Array("beat".utf8))
        #expect(await feed.next() == Array("beat".utf8))
    }

    @Test func `a feed says when its reader is too far behind`() {
        let feed = EventFeed(limit: 2)
        #expect(feed.append([1]))
        #expect(feed.append([2]))
        #expect(!feed.append([3]))
    }

    @Test func `a finished feed gives what is left, and then its end`() async {
        let feed = EventFeed(limit: 2)
        _ = feed.append([1])
        feed.finish()
        #expect(await feed.next() == [1])
        #expect(await feed.next() == nil)
    }
}

extension MessageQueue {
    fileprivate func acceptedForTest(text: String) async throws -> Message? {
        let new = NewMessage(
            phone: "998901234567",
            text: text,
            sender: "4546",
            segments: 11,
            encoding: .gsm7,
            apiKeyID: "k_test"
        )
        guard case .accepted(let messages, _) = try await accept([new]) else { return nil }
        return messages.first
    }
}
