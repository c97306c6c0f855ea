import Eskiz
import EskizTestSupport
import Foundation
import Testing

struct WireCodingTests {
    @Test(arguments: [
        ("a", "1", "a=1"),
        ("message", "Salom, dunyo!", "message=Salom%2C+dunyo%21"),
        ("message", "a&b=c+d%", "message=a%26b%3Dc%2Bd%25"),
        ("message", "O‘zbek\n", "message=O%E2%80%98zbek%0A"),
        ("message", "Код: 1", "message=%D0%9A%D0%BE%D0%B4%3A+1"),
        ("callback_url", "", "callback_url="),
        ("x", "-._~", "x=-._~"),
    ])
    func `a form escapes whatever could be mistaken`(name: String, value: String, expected: String) {
        #expect(WireCoding.form([(name, value)]) == expected)
    }

    @Test func `fields of a form keep their order`() {
        #expect(WireCoding.form([("b", "1"), ("a", "2")]) == "b=1&a=2")
    }

    @Test(arguments: [
        ("../auth/user", "..%2Fauth%2Fuser"), ("a?b", "a%3Fb"), ("5b1f0c6e-1111", "5b1f0c6e-1111"),
        ("a#b c", "a%23b%20c"),
    ])
    func `a segment of a path cannot leave its place`(text: String, expected: String) {
        #expect(WireCoding.pathSegment(text) == expected)
    }

    @Test(arguments: ["AAECAw==", "AAECAw", " AAECAw==\n"])
    func `base64 is read with and without padding`(text: String) {
        #expect(WireCoding.base64Decoded(text) == [0, 1, 2, 3])
    }

    @Test(arguments: [("-_8=", [0xFB, 0xFF] as [UInt8]), ("+/8=", [0xFB, 0xFF])])
    func `base64 is read in both alphabets`(text: String, bytes: [UInt8]) {
        #expect(WireCoding.base64Decoded(text) == bytes)
    }

    @Test(arguments: ["!!!!", "A", "AAECAw=A"])
    func `what is not base64 is none`(text: String) {
        #expect(WireCoding.base64Decoded(text) == nil)
    }

    // MARK: Answers that are not what they should be

    @Test(arguments: [
        ("<!DOCTYPE html><html>", "an HTML page"), ("", "an empty body"), ("  \n", "an empty body"),
        (#"{"data":{"#, "broken or incomplete JSON"), ("[]", "JSON of another shape"), ("{}", "JSON of another shape"),
        ("Not Found", "plain text"), ("\u{0}\u{1}", "plain text"),
    ])
    func `an unexpected answer is called what it is`(body: String, sentence: String) {
        let response = TransportResponse(status: 200, body: Array(body.utf8))
        #expect {
            try WireCoding.decode(Enveloped<EskizClient.Account>.self, from: response)
        } throws: { error in
            guard let error = error as? EskizError else { return false }
            return error.code == .unexpectedAnswer && error.summary.contains(sentence) && !error.remedy.isEmpty
        }
    }

    @Test func `broken answers of every kind are errors and never crashes`() throws {
        let names = [
            "account-2.4.json", "check-5.2.json", "status-6.1.json", "messages-6.2.json", "logs-6.5.json",
            "prices-7.json", "templates-7.json", "send-batch-4.2.json", "normalizer-5.1.json", "totals-7.json",
        ]
        var random = SeededGenerator(seed: 7)
        var failures = 0
        for name in names {
            let whole = Array(try Fixture.text(name).utf8)
            for round in 0..<400 {
                var body = whole
                if round % 2 == 0 {
                    body.removeLast(Int(random.next() % UInt64(body.count)))
                } else {
                    for _ in 0...4 {
                        body[Int(random.next() % UInt64(body.count))] = UInt8(truncatingIfNeeded: random.next())
                    }
                }
                let response = TransportResponse(status: 200, body: body)
                failures +=
                    attempt(Enveloped<EskizClient.Account>.self, response)
                    + attempt(Enveloped<TextCheck>.self, response)
                failures += attempt(Enveloped<EskizClient.MessageRecord>.self, response)
                failures += attempt(Enveloped<MessagePage>.self, response) + attempt(MessageLog.self, response)
                failures +=
                    attempt(Enveloped<Prices>.self, response) + attempt(EnvelopedList<MonthlyTotal>.self, response)
                _ = SendOutcome(response, receipt: SentMessage.receipt)
                _ = ProviderFailure.of(response)
            }
        }
        #expect(failures > 1000)
    }

    private func attempt<Value: Decodable>(_ type: Value.Type, _ response: TransportResponse) -> Int {
        do {
            _ = try WireCoding.decode(type, from: response)
            return 0
        } catch {
            #expect(error.code == .unexpectedAnswer)
            return 1
        }
    }

    @Test func `JSON nested without end is an error`() {
        let body = Array((String(repeating: #"{"message":["#, count: 100_000)).utf8)
        let response = TransportResponse(status: 400, body: body)
        #expect(ProviderFailure.of(response)?.code == .refused)
    }
}
