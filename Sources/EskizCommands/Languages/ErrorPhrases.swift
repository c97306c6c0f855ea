import Eskiz
import EskizPostgres
import EskizText
import EskizWords

extension Language {
    /// What happened and what to do about it, in this language.
    ///
    /// English is what the library says itself. The other languages say it by the code, or say the library's sentence where
    /// the code alone would leave a person without the point; what only somebody else has said stands behind as it is.
    func explain(_ error: EskizError) -> (what: String, remedy: String) {
        guard let (what, usual) = ownWords(error) ?? particular(error) ?? general(error) else {
            return (error.summary, error.remedy)
        }
        // What is right after a failure, "try again" say, would double a message that may have been taken.
        return (what, error.isOutcomeUnknown ? say(.outcomeUnknownRemedy) : usual)
    }

    /// A failure that the command words itself; nil for those of the library.
    private func ownWords(_ error: EskizError) -> (what: String, remedy: String)? {
        if let failure = error.cause as? PostgresFailure, self != .english {
            let (what, remedy) = explain(failure.error.kind)
            let state = failure.error.sqlState.map { " (SQLSTATE \($0))" } ?? ""
            let words = failure.error.detail.map { " " + say(.details, ["text": $0]) } ?? ""
            return ("\(failure.setting.rawValue): " + what + state + words, remedy)
        }
        if let text = error.cause as? MessageTextError { return explain(text) }
        if let phone = error.cause as? PhoneNumberError { return (explain(phone), translated(error.advice) ?? "") }
        if let text = error.cause as? CostlyText {
            let (what, remedy) = explain(text.error)
            return (what + " " + say(.textWouldCost, ["amount": money(text.cost)]), remedy)
        }
        return (error.cause as? WordedCause).map { (say($0.what, $0.values), say($0.remedy)) }
    }

    /// The error's own sentence, where all of it has words in this language.
    private func particular(_ error: EskizError) -> (what: String, remedy: String)? {
        guard self != .english, Self.codesWithParticulars.contains(error.code), let what = translated(error.what) else {
            return nil
        }
        return (what, translated(error.advice) ?? general(error)?.remedy ?? "")
    }

    /// A sentence of the library in this language; nil where a part of it has no words here, or is not ours.
    func translated(_ sentence: Sentence) -> String? {
        guard !sentence.isVerbatim else { return nil }
        var isKnown = true
        let text = sentence.text { pattern in
            if let words = self.sentence(pattern) { return words }
            isKnown = false
            return pattern
        }
        return isKnown ? text : nil
    }

    /// What the code says in general.
    ///
    /// Nil for English, whose sentence is all there is to say, and for a code that this command does not know.
    private func general(_ error: EskizError) -> (what: String, remedy: String)? {
        guard self != .english, let words = ErrorWords(rawValue: error.code.rawValue) else { return nil }
        let particulars =
            Self.codesWithParticulars.contains(error.code)
            ? " " + say(.details, ["text": error.summary]) : error.httpStatus.map { " (HTTP \($0))" } ?? ""
        return (say(words) + particulars, remedy(words) ?? "")
    }

    /// Codes for which the general sentence alone would leave a person without the point.
    private static let codesWithParticulars: Set<EskizError.Code> = [
        .invalidPhone, .invalidText, .invalidUserSMSID, .invalidArgument, .invalidConfiguration, .refused, .notFound,
        .renewalFailed, .unexpectedAnswer, .tlsFailed, .internalError, .storeFailed,
    ]

    /// What happened to PostgreSQL and what to do about it; English is what `EskizPostgres` says itself.
    func explain(_ kind: PostgresErrorKind) -> (what: String, remedy: String) {
        (say(kind), remedy(kind) ?? "")
    }
}

extension PostgresErrorKind: WordKey {
    package static var section: String { "postgres" }
}

/// What an error's code says in general.
enum ErrorWords: String, WordKey {
    case invalidPhone = "invalid_phone"
    case invalidText = "invalid_text"
    case invalidUserSMSID = "invalid_user_sms_id"
    case invalidArgument = "invalid_argument"
    case invalidConfiguration = "invalid_configuration"
    case textNotApproved = "text_not_approved"
    case testAccountTextOnly = "test_account_text_only"
    case senderNotApproved = "sender_not_approved"
    case forbidden
    case notFound = "not_found"
    case rateLimited = "rate_limited"
    case refused
    case credentialsRefused = "credentials_refused"
    case accountBlocked = "account_blocked"
    case tokenDead = "token_dead"
    case newTokensRejected = "new_tokens_rejected"
    case renewalFailed = "renewal_failed"
    case nameResolution = "name_resolution"
    case connectionFailed = "connection_failed"
    case tlsFailed = "tls_failed"
    case timedOut = "timed_out"
    case connectionClosed = "connection_closed"
    case serverError = "server_error"
    case unexpectedAnswer = "unexpected_answer"
    case redirected
    case cancelled
    case shutDown = "shut_down"
    case internalError = "internal_error"
    case storeFailed = "store_failed"

    static var section: String { "error" }
}
