package import Eskiz
package import EskizHTTP
package import EskizQueue
package import EskizVerify
package import Logging
package import ServiceLifecycle

/// What a gateway is made of and does not make itself.
package struct GatewayDependencies: Sendable {
    /// Where messages wait; its store, clock and events are the gateway's.
    package var queue: MessageQueue
    /// Speaks to Eskiz with the account's token.
    package var client: EskizClient
    /// Who may come in.
    package var keys: APIKeys
    /// The unguessable end of the address that Eskiz posts reports to.
    package var callbackSecret: CallbackSecret
    /// What webhooks are signed with, the current one first.
    package var webhookSecrets: [WebhookSecret]
    /// Makes and checks one-time codes; nil where the store keeps no verifications.
    package var verifier: Verifier?
    /// Done once after the start: asks Eskiz whether it would send the texts of codes.
    package var reviewTemplates: @Sendable () async -> Void = {}
    /// Where applications leave messages in a transaction of their own; nil for none.
    package var outbox: (any OutboxSource)?
    /// The text for `GET /metrics`.
    package var metrics: @Sendable () async -> String = { "" }
    /// The space on the database's file system; nil if it cannot be known.
    package var diskSpace: @Sendable () -> DiskSpace? = { nil }
    /// Called once with the address, when connections are accepted.
    package var onListening: @Sendable (ListenAddress) async -> Void = { _ in }

    package init(
        queue: MessageQueue,
        client: EskizClient,
        keys: APIKeys,
        callbackSecret: CallbackSecret,
        webhookSecrets: [WebhookSecret] = []
    ) {
        self.queue = queue
        self.client = client
        self.keys = keys
        self.callbackSecret = callbackSecret
        self.webhookSecrets = webhookSecrets
    }
}

/// A gateway, put together.
package struct Gateway: Sendable {
    /// Its HTTP side.
    package let server: GatewayServer
    /// All that must run, in the order in which it starts; it stops the other way round.
    package let services: [any Service]
}

/// Puts the gateway together: its server with every route, and the services that send, ask, tell and tidy up.
///
/// ```swift
/// let gateway = try buildGateway(configuration, dependencies, logger: logger)
/// try await ServiceGroup(services: gateway.services, logger: logger).run()
/// ```
///
/// - Throws: what mustache says of a page's template that it cannot read.
package func buildGateway(
    _ configuration: GatewayConfiguration,
    _ dependencies: GatewayDependencies,
    logger: Logger
) throws -> Gateway {
    let (queue, client) = (dependencies.queue, dependencies.client)
    let server = try GatewayServer(configuration, dependencies, logger: logger)
    client.whenTokenChanges { [weak queue] status in
        guard let queue else { return }
        queue.events.publish(.token(status))
        // Whoever renewed it, and in whatever process: what a token held up goes now.
        if TokenState(status).isUsable { queue.reconsider() }
    }
    var services: [any Service] = [
        TokenUpkeep(client: client),
        Housekeeping(queue: queue, logger: logger),
        Reconciler(queue: queue, client: client, logger: logger),
        ReportPoller(queue: queue, client: client, logger: logger),
        WebhookDeliverer(
            queue: queue,
            secrets: dependencies.webhookSecrets,
            policy: WebhookAddressPolicy(configuration),
            transport: PinnedWebhookTransport(trustRoots: client.configuration.trustRoots),
            logger: logger
        ),
    ]
    if let fleet = FleetWatch(queue: queue, logger: logger) { services.append(fleet) }
    let dispatcher = Dispatcher(queue: queue, client: client, logger: logger)
    if let source = dependencies.outbox {
        // It stops taking before the dispatcher stops, and telling after it.
        let reporter = OutboxReporter(source: source, queue: queue, logger: logger)
        let importer = OutboxImporter(source: source, intake: server.intake, reporter: reporter, logger: logger)
        services += [reporter, dispatcher, importer] as [any Service]
    } else {
        services.append(dispatcher)
    }
    services.append(server)
    if let verifier = dependencies.verifier {
        services.append(
            VerificationUpkeep(verifier: verifier, logger: logger, review: dependencies.reviewTemplates)
        )
    }
    return Gateway(server: server, services: services)
}

/// Keeps the token fresh while nothing is sent.
private struct TokenUpkeep: Service {
    let client: EskizClient

    func run() async throws {
        await cancelWhenGracefulShutdown { await client.run() }
    }
}
