package import Eskiz
package import EskizHTTP
package import EskizQueue
package import EskizVerify
import HTTPTypes
package import Hummingbird
package import Logging
import NIOCore
import ServiceLifecycle

/// The gateway's HTTP side, put together: who may come in, what they find, how it stops.
///
/// Sending is not here: the queue's dispatcher, the reconciler, webhooks and the client are services of their own.
///
/// ```swift
/// let gateway = Gateway(configuration: configuration, queue: queue, client: client, keys: keys, logger: logger)
/// let group = ServiceGroup(services: [dispatcher, gateway], …)
/// ```
package struct Gateway: Service {
    /// What belongs to the surroundings and is optional here.
    package struct Surroundings: Sendable {
        /// The text for `GET /metrics`.
        package var metrics: @Sendable () async -> String
        /// Why an address may not be posted to, as half a sentence; nil if it may.
        package var webhookRefusal: @Sendable (_ url: String) -> String?
        /// The space on the database's file system; nil if it cannot be known.
        package var diskSpace: @Sendable () -> DiskSpace?
        /// Makes and checks one-time codes; nil where the store keeps no verifications.
        package var verifier: Verifier?
        /// Called once with the address, when connections are accepted.
        package var onListening: @Sendable (ListenAddress) async -> Void
        /// Adds routes beside ours: Eskiz's own API, its callbacks, the pages.
        ///
        /// They check their callers themselves.
        package var addRoutes: @Sendable (_ router: Router<GatewayContext>, _ drain: Latch, _ disk: DiskGauge) -> Void

        package init(
            metrics: @escaping @Sendable () async -> String = { "" },
            webhookRefusal: @escaping @Sendable (_ url: String) -> String? = { _ in nil },
            diskSpace: @escaping @Sendable () -> DiskSpace? = { nil },
            verifier: Verifier? = nil,
            onListening: @escaping @Sendable (ListenAddress) async -> Void = { _ in },
            addRoutes:
                @escaping @Sendable (_ router: Router<GatewayContext>, _ drain: Latch, _ disk: DiskGauge) -> Void =
                { _, _, _ in }
        ) {
            self.metrics = metrics
            self.webhookRefusal = webhookRefusal
            self.diskSpace = diskSpace
            self.verifier = verifier
            self.onListening = onListening
            self.addRoutes = addRoutes
        }
    }

    /// Begins with the graceful shutdown.
    package let drain: Latch
    /// How full the disk is: for other ways into the queue.
    package let disk: DiskGauge
    private let configuration: GatewayConfiguration
    private let queue: MessageQueue
    private let client: EskizClient
    private let keys: APIKeys
    private let surroundings: Surroundings
    private let logger: Logger

    package init(
        configuration: GatewayConfiguration,
        queue: MessageQueue,
        client: EskizClient,
        keys: APIKeys,
        surroundings: Surroundings = Surroundings(),
        drain: Latch = Latch(),
        logger: Logger
    ) {
        self.configuration = configuration
        self.queue = queue
        self.client = client
        self.keys = keys
        self.surroundings = surroundings
        self.drain = drain
        self.logger = logger
        disk = DiskGauge(watermark: configuration.diskWatermark, clock: queue.clock, read: surroundings.diskSpace)
        client.whenTokenChanges { [weak queue] status in
            guard let queue else { return }
            queue.events.publish(.token(status))
            // Whoever renewed it, and in whatever process: what a token held up goes now.
            if TokenState(status).isUsable { queue.reconsider() }
        }
    }

    /// Serves until a graceful shutdown or the task's cancellation, and then finishes what is in flight.
    package func run() async throws {
        // A page that cannot be shown ends the start, instead of being missing later.
        _ = try PageDesk.library()
        try await withGracefulShutdownHandler {
            try await configuration.place.serve(logger: logger, onListening: surroundings.onListening) {
                address,
                whenBound in
                try await application(at: address, whenBound: whenBound).run()
            }
        } onGracefulShutdown: {
            drain.open()
        }
    }

    /// Takes messages from an outbox, by the same rules as our own API.
    package func importer(of source: any OutboxSource, reporter: OutboxReporter) -> OutboxImporter {
        OutboxImporter(
            source: source,
            queue: queue,
            configuration: configuration,
            disk: disk,
            defaultSender: client.configuration.sender,
            textRules: client.configuration.textRules,
            webhookRefusal: surroundings.webhookRefusal,
            reporter: reporter,
            logger: logger
        )
    }

    /// The server with all its routes.
    package var application: Application<RouterResponder<GatewayContext>> {
        application(at: configuration.place.bindAddress) { _ in }
    }

    private func application(
        at address: BindAddress,
        whenBound: @escaping @Sendable (any Channel) async -> Void
    ) -> Application<RouterResponder<GatewayContext>> {
        let limits = configuration.place.limits
        return Application(
            router: router,
            server: .http1(
                configuration: .init(
                    additionalChannelHandlers: [
                        ConnectionEtiquette(), ConnectionDeadlines(limits), HangUpWatch(),
                    ]
                )
            ),
            configuration: ApplicationConfiguration(address: address, backlog: 1_024),
            onServerRunning: whenBound,
            logger: logger
        )
    }

    /// The operator's pages; their templates are constants of the program, and a test reads every one.
    private var pages: PageDesk? {
        let sessions = Sessions(store: queue.store, keys: keys, clock: queue.clock)
        do {
            return try PageDesk(sessions: sessions, logger: logger)
        } catch {
            logger.error("The operator's page cannot be served", metadata: ["error": "\(error)"])
            return nil
        }
    }

    private var router: Router<GatewayContext> {
        let router = Router(context: GatewayContext.self, options: .autoGenerateHeadEndpoints)
        router.addMiddleware {
            AccessLog(clock: queue.clock)
            ProblemAnswers(methods: AllowedMethods(APIDescription.operations + PageRoutes.operations))
        }
        let readiness = Readiness(queue: queue, client: client, drain: drain, disk: disk)
        let account = AccountCache(client: client, clock: queue.clock)
        HealthRoutes(readiness: readiness, queue: queue).add(to: router)

        let reads = router.group().add(middleware: APIKeyMiddleware(keys: keys))
        let writes = router.group()
            .add(middleware: APIKeyMiddleware(keys: keys))
            .add(middleware: JSONBodyRequirement())
        let intake = MessageIntake(
            queue: queue,
            configuration: configuration,
            disk: disk,
            defaultSender: client.configuration.sender,
            textRules: client.configuration.textRules,
            webhookRefusal: surroundings.webhookRefusal
        )
        SendingRoutes(intake: intake, drain: drain).add(to: writes)
        MessageRoutes(queue: queue, limits: intake.limits).add(reads: reads, writes: writes)
        VerificationRoutes(verifier: surroundings.verifier, intake: intake).add(reads: reads, writes: writes)
        SegmentRoutes().add(to: writes)
        TokenRoutes(client: client, queue: queue).add(reads: reads, writes: writes)
        AccountRoute(cache: account).add(to: reads)
        let tickets = EventTickets(clock: queue.clock)
        let streams = router.group().add(middleware: APIKeyMiddleware(keys: keys, tickets: tickets))
        EventRoutes(events: queue.events, clock: queue.clock, drain: drain, tickets: tickets)
            .add(streams: streams, writes: writes)
        MetricsRoute(metrics: surroundings.metrics).add(to: reads)
        DescriptionRoute().add(to: reads)
        if let desk = pages {
            PageRoutes(
                desk: desk,
                queue: queue,
                client: client,
                drain: drain,
                readiness: readiness,
                account: account
            ).add(to: router)
        }
        surroundings.addRoutes(router, drain, disk)
        return router
    }
}
