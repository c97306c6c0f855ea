import AsyncHTTPClient
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import Testing

@testable import EskizSimulator

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A running simulator as a client sees it.
struct RunningSimulator: Sendable {
    let baseURL: String
    let client: HTTPClient

    var authority: String { String(baseURL.dropFirst("http://".count)) }
    var host: String { String(authority.prefix { $0 != ":" }) }
    var port: Int { Int(authority.drop { $0 != ":" }.dropFirst()) ?? 0 }

    struct Answer: Sendable {
        let status: Int
        let headers: HTTPHeaders
        let body: [UInt8]

        var json: JSON? { JSON(parsing: body) }
        var text: String { String(decoding: body, as: UTF8.self) }
        func header(_ name: String) -> String? { headers.first(name: name) }
    }

    func call(
        _ method: String,
        _ path: String,
        body: String? = nil,
        contentType: String = "application/json",
        token: String? = nil,
        headers: [(String, String)] = []
    ) async throws -> Answer {
        var request = HTTPClientRequest(url: baseURL + path)
        request.method = HTTPMethod(rawValue: method)
        if let token { request.headers.add(name: "Authorization", value: "Bearer \(token)") }
        for (name, value) in headers { request.headers.replaceOrAdd(name: name, value: value) }
        if let body {
            request.headers.add(name: "Content-Type", value: contentType)
            request.body = .bytes(ByteBuffer(string: body))
        }
        let response = try await client.execute(request, timeout: .seconds(30))
        let bytes = try await response.body.collect(upTo: 1 << 24)
        return Answer(
            status: Int(response.status.code),
            headers: response.headers,
            body: Array(bytes.readableBytesView)
        )
    }

    /// The answer of the control API, which must be good.
    func control(_ method: String, _ path: String, _ body: String? = nil) async throws -> JSON {
        let answer = try await call(method, "/_simulator/\(path)", body: body)
        #expect((200..<300).contains(answer.status), "\(method) \(path): \(answer.text)")
        return try #require(answer.json)
    }

    func logIn() async throws -> String {
        let body = #"{"email":"demo@example.test","password":"demo-key"}"#
        let answer = try await call("POST", "/api/auth/login", body: body)
        return try #require(answer.json?["data"]?["token"]?.text)
    }

    @discardableResult
    func send(
        _ text: String,
        to phone: String = "998901234567",
        token: String,
        callbackURL: String = ""
    ) async throws -> String {
        let body: JSON = [
            "mobile_phone": .string(phone), "message": .string(text), "from": "4546",
            "callback_url": .string(callbackURL),
        ]
        let answer = try await call(
            "POST",
            "/api/message/sms/send",
            body: String(decoding: body.bytes, as: UTF8.self),
            token: token
        )
        #expect(answer.status == 200, "\(answer.text)")
        return try #require(answer.json?["id"]?.text)
    }
}

func withSimulator(
    _ configuration: SimulatorConfiguration = SimulatorConfiguration(port: 0, seed: 1),
    _ body: @escaping @Sendable (RunningSimulator) async throws -> Void
) async throws {
    var logger = Logger(label: "test")
    logger.logLevel = .error
    try await withRunningSimulator(configuration: configuration, logger: logger) { baseURL in
        try await body(RunningSimulator(baseURL: baseURL, client: .shared))
    }
}

/// Writes bytes to a socket and tells how the other side ended the conversation.
enum RawExchange {
    enum Ending: Sendable, Equatable {
        /// TCP reset.
        case reset
        /// An orderly end, after these bytes.
        case closed([UInt8])
        /// Nothing came for a while.
        case silence
    }

    /// Runs one exchange.
    ///
    /// `rest` follows the first bytes that come back. `whenSilent` is called instead of giving up when nothing has come for a while.
    static func run(
        _ request: String,
        host: String,
        port: Int,
        patience: TimeAmount = .seconds(30),
        whenToldToGoOn rest: String? = nil,
        whenSilent: (@Sendable () -> Void)? = nil
    ) async throws -> Ending {
        let ended = MultiThreadedEventLoopGroup.singleton.any().makePromise(of: Ending.self)
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Listener(ended: ended, rest: rest))
                }
            }
            .connect(host: host, port: port).get()
        // Silence has no event of its own: only a while without any shows it.
        let silence = channel.eventLoop.scheduleTask(in: patience) {
            if let whenSilent { whenSilent() } else { ended.succeed(.silence) }
        }
        try await channel.writeAndFlush(ByteBuffer(string: request)).get()
        let ending = try await ended.futureResult.get()
        silence.cancel()
        try? await channel.close().get()
        return ending
    }

    private final class Listener: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer

        private let ended: EventLoopPromise<Ending>
        private var rest: String?
        private var bytes: [UInt8] = []

        init(ended: EventLoopPromise<Ending>, rest: String?) {
            self.ended = ended
            self.rest = rest
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            if let rest { context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: rest)), promise: nil) }
            rest = nil
            bytes += unwrapInboundIn(data).readableBytesView
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            if let error = error as? IOError, error.errnoCode == ECONNRESET { ended.succeed(.reset) }
            context.close(promise: nil)
        }

        func channelInactive(context: ChannelHandlerContext) { ended.succeed(.closed(bytes)) }
    }
}

enum Base64 {
    static func decode(_ text: String) -> [UInt8]? { Data(base64Encoded: text).map { Array($0) } }
}
