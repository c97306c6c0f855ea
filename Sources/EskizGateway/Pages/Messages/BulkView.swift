import EskizPages
import EskizQueue
import EskizWords

/// The question before something is done to many messages: what, to how many, to which.
struct BulkView {
    private static let sampleSize = 5

    let visit: PageVisit
    let action: BulkAction
    let filter: MessageFilter
    let found: SearchPage
    let now: Timestamp

    var page: Page {
        let count = found.messages.count
        let number = visit.language.grouped(count)
        let countText = found.next == nil ? number : visit.say(.orMore, ["count": number])
        let fields = [("action", action.rawValue)] + filter.changed { $0.set(after: nil) }.pairs
        return Page(
            "bulk",
            at: .messages,
            title: visit.say(action.phrase),
            context: PageContext(filling: [
                "heading": visit.say(action.phrase),
                "hint": visit.say(action.hint),
                "isDangerous": action != .replay,
                "hasMatches": count > 0,
                "matches": visit.say(.bulkMatches, ["count": countText]),
                "isCut": found.next != nil,
                "cutHint": visit.say(.bulkCutHint, ["count": visit.language.grouped(BulkRun.limit)]),
                "button": visit.say(.bulkButton, ["count": number]),
                "filterParts": filter.changed { $0.set(after: nil) }.pairs.map {
                    ["name": $0.name, "value": $0.value] as PageContext
                },
                "isUnfiltered": filter.isEmpty,
                "fields": fields.map { ["name": $0.0, "value": $0.1] as PageContext },
                "upTo": found.messages.first?.id.text,
                "sample": found.messages.prefix(Self.sampleSize).map { $0.row(visit, now: now) },
                "backHref": filter.address,
            ])
        )
    }
}

extension BulkAction {
    var phrase: BulkPhrase {
        switch self {
        case .cancel: .bulkCancel
        case .notSent: .bulkNotSent
        case .sendAgain: .bulkSendAgain
        case .replay: .bulkReplay
        }
    }

    fileprivate var hint: BulkPhrase {
        switch self {
        case .cancel: .bulkCancelHint
        case .notSent: .bulkNotSentHint
        case .sendAgain: .bulkSendAgainHint
        case .replay: .bulkReplayHint
        }
    }
}
