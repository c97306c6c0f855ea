import AsyncHTTPClient
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import Testing

@testable import EskizSimulator

/// Reports that really travel.
@Suite(.timeLimit(.minutes(1)))
struct CallbackHTTPTests {
    @Test(arguments: ["json", "urlencoded", "multipart"])
    func `three reports arrive in the encoding asked for`(encoding: String) async throws {
        try await withHook { hook, arrivals in
            try await withSimulator { simulator in
                _ = try await simulator.control("PUT", "behaviour", #"{"callback_encoding":"\#(encoding)"}"#)
                let token = try await simulator.logIn()
                let id = try await simulator.send("Salom", token: token, callbackURL: hook)
                var statuses: [String?] = []
                for try await arrival in arrivals.prefix(3) {
                    let fields = try Fields.reading(arrival.body, contentType: arrival.contentType)
                    #expect(fields.text("request_id") == id)
                    #expect(fields.text("phone_number") == "998901234567")
                    statuses.append(fields.text("status"))
                }
                // They travel side by side, so the order of arrival is not promised (eskiz-api.md §10).
                #expect(Set(statuses) == ["STORED", "ACCEPTED", "DELIVRD"])
            }
        }
    }

    @Test func `a report that was refused comes again`() async throws {
        try await withHook(answering: [500, 503, 200]) { hook, arrivals in
            try await withSimulator { simulator in
                let retries = #"{"callback_points":["final"],"callback_retry_interval":"10ms"}"#
                _ = try await simulator.control("PUT", "behaviour", retries)
                let token = try await simulator.logIn()
                try await simulator.send("Salom", token: token, callbackURL: hook)
                var count = 0
                for try await arrival in arrivals.prefix(3) {
                    #expect(
                        try Fields.reading(arrival.body, contentType: arrival.contentType).text("status") == "DELIVRD"
                    )
                    count += 1
                }
                #expect(count == 3)
            }
        }
    }

    @Test func `the first report may arrive before the answer does`() async throws {
        try await withHook { hook, arrivals in
            try await withSimulator { simulator in
                _ = try await simulator.control("PUT", "behaviour", #"{"callback_before_answer":true}"#)
                let token = try await simulator.logIn()
                try await simulator.send("Salom", token: token, callbackURL: hook)
                // The answer is here, so the ledger must already know the report.
                let calls = try await simulator.control("GET", "ledger")["calls"]?.elements ?? []
                #expect(calls.contains { $0["what"] == "callback STORED" && $0["status"] == 200 })
            }
        }
    }

    @Test func `another machine is never called`() async throws {
        try await withSimulator { simulator in
            _ = try await simulator.control("PUT", "behaviour", #"{"callback_before_answer":true}"#)
            let token = try await simulator.logIn()
            try await simulator.send("Salom", token: token, callbackURL: "https://example.test/hook")
            let ledger = try await simulator.control("GET", "ledger")
            let refused = ledger["calls"]?.elements.first { $0["what"] == "callback STORED" }
            #expect(refused?["note"]?.text?.contains("loopback") == true)
            #expect(ledger["callbacks_sent"] == 0)
        }
    }
}

private struct Arrival: Sendable {
    let contentType: String?
    let body: [UInt8]
}

/// A web hook on a free loopback port.
private func withHook(
    answering statuses: [Int] = [],
    _ body: @escaping @Sendable (String, AsyncStream<Arrival>) async throws -> Void
) async throws {
    let (arrivals, continuation) = AsyncStream.makeStream(of: Arrival.self)
    let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .childChannelInitializer { channel in
            channel.eventLoop.makeCompletedFuture {
                try channel.pipeline.syncOperations.configureHTTPServerPipeline()
                try channel.pipeline.syncOperations.addHandler(
                    HookHandler(statuses: statuses, continuation: continuation)
                )
            }
        }
        .bind(host: "127.0.0.1", port: 0).get()
    let outcome = await Result(catching: {
        try await body("http://127.0.0.1:\(channel.localAddress?.port ?? 0)/hook", arrivals)
    })
    try? await channel.close().get()
    try outcome.get()
}

extension Result where Failure == any Error {
    fileprivate init(catching body: () async throws -> Success) async {
        do {
            self = .success(try await body())
        } catch {
            self = .failure(error)
        }
    }
}

private final class HookHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private var statuses: [Int]
    private let continuation: AsyncStream<Arrival>.Continuation
    private var contentType: String?
    private var bytes: [UInt8] = []

    init(statuses: [Int], continuation: AsyncStream<Arrival>.Continuation) {
        self.statuses = statuses
        self.continuation = continuation
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            contentType = head.headers.first(name: "Content-Type")
            bytes = []
        case .body(let buffer): bytes += buffer.readableBytesView
        case .end:
            let status = statuses.isEmpty ? 200 : statuses.removeFirst()
            continuation.yield(Arrival(contentType: contentType, body: bytes))
            let head = HTTPResponseHead(
                version: .http1_1,
                status: HTTPResponseStatus(statusCode: status),
                headers: ["Content-Length": "0"]
            )
            context.write(wrapOutboundOut(.head(head)), promise: nil)
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        }
    }
}
