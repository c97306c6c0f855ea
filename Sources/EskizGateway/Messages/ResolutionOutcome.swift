import Eskiz
import EskizQueue

/// How a person settles an `unknown`.
enum ResolutionOutcome: String, CaseIterable, Sendable {
    /// Eskiz has it.
    case submitted
    /// Eskiz does not have it, and it is still wanted.
    case sendAgain = "send_again"
    /// Eskiz does not have it, and it is not wanted any more.
    case notSent = "not_sent"
    /// It stays unknown: it cannot be found out.
    case unknown

    func resolution(providerID: String?, at now: Timestamp) -> Resolution {
        switch self {
        case .submitted: return .submitted(providerID: providerID, nil, nextReport: now)
        case .sendAgain: return .sendAgain
        case .notSent:
            let sentence = "Settled by hand: Eskiz does not have the message, and it is not wanted any more."
            return .notSent(MessageError(code: "not_sent", message: sentence))
        case .unknown:
            let sentence = "Settled by hand: it cannot be found out whether Eskiz has the message."
            return .unknownForGood(MessageError(code: "outcome_unknown", message: sentence))
        }
    }

    /// Whether a text can be the id that Eskiz gave a message.
    static func isProviderID(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) || byte == 0x2D
            }
    }

    /// Whether a message has become what this makes of it.
    ///
    /// A report may come first, and what has no text any more cannot be sent again: such a message stays as it is.
    func isReached(by message: Message) -> Bool {
        switch self {
        case .submitted: message.state == .submitted
        case .sendAgain: message.state == .queued
        case .notSent: message.state == .failed
        case .unknown: message.state == .unknown && message.finalAt != nil
        }
    }
}
