import Eskiz
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import Testing

@Suite(.timeLimit(.minutes(1)))
struct FlushGatheringTests {
    /// Counts what gets through to the socket.
    private final class FlushCounter: ChannelOutboundHandler {
        typealias OutboundIn = NIOAny
        typealias OutboundOut = NIOAny

        private let count: NIOLockedValueBox<Int>

        init(_ count: NIOLockedValueBox<Int>) {
            self.count = count
        }

        func flush(context: ChannelHandlerContext) {
            count.withLockedValue { $0 += 1 }
            context.flush()
        }
    }

    @Test func `pieces that are flushed one by one in the same turn of the loop leave at once`() async throws {
        try await LoopbackServer.run([.answer(LoopbackServer.response())]) { server, _ in
            let flushes = NIOLockedValueBox(0)
            let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connect(host: "127.0.0.1", port: server.port).get()
            try await FlushGathering.add(to: channel).get()
            try await channel.eventLoop.submit {
                try channel.pipeline.syncOperations.addHandler(FlushCounter(flushes), position: .first)
            }.get()
            let head = "POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\n"
            for turn in 1...3 {
                try await channel.eventLoop.flatSubmit {
                    channel.writeAndFlush(ByteBuffer(string: head), promise: nil)
                    channel.writeAndFlush(ByteBuffer(string: "bo"), promise: nil)
                    return channel.writeAndFlush(ByteBuffer(string: "dy"))
                }.get()
                #expect(flushes.withLockedValue { $0 } == turn)
            }
            try await channel.close()
        }
    }

    @Test func `what was not flushed when the connection is closed fails and is not sent`() async throws {
        try await LoopbackServer.run([.answer(LoopbackServer.response())]) { server, events in
            let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connect(host: "127.0.0.1", port: server.port).get()
            try await FlushGathering.add(to: channel).get()
            await #expect(throws: (any Error).self) {
                try await channel.eventLoop.flatSubmit {
                    let written = channel.writeAndFlush(ByteBuffer(string: "POST / HTTP/1.1\r\n\r\n"))
                    channel.close(promise: nil)
                    return written
                }.get()
            }
            for await event in events where event == .closed { break }
            #expect(server.requests.isEmpty)
        }
    }
}
