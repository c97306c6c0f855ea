import Eskiz

/// What to do about an unknown outcome after a look at Eskiz's list.
///
/// Pure.
package struct UnknownPolicy: Sendable {
    /// How long the list may lag behind.
    package var settleTime: Duration
    /// How long a request may be under way.
    package var requestTimeout: Duration
    /// Lanes whose messages are sent again once Eskiz certainly does not have them.
    package var resend: Set<Lane>
    /// How many times a message is sent again after an unclear outcome.
    package var resendLimit: Int
    /// For how long after its first try a message is sent again; a code until its own end.
    package var resendPatience: [Lane: Duration]
    /// Between two looks for a code.
    private static let codePause: Duration = .seconds(5)
    /// If it cannot be found out for so long, a person has to decide.
    package var patience: Duration = .seconds(24 * 3600)
    /// After how long a person has to decide where there is a list that proves nothing: waiting would not change that.
    package var unclearPatience: Duration = .seconds(600)

    package init(
        settleTime: Duration,
        requestTimeout: Duration,
        resend: Set<Lane>,
        resendLimit: Int = 1,
        resendPatience: [Lane: Duration] = RetryPolicy.defaultPatience
    ) {
        self.settleTime = settleTime
        self.requestTimeout = requestTimeout
        self.resend = resend
        self.resendLimit = resendLimit
        self.resendPatience = resendPatience
    }

    package enum Decision: Sendable, Hashable {
        case lookAgain(absences: Int, at: Timestamp)
        case settle(Resolution, UnknownResolution)
    }

    /// It is not in a whole list that was asked for at `now`.
    ///
    /// Twice in a row is proof, if the second look lies a settle time after the last moment at which the request could still
    /// have been under way, and another one after the first look. For a code that would be too late: of two looks the second
    /// must leave time to send it again.
    ///
    /// A list that has lagged, or lied, once may do so again: what stays unclear is sent again only so many times, and then
    /// a person has to decide.
    package func absent(_ unknown: UnsettledMessage, at now: Timestamp) -> Decision {
        let message = unknown.message
        let proofFrom = unknown.writingAt + requestTimeout + settleTime
        guard unknown.absences >= 1, now >= proofFrom else {
            return .lookAgain(absences: unknown.absences + 1, at: max(now + pause(for: message), proofFrom))
        }
        if message.isExpired(at: now) { return .settle(.expired, .expired) }
        // Abroad a message is found by its text alone, and a second one costs many times as much.
        if resend.contains(message.lane), message.text != nil, !message.isClientTold, !message.isAbroad {
            let isInTime = resendPatience[message.lane].map { now < unknown.firstTryAt + $0 } ?? true
            if unknown.resends < resendLimit, isInTime { return .settle(.sendAgain, .sentAgain) }
            let error = MessageError(
                code: "outcome_unknown",
                message: """
                    The outcome of sending it stayed unclear (sent again: \(unknown.resends)), and Eskiz's list does not have \
                    it. Look it up at Eskiz, then settle it by hand.
                    """
            )
            return .settle(.needsPerson(error), .forGood)
        }
        let error = MessageError(
            code: "outcome_unknown_not_sent",
            message:
                "The outcome of sending it was unclear, Eskiz's list does not have it, and this lane is not sent again."
        )
        return .settle(.notSent(error), .notSent)
    }

    /// It is not in the list, but that proves nothing: the clocks cannot be compared, or a row may be this message.
    package func unclear(_ unknown: UnsettledMessage, at now: Timestamp) -> Decision {
        let error = MessageError(
            code: "outcome_unknown",
            message:
                "It could not be found out whether it was sent. Look it up at Eskiz, then settle it by hand."
        )
        let patience = max(unclearPatience, requestTimeout + settleTime * 3)
        return givenUp(unknown, error, after: patience, at: now)
            ?? .lookAgain(absences: unknown.absences, at: now + pause(for: unknown.message))
    }

    /// Eskiz's list cannot be had.
    ///
    /// - Returns: nil to try again later.
    package func unlisted(_ unknown: UnsettledMessage, at now: Timestamp) -> Decision? {
        let error = MessageError(
            code: "outcome_unknown",
            message:
                """
                It could not be found out whether it was sent: Eskiz did not answer, and its list could not be had for a \
                day. Look it up at Eskiz, then settle it by hand.
                """
        )
        return givenUp(unknown, error, after: patience, at: now)
    }

    private func givenUp(
        _ unknown: UnsettledMessage,
        _ error: MessageError,
        after patience: Duration,
        at now: Timestamp
    ) -> Decision? {
        unknown.writingAt + patience <= now ? .settle(.needsPerson(error), .forGood) : nil
    }

    private func pause(for message: Message) -> Duration {
        message.lane == .otp ? min(settleTime, Self.codePause) : settleTime
    }
}

extension Message {
    /// An Eskiz client got Eskiz's own 5xx for it: what follows is the client's to decide, so we do not send it again.
    fileprivate var isClientTold: Bool {
        guard origin == .eskiz, let status = error?.httpStatus else { return false }
        return status >= 500
    }
}
