import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import NIOSSL

/// A server on loopback that treats each request as it is told to.
///
/// Driven by events alone; it never waits.
final class LoopbackServer: Sendable {
    /// What happens to one request, or to the connection it would come on.
    enum Behaviour: Sendable {
        /// Answers with these bytes and keeps the connection.
        case answer(String)
        /// Answers with these bytes, which may be half an answer, and closes.
        case answerAndClose(String)
        /// Closes when the head of a request is in.
        case closeAfterHead
        /// Closes when the whole request is in.
        case closeAfterRequest
        /// Never answers.
        case silence
        /// Answers the first bytes it sees, whatever they are.
        case interrupt(String)
        /// A proxy that opens its tunnel and then speaks TLS itself.
        case tunnel
    }

    /// What the server saw.
    enum Event: Sendable, Equatable {
        case accepted
        case request(String)
        case closed
    }

    let port: Int
    private let channel: any Channel
    private let shared: Shared

    /// What the server saw, in order.
    var events: [Event] { shared.state.withLockedValue { $0.events } }
    /// Whole requests, as text.
    var requests: [String] {
        events.compactMap { if case .request(let text) = $0 { text } else { nil } }
    }
    /// How many pieces HTTP/1.1 requests came in.
    var readings: Int { shared.state.withLockedValue { $0.readings } }
    /// How many connections were accepted.
    var connections: Int { events.count { $0 == .accepted } }

    fileprivate final class Shared: Sendable {
        struct State {
            var behaviours: [Behaviour]
            var events: [Event] = []
            var readings = 0
        }

        let state: NIOLockedValueBox<State>
        let tls: NIOSSLContext?
        let speaksHTTP2: Bool
        private let stream: AsyncStream<Event>.Continuation

        init(
            behaviours: [Behaviour],
            tls: NIOSSLContext?,
            speaksHTTP2: Bool,
            stream: AsyncStream<Event>.Continuation
        ) {
            state = NIOLockedValueBox(State(behaviours: behaviours))
            self.tls = tls
            self.speaksHTTP2 = speaksHTTP2
            self.stream = stream
        }

        func record(_ event: Event) {
            state.withLockedValue { $0.events.append(event) }
            stream.yield(event)
        }

        /// The next behaviour; the last one repeats.
        func next() -> Behaviour {
            state.withLockedValue { state in
                state.behaviours.count > 1 ? state.behaviours.removeFirst() : state.behaviours.first ?? .silence
            }
        }
    }

    private init(port: Int, channel: any Channel, shared: Shared) {
        self.port = port
        self.channel = channel
        self.shared = shared
    }

    /// Runs a server for as long as `body` takes.
    ///
    /// The stream gives what the server sees, as it sees it.
    static func run<Result>(
        _ behaviours: [Behaviour],
        tls: NIOSSLContext? = nil,
        speaksHTTP2: Bool = false,
        startsWithTLS: Bool = true,
        _ body: (LoopbackServer, AsyncStream<Event>) async throws -> Result
    ) async throws -> Result {
        let (events, continuation) = AsyncStream<Event>.makeStream()
        let shared = Shared(behaviours: behaviours, tls: tls, speaksHTTP2: speaksHTTP2, stream: continuation)
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls, startsWithTLS {
                        try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls))
                    }
                    try channel.pipeline.syncOperations.addHandler(
                        speaksHTTP2 ? HTTP2Connection(shared) : Connection(shared)
                    )
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let server = LoopbackServer(port: channel.localAddress?.port ?? 0, channel: channel, shared: shared)
        do {
            let result = try await body(server, events)
            try await channel.close()
            return result
        } catch {
            try? await channel.close()
            throw error
        }
    }

    /// A port on which nobody listens: one that was free a moment ago.
    static func deadPort() async throws -> Int {
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: 0).get()
        let port = channel.localAddress?.port ?? 0
        try await channel.close()
        return port
    }

    /// An answer with its length.
    static func response(_ status: String = "200 OK", _ body: String = "{}", headers: [String] = []) -> String {
        (["HTTP/1.1 \(status)", "Content-Type: application/json", "Content-Length: \(body.utf8.count)"] + headers)
            .joined(separator: "\r\n") + "\r\n\r\n" + body
    }
}

