import Eskiz
import EskizPostgres
import EskizText
import EskizWords

extension Language {
    /// What happened and what to do about it, in this language.
    ///
    /// English is what the library says itself, which knows the particulars; the other languages say it by the code and
    /// add the particulars where they matter.
    func explain(_ error: EskizError) -> (what: String, remedy: String) {
        guard let (what, usual) = ownWords(error) ?? generalWords(error.code) else {
            return (error.summary, error.remedy)
        }
        // What is right after a failure, "try again" say, would double a message that may have been taken.
        let remedy = error.isOutcomeUnknown ? say(.outcomeUnknownRemedy) : usual
        guard Self.codesWithParticulars.contains(error.code), ownWords(error) == nil else {
            let status = error.httpStatus.map { " (HTTP \($0))" } ?? ""
            return (what + status, remedy)
        }
        return (what + " " + say(.details, ["text": error.summary]), remedy)
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
        if let text = error.cause as? CostlyText {
            let (what, remedy) = explain(text.error)
            return (what + " " + say(.textWouldCost, ["amount": money(text.cost)]), remedy)
        }
        return (error.cause as? WordedCause).map { (say($0.what, $0.values), say($0.remedy)) }
    }

    /// Codes for which the general sentence alone would leave a person without the point.
    private static let codesWithParticulars: Set<EskizError.Code> = [
        .invalidPhone, .invalidText, .invalidUserSMSID, .invalidArgument, .invalidConfiguration, .refused,
        .unexpectedAnswer, .tlsFailed, .internalError, .storeFailed,
    ]

    /// Nil for English, whose sentence knows the particulars, and for a code that this command does not know.
    private func generalWords(_ code: EskizError.Code) -> (what: String, remedy: String)? {
        guard self != .english, let words = ErrorWords(rawValue: code.rawValue) else { return nil }
        return (say(words), remedy(words) ?? "")
    }

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
