import Eskiz
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import Testing

@testable import EskizGateway

/// Against a server on this machine: the one place where webhooks meet a real connection.
struct PinnedWebhookTransportTests {
    private static func router() -> Router<BasicRequestContext> {
        let router = Router()
        router.post("/echo") { request, _ in
            let body = try await request.body.collect(upTo: 1_000)
            let id = request.headers.first { $0.name.canonicalName == "webhook-id" }?.value ?? ""
            let seen = "\(request.head.authority ?? "")|\(id)|\(String(buffer: body))"
            return Response(status: .ok, headers: [.server: seen])
        }
        router.post("/redirect") { _, _ in Response(status: .temporaryRedirect, headers: [.location: "/echo"]) }
        router.post("/busy") { _, _ in Response(status: .tooManyRequests, headers: [.retryAfter: "7"]) }
        router.post("/flood") { _, _ in
            Response(
                status: .ok,
                body: .init { writer in
                    for _ in 0..<10_000 { try await writer.write(ByteBuffer(repeating: 0x61, count: 10_000)) }
                    try await writer.finish(nil)
                }
            )
        }
        return router
    }

    private func post(
        _ path: String,
        host: String = "pinned.example.test",
        body: String = ""
    ) async throws -> TransportResponse {
        try await Application(router: Self.router()).test(.live) { client in
            let port = try #require(client.port)
            let transport = PinnedWebhookTransport()
            let address = try WebhookAddressPolicy(allowsLoopback: true).accept("http://\(host):\(port)\(path)")
            let request = WebhookRequest(
                address: address,
                target: "127.0.0.1",
                headers: [TransportHeader("webhook-id", "msg_1_1")],
                body: Array(body.utf8)
            )
            var answer: TransportResponse?
            do throws(WebhookFailure) {
                answer = try await transport.post(request)
            } catch {
                Issue.record("\(error.reason)")
            }
            await transport.shutdown()
            return try #require(answer)
        }
    }

    /// No name service knows these names: the connection can only have gone where it was told to.
    @Test(arguments: ["pinned.example.test", "PINNED.Example.Test", "pinned.example.test.", "under_score.example.test"])
    func `the connection goes to the address that was checked`(host: String) async throws {
        let answer = try await post("/echo", host: host, body: "{}")
        #expect(answer.status == 200)
        // Its name is still what the receiver is called by.
        #expect(answer.header("server")?.hasPrefix("\(host.lowercased()):") == true)
        #expect(answer.header("server")?.hasSuffix("|msg_1_1|{}") == true)
    }

    @Test func `a redirect is not followed`() async throws {
        #expect(try await post("/redirect").status == 307)
    }

    @Test func `header fields of the answer are read`() async throws {
        let answer = try await post("/busy")
        #expect(answer.status == 429)
        #expect(answer.header("retry-after") == "7")
    }

    @Test func `an answer that does not end is not read to its end`() async throws {
        #expect(try await post("/flood").status == 200)
    }

    @Test func `where nobody listens the next address may be tried`() async throws {
        let transport = PinnedWebhookTransport()
        // Port 1 of this machine: nobody is there.
        let address = try WebhookAddressPolicy(allowsLoopback: true).accept("http://pinned.example.test:1/")
        let request = WebhookRequest(address: address, target: "127.0.0.1", headers: [], body: [])
        let failure = await #expect(throws: WebhookFailure.self) { try await transport.post(request) }
        #expect(failure?.mayTryNextAddress == true)
        await transport.shutdown()
    }
}
