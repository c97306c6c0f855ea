import Eskiz
import EskizQueue
import EskizQueueTesting
import Testing

@testable import EskizGateway

struct WebhookSignatureTests {
    private static let body = Array(#"{"test": 2432232314}"#.utf8)
    private static let moment = Timestamp(milliseconds: 1_614_265_330_999)

    /// The values of the standard's own libraries, computed anew with Python's hmac.
    @Test func `a signature is what the standard says`() throws {
        let secret = try #require(WebhookSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
        let headers = WebhookSigner(secrets: [secret])
            .headers(id: "msg_p5jXN8AQM9LWM0D4loKWxJek", at: Self.moment, body: Self.body)
        #expect(
            headers == [
                TransportHeader("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek"),
                TransportHeader("webhook-timestamp", "1614265330"),
                TransportHeader("webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="),
            ]
        )
    }

    @Test func `with two secrets there are two signatures, the current one first`() throws {
        let old = try #require(WebhookSecret("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"))
        let new = try #require(WebhookSecret("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"))
        let alone = { (secret: WebhookSecret) in
            WebhookSigner(secrets: [secret]).headers(id: "m", at: Self.moment, body: Self.body)[2].value
        }
        let both = WebhookSigner(secrets: [new, old]).headers(id: "m", at: Self.moment, body: Self.body)[2].value
        #expect(both == "\(alone(new)) \(alone(old))")
    }

    @Test(arguments: [
        "", "whsec_", "whsec_!!", "whsec_c2hvcnQ=", "secret", String(repeating: "A", count: 200), "whsec_whsec_AAAA",
    ])
    func `what is no secret is refused`(text: String) {
        #expect(WebhookSecret(text) == nil)
    }

    @Test func `a secret of our own is the same each time and can be given to a receiver`() async throws {
        let store = MemoryMessageStore()
        let secret = try await WebhookSecret.load(from: store)
        #expect(try await WebhookSecret.load(from: store) == secret)
        #expect(secret.text.hasPrefix("whsec_"))
        #expect(secret.text.utf8.count == 6 + 44)
        #expect(WebhookSecret(secret.text) == secret)
        #expect(!"\(secret)".contains(secret.text.suffix(20)))
    }
}
