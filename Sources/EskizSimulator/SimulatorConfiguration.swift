package import EskizHTTP

/// How a simulator is started.
package struct SimulatorConfiguration: Sendable {
    /// Where it listens; port 0 picks a free one.
    package var place: ServerPlace
    /// How long a token lives, in whole seconds; at the real provider 30 days.
    package var tokenLifetime: Duration
    /// The newest messages that are kept.
    package var messageLimit: Int
    /// Makes ids, chances and delays repeatable; nil draws a new seed.
    package var seed: UInt64?
    /// Opens the control API to other machines that show it; nil keeps it to this one.
    package var controlToken: String?
    /// Hosts that delivery reports may go to, besides this machine.
    package var callbackHosts: Set<String> = []

    /// A simulator on 127.0.0.1:9080 with tokens that live 30 days.
    package init(
        place: ServerPlace,
        tokenLifetime: Duration = .seconds(30 * 86_400),
        messageLimit: Int = 100_000,
        seed: UInt64? = nil,
        controlToken: String? = nil
    ) {
        self.place = place
        self.tokenLifetime = tokenLifetime
        self.messageLimit = messageLimit
        self.seed = seed
        self.controlToken = controlToken
    }

    /// One on a port of this machine.
    package init(
        port: Int = 9_080,
        tokenLifetime: Duration = .seconds(30 * 86_400),
        messageLimit: Int = 100_000,
        seed: UInt64? = nil,
        controlToken: String? = nil
    ) {
        self.init(
            place: ServerPlace(ListenAddress(host: "127.0.0.1", port: port)),
            tokenLifetime: tokenLifetime,
            messageLimit: messageLimit,
            seed: seed,
            controlToken: controlToken
        )
    }
}
