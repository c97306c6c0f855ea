import Eskiz
import EskizPages
import EskizQueue
import EskizWords

extension TimelineEntry {
    /// A step of a message's life, as its page shows it.
    func context(_ visit: PageVisit, now: Timestamp) -> PageContext {
        let words = words(visit)
        return PageContext(filling: [
            "name": words.name, "detail": words.detail, "tone": words.tone.rawValue,
            "when": PageTime(at).context(now: now, isPrecise: true),
        ])
    }

    private func words(_ visit: PageVisit) -> (name: String, detail: String?, tone: PageTone) {
        switch event {
        case .accepted: return (visit.say(.timeAccepted), nil, .neutral)
        case .attempt(let attempt, let phase): return words(visit, attempt, phase)
        case .report(let report): return words(visit, report)
        case .webhook(let delivery): return words(visit, delivery)
        case .final(let state, let detail):
            let isNews = detail?.lowercased() != state.rawValue
            return (visit.say(state.phrase), isNews ? detail.map(visit.words(ofStatus:)) : nil, state.tone)
        }
    }

    private func words(
        _ visit: PageVisit,
        _ attempt: Attempt,
        _ phase: Attempt.Phase
    ) -> (name: String, detail: String?, tone: PageTone) {
        let number = ["number": String(attempt.number)]
        switch phase {
        case .prepared: return (visit.say(.timePrepared, number), nil, .neutral)
        case .writing: return (visit.say(.timeWriting, number), nil, .neutral)
        case .answered:
            let reason = attempt.error.map { "\($0.code): \($0.text(in: visit.language))" }
            switch attempt.outcome {
            case .taken: return (visit.say(.timeTaken, number), attempt.providerID, .good)
            case .notTaken: return (visit.say(.timeNotTaken, number), reason, .bad)
            case .abandoned: return (visit.say(.timeAbandoned, number), reason, .neutral)
            case .unknown, nil: return (visit.say(.timeUnknown, number), reason, .warning)
            }
        }
    }

    private func words(
        _ visit: PageVisit,
        _ report: DeliveryReport
    ) -> (name: String, detail: String?, tone: PageTone) {
        let source =
            switch report.source {
            case .callback: visit.say(.sourceCallback)
            case .poll: visit.say(.sourcePoll)
            case .list: visit.say(.sourceList)
            case .operatorAction: visit.say(.sourceOperator)
            }
        var details = [source]
        if let moment = report.happenedAt {
            let time = PageTime(moment)
            details.append(visit.say(.happenedAt, ["time": "\(time.day) \(time.clock)"]))
        }
        if let price = report.price { details.append("\(price) \(visit.say(.currency))") }
        return (
            visit.say(.timeReport, ["status": visit.words(ofStatus: report.status.description)]),
            details.joined(separator: " · "), report.status.tone
        )
    }

    private func words(
        _ visit: PageVisit,
        _ delivery: WebhookDelivery
    ) -> (name: String, detail: String?, tone: PageTone) {
        // What comes after the question mark may be the receiver's secret.
        var details = [String(delivery.url.prefix { $0 != "?" })]
        if delivery.attempts > 0 { details.append(visit.say(.webhookTries, ["count": String(delivery.attempts)])) }
        if let error = delivery.lastError { details.append(error) }
        let values = ["state": visit.say(delivery.state.phrase)]
        let (name, tone): (String, PageTone) =
            switch delivery.progress {
            case .pending: (visit.say(.webhookPending, values), .busy)
            case .delivered: (visit.say(.webhookDelivered, values), .good)
            case .dead: (visit.say(.webhookDead, values), .bad)
            }
        return (name, details.joined(separator: " · "), tone)
    }
}

extension MessageStatus {
    fileprivate var tone: PageTone {
        switch self {
        case .delivered: .good
        case .undelivered, .expired, .rejected, .deleted: .bad
        default: .neutral
        }
    }
}
