import Eskiz
import EskizText
import EskizWords

extension Language {
    /// The state of a message in words, with our name for it where the words are a translation.
    func describe(_ status: MessageStatus) -> String {
        let phrase: Phrase
        switch status {
        case .waiting: phrase = .statusWaiting
        case .stored: phrase = .statusStored
        case .new: phrase = .statusNew
        case .accepted, .enroute: phrase = .statusAccepted
        case .indefinite: phrase = .statusUnknown
        case .partDelivered: phrase = .statusPartDelivered
        case .delivered: phrase = .statusDelivered
        case .undelivered: phrase = .statusUndelivered
        case .expired: phrase = .statusExpired
        case .rejected: phrase = .statusRejected
        case .deleted: phrase = .statusFailed
        case .unrecognized(let text): return text.isEmpty ? say(.statusUnknown) : text.onOneLine
        }
        let words = say(phrase)
        return words == status.description ? words : "\(words) (\(status))"
    }

    /// The state of a template in words.
    func describe(_ status: TemplateStatus) -> String {
        switch status {
        case .moderation: say(.templateModeration)
        case .inProcess: say(.templateInProcess)
        case .service: say(.templateService)
        case .advertising: say(.templateAdvertising)
        case .rejected: say(.templateRejected)
        case .unrecognized(let text): text.onOneLine
        }
    }
}

extension MessageStatus {
    /// Delivered to the phone, all of it.
    var isDelivered: Bool { self == .delivered }
}

/// The name of an operator by Eskiz's number for it (eskiz-api.md §3.6).
enum OperatorName {
    static func of(_ id: Int64?) -> String? {
        guard let id else { return nil }
        return Int(exactly: id).flatMap { MobileOperator(smscID: $0)?.name } ?? String(id)
    }
}
