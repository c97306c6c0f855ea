import EskizPages
import EskizWords

/// Where a message stands, in a word and a colour.
struct MessageState {
    enum Tone: String {
        case neutral, busy, good, warning, bad
    }

    let phrase: Phrase
    let tone: Tone
    /// How many of taken, stored, accepted, final are behind it.
    let step: Int

    init(_ message: Message) {
        switch message.status {
        case .waiting: (phrase, tone, step) = (.stateWaiting, .neutral, 1)
        case .new: (phrase, tone, step) = (.stateStored, .neutral, 2)
        case .accepted:
            let isFinal = message.finalAt != nil
            (phrase, tone, step) = isFinal ? (.stateUnknown, .warning, 4) : (.stateAccepted, .busy, 3)
        case .delivered: (phrase, tone, step) = (.stateDelivered, .good, 4)
        case .partDelivered: (phrase, tone, step) = (.statePartly, .warning, 4)
        case .rejected: (phrase, tone, step) = (Self.refusal(message.parts.first?.state), .bad, 4)
        }
    }

    private static func refusal(_ partState: String?) -> Phrase {
        switch partState {
        case "UNDELIV": .stateUndelivered
        case "EXPIRED": .stateExpired
        case "DELETED": .stateDeleted
        default: .stateRejected
        }
    }
}

extension Message {
    /// As people write it: `+998 90 123 45 67`.
    static func spaced(_ phone: String) -> String {
        guard phone.count == 12, phone.hasPrefix("998") else { return "+\(phone)" }
        let digits = Array(phone)
        return
            "+998 \(String(digits[3...4])) \(String(digits[5...7])) \(String(digits[8...9])) \(String(digits[10...11]))"
    }

    var operatorName: String {
        country?.name ?? Operator.all.first { $0.id == smscID }?.name ?? ""
    }

    /// `UCS-2` is what makes a message dear; ASCII travels as GSM-7 does.
    var encodingName: String { encoding == 8 ? "UCS-2" : "GSM-7" }

    func context(_ visit: PageVisit) -> PageContext {
        let code = CodeFinder.code(in: text)
        let state = MessageState(self)
        return PageContext(filling: [
            "id": id, "href": "/messages/\(id)", "nick": nick, "body": text, "isAd": isAd,
            "code": code, "copyLabel": code.map { visit.say(.copyCode, ["code": $0]) },
            "clock": takenAt.longClock, "stamp": takenAt.rfc3339, "encodingName": encodingName,
            "isUCS2": encoding == 8, "sms": visit.say(.smsCount, ["count": String(partsCount)]),
            "cost": visit.language.money(totalPrice), "state": visit.say(state.phrase), "tone": state.tone.rawValue,
            "rawState": parts.first?.states.last ?? status.rawValue, "step": state.step,
            "isPending": state.step < 4,
        ])
    }
}
