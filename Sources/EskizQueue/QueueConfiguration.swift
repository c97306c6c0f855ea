/// How the queue works: limits, times and policies, with the defaults of the command.
package struct QueueConfiguration: Sendable {
    /// Who we are to the other hosts of a fleet: unique to this process.
    package var owner: String
    /// The boot of the machine, so that steps of its clock between two processes are noticed; nil if it has no name.
    package var boot: String?
    /// Requests to Eskiz at the same time.
    package var concurrency = 96
    /// The share of these that only `otp` may use.
    package var otpReserve = 0.25
    /// Messages a second; nil for no limit but the concurrency.
    package var rateLimit: Double?
    /// More waiting messages than this are refused (429).
    package var maximumWaiting = 2_000_000
    /// How long a claim is believed in without being prolonged.
    package var lease: Duration = .seconds(30)
    /// How long a code is worth sending when nobody says otherwise (gateway.md §c3).
    package var otpLifetime: Duration = .seconds(120)
    /// How long Eskiz's list may lag behind: an unknown is looked for from then on, and not taken if it is missing twice.
    package var settleTime: Duration = .seconds(60)
    /// Lanes whose messages are sent again when Eskiz certainly does not have them after an unclear outcome.
    package var resendUnknown: Set<Lane> = [.otp, .transactional]
    /// How many times a message is sent again after an unclear outcome; then a person has to decide.
    package var resendUnknownLimit = 1
    /// When to ask for the first time how a message fares, if nobody has told: with and without callbacks.
    package var firstReport: (withCallbacks: Duration, without: Duration) = (.seconds(60), .seconds(3))
    /// After this long without a last word nobody asks any more.
    package var reportPatience: Duration = .seconds(72 * 3600)
    /// How long messages are kept after their end.
    package var retention: Duration = .seconds(30 * 86_400)
    /// When no message of the lane `bulk` leaves; nil for never.
    package var quietHours: QuietHours?
    /// How long a stop may wait for what is in flight.
    package var grace: Duration = .seconds(20)
    /// Where Eskiz posts delivery reports, secret path included; nil for none.
    ///
    /// Asked for each send, because a server that picks its own port knows its address late.
    package var callbackURL: @Sendable () -> String?

    package init(owner: String, callbackURL: @escaping @Sendable () -> String? = { nil }) {
        self.owner = owner
        self.callbackURL = callbackURL
    }
}
