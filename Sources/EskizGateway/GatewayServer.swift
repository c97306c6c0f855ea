import Eskiz
import EskizHTTP
package import EskizQueue
package import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle

/// The gateway's HTTP side: who may come in, what they find, how it stops.
///
/// Sending is not here: the dispatcher, the reconciler and webhooks are services of their own.
package struct GatewayServer: Service {
    /// Begins with the graceful shutdown.
    package let drain: Latch
    /// Puts messages into the queue by the rules of the API.
    let intake: MessageIntake
    private let configuration: GatewayConfiguration
    private let onListening: @Sendable (ListenAddress) async -> Void
    private let responder: BelowBasePath
    private let logger: Logger

    /// - Throws: what mustache says of a page's template that it cannot read.
    init(_ configuration: GatewayConfiguration, _ dependencies: GatewayDependencies, logger: Logger) throws {
        self.configuration = configuration
        self.logger = logger
        onListening = dependencies.onListening
        drain = Latch()
        let queue = dependencies.queue
        let account = AccountCache(client: dependencies.client, clock: queue.clock, fleet: queue.store.fleet)
        intake = MessageIntake(
            queue: queue,
            configuration: configuration,
            disk: DiskGauge(
                watermark: configuration.diskWatermark,
                clock: queue.clock,
                read: dependencies.diskSpace
            ),
            defaultSender: dependencies.client.configuration.sender,
            textRules: dependencies.client.configuration.textRules,
            prices: { account.prices() }
        )
        let router = try Self.router(
            configuration,
            dependencies,
            account: account,
            intake: intake,
            drain: drain,
            logger: logger
        )
        responder = BelowBasePath(base: configuration.basePath, inner: router.buildResponder())
    }

    /// Serves until a graceful shutdown or the task's cancellation, and then finishes what is in flight.
    package func run() async throws {
        try await withGracefulShutdownHandler {
            try await configuration.place.serve(logger: logger, onListening: onListening) { address, whenBound in
                try await application(at: address, whenBound: whenBound).run()
            }
        } onGracefulShutdown: {
            drain.open()
        }
    }

    /// The server at the configured address.
    package var application: Application<BelowBasePath> {
        application(at: configuration.place.bindAddress) { _ in }
    }

    private func application(
        at address: BindAddress,
        whenBound: @escaping @Sendable (any Channel) async -> Void
    ) -> Application<BelowBasePath> {
        let limits = configuration.place.limits
        return Application(
            responder: responder,
            server: .http1(
                configuration: .init(
                    additionalChannelHandlers: [
                        ConnectionPersistence(), ConnectionDeadlines(limits), HangUpWatch(),
                    ]
                )
            ),
            configuration: ApplicationConfiguration(address: address, backlog: 1_024),
            onServerRunning: whenBound,
            logger: logger
        )
    }

    private static func router(
        _ configuration: GatewayConfiguration,
        _ dependencies: GatewayDependencies,
        account: AccountCache,
        intake: MessageIntake,
        drain: Latch,
        logger: Logger
    ) throws -> Router<GatewayContext> {
        let (queue, client, keys) = (dependencies.queue, dependencies.client, dependencies.keys)
        let router = Router(context: GatewayContext.self, options: .autoGenerateHeadEndpoints)
        router.addMiddleware {
            AccessLog(clock: queue.clock)
            ProblemAnswers(methods: AllowedMethods(APIDescription.operations + PageRoutes.operations))
        }
        let readiness = Readiness(queue: queue, client: client, drain: drain, disk: intake.disk)
        HealthRoutes(readiness: readiness, queue: queue).add(to: router)

        // Our own API.
        let reads = router.group().add(middleware: APIKeyMiddleware(keys: keys))
        let writes = router.group()
            .add(middleware: APIKeyMiddleware(keys: keys))
            .add(middleware: JSONBodyRequirement())
        SendingRoutes(intake: intake, drain: drain).add(to: writes)
        MessageRoutes(queue: queue, limits: intake.limits).add(reads: reads, writes: writes)
        VerificationRoutes(verifier: dependencies.verifier, intake: intake).add(reads: reads, writes: writes)
        if let verifier = dependencies.verifier, !configuration.supabaseSecrets.isEmpty {
            SupabaseHook(verifier: verifier, intake: intake, secrets: configuration.supabaseSecrets).add(to: router)
        }
        SuppressionRoutes(list: queue.store as? any SuppressionStore, queue: queue).add(reads: reads, writes: writes)
        SegmentRoutes().add(to: writes)
        TokenRoutes(client: client, queue: queue).add(reads: reads, writes: writes)
        AccountRoute(cache: account).add(to: reads)
        DoctorRoute(queue: queue, client: client, readiness: readiness, disk: intake.disk, account: account)
            .add(to: reads)
        let tickets = EventTickets(clock: queue.clock)
        let streams = router.group().add(middleware: APIKeyMiddleware(keys: keys, tickets: tickets))
        EventRoutes(events: queue.events, clock: queue.clock, drain: drain, tickets: tickets)
            .add(streams: streams, writes: writes)
        MetricsRoute(metrics: dependencies.metrics).add(to: reads)
        DescriptionRoute(below: configuration.basePath).add(to: reads)

        // Pages for people.
        let sessions = Sessions(store: queue.store, keys: keys, clock: queue.clock)
        PageRoutes(
            responder: try PageResponder(sessions: sessions, base: configuration.basePath, logger: logger),
            queue: queue,
            client: client,
            drain: drain,
            readiness: readiness,
            account: account,
            verifier: dependencies.verifier
        ).add(to: router)

        // Eskiz's API for the clients that exist, and what Eskiz itself calls.
        EskizRoutes(
            client: client,
            queue: queue,
            keys: keys,
            configuration: configuration,
            callbackSecret: dependencies.callbackSecret,
            prices: intake.limits.prices,
            drain: drain,
            disk: intake.disk,
            logger: logger
        ).add(to: router)
        CallbackRoutes(queue: queue, secret: dependencies.callbackSecret, logger: logger).add(to: router)
        return router
    }
}
