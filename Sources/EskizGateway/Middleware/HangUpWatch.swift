import EskizQueue
import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTPTypes

/// Notices in a connection's pipeline that its client has hung up.
///
/// A client that gives up closes its socket, and nothing else in the pipeline looks for that while an answer is being
/// thought of. One that closes only its sending side looks the same, and still gets its answer.
final class HangUpWatch: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart

    /// Opens when the client is gone.
    let latch = Latch()

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event as? ChannelEvent == .inputClosed { latch.open() }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        latch.open()
        context.fireChannelInactive()
    }
}

extension GatewayContext {
    /// Opens when the client hangs up; nil where there is no connection, as in tests without a network.
    func hangUp() async -> Latch? {
        try? await channel.pipeline.handler(type: HangUpWatch.self).map(\.latch).get()
    }
}
