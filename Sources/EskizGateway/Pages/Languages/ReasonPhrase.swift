import Eskiz
import EskizQueue
import EskizWords

/// Why a message went no further, by the code of its error.
///
/// The error's own sentence is English and knows the particulars; this says the same in general, in the reader's language.
enum ReasonPhrase: String, PagePhrase {
    case reasonTextNotApproved, reasonTestAccount, reasonSender, reasonForbidden, reasonRefused, reasonPhone, reasonText
    case reasonCredentials, reasonBlocked, reasonToken, reasonUnreachable, reasonTimedOut, reasonServer, reasonAnswer
    case reasonTooMany, reasonInterrupted, reasonNobodyKnows, reasonNotThere, reasonGivenUp
    case reasonSetting, reasonStopped, reasonFault, reasonByHand, eskizSaid

    /// Nil for a code that says no more than itself.
    init?(code: String) {
        guard let phrase = Self.byCode[code] else { return nil }
        self = phrase
    }

    /// By the codes of the library, and those of the queue.
    private static let byCode: [String: ReasonPhrase] = {
        let codes: [EskizError.Code: ReasonPhrase] = [
            .textNotApproved: .reasonTextNotApproved, .testAccountTextOnly: .reasonTestAccount,
            .senderNotApproved: .reasonSender, .forbidden: .reasonForbidden,
            .refused: .reasonRefused, .notFound: .reasonRefused,
            .invalidPhone: .reasonPhone, .invalidText: .reasonText,
            .credentialsRefused: .reasonCredentials, .accountBlocked: .reasonBlocked,
            .tokenDead: .reasonToken, .newTokensRejected: .reasonToken, .renewalFailed: .reasonToken,
            .nameResolution: .reasonUnreachable, .connectionFailed: .reasonUnreachable, .tlsFailed: .reasonUnreachable,
            .timedOut: .reasonTimedOut, .connectionClosed: .reasonTimedOut,
            .serverError: .reasonServer, .unexpectedAnswer: .reasonAnswer, .redirected: .reasonAnswer,
            .rateLimited: .reasonTooMany, .invalidUserSMSID: .reasonRefused, .invalidArgument: .reasonRefused,
            .invalidConfiguration: .reasonSetting, .cancelled: .reasonStopped, .shutDown: .reasonStopped,
        ]
        var all = Dictionary(uniqueKeysWithValues: codes.map { ($0.key.rawValue, $0.value) })
        all["internal_error"] = .reasonFault
        all["store_failed"] = .reasonFault
        all["interrupted"] = .reasonInterrupted
        all["outcome_unknown"] = .reasonNobodyKnows
        all["outcome_unknown_not_sent"] = .reasonNotThere
        all["attempts_exhausted"] = .reasonGivenUp
        all["not_sent"] = .reasonByHand
        return all
    }()
}

extension MessageError {
    /// What it says on a page: in English its own sentence, which knows the particulars, elsewhere what its code says in
    /// general, and what Eskiz has said, as Eskiz has said it.
    func text(in language: Language) -> String {
        guard language != .english, let reason = ReasonPhrase(code: code) else { return message }
        guard let said = message.firstRange(of: Self.providerMark) else { return language.say(reason) }
        let words = language.say(ReasonPhrase.eskizSaid, ["words": String(message[said.upperBound...])])
        return language.say(reason) + " " + words
    }
}

/// The words of a delivery report.
enum ReportPhrase: String, PagePhrase {
    case reportWaiting, reportStored, reportNew, reportAccepted, reportEnroute, reportIndefinite, reportPartDelivered
    case reportDelivered, reportUndelivered, reportExpired, reportRejected, reportDeleted

    /// Nil for a word of Eskiz that nobody knows yet.
    ///
    /// - Parameter word: the stable name of a status, as it is kept (``MessageStatus/description``).
    init?(word: String) {
        guard let phrase = Self.byWord[word.lowercased()] else { return nil }
        self = phrase
    }

    private static let byWord: [String: ReportPhrase] = {
        let statuses: [MessageStatus: ReportPhrase] = [
            .waiting: .reportWaiting, .stored: .reportStored, .new: .reportNew, .accepted: .reportAccepted,
            .enroute: .reportEnroute, .indefinite: .reportIndefinite, .partDelivered: .reportPartDelivered,
            .delivered: .reportDelivered, .undelivered: .reportUndelivered, .expired: .reportExpired,
            .rejected: .reportRejected, .deleted: .reportDeleted,
        ]
        return Dictionary(uniqueKeysWithValues: statuses.map { ($0.key.description, $0.value) })
    }()
}
