package import Logging
import Metrics
import Synchronization

/// Says what happened to the token: a log line, a counter, and whoever else listens.
package struct KeeperObserver: Sendable {
    package enum Call: String, Sendable, CaseIterable {
        case login, refresh
    }

    private let logger: Logger
    private let listener: (@Sendable (KeeperEvent) -> Void)?
    private let renewals: [Bool: Counter]
    private let failures: Counter
    private let rejections: Counter
    private let replays: Counter
    private let generation: Gauge
    private let expires: Gauge
    private let lastRenewal: Gauge
    private let failuresInARow: Gauge
    private let failureRun = FailureRun()
    private let past = Past()
    private let calls: [String: Counter]
    private let latency: [Call: Metrics.Timer]
    private let wait: Metrics.Timer

    /// How many renewals have failed since the last one that did not.
    private final class FailureRun: Sendable {
        let count = Atomic<Int>(0)
    }

    /// What the last renewals came to.
    private final class Past: Sendable {
        let history = Mutex(RenewalHistory())
    }

    /// What the last renewals came to.
    package var history: RenewalHistory { past.history.withLock { $0 } }

    package init(logger: Logger, listener: (@Sendable (KeeperEvent) -> Void)? = nil) {
        self.logger = logger
        self.listener = listener
        renewals = [
            false: Counter(label: MetricNames.renewals, dimensions: [("by", "refresh")]),
            true: Counter(label: MetricNames.renewals, dimensions: [("by", "login")]),
        ]
        failures = Counter(label: MetricNames.renewalFailures)
        rejections = Counter(label: MetricNames.tokenRejections)
        replays = Counter(label: MetricNames.replays)
        generation = Gauge(label: MetricNames.tokenGeneration)
        expires = Gauge(label: MetricNames.tokenExpires)
        lastRenewal = Gauge(label: MetricNames.lastRenewal)
        failuresInARow = Gauge(label: MetricNames.renewalFailuresInARow)
        wait = Metrics.Timer(label: MetricNames.tokenWait)
        latency = Dictionary(
            uniqueKeysWithValues: Call.allCases.map {
                ($0, Metrics.Timer(label: MetricNames.credentialCallDuration, dimensions: [("call", $0.rawValue)]))
            }
        )
        calls = Dictionary(
            uniqueKeysWithValues: Call.allCases.flatMap { call in
                CallResult.allCases.map { result in
                    (
                        Self.name(call, result),
                        Counter(
                            label: MetricNames.credentialCalls,
                            dimensions: [("call", call.rawValue), ("result", result.rawValue)]
                        )
                    )
                }
            }
        )
    }

    /// What came of a credential call, for metrics.
    private enum CallResult: String, CaseIterable {
        case issued, refused, failed
        case withoutToken = "without_token"
        /// Not made at all, so that the account is not locked.
        case heldBack = "held_back"

        init(_ answer: CredentialAnswer) {
            switch answer {
            case .issued: self = .issued
            case .refused: self = .refused
            case .withoutToken: self = .withoutToken
            case .failed: self = .failed
            }
        }
    }

    private static func name(_ call: Call, _ result: CallResult) -> String {
        "\(call.rawValue) \(result.rawValue)"
    }

    func timed(_ call: Call, _ body: () async -> CredentialAnswer) async -> CredentialAnswer {
        let start = ContinuousClock.now
        let answer = await body()
        latency[call]?.recordNanoseconds(start.duration(to: .now).nanoseconds)
        calls[Self.name(call, CallResult(answer))]?.increment()
        return answer
    }

    /// How long a caller that found no fresh token waited for one.
    func waited(_ duration: Duration) {
        wait.recordNanoseconds(duration.nanoseconds)
    }

    /// Another token is held than before.
    func observe(_ token: BearerToken) {
        if let end = token.claims?.expiresAt { expires.record(end) }
    }

    /// - Parameters:
    ///   - event: what happened.
    ///   - wall: when, in nanoseconds since 1970 on the local wall clock.
    package func observe(_ event: KeeperEvent, at wall: Int64) {
        count(event, at: wall)
        past.history.withLock { $0.note(event, at: wall) }
        log(event)
        listener?(event)
    }

    /// Failures that have an event of their own, which is logged: one failure, one line.
    private static let saidByItself: Set<EskizError.Code> = [.credentialsRefused, .accountBlocked]

    private func count(_ event: KeeperEvent, at wall: Int64) {
        switch event {
        case .renewed, .adopted:
            failureRun.count.store(0, ordering: .relaxed)
            failuresInARow.record(0)
            if case .renewed = event { lastRenewal.record(wall / .nanosecondsPerSecond) }
        case .renewalFailed:
            failuresInARow.record(failureRun.count.add(1, ordering: .relaxed).newValue)
        case .loginHeldBack:
            calls[Self.name(.login, .heldBack)]?.increment()
        default: break
        }
    }

    private func log(_ event: KeeperEvent) {
        switch event {
        case .loaded(let generation, let fingerprint):
            self.generation.record(generation)
            logger.debug("Token loaded", metadata: Self.token(generation, fingerprint))
        case .adopted(let generation, let fingerprint):
            self.generation.record(generation)
            logger.info("Took over a token that another process renewed", metadata: Self.token(generation, fingerprint))
        case .renewed(let generation, let fingerprint, let byLogin, let reason):
            self.generation.record(generation)
            renewals[byLogin]?.increment()
            var metadata = Self.token(generation, fingerprint)
            metadata[LogKeys.renewalReason] = "\(reason.rawValue)"
            metadata[LogKeys.renewedBy] = byLogin ? "login" : "refresh"
            logger.info("Token renewed", metadata: metadata)
        case .renewalStarted(let reason):
            logger.debug("Token is being renewed", metadata: [LogKeys.renewalReason: "\(reason.rawValue)"])
        case .renewalFailed(let reason, let error, let nextTry):
            failures.increment()
            var metadata = CallObserver.metadata(of: error)
            metadata[LogKeys.renewalReason] = "\(reason.rawValue)"
            if let nextTry { metadata[LogKeys.nextTry] = "\(DurationSetting.describe(nextTry))" }
            // While the old token still works a failure heals itself.
            if Self.saidByItself.contains(error.code) {
                logger.debug("Token was not renewed", metadata: metadata)
            } else if reason == .early, !error.needsOperator {
                logger.warning("Token was not renewed; the old one still works", metadata: metadata)
            } else {
                logger.error("Token was not renewed", metadata: metadata)
            }
        case .refreshRefused(let error):
            // The remedy of the error is for the case that there is no login, which is not known yet.
            var metadata: Logger.Metadata = [LogKeys.errorCode: "\(error.code)"]
            if let status = error.httpStatus { metadata[LogKeys.httpStatus] = "\(status)" }
            if let provider = error.provider { metadata[LogKeys.provider] = "\(provider)" }
            logger.warning("Eskiz did not refresh the token", metadata: metadata)
        case .expired(let generation):
            logger.warning("Token expired", metadata: [LogKeys.tokenGeneration: "\(generation)"])
        case .rejected(let generation, let fingerprint):
            rejections.increment()
            logger.warning("Token expired: Eskiz answered 401", metadata: Self.token(generation, fingerprint))
        case .replayed(let generation):
            replays.increment()
            logger.debug("Late 401 of an older token", metadata: [LogKeys.tokenGeneration: "\(generation)"])
        case .triedAgain(let generation):
            logger.debug(
                "401 on a token just issued, trying it again",
                metadata: [LogKeys.tokenGeneration: "\(generation)"]
            )
        case .expiredTokenUsed(let generation):
            logger.warning(
                "Token expired and cannot be renewed, trying it once: the clock may be wrong",
                metadata: [LogKeys.tokenGeneration: "\(generation)"]
            )
        case .lockWaited(let duration):
            logger.debug(
                "Waited for another process to renew the token",
                metadata: [LogKeys.milliseconds: "\(duration.nanoseconds / 1_000_000)"]
            )
        case .storeDegraded(let reason):
            logger.warning(
                "Token is kept in memory only; the state directory cannot be used",
                metadata: [LogKeys.error: "\(reason)"]
            )
        case .storeRecovered:
            logger.info("State directory can be used again")
        case .storeDistrusted(let reason):
            logger.warning("Stored token is not used", metadata: [LogKeys.error: "\(reason)"])
        case .loginRefused(let error, let pause):
            var metadata = CallObserver.metadata(of: error)
            metadata[LogKeys.nextTry] = "\(DurationSetting.describe(pause))"
            logger.error("Eskiz refused the login", metadata: metadata)
        case .loginHeldBack(let left):
            logger.error(
                "Login is held back: Eskiz refused the same e-mail and key before",
                metadata: [LogKeys.nextTry: "\(DurationSetting.describe(left))"]
            )
        case .mutualInvalidation:
            logger.error("Eskiz rejects token after token long before its end: does another host use this account?")
        case .newTokensRejected:
            logger.error("Eskiz rejects tokens that it has only just issued")
        case .seedIgnored:
            logger.warning("ESKIZ_TOKEN has expired; the stored token is used")
        case .traitSeen(let trait):
            logger.info(
                "Eskiz does something its guide does not say",
                metadata: [LogKeys.serverTrait: "\(trait.rawValue)"]
            )
        case .willFail(let left):
            logger.error(
                "Codes will stop when the token ends, unless it can be renewed",
                metadata: [LogKeys.tokenLeft: "\(DurationSetting.describe(left))"]
            )
        }
    }

    private static func token(_ generation: UInt64, _ fingerprint: TokenFingerprint) -> Logger.Metadata {
        [LogKeys.tokenGeneration: "\(generation)", LogKeys.tokenFingerprint: "\(fingerprint)"]
    }
}
