/// Names of metrics and their dimensions, each written once.
///
/// Dimensions come from closed sets only.
package enum MetricNames {
    /// Calls to Eskiz, by operation and outcome.
    ///
    /// A counter.
    package static let requests = "eskiz.requests"
    /// How long calls took, by operation.
    ///
    /// A timer.
    package static let requestDuration = "eskiz.request.duration"
    /// Tokens renewed, by refresh or login.
    ///
    /// A counter.
    package static let renewals = "eskiz.token.renewals"
    /// Renewals that failed.
    ///
    /// A counter.
    package static let renewalFailures = "eskiz.token.renewal.failures"
    /// Tokens that Eskiz answered 401 to.
    ///
    /// A counter.
    package static let tokenRejections = "eskiz.token.rejections"
    /// Requests sent again with a newer token because of a late 401.
    ///
    /// A counter.
    package static let replays = "eskiz.token.replays"
    /// Number of the current token.
    ///
    /// A gauge.
    package static let tokenGeneration = "eskiz.token.generation"
    /// When the current token ends, in seconds since 1970 on Eskiz's clock.
    ///
    /// A gauge.
    package static let tokenExpires = "eskiz.token.expires.seconds"
    /// When the token was last renewed, in seconds since 1970 on the local clock.
    ///
    /// A gauge.
    package static let lastRenewal = "eskiz.token.renewal.last.seconds"
    /// Renewals that have failed since the last one that did not.
    ///
    /// A gauge.
    package static let renewalFailuresInARow = "eskiz.token.renewal.failures.consecutive"
    /// Logins and refreshes, by call and result.
    ///
    /// A counter.
    package static let credentialCalls = "eskiz.token.calls"
    /// How long callers that found no fresh token waited for one.
    ///
    /// A timer.
    package static let tokenWait = "eskiz.token.wait.duration"
    /// How long login and refresh took.
    ///
    /// A timer.
    package static let credentialCallDuration = "eskiz.token.call.duration"
    /// Which call, one of ``Operation``.
    package static let operation = "operation"
    /// How it ended, one of ``CallOutcome``.
    package static let outcome = "outcome"
}

/// How a call ended.
package enum CallOutcome: String, Sendable, CaseIterable {
    /// As it should.
    case ok
    /// Eskiz refused it: trying again changes nothing.
    case refused
    /// It did not get through, or Eskiz failed; certainly nothing was sent.
    case failed
    /// Nobody knows whether the message was taken.
    case unknown
    /// The caller gave up.
    case cancelled

    package init(_ error: EskizError) {
        switch error {
        case _ where error.isOutcomeUnknown: self = .unknown
        case _ where error.code == .cancelled: self = .cancelled
        case _ where error.httpStatus.map { $0 < 500 && $0 != 429 } ?? false && error.code != .unexpectedAnswer:
            self = .refused
        default: self = .failed
        }
    }
}
