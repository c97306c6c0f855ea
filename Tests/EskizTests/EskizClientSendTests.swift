import Eskiz
import EskizTesting
import EskizText
import Foundation
import Testing

struct EskizClientSendTests {
    // MARK: What goes out

    @Test(arguments: ["+998 90 123-45-67", "998901234567", "901234567", "(90) 123 45 67"])
    func `a send is a form with a bare number`(phone: String) async throws {
        let harness = try Harness()
        harness.transport.on("POST", "message/sms/send", .respond(200, try Fixture.text("send-4.1.json")))
        let sent = try await harness.client.send("Salom, dunyo!", to: phone)
        #expect(sent.id == "5b1f0c6e-1111-4222-8333-944455566677")
        #expect(sent.status == .waiting)
        #expect(sent.message == "Waiting for SMS provider")
        let request = try #require(harness.request)
        #expect(request.request.url == "https://notify.eskiz.uz/api/message/sms/send")
        #expect(request.header("content-type") == "application/x-www-form-urlencoded")
        #expect(request.token == "canary.canary.canary")
        #expect(request.form == ["mobile_phone": "998901234567", "message": "Salom, dunyo!", "from": "4546"])
    }

    @Test func `what the caller gives goes before what is configured`() async throws {
        let harness = try Harness(callbackURL: "https://example.test/hook", sender: "Example")
        harness.transport.on("POST", "message/sms/send", .sent(id: "1"))
        try await harness.client.send("a", to: "901234567", userSMSID: "999999999999")
        try await harness.client.send("a", to: "901234567", from: "Other", callbackURL: .none)
        let forms = harness.transport.requests.map(\.form)
        #expect(forms[0]["from"] == "Example")
        #expect(forms[0]["callback_url"] == "https://example.test/hook")
        #expect(forms[0]["user_sms_id"] == "999999999999")
        #expect(forms[1]["from"] == "Other")
        #expect(forms[1]["callback_url"] == nil && forms[1]["user_sms_id"] == nil)
    }

    @Test func `a code goes out in its template`() async throws {
        let harness = try Harness(codeTemplate: "Kod {code}, yana {code}")
        harness.transport.on("POST", "message/sms/send", .sent(id: "1"))
        #expect(await harness.client.sendCode("123456", to: "+998901234567"))
        #expect(harness.request?.form["message"] == "Kod 123456, yana 123456")
    }

    @Test func `a number that has been read already does as well`() async throws {
        let harness = try Harness()
        harness.transport.on("POST", "message/sms/send", .sent(id: "1"))
        let phone = try PhoneNumber("(90) 123-45-67")
        try await harness.client.send("a", to: phone)
        try await harness.client.sendVerificationCode("123456", to: phone)
        #expect(await harness.client.sendCode("123456", to: phone))
        #expect(harness.transport.requests.map(\.form["mobile_phone"]) == Array(repeating: "998901234567", count: 3))
        #expect(BatchMessage(to: phone, text: "a") == BatchMessage(to: "+998901234567", text: "a"))
    }

