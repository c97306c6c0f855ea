import EskizPages
import EskizQueue
import EskizWords

/// One message: what it is, what happened to it, what can be done with it.
///
/// Its text is not among it. The phone is masked unless `phone` is given.
struct MessageDetailView {
    let visit: PageVisit
    let timeline: Timeline
    let lines: [AuditLine]
    /// The recipient in clear: somebody has asked for it, and it is written down that they have.
    var phone: String?
    let now: Timestamp

    private var message: Message { timeline.message }

    var page: Page {
        Page(
            "message",
            at: .messages,
            title: "\(message.id) · \(visit.say(.message))",
            context: PageContext(filling: [
                "messageID": message.id.text,
                "href": "/messages/\(message.id)",
                "state": visit.say(message.state.phrase), "tone": message.state.tone.rawValue,
                "isPending": message.state.isMoving, "rawState": message.state.rawValue,
                "phone": phone.map { "+\($0)" } ?? message.maskedPhone,
                "isUnmasked": phone != nil,
                "error": message.error.map { error in
                    PageContext(filling: [
                        "code": error.code, "text": error.text(in: visit.language),
                    ])
                },
                "facts": facts,
                "steps": timeline.entries.map { $0.context(visit, now: now) },
                "isMoving": !message.isSettled,
                "canCancel": message.state == .scheduled || message.state == .queued,
                "canSettle": message.state == .unknown,
                "canSendAgain": message.state == .unknown && message.text != nil,
                "isOpen": message.state == .unknown && message.finalAt == nil,
                "canReplay": !timeline.webhooks.isEmpty,
                "lines": lines.map { $0.context(visit, now: now) }, "hasLines": !lines.isEmpty,
                "auditHref": "/audit?message=\(message.id)",
            ])
        )
    }

    private var facts: [PageContext] {
        func time(_ moment: Timestamp?) -> PageContext? { moment.map { PageTime($0).context(now: now) } }
        let batch = message.batch.map { batch in
            "\(batch.id)" + (batch.dispatchID.map { " · dispatch_id \($0)" } ?? "")
        }
        let facts: [(MessagePhrase, text: String?, time: PageContext?)] = [
            (.factState, message.ownDetail(visit), nil),
            (.factLane, visit.say(message.lane.phrase), nil),
            (.factSender, message.sender, nil),
            (.factReference, message.reference, nil),
            (.factSegments, "\(message.segments) · \(message.encoding)", nil),
            (.factPrice, message.price, nil),
            (.factProviderID, message.providerID, nil),
            (.factKey, message.apiKeyID, nil),
            (.factOrigin, visit.say(message.origin == .api ? .originAPI : .originEskiz), nil),
            (.factClientID, message.client?.userSMSID, nil),
            (.factBatch, batch, nil),
            (.factAttempts, String(message.attempts), nil),
            (.factAccepted, nil, time(message.createdAt)),
            (.factDue, nil, message.state == .scheduled || message.state == .queued ? time(message.dueAt) : nil),
            (.factExpires, nil, time(message.expiresAt)),
            (.factSubmitted, nil, time(message.submittedAt)),
            (.factFinal, nil, time(message.finalAt)),
        ]
        return facts.compactMap { phrase, text, time in
            guard text != nil || time != nil else { return nil }
            return PageContext(filling: ["label": visit.say(phrase), "text": text, "time": time])
        }
    }
}
