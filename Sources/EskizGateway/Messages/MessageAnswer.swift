import EskizQueue
import EskizText

extension JSONWriter {
    /// A message as the API shows it (contract §5).
    ///
    /// The text of a code is never shown, not even before it is erased.
    ///
    /// - Parameters:
    ///   - message: the message.
    ///   - holds: what keeps messages from being sent, for the moment of the next try.
    ///   - timeline: its life, where that is asked for.
    mutating func message(_ message: Message, holds: [SendingHold], timeline: Timeline? = nil) {
        object { answer in
            answer.member("id", message.id.text)
            answer.member("to", "+" + message.phone)
            if message.lane != .otp { answer.optional("text", message.text) }
            answer.member("from", message.sender)
            answer.member("lane", message.lane.rawValue)
            answer.member("status", message.state.rawValue)
            answer.nullable("status_detail", message.statusDetail)
            answer.nullable("reference", message.reference)
            answer.member("segments", message.segments)
            answer.member("encoding", message.encoding.rawValue)
            answer.optional("price", message.price)
            answer.optional("provider_id", message.providerID)
            answer.member("created_at", message.createdAt)
            answer.optional("submitted_at", message.submittedAt)
            answer.optional("final_at", message.finalAt)
            answer.optional("expires_at", message.expiresAt)
            if message.state == .scheduled { answer.member("send_at", message.dueAt) }
            answer.optional("next_attempt_at", holds.nextAttempt(of: message))
            answer.member("attempts", message.attempts)
            if let error = message.error {
                answer.name("error")
                answer.error(error)
            }
            if let timeline {
                answer.name("timeline")
                answer.array(timeline.entries) { $0.entry($1) }
            }
        }
    }

    mutating func error(_ error: MessageError) {
        object { answer in
            answer.member("code", error.code)
            answer.member("message", error.message)
            answer.optional("http_status", error.httpStatus)
        }
    }
}

extension Message {
    /// The message as it was in the moment in which it was accepted: what a repeated request is answered with.
    ///
    /// - Parameters:
    ///   - sendAt: what the request asks for; it is the same request, so it asked for it then.
    ///   - siblings: the messages of the request: a code that one of them took the place of was cancelled from the start.
    /// - Returns: the message as it was then.
    func asAccepted(sendAt: Timestamp?, beside siblings: Set<MessageID>) -> Message {
        if state == .cancelled, let successor, siblings.contains(successor) { return self }
        var message = self
        message.state = sendAt.map { $0 > createdAt } == true ? .scheduled : .queued
        message.dueAt = max(sendAt ?? createdAt, createdAt)
        message.statusDetail = nil
        message.price = nil
        message.providerID = nil
        message.submittedAt = nil
        message.finalAt = nil
        message.attempts = 0
        message.error = nil
        return message
    }
}
