import EskizQueue

/// What can be done to all messages of a filter at once.
enum BulkAction: String, CaseIterable, Sendable {
    /// Takes back what has not been handed to a dispatcher.
    case cancel
    /// Unknown outcomes: Eskiz does not have them, and they are not wanted any more.
    case notSent = "not_sent"
    /// Unknown outcomes: Eskiz does not have them, and they are still wanted.
    case sendAgain = "send_again"
    /// Webhooks that were given up are sent again.
    case replay

    /// The messages of a filter that this can be done to; nil if there can be none.
    func narrowed(_ filter: MessageFilter) -> MessageFilter? {
        var filter = filter
        filter.set(after: nil)
        guard filter.unreadable.isEmpty else { return nil }
        switch self {
        case .cancel: return filter.narrowed(to: [.scheduled, .queued])
        case .notSent, .sendAgain:
            filter.set(isUnsettled: true)
            return filter.narrowed(to: [.unknown])
        case .replay:
            filter.set(hasDeadWebhook: true)
            return filter
        }
    }

    var audited: AuditAction {
        switch self {
        case .cancel: .cancelMany
        case .notSent: .notSentMany
        case .sendAgain: .sendManyAgain
        case .replay: .replayMany
        }
    }

    /// How an unknown outcome is settled; nil if this is about something else.
    var outcome: ResolutionOutcome? {
        switch self {
        case .notSent: .notSent
        case .sendAgain: .sendAgain
        case .cancel, .replay: nil
        }
    }
}

extension MessageFilter {
    fileprivate func narrowed(to possible: Set<MessageState>) -> MessageFilter? {
        let both = states.isEmpty ? possible : states.intersection(possible)
        return both.isEmpty ? nil : changed { $0.set(states: both) }
    }
}
