/// One try to hand a message to Eskiz, as it stands in the ledger.
package struct Attempt: Sendable, Hashable {
    /// From 1.
    package var number: Int
    package var phase: Phase
    /// When it was claimed.
    package var preparedAt: Timestamp
    /// When the first byte was about to leave.
    package var writingAt: Timestamp?
    package var answeredAt: Timestamp?
    /// What came of it, once it is answered or given up.
    package var outcome: Outcome?
    /// Eskiz's UUID.
    package var providerID: String?
    package var error: MessageError?

    /// How far it got.
    package enum Phase: String, Sendable, Hashable, Codable, CaseIterable {
        /// Nothing has left this machine: safe to send again after a crash.
        case prepared
        /// Bytes may have left: without an answer nobody can say whether Eskiz has it.
        case writing
        /// There is an outcome.
        case answered
    }

    /// What came of an attempt.
    package enum Outcome: String, Sendable, Hashable, Codable, CaseIterable {
        case taken
        case notTaken = "not_taken"
        case unknown
        /// The process ended before anything had left.
        case abandoned
    }

    package init(
        number: Int,
        phase: Phase,
        preparedAt: Timestamp,
        writingAt: Timestamp? = nil,
        answeredAt: Timestamp? = nil,
        outcome: Outcome? = nil,
        providerID: String? = nil,
        error: MessageError? = nil
    ) {
        self.number = number
        self.phase = phase
        self.preparedAt = preparedAt
        self.writingAt = writingAt
        self.answeredAt = answeredAt
        self.outcome = outcome
        self.providerID = providerID
        self.error = error
    }
}

/// What a dispatcher holds: a message, its attempt, and the number that proves it is still its own.
package struct Claim: Sendable, Hashable {
    package var message: Message
    /// The attempt that was begun with this claim, from 1.
    package var attempt: Int
    /// Grows with every claim of the message; a write with an older one changes nothing.
    package var fence: Int64

    package init(message: Message, attempt: Int, fence: Int64) {
        self.message = message
        self.attempt = attempt
        self.fence = fence
    }
}
