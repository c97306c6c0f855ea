package import Logging
package import NIOCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Waits a moment when the process has no descriptor left for another connection, and says so.
///
/// The network library tries again at once and for ever: the connection that cannot be taken stays in the queue of the
/// socket, which stays ready, and a core is lost to asking. Here nothing is asked for a second. Who comes meanwhile waits
/// in the queue.
package final class AcceptPause: ChannelInboundHandler, RemovableChannelHandler {
    package typealias InboundIn = NIOAny

    private let logger: Logger
    private var isPaused = false
    private var mute = NIODeadline.uptimeNanoseconds(0)

    static let pause: TimeAmount = .seconds(1)
    /// One line a minute is enough.
    static let silence: TimeAmount = .minutes(1)

    package init(logger: Logger) {
        self.logger = logger
    }

    /// Puts one in front of everything else that a listening channel has.
    package static func add(to channel: any Channel, logger: Logger) async throws {
        try await channel.eventLoop.submit {
            try channel.pipeline.syncOperations.addHandler(AcceptPause(logger: logger), position: .first)
        }.get()
    }

    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let error = error as? IOError, Self.isShortage(error.errnoCode) { pauseAccepting(context, error) }
        context.fireErrorCaught(error)
    }

    private static func isShortage(_ code: CInt) -> Bool {
        [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(code)
    }

    private func pauseAccepting(_ context: ChannelHandlerContext, _ error: IOError) {
        let now = context.eventLoop.now
        if now >= mute {
            mute = now + Self.silence
            logger.error(
                "No connection can be taken: the process may not open more files. Raise its limit (LimitNOFILE, ulimit -n)",
                metadata: ["errno": "\(error.errnoCode)"]
            )
        }
        guard !isPaused else { return }
        isPaused = true
        let channel = context.channel
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        channel.setOption(.autoRead, value: false).whenSuccess {
            channel.eventLoop.scheduleTask(in: Self.pause) {
                bound.value.isPaused = false
                channel.setOption(.autoRead, value: true).whenFailure { _ in }
            }
        }
    }
}
