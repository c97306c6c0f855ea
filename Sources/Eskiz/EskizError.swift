/// What went wrong, in one sentence, and what to do about it.
///
/// `description` is safe to show to anyone: no token, no password, no phone in clear, no text of a message.
/// Ask for behaviour by property (``mayRepeat``, ``isOutcomeUnknown``, ``needsOperator``) rather than by listing codes:
/// new codes may be added in any release.
///
/// ```swift
/// do { try await eskiz.send("Kodingiz: 123456", to: "+998901234567") }
/// catch { if error.isOutcomeUnknown { /* do not repeat blindly: look it up first */ } }
/// ```
public struct EskizError: Error, Sendable {
    /// A stable, comparable name for the kind of failure.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The name as it appears in JSON, logs and metrics, for example `text_not_approved`.
        public let rawValue: String

        package init(_ rawValue: String) {
            self.rawValue = rawValue
        }

        /// The stable name.
        public var description: String { rawValue }
    }

    /// The kind of failure.
    public let code: Code
    /// What happened: one English sentence.
    public var summary: String { what.description }
    /// What to do about it: one English sentence.
    public var remedy: String { advice.description }
    /// The same, for those who say it in another language.
    package let what: Sentence
    package let advice: Sentence
    /// The HTTP status Eskiz answered with, where there was an answer.
    public let httpStatus: Int?
    /// How long to wait before trying again, where somebody said so.
    public let retryAfter: Duration?
    /// Eskiz's own words, scrubbed of tokens and phone numbers.
    public let provider: String?
    /// True when the message certainly was not taken by Eskiz, so that sending it again cannot double it.
    public let mayRepeat: Bool
    /// True when nobody can say whether Eskiz took the message.
    ///
    /// Repeating it may send it twice.
    public let isOutcomeUnknown: Bool
    /// The underlying error, for debugging.
    public let cause: (any Error)?
    /// True when the log has it already as an ERROR, so that nobody writes the same sentence again.
    package let isReported: Bool
    /// True when there was no token to send with: it says nothing about the message, and the next token ends it.
    package let isOfRenewal: Bool

    package init(
        _ code: Code,
        _ summary: Sentence,
        remedy: Sentence,
        httpStatus: Int? = nil,
        retryAfter: Duration? = nil,
        provider: String? = nil,
        mayRepeat: Bool = false,
        isOutcomeUnknown: Bool = false,
        cause: (any Error)? = nil,
        isReported: Bool = false,
        isOfRenewal: Bool = false
    ) {
        self.code = code
        what = summary
        advice = remedy
        self.httpStatus = httpStatus
        self.retryAfter = retryAfter
        self.provider = provider
        self.mayRepeat = mayRepeat
        self.isOutcomeUnknown = isOutcomeUnknown
        self.cause = cause
        self.isReported = isReported
        self.isOfRenewal = isOfRenewal
    }

    /// A copy with some of its facts changed; what is not given stays.
    package func with(
        remedy: Sentence? = nil,
        retryAfter: Duration? = nil,
        mayRepeat: Bool? = nil,
        isOutcomeUnknown: Bool? = nil,
        isReported: Bool? = nil,
        isOfRenewal: Bool? = nil
    ) -> EskizError {
        EskizError(
            code,
            what,
            remedy: remedy ?? advice,
            httpStatus: httpStatus,
            retryAfter: retryAfter ?? self.retryAfter,
            provider: provider,
            mayRepeat: mayRepeat ?? self.mayRepeat,
            isOutcomeUnknown: isOutcomeUnknown ?? self.isOutcomeUnknown,
            cause: cause,
            isReported: isReported ?? self.isReported,
            isOfRenewal: isOfRenewal ?? self.isOfRenewal
        )
    }

    /// True when time alone will not help: somebody has to change a setting, a template or the account.
    public var needsOperator: Bool {
        Code.operatorCodes.contains(code)
    }
}

