import Eskiz
import EskizGateway
import EskizHTTP
import EskizPostgres
import EskizPrometheus
import EskizQueue
import EskizVerify
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
    /// Where the token is kept; nil for where the configuration says.
    var tokens: PostgresTokenStore?
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
            store: tokens,
            logger: logger
        )
        let clock = SystemKeeperClock()
        let callbacks = try await CallbackAddress(
            store: store,
            configuration: configuration,
            basePath: server.basePath
        )
        let queue = MessageQueue(
            store: store,
            configuration: queueConfiguration(callbackURL: { callbacks.url }),
            clock: clock,
            events: MessageEvents(metrics: QueueMetrics(factory: registry))
        )
        try await queue.adoptTime(logger: logger)
        let keys = APIKeys(configured: keys, store: store, now: { clock.timestamp }, logger: logger)
        var gatewayConfiguration = GatewayConfiguration(
            place: server.place,
            normalizesByDefault: server.normalizes,
            allowsPrivateWebhooks: server.allowsPrivateWebhooks,
            allowsLoopbackWebhooks: server.allowsPrivateWebhooks || configuration.baseURL.isLoopback
        )
        gatewayConfiguration.basePath = server.basePath
        gatewayConfiguration.repeatsByUserSMSID = server.repeatsByUserSMSID
        gatewayConfiguration.supabaseSecrets = server.verify.supabaseSecrets
        let verifier = try await verifier(queue: queue, registry: registry, normalizes: server.normalizes)
        let outbox = try await OutboxSelection.open(
            server,
            maximumSegments: configuration.maximumSegments,
            store: store,
            logger: logger
        )
        let diskSpace: @Sendable () -> DiskSpace? = { dataFolder.flatMap { DiskSpace.ofFileSystem(holding: $0) } }
        var dependencies = GatewayDependencies(
            queue: queue,
            client: client,
            keys: keys,
            callbackSecret: callbacks.secret,
            webhookSecrets: try await webhookSecrets()
        )
        dependencies.verifier = verifier
        if let verifier { dependencies.reviewTemplates = { await reviewTemplates(of: verifier, client: client) } }
        dependencies.outbox = outbox
        dependencies.metrics = { await registry.text() }
        dependencies.diskSpace = diskSpace
        dependencies.onListening = { address in
            callbacks.isListening(at: address)
            await onListening(address)
        }
        let gateway = try buildGateway(gatewayConfiguration, dependencies, logger: logger)
        GatewayGauges.register(in: registry, queue: queue, client: client, diskSpace: diskSpace)
        if let verifier { VerifyGauges.register(in: registry, verifier: verifier) }
        let services = companions + gateway.services
        let group = ServiceGroup(configuration: settings(for: services))
        let outcome: Result<Void, any Error>
        do {
            outcome = .success(try await group.run())
        } catch {
            outcome = .failure(error)
        }
        queue.events.finish()
        await outbox?.close()
        await client.shutdown()
        await tokens?.close()
        await store.close()
        try outcome.get()
    }

    /// Asks Eskiz whether it would send the texts of codes.
    private func reviewTemplates(of verifier: Verifier, client: EskizClient) async {
        // A text of `ESKIZ_CODE_TEMPLATE` is the business of `self-test`.
        guard server.verify.templates != nil else { return }
        for template in verifier.configuration.templates.all {
            let text = server.verify.sample(of: template, normalizes: server.normalizes)
            guard let check = try? await client.check(text) else { return }
            guard check.canSend == false || check.isForbidden == true else { continue }
            logger.warning(
                "Eskiz would refuse a text of codes",
                metadata: ["template.name": "\(template.name)", "template.language": "\(template.language)"]
            )
        }
    }

    /// Makes and checks codes; nil where the store keeps no verifications.
    private func verifier(
        queue: MessageQueue,
        registry: PrometheusRegistry,
        normalizes: Bool
    ) async throws -> Verifier? {
        let settings = try server.verify.configuration(client: configuration, normalizes: normalizes)
        guard let verifications = store as? any VerificationStore else { return nil }
        return Verifier(
            configuration: settings,
            queue: queue,
            store: verifications,
            keys: try await Verifier.keys(configured: server.verify.keys, store: store),
            metrics: VerifyMetrics(factory: registry),
            tell: { [store, logger] closing, mode in
                logger.warning(
                    "Codes of a group are hardly ever entered: somebody may earn money by them",
                    metadata: [
                        "guard.mode": "\(mode.rawValue)", "guard.kind": "\(closing.group.kind)",
                        "guard.sent": "\(closing.figures.sent)", "guard.approved": "\(closing.figures.approved)",
                    ]
                )
                try? await store.audit(
                    AuditLine(
                        at: SystemKeeperClock().timestamp,
                        keyID: "gateway",
                        keyName: "gateway",
                        action: mode == .enforce ? "verify.close" : "verify.watch",
                        detail: closing.sentence
                    )
                )
            }
        )
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
        var queue = QueueConfiguration(owner: ProcessName.own, callbackURL: callbackURL)
        queue.boot = Self.boot
        // Others take over what a gateway that has died had in hand: soon, as each says every moment that it lives.
        if store.fleet != nil { queue.lease = .seconds(6) }
        queue.concurrency = server.concurrency
        queue.rateLimit = server.rateLimit
        queue.maximumWaiting = server.maximumWaiting
        queue.otpLifetime = server.otpLifetime
        queue.settleTime = server.settleTime
        queue.resendUnknown = server.resendUnknown
        queue.resendUnknownLimit = server.resendUnknownLimit
        queue.retention = server.retention
        queue.quietHours = server.quietHours
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

    /// Linux names each boot of the machine; elsewhere it has no name.
    private static var boot: String? {
        guard let text = try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8) else {
            return nil
        }
        let name = text.filter { !$0.isWhitespace }
        return name.isEmpty ? nil : name
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
