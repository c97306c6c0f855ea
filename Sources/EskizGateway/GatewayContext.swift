package import EskizQueue
package import Hummingbird
import Logging
package import NIOCore
import Synchronization

/// What is known about a request while it is answered.
package struct GatewayContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// Who asks, once the key has been checked.
    package var caller: APIKeyIdentity?
    /// What the access log wants to know and only inner layers learn.
    package let note = RequestNote()
    /// The connection: closed when its reader does not keep up with a stream of events.
    package let channel: any Channel

    /// Joins the answer with its lines in the log; the caller's own where it gave one.
    package var id: String

    /// The peer's address, for the access log; nil in tests without a network.
    package var remoteAddress: SocketAddress? { channel.remoteAddress }

    package init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        channel = source.channel
        id = source.logger[metadataKey: Self.libraryKey].map(\.description) ?? "none"
        // The server library notes an id of its own, and one is enough.
        logger[metadataKey: Self.libraryKey] = nil
        logger[metadataKey: GatewayLogKeys.requestID] = "\(id)"
    }

    private static let libraryKey = "hb.request.id"

    /// More than this in one body is refused (contract §5).
    package static let bodyLimit = 1 << 20
    package var maxUploadSize: Int { Self.bodyLimit }

    /// The caller, if its key may do what the scope is for.
    ///
    /// - Throws: `Problem`: 401 or 403.
    package func require(_ scope: APIKeyRecord.Scope) throws -> APIKeyIdentity {
        let caller = try identified()
        guard caller.may(scope) else { throw Problem.missing(scope) }
        return caller
    }

    /// The caller, whatever its key may do.
    package func identified() throws -> APIKeyIdentity {
        // Only a route outside of the middleware that checks keys gets here without one.
        guard let caller else { throw Problem.unauthorized(tried: false) }
        return caller
    }
}

/// Carries what an inner layer learns to the outer ones, which see only the request.
package final class RequestNote: Sendable {
    private let keyID = Mutex<String?>(nil)

    package var callerID: String? {
        get { keyID.withLock { $0 } }
        set { keyID.withLock { $0 = newValue } }
    }
}
