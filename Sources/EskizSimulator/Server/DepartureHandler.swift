import NIOCore

/// Notices that a client has gone, for answers that may never come.
///
/// A connection keeps its outgoing half open when the client closes, so `closeFuture` says nothing then; and the server
/// library's own watch over the incoming half ends the process when the body has already been read.
final class DepartureHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny
    typealias OutboundIn = NIOAny

    /// Asks for a ring when the client goes: an outbound event of the channel.
    ///
    /// The newest question counts.
    struct Watch: Sendable {
        let alarm: Alarm
    }

    private var hasGone = false
    private var alarm: Alarm?

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        guard let watch = event as? Watch else {
            return context.triggerUserOutboundEvent(event, promise: promise)
        }
        alarm = watch.alarm
        if hasGone { watch.alarm.ring() }
        promise?.succeed()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .some(.inputClosed) = event as? ChannelEvent { depart() }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        depart()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        depart()
        context.fireErrorCaught(error)
    }

    private func depart() {
        hasGone = true
        alarm?.ring()
    }
}
