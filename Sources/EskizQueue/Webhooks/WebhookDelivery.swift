/// One thing that an application is to be told, until it has heard it.
package struct WebhookDelivery: Sendable, Hashable {
    package var id: Int64
    package var messageID: MessageID
    package var url: String
    package var format: Format
    /// The message's state when this was written.
    package var state: MessageState
    /// The word of Eskiz or the operator that it tells of.
    package var report: DeliveryReport?
    package var createdAt: Timestamp
    package var progress: Progress
    /// Tries so far.
    package var attempts: Int
    package var nextAt: Timestamp?
    /// Why the last try failed: a status or a sentence, no body.
    package var lastError: String?

    package enum Format: String, Sendable, Hashable, Codable, CaseIterable {
        /// Ours: Standard Webhooks.
        case standard
        /// Eskiz's own callback, as an Eskiz client expects it.
        case eskiz
    }

    package enum Progress: String, Sendable, Hashable, Codable, CaseIterable {
        case pending
        case delivered
        /// Given up; can be replayed.
        case dead
    }

    package init(
        id: Int64,
        messageID: MessageID,
        url: String,
        format: Format,
        state: MessageState,
        report: DeliveryReport? = nil,
        createdAt: Timestamp,
        progress: Progress = .pending,
        attempts: Int = 0,
        nextAt: Timestamp? = nil,
        lastError: String? = nil
    ) {
        self.id = id
        self.messageID = messageID
        self.url = url
        self.format = format
        self.state = state
        self.report = report
        self.createdAt = createdAt
        self.progress = progress
        self.attempts = attempts
        self.nextAt = nextAt
        self.lastError = lastError
    }
}

/// What came of telling an application.
package enum WebhookResult: Sendable, Hashable {
    case delivered
    case retry(at: Timestamp, reason: String)
    case dead(reason: String)
}
