import Eskiz
import EskizHTTP
import EskizQueue
import EskizSQLite
import Logging
import NIOHTTP1
import SystemPackage

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A gateway on a free port for as long as the demo lasts, with everything it keeps in the demo's own folder.
struct DemoGateway: Sendable {
    /// Accepted by this gateway only, which is gone when the demo ends.
    static let key = "demo-key-of-this-gateway"

    private let process: GatewayProcess

    init(simulator: String, token: String, folder: FilePath) async throws {
        let logger = Logger(label: "eskiz.gateway")
        let configuration = try EskizConfiguration(
            token: token,
            email: "demo@example.test",
            password: "demo-key",
            baseURL: simulator + "/api",
            stateDirectory: folder.string
        )
        var server = ServerSettings()
        server.listen = ListenAddress(host: "127.0.0.1", port: 0)
        let store = try SQLiteMessageStore(path: folder.appending("eskiz.sqlite").string)
        process = GatewayProcess(
            configuration: configuration,
            server: server,
            store: store,
            keys: [Self.key],
            dataFolder: nil,
            logger: logger
        )
    }

    func whileRunning<Value: Sendable>(
        _ body: @escaping @Sendable (GatewayConnection) async throws -> Value
    ) async throws -> Value {
        let (addresses, address) = AsyncStream.makeStream(of: ListenAddress.self)
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { [process] in
                defer { address.finish() }
                try await process.run { address.yield($0) }
                return nil
            }
            group.addTask {
                for await address in addresses {
                    return try await body(GatewayConnection(address: address.url, key: Self.key))
                }
                return nil
            }
            defer { group.cancelAll() }
            while let finished = try await group.next() {
                if let value = finished { return value }
            }
            throw CancellationError()
        }
    }
}

/// What the demo asks of the gateway, as any application would.
extension GatewayConnection {
    /// A message, as far as the demo cares.
    struct Sent: Decodable, Sendable {
        let id: String
        let status: String

        /// Nothing more will happen.
        var isFinal: Bool { ["delivered", "undelivered", "failed", "expired", "cancelled"].contains(status) }
    }

    /// The token's state, never the token.
    struct Token: Decodable, Sendable {
        let preview: String?
        let expiresAt: String?

        enum CodingKeys: String, CodingKey {
            case preview
            case expiresAt = "expires_at"
        }

        var end: String { expiresAt ?? "?" }
    }

    func token() async throws -> Token {
        try JSONDecoder().decode(Token.self, from: Data(try await call(.GET, "/v1/token")))
    }

    func sendCode(_ code: String, to phone: String) async throws -> Sent {
        let text = EskizConfiguration.defaultCodeTemplate.replacing("{code}", with: code)
        let body = #"{"to":"\#(phone)","text":"\#(text)","lane":"otp"}"#
        let answer = try await call(.POST, "/v1/messages", body: body, headers: [("Prefer", "wait=20")])
        return try JSONDecoder().decode(Sent.self, from: Data(answer))
    }

    /// The message when nothing more will happen, or when the time is over.
    func follow(_ message: Sent, upTo limit: Duration) async throws -> Sent {
        let end = ContinuousClock.now + limit
        var message = message
        while !message.isFinal, ContinuousClock.now < end {
            try await Task.sleep(for: .milliseconds(50))
            message = try JSONDecoder().decode(
                Sent.self,
                from: Data(try await call(.GET, "/v1/messages/\(message.id)"))
            )
        }
        return message
    }
}