    @Test func `a batch is JSON, with numbers for phones`() async throws {
        let harness = try Harness(callbackURL: "https://example.test/hook")
        harness.transport.on("POST", "message/sms/send-batch", .respond(200, try Fixture.text("send-batch-4.2.json")))
        let batch = try await harness.client.sendBatch([
            BatchMessage(to: "+998901234567", text: "Salom", userSMSID: "1001"),
            BatchMessage(to: "998901234568", text: "Salom / xayr"),
        ])
        #expect(batch.id == "0c1d2e3f-1111-4222-8333-944455566677")
        #expect(batch.statuses == [.waiting, .waiting])
        #expect(batch.dispatchID == 42)
        let request = try #require(harness.request)
        #expect(request.header("content-type") == "application/json")
        #expect(
            request.text == #"{"callback_url":"https://example.test/hook","dispatch_id":42,"from":"4546","messages":["#
                + #"{"text":"Salom","to":998901234567,"user_sms_id":"1001"},{"text":"Salom / xayr","to":998901234568}]}"#
        )
    }

    @Test func `a number abroad goes out with its country`() async throws {
        let harness = try Harness()
        harness.transport.on("POST", "message/sms/send-global", .sent(id: "7"), .respond(200, ""))
        let sent = try await harness.client.sendGlobal("Привет", to: "+1 202 555 0100", countryCode: "us")
        #expect(sent?.id == "7")
        #expect(
            harness.request?.form == [
                "mobile_phone": "12025550100", "message": "Привет", "country_code": "US", "unicode": "1",
            ]
        )
        // An empty answer is all that one client ever saw here.
        #expect(try await harness.client.sendGlobal("Hi", to: "+12025550100", countryCode: "US") == nil)
        #expect(harness.transport.requests.last?.form["unicode"] == "0")
    }

    // MARK: What never goes out

    @Test(arguments: [("+7 701 123 45 67", "KZ"), ("+79161234567", "RU"), ("+1 202 555 0100", "US")])
    func `the country of a message abroad is found out from the number`(phone: String, country: String) async throws {
        let harness = try Harness()
        harness.transport.on("POST", "message/sms/send-global", .sent(id: "7"))
        try await harness.client.sendGlobal("Salom", to: phone)
        #expect(harness.request?.form["country_code"] == country)
    }

    @Test(arguments: [
        ("", EskizError.Code.invalidPhone), ("abc", .invalidPhone), ("12345", .invalidPhone),
        ("+998 90 123 45", .invalidPhone), ("+12025550100", .invalidPhone), ("99890123456789", .invalidPhone),
    ])
    func `a number that is none is refused before the wire`(phone: String, code: EskizError.Code) async throws {
        let harness = try Harness()
        let error = try await failure { () async throws(EskizError) in try await harness.client.send("a", to: phone) }
        #expect(error.code == code)
        #expect(harness.transport.requests.isEmpty)
    }

    @Test(arguments: [
        "", "   ", "\n", "\u{200B}", "a\u{0}b", "a\u{7F}", "x\u{FFFD}", String(repeating: "x", count: 1225),
    ])
    func `a text that cannot be sent is refused before the wire`(text: String) async throws {
        let harness = try Harness()
        let error = try await failure { () async throws(EskizError) in
            try await harness.client.send(text, to: "901234567")
        }
        #expect(error.code == .invalidText)
        #expect(harness.transport.requests.isEmpty)
    }

    @Test func `a text at the limit is sent`() async throws {
        let harness = try Harness()
        harness.transport.on("POST", "message/sms/send", .sent(id: "1"))
        try await harness.client.send(String(repeating: "ш", count: 536), to: "901234567")
    }

    @Test func `the limit of segments is a setting, and the refusal says how many it would be`() async throws {
        let harness = try Harness(maximumSegments: 2)
        let error = try await failure { () async throws(EskizError) in
            try await harness.client.send(String(repeating: "ш", count: 135), to: "901234567")
        }
        #expect(error.summary == "The text would be 3 segments and cost as much as 3 messages; 2 are allowed.")
        #expect(error.remedy.contains("ESKIZ_MAX_SEGMENTS"))
    }

    @Test func `asking about a text has no such limit`() async throws {
        let harness = try Harness()
        let answer = #"{"message":"x","special_characters":[],"recommendations":[]}"#
        harness.transport.on("POST", "message/sms/normalizer", .respond(200, answer))
        _ = try await harness.client.normalize(String(repeating: "x", count: 2000))
    }

    @Test(arguments: ["", "1234567890123", "1a", "-1", "5b1f0c6e-1111-4222-8333-944455566677", "٣", " 1"])
    func `a number of one's own that Eskiz refuses is refused before the wire`(id: String) async throws {
        let harness = try Harness()
        let error = try await failure { () async throws(EskizError) in
            try await harness.client.send("a", to: "901234567", userSMSID: id)
        }
        #expect(error.code == .invalidUserSMSID)
        #expect(harness.transport.requests.isEmpty)
    }

    @Test func `a sender and an address that cannot be right are refused before the wire`() async throws {
        let harness = try Harness()
        for sender in ["", "x", "TwelveLetter", "Тест", "a b"] {
            let error = try await failure { () async throws(EskizError) in
                try await harness.client.send("a", to: "901234567", from: sender)
            }
            #expect(error.code == .invalidArgument)
        }
        for address in ["example.test/hook", "ftp://example.test", "https://", "https://a b"] {
            let error = try await failure { () async throws(EskizError) in
                try await harness.client.send("a", to: "901234567", callbackURL: .url(address))
            }
            #expect(error.code == .invalidArgument)
        }
        #expect(harness.transport.requests.isEmpty)
    }

    @Test func `a batch is refused whole, and says which message`() async throws {
        let harness = try Harness()
        let good = BatchMessage(to: "901234567", text: "a")
        let error = try await failure { () async throws(EskizError) in
            try await harness.client.sendBatch([good, good, BatchMessage(to: "123", text: "a")])
        }
        #expect(error.code == .invalidPhone)
        #expect(error.summary.contains("Message 3"))
        for count in [0, 201] {
            let error = try await failure { () async throws(EskizError) in
                try await harness.client.sendBatch(Array(repeating: good, count: count))
            }
            #expect(error.code == .invalidArgument)
        }
        #expect(harness.transport.requests.isEmpty)
    }

    // MARK: What comes back

    @Test func `a refusal says why and may be repeated without harm`() async throws {
        let harness = try Harness()
        harness.transport.on("POST", "message/sms/send", .respond(400, try Fixture.text("refused-text-4.1.json")))
        let error = try await failure { () async throws(EskizError) in
            try await harness.client.send("a", to: "901234567")
        }
        #expect(error.code == .textNotApproved)
        #expect(error.mayRepeat && !error.isOutcomeUnknown && error.needsOperator)
        #expect(error.provider?.contains("модерацию") == true)
    }

    @Test func `status error under 200 is a refusal`() async throws {
        let harness = try Harness()
        harness.transport.on("POST", "message/sms/send", .refused(200, "Nickname is not approved"))
        let error = try await failure { () async throws(EskizError) in
            try await harness.client.send("a", to: "901234567")
        }
        #expect(error.code == .senderNotApproved)
        #expect(error.mayRepeat)
    }

    @Test(arguments: [
        ScriptedTransport.Step.respond(200, #"{"id":"#), .respond(200, "<html>"), .respond(502, "<html>"),
        .respond(500),
        .fail(.timedOut, progress: .sent), .fail(.connectionClosed, progress: .sent),
        .fail(.cancelled, progress: .sent),
    ])
    func `what may have been sent is said to be unknown and is not repeated`(step: ScriptedTransport.Step) async throws
    {
        let harness = try Harness()
        harness.transport.on("POST", "message/sms/send", step)
        let error = try await failure { () async throws(EskizError) in
            try await harness.client.send("a", to: "901234567")
        }
        #expect(error.isOutcomeUnknown && !error.mayRepeat)
        #expect(harness.transport.requests.count == 1)
    }

    @Test func `what never left is said to be repeatable`() async throws {
        let harness = try Harness()
        harness.transport.on("POST", "message/sms/send", .fail(.connectionFailed, progress: .notSent))
        let error = try await failure { () async throws(EskizError) in
            try await harness.client.send("a", to: "901234567")
        }
        #expect(error.code == .connectionFailed)
        #expect(error.mayRepeat && !error.isOutcomeUnknown)
    }

    @Test func `an answer of the first generation is understood`() async throws {
        let harness = try Harness()
        let answer = try Fixture.text("send-generation-1-1.1.json")
        harness.transport.on("POST", "message/sms/send", .respond(201, answer))
        let sent = try await harness.client.send("a", to: "901234567")
        #expect(sent.id == "4385062")
        #expect(sent.status == .waiting)
    }

    @Test func `sendCode answers no instead of throwing`() async throws {
        let harness = try Harness()
        harness.transport.on("POST", "message/sms/send", .refused(400, "user_sms_id is invalid"))
        #expect(await harness.client.sendCode("123456", to: "901234567") == false)
        #expect(await harness.client.sendCode("123456", to: "nobody") == false)
        #expect(await harness.client.sendCode("", to: "901234567") == false)
        #expect(harness.transport.requests.count == 1)
    }
}
