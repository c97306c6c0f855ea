import AsyncHTTPClient
import EskizHTTP
import EskizQueue
import EskizQueueTesting
import EskizTesting
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import ServiceLifecycle
import Testing

@testable import EskizGateway

/// How a gateway starts and stops.
@Suite(.timeLimit(.minutes(1)))
struct LifetimeTests {
    @Test func `a graceful stop finishes what is in flight and accepts no more`() async throws {
        let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
        let harness = try await GatewayHarness(dependencies: { dependencies in
            dependencies.onListening = { continuation.yield($0.port ?? 0) }
        })
        let group = ServiceGroup(
            configuration: .init(services: [.init(service: harness.server)], logger: harness.log.logger)
        )
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            let port = try #require(await ports.first { _ in true })
            let waiting = Task { try await Self.send(port: port, wait: 60) }
            // It is in the queue, and its request waits for the outcome.
            await harness.clock.sleeper(within: .seconds(60))
            await group.triggerGracefulShutdown()
            let status = try await waiting.value
            #expect(status == 202)
            try await tasks.waitForAll()
            #expect(harness.server.drain.isOpen)
            await #expect(throws: (any Error).self) {
                try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                    .connect(host: "127.0.0.1", port: port).get()
            }
        }
        let all = try await harness.store.messages(MessageSearch())
        #expect(all.count == 1)
    }

    @Test func `the connection ends for a client that reads to its end`() async throws {
        let (ports, continuation) = AsyncStream.makeStream(of: Int.self)
        let harness = try await GatewayHarness(dependencies: { dependencies in
            dependencies.onListening = { continuation.yield($0.port ?? 0) }
        })
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await harness.server.run() }
            let port = try #require(await ports.first { _ in true })
            let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
                .connect(host: "127.0.0.1", port: port).get()
            let request = "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Close\r\n\r\n"
            try await channel.writeAndFlush(ByteBuffer(string: request)).get()
            try await channel.closeFuture.get()
            tasks.cancelAll()
        }
    }

    private static func send(port: Int, wait: Int) async throws -> UInt {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)/v1/messages")
        request.method = .POST
        request.headers.add(name: "Authorization", value: "Bearer \(GatewayHarness.adminKey)")
        request.headers.add(name: "Content-Type", value: "application/json")
        request.headers.add(name: "Prefer", value: "wait=\(wait)")
        request.body = .bytes(ByteBuffer(string: #"{"to":"901234567","text":"Salom"}"#))
        return try await HTTPClient.shared.execute(request, timeout: .seconds(30)).status.code
    }
}
