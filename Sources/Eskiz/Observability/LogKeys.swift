/// Keys of log metadata, each written once.
///
/// They carry `eskiz.` because they land in somebody else's log.
package enum LogKeys {
    /// Which call, one of ``Operation``.
    package static let operation = "eskiz.operation"
    /// The id that Eskiz gave.
    package static let messageID = "eskiz.message.id"
    /// How many messages of a batch.
    package static let messageCount = "eskiz.message.count"
    /// The caller's own number.
    package static let userSMSID = "eskiz.user_sms_id"
    /// The recipient, masked.
    package static let phone = "eskiz.phone.masked"
    /// The kind of failure, an ``EskizError/Code``.
    package static let errorCode = "eskiz.error.code"
    /// What happened, and what to do.
    package static let error = "eskiz.error"
    /// Eskiz's own words, scrubbed.
    package static let provider = "eskiz.provider"
    /// The HTTP status.
    package static let httpStatus = "eskiz.http.status"
    /// How long the call took.
    package static let milliseconds = "eskiz.duration_ms"
    /// Whether a send may have been taken although it failed.
    package static let isOutcomeUnknown = "eskiz.outcome.unknown"
    /// Number of the token.
    package static let tokenGeneration = "eskiz.token.generation"
    /// Short name of the token that tells nothing about it.
    package static let tokenFingerprint = "eskiz.token.fingerprint"
    /// How long the token has to live.
    package static let tokenLeft = "eskiz.token.left"
    /// Why it was renewed, a ``RenewalMachine/Reason``.
    package static let renewalReason = "eskiz.renewal.reason"
    /// `refresh` or `login`.
    package static let renewedBy = "eskiz.renewal.by"
    /// How long until it is tried again.
    package static let nextTry = "eskiz.renewal.next_try"
    /// The host that is spoken to.
    package static let serverAddress = "server.address"
    /// Something Eskiz does with tokens, a ``ServerTrait``.
    package static let serverTrait = "eskiz.server.trait"
}
