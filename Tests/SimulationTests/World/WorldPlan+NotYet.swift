import Eskiz
import EskizQueueTesting

extension WorldPlan {
    /// What the gateway does not bear yet, and worlds therefore leave out: one line for each, gone when it is mended.
    ///
    /// `ESKIZ_WORLD_ALL=1` leaves out nothing, `ESKIZ_WORLD_WITH=clockSteps,rateLimit` all but these.
    struct NotYet: OptionSet, Sendable {
        let rawValue: Int

        /// Rows and reports that bear our number and are not about our message; two installations with the same numbers.
        static let foreignMessages = NotYet(rawValue: 1 << 0)
        /// Eskiz's clock is not ours.
        static let providerClock = NotYet(rawValue: 1 << 1)
        /// The clock of the machine is set while the gateway runs.
        static let clockSteps = NotYet(rawValue: 1 << 2)
        /// A `Retry-After` of more than a few seconds.
        static let longRetryAfter = NotYet(rawValue: 1 << 3)
        /// A mailing before a code, with a rate limit.
        static let rateLimit = NotYet(rawValue: 1 << 4)
        /// Messages are forgotten sooner than receivers of webhooks come back.
        static let shortRetention = NotYet(rawValue: 1 << 5)
        /// Eskiz takes no token, new or old.
        static let refusedTokens = NotYet(rawValue: 1 << 6)
        /// An outcome that stays unclear is repeated again and again.
        static let blindRepeats = NotYet(rawValue: 1 << 7)
        /// A call of the store that fails has been written all the same.
        static let failingAfterwards = NotYet(rawValue: 1 << 8)

        /// By what it is called here.
        static let names: [String: NotYet] = [
            "foreignMessages": .foreignMessages, "providerClock": .providerClock, "clockSteps": .clockSteps,
            "longRetryAfter": .longRetryAfter, "rateLimit": .rateLimit, "shortRetention": .shortRetention,
            "refusedTokens": .refusedTokens, "blindRepeats": .blindRepeats, "failingAfterwards": .failingAfterwards,
        ]

        /// As things are.
        static let today: NotYet = [
            .providerClock, .clockSteps, .longRetryAfter, .rateLimit, .shortRetention, .failingAfterwards,
        ]
    }

    /// The same world without what the gateway does not bear yet.
    func without(_ notYet: NotYet) -> WorldPlan {
        var plan = self
        if notYet.contains(.foreignMessages) {
            plan.provider.hasForeignRows = false
            plan.provider.hasForgedReports = false
            plan.installations.removeLast(plan.installations.count - 1)
        }
        if notYet.contains(.providerClock) {
            plan.provider.clockOffset = .zero
            plan.provider.clockDrift = 0
            plan.provider.clockSteps = []
        }
        if notYet.contains(.longRetryAfter) { plan.provider.retryAfter = ["1"] }
        if notYet.contains(.refusedTokens) { plan.provider.takesNoToken = 0..<0 }
        for index in plan.installations.indices {
            if notYet.contains(.providerClock) {
                plan.installations[index].clockOffset = .zero
                plan.installations[index].clockDrift = 0
            }
            if notYet.contains(.clockSteps) { plan.installations[index].clockSteps = [] }
            if notYet.contains(.rateLimit) { plan.installations[index].rateLimit = nil }
            if notYet.contains(.shortRetention) { plan.installations[index].retention = nil }
            if notYet.contains(.failingAfterwards) {
                plan.installations[index].disk.removeAll { $0.kind == .failingAfterwards }
            }
        }
        return plan
    }
}
