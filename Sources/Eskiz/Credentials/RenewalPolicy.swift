/// When a token is renewed, how often it may be tried, and how long anybody waits.
///
/// Plain arithmetic, no state.
///
/// The defaults suit a token of 30 days: it is renewed in the third week of its life, so that Eskiz's login may be
/// away for more than a week before anybody notices. Every window scales with the life of the token.
public struct RenewalPolicy: Sendable, Hashable {
    /// Share of a token's life after which it is renewed at the latest, while nothing is wrong.
    public var earlyShare: Double
    /// How much earlier than that a host may start, as a share of life; drawn once per token and host so that hosts
    /// without a common store do not renew together.
    public var earlySpread: Double
    /// This long before its end a token counts as dead, or a fiftieth of its life if that is shorter.
    public var hardMargin: Duration
    /// From the decision to renew to the last step of it.
    public var flightTimeout: Duration
    /// A token younger than this, or than a tenth of its life if that is shorter, that meets a 401 is tried once more
    /// before it is given up: a new token may not have reached every server of the provider yet.
    public var propagationGrace: Duration
    /// The pause before that second try is drawn from zero to this.
    ///
    /// Where no other try is left, it waits until a quarter of the grace is over, too.
    public var propagationPause: Duration
    /// Pause after the first failed early renewal; doubles with each.
    public var earlyBackoff: Backoff
    /// Pause after the first failed urgent renewal; doubles with each.
    public var urgentBackoff: Backoff
    /// Where Eskiz asks with `Retry-After` to wait with the next login or refresh, it is waited for no longer than this.
    public var longestRetryAfter: Duration
    /// Pauses after Eskiz refused e-mail and key, before the same ones are tried again without being told to.
    public var refusedLoginPauses: [Duration]
    /// Renewals in a burst, however many callers ask.
    public var budget: Int
    /// One more renewal is allowed after each of these, or after a quarter of the token's life if that is shorter.
    public var budgetInterval: Duration
    /// A token past its local end is tried once when it cannot be renewed: the local clock may be the one that is wrong.
    public var triesExpiredTokenInOutage: Bool

    /// The defaults.
    public static let `default` = RenewalPolicy()

    private init() {
        earlyShare = 0.7
        earlySpread = 0.1
        hardMargin = .seconds(60)
        flightTimeout = .seconds(75)
        propagationGrace = .seconds(10)
        propagationPause = .milliseconds(400)
        earlyBackoff = Backoff(first: .seconds(5), cap: .seconds(600), floor: .seconds(1))
        urgentBackoff = Backoff(first: .seconds(1), cap: .seconds(60), floor: .milliseconds(250))
        longestRetryAfter = .seconds(900)
        refusedLoginPauses = [.seconds(900), .seconds(3_600), .seconds(14_400), .seconds(86_400)]
        budget = 30
        budgetInterval = .seconds(2)
        triesExpiredTokenInOutage = true
    }

    /// The defaults with some of them changed.
    ///
    /// ```swift
    /// let policy = try RenewalPolicy { $0.earlyShare = 0.5 }
    /// ```
    /// - Throws: ``EskizError/Code/invalidConfiguration`` naming the field that cannot be right.
    public init(_ change: (inout RenewalPolicy) -> Void) throws(EskizError) {
        self.init()
        change(&self)
        try validate()
    }

