import Eskiz
import EskizQueue

/// What an Eskiz client is told about its send.
///
/// Pure.
///
/// Eskiz's own answer where there is one; else ours in its envelope, and never a 401.
enum EskizReply {
    /// The answer to a send whose wait is over.
    ///
    /// - Parameters:
    ///   - message: the message at the end of the wait.
    ///   - answer: Eskiz's answer to its last attempt, where it reached us.
    ///   - batchSize: how many were sent with it; nil for a single one.
    /// - Returns: what the client gets.
    static func to(_ message: Message, answer: TransportResponse?, batchSize: Int?) -> EskizAnswer {
        switch message.state {
        case .submitted, .delivered, .undelivered:
            if let answer, (200..<300).contains(answer.status), !AuthRejection.isRejection(answer) {
                return EskizAnswer(answer)
            }
            // Found by the reconciler or told by a report: taken, whatever became of the answer.
            return .taken(id: message.providerID ?? "", batchOf: batchSize)
        case .failed:
            if let answer, !AuthRejection.isRejection(answer) { return EskizAnswer(answer) }
            guard let error = message.error else { return .refusal("The message was not sent.", status: 502) }
            return .refusal(error.message, status: status(code: error.code, httpStatus: error.httpStatus))
        case .expired:
            return .refusal("The message was not sent: Eskiz could not be asked in time.", status: 503)
        case .cancelled:
            return .refusal("The message was not sent: it was cancelled.", status: 503)
        case .sending, .unknown:
            // A failure of Eskiz's is for the client to make of what it will, as it would without a gateway.
            if let answer, answer.status >= 500 { return EskizAnswer(answer) }
            return .refusal(
                "Eskiz did not answer in time: the outcome is unknown. Look the message up before sending it again.",
                status: 504
            )
        case .scheduled, .queued:
            return .refusal("The message was not sent: Eskiz could not be asked in time.", status: 503)
        }
    }

    /// The status of a failure that has no answer of Eskiz's.
    static func status(of error: EskizError) -> Int {
        error.isOutcomeUnknown ? 504 : status(code: error.code.rawValue, httpStatus: error.httpStatus)
    }

    /// One sentence or two, safe to show.
    static func sentence(_ error: EskizError) -> String {
        error.isOutcomeUnknown
            ? "\(error.summary) The outcome is unknown: look the message up before sending it again."
            : error.summary
    }

    private static func status(code: String, httpStatus: Int?) -> Int {
        // Eskiz's word about the message; one about our token is none of the client's business.
        if let httpStatus, (400..<500).contains(httpStatus), httpStatus != 401, !isAboutCredentials(code) {
            return httpStatus
        }
        if isAboutCredentials(code) { return 503 }
        return switch code {
        case EskizError.Code.timedOut.rawValue: 504
        case EskizError.Code.cancelled.rawValue, EskizError.Code.shutDown.rawValue: 503
        case EskizError.Code.invalidPhone.rawValue, EskizError.Code.invalidText.rawValue,
            EskizError.Code.invalidUserSMSID.rawValue, EskizError.Code.invalidArgument.rawValue:
            400
        default: 502
        }
    }

    private static func isAboutCredentials(_ code: String) -> Bool {
        let codes: [EskizError.Code] = [
            .credentialsRefused, .accountBlocked, .tokenDead, .newTokensRejected, .renewalFailed,
        ]
        return codes.contains { $0.rawValue == code }
    }
}
