import AsyncHTTPClient
import Eskiz
import NIOCore
import NIOHTTP1

/// AsyncHTTPClient as its documentation shows it, with as many connections as there are calls under way.
struct BareClient {
    private let client: HTTPClient

    init(concurrency: Int) {
        var configuration = HTTPClient.Configuration()
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = concurrency
        client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    }

    func send(_ request: TransportRequest) async throws {
        var wireRequest = HTTPClientRequest(url: request.url)
        wireRequest.method = HTTPMethod(rawValue: request.method)
        for header in request.headers { wireRequest.headers.add(name: header.name, value: header.value) }
        wireRequest.body = .bytes(ByteBuffer(bytes: request.body))
        let response = try await client.execute(wireRequest, timeout: .seconds(30))
        let body = try await response.body.collect(upTo: 1024 * 1024)
        guard response.status == .ok, body.readableBytes > 0 else { throw Refused() }
    }

    func shutdown() async throws {
        try await client.shutdown()
    }
}

struct Refused: Error {}
