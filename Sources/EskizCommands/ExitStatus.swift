package import Eskiz

/// What the process says when it ends.
///
/// The numbers are those of `sysexits.h`, so that scripts can decide by them.
package enum ExitStatus: Int32, Sendable, CaseIterable {
    /// Done.
    case success = 0
    /// Eskiz refused the message or the request; the reason is printed.
    case refused = 1
    /// The command line, the phone or the text is wrong.
    case usage = 64
    /// Eskiz cannot be reached, or answered 5xx.
    case unavailable = 69
    /// Our own fault.
    case software = 70
    /// The result could not be written, for example because the disk is full, or a new token could not be stored.
    case inputOutput = 74
    /// Nobody knows whether the message was taken; do not repeat it blindly.
    case unknownOutcome = 75
    /// Credentials are refused, or the token is dead and there is nothing to log in with.
    case credentials = 77
    /// A setting is missing or wrong.
    case configuration = 78
    /// Ctrl-C.
    case interrupted = 130

    /// The one place that turns an error of the library into a number.
    package init(_ error: EskizError) {
        self = error.isOutcomeUnknown ? .unknownOutcome : Self(error.code)
    }

    /// The number for an error's code.
    ///
    /// Codes that a later library adds count as our own fault until they are listed here.
    package init(_ code: EskizError.Code) {
        self = Self.byCode[code] ?? .software
    }

    /// Every code that this command knows.
    static let byCode: [EskizError.Code: ExitStatus] = [
        .invalidPhone: .usage,
        .invalidText: .usage,
        .invalidUserSMSID: .usage,
        .invalidArgument: .usage,
        .invalidConfiguration: .configuration,
        .textNotApproved: .refused,
        .testAccountTextOnly: .refused,
        .senderNotApproved: .refused,
        .forbidden: .refused,
        .notFound: .refused,
        .rateLimited: .refused,
        .refused: .refused,
        .credentialsRefused: .credentials,
        .accountBlocked: .credentials,
        .tokenDead: .credentials,
        .newTokensRejected: .credentials,
        .renewalFailed: .unavailable,
        .nameResolution: .unavailable,
        .connectionFailed: .unavailable,
        .tlsFailed: .unavailable,
        .timedOut: .unavailable,
        .connectionClosed: .unavailable,
        .serverError: .unavailable,
        .unexpectedAnswer: .unavailable,
        .redirected: .unavailable,
        .cancelled: .interrupted,
        .shutDown: .software,
        .internalError: .software,
        .storeFailed: .inputOutput,
    ]

    /// Which of several failures the process reports: the one that a person has to look at first.
    ///
    /// Configuration explains credentials, credentials explain what the network cannot, and so on.
    package static func worst(of statuses: some Sequence<ExitStatus>) -> ExitStatus {
        let order: [ExitStatus] = [
            .software, .configuration, .credentials, .unavailable, .unknownOutcome, .usage, .refused, .inputOutput,
            .interrupted, .success,
        ]
        let found = Set(statuses)
        return order.first { found.contains($0) } ?? .success
    }
}

extension EskizError.Code {
    // What only the command can meet.

    /// The gateway's store cannot be written or read now: its disk is full, or gone.
    static let storeFailed = Self("store_failed")
    /// A fault of our own.
    static let internalError = Self("internal_error")
}
