import Eskiz
import EskizGateway
import EskizHTTP
import EskizQueue
import EskizQueueTesting
import Logging

/// The gateway's own handler when it only answers: the same routes, keys, checks and answers, with the messages in memory
/// and nobody who sends them.
///
/// What the disk costs is what lies between this and `eskiz serve`.
struct ForgetfulGateway {
    let port: Int
    let key: String

    func run() async throws {
        var logger = Logger(label: "forgetful")
        logger.logLevel = .error
        let clock = SystemKeeperClock()
        let store = MemoryMessageStore()
        let client = try EskizClient(
            configuration: EskizConfiguration(token: "none", baseURL: "http://127.0.0.1:9/api"),
            logger: logger
        )
        var dependencies = GatewayDependencies(
            queue: MessageQueue(store: store, configuration: QueueConfiguration(owner: "benchmark"), clock: clock),
            client: client,
            keys: APIKeys(configured: [key], store: store, now: { clock.timestamp }, logger: logger),
            callbackSecret: try await CallbackSecret.load(from: store)
        )
        dependencies.onListening = { say("listening \($0.url)") }
        try await buildGateway(GatewayConfiguration(port: port), dependencies, logger: logger).server.run()
    }
}
