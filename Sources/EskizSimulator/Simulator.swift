import AsyncHTTPClient
package import EskizHTTP
import HTTPTypes
import HummingbirdCore
package import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The provider on your desk: Eskiz's API with an inbox, delivery reports and scripted faults, on one loopback port.
package struct Simulator: Sendable {
    private let configuration: SimulatorConfiguration
    private let logger: Logger

    package init(configuration: SimulatorConfiguration = SimulatorConfiguration(), logger: Logger) {
        self.configuration = configuration
        self.logger = logger
    }

    /// Serves until the task is cancelled or a graceful shutdown is asked for, and then finishes what is in flight.
    ///
    /// - Parameter onListening: Called once with the address, when connections are accepted.
    /// - Throws: ``SimulatorFailure``, or what the system says when it cannot listen for another reason.
    package func run(
        onListening: @escaping @Sendable (ListenAddress) async -> Void = { _ in }
    ) async throws {
        let mint = await TokenMint()
        let responder = ProviderResponder(
            configuration: .init(tokenLifetime: configuration.tokenLifetime, messageLimit: configuration.messageLimit),
            seed: configuration.seed ?? .random(in: .min ... .max),
            realTime: ProviderResponder.systemTime
        )
        let client = CallbackDeliverer.makeClient()
        let courier = CallbackDeliverer(
            responder: responder,
            client: client,
            hosts: CallbackHosts(configuration.callbackHosts)
        )
        do {
            try await configuration.place.serve(logger: logger, onListening: onListening) { address, whenBound in
                let server = try makeServer(
                    responder: responder,
                    mint: mint,
                    courier: courier,
                    at: address,
                    whenBound: whenBound
                )
                try await serve([Clockwork(responder: responder), courier, server])
            }
            try await client.shutdown()
        } catch {
            try? await client.shutdown()
            if let failure = error as? IOError, failure.errnoCode == EADDRINUSE { throw SimulatorFailure.addressInUse }
            throw error
        }
    }

    private func makeServer(
        responder: ProviderResponder,
        mint: TokenMint,
        courier: CallbackDeliverer,
        at address: BindAddress,
        whenBound: @escaping @Sendable (any Channel) async -> Void
    ) throws -> any Service {
        let routes = try SimulatorRoutes(
            responder: responder,
            mint: mint,
            courier: courier,
            controlToken: configuration.controlToken
        )
        let limits = configuration.place.limits
        let http = HTTP1Channel.Configuration(
            additionalChannelHandlers: [ConnectionPersistence(), ConnectionDeadlines(limits), DepartureHandler()]
        )
        return try HTTPServerBuilder.http1(configuration: http).buildServer(
            configuration: ServerConfiguration(address: address, backlog: 1_024),
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton,
            logger: logger
        ) { request, writer, channel in
            try await routes.respond(Connection(request: request, writer: writer, channel: channel))
        } onServerRunning: {
            await whenBound($0)
        }
    }

    /// Runs the services as one group, and turns cancellation into a graceful stop.
    private func serve(_ services: [any Service]) async throws {
        var settings = ServiceGroupConfiguration(services: services, logger: logger)
        settings.maximumGracefulShutdownDuration = .seconds(5)
        let group = ServiceGroup(configuration: settings)
        // Unstructured, because a child would be cut off by the cancellation that must only begin the stop. The task ends
        // with the group, and this function waits for it.
        let running = Task { try await group.run() }
        try await withTaskCancellationHandler {
            try await running.value
        } onCancel: {
            Task { await group.triggerGracefulShutdown() }
        }
    }
}

/// Why a simulator did not start.
package enum SimulatorFailure: Error, Sendable {
    /// Another process listens on that port.
    case addressInUse
}

/// The doors of the simulator: the provider's API, the control API, the pages.
struct SimulatorRoutes: Sendable {
    let responder: ProviderResponder
    private let api: APIRoutes
    private let control: ControlRoutes
    private let pages: PageRoutes

    init(responder: ProviderResponder, mint: TokenMint, courier: CallbackDeliverer, controlToken: String?) throws {
        self.responder = responder
        api = APIRoutes(responder: responder, mint: mint, courier: courier)
        control = ControlRoutes(responder: responder, mint: mint, controlToken: controlToken)
        pages = try PageRoutes(responder: responder)
    }

    @concurrent
    func respond(_ connection: consuming Connection) async throws {
        let path = connection.request.uri.path
        if let route = Endpoint.route(ofPath: path) { return try await api.respond(connection, route: route) }
        let segments = path.split(separator: "/").map(String.init)
        if segments.first == "_simulator" {
            return try await control.respond(connection, path: Array(segments.dropFirst()))
        }
        if PageRoutes.isPage(segments) { return try await pages.respond(connection, path: segments) }
        _ = try await connection.body()
        try await connection.write(.notFound, date: responder.httpDate)
    }
}

/// Runs a simulator on a free loopback port for as long as `body` takes, and gives `body` its base URL,
/// for example `http://127.0.0.1:40123`.
///
/// ```swift
/// try await withRunningSimulator { baseURL in
///     let eskiz = try EskizClient(configuration: .init(…, baseURL: "\(baseURL)/api"))
/// }
/// ```
package func withRunningSimulator<Result: Sendable>(
    configuration: SimulatorConfiguration = SimulatorConfiguration(port: 0),
    logger: Logger = Logger(label: "eskiz.simulator"),
    body: @escaping @Sendable (_ baseURL: String) async throws -> Result
) async throws -> Result {
    let (addresses, continuation) = AsyncStream.makeStream(of: String.self)
    return try await withThrowingTaskGroup(of: Result?.self) { group in
        group.addTask {
            defer { continuation.finish() }
            try await Simulator(configuration: configuration, logger: logger).run { address in
                continuation.yield(address.url)
            }
            return nil
        }
        group.addTask {
            for await address in addresses { return try await body(address) }
            return nil
        }
        defer { group.cancelAll() }
        while let finished = try await group.next() {
            if let result = finished { return result }
        }
        throw CancellationError()
    }
}
