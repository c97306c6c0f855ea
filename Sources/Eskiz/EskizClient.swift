import Configuration
public import Logging

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Eskiz.uz from Swift.
///
/// The bearer token renews itself, ahead of time and after a 401, and the message that met the 401 is sent again; the
/// caller sees nothing of it.
///
/// ```swift
/// let eskiz = try EskizClient.fromEnvironment()
/// let sent = try await eskiz.send("Kodingiz: 123456", to: "+998901234567")
/// ```
///
/// One client serves a whole process: it is safe to use from anywhere at once, shares connections, and renews the token
/// once for all callers. Call ``shutdown()`` when it is no longer needed, or use
/// ``withEskizClient(configuration:transport:logger:_:)``.
///
/// Every call either does what it says or throws an ``EskizError``. Whether a message that failed may be sent again is
/// never a guess: see ``EskizError/mayRepeat`` and ``EskizError/isOutcomeUnknown``.
public final class EskizClient: Sendable {
    /// What the client was made with.
    public let configuration: EskizConfiguration
    let pipeline: RequestPipeline
    let keeper: TokenKeeper
    let transport: any HTTPTransport
    let observer: CallObserver
    let clock: any KeeperClock
    let random: @Sendable () -> UInt64
    /// How far Eskiz's clock is from ours.
    package let providerClock = ProviderClockWatch()

    /// A client.
    ///
    /// - Parameters:
    ///   - configuration: account, address, sender and the rest.
    ///   - transport: the network; AsyncHTTPClient unless given. `ScriptedTransport` of `EskizTesting` stands in for
    ///     it in tests.
    ///   - logger: where it logs; one with the label `eskiz` unless given.
    /// - Throws: ``EskizError`` with the code `invalid_configuration`.
    public convenience init(
        configuration: EskizConfiguration,
        transport: (any HTTPTransport)? = nil,
        logger: Logger? = nil
    ) throws(EskizError) {
        try self.init(
            configuration: configuration,
            transport: transport,
            logger: logger,
            clock: SystemKeeperClock(),
            random: { UInt64.random(in: 0 ... .max) }
        )
    }

    /// A client with a connection for each of so many messages that are sent at a time.
    ///
    /// None of them waits for a connection, however slow Eskiz is; whoever shares capacity out among them can rely on it.
    package convenience init(
        configuration: EskizConfiguration,
        concurrency: Int,
        store: (any TokenStore)? = nil,
        logger: Logger
    ) throws(EskizError) {
        let transport = AsyncHTTPClientTransport(
            proxy: configuration.proxy,
            connectTimeout: Self.connectTimeout(configuration),
            trustRoots: configuration.trustRoots,
            // What is asked beside sending has as many as everybody else.
            connectionLimit: concurrency + AsyncHTTPClientTransport.connectionLimit
        )
        try self.init(
            configuration: configuration,
            transport: transport,
            logger: logger,
            store: store,
            clock: SystemKeeperClock(),
            random: { UInt64.random(in: 0 ... .max) }
        )
    }

    /// A client whose token is kept where its maker says; nil for where the configuration says.
    package convenience init(
        configuration: EskizConfiguration,
        store: (any TokenStore)?,
        logger: Logger
    ) throws(EskizError) {
        try self.init(
            configuration: configuration,
            transport: nil,
            logger: logger,
            store: store,
            clock: SystemKeeperClock(),
            random: { UInt64.random(in: 0 ... .max) }
        )
    }

    /// A black hole is told from a slow answer.
    private static func connectTimeout(_ configuration: EskizConfiguration) -> Duration {
        min(.seconds(10), configuration.timeout)
    }

