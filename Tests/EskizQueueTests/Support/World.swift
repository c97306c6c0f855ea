import Eskiz
import EskizQueue
import EskizQueueTesting
import EskizText
import Logging
import ServiceLifecycle
import Synchronization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The whole queue on a provider with a ledger, in virtual time.
struct World: Sendable {
    let time: VirtualTime
    let store: MemoryMessageStore
    let provider: Provider
    let client: EskizClient
    let queue: MessageQueue
    let logger: Logger

    /// A world with nothing in it; `configure` changes the configuration, `wrap` puts something in front of the store.
    init(
        store: MemoryMessageStore = MemoryMessageStore(),
        time: VirtualTime = VirtualTime(),
        provider: Provider? = nil,
        canLogIn: Bool = false,
        metrics: QueueMetrics? = nil,
        logger: Logger = silent,
        owner: String = "a",
        _ configure: (inout QueueConfiguration) -> Void = { _ in },
        guardedBy wrap: (MemoryMessageStore) -> any MessageStore = { $0 }
    ) async throws {
        self.time = time
        self.store = store
        self.logger = logger
        let provider = provider ?? Provider(time: time)
        self.provider = provider
        client = try EskizClient(
            configuration: EskizConfiguration(
                token: Self.token(at: time.timestamp),
                email: canLogIn ? "gateway@example.test" : nil,
                password: canLogIn ? "secret" : nil,
                baseURL: "https://notify.eskiz.uz/api"
            ),
            transport: provider,
            logger: logger,
            store: MemoryTokenStore(),
            clock: time,
            random: { 41 }
        )
        // The token is read from its store outside of virtual time.
        _ = try await client.forward(EndpointRequest(method: "GET", path: "ready", operation: "forward"))
        var configuration = QueueConfiguration(owner: owner)
        configure(&configuration)
        queue = MessageQueue(
            store: wrap(store),
            configuration: configuration,
            clock: time,
            events: MessageEvents(metrics: metrics)
        )
    }

    static let silent = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    var dispatcher: Dispatcher { Dispatcher(queue: queue, client: client, logger: logger, random: { 17 }) }
    var reconciler: Reconciler { Reconciler(queue: queue, client: client, logger: logger, random: { 18 }) }
    var poller: ReportPoller { ReportPoller(queue: queue, client: client, logger: logger, random: { 19 }) }
    var housekeeping: Housekeeping { Housekeeping(queue: queue, logger: logger) }

    /// Runs services while `body` runs.
    func run(
        _ services: [any Service]? = nil,
        outside: Duration = .zero,
        _ body: @escaping @Sendable () async throws -> Void
    ) async throws {
        let services = services ?? [dispatcher]
        let failure = Mutex<(any Error)?>(nil)
        await time.run(outside: outside) {
            await withDiscardingTaskGroup { group in
                for service in services { group.addTask { try? await service.run() } }
                do { try await body() } catch { failure.withLock { $0 = error } }
                group.cancelAll()
            }
        }
        if let error = failure.withLock({ $0 }) { throw error }
    }

    @discardableResult
    func accept(_ messages: NewMessage..., batch: NewBatch? = nil) async throws -> [Message] {
        try await accept(messages, batch: batch)
    }

    @discardableResult
    func accept(_ messages: [NewMessage], batch: NewBatch? = nil) async throws -> [Message] {
        guard case .accepted(let accepted, _) = try await queue.accept(messages, batch: batch) else { return [] }
        return accepted
    }

    func state(of message: Message) async throws -> MessageState? {
        try await store.message(message.id)?.state
    }

    func message(_ message: Message) async throws -> Message? {
        try await store.message(message.id)
    }

    /// A token that lives for years, so that nothing but what a test does touches it.
    static func token(at now: Timestamp) -> String {
        func part(_ text: String) -> String {
            Data(text.utf8).base64EncodedString().replacing("=", with: "").replacing("+", with: "-")
                .replacing("/", with: "_")
        }
        let seconds = now.milliseconds / 1_000
        return [
            part(#"{"alg":"HS256","typ":"JWT"}"#),
            part(#"{"iat":\#(seconds - 60),"exp":\#(seconds + 40_000_000)}"#), part("signature"),
        ].joined(separator: ".")
    }
}

extension World {
    /// Waits for a moment, so that everything that can happen does.
    func settle(_ duration: Duration = .seconds(1)) async { await time.pass(duration) }
}
