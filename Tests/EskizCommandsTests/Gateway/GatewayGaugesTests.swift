import Eskiz
import EskizPrometheus
import EskizQueue
import EskizQueueTesting
import EskizTesting
import EskizText
import Logging
import Testing

@testable import EskizCommands

struct GatewayGaugesTests {
    private let clock = ManualClock()
    private let queue: MessageQueue
    private let registry = PrometheusRegistry()

    init() throws {
        queue = MessageQueue(
            store: MemoryMessageStore(),
            configuration: QueueConfiguration(owner: "test"),
            clock: clock
        )
        let client = try EskizClient(
            configuration: EskizConfiguration(token: "a.b.c"),
            transport: ScriptedTransport(),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        GatewayGauges.register(in: registry, queue: queue, client: client, diskSpace: { nil })
    }

    private func accept(_ lane: Lane, after wait: Duration = .zero) async throws {
        let message = NewMessage(
            lane: lane,
            phone: "998901234567",
            text: "Salom",
            sender: "4546",
            segments: 1,
            encoding: .gsm7,
            apiKeyID: "k",
            origin: .api,
            sendAt: wait == .zero ? nil : clock.timestamp + wait
        )
        _ = try await queue.accept([message])
    }

    private func seconds(of lane: Lane) async -> Double? {
        let name = #"eskiz_queue_oldest_seconds{lane="\#(lane.rawValue)"} "#
        return await registry.text().split(separator: "\n").first { $0.hasPrefix(name) }
            .flatMap { Double($0.dropFirst(name.count)) }
    }

    @Test func `an empty lane waits for nothing, and says so`() async {
        for lane in Lane.allCases {
            #expect(await seconds(of: lane) == 0)
        }
    }

    @Test func `the longest wait of a lane is told, and of no other lane`() async throws {
        try await accept(.otp)
        clock.advance(by: .milliseconds(15_500))
        try await accept(.otp)
        clock.advance(by: .seconds(5))
        #expect(await seconds(of: .otp) == 20.5)
        #expect(await seconds(of: .bulk) == 0)
    }

    @Test func `what is planned for later does not wait`() async throws {
        try await accept(.transactional, after: .seconds(60))
        clock.advance(by: .seconds(10))
        #expect(await seconds(of: .transactional) == 0)
    }

    @Test func `how long no token is asked for is told`() async throws {
        let transport = ScriptedTransport()
        transport.on("POST", "auth/login", .respond(429, "{}", headers: [TransportHeader("Retry-After", "600")]))
        let client = try EskizClient(
            configuration: EskizConfiguration(email: "gateway@example.test", password: "secret"),
            transport: transport,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            store: MemoryTokenStore(),
            clock: clock,
            random: { 1 }
        )
        let registry = PrometheusRegistry()
        GatewayGauges.register(in: registry, queue: queue, client: client, diskSpace: { nil })
        func held() async -> Double? {
            await registry.text().split(separator: "\n").first { $0.hasPrefix("eskiz_token_held_seconds ") }
                .flatMap { Double($0.split(separator: " ")[1]) }
        }
        #expect(await held() == 0)
        await #expect(throws: EskizError.self) { try await client.balance() }
        #expect(await held().map { (590...600).contains($0) } == true)
        clock.advance(by: .seconds(601))
        #expect(await held() == 0)
    }
}
