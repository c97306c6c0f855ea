package import Logging
package import NIOCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Takes no more connections than leave the process files for its own work, and says so.
///
/// The process itself needs some: its database, its log, its way to Eskiz. Dispatch, on which Swift runs here, even ends the
/// process when it can open none. Who comes beyond the limit waits in the queue of the socket until a connection ends.
///
/// Where files run out all the same, nothing is asked for a second. The network library would try again at once and for ever:
/// the connection that cannot be taken stays in the queue of the socket, which stays ready, and a core is lost to asking.
package final class AcceptPause: ChannelInboundHandler, RemovableChannelHandler {
    package typealias InboundIn = any Channel
    package typealias InboundOut = any Channel

    private let connectionLimit: Int
    private let logger: Logger
    private var connections = 0
    /// Files have run out, a moment ago.
    private var isShort = false
    private var isReading = true
    private var mute = NIODeadline.uptimeNanoseconds(0)

    static let pause: TimeAmount = .seconds(1)
    /// One line a minute is enough.
    static let silence: TimeAmount = .minutes(1)

    package init(connectionLimit: Int = FileLimit.connections(of: FileLimit.current), logger: Logger) {
        self.connectionLimit = connectionLimit
        self.logger = logger
    }

    /// Puts one in front of everything else that a listening channel has.
    package static func add(to channel: any Channel, logger: Logger) async throws {
        try await channel.eventLoop.submit {
            try channel.pipeline.syncOperations.addHandler(AcceptPause(logger: logger), position: .first)
        }.get()
    }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        connections += 1
        let bound = NIOLoopBound((self, context.channel), eventLoop: context.eventLoop)
        unwrapInboundIn(data).closeFuture.hop(to: context.eventLoop).whenComplete { _ in
            let (handler, listener) = bound.value
            handler.connections -= 1
            handler.decide(listener)
        }
        if connections >= connectionLimit { tell(context.eventLoop.now, [:]) }
        decide(context.channel)
        context.fireChannelRead(data)
    }

    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let error = error as? IOError, Self.isShortage(error.errnoCode) {
            tell(context.eventLoop.now, ["errno": "\(error.errnoCode)"])
            rest(context)
        }
        context.fireErrorCaught(error)
    }

    private static func isShortage(_ code: CInt) -> Bool {
        [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(code)
    }

    private func tell(_ now: NIODeadline, _ reason: Logger.Metadata) {
        guard now >= mute else { return }
        mute = now + Self.silence
        logger.error(
            "No connection can be taken: the process may not open more files. Raise its limit (LimitNOFILE, ulimit -n)",
            metadata: reason.merging(["connections": "\(connections)"]) { given, _ in given }
        )
    }

    private func rest(_ context: ChannelHandlerContext) {
        guard !isShort else { return }
        isShort = true
        let bound = NIOLoopBound((self, context.channel), eventLoop: context.eventLoop)
        decide(context.channel)
        context.eventLoop.scheduleTask(in: Self.pause) {
            let (handler, listener) = bound.value
            handler.isShort = false
            handler.decide(listener)
        }
    }

    /// Asks for connections, or does not.
    private func decide(_ listener: any Channel) {
        let shallRead = !isShort && connections < connectionLimit
        guard shallRead != isReading else { return }
        isReading = shallRead
        // A listener that is closed has none.
        listener.setOption(.autoRead, value: shallRead).whenFailure { _ in }
    }
}

/// How many files this process may have open, sockets included.
package enum FileLimit {
    /// Nil where the system sets none.
    package static var current: Int? {
        var limit = rlimit()
        #if canImport(Glibc)
        let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        #else
        let resource = RLIMIT_NOFILE
        #endif
        guard getrlimit(resource, &limit) == 0, limit.rlim_cur < rlim_t(Int32.max) else { return nil }
        return Int(limit.rlim_cur)
    }

    /// How many of them connections from outside may take.
    ///
    /// Calls of Eskiz and webhooks take up to 200, the database and the log a dozen; of a low limit half is left.
    package static func connections(of limit: Int?) -> Int {
        guard let limit else { return .max }
        return max(1, limit - min(limit / 2, 256))
    }
}
