package import EskizHTTP

/// How the gateway answers; what it sends by is `QueueConfiguration`.
package struct GatewayConfiguration: Sendable {
    /// Where it listens; port 0 picks a free one.
    package var place: ServerPlace
    /// Applied when a message does not say: Uzbek Latin is rewritten so that it costs less (gateway.md §f2).
    package var normalizesByDefault: Bool
    /// Webhooks may go to private and link-local addresses.
    package var allowsPrivateWebhooks: Bool
    /// Webhooks may go to this machine: for development, where Eskiz itself is a simulator on it.
    package var allowsLoopbackWebhooks: Bool
    /// How long a client of Eskiz's API waits for Eskiz's answer before it is told that there is none.
    package var answerPatience: Duration
    /// How long tokens live that we issue to clients of Eskiz's API.
    package var clientTokenLifetime: Duration
    /// On Eskiz's API, a `user_sms_id` that comes again for its phone and text within a day means the message it was.
    package var repeatsByUserSMSID = true
    /// Below which page and APIs are reached through a proxy.
    package var basePath = BasePath.root
    /// What Supabase signs its requests to send a code with; without any the path is not there.
    package var supabaseSecrets: [WebhookSecret] = []
    /// When the disk of the database is too full to take more.
    package var diskWatermark: DiskWatermark

    package init(
        place: ServerPlace = ServerPlace(ListenAddress(host: "127.0.0.1", port: 8080)),
        normalizesByDefault: Bool = true,
        allowsPrivateWebhooks: Bool = false,
        allowsLoopbackWebhooks: Bool = false,
        answerPatience: Duration = .seconds(40),
        clientTokenLifetime: Duration = .seconds(30 * 86_400),
        diskWatermark: DiskWatermark = DiskWatermark()
    ) {
        self.place = place
        self.normalizesByDefault = normalizesByDefault
        self.allowsPrivateWebhooks = allowsPrivateWebhooks
        self.allowsLoopbackWebhooks = allowsLoopbackWebhooks
        self.answerPatience = answerPatience
        self.clientTokenLifetime = clientTokenLifetime
        self.diskWatermark = diskWatermark
    }

    /// The defaults on a port of this machine.
    package init(port: Int, normalizesByDefault: Bool = true) {
        self.init(
            place: ServerPlace(ListenAddress(host: "127.0.0.1", port: port)),
            normalizesByDefault: normalizesByDefault
        )
    }
}
