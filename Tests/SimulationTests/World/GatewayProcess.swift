import Eskiz
import EskizGateway
import EskizQueue
import EskizQueueTesting
import EskizText
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOEmbedded
import ServiceLifecycle
import ServiceLifecycleTestKit
import Synchronization

/// One life of a gateway: queue, dispatcher, reconciler, poller, housekeeping, webhooks, callbacks and client, all real.
struct GatewayProcess: Sendable {
    let life = Life()
    let machineStore: any MessageStore
    let queue: MessageQueue
    let client: EskizClient
    let tokens: MemoryTokenStore
    private let installation: Int
    private let services: [any Service]
    private let callbacks: CallbackDoor
    private let stop = WakeSignal()
    private let isGraceful = Flag()
    private let world: World

    /// What all processes of a world share.
    struct World: Sendable {
        let time: SimulatedTime
        let provider: SimulatedProvider
        let witness: Witness
        let plan: WorldPlan
        let receiver: WebhookReceiver
    }

    /// What a machine gives its processes.
    struct Machine: Sendable {
        var index: Int
        var plan: WorldPlan.Installation
        var wall: WallClock
        var disk: Disk
        var store: any MessageStore
        var random: UInt64
        /// What its elapsed clock showed when the world began.
        var origin: Int64
        /// The token that the last process left.
        var token: TokenRecord?
        /// What it shares with other machines, if with any.
        var database: SharedDatabase?
    }

    private static let secret = CallbackSecret(Array(repeating: 7, count: 24))
    private static let webhookSecrets = [WebhookSecret("whsec_BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=")]
        .compactMap(\.self)
    private static let silent = Logger(label: "world") { _ in SwiftLogNoOpLogHandler() }

    init(_ number: Int, on machine: Machine, in world: World) async throws {
        self.world = world
        installation = machine.index
        machineStore = machine.store
        var random = SplitMix64(seed: machine.random)
        let clock = ProcessClock(
            time: world.time,
            wall: machine.wall,
            life: life,
            origin: machine.origin
        )
        tokens = MemoryTokenStore()
        if let token = machine.token { _ = tokens.publish(token, replacing: 0) }
        var configuration = try EskizConfiguration(
            token: machine.token == nil ? world.provider.newToken() : nil,
            email: "gateway@example.test",
            password: "secret",
            baseURL: "https://notify.eskiz.uz/api"
        )
        configuration.timeout = world.plan.timeout
        let seed = random.next()
        client = try EskizClient(
            configuration: configuration,
            transport: WorldTransport(
                provider: world.provider,
                life: life,
                installation: machine.index,
                process: "host-\(machine.index)-\(number)"
            ),
            logger: Self.silent,
            store: tokens,
            clock: clock,
            random: { seed }
        )
        var settings = QueueConfiguration(owner: "host-\(machine.index)-\(number)")
        settings.boot = "boot-\(machine.index)"
        settings.concurrency = machine.plan.concurrency
        settings.rateLimit = machine.plan.rateLimit
        settings.settleTime = world.plan.settleTime
        if let lease = machine.plan.lease { settings.lease = lease }
        if let retention = machine.plan.retention { settings.retention = retention }
        settings.firstReport.withCallbacks = .seconds(10)
        if machine.plan.hasCallbacks {
            settings.callbackURL = { Self.secret.url(below: "https://sms.example.test") }
        }
        let store = ProcessStore(
            machine.store,
            installation: machine.index,
            leavesThread: machine.plan.isOnDisk,
            disk: machine.disk,
            time: world.time,
            life: life,
            witness: world.witness,
            share: machine.database.map { DatabaseShare(database: $0, owner: settings.owner) }
        )
        queue = MessageQueue(store: store, configuration: settings, clock: clock)
        callbacks = CallbackDoor(queue: queue, secret: Self.secret, logger: Self.silent)
        let draws = (0..<4).map { _ in random.next() }
        let common: [any Service] = [
            Dispatcher(queue: queue, client: client, logger: Self.silent, random: { draws[0] }),
            Reconciler(queue: queue, client: client, logger: Self.silent, random: { draws[1] }),
            ReportPoller(queue: queue, client: client, logger: Self.silent, random: { draws[2] }),
            Housekeeping(queue: queue, logger: Self.silent),
            WebhookDeliverer(
                queue: queue,
                secrets: Self.webhookSecrets,
                policy: WebhookAddressPolicy(),
                transport: WorldWebhookTransport(receiver: world.receiver, life: life, installation: machine.index),
                resolver: NoResolver(),
                random: { draws[3] },
                logger: Self.silent
            ),
            TokenUpkeep(client: client),
        ]
        services = common + (FleetWatch(queue: queue, logger: Self.silent).map { [$0] } ?? [])
    }

