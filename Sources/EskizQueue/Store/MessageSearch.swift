/// Which messages to list; nil means any.
package struct MessageSearch: Sendable, Hashable {
    /// More than this never comes at once.
    package static let maximumLimit = 1_000

    package var states: Set<MessageState>?
    package var lane: Lane?
    /// Digits with country code.
    package var phone: String?
    package var reference: String?
    /// Eskiz's UUID.
    package var providerID: String?
    /// The code of the last failure.
    package var errorCode: String?
    /// Only those with a webhook that was given up.
    package var hasDeadWebhook: Bool
    /// Only `unknown` ones that no person has settled for good.
    package var isUnsettled: Bool
    /// Only older ones than this.
    package var before: MessageID?
    package var createdFrom: Timestamp?
    package var createdTo: Timestamp?
    /// At most `maximumLimit` come.
    package var limit: Int

    package init(
        states: Set<MessageState>? = nil,
        lane: Lane? = nil,
        phone: String? = nil,
        reference: String? = nil,
        providerID: String? = nil,
        errorCode: String? = nil,
        hasDeadWebhook: Bool = false,
        isUnsettled: Bool = false,
        before: MessageID? = nil,
        createdFrom: Timestamp? = nil,
        createdTo: Timestamp? = nil,
        limit: Int = 50
    ) {
        self.states = states
        self.lane = lane
        self.phone = phone
        self.reference = reference
        self.providerID = providerID
        self.errorCode = errorCode
        self.hasDeadWebhook = hasDeadWebhook
        self.isUnsettled = isUnsettled
        self.before = before
        self.createdFrom = createdFrom
        self.createdTo = createdTo
        self.limit = limit
    }

    /// Whether a message is one of those that are looked for; of its webhooks it knows nothing.
    package func admits(_ message: Message) -> Bool {
        states.map { $0.contains(message.state) } ?? true
            && lane.map { $0 == message.lane } ?? true
            && phone.map { $0 == message.phone } ?? true
            && reference.map { $0 == message.reference } ?? true
            && providerID.map { $0 == message.providerID } ?? true
            && errorCode.map { $0 == message.error?.code } ?? true
            && (!isUnsettled || (message.state == .unknown && (message.finalAt == nil || message.needsPerson)))
            && before.map { message.id < $0 } ?? true
            && createdFrom.map { $0 <= message.createdAt } ?? true
            && createdTo.map { message.createdAt < $0 } ?? true
    }
}

/// Messages of a search, newest first, and where to go on.
package struct SearchPage: Sendable, Hashable {
    package var messages: [Message]
    /// The `before` of the next page; nil if there is none.
    package var next: MessageID?

    package init(messages: [Message] = [], next: MessageID? = nil) {
        self.messages = messages
        self.next = next
    }
}
