import Eskiz

// What Eskiz and the operators say about a message, and what is decided about an unknown one.

/// What a report did to a message.
package struct ReportDecision: Sendable, Hashable {
    package var change: MessageChange
    /// It said something new; otherwise the message has at most learnt its price or Eskiz's UUID.
    package var isNew: Bool
    /// The state changed with it.
    package var stateChanged: Bool
}

extension StoredMessage {
    /// Applies a report.
    ///
    /// A report about a message that, as far as we know for certain, Eskiz never got says nothing that can be believed: it
    /// is kept, and changes nothing.
    ///
    /// - Parameters:
    ///   - report: what was said.
    ///   - isKnown: whether a report with the same word is in the message's history.
    ///   - now: the moment.
    /// - Returns: what to write, and whether it was news.
    package mutating func apply(_ report: DeliveryReport, isKnown: Bool, at now: Timestamp) -> ReportDecision {
        var change = MessageChange()
        let isPossible: Bool =
            switch message.state {
            case .sending, .unknown, .submitted, .delivered, .undelivered: true
            // It waits to be sent again, and Eskiz has it already: the report ends the waiting.
            case .queued: wasWritten
            case .scheduled, .failed, .expired, .cancelled: false
            }
        guard isPossible else { return ReportDecision(change: change, isNew: false, stateChanged: false) }
        learn(providerID: report.providerID, &change)
        if let price = report.price { message.price = price }
        guard let state = state(after: report, isKnown: isKnown) else {
            return ReportDecision(change: change, isNew: false, stateChanged: false)
        }
        let stateChanged = state != message.state
        if stateChanged {
            // The time of delivery counts from here if the answer of the send has not come.
            message.submittedAt = message.submittedAt ?? now
            enter(state, at: now, report: report, &change)
            message.error = nil
            // The answer of its send, which would say when to ask for more, may never come.
            if state == .submitted { reportAt = now + Self.askAfterReport }
        }
        message.statusDetail = report.status.description
        message.reportRank = max(message.reportRank, report.status.rank)
        if let url = message.client?.callbackURL {
            change.webhooks.append(
                WebhookDelivery(
                    id: 0,
                    messageID: message.id,
                    url: url,
                    format: .eskiz,
                    state: message.state,
                    report: report,
                    createdAt: now,
                    nextAt: now
                )
            )
        }
        return ReportDecision(change: change, isNew: true, stateChanged: stateChanged)
    }

    /// What Eskiz took by the word of a report alone is asked after this much later.
    private static let askAfterReport: Duration = .seconds(60)

    /// The state after a report that says something new; nil for one that does not.
    private func state(after report: DeliveryReport, isKnown: Bool) -> MessageState? {
        let told: MessageState =
            switch report.status {
            case .delivered: .delivered
            case .undelivered, .expired, .rejected, .deleted: .undelivered
            default: .submitted
            }
        switch message.state {
        case .sending, .unknown, .queued:
            // Whatever the word: Eskiz has it.
            return told
        case .submitted:
            if told != .submitted { return told }
            let rank = report.status.rank
            if rank > message.reportRank { return .submitted }
            return rank == message.reportRank && !isKnown && report.status.description != message.statusDetail
                ? .submitted : nil
        case .undelivered:
            return told == .delivered ? told : nil
        case .scheduled, .delivered, .failed, .expired, .cancelled:
            return nil
        }
    }

    /// Settles an `unknown`; nil if it is not one, can no longer be sent again, or has been sent again meanwhile.
    ///
    /// The report that may come with `submitted` is for the caller to apply afterwards.
    package mutating func resolve(
        _ resolution: Resolution,
        ofAttempt attempt: Int? = nil,
        at now: Timestamp
    ) -> MessageChange? {
        guard message.state == .unknown, attempt == nil || attempt == message.attempts else { return nil }
        var change = MessageChange()
        switch resolution {
        case .submitted(let providerID, _, let nextReport):
            change.attempt = .answered(.taken, providerID: providerID)
            enter(.submitted, at: now, &change)
            message.submittedAt = message.submittedAt ?? now
            message.error = nil
            reportAt = nextReport
            learn(providerID: providerID, &change)
        case .sendAgain:
            // The text of a code that was settled for good is erased.
            guard message.text != nil else { return nil }
            change.attempt = .answered(.notTaken)
            resends += 1
            queueAgain(at: now, error: message.error, now: now, &change)
        case .notSent(let error):
            change.attempt = .answered(.notTaken, error: error)
            enter(.failed, at: now, &change)
            message.error = error
        case .expired:
            change.attempt = .answered(.notTaken)
            enter(.expired, at: now, &change)
        case .unknownForGood(let error), .needsPerson(let error):
            change.attempt = .answered(.unknown, error: error)
            message.error = error
            message.finalAt = message.finalAt ?? now
            if case .needsPerson = resolution { message.needsPerson = true } else { message.needsPerson = false }
            reconcileAt = nil
            eraseCode()
        }
        return change
    }

    /// Looks again later; false if there is nothing to look for, or it has been sent again meanwhile.
    package mutating func noteAbsence(count: Int, ofAttempt attempt: Int? = nil, next: Timestamp) -> Bool {
        guard message.state == .unknown, message.finalAt == nil, attempt == nil || attempt == message.attempts
        else { return false }
        absences = count
        reconcileAt = next
        return true
    }

    /// Asks for its delivery later, or never; false if there is nothing to ask for.
    package mutating func scheduleReport(at moment: Timestamp?) -> Bool {
        guard message.state == .submitted else { return false }
        reportAt = moment
        return true
    }
}
