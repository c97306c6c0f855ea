import Eskiz
import EskizGateway
import EskizQueue
import EskizQueueTesting
import EskizTesting
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The gateway's face to Eskiz clients, on a store in memory, a scripted Eskiz and a clock that stands still.
///
/// There is no dispatcher: tests play it by hand.
struct EskizBench {
    static let key = "esk_test-key"
    static let text = "Sizning tasdiqlash kodingiz: 4821"
    static let phone = "998901234567"

    let store = MemoryMessageStore()
    let clock = ManualClock()
    let transport = ScriptedTransport()
    let queue: MessageQueue
    let client: EskizClient
    let keys: APIKeys
    let configuration: GatewayConfiguration
    let callbackSecret = CallbackSecret([UInt8](repeating: 0xA7, count: 24))
    /// Nil: a disk that nobody looks at.
    var diskSpace: DiskSpace?

    init(
        maximumWaiting: Int? = nil,
        configure: (inout GatewayConfiguration) -> Void = { _ in }
    ) throws {
        var configuration = GatewayConfiguration()
        configure(&configuration)
        self.configuration = configuration
        var queueConfiguration = QueueConfiguration(owner: "bench")
        if let maximumWaiting { queueConfiguration.maximumWaiting = maximumWaiting }
        let clock = self.clock
        queue = MessageQueue(store: store, configuration: queueConfiguration, clock: clock)
        client = try EskizClient(
            configuration: EskizConfiguration(token: "upstream.canary.token", baseURL: "https://notify.eskiz.uz/api"),
            transport: transport,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            store: MemoryTokenStore(),
            clock: clock,
            random: { 41 }
        )
        keys = APIKeys(
            configured: [Self.key],
            store: store,
            now: { clock.timestamp },
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    /// A key of the store.
    func addKey(_ id: String, _ scopes: Set<APIKeyRecord.Scope>) async throws -> String {
        let key = "esk_\(id)"
        try await store.add(
            APIKeyRecord(
                id: id,
                name: "application",
                scopes: scopes,
                digest: APIKeys.digest(of: key),
                createdAt: clock.timestamp
            )
        )
        return key
    }

    /// The whole gateway, as it is served.
    func server() throws -> GatewayServer {
        var dependencies = GatewayDependencies(
            queue: queue,
            client: client,
            keys: keys,
            callbackSecret: callbackSecret
        )
        dependencies.diskSpace = { [diskSpace] in diskSpace }
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        return try buildGateway(configuration, dependencies, logger: logger).server
    }

    func run<Result: Sendable>(
        _ body: @escaping @Sendable (EskizCaller, GatewayServer) async throws -> Result
    ) async throws -> Result {
        let server = try server()
        return try await server.application.test(.router) { try await body(EskizCaller(client: $0), server) }
    }

    func run<Result: Sendable>(_ body: @escaping @Sendable (EskizCaller) async throws -> Result) async throws -> Result
    {
        try await run { caller, _ in try await body(caller) }
    }

    // MARK: The dispatcher, by hand

    /// Waits for a message, hands it over, and does with it what the test says.
    @discardableResult
    func dispatch(_ result: Settlement.Result, answer: ProviderAnswer?) async throws -> [Message] {
        await queue.work.wait()
        let claims = try await claim()
        return try await settle(claims, result, answer: answer)
    }

    func claim() async throws -> [Claim] {
        let now = clock.timestamp
        let request = ClaimRequest(
            owner: "bench",
            leaseUntil: now + .seconds(30),
            shares: [.init(.transactional, 10_000)],
            limit: 10_000
        )
        let claims = try await store.claim(request, at: now).claims
        try await store.beginWriting(claims, at: now)
        return claims
    }

    @discardableResult
    func settle(
        _ claims: [Claim],
        _ result: Settlement.Result,
        answer: ProviderAnswer?
    ) async throws -> [Message] {
        let messages = try await store.settle(claims.map { Settlement($0, result) }, at: clock.timestamp)
        queue.publish(messages, answer: answer)
        return messages
    }

    func onlyMessage() async throws -> Message {
        try #require(try await store.messages(MessageSearch()).first)
    }
}

/// An Eskiz client.
struct EskizCaller: Sendable {
    let client: any TestClientProtocol

    func call(
        _ method: HTTPTypes.HTTPRequest.Method,
        _ uri: String,
        token: String? = nil,
        type: String? = nil,
        _ body: String? = nil
    ) async throws -> TestResponse {
        var headers = HTTPFields()
        if let token { headers[.authorization] = "Bearer \(token)" }
        if let type { headers[.contentType] = type }
        return try await client.execute(
            uri: uri,
            method: method,
            headers: headers,
            body: body.map { ByteBuffer(string: $0) }
        )
    }

    func form(_ uri: String, token: String? = nil, _ fields: [(String, String)]) async throws -> TestResponse {
        try await call(.post, uri, token: token, type: "application/x-www-form-urlencoded", WireCoding.form(fields))
    }

    func logIn(key: String = EskizBench.key) async throws -> String {
        let response = try await form("/api/auth/login", [("email", "ops@example.test"), ("password", key)])
        #expect(response.status == .ok)
        return try #require(response.document["data"]?["token"]?.text)
    }

    func send(_ token: String, _ changes: [String: String?] = [:]) async throws -> TestResponse {
        var fields = ["mobile_phone": EskizBench.phone, "message": EskizBench.text, "from": "4546"]
        for (name, value) in changes { fields[name] = value }
        return try await form("/api/message/sms/send", token: token, fields.map { ($0.key, $0.value) })
    }
}

extension TestResponse {
    var text: String { String(buffer: body) }

    var document: Document {
        (try? JSONDecoder().decode(Document.self, from: Data(buffer: body))) ?? .null
    }

    /// The error envelope of generation 3: exactly three keys, the id a UUID.
    var envelopeMessage: String? {
        guard case .object(let members) = document, Set(members.keys) == ["id", "message", "status"],
            members["status"]?.text == "error", let id = members["id"]?.text, UUID(uuidString: id) != nil
        else { return nil }
        return members["message"]?.text
    }
}

extension Data {
    fileprivate init(buffer: ByteBuffer) {
        self.init(buffer.readableBytesView)
    }
}

/// A JSON document, for looking into answers.
enum Document: Decodable, Equatable {
    case null
    case text(String)
    case number(Int64)
    case list([Document])
    case object([String: Document])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(String.self) {
            self = .text(value)
        } else if let value = try? container.decode(Int64.self) {
            self = .number(value)
        } else if let value = try? container.decode([Document].self) {
            self = .list(value)
        } else {
            self = .object(try container.decode([String: Document].self))
        }
    }

    subscript(name: String) -> Document? {
        if case .object(let members) = self { members[name] } else { nil }
    }

    var text: String? {
        if case .text(let text) = self { text } else { nil }
    }

    var number: Int64? {
        if case .number(let number) = self { number } else { nil }
    }
}

/// Eskiz's answer; the name without its module means another type where Hummingbird is imported.
typealias ProviderAnswer = TransportResponse

extension ProviderAnswer {
    static func json(_ status: Int, _ body: String) -> Self {
        Self(status: status, headers: [TransportHeader("Content-Type", "application/json")], body: Array(body.utf8))
    }

    static let taken = json(
        200,
        #"{"id":"5b1f0c6e-1111-4222-8333-944455566677", "message":"Waiting for SMS provider","status":"waiting"}"#
    )
}
