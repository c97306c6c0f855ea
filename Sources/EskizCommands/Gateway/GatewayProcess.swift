import Eskiz
import EskizGateway
import EskizHTTP
import EskizPrometheus
import EskizQueue
import Logging
import Metrics
import ServiceLifecycle
import Synchronization
import SystemPackage
import UnixSignals

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The gateway put together: store, queue, client, HTTP, in one group of services.
struct GatewayProcess: Sendable {
    let configuration: EskizConfiguration
    let server: ServerSettings
    let store: any MessageStore
    /// Keys that are accepted besides those of the store.
    let keys: [String]
    /// The folder whose file system is watched; nil for none.
    let dataFolder: String?
    let logger: Logger
    /// What ends it gracefully; none if its caller does.
    var signals: [UnixSignal] = []
    /// Runs beside it.
    var companions: [any Service] = []

    /// Serves until a signal comes or the task is cancelled; what waits stays in the store.
    func run(onListening: @escaping @Sendable (ListenAddress) async -> Void) async throws {
        let registry = MetricsRegistry.shared
        let client = try EskizClient(
            configuration: configuration,
            concurrency: server.concurrency,
            logger: logger
        )
        let clock = SystemKeeperClock()
        let callbacks = try await CallbackAddress(store: store, configuration: configuration)
        let queue = MessageQueue(
            store: store,
            configuration: queueConfiguration(callbackURL: { callbacks.url }),
            clock: clock,
            events: MessageEvents(metrics: QueueMetrics(factory: registry))
        )
        let keys = APIKeys(configured: keys, store: store, now: { clock.timestamp }, logger: logger)
        let gatewayConfiguration = GatewayConfiguration(
            place: server.place,
            normalizesByDefault: server.normalizes,
            allowsPrivateWebhooks: server.allowsPrivateWebhooks,
            allowsLoopbackWebhooks: server.allowsPrivateWebhooks || configuration.baseURL.isLoopback
        )
        let addressPolicy = WebhookAddressPolicy(gatewayConfiguration)
        let webhooks = WebhookDeliverer(
            queue: queue,
            secrets: try await webhookSecrets(),
            policy: addressPolicy,
            logger: logger,
            describe: { MessageDocument.json($0) }
        )
        let callbackRoutes = CallbackRoutes(queue: queue, secret: callbacks.secret, logger: logger)
        let diskSpace: @Sendable () -> DiskSpace? = { dataFolder.flatMap { DiskSpace.ofFileSystem(holding: $0) } }
        let gateway = Gateway(
            configuration: gatewayConfiguration,
            queue: queue,
            client: client,
            keys: keys,
            surroundings: .init(
                metrics: { await registry.text() },
                webhookRefusal: { url in
                    do throws(WebhookAddressRefusal) {
                        try addressPolicy.accept(url)
                        return nil
                    } catch {
                        return error.reason
                    }
                },
                diskSpace: diskSpace,
                onListening: { address in
                    callbacks.isListening(at: address)
                    await onListening(address)
                },
                addRoutes: { router, drain, disk in
                    EskizRoutes(
                        client: client,
                        queue: queue,
                        keys: keys,
                        configuration: gatewayConfiguration,
                        callbackSecret: callbacks.secret,
                        drain: drain,
                        disk: disk,
                        logger: logger
                    ).add(to: router)
                    callbackRoutes.add(to: router)
                }
            ),
            logger: logger
        )
        let outbox = try await outboxServices(gateway: gateway, queue: queue)
        GatewayGauges.register(in: registry, queue: queue, client: client, diskSpace: diskSpace)
        var services: [any Service] = companions
        services.append(TokenUpkeep(client: client))
        services.append(Housekeeping(queue: queue, logger: logger))
        services.append(Reconciler(queue: queue, client: client, logger: logger))
        services.append(ReportPoller(queue: queue, client: client, logger: logger))
        services.append(webhooks)
        services += outbox.reporting
        services.append(Dispatcher(queue: queue, client: client, logger: logger))
        services += outbox.importing
        services.append(gateway)
        let group = ServiceGroup(configuration: settings(for: services))
        let outcome: Result<Void, any Error>
        do {
            outcome = .success(try await group.run())
        } catch {
            outcome = .failure(error)
        }
        queue.events.finish()
        await outbox.source?.close()
        await client.shutdown()
        await store.close()
        try outcome.get()
    }

    /// What the outbox needs, if there is one: it stops taking before the dispatcher stops, and telling after it.
    private struct OutboxServices {
        var source: (any OutboxSource)?
        var importing: [any Service] = []
        var reporting: [any Service] = []
    }

    private func outboxServices(
        gateway: Gateway,
        queue: MessageQueue
    ) async throws -> OutboxServices {
        let source = try await OutboxSelection.open(
            server,
            maximumSegments: configuration.maximumSegments,
            store: store,
            logger: logger
        )
        guard let source else { return OutboxServices() }
        let reporter = OutboxReporter(source: source, queue: queue, logger: logger)
        let importer = gateway.importer(of: source, reporter: reporter)
        return OutboxServices(source: source, importing: [importer], reporting: [reporter])
    }

    private func settings(for services: [any Service]) -> ServiceGroupConfiguration {
        var settings = ServiceGroupConfiguration(
            services: services,
            gracefulShutdownSignals: signals,
            logger: logger
        )
        settings.maximumGracefulShutdownDuration = server.grace + .seconds(10)
        return settings
    }

    private func queueConfiguration(callbackURL: @escaping @Sendable () -> String?) -> QueueConfiguration {
        var queue = QueueConfiguration(owner: Self.owner, callbackURL: callbackURL)
        queue.concurrency = server.concurrency
        queue.rateLimit = server.rateLimit
        queue.maximumWaiting = server.maximumWaiting
        queue.otpLifetime = server.otpLifetime
        queue.settleTime = server.settleTime
        queue.resendUnknown = server.resendUnknown
        queue.resendUnknownLimit = server.resendUnknownLimit
        queue.retention = server.retention
        queue.grace = server.grace
        return queue
    }

    /// The secrets that webhooks are signed with, the current one first.
    private func webhookSecrets() async throws -> [WebhookSecret] {
        guard let text = server.webhookSecret?.reveal() else { return [try await WebhookSecret.load(from: store)] }
        let secrets = text.split(whereSeparator: { $0 == "," || $0.isWhitespace }).map { WebhookSecret(String($0)) }
        let known = secrets.compactMap(\.self)
        guard !known.isEmpty, known.count == secrets.count else {
            throw EskizError(
                .invalidConfiguration,
                "ESKIZ_WEBHOOK_SECRET must be whsec_ and 24 to 64 bytes in base64.",
                remedy:
                    "Make one: printf 'whsec_%s' \"$(openssl rand -base64 32)\"; several are separated by commas, the current one first."
            )
        }
        return known
    }

    /// Unique to this process: a host may start the gateway anew with the same process id.
    private static var owner: String {
        let process = ProcessInfo.processInfo
        return "\(process.hostName)-\(process.processIdentifier)-\(UInt32.random(in: 0 ... .max))"
    }
}

/// Keeps the token fresh while nothing is sent.
private struct TokenUpkeep: Service {
    let client: EskizClient

    func run() async throws {
        await cancelWhenGracefulShutdown { await client.run() }
    }
}

/// swift-metrics can be bootstrapped once in a process.
enum MetricsRegistry {
    static let shared: PrometheusRegistry = {
        let registry = PrometheusRegistry()
        MetricsSystem.bootstrap(registry)
        return registry
    }()
}
