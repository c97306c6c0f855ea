package import EskizText

/// What is changed of a message that waits; nil leaves it as it is.
package struct MessageAmendment: Sendable, Hashable {
    /// A text with what it costs.
    package struct Text: Sendable, Hashable {
        package var text: String
        package var segments: Int
        package var encoding: MessageEncoding

        package init(text: String, segments: Int, encoding: MessageEncoding) {
            self.text = text
            self.segments = segments
            self.encoding = encoding
        }
    }

    package var sendAt: Timestamp?
    /// How long it is worth sending from then on.
    package var lifetime: Duration?
    package var text: Text?

    package init(sendAt: Timestamp? = nil, lifetime: Duration? = nil, text: Text? = nil) {
        self.sendAt = sendAt
        self.lifetime = lifetime
        self.text = text
    }
}

package enum Amending: Sendable, Hashable {
    case amended(Message, stateChanged: Bool)
    /// Taken by a dispatcher, or over.
    case refused(Message)
    case notFound
}

extension StoredMessage {
    /// Changes it, unless a dispatcher has taken it, or takes it together with others.
    package mutating func amend(_ amendment: MessageAmendment, at now: Timestamp) -> MessageChange? {
        guard message.state == .scheduled || message.state == .queued, message.attempts == 0, owner == nil,
            message.batch == nil, !isExpired(at: now)
        else { return nil }
        if let sendAt = amendment.sendAt {
            let due = max(sendAt, now)
            // A message keeps its lifetime when it is put off.
            message.expiresAt = message.expiresAt.map { due + max($0 - max(message.dueAt, now), .zero) }
            message.dueAt = due
            message.state = due > now ? .scheduled : .queued
        }
        if let lifetime = amendment.lifetime { message.expiresAt = max(message.dueAt, now) + lifetime }
        if let text = amendment.text {
            message.text = text.text
            message.segments = text.segments
            message.encoding = text.encoding
        }
        return MessageChange()
    }
}
