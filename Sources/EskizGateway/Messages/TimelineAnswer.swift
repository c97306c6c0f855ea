import Eskiz
import EskizQueue

/// One thing that happened to a message.
struct TimelineEntry: Sendable {
    enum Event: Sendable {
        case accepted
        case attempt(Attempt, Attempt.Phase)
        case report(DeliveryReport)
        case webhook(WebhookDelivery)
        /// The end, where nothing else tells of it.
        case final(MessageState, detail: String?)
    }

    var at: Timestamp
    var event: Event
}

extension Timeline {
    /// Everything that happened, in the order in which it happened.
    var entries: [TimelineEntry] {
        var entries = [TimelineEntry(at: message.createdAt, event: .accepted)]
        for attempt in attempts {
            entries.append(.init(at: attempt.preparedAt, event: .attempt(attempt, .prepared)))
            if let moment = attempt.writingAt { entries.append(.init(at: moment, event: .attempt(attempt, .writing))) }
            if let moment = attempt.answeredAt {
                entries.append(.init(at: moment, event: .attempt(attempt, .answered)))
            }
        }
        entries += reports.map { .init(at: $0.receivedAt, event: .report($0)) }
        if let moment = message.finalAt {
            entries.append(.init(at: moment, event: .final(message.state, detail: message.statusDetail)))
        }
        entries += webhooks.map { .init(at: $0.createdAt, event: .webhook($0)) }
        // Of what happened in one millisecond, the order above is the likely one.
        return entries.enumerated()
            .sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }
            .map(\.element)
    }
}

extension JSONWriter {
    mutating func entry(_ entry: TimelineEntry) {
        object { answer in
            answer.member("at", entry.at)
            switch entry.event {
            case .accepted: answer.member("event", "accepted")
            case .attempt(let attempt, let phase): answer.attempt(attempt, phase)
            case .report(let report): answer.report(report)
            case .webhook(let delivery): answer.webhook(delivery)
            case .final(let state, let detail):
                answer.member("event", "final")
                answer.member("status", state.rawValue)
                answer.optional("detail", detail)
            }
        }
    }

    private mutating func attempt(_ attempt: Attempt, _ phase: Attempt.Phase) {
        member("event", "attempt_\(phase.rawValue)")
        member("attempt", attempt.number)
        guard phase == .answered else { return }
        optional("outcome", attempt.outcome?.rawValue)
        optional("provider_id", attempt.providerID)
        if let error = attempt.error {
            name("error")
            self.error(error)
        }
    }

    private mutating func report(_ report: DeliveryReport) {
        member("event", "report")
        member("status", report.status.description)
        member("source", report.source.rawValue)
        optional("happened_at", report.happenedAt)
        optional("provider_id", report.providerID)
        optional("price", report.price)
        optional("parts", report.parts)
    }

    private mutating func webhook(_ delivery: WebhookDelivery) {
        member("event", "webhook")
        member("status", delivery.state.rawValue)
        // What comes after the question mark may be the receiver's secret.
        member("url", String(delivery.url.prefix { $0 != "?" }))
        member("progress", delivery.progress.rawValue)
        member("attempts", delivery.attempts)
        optional("next_at", delivery.nextAt)
        optional("detail", delivery.lastError)
    }
}
