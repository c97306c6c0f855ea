package import NIOCore
import NIOHTTP1

/// What RFC 9112 §9 and RFC 9110 §10.1.1 ask of a server about its connections, and the server library leaves out.
///
/// - A client of HTTP/1.0, or one that writes `Connection: Close` with a capital or beside other options, reads until the
///   connection ends. It is ended for them as for one that writes `close`.
/// - A client that sends `Expect: 100-continue` waits before its body. It is told to go on.
///
/// It is one of the server's additional channel handlers, and puts another one in front of the library's own, where a request
/// still has its version.
package final class ConnectionPersistence: ChannelInboundHandler, RemovableChannelHandler {
    package typealias InboundIn = NIOAny

    package init() {}

    package func handlerAdded(context: ChannelHandlerContext) {
        let pipeline = context.pipeline.syncOperations
        guard let decoder = try? pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self) else { return }
        try? pipeline.addHandler(EtiquetteHandler(), position: .after(decoder))
    }
}

private final class EtiquetteHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private struct Exchange {
        var isLast: Bool
        var isVersion1: Bool
    }

    /// Requests without a whole answer, oldest first: answers come in their order.
    private var exchanges: [Exchange] = []

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(let head) = unwrapInboundIn(data) else { return context.fireChannelRead(data) }
        let isVersion1 = head.version.major == 1 && head.version.minor == 0
        let isLast = isVersion1 || Self.has("close", in: "connection", of: head.headers)
        exchanges.append(Exchange(isLast: isLast, isVersion1: isVersion1))
        // One that sends the next request before it has the answer to the last does not wait either.
        if !isVersion1, exchanges.count == 1, Self.has("100-continue", in: "expect", of: head.headers) {
            let goOn = HTTPResponseHead(version: .http1_1, status: .continue)
            context.writeAndFlush(wrapOutboundOut(.head(goOn)), promise: nil)
        }
        guard isLast else { return context.fireChannelRead(data) }
        var closing = head
        closing.headers.replaceOrAdd(name: "Connection", value: "close")
        context.fireChannelRead(wrapInboundOut(.head(closing)))
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(var head) where head.status.code >= 200 && exchanges.first?.isLast == true:
            head.headers.replaceOrAdd(name: "Connection", value: "close")
            // A client of HTTP/1.0 cannot read chunks: such a body ends with the connection.
            if exchanges.first?.isVersion1 == true, !head.headers.contains(name: "Content-Length") {
                head.version = .http1_0
            }
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .end:
            if !exchanges.isEmpty { exchanges.removeFirst() }
            context.write(data, promise: promise)
        case .head, .body:
            context.write(data, promise: promise)
        }
    }

    private static func has(_ option: String, in name: String, of headers: HTTPHeaders) -> Bool {
        // Most requests say nothing of either, and taking a field apart is dear.
        headers.contains(name: name) && headers[canonicalForm: name].contains { $0.lowercased() == option }
    }
}
