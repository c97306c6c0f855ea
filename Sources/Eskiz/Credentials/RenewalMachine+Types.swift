extension RenewalMachine {
    package typealias WaiterID = UInt64
    package typealias FlightID = UInt64

    /// What a request remembers of the moment it was signed (token-keeper.md §5.1).
    package struct Stamp: Sendable, Hashable {
        package var generation: UInt64
        package var fingerprint: TokenFingerprint
        /// How many urgent flights had ended.
        package var runs: UInt64

        package init(generation: UInt64, fingerprint: TokenFingerprint, runs: UInt64) {
            self.generation = generation
            self.fingerprint = fingerprint
            self.runs = runs
        }
    }

    /// Why a flight was started.
    package enum Reason: String, Sendable, CaseIterable {
        /// First use in this process.
        case start
        /// In good time, while the old token still works.
        case early
        /// The token's own end has come.
        case expired
        /// Eskiz answered 401.
        case rejected
        /// Somebody asked for it.
        case byHand = "by_hand"
        /// Only to store what could not be stored before.
        case persist
        /// Only to see whether another process has renewed the token, while this one waits before it tries again.
        case look

        /// Whether a flight for it asks Eskiz for a token.
        var makesCall: Bool { self != .persist && self != .look }
    }

    package enum Event: Sendable {
        /// A request wants a token to be signed with.
        case request(WaiterID, deadline: Int64)
        /// A request met a 401. Without a waiter nobody wants to try again.
        ///
        /// It is the last try of a request if the token is already the one that replaced another.
        case rejected(Stamp, WaiterID?, deadline: Int64, hasRetriedYoung: Bool, isLast: Bool = false)
        /// Eskiz did what a request with this stamp asked for.
        case accepted(Stamp)
        /// A new token, now; by login if told so.
        case renew(WaiterID, byLogin: Bool, deadline: Int64)
        /// A new token if it is due.
        case renewIfDue(WaiterID, deadline: Int64)
        case cancelled(WaiterID)
        /// A wake-up that was asked for.
        case tick
        /// From now on (or no longer) the token is to be kept fresh without any traffic.
        case keepFresh(Bool)
        case flight(FlightID, FlightEvent)
        case shutdown
    }

    package enum FlightEvent: Sendable {
        case read(StoredToken, login: LoginFacts?)
        case locked(waited: Int64)
        case lockBusy
        case storeUnreachable(String)
        case answered(CredentialAnswer)
        case published
        case superseded(StoredToken)
        case publishFailed(String)
    }

    /// What the machine has to know about e-mail and key: no more than whether they changed.
    package struct LoginFacts: Sendable, Hashable {
        package var credentials: String
        package var account: String

        package init(credentials: String, account: String) {
            self.credentials = credentials
            self.account = account
        }
    }

    /// The next thing a flight does; exactly one event comes back for each.
    package enum Step: Sendable {
        case read
        case lock(deadline: Int64)
        /// With a way out, another call can take over from one that is not answered.
        case refresh(BearerToken, hasFallback: Bool)
        case logIn(hasFallback: Bool)
        case publish(TokenRecord, replacing: UInt64)
    }

    /// Boxed, as the rare effects are: a renewal gives one answer to ten thousand waiters at once.
    package indirect enum Answer: Sendable {
        case use(BearerToken, Stamp)
        /// Try once more with the same token after a pause.
        case useAfter(BearerToken, Stamp, pause: Int64)
        case fail(EskizError)
    }

    package enum Effect: Sendable {
        indirect case start(FlightID, Step)
        indirect case next(FlightID, Step)
        /// The flight is overdue: its task is cancelled, and what it still answers counts for nothing.
        case abandon(FlightID)
        case answer(WaiterID, Answer)
        /// Everybody who waited gets the same: ten thousand at once, without an effect for each.
        case answerAll([WaiterID: Waiter].Keys, Answer)
        indirect case emit(KeeperEvent)
    }

    /// The token in memory and all that is decided about it.
    package struct Held: Sendable {
        package var token: BearerToken
        package var generation: UInt64
        package var receivedWall: Int64
        package var serverOffset: Int64
        package var grewFrom: TokenFingerprint?
        /// On the elapsed clock; nil if the token does not say.
        package var earlyAt: Int64?
        package var deadAt: Int64?
        package var endAt: Int64?
        package var youngUntil: Int64
        /// From here on every server of the provider is expected to know it; before, a 401 tells little.
        package var settledAt: Int64 = .min
        package var life: Int64?
        package var isRejected = false
        /// Eskiz has done something for it.
        package var hasWorked = false
    }

    /// The token before the one that is held, as far as late 401s tell something about it.
    struct Predecessor: Sendable {
        var fingerprint: TokenFingerprint
        /// On the elapsed clock.
        var endAt: Int64
        /// What ended its time: a login, or a refresh.
        var byLogin: Bool
    }

    /// No new token is asked for by itself until then.
    package struct Hold: Sendable {
        package var left: Duration
        package var code: EskizError.Code
    }

    struct Failure: Sendable {
        var error: EskizError
        var run: UInt64
        var generation: UInt64
    }

    package struct Waiter: Sendable {
        var deadline: Int64
        /// Wants a call, or at least a newer token than there was.
        var wantsRenewal: Bool
        var demand = Demand.automatic
        /// May be answered with a token past its local end.
        var acceptsExpired: Bool
    }
}

/// What happened to the token: one event for each change, for logs, metrics and whoever listens.
package enum KeeperEvent: Sendable {
    case loaded(generation: UInt64, TokenFingerprint)
    case adopted(generation: UInt64, TokenFingerprint)
    case renewed(generation: UInt64, TokenFingerprint, byLogin: Bool, RenewalMachine.Reason)
    case renewalStarted(RenewalMachine.Reason)
    case renewalFailed(RenewalMachine.Reason, EskizError, nextTry: Duration?)
    case refreshRefused(EskizError)
    case expired(generation: UInt64)
    case rejected(generation: UInt64, TokenFingerprint)
    case replayed(generation: UInt64)
    case triedAgain(generation: UInt64)
    case expiredTokenUsed(generation: UInt64)
    case lockWaited(Duration)
    case storeDegraded(String)
    case storeRecovered
    case storeDistrusted(String)
    case loginRefused(EskizError, pause: Duration)
    case loginHeldBack(Duration)
    case newTokensRejected
    /// One token after another dies long before its end: somebody else logs in with the same account (D5).
    case mutualInvalidation
    case seedIgnored
    case willFail(in: Duration)
    /// Eskiz did something for the first time that its guide does not say.
    case traitSeen(ServerTrait)
}

extension KeeperEvent {
    /// The token there is has come to its end.
    var endsToken: Bool {
        switch self {
        case .expired, .rejected: true
        default: false
        }
    }
}
