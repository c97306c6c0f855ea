/// Something that a person did to messages or to the token, and with which key.
package struct AuditLine: Sendable, Hashable {
    /// How long it is kept.
    package static let retention: Duration = .seconds(90 * 86_400)

    /// Grows with time; given by the store.
    package var id: Int64
    package var at: Timestamp
    /// Whose key it was, by its id and by the name that the key had then.
    package var keyID: String
    package var keyName: String
    /// A stable word: `message.cancel`.
    package var action: String
    package var messageID: MessageID?
    /// What else there is to know: no phone, no text, no secret.
    package var detail: String?

    package init(
        id: Int64 = 0,
        at: Timestamp,
        keyID: String,
        keyName: String,
        action: String,
        messageID: MessageID? = nil,
        detail: String? = nil
    ) {
        self.id = id
        self.at = at
        self.keyID = keyID
        self.keyName = keyName
        self.action = action
        self.messageID = messageID
        self.detail = detail
    }
}

/// Which lines to list; nil means any.
package struct AuditSearch: Sendable, Hashable {
    /// More than this never comes at once.
    package static let maximumLimit = 1_000

    package var messageID: MessageID?
    /// Only older ones than this line.
    package var before: Int64?
    /// At most `maximumLimit` come.
    package var limit: Int

    package init(messageID: MessageID? = nil, before: Int64? = nil, limit: Int = 50) {
        self.messageID = messageID
        self.before = before
        self.limit = limit
    }
}
