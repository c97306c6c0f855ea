import EskizPages
import EskizQueue
import EskizText
import EskizWords

// How parts of a message look, wherever they are shown.

extension Message {
    /// The recipient as anybody may see it.
    var maskedPhone: String { (try? PhoneNumber(internationalDigits: phone))?.masked ?? "***" }

    /// More about its state, where that says more than the state itself: a report in words, or what the queue says.
    func ownDetail(_ visit: PageVisit) -> String? {
        guard let statusDetail, statusDetail.lowercased() != state.rawValue else { return nil }
        return visit.words(ofStatus: statusDetail)
    }

    /// What a list shows of it.
    func row(_ visit: PageVisit, now: Timestamp) -> PageContext {
        PageContext(filling: [
            "messageID": id.text,
            "href": "/messages/\(id)",
            "when": PageTime(createdAt).context(now: now),
            "phone": maskedPhone,
            "state": visit.say(state.phrase), "tone": state.tone.rawValue, "isPending": state.isMoving,
            "lane": visit.say(lane.phrase),
            "code": error?.code,
            "remark": error == nil ? ownDetail(visit) : nil,
            "reference": reference,
        ])
    }
}

/// The colours of the stylesheet.
enum PageTone: String, Sendable {
    case neutral, busy, good, warning, bad
}

extension MessageState {
    var tone: PageTone {
        switch self {
        case .scheduled, .cancelled, .expired: .neutral
        case .queued, .sending, .submitted: .busy
        case .unknown: .warning
        case .delivered: .good
        case .undelivered, .failed: .bad
        }
    }

    /// Whether something is under way with it right now.
    var isMoving: Bool { self == .queued || self == .sending }

    var phrase: MessagePhrase {
        switch self {
        case .scheduled: .stateScheduled
        case .queued: .stateQueued
        case .sending: .stateSending
        case .unknown: .stateUnknown
        case .submitted: .stateSubmitted
        case .delivered: .stateDelivered
        case .undelivered: .stateUndelivered
        case .failed: .stateFailed
        case .expired: .stateExpired
        case .cancelled: .stateCancelled
        }
    }
}

extension PageVisit {
    // One for each part of the catalogue, so that a phrase is named by its name alone.
    func say(_ phrase: MessagePhrase, _ values: [String: String] = [:]) -> String { language.say(phrase, values) }
    func say(_ phrase: ActionPhrase, _ values: [String: String] = [:]) -> String { language.say(phrase, values) }
    func say(_ phrase: TimelinePhrase, _ values: [String: String] = [:]) -> String { language.say(phrase, values) }
    func say(_ phrase: BulkPhrase, _ values: [String: String] = [:]) -> String { language.say(phrase, values) }
    func say(_ phrase: ReasonPhrase) -> String { language.say(phrase) }

    /// A status of Eskiz in words; anything else as it stands.
    func words(ofStatus text: String) -> String {
        ReportPhrase(word: text).map { language.say($0) } ?? text
    }

    func say(_ phrase: AuditPhrase, _ values: [String: String] = [:]) -> String { language.say(phrase, values) }
}
