import Eskiz
import EskizGateway
import EskizQueue
import EskizQueueTesting
import EskizTestSupport
import EskizTesting
import EskizVerify
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import Synchronization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A gateway on a scripted network, with a store in memory and a clock that stands still.
struct GatewayHarness: Sendable {
    /// Keys by what they may do.
    ///
    /// Each is a canary: none of them may turn up anywhere.
    static let adminKey = "esk_canary-admin"
    static let sendKey = "esk_canary-send"
    static let otherSendKey = "esk_canary-other"
    static let readKey = "esk_canary-read"
    static let verifyKey = "esk_canary-verify"

    let clock = ManualClock()
    let store = MemoryMessageStore()
    let transport = ScriptedTransport()
    let log = RecordedLog()
    let client: EskizClient
    let queue: MessageQueue
    let gateway: Gateway
    var server: GatewayServer { gateway.server }
    let verifier: Verifier

    init(
        configuration: GatewayConfiguration = GatewayConfiguration(port: 0),
        token: String? = "canary-token-canary-token-canary-token",
        password: String? = nil,
        _ adjust: (inout QueueConfiguration) -> Void = { _ in },
        dependencies adjustDependencies: (inout GatewayDependencies) -> Void = { _ in },
        verify: (inout VerifyConfiguration) -> Void = { _ in }
    ) async throws {
        client = try EskizClient(
            configuration: EskizConfiguration(
                token: token,
                email: password.map { _ in "demo@example.test" },
                password: password,
                baseURL: "https://notify.eskiz.uz/api"
            ),
            transport: transport,
            logger: log.logger,
            store: MemoryTokenStore(),
            clock: clock,
            random: { 41 }
        )
        var settings = QueueConfiguration(owner: "test")
        adjust(&settings)
        queue = MessageQueue(store: store, configuration: settings, clock: clock)
        for (key, scopes) in [
            (Self.sendKey, [APIKeyRecord.Scope.send]), (Self.otherSendKey, [.send]), (Self.readKey, [.read]),
            (Self.verifyKey, [.verify]),
        ] {
            let digest = APIKeys.digest(of: key)
            try await store.add(
                APIKeyRecord(
                    id: APIKeys.id(of: digest),
                    name: "test",
                    scopes: Set(scopes),
                    digest: digest,
                    createdAt: clock.timestamp
                )
            )
        }
        let keys = APIKeys(
            configured: [Self.adminKey],
            store: store,
            now: { [clock] in clock.timestamp },
            logger: log.logger
        )
        var verifyConfiguration = VerifyConfiguration(
            templates: try CodeTemplates(only: "Sizning tasdiqlash kodingiz: {code}"),
            sender: "4546"
        )
        verify(&verifyConfiguration)
        var dependencies = GatewayDependencies(
            queue: queue,
            client: client,
            keys: keys,
            callbackSecret: CallbackSecret([UInt8](repeating: 0xA7, count: 24))
        )
        verifier = Verifier(
            configuration: verifyConfiguration,
            queue: queue,
            store: store,
            keys: try await Verifier.keys(configured: nil, store: store)
        )
        dependencies.verifier = verifier
        adjustDependencies(&dependencies)
        gateway = try buildGateway(configuration, dependencies, logger: log.logger)
    }

    /// Runs `body` against the router, without a network.
    func run(_ body: @Sendable (GatewayCaller) async throws -> Void) async throws {
        let log = log
        try await server.application.test(.router) { try await body(GatewayCaller(client: $0, log: log)) }
    }

    /// The same over a loopback socket.
    func runLive(_ body: @Sendable (GatewayCaller) async throws -> Void) async throws {
        let log = log
        try await server.application.test(.live) { try await body(GatewayCaller(client: $0, log: log)) }
    }

    /// Takes the next messages out of the queue, as a dispatcher does.
    func claim(_ limit: Int = 10) async throws -> [Claim] {
        let now = clock.timestamp
        let claims = try await store.claim(
            ClaimRequest(
                owner: "test",
                leaseUntil: now + .seconds(30),
                shares: Lane.allCases.map { .init($0, limit) },
                limit: limit
            ),
            at: now
        ).claims
        try await store.beginWriting(claims, at: now)
        return claims
    }

    /// Says what came of them.
    func settle(_ claims: [Claim], _ result: Settlement.Result) async throws {
        queue.publish(try await store.settle(claims.map { Settlement($0, result) }, at: clock.timestamp))
    }
}

/// Asks the gateway, and looks at every answer and at the log for what must never be there.
struct GatewayCaller: Sendable {
    let client: any TestClientProtocol
    let log: RecordedLog