/// One HTTP/1.1 connection.
private final class Connection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let shared: LoopbackServer.Shared
    private var received = ByteBuffer()

    init(_ shared: LoopbackServer.Shared) {
        self.shared = shared
    }

    func channelActive(context: ChannelHandlerContext) {
        shared.record(.accepted)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        shared.record(.closed)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var buffer = unwrapInboundIn(data)
        received.writeBuffer(&buffer)
        shared.state.withLockedValue { $0.readings += 1 }
        if case .interrupt(let text)? = shared.state.withLockedValue({ $0.behaviours.first }) {
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
            return
        }
        let text = String(buffer: received)
        guard let end = text.firstRange(of: "\r\n\r\n") else { return }
        let head = text[..<end.lowerBound]
        let length =
            head.split(separator: "\r\n").lazy
            .first { $0.lowercased().hasPrefix("content-length:") }
            .flatMap { Int($0.dropFirst(15).drop { $0 == " " }) } ?? 0
        let isWhole = text[end.upperBound...].utf8.count >= length
        if !isWhole {
            // Looks ahead without taking: only this behaviour acts on a head.
            guard case .closeAfterHead? = shared.state.withLockedValue({ $0.behaviours.first }) else { return }
            context.close(promise: nil)
            return
        }
        shared.record(.request(text))
        received.clear()
        switch shared.next() {
        case .answer(let text):
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
        case .answerAndClose(let text):
            let channel = context.channel
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text))).whenComplete { _ in
                channel.close(promise: nil)
            }
        case .closeAfterHead, .closeAfterRequest:
            context.close(promise: nil)
        case .silence, .interrupt:
            break
        case .tunnel:
            context.writeAndFlush(
                wrapOutboundOut(ByteBuffer(string: "HTTP/1.1 200 Connection established\r\n\r\n")),
                promise: nil
            )
            guard let tls = shared.tls else { return }
            try? context.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: tls), position: .first)
        }
    }
}

/// One HTTP/2 connection, as little of it as answers need: frames are told apart, heads are not decoded, and every
/// answer is the same `200`.
private final class HTTP2Connection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let shared: LoopbackServer.Shared
    private var received = ByteBuffer()
    private var hasPreface = false
    private var bodies: [UInt32: String] = [:]

    init(_ shared: LoopbackServer.Shared) {
        self.shared = shared
    }

    func channelActive(context: ChannelHandlerContext) {
        shared.record(.accepted)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        shared.record(.closed)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var buffer = unwrapInboundIn(data)
        received.writeBuffer(&buffer)
        if !hasPreface {
            guard received.readableBytes >= 24 else { return }
            received.moveReaderIndex(forwardBy: 24)
            hasPreface = true
            write(frame(type: 4, flags: 0, stream: 0, []), context)
        }
        while let frame = nextFrame() { handle(frame, context) }
    }

    private func nextFrame() -> (type: UInt8, flags: UInt8, stream: UInt32, payload: [UInt8])? {
        guard let header = received.getBytes(at: received.readerIndex, length: 9) else { return nil }
        let length = Int(header[0]) << 16 | Int(header[1]) << 8 | Int(header[2])
        guard received.readableBytes >= 9 + length else { return nil }
        received.moveReaderIndex(forwardBy: 9)
        let stream = header[5...8].reduce(UInt32(0)) { $0 << 8 | UInt32($1) } & 0x7FFF_FFFF
        return (header[3], header[4], stream, received.readBytes(length: length) ?? [])
    }

    private func handle(
        _ frame: (type: UInt8, flags: UInt8, stream: UInt32, payload: [UInt8]),
        _ context: ChannelHandlerContext
    ) {
        switch frame.type {
        case 4 where frame.flags & 1 == 0: write(self.frame(type: 4, flags: 1, stream: 0, []), context)
        case 0: bodies[frame.stream, default: ""] += String(decoding: frame.payload, as: UTF8.self)
        case 1: bodies[frame.stream] = ""
        default: return
        }
        guard frame.type < 2, frame.flags & 1 == 1 else { return }
        shared.record(.request(bodies[frame.stream] ?? ""))
        switch shared.next() {
        case .answer(let text):
            // 0x88 is `:status: 200` in the static table of HPACK.
            write(self.frame(type: 1, flags: 4, stream: frame.stream, [0x88]), context)
            write(self.frame(type: 0, flags: 1, stream: frame.stream, Array(text.utf8)), context)
        case .closeAfterRequest:
            context.close(promise: nil)
        default:
            break
        }
    }

    private func frame(type: UInt8, flags: UInt8, stream: UInt32, _ payload: [UInt8]) -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.writeInteger(UInt8(payload.count >> 16))
        buffer.writeInteger(UInt16(payload.count & 0xFFFF))
        buffer.writeInteger(type)
        buffer.writeInteger(flags)
        buffer.writeInteger(stream)
        buffer.writeBytes(payload)
        return buffer
    }

    private func write(_ buffer: ByteBuffer, _ context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
    }
}
