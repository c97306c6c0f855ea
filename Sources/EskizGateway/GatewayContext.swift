package import Hummingbird
package import NIOCore

/// What is known about a request while it is answered.
package struct GatewayContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// Who asks, once the key has been checked.
    package var caller: APIKeyIdentity?
    /// The peer's address, for the access log; nil in tests without a network.
    package let remoteAddress: SocketAddress?

    package init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        remoteAddress = source.channel.remoteAddress
    }

    /// More than this in one body is refused (contract §5).
    package var maxUploadSize: Int { 1 << 20 }
}
