import Eskiz
import EskizQueue

/// What an application is told: header fields and body.
///
/// Pure.
struct WebhookContent: Sendable, Equatable {
    var headers: [TransportHeader]
    var body: [UInt8]

    private static let common = [
        TransportHeader("Content-Type", "application/json"), TransportHeader("User-Agent", "eskiz-gateway"),
    ]

    /// Ours: Standard Webhooks, with the message as the API shows it, but never its text.
    ///
    /// The message is told in the state that the delivery is about, even if it has gone further since.
    static func standard(
        _ delivery: WebhookDelivery,
        of message: Message,
        signer: WebhookSigner,
        at now: Timestamp
    ) -> WebhookContent {
        var message = message
        message.text = nil
        if message.state != delivery.state {
            message.state = delivery.state
            message.statusDetail = delivery.report?.status.description
            if !delivery.state.isFinal { message.finalAt = nil }
        }
        let timestamp = RFC3339.text(delivery.createdAt)
        var body = Array(#"{"type":"message.\#(delivery.state.rawValue)","timestamp":"\#(timestamp)","data":"#.utf8)
        var data = JSONWriter()
        // Nothing that is told waits to be sent.
        data.message(message, holds: [])
        body += data.bytes
        body.append(UInt8(ascii: "}"))
        return WebhookContent(
            headers: common + signer.headers(id: id(of: delivery), at: now, body: body),
            body: body
        )
    }

    /// The delivery's `webhook-id`; it does not change between tries, so a receiver knows what it has heard.
    static func id(of delivery: WebhookDelivery) -> String {
        "msg_\(delivery.messageID)_\(delivery.id)"
    }

    /// Eskiz's own callback, as its clients know it: every value a string (eskiz-api.md §10).
    static func eskiz(_ delivery: WebhookDelivery, of message: Message) -> WebhookContent {
        let report = delivery.report
        let moment = report?.happenedAt ?? report?.receivedAt ?? delivery.createdAt
        let body = JSONText.object([
            ("request_id", report?.providerID ?? message.providerID ?? ""),
            ("message_id", report?.providerNumber ?? ""),
            ("user_sms_id", message.client?.userSMSID ?? ""),
            ("country", message.phone.hasPrefix("998") ? "UZ" : ""),
            ("phone_number", message.phone),
            ("sms_count", String(report?.parts ?? message.segments)),
            ("status", report.map { spelling(of: $0.status) } ?? spelling(of: delivery.state)),
            ("status_date", WireTime.seconds(moment.date)),
        ])
        return WebhookContent(headers: common, body: Array(body.utf8))
    }

    /// The spellings of Eskiz's own callbacks: those of parts where there are two (§9).
    private static func spelling(of status: MessageStatus) -> String {
        switch status {
        case .waiting, .new: "NEW"
        case .stored: "STORED"
        case .accepted: "ACCEPTED"
        case .enroute: "ENROUTE"
        case .indefinite: "UNKNOWN"
        case .partDelivered: "PARTDELIVERED"
        case .delivered: "DELIVRD"
        case .undelivered: "UNDELIV"
        case .expired: "EXPIRED"
        case .rejected: "REJECTD"
        case .deleted: "DELETED"
        case .unrecognized(let text): text
        }
    }

    private static func spelling(of state: MessageState) -> String {
        switch state {
        case .scheduled, .queued, .sending: "NEW"
        case .submitted: "ACCEPTED"
        case .delivered: "DELIVRD"
        case .undelivered: "UNDELIV"
        case .unknown: "UNKNOWN"
        case .expired: "EXPIRED"
        case .failed: "REJECTD"
        case .cancelled: "DELETED"
        }
    }
}
