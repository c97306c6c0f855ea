package import NIOCore

/// Hands everything that one turn of the event loop writes to the system at once.
///
/// AsyncHTTPClient flushes after the head of a request and again after its body. Each flush is a system call and, mostly,
/// a packet, and wakes the server for a part of a request that it can do nothing with. Both happen in one turn of the
/// loop, so they may as well leave together: one call, one packet, one reading at the other end.
///
/// Sits next to the socket, below TLS. What was not flushed yet when a connection is closed never leaves this machine;
/// that a request counts as sent from the moment its body was handed over is not touched by that.
package final class FlushGathering: ChannelOutboundHandler {
    package typealias OutboundIn = NIOAny
    package typealias OutboundOut = NIOAny

    private var isFlushDue = false

    package init() {}

    /// Adds one to a connection.
    package static func add(to channel: any Channel) -> EventLoopFuture<Void> {
        channel.eventLoop.submit {
            try channel.pipeline.syncOperations.addHandler(FlushGathering(), position: .first)
        }
    }

    package func flush(context: ChannelHandlerContext) {
        guard !isFlushDue else { return }
        isFlushDue = true
        // At the end of this turn of the loop: what is already queued there comes first.
        context.eventLoop.assumeIsolated().execute {
            self.isFlushDue = false
            context.flush()
        }
    }
}
