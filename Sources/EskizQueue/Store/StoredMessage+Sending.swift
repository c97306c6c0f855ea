// What happens to a message on its way to Eskiz.

extension StoredMessage {
    /// A newer code takes its place.
    package mutating func supersede(by id: MessageID, at now: Timestamp) -> MessageChange {
        var change = MessageChange()
        if enter(.cancelled, at: now, &change) { message.statusDetail = Message.superseded(by: id) }
        return change
    }

    /// Taken back; nil if it is too late.
    package mutating func cancel(detail: String?, at now: Timestamp) -> MessageChange? {
        var change = MessageChange()
        guard enter(.cancelled, at: now, &change) else { return nil }
        message.statusDetail = detail
        return change
    }

    /// Its time has passed while it waited.
    package mutating func expire(at now: Timestamp) -> MessageChange {
        var change = MessageChange()
        enter(.expired, at: now, &change)
        return change
    }

    /// What was scheduled is due.
    package mutating func queue(at now: Timestamp) -> MessageChange {
        var change = MessageChange()
        enter(.queued, at: now, &change)
        return change
    }

    /// Begins an attempt; nil if it is not queued.
    ///
    /// `step`: by how much the number of its claim grows. A store that may forget a claim which it has given out, because that
    /// was not flushed, takes another one each time: else the next claim had the number of the forgotten one.
    package mutating func claim(
        by owner: String,
        leaseUntil: Timestamp,
        step: Int64 = 1,
        at now: Timestamp
    ) -> (claim: Claim, attempt: Attempt)? {
        var change = MessageChange()
        guard enter(.sending, at: now, &change) else { return nil }
        message.attempts += 1
        fence += step
        self.owner = owner
        self.leaseUntil = leaseUntil
        return (
            Claim(message: message, attempt: message.attempts, fence: fence),
            Attempt(number: message.attempts, phase: .prepared, preparedAt: now)
        )
    }

    /// Writes down what came of its attempt; nil if the claim is no longer the caller's, and the answer comes too late to
    /// count.
    package mutating func settle(_ settlement: Settlement, at now: Timestamp) -> MessageChange? {
        guard isHeld(by: settlement.claim) else { return settleLate(settlement, at: now) }
        release()
        return carryOut(settlement, at: now)
    }

    /// A definite answer that comes after the message was taken from its owner still counts.
    ///
    /// That Eskiz took it is true whatever happened since: it settles an `unknown`, and withdraws a repeat that waits. Another
    /// attempt that is under way settles for itself, and cannot undo it. That Eskiz did not take it says something only about
    /// its own attempt, so it counts while no other one has begun.
    private mutating func settleLate(_ settlement: Settlement, at now: Timestamp) -> MessageChange? {
        let claim = settlement.claim
        // Without a write there was no answer.
        guard wasWritten, claim.message.id == message.id, claim.fence <= fence else { return nil }
        let isLast = claim.fence == fence && owner == nil
        switch (settlement.result, message.state) {
        case (.submitted, .sending), (.submitted, .queued), (.submitted, .unknown):
            var change = carryOut(settlement, at: now)
            if claim.fence != fence { change.attemptFence = claim.fence }
            return change
        case (.retry, .unknown), (.released, .unknown), (.expired, .unknown), (.failed, .unknown), (.failed, .queued):
            return isLast ? carryOut(settlement, at: now) : nil
        default:
            return nil
        }
    }

    private mutating func carryOut(_ settlement: Settlement, at now: Timestamp) -> MessageChange {
        if settlement.wasWritten { wasWritten = true }
        var change = MessageChange()
        switch settlement.result {
        case .submitted(let providerID, let detail, let nextReport):
            change.attempt = .answered(.taken, providerID: providerID)
            if enter(.submitted, at: now, &change) {
                message.statusDetail = detail ?? message.statusDetail
                message.error = nil
            }
            message.submittedAt = message.submittedAt ?? now
            if message.state == .submitted { reportAt = nextReport }
            learn(providerID: providerID, &change)
        case .retry(let moment, let error):
            change.attempt = .answered(.notTaken, error: error)
            queueAgain(at: moment, error: error, now: now, &change)
        case .released(let moment):
            change.attempt = .forgotten
            // A report says that Eskiz has it all the same: then something did leave, and the attempt stays in the ledger.
            guard message.state == .sending || message.state == .unknown else {
                change.attempt = .answered(.taken)
                break
            }
            message.attempts -= 1
            queueAgain(at: moment, error: message.error, now: now, &change)
        case .failed(let error):
            change.attempt = .answered(.notTaken, error: error)
            if enter(.failed, at: now, &change) { message.error = error }
        case .expired:
            change.attempt = .answered(.notTaken)
            enter(.expired, at: now, &change)
        case .unknown(let error, let reconcileAt):
            change.attempt = .answered(.unknown, error: error)
            becomeUnknown(error, reconcileAt: reconcileAt, now: now, &change)
        }
        return change
    }

    /// Takes it back from an owner that is gone.
    package mutating func recover(phase: Attempt.Phase, at now: Timestamp) -> MessageChange {
        release()
        var change = MessageChange()
        guard message.state == .sending else {
            // A report came before its owner went: Eskiz has it.
            change.attempt = .answered(.taken)
            return change
        }
        switch phase {
        case .prepared:
            change.attempt = .answered(.abandoned)
            message.attempts -= 1
            queueAgain(at: message.dueAt, error: message.error, now: now, &change)
        case .writing, .answered:
            let error = MessageError(
                code: "interrupted",
                message:
                    "The gateway was interrupted while it handed the message to Eskiz; it finds out whether Eskiz has it."
            )
            change.attempt = .answered(.unknown, error: error)
            becomeUnknown(error, reconcileAt: now, now: now, &change)
        }
        return change
    }

    mutating func queueAgain(at due: Timestamp, error: MessageError?, now: Timestamp, _ change: inout MessageChange) {
        guard enter(.queued, at: now, &change) else { return }
        message.dueAt = due
        message.error = error
    }

    private mutating func becomeUnknown(
        _ error: MessageError,
        reconcileAt moment: Timestamp,
        now: Timestamp,
        _ change: inout MessageChange
    ) {
        guard enter(.unknown, at: now, &change) else { return }
        message.error = error
        reconcileAt = moment
        absences = 0
        wasWritten = true
    }

    private mutating func release() {
        owner = nil
        leaseUntil = nil
    }
}

extension Message {
    private static let supersededPrefix = "superseded by "

    fileprivate static func superseded(by id: MessageID) -> String { "\(supersededPrefix)\(id)" }

    /// The newer code that took its place; nil if none did.
    package var successor: MessageID? {
        guard let detail = statusDetail, detail.hasPrefix(Self.supersededPrefix) else { return nil }
        return MessageID(text: detail.dropFirst(Self.supersededPrefix.count))
    }
}
