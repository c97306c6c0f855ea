package import NIOCore
import NIOHTTP1

/// Ends connections that do nothing: no head, a body that trickles, silence after an answer.
///
/// It is one of the server's additional channel handlers. Waiting for an answer, however long, ends nothing: a client may
/// wait for an outcome or read events for hours.
package final class ConnectionDeadlines: ChannelInboundHandler, RemovableChannelHandler {
    package typealias InboundIn = NIOAny

    private let limits: ConnectionLimits

    package init(_ limits: ConnectionLimits) {
        self.limits = limits
    }

    package func handlerAdded(context: ChannelHandlerContext) {
        let pipeline = context.pipeline.syncOperations
        guard let decoder = try? pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self) else { return }
        let watch = DeadlineHandler(limits, at: context.eventLoop.now)
        try? pipeline.addHandler(watch, position: .first)
        try? pipeline.addHandler(RequestWatch(watch), position: .after(decoder))
    }
}

/// Before the decoder: sees bytes, and holds the timer.
private final class DeadlineHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer

    var phase: ConnectionPhase
    /// Whether a part of a request was made of the bytes that are being read.
    var hasPart = false
    private var timer: Scheduled<Void>?
    private var timerEnd: Int64 = 0
    private var context: ChannelHandlerContext?

    init(_ limits: ConnectionLimits, at now: NIODeadline) {
        phase = ConnectionPhase(limits, at: Self.nanoseconds(now))
    }

    var now: Int64 { context.map { Self.nanoseconds($0.eventLoop.now) } ?? 0 }

    private static func nanoseconds(_ deadline: NIODeadline) -> Int64 { Int64(clamping: deadline.uptimeNanoseconds) }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        arm()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.cancel()
        timer = nil
        self.context = nil
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        timer = nil
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        hasPart = false
        context.fireChannelRead(data)
        if !hasPart { phase.receiveBytes(at: now) }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        arm()
        context.fireChannelReadComplete()
    }

    /// One timer a connection: it is set anew only for an earlier end, and looks again when it rings.
    func arm() {
        guard let context, let deadline = phase.deadline else { return }
        if timer != nil {
            guard deadline < timerEnd else { return }
            timer?.cancel()
        }
        timerEnd = deadline
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        timer = context.eventLoop.scheduleTask(deadline: .uptimeNanoseconds(UInt64(max(0, deadline)))) {
            bound.value.ring()
        }
    }

    private func ring() {
        timer = nil
        guard let context, let deadline = phase.deadline else { return }
        guard deadline <= now else { return arm() }
        guard phase.isInRequest else { return context.close(promise: nil) }
        let answer = "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
        context.writeAndFlush(NIOAny(ByteBuffer(string: answer)), promise: nil)
        context.close(promise: nil)
    }
}

/// Behind the decoder: sees requests and answers.
private final class RequestWatch: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private let watch: DeadlineHandler

    init(_ watch: DeadlineHandler) {
        self.watch = watch
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        watch.hasPart = true
        switch unwrapInboundIn(data) {
        case .head: watch.phase.receiveHead(at: watch.now)
        case .body(let bytes): watch.phase.receiveBody(bytes.readableBytes)
        case .end: watch.phase.receiveEnd(at: watch.now)
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head) where head.status.code >= 200:
            watch.phase.beginAnswer()
            context.write(data, promise: promise)
        case .end:
            // The pause begins when the last byte has gone, not when it was written: a client may read slowly.
            let promise = promise ?? context.eventLoop.makePromise(of: Void.self)
            let watch = NIOLoopBound(watch, eventLoop: context.eventLoop)
            promise.futureResult.whenComplete { _ in
                watch.value.phase.endAnswer(at: watch.value.now)
                watch.value.arm()
            }
            context.write(data, promise: promise)
        case .head, .body:
            context.write(data, promise: promise)
        }
    }
}