    /// A client whose token store, time and randomness come from outside.
    package init(
        configuration: EskizConfiguration,
        transport: (any HTTPTransport)?,
        logger: Logger?,
        store: (any TokenStore)? = nil,
        clock: any KeeperClock,
        random: @escaping @Sendable () -> UInt64
    ) throws(EskizError) {
        try configuration.validate()
        let logger = logger ?? Logger(label: "eskiz")
        let transport =
            transport
            ?? AsyncHTTPClientTransport(
                proxy: configuration.proxy,
                connectTimeout: Self.connectTimeout(configuration),
                trustRoots: configuration.trustRoots
            )
        if configuration.baseURL.isInsecure {
            logger.warning(
                "Token and texts travel in clear: plain http to a host of ESKIZ_INSECURE_HOSTS, for development only",
                metadata: [LogKeys.serverAddress: "\(configuration.baseURL.host)"]
            )
        }
        self.configuration = configuration
        self.transport = transport
        self.clock = clock
        self.random = random
        observer = CallObserver(logger: logger, serverAddress: configuration.baseURL.host)
        keeper = TokenKeeper(
            configuration: configuration,
            transport: transport,
            store: store,
            clock: clock,
            randomSeed: random(),
            observer: KeeperObserver(logger: logger)
        )
        pipeline = RequestPipeline(
            keeper: keeper,
            transport: transport,
            baseURL: configuration.baseURL,
            timeout: configuration.timeout,
            clock: clock,
            resendTrigger: configuration.resendTrigger,
            providerClock: providerClock
        )
    }

    /// A client from the process environment: `ESKIZ_TOKEN`, `ESKIZ_EMAIL`, `ESKIZ_PASSWORD` and the rest, each secret
    /// also from the file that `<NAME>_FILE` names; see ``EskizConfiguration/init(reader:environment:)``.
    ///
    /// - Parameter logger: where it logs; one with the label `eskiz` unless given.
    /// - Returns: a client.
    /// - Throws: ``EskizError`` with the code `invalid_configuration`, naming every setting that cannot be used.
    public static func fromEnvironment(logger: Logger? = nil) throws(EskizError) -> EskizClient {
        let environment = ProcessInfo.processInfo.environment
        let settings = EnvironmentVariablesProvider(environmentVariables: environment).prefixKeys(with: "eskiz")
        let reader = ConfigReader(providers: [settings, SecretFileProvider(upstream: settings)])
        let configuration = try EskizConfiguration(reader: reader, environment: environment)
        return try EskizClient(configuration: configuration, logger: logger)
    }

    /// Ends background work, lets a renewal that is under way finish, and closes connections.
    ///
    /// The client is not used afterwards.
    public func shutdown() async {
        await keeper.shutdown()
        await transport.shutdown()
    }

    /// One read: a failure is an error, and the answer is read by `decode`.
    func read<Value>(
        _ operation: Operation,
        _ request: EndpointRequest,
        quiet: Set<EskizError.Code> = [],
        _ decode: (TransportResponse) throws(EskizError) -> Value
    ) async throws(EskizError) -> Value {
        try await observer.observe(operation, quiet: quiet) { () async throws(EskizError) -> Value in
            let response = try await pipeline.execute(request)
            if let failure = ProviderFailure.of(response) { throw failure }
            return try decode(response)
        }
    }

    /// The commonest read: JSON of a known shape.
    func read<Value: Decodable>(
        _ operation: Operation,
        _ request: EndpointRequest,
        as type: Value.Type
    ) async throws(EskizError) -> Value {
        try await read(operation, request) { (response) throws(EskizError) in
            try WireCoding.decode(type, from: response)
        }
    }
}

/// Makes a client, keeps its token fresh while `body` runs, and shuts it down.
///
/// ```swift
/// try await withEskizClient(configuration: configuration) { eskiz in
///     try await eskiz.send("Salom", to: "+998901234567")
/// }
/// ```
///
/// - Parameters:
///   - configuration: account, address, sender and the rest.
///   - transport: the network; AsyncHTTPClient unless given.
///   - logger: where it logs; one with the label `eskiz` unless given.
///   - body: what to do with the client.
/// - Returns: what `body` returned.
/// - Throws: what `body` threw, or ``EskizError`` with the code `invalid_configuration`.
public func withEskizClient<Result>(
    configuration: EskizConfiguration,
    transport: (any HTTPTransport)? = nil,
    logger: Logger? = nil,
    _ body: (EskizClient) async throws -> Result
) async throws -> Result {
    let client = try EskizClient(configuration: configuration, transport: transport, logger: logger)
    // Cancelled and awaited when this scope ends.
    async let _ = client.run()
    do {
        let result = try await body(client)
        await client.shutdown()
        return result
    } catch {
        await client.shutdown()
        throw error
    }
}
