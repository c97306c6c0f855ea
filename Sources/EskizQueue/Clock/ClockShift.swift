// Which stored moments move with the clock when it is set, and which stand.
//
// A moment moves if it means "so long after something": whoever waits is to wait as long as was said, whatever the clock
// shows. It stands if it is a promise about the wall clock (`send_at`) or a record of what has happened (when a message
// was accepted, when it ended). What is over does not move.

extension StoredMessage {
    /// The message after the clock was set forward by `shift`.
    ///
    /// - Parameter shift: how far; negative if it was set back.
    /// - Returns: the message with the moments that are durations moved.
    package func moved(by shift: Duration) -> StoredMessage {
        var stored = self
        // A report may end a message while its send is still under way: the claim is held all the same.
        stored.leaseUntil = leaseUntil.map { $0 + shift }
        switch message.state {
        case .scheduled:
            // Its time is the caller's word, and its end counts from that.
            break
        case .queued, .sending:
            stored.message.dueAt = message.dueAt + shift
            stored.message.expiresAt = message.expiresAt.map { $0 + shift }
        case .unknown where message.finalAt == nil:
            stored.message.dueAt = message.dueAt + shift
            stored.message.expiresAt = message.expiresAt.map { $0 + shift }
            stored.reconcileAt = reconcileAt.map { $0 + shift }
        case .submitted where reportAt != nil:
            // Pauses between questions and the end of asking count from the submission.
            stored.message.submittedAt = message.submittedAt.map { $0 + shift }
            stored.reportAt = reportAt.map { $0 + shift }
        case .submitted, .unknown, .delivered, .undelivered, .failed, .expired, .cancelled:
            break
        }
        return stored
    }

    /// Whether its attempts move with the clock: how long ago they were decides what may be done next.
    package var movesAttempts: Bool {
        switch message.state {
        case .queued, .sending: true
        case .unknown: message.finalAt == nil
        case .scheduled, .submitted, .delivered, .undelivered, .failed, .expired, .cancelled: false
        }
    }
}

extension Attempt {
    /// The attempt of a message whose attempts move, after the clock was set forward by `shift`.
    package func moved(by shift: Duration) -> Attempt {
        var attempt = self
        attempt.preparedAt = preparedAt + shift
        attempt.writingAt = writingAt.map { $0 + shift }
        attempt.answeredAt = answeredAt.map { $0 + shift }
        return attempt
    }
}

extension WebhookDelivery {
    /// The delivery after the clock was set forward by `shift`.
    package func moved(by shift: Duration) -> WebhookDelivery {
        var delivery = self
        if progress == .pending { delivery.nextAt = nextAt.map { $0 + shift } }
        return delivery
    }
}

extension Settlement {
    /// The settlement of a flight that began before the clock was set forward by `shift`.
    package func moved(by shift: Duration) -> Settlement {
        guard shift != .zero else { return self }
        var settlement = self
        switch result {
        case .submitted(let providerID, let detail, let nextReport):
            settlement.result = .submitted(
                providerID: providerID,
                detail: detail,
                nextReport: nextReport.map { $0 + shift }
            )
        case .retry(let moment, let error): settlement.result = .retry(at: moment + shift, error)
        case .released(let moment): settlement.result = .released(at: moment + shift)
        case .unknown(let error, let moment): settlement.result = .unknown(error, reconcileAt: moment + shift)
        case .failed, .expired: break
        }
        return settlement
    }
}