extension EskizError.Code {
    // Bad input: nothing left this machine.

    /// The phone number is not one.
    public static let invalidPhone = Self("invalid_phone")
    /// The text is empty or too long.
    public static let invalidText = Self("invalid_text")
    /// `user_sms_id` must be 1 to 12 digits.
    public static let invalidUserSMSID = Self("invalid_user_sms_id")
    /// Any other argument that cannot be right.
    public static let invalidArgument = Self("invalid_argument")
    /// A setting is missing or wrong.
    public static let invalidConfiguration = Self("invalid_configuration")

    // Eskiz refused the request.

    /// No approved template matches the text.
    public static let textNotApproved = Self("text_not_approved")
    /// The account is a test account, which may send three fixed phrases only.
    public static let testAccountTextOnly = Self("test_account_text_only")
    /// The sender ID is not approved for this account.
    public static let senderNotApproved = Self("sender_not_approved")
    /// The account or the message may not do this (403).
    public static let forbidden = Self("forbidden")
    /// There is no such message or path (404).
    public static let notFound = Self("not_found")
    /// Too many requests (429).
    public static let rateLimited = Self("rate_limited")
    /// Any other refusal (4xx).
    public static let refused = Self("refused")

    // Credentials.

    /// E-mail or API key are wrong.
    ///
    /// Unchanged, they are left alone: 15 minutes after the first refusal, up to a day after more.
    public static let credentialsRefused = Self("credentials_refused")
    /// Eskiz answered the login without a token: the account is blocked or not activated.
    public static let accountBlocked = Self("account_blocked")
    /// The token is dead and there is nothing to log in with, or nothing at all to start from.
    public static let tokenDead = Self("token_dead")
    /// Eskiz rejects tokens that it has only just issued.
    public static let newTokensRejected = Self("new_tokens_rejected")
    /// The token could not be renewed just now, for a passing reason; see ``EskizError/retryAfter``.
    public static let renewalFailed = Self("renewal_failed")

    // The way to Eskiz.

    /// The name of the server could not be resolved.
    public static let nameResolution = Self("name_resolution")
    /// Nobody answered at that address, or the connection was refused.
    public static let connectionFailed = Self("connection_failed")
    /// TLS could not be established: certificate, host name or protocol.
    public static let tlsFailed = Self("tls_failed")
    /// No complete answer within the time-out.
    public static let timedOut = Self("timed_out")
    /// The connection broke before the answer was complete.
    public static let connectionClosed = Self("connection_closed")
    /// Eskiz answered 5xx.
    public static let serverError = Self("server_error")
    /// Eskiz answered something that is not what the API promises: HTML, half a JSON document, no token.
    public static let unexpectedAnswer = Self("unexpected_answer")
    /// Eskiz redirected the request to another origin, which is never followed.
    public static let redirected = Self("redirected")

    // This side.

    /// The calling task was cancelled.
    public static let cancelled = Self("cancelled")
    /// The client has been shut down.
    public static let shutDown = Self("shut_down")

    fileprivate static let operatorCodes: Set<Self> = [
        .invalidConfiguration, .textNotApproved, .testAccountTextOnly, .senderNotApproved, .forbidden,
        .credentialsRefused, .accountBlocked, .tokenDead, .newTokensRejected, .tlsFailed, .redirected,
    ]
}

extension EskizError: CustomStringConvertible, CustomDebugStringConvertible {
    /// What happened and what to do, safe to show to anyone.
    public var description: String {
        remedy.isEmpty ? summary : "\(summary) \(remedy)"
    }

    /// The sentence and the remedy with code, status, Eskiz's own words and the cause.
    public var debugDescription: String {
        var parts = ["\(code): \(description)"]
        if let httpStatus { parts.append("status \(httpStatus)") }
        if let provider { parts.append("Eskiz said: \(provider)") }
        if let cause { parts.append("cause: \(cause)") }
        return parts.joined(separator: "; ")
    }
}
