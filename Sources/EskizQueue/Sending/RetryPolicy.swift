package import Eskiz

/// What becomes of a message whose send did not succeed.
///
/// Pure; gateway.md §c5 is the table behind it.
///
/// What can be tried again is tried for as long as it is of use, not a number of times: a number says nothing about how
/// long Eskiz was away.
package struct RetryPolicy: Sendable {
    /// What kind of failure it was.
    package enum FailureClass: Sendable, Hashable {
        /// Eskiz may have it: never repeated blindly.
        case unknown
        /// The way to Eskiz or Eskiz itself failed, and the message certainly was not taken.
        case passing
        /// Too many requests.
        case throttled
        /// No message at all will go until this is mended; it is not this one's fault.
        case blocked(Block)
        /// Eskiz will not have this message, today or tomorrow.
        case refused
        /// We stopped it ourselves before anything had left.
        case interrupted
    }

    /// Why nothing goes at all.
    package enum Block: String, Sendable, Hashable, CaseIterable {
        /// No token that Eskiz takes, and none to be had.
        case credentials
        /// The account has no money.
        case balance
        /// The address is not the API's.
        case configuration
    }

    package enum Verdict: Sendable, Hashable {
        case retry(at: Timestamp, MessageError)
        /// Queued again without spending an attempt.
        case release(at: Timestamp)
        case fail(MessageError)
        /// There is no time left for another try.
        case expire
        case unknown(MessageError, reconcileAt: Timestamp)
    }

    /// Pauses of codes, which somebody is waiting for.
    package var urgent = Backoff(first: .milliseconds(500), cap: .seconds(4), floor: .milliseconds(50))
    package var patient = Backoff(first: .seconds(2), cap: .seconds(300), floor: .milliseconds(500))
    package var bulk = Backoff(first: .seconds(5), cap: .seconds(900), floor: .seconds(1))
    /// For how long each lane is tried, counted from the first try; a code until its own end.
    package var patience = Self.defaultPatience
    package static let defaultPatience: [Lane: Duration] = [
        .transactional: .seconds(24 * 3600), .bulk: .seconds(72 * 3600),
    ]
    /// A message that met an empty account lets others try first for so long: a shorter one may still be paid for.
    package var balancePause: Duration = .seconds(15)
    /// A message that Eskiz asks to wait longer than it lives is tried this long before its end, or in the last quarter.
    package var lastTry: Duration = .seconds(10)
    package var settleTime: Duration

    package init(settleTime: Duration) {
        self.settleTime = settleTime
    }

    /// What kind of failure an error stands for.
    package static func failureClass(of error: EskizError) -> FailureClass {
        if error.isOutcomeUnknown { return .unknown }
        let failure = failureClass(ofDefinite: error)
        // Without a token nothing goes, and it is not this message's fault: the next token ends that for all of them.
        return error.isOfRenewal && (failure == .passing || failure == .throttled) ? .blocked(.credentials) : failure
    }

    private static func failureClass(ofDefinite error: EskizError) -> FailureClass {
        switch error.code {
        case .credentialsRefused, .accountBlocked, .tokenDead, .newTokensRejected, .renewalFailed:
            return .blocked(.credentials)
        case .invalidConfiguration, .redirected:
            return .blocked(.configuration)
        case .rateLimited:
            return .throttled
        case .cancelled, .shutDown:
            return .interrupted
        case .nameResolution, .connectionFailed, .tlsFailed, .timedOut, .connectionClosed, .serverError,
            .unexpectedAnswer:
            // A failure that claims neither is not believed to be harmless.
            return error.mayRepeat ? .passing : .unknown
        default:
            break
        }
        switch error.httpStatus {
        case 402: return .blocked(.balance)
        // Request Timeout and Too Early say themselves that nothing was processed.
        case 408, 425: return .passing
        default: return .refused
        }
    }

    /// Decides.
    ///
    /// - Parameters:
    ///   - error: how the send ended.
    ///   - claim: the message and its attempt.
    ///   - firstTry: when it was first tried.
    ///   - now: the time.
    ///   - random: for the jitter.
    /// - Returns: what becomes of the message.
    package func verdict(
        on error: EskizError,
        for claim: Claim,
        firstTry: Timestamp,
        at now: Timestamp,
        using random: inout some RandomNumberGenerator
    ) -> Verdict {
        let message = claim.message
        switch Self.failureClass(of: error) {
        case .unknown:
            return .unknown(MessageError(error), reconcileAt: now + settleTime)
        case .refused:
            return .fail(MessageError(error))
        case .interrupted, .blocked(.credentials), .blocked(.configuration):
            return message.isExpired(at: now) ? .expire : .release(at: now)
        case .blocked(.balance):
            return message.isExpired(at: now) ? .expire : .release(at: now + balancePause)
        case .passing, .throttled:
            return retry(error, claim, firstTry: firstTry, at: now, using: &random)
        }
    }

    /// Whether a message that was first tried then is given up.
    package func isGivenUp(_ lane: Lane, firstTry: Timestamp, at now: Timestamp) -> Bool {
        patience[lane].map { firstTry + $0 <= now } ?? false
    }

    private func retry(
        _ error: EskizError,
        _ claim: Claim,
        firstTry: Timestamp,
        at now: Timestamp,
        using random: inout some RandomNumberGenerator
    ) -> Verdict {
        let message = claim.message
        if isGivenUp(message.lane, firstTry: firstTry, at: now) {
            return .fail(
                MessageError(
                    code: "attempts_exhausted",
                    message: "It could not be sent in time; the last reason: \(error.summary)",
                    httpStatus: error.httpStatus
                )
            )
        }
        let backoff: Backoff =
            switch message.lane {
            case .otp: urgent
            case .transactional: patient
            case .bulk: bulk
            }
        var ceiling = backoff.ceiling(afterFailures: claim.attempt)
        if let end = message.expiresAt {
            // The last try still has to fit in.
            ceiling = min(ceiling, end - now - .milliseconds(1))
        }
        guard ceiling >= .zero else { return .expire }
        let drawn = Duration.draw(from: min(backoff.floor, ceiling), to: ceiling, using: &random)
        let due = now + max(drawn, error.retryAfter ?? .zero)
        let ends = [message.expiresAt, patience[message.lane].map { firstTry + $0 }].compactMap(\.self)
        guard let end = ends.min(), due >= end else { return .retry(at: due, MessageError(error)) }
        // Eskiz asks for more time than there is. It may have asked too much, so it is asked once more before the end.
        let last = end - min((end - now) / 4, lastTry)
        guard last > now else { return .expire }
        return .retry(at: min(max(last, now + drawn), end - .milliseconds(1)), MessageError(error))
    }
}

extension Message {
    /// Whether its time has passed: the moment itself is too late.
    package func isExpired(at now: Timestamp) -> Bool {
        expiresAt.map { $0 <= now } ?? false
    }
}
