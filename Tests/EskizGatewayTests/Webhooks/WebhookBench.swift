import Eskiz
import EskizQueue
import EskizQueueTesting
import EskizTesting
import EskizText
import Logging
import Synchronization

@testable import EskizGateway

/// A deliverer on a store in memory, with a network and a name service that do as they are told.
struct WebhookBench {
    let store = MemoryMessageStore()
    let clock = ManualClock()
    let transport = ScriptedWebhookTransport()
    let resolver: ScriptedResolver
    let log = WebhookLog()
    let queue: MessageQueue
    let deliverer: WebhookDeliverer

    init(addresses: [String: [String]] = ["hooks.example.test": ["8.8.4.4"]]) {
        resolver = ScriptedResolver(addresses)
        queue = MessageQueue(store: store, configuration: QueueConfiguration(owner: "bench"), clock: clock)
        deliverer = WebhookDeliverer(
            queue: queue,
            secrets: [WebhookSecret(bytes: Array(repeating: 7, count: 32))],
            policy: WebhookAddressPolicy(),
            transport: transport,
            resolver: resolver,
            random: { 0 },
            logger: log.logger
        )
    }

    /// A message that Eskiz has just taken.
    func message(webhook: String? = nil, client: Message.ClientReference? = nil) async throws -> MessageID {
        let message = NewMessage(
            phone: "998901234567",
            text: "Salom",
            sender: "4546",
            segments: 1,
            encoding: .gsm7,
            apiKeyID: "k",
            origin: client == nil ? .api : .eskiz,
            webhookURL: webhook,
            client: client
        )
        let now = clock.timestamp
        _ = try await store.accept([message], batch: nil, idempotency: nil, at: now)
        let request = ClaimRequest(
            owner: "bench",
            leaseUntil: now + .seconds(30),
            shares: [.init(.transactional, 1)],
            limit: 1
        )
        let claims = try await store.claim(request, at: now).claims
        try await store.beginWriting(claims, at: now)
        let submitted = Settlement.Result.submitted(providerID: "5b1f0c6e", detail: nil, nextReport: nil)
        return try await store.settle(claims.map { Settlement($0, submitted) }, at: now)[0].id
    }

    func due() async throws -> [WebhookDelivery] {
        try await store.dueWebhooks(at: clock.timestamp, lease: .seconds(30), limit: 100)
    }

    func deliverDue() async throws {
        for delivery in try await due() { await deliverer.deliver(delivery) }
    }
}

/// Answers as it is told: one answer after the other, the last again and again; 200 if there is none.
final class ScriptedWebhookTransport: WebhookTransport {
    private struct State {
        var answers: [Result<TransportResponse, WebhookFailure>] = [.success(TransportResponse(status: 200))]
        var requests: [WebhookRequest] = []
        var isSilent = false
        var silentHosts: Set<String> = []
        var isShutDown = false
        var gate: ScriptedTransport?
    }

    private let state = Mutex(State())

    var answers: [Result<TransportResponse, WebhookFailure>] {
        get { state.withLock(\.answers) }
        set { state.withLock { $0.answers = newValue } }
    }
    var isSilent: Bool {
        get { state.withLock(\.isSilent) }
        set { state.withLock { $0.isSilent = newValue } }
    }
    var silentHosts: Set<String> {
        get { state.withLock(\.silentHosts) }
        set { state.withLock { $0.silentHosts = newValue } }
    }
    var requests: [WebhookRequest] { state.withLock(\.requests) }
    var isShutDown: Bool { state.withLock(\.isShutDown) }

    /// Holds every request until the gate is opened.
    func hold() -> Gate {
        let gate = Gate()
        let held = ScriptedTransport()
        held.on("POST", "x", .respond(200).held(by: gate))
        state.withLock { $0.gate = held }
        return gate
    }

    func post(_ request: WebhookRequest) async throws(WebhookFailure) -> TransportResponse {
        let (answer, isSilent, gate) = state.withLock { state in
            state.requests.append(request)
            let answer = state.answers.count > 1 ? state.answers.removeFirst() : state.answers[0]
            return (answer, state.isSilent || state.silentHosts.contains(request.address.host), state.gate)
        }
        if isSilent {
            // Until whoever waits has had enough.
            let never = ManualClock()
            try? await never.sleep(untilElapsed: .max)
            throw WebhookFailure("The attempt was broken off.")
        }
        if let gate { _ = try? await gate.execute(.init(method: "POST", url: "https://example.test/x")) }
        return try answer.get()
    }

    func shutdown() async {
        state.withLock { $0.isShutDown = true }
    }
}

/// A name service of a few lines.
final class ScriptedResolver: HostResolver {
    private let state: Mutex<[String: [String]]>

    init(_ table: [String: [String]]) {
        state = Mutex(table)
    }

    var table: [String: [String]] {
        get { state.withLock { $0 } }
        set { state.withLock { $0 = newValue } }
    }

    func addresses(of host: String) async throws(WebhookFailure) -> [String] {
        guard let addresses = table[host] else { throw WebhookFailure("The host name cannot be resolved.") }
        return addresses
    }
}

/// Keeps what is logged.
final class WebhookLog: Sendable {
    private let lines = Mutex<[String]>([])

    var text: String { lines.withLock { $0.joined(separator: "\n") } }

    var logger: Logger {
        var logger = Logger(label: "test") { _ in Handler(log: self) }
        logger.logLevel = .trace
        return logger
    }

    private struct Handler: LogHandler {
        let log: WebhookLog
        var metadata: Logger.Metadata = [:]
        var logLevel: Logger.Level = .trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let line = "\(event.level) \(event.message) \(event.metadata ?? [:])"
            log.lines.withLock { $0.append(line) }
        }
    }
}