    /// Goes by the time that it has in common with others, before it takes anything.
    func adoptTime() async { try? await queue.adoptTime(logger: Self.silent) }

    /// Works until it is ended.
    func live() async {
        await serve()
        // From here on nothing that it does reaches anybody.
        life.end()
        queue.events.finish()
        world.witness.trace("\(installation) services have ended")
        await client.shutdown()
    }

    /// Runs the services until the process is killed, or has stopped by itself after it was asked to.
    private func serve() async {
        await testGracefulShutdown { trigger in
            await withDiscardingTaskGroup { group in
                let hasStopped = WakeSignal()
                group.addTask {
                    await withDiscardingTaskGroup { group in
                        for service in services { group.addTask { try? await service.run() } }
                    }
                    hasStopped.ring()
                }
                await stop.wait()
                if isGraceful.value {
                    trigger.triggerGracefulShutdown()
                    // As long as a supervisor waits.
                    let end = world.time.now + Duration.seconds(24).nanoseconds
                    await hasStopped.wait(
                        untilElapsed: end,
                        by: ProcessClock(
                            time: world.time,
                            wall: world.provider.clock,
                            life: life,
                            origin: 0
                        )
                    )
                }
                life.end()
                group.cancelAll()
            }
        }
    }

    func end(gracefully: Bool) {
        isGraceful.value = gracefully
        stop.ring()
    }

    /// A report comes in.
    ///
    /// - Returns: whether it was taken.
    func receive(report body: String) async -> Bool {
        guard !life.isOver else { return false }
        return await callbacks.receive(body, secret: Self.secret)
    }
}

/// A flag that one task sets and another one reads.
private final class Flag: Sendable {
    private let flag = Atomic<Bool>(false)
    var value: Bool {
        get { flag.load(ordering: .acquiring) }
        set { flag.store(newValue, ordering: .releasing) }
    }
}

/// The real routes of callbacks, without a network.
private struct CallbackDoor: Sendable {
    private let respond: @Sendable (Request, GatewayContext) async throws -> Response
    private let logger: Logger

    init(queue: MessageQueue, secret: CallbackSecret, logger: Logger) {
        let router = Router(context: GatewayContext.self)
        CallbackRoutes(queue: queue, secret: secret, logger: logger).add(to: router)
        let responder = router.buildResponder()
        respond = { try await responder.respond(to: $0, context: $1) }
        self.logger = logger
    }

    func receive(_ body: String, secret: CallbackSecret) async -> Bool {
        let path = String(secret.url(below: ""))
        let head = HTTPRequest(
            method: .post,
            scheme: "http",
            authority: "sms.example.test",
            path: path,
            headerFields: [.contentType: "application/json"]
        )
        let request = Request(head: head, body: .init(buffer: ByteBuffer(string: body)))
        let channel = EmbeddedChannel()
        // It holds itself until it is closed.
        defer { _ = try? channel.finish(acceptAlreadyClosed: true) }
        let source = ApplicationRequestContextSource(channel: channel, logger: logger)
        guard let response = try? await respond(request, GatewayContext(source: source)) else { return false }
        return response.status.kind == .successful
    }
}

/// Keeps the token fresh while nothing is sent.
private struct TokenUpkeep: Service {
    let client: EskizClient

    func run() async throws {
        // What the command uses for this ends by tasks of its own, which would leave the thread of the world.
        let stop = WakeSignal()
        await withGracefulShutdownHandler {
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await client.run() }
                group.addTask { await stop.wait() }
                await group.next()
                group.cancelAll()
            }
        } onGracefulShutdown: {
            stop.ring()
        }
    }
}
