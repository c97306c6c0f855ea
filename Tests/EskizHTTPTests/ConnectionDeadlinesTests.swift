import EskizHTTP
import Logging
import NIOCore
import NIOEmbedded
import NIOHTTP1
import Synchronization
import Testing

/// The handlers in a pipeline without a network, on a clock that is moved by hand.
@Suite final class ConnectionDeadlinesTests {
    private static let head = "POST / HTTP/1.1\r\nHost: example.test\r\nContent-Length: 100000\r\n\r\n"

    private let channel = EmbeddedChannel()

    init() throws {
        try channel.pipeline.syncOperations.configureHTTPServerPipeline(withErrorHandling: false)
        try channel.pipeline.syncOperations.addHandler(ConnectionDeadlines(.standard))
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    }

    /// A channel holds itself until it is closed.
    deinit { _ = try? channel.finish(acceptAlreadyClosed: true) }

    private func receive(_ text: String) throws {
        try channel.writeInbound(ByteBuffer(string: text))
    }

    private func pass(_ seconds: Int64) {
        channel.embeddedEventLoop.advanceTime(by: .seconds(seconds))
    }

    private func answer() throws {
        let head = HTTPResponseHead(version: .http1_1, status: .ok, headers: ["Content-Length": "0"])
        try channel.writeOutbound(HTTPServerResponsePart.head(head))
        try channel.writeOutbound(HTTPServerResponsePart.end(nil))
    }

    private func sent() throws -> String {
        var text = ""
        while let bytes = try channel.readOutbound(as: ByteBuffer.self) { text += String(buffer: bytes) }
        return text
    }

    @Test func `whoever says nothing is let go after ten seconds`() throws {
        pass(9)
        #expect(channel.isActive)
        pass(2)
        #expect(!channel.isActive)
        #expect(try sent().isEmpty)
    }

    @Test func `half a head is let go, and told why`() throws {
        try receive("GET / HTTP/1.1\r\nHost: exa")
        for _ in 0..<9 {
            pass(1)
            try receive("m")
        }
        #expect(channel.isActive)
        pass(2)
        #expect(!channel.isActive)
        #expect(try sent().hasPrefix("HTTP/1.1 408 "))
    }

    @Test func `a body that trickles is let go`() throws {
        try receive(Self.head)
        var seconds = 0
        while channel.isActive, seconds < 60 {
            try receive("x")
            pass(1)
            seconds += 1
        }
        #expect(seconds == 11)
        #expect(try sent().hasPrefix("HTTP/1.1 408 "))
    }

    @Test func `a slow body that keeps its pace is read`() throws {
        try receive(Self.head)
        for _ in 0..<60 {
            try receive(String(repeating: "x", count: 600))
            pass(1)
        }
        #expect(channel.isActive)
    }

    @Test func `an answer that takes an hour is waited for, and then silence ends it`() throws {
        try receive("GET / HTTP/1.1\r\nHost: example.test\r\n\r\n")
        pass(3_600)
        #expect(channel.isActive)
        try answer()
        pass(74)
        #expect(channel.isActive)
        pass(2)
        #expect(!channel.isActive)
    }

    @Test func `a second request on the same connection starts anew`() throws {
        for _ in 0..<3 {
            try receive("GET / HTTP/1.1\r\nHost: example.test\r\n\r\n")
            try answer()
            pass(60)
            #expect(channel.isActive)
        }
    }
}