    private func validate() throws(EskizError) {
        func require(_ condition: Bool, _ what: String) throws(EskizError) {
            guard condition else {
                throw EskizError(
                    .invalidConfiguration,
                    "Renewal policy: \(what).",
                    remedy: "Correct it where it is set."
                )
            }
        }
        try require(earlyShare > 0 && earlyShare < 1, "earlyShare must lie between 0 and 1")
        try require(earlySpread >= 0 && earlySpread < earlyShare, "earlySpread must lie between 0 and earlyShare")
        try require(hardMargin >= .zero, "hardMargin must not be negative")
        try require(flightTimeout > .zero, "flightTimeout must be positive")
        try require(propagationGrace >= .zero && propagationPause >= .zero, "propagation times must not be negative")
        try require(budget >= 1 && budgetInterval > .zero, "budget and budgetInterval must be positive")
        try require(longestRetryAfter >= .zero, "longestRetryAfter must not be negative")
        try require(!refusedLoginPauses.isEmpty, "refusedLoginPauses must name at least one pause")
        for backoff in [earlyBackoff, urgentBackoff] {
            try require(
                backoff.floor > .zero && backoff.first >= backoff.floor && backoff.cap >= backoff.first,
                "a back-off needs 0 < floor ≤ first ≤ cap"
            )
        }
    }
}

extension RenewalPolicy {
    /// An exponential pause with full jitter.
    public struct Backoff: Sendable, Hashable {
        /// Upper end of the first pause.
        public var first: Duration
        /// No pause is longer, unless the server asked for it with `Retry-After`.
        public var cap: Duration
        /// No pause is shorter.
        public var floor: Duration

        /// A back-off.
        public init(first: Duration, cap: Duration, floor: Duration) {
            self.first = first
            self.cap = cap
            self.floor = floor
        }

        /// The pause after a number of failures in a row (1 and up), drawn between the floor and the doubled first
        /// pause; at least what the server asked for with `Retry-After`.
        package func pause(
            afterFailures failures: Int,
            retryAfter: Duration? = nil,
            using random: inout some RandomNumberGenerator
        ) -> Int64 {
            let doublings = min(max(failures, 1) - 1, 32)
            let ceiling = min(first.nanoseconds.multipliedClamped(by: 1 << Int64(doublings)), cap.nanoseconds)
            let drawn = Int64.random(in: floor.nanoseconds...max(ceiling, floor.nanoseconds), using: &random)
            return max(drawn, retryAfter?.nanoseconds ?? 0)
        }
    }

    /// Where the windows of one token lie, in nanoseconds after its birth.
    package struct Windows: Sendable, Hashable {
        /// Renewal is wanted from here on.
        package let early: Int64
        /// The token counts as dead from here on.
        package let hard: Int64
        /// The token's own end.
        package let end: Int64
    }

    /// The windows of a token with this many nanoseconds of life.
    ///
    /// `0 < early < hard < end` for every life of at least a microsecond; for shorter, zero or negative lives all three
    /// are zero: dead from birth (token-keeper.md E3).
    /// `draw` is this host's draw for this token, from 0 to 1; it only moves renewal earlier (E4).
    package func windows(life: Int64, draw: Double) -> Windows {
        guard life >= 1_000 else { return Windows(early: 0, hard: 0, end: 0) }
        let hard = life - max(1, min(hardMargin.nanoseconds, life / 50))
        let share = earlyShare - earlySpread * min(max(draw, 0), 1)
        let early = min(max(Int64(Double(life) * share), 1), hard - 1)
        return Windows(early: early, hard: hard, end: life)
    }

    /// How many nanoseconds a token with this life is young.
    package func propagationGrace(life: Int64?) -> Int64 {
        min(propagationGrace.nanoseconds, life.map { max($0, 0) / 10 } ?? .max)
    }

    /// After how many nanoseconds one more renewal is allowed.
    ///
    /// Tokens that live for seconds have to be renewed as often; a tenth of a second is often enough for any.
    package func budgetInterval(life: Int64?) -> Int64 {
        min(budgetInterval.nanoseconds, life.map { max($0 / 4, 100_000_000) } ?? .max)
    }

    /// How long the same refused e-mail and key are left alone after being refused a number of times in a row.
    package func refusedLoginPause(afterRefusals count: Int) -> Int64 {
        refusedLoginPauses[min(max(count, 1), refusedLoginPauses.count) - 1].nanoseconds
    }
}
