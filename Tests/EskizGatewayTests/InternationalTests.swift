import EskizQueue
import EskizQueueTesting
import EskizText
import Foundation
import Testing

@testable import EskizGateway

/// `POST /v1/messages` to other countries.
@Suite(.timeLimit(.minutes(1)))
struct InternationalTests {
    @Test func `a message goes abroad where it is said on purpose`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let body = #"{"to":"+77011234567","text":"Salom","international":true}"#
            let answer = try await caller.post("/v1/messages", body)
            #expect(answer.status == 202)
            #expect(answer.json["to"] == "+77011234567")
            let id = try #require(answer.json["id"]?.text)
            let number = try #require(MessageID(text: id))
            #expect(try await harness.store.message(number)?.phone == "77011234567")
        }
    }

    @Test(arguments: [
        (#"{"to":"+77011234567","text":"Salom"}"#, "foreign_phone"),
        (#"{"to":"+77011234567","text":"Salom","international":false}"#, "foreign_phone"),
        (#"{"to":"+77011234567","text":"Salom","international":null}"#, "foreign_phone"),
        (#"{"to":"77011234567","text":"Salom","international":true}"#, "invalid_phone"),
        (#"{"to":"+7 701 123 45 67","text":"Salom","international":true}"#, "invalid_phone"),
        (#"{"to":"+870123456789","text":"Salom","international":true}"#, "invalid_phone"),
    ])
    func `what is not said, or not a number abroad, is refused`(body: String, code: String) async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let answer = try await caller.post("/v1/messages", body)
            #expect(answer.status == 422)
            #expect(answer.errors == ["to \(code)"])
        }
    }

    @Test func `an Uzbek number is one, whatever is said`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let answer = try await caller.post(
                "/v1/messages",
                #"{"to":"901234567","text":"Salom","international":true}"#
            )
            #expect(answer.status == 202)
        }
    }

    /// The pattern of the description, by a library that knows ranges as ECMA-262 does.
    @Test func `the description says of numbers abroad what the code does`() throws {
        let pattern = try NSRegularExpression(pattern: MessageRules.foreignPhonePattern)
        var verdicts: Set<Bool> = []
        for code in 1...999 {
            for length in [9, 10, 11, 12, 15, 16] {
                let digits = String(code) + String(repeating: "5", count: max(0, length - String(code).count))
                for text in ["+\(digits)", digits, "+\(digits) "] {
                    guard (try? PhoneNumber(text))?.isUzbek != true else { continue }
                    let whole = NSRange(location: 0, length: text.utf16.count)
                    let isDescribed = pattern.firstMatch(in: text, range: whole)?.range == whole
                    let isTaken = (try? MessageRules.phone(text, mayBeAbroad: true).get()) != nil
                    #expect(isDescribed == isTaken, "\(text)")
                    verdicts.insert(isTaken)
                }
            }
        }
        #expect(verdicts == [true, false])
    }
}
