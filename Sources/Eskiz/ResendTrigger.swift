/// Which 401 sends a message again with a new token.
///
/// Eskiz looks at the token before anything else, so its own 401 proves that the message was not taken. A proxy in between
/// may say 401 by itself, before Eskiz saw the message or after it took it; nobody can tell. Reads are repeated either
/// way: they do no harm.
///
/// ```swift
/// configuration.resendTrigger = .eskiz401
/// ```
public enum ResendTrigger: String, Sendable, CaseIterable {
    /// Any 401. Right unless a proxy that asks for credentials of its own stands between you and Eskiz.
    case any401 = "any-401"
    /// Only a 401 in Eskiz's own words, a JSON object with a sentence or a status.
    ///
    /// After any other the call throws an ``EskizError`` with ``EskizError/isOutcomeUnknown``, and the token is replaced
    /// before the next message.
    case eskiz401 = "eskiz-401"

    init(parsing text: String) throws(BadSetting) {
        guard let trigger = ResendTrigger(rawValue: text) else {
            throw BadSetting("it must be any-401 or eskiz-401")
        }
        self = trigger
    }
}