    func call(
        _ method: HTTPRequest.Method,
        _ path: String,
        _ body: String? = nil,
        key: String? = GatewayHarness.adminKey,
        contentType: String? = "application/json",
        headers: [String: String] = [:]
    ) async throws -> Answer {
        var fields = HTTPFields()
        if let key { fields[.authorization] = "Bearer \(key)" }
        if body != nil, let contentType { fields[.contentType] = contentType }
        for (name, value) in headers {
            if let name = HTTPField.Name(name) { fields[name] = value }
        }
        let response = try await client.execute(
            uri: path,
            method: method,
            headers: fields,
            body: body.map { ByteBuffer(string: $0) }
        )
        return Answer(
            status: Int(response.status.code),
            headers: response.headers,
            text: String(buffer: response.body)
        )
    }

    func get(_ path: String, key: String? = GatewayHarness.adminKey) async throws -> Answer {
        try await call(.get, path, key: key)
    }

    func post(
        _ path: String,
        _ body: String = "{}",
        key: String? = GatewayHarness.adminKey,
        headers: [String: String] = [:]
    ) async throws -> Answer {
        try await call(.post, path, body, key: key, headers: headers)
    }
}

/// An answer, decoded on demand.
struct Answer: Sendable {
    let status: Int
    let headers: HTTPFields
    let text: String

    func header(_ name: String) -> String? {
        HTTPField.Name(name).flatMap { headers[$0] }
    }

    var json: JSON { (try? JSON(text)) ?? .null }
    /// The stable code of a problem.
    var code: String? { json["code"]?.text }
    /// Fields that a problem names, each with its code.
    var errors: [String] {
        (json["errors"]?.array ?? []).map { "\($0["field"]?.text ?? "?") \($0["code"]?.text ?? "?")" }
    }
}

/// JSON for looking at, decoded by Foundation: not by the code under test.
enum JSON: Decodable, Equatable, Sendable {
    case null
    case bool(Bool)
    case number(Double)
    case string(String)
    case array([JSON])
    case object([String: JSON])

    init(_ text: String) throws {
        self = try JSONDecoder().decode(JSON.self, from: Data(text.utf8))
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Double.self) {
            self = .number(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode([JSON].self) {
            self = .array(value)
        } else {
            self = .object(try container.decode([String: JSON].self))
        }
    }

    subscript(name: String) -> JSON? {
        guard case .object(let members) = self else { return nil }
        return members[name]
    }

    subscript(index: Int) -> JSON? {
        guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
        return elements[index]
    }

    var text: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    var number: Double? {
        guard case .number(let number) = self else { return nil }
        return number
    }

    var array: [JSON]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }

    var names: Set<String> {
        guard case .object(let members) = self else { return [] }
        return Set(members.keys)
    }
}

/// Keeps log lines.
final class RecordedLog: Sendable {
    private struct State {
        var lines: [String] = []
        var watchers: [(part: String, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())

    var lines: [String] { state.withLock(\.lines) }
    var text: String { lines.joined(separator: "\n") }

    /// Returns when there is a line with these words.
    func line(containing part: String) async {
        await withCheckedContinuation { continuation in
            let isThere = state.withLock { state in
                if state.lines.contains(where: { $0.contains(part) }) { return true }
                state.watchers.append((part, continuation))
                return false
            }
            if isThere { continuation.resume() }
        }
    }

    private func append(_ line: String) {
        let told = state.withLock { state in
            state.lines.append(line)
            let told = state.watchers.filter { line.contains($0.part) }
            state.watchers.removeAll { line.contains($0.part) }
            return told
        }
        for watcher in told { watcher.continuation.resume() }
    }

    /// A logger that keeps everything from trace upwards.
    var logger: Logger {
        var logger = Logger(label: "test") { _ in Handler(log: self) }
        logger.logLevel = .trace
        return logger
    }

    private struct Handler: LogHandler {
        let log: RecordedLog
        var metadata: Logger.Metadata = [:]
        var logLevel: Logger.Level = .trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let all = metadata.merging(event.metadata ?? [:]) { $1 }
            let sorted = all.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: " ")
            log.append("\(event.level) \(event.message) \(sorted)")
        }
    }
}

/// A token as Eskiz issues it, signed by nobody.
enum JSONWebToken {
    static func text(expiresAt: Int) -> String {
        let claims = #"{"exp":\#(expiresAt),"iat":1799999000,"role":"user","sub":"1"}"#
        return UnsignedToken.text(claims: claims, signature: "canary-signature")
    }
}
