import Eskiz
import Foundation
import Testing

struct ProviderFailureTests {
    private func response(_ status: Int, _ body: String = "{}", headers: [TransportHeader] = []) -> TransportResponse {
        TransportResponse(status: status, headers: headers, body: Array(body.utf8))
    }

    @Test(arguments: [
        ("refused-text-4.1.json", 400, EskizError.Code.textNotApproved),
        ("refused-test-account-4.1.json", 400, .testAccountTextOnly),
        ("refused-text-4.1.json", 200, .textNotApproved),
        ("expired-2.6.json", 401, .tokenDead),
        ("expired-generation-2-2.6.json", 401, .tokenDead),
        ("expired-generation-2-2.6.json", 400, .tokenDead),
        ("expired-generation-1-1.1.json", 200, .tokenDead),
    ])
    func `known answers have their code`(fixture: String, status: Int, code: EskizError.Code) throws {
        let failure = try #require(ProviderFailure.of(Fixture.response(fixture, status: status)))
        #expect(failure.code == code)
        #expect(failure.httpStatus == status)
        #expect(failure.needsOperator)
    }

    @Test(arguments: [
        (#"{"message":"user_sms_id is invalid","status":"error"}"#, EskizError.Code.invalidUserSMSID),
        (#"{"message":"mobile_phone is invalid","status":"error"}"#, .invalidPhone),
        (#"{"message":{"mobile_phone":["The mobile phone field is required."]}}"#, .invalidPhone),
        (#"{"message":"Nickname is not approved","status":"error"}"#, .senderNotApproved),
        (#"{"message":"from is invalid","status":"error"}"#, .senderNotApproved),
        (#"{"message":"message is invalid","status":"error"}"#, .invalidText),
        (#"{"message":"Something new","status":"error"}"#, .refused),
        ("<html></html>", .refused),
        ("", .refused),
    ])
    func `a refusal is told apart by its stable words`(body: String, code: EskizError.Code) throws {
        #expect(try #require(ProviderFailure.of(response(400, body))).code == code)
    }

    @Test(arguments: [
        (402, EskizError.Code.refused), (403, .forbidden), (404, .notFound), (405, .refused), (422, .refused),
        (429, .rateLimited), (301, .redirected), (308, .redirected), (500, .serverError), (502, .serverError),
        (503, .serverError), (504, .serverError), (401, .tokenDead), (100, .unexpectedAnswer),
    ])
    func `a status without words has its code`(status: Int, code: EskizError.Code) throws {
        let failure = try #require(ProviderFailure.of(response(status)))
        #expect(failure.code == code)
        #expect(!failure.remedy.isEmpty)
    }

    @Test(arguments: [
        ("senders-7.json"), ("send-4.1.json"), ("status-6.1.json"), ("templates-7.json"), ("logs-6.5.json"),
    ])
    func `a good answer is no failure`(fixture: String) throws {
        #expect(ProviderFailure.of(try Fixture.response(fixture)) == nil)
    }

    @Test func `Eskiz's own words are kept`() throws {
        let failure = try #require(ProviderFailure.of(Fixture.response("refused-text-4.1.json", status: 400)))
        #expect(failure.provider?.hasPrefix("Этот смс текст еще не прошёл модерацию.") == true)
    }

    @Test func `phone numbers and tokens are masked in Eskiz's words`() throws {
        let token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJlc2lnbmF0dXJl"
        let text = "Number +998 90 123-45-67, 998901234567, code 123456, nick 4546, token \(token), done"
        let failure = try #require(ProviderFailure.of(response(400, #"{"message":"\#(text)"}"#)))
        let words = try #require(failure.provider)
        #expect(words == "Number +***, ***, code ***, nick 4546, token <token> done")
        for view in ["\(failure)", String(reflecting: failure)] {
            #expect(!view.contains("123-45-67") && !view.contains("998901234567") && !view.contains("eyJ"))
        }
    }

    @Test func `long words of Eskiz's are cut and held on one line`() throws {
        let text = String(repeating: "juda uzun\\n", count: 200)
        let failure = try #require(ProviderFailure.of(response(400, #"{"message":"\#(text)"}"#)))
        let words = try #require(failure.provider)
        #expect(words.count <= 300)
        #expect(!words.contains("\n"))
    }

    @Test func `a page of HTML is not quoted`() throws {
        let failure = try #require(ProviderFailure.of(response(502, "<html>secret</html>")))
        #expect(failure.provider == nil)
        #expect(failure.summary.contains("HTML"))
    }

    // MARK: Retry-After

    @Test(arguments: [
        ("3", Duration.seconds(3)), (" 120 ", .seconds(120)), ("0", .zero),
        ("Sun, 06 Nov 1994 08:50:07 GMT", .seconds(30)), ("Sunday, 06-Nov-94 08:50:07 GMT", .seconds(3_155_760_030)),
        ("Sun Nov  6 08:50:07 1994", .seconds(30)), ("Sun, 06 Nov 1994 08:00:00 GMT", .zero),
    ])
    func `Retry-After is a number of seconds or a date`(value: String, wait: Duration) throws {
        let headers = [TransportHeader("retry-after", value), TransportHeader("Date", "Sun, 06 Nov 1994 08:49:37 GMT")]
        let failure = try #require(ProviderFailure.of(response(429, headers: headers)))
        #expect(failure.retryAfter == wait)
    }

    @Test func `a date is measured against the given clock if the answer has none`() throws {
        let now = Date(timeIntervalSince1970: 784_111_777)
        let headers = [TransportHeader("Retry-After", "Sun, 06 Nov 1994 08:50:07 GMT")]
        let failure = try #require(ProviderFailure.of(response(503, headers: headers), now: now))
        #expect(failure.retryAfter == .seconds(30))
    }

    @Test(arguments: ["", "soon", "-3", "1.5", "99999999999", "Sun, 99 Nov 1994 08:50:07 GMT", "Sun, 06 Nov"])
    func `a Retry-After that cannot be read is none`(value: String) throws {
        let failure = try #require(ProviderFailure.of(response(429, headers: [TransportHeader("Retry-After", value)])))
        #expect(failure.retryAfter == nil)
        #expect(!failure.remedy.isEmpty)
    }
}
