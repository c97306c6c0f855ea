/// How a simulator is started.
package struct SimulatorConfiguration: Sendable {
    /// The address to listen on.
    package var host: String
    /// The port to listen on; 0 picks a free one.
    package var port: Int
    /// How long a token lives, in whole seconds; at the real provider 30 days.
    package var tokenLifetime: Duration
    /// The newest messages that are kept.
    package var messageLimit: Int
    /// Makes ids, chances and delays repeatable; nil draws a new seed.
    package var seed: UInt64?

    /// A simulator on 127.0.0.1:9080 with tokens that live 30 days.
    package init(
        host: String = "127.0.0.1",
        port: Int = 9_080,
        tokenLifetime: Duration = .seconds(30 * 86_400),
        messageLimit: Int = 100_000,
        seed: UInt64? = nil
    ) {
        self.host = host
        self.port = port
        self.tokenLifetime = tokenLifetime
        self.messageLimit = messageLimit
        self.seed = seed
    }
}
