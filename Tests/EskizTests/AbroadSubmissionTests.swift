import Eskiz
import EskizTesting
import Testing

/// The gateway's way to send abroad.
struct AbroadSubmissionTests {
    private static let message = OutgoingMessage(
        phone: "77011234567",
        text: "Салом",
        sender: "4546",
        callbackURL: "https://example.test/hook",
        userSMSID: "7"
    )

    @Test func `a message abroad takes Eskiz's way for it, with the country of the number`() async throws {
        let harness = try Harness()
        harness.transport.on("POST", "message/sms/send-global", .sent(id: "u-1"))
        let submission = await harness.client.submit(Self.message, beforeWriting: {})
        guard case .taken(let receipt) = submission.outcome else {
            Issue.record("\(submission.outcome)")
            return
        }
        #expect(receipt.id == "u-1")
        #expect(
            harness.request?.form == [
                "mobile_phone": "77011234567", "message": "Салом", "country_code": "KZ", "unicode": "1",
                "callback_url": "https://example.test/hook",
            ]
        )
    }

    @Test func `an answer without an id leaves it open what became of it`() async throws {
        let harness = try Harness()
        harness.transport.on("POST", "message/sms/send-global", .respond(200, ""))
        let submission = await harness.client.submit(Self.message, beforeWriting: {})
        guard case .unknown = submission.outcome else {
            Issue.record("\(submission.outcome)")
            return
        }
    }

    @Test func `a number of no country is refused before the wire`() async throws {
        let harness = try Harness()
        var message = Self.message
        message.phone = "870123456789"
        let submission = await harness.client.submit(message, beforeWriting: {})
        guard case .notTaken(let error) = submission.outcome else {
            Issue.record("\(submission.outcome)")
            return
        }
        #expect(error.code == .invalidPhone && harness.transport.requests.isEmpty)
    }
}
