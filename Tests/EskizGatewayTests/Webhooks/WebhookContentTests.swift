import Eskiz
import EskizQueue
import EskizText
import Testing

@testable import EskizGateway

struct WebhookContentTests {
    private static let now = Timestamp(milliseconds: 1_800_000_000_123)

    private func message(_ state: MessageState = .delivered, client: Message.ClientReference? = nil) -> Message {
        Message(
            id: MessageID(7),
            state: state,
            lane: .otp,
            phone: "998901234567",
            text: "Kod 4821",
            sender: "4546",
            segments: 2,
            encoding: .gsm7,
            apiKeyID: "k",
            client: client,
            providerID: "5b1f0c6e",
            createdAt: Self.now,
            dueAt: Self.now,
            finalAt: Self.now
        )
    }

    private func delivery(
        _ state: MessageState = .delivered,
        _ format: WebhookDelivery.Format = .standard,
        report: DeliveryReport? = nil
    ) -> WebhookDelivery {
        WebhookDelivery(
            id: 3,
            messageID: MessageID(7),
            url: "https://example.test/",
            format: format,
            state: state,
            report: report,
            createdAt: Self.now
        )
    }

    private func standard(_ delivery: WebhookDelivery, at now: Timestamp = now) -> WebhookContent {
        WebhookContent.standard(
            delivery,
            of: message(),
            signer: WebhookSigner(secrets: [WebhookSecret(bytes: Array(repeating: 7, count: 32))]),
            at: now
        )
    }

    @Test func `the body names what happened, when, and the message without its text`() throws {
        let content = standard(delivery())
        let json = try JSON(String(decoding: content.body, as: UTF8.self))
        #expect(json.names == ["type", "timestamp", "data"])
        #expect(json["type"] == "message.delivered")
        #expect(json["timestamp"] == "2027-01-15T08:00:00.123Z")
        #expect(json["data"]?["id"]?.text == "\(MessageID(7))")
        #expect(json["data"]?["status"] == "delivered")
        #expect(json["data"]?["final_at"]?.text != nil)
        #expect(json["data"]?["text"]?.text == nil)
        #expect(content.headers.contains(TransportHeader("Content-Type", "application/json")))
    }

    @Test func `it tells of the state it was written for, even if the message has gone further`() {
        let text = String(decoding: standard(delivery(.submitted)).body, as: UTF8.self)
        #expect(text.contains(#""type":"message.submitted""#))
        #expect(text.contains(#""status":"submitted""#))
        #expect(!text.contains("final_at"))
    }

    @Test func `the id is the same on every try, and the signature is new`() {
        let first = standard(delivery())
        let second = standard(delivery(), at: Self.now + .seconds(60))
        let value = { (content: WebhookContent, name: String) in content.headers.first { $0.name == name }?.value }
        #expect(value(first, "webhook-id") == "msg_7_3")
        #expect(value(second, "webhook-id") == "msg_7_3")
        #expect(first.body == second.body)
        #expect(value(first, "webhook-signature") != value(second, "webhook-signature"))
    }

    @Test func `an Eskiz client is told in Eskiz's own words, every value a string`() {
        let report = DeliveryReport(
            status: .delivered,
            source: .callback,
            receivedAt: Self.now,
            happenedAt: Timestamp(milliseconds: 1_800_000_005_000),
            providerID: "0c1d2e3f",
            providerNumber: "90000001",
            parts: 3
        )
        let message = message(client: .init(userSMSID: "007", callbackURL: "https://example.test/"))
        let content = WebhookContent.eskiz(delivery(.delivered, .eskiz, report: report), of: message)
        #expect(
            String(decoding: content.body, as: UTF8.self)
                == #"{"request_id":"0c1d2e3f","message_id":"90000001","user_sms_id":"007","country":"UZ","#
                + #""phone_number":"998901234567","sms_count":"3","status":"DELIVRD","#
                + #""status_date":"2027-01-15 13:00:05"}"#
        )
        #expect(!content.headers.contains { $0.name.hasPrefix("webhook-") })
    }

    @Test(arguments: [
        ("STORED", "STORED"), ("NEW", "NEW"), ("ACCEPTED", "ACCEPTED"), ("ENROUTE", "ENROUTE"), ("UNKNOWN", "UNKNOWN"),
        ("PARTDELIVERED", "PARTDELIVERED"), ("DELIVERED", "DELIVRD"), ("DELIVRD", "DELIVRD"),
        ("UNDELIVERABLE", "UNDELIV"), ("EXPIRED", "EXPIRED"), ("REJECTED", "REJECTD"), ("DELETED", "DELETED"),
        ("SOMETHING\"new", "SOMETHING\"new"),
    ])
    func `a word comes back in Eskiz's spelling, and means the same`(word: String, spelling: String) {
        let report = DeliveryReport(status: MessageStatus(word), source: .callback, receivedAt: Self.now)
        let content = WebhookContent.eskiz(delivery(.submitted, .eskiz, report: report), of: message())
        let fields = FormFields(lenient: content.body, contentType: "application/json")
        #expect(fields["status"] == spelling)
        #expect(fields["status"].map { MessageStatus($0) } == MessageStatus(word))
        #expect(fields.texts["user_sms_id"] == "")
    }
}
