/// A message with what only a store needs to know: who holds it, and when to look at it next.
///
/// Every change of a message is one of its methods: a store loads it, lets it decide, and writes it back together with
/// the `MessageChange` that comes out. So all stores decide alike, and the decisions are tested without any of them.
package struct StoredMessage: Sendable, Hashable {
    package var message: Message
    /// What the code is for.
    package var purpose: String?
    /// The last message of its batch; numbers of a batch are consecutive.
    package var lastOfBatch: MessageID?
    /// Grows with every claim.
    package var fence: Int64
    /// Whose claim has not been settled; nil for nobody's.
    package var owner: String?
    /// Until when the owner is believed to be alive.
    package var leaseUntil: Timestamp?
    /// When to ask for its delivery.
    package var reportAt: Timestamp?
    /// When to look for it at Eskiz.
    package var reconcileAt: Timestamp?
    /// How many times in a row it was looked for in vain.
    package var absences: Int
    /// How many times it was queued again after an outcome that stayed unclear.
    package var resends: Int
    /// Bytes of one of its attempts may have left.
    package var wasWritten: Bool

    package init(
        message: Message,
        purpose: String? = nil,
        lastOfBatch: MessageID? = nil,
        fence: Int64 = 0,
        owner: String? = nil,
        leaseUntil: Timestamp? = nil,
        reportAt: Timestamp? = nil,
        reconcileAt: Timestamp? = nil,
        absences: Int = 0,
        resends: Int = 0,
        wasWritten: Bool = false
    ) {
        self.message = message
        self.purpose = purpose
        self.lastOfBatch = lastOfBatch
        self.fence = fence
        self.owner = owner
        self.leaseUntil = leaseUntil
        self.reportAt = reportAt
        self.reconcileAt = reconcileAt
        self.absences = absences
        self.resends = resends
        self.wasWritten = wasWritten
    }

    /// A new message: `scheduled` if its time lies ahead, and `queued` otherwise.
    package init(
        _ new: NewMessage,
        id: MessageID,
        batch: Message.BatchReference?,
        lastOfBatch: MessageID?,
        at now: Timestamp
    ) {
        let due = max(new.sendAt ?? now, now)
        self.init(
            message: Message(
                id: id,
                state: due > now ? .scheduled : .queued,
                lane: new.lane,
                phone: new.phone,
                text: new.text,
                sender: new.sender,
                segments: new.segments,
                encoding: new.encoding,
                reference: new.reference,
                apiKeyID: new.apiKeyID,
                origin: new.origin,
                webhookURL: new.webhookURL,
                client: new.client,
                batch: batch,
                createdAt: now,
                dueAt: due,
                expiresAt: new.expiresAt
            ),
            purpose: new.purpose,
            lastOfBatch: lastOfBatch
        )
    }

    /// Whether its time has passed: the moment itself is too late.
    package func isExpired(at now: Timestamp) -> Bool {
        message.expiresAt.map { $0 <= now } ?? false
    }

    /// Whether a new code for the same phone and purpose cancels this one.
    package func isSuperseded(by new: NewMessage) -> Bool {
        guard new.lane == .otp, message.lane == .otp, let purpose = new.purpose else { return false }
        return (message.state == .scheduled || message.state == .queued) && purpose == self.purpose
            && message.phone == new.phone && message.apiKeyID == new.apiKeyID
    }

    /// Whether a claim still is its owner's.
    package func isHeld(by claim: Claim) -> Bool {
        owner != nil && fence == claim.fence && message.id == claim.message.id
    }
}

/// What a store has to write beside the changed message itself.
package struct MessageChange: Sendable, Hashable {
    /// How its attempt ended.
    package enum AttemptEnd: Sendable, Hashable {
        case answered(Attempt.Outcome, providerID: String? = nil, error: MessageError? = nil)
        /// It does not count, and leaves no trace.
        case forgotten
    }

    /// What became of the attempt under way (or, for an `unknown`, of the last one); nil: nothing.
    package var attempt: AttemptEnd?
    /// Which attempt that is, if it is not the last one.
    package var attemptFence: Int64?
    /// What to tell the application; the ids are the store's to give.
    package var webhooks: [WebhookDelivery]
    /// The states it went through, in order.
    package var entered: [MessageState]
    /// Eskiz's UUID, learnt just now: reports that wait for it can be applied.
    package var learntProviderID: String?

    package init(
        attempt: AttemptEnd? = nil,
        webhooks: [WebhookDelivery] = [],
        entered: [MessageState] = [],
        learntProviderID: String? = nil
    ) {
        self.attempt = attempt
        self.webhooks = webhooks
        self.entered = entered
        self.learntProviderID = learntProviderID
    }
}

extension StoredMessage {
    /// Goes into another state with everything that belongs to it, if `MessageState.canBecome(_:)` allows.
    @discardableResult
    mutating func enter(
        _ state: MessageState,
        at now: Timestamp,
        report: DeliveryReport? = nil,
        _ change: inout MessageChange
    ) -> Bool {
        guard message.state.canBecome(state) else { return false }
        message.state = state
        message.finalAt = state.isFinal ? now : nil
        message.needsPerson = false
        if state != .unknown { reconcileAt = nil }
        if state != .submitted { reportAt = nil }
        if state.isSubmittedOrFinal { eraseCode() }
        change.entered.append(state)
        if let url = message.webhookURL, state.isTold {
            change.webhooks.append(
                WebhookDelivery(
                    id: 0,
                    messageID: message.id,
                    url: url,
                    format: .standard,
                    state: state,
                    report: report,
                    createdAt: now,
                    nextAt: now
                )
            )
        }
        return true
    }

    /// Forgets the text of a code: it is of no use any more, and nobody's business.
    mutating func eraseCode() {
        if message.lane == .otp { message.text = nil }
    }

    mutating func learn(providerID: String?, _ change: inout MessageChange) {
        guard let providerID, message.providerID != providerID else { return }
        // A message that was sent again keeps the UUID of the send that is known to have been taken first.
        guard message.providerID == nil else { return }
        message.providerID = providerID
        change.learntProviderID = providerID
    }
}

extension MessageState {
    /// Whether the application is told on entering.
    fileprivate var isTold: Bool {
        switch self {
        case .submitted, .unknown, .delivered, .undelivered, .failed, .expired, .cancelled: true
        case .scheduled, .queued, .sending: false
        }
    }
}
