package import HummingbirdCore
package import Logging
package import NIOCore
import Synchronization

/// Where and how a server listens: the same for both.
package struct ServerPlace: Sendable, Hashable {
    package var address: ListenAddress
    /// The mode and the group of a socket in the file system.
    package var socketMode: UInt32
    package var socketGroup: String?
    package var limits: ConnectionLimits

    package init(
        _ address: ListenAddress,
        socketMode: UInt32 = ListenSocket.standardMode,
        socketGroup: String? = nil,
        limits: ConnectionLimits = .standard
    ) {
        self.address = address
        self.socketMode = socketMode
        self.socketGroup = socketGroup
        self.limits = limits
    }

    private var socket: ListenSocket? {
        guard case .socket(let path) = address.place else { return nil }
        return ListenSocket(path: path, mode: socketMode, group: socketGroup)
    }

    /// What the server library binds.
    package var bindAddress: BindAddress {
        switch address.place {
        // A socket of IPv6 takes IPv4 as well.
        case .host(ListenAddress.everywhere, let port):
            .hostname(AddressFamilies.haveIPv6 ? "::" : "0.0.0.0", port: port)
        case .host(let host, let port): .hostname(host, port: port)
        case .socket(let path): .unixDomainSocket(path: path)
        }
    }

    /// Runs a server here, with what the server library leaves out before it binds, when it has, and when it has stopped.
    ///
    /// `run` hands its second argument to the server, to be called when it has bound.
    ///
    /// - Throws: `ListenSocket.Failure`, or what `run` throws.
    package func serve(
        logger: Logger,
        onListening: @escaping @Sendable (ListenAddress) async -> Void,
        _ run: (BindAddress, @escaping @Sendable (any Channel) async -> Void) async throws -> Void
    ) async throws {
        try socket?.prepare()
        let outcome = ListenOutcome()
        defer { if outcome.hasBound { socket?.remove() } }
        do {
            try await run(bindAddress) { channel in
                outcome.bound()
                do {
                    try socket?.open()
                    try await AcceptPause.add(to: channel, logger: logger)
                    await onListening(address.listening(port: channel.localAddress?.port))
                } catch {
                    outcome.fail(error)
                    channel.close(promise: nil)
                }
            }
        } catch {
            throw outcome.error ?? error
        }
        if let error = outcome.error { throw error }
    }
}

/// What came of the attempt to listen, for those who cannot be thrown at.
private final class ListenOutcome: Sendable {
    private let state = Mutex<(hasBound: Bool, error: (any Error)?)>((false, nil))

    var hasBound: Bool { state.withLock(\.hasBound) }
    var error: (any Error)? { state.withLock(\.error) }

    func bound() { state.withLock { $0.hasBound = true } }
    func fail(_ error: any Error) { state.withLock { $0.error = error } }
}
