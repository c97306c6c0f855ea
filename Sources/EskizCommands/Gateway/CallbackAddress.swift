import Eskiz
import EskizGateway
import EskizHTTP
import EskizQueue
import Synchronization

/// Where Eskiz posts delivery reports: `ESKIZ_CALLBACK_URL` and the secret path.
///
/// Where Eskiz is a simulator on this machine and nothing is set, the gateway's own address will do, as soon as it is known.
final class CallbackAddress: Sendable {
    /// The unguessable end of the path.
    let secret: CallbackSecret
    private let configured: String?
    private let isLocal: Bool
    private let basePath: BasePath
    private let own = Mutex<String?>(nil)

    init(store: any SecretStore, configuration: EskizConfiguration, basePath: BasePath = .root) async throws {
        secret = try await CallbackSecret.load(from: store)
        self.basePath = basePath
        configured = configuration.callbackURL.map(basePath.publicAddress)
        isLocal = configuration.baseURL.isLoopback
    }

    func isListening(at address: ListenAddress) {
        // Nobody posts to a socket in the file system.
        guard address.port != nil else { return }
        own.withLock { $0 = basePath.publicAddress(address.url) }
    }

    /// Nil for no callbacks: then the gateway asks.
    var url: String? {
        if let configured { return secret.url(below: configured) }
        guard isLocal else { return nil }
        return own.withLock(\.self).map { secret.url(below: $0) }
    }
}
