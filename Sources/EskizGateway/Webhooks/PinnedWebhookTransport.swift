import AsyncHTTPClient
package import Eskiz
import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// Posts over AsyncHTTPClient, to the address that was checked.
///
/// A client is told of each name where to find it and asks nobody else, so between check and connection no name can
/// change its mind. Host header and TLS still go by the name. There is one client per name and address, because that is
/// what its setting is for, and a few are kept, because each reads all the certificates of the system.
package final class PinnedWebhookTransport: WebhookTransport {
    private struct Key: Hashable {
        var host: String
        var target: String
    }

    private struct Entry {
        var client: HTTPClient
        var users = 0
        /// Counts uses; the smallest was used longest ago.
        var lastUse = 0
    }

    private struct State {
        var entries: [Key: Entry] = [:]
        var uses = 0
    }

    private static let clientLimit = 64
    private static let bodyLimit = 4 << 10

    private let timeout: Duration
    private let trustRoots: TrustRoots
    private let state = Mutex(State())

    /// - Parameters:
    ///   - timeout: from connecting to the last byte that is read.
    ///   - trustRoots: whom TLS trusts.
    package init(timeout: Duration = .seconds(10), trustRoots: TrustRoots = .system) {
        self.timeout = timeout
        self.trustRoots = trustRoots
    }

    package func post(_ request: WebhookRequest) async throws(WebhookFailure) -> TransportResponse {
        let key = Key(host: request.address.host, target: request.target)
        let client = takeClient(key)
        defer { giveBack(key) }
        var wireRequest = HTTPClientRequest(url: request.address.url)
        wireRequest.method = .POST
        for header in request.headers { wireRequest.headers.add(name: header.name, value: header.value) }
        wireRequest.body = .bytes(ByteBuffer(bytes: request.body))
        do {
            let response = try await client.execute(wireRequest, timeout: TimeAmount(timeout))
            try? await Self.skip(response.body)
            return TransportResponse(
                status: Int(response.status.code),
                headers: response.headers.map { TransportHeader($0.name, $0.value) }
            )
        } catch {
            throw Self.failure(error)
        }
    }

    /// A short body is read to its end, so that the connection can be used again; a long one is nobody's concern, and
    /// costs its sender the connection.
    private static func skip(_ body: HTTPClientResponse.Body) async throws {
        var count = 0
        for try await part in body {
            count += part.readableBytes
            if count > bodyLimit { return }
        }
    }

    private static func failure(_ error: any Error) -> WebhookFailure {
        switch error as? HTTPClientError {
        case .connectTimeout:
            return WebhookFailure("The receiver could not be connected to in time.", mayTryNextAddress: true)
        case .readTimeout, .deadlineExceeded:
            return WebhookFailure("The receiver did not answer in time.")
        case .remoteConnectionClosed:
            return WebhookFailure("The receiver closed the connection without an answer.")
        case .cancelled:
            return WebhookFailure("The attempt was broken off.")
        default: break
        }
        if error is NIOConnectionError || error is IOError {
            // It may have been reset halfway, too: whoever is told twice knows it by the id.
            return WebhookFailure("The receiver could not be connected to.", mayTryNextAddress: true)
        }
        // The kind of error only: its words may hold the address.
        return WebhookFailure("The receiver could not be told (\(type(of: error))).")
    }

    // MARK: Clients

    private func takeClient(_ key: Key) -> HTTPClient {
        let (client, retired) = state.withLock { state -> (HTTPClient, HTTPClient?) in
            state.uses += 1
            var retired: HTTPClient?
            if state.entries[key] == nil, state.entries.count >= Self.clientLimit {
                let idle = state.entries.filter { $0.value.users == 0 }.min { $0.value.lastUse < $1.value.lastUse }
                if let idle { retired = state.entries.removeValue(forKey: idle.key)?.client }
            }
            var entry = state.entries[key] ?? Entry(client: makeClient(key))
            entry.users += 1
            entry.lastUse = state.uses
            state.entries[key] = entry
            return (entry.client, retired)
        }
        retired?.shutdown { _ in }
        return client
    }

    private func giveBack(_ key: Key) {
        state.withLock { $0.entries[key]?.users -= 1 }
    }

    private func makeClient(_ key: Key) -> HTTPClient {
        var configuration = HTTPClient.Configuration()
        configuration.dnsOverride = [key.host: key.target]
        configuration.redirectConfiguration = .disallow
        configuration.decompression = .disabled
        configuration.timeout = .init(connect: .seconds(5))
        configuration.connectionPool.idleTimeout = .seconds(15)
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.tracing.tracer = nil
        configuration.trust(trustRoots)
        return HTTPClient(
            eventLoopGroupProvider: .shared(HTTPClient.defaultEventLoopGroup),
            configuration: configuration
        )
    }

    package func shutdown() async {
        let clients = state.withLock { state in
            defer { state.entries = [:] }
            return state.entries.values.map(\.client)
        }
        for client in clients { try? await client.shutdown() }
    }

    deinit {
        // AsyncHTTPClient insists on being shut down. Nobody uses a client any more when nobody holds this.
        for entry in state.withLock(\.entries).values { entry.client.shutdown { _ in } }
    }
}
