import Testing

@testable import EskizSimulator

struct SendingTests {
    @Test func `a send is answered as printed`() throws {
        var bench = try ProviderBench()
        let answer = try bench.send()
        #expect(answer.status == 200)
        #expect(answer.body.names == ["id", "message", "status"])
        #expect(answer.body["message"] == "Waiting for SMS provider")
        #expect(answer.body["status"] == "waiting")
        #expect(answer.body["id"]?.text?.count == 36)
        #expect(bench.provider.ledger.sendsAccepted == 1)
    }

    @Test func `send's status may be a list, which clients break on`() throws {
        var bench = try ProviderBench(["send_status": "array"])
        #expect(try bench.send().body["status"] == ["waiting"])
    }

    @Test func `without a token nothing is sent`() throws {
        var bench = try ProviderBench(account: nil)
        #expect(try bench.send().status == 401)
        #expect(bench.provider.ledger.sendsRefused == 1)
        #expect(bench.provider.messages.count == 0)
    }

    // MARK: user_sms_id

    @Test(arguments: [
        ("999999999999", 200), ("1000000000000", 400), ("5b1f0c6e-1111-4222-8333-944455566677", 400), ("sms1", 400),
        ("0", 200), ("", 200), ("-1", 400), ("١٢", 400),
    ])
    func `user_sms_id is at most twelve digits`(reference: String, status: Int) throws {
        var bench = try ProviderBench()
        let answer = try bench.send([("user_sms_id", .string(reference))])
        #expect(answer.status == status)
        if status == 400 { #expect(answer.body["message"] == "user_sms_id is invalid") }
    }

    @Test func `user_sms_id may be any text by the switch`() throws {
        var bench = try ProviderBench(["user_sms_id": "lenient"])
        #expect(try bench.send([("user_sms_id", "test-sms-1")]).status == 200)
    }

    @Test func `user_sms_id as a number is echoed as text`() throws {
        var bench = try ProviderBench(["stored_after": 0])
        let id = try bench.sentID([("user_sms_id", 42)])
        bench.pass(.zero)
        #expect(try bench.row(id)["user_sms_id"] == "42")
    }

    // MARK: Phone and sender

    @Test(arguments: [
        "+998901234567", "998 90 1234567", "901234567", "99890123456", "9989012345678", "897901234567", "",
    ])
    func `a phone is twelve digits that begin with 998`(phone: String) throws {
        var bench = try ProviderBench()
        let answer = try bench.send([("mobile_phone", .string(phone))])
        #expect(answer.status == 400)
        #expect(answer.body.names == ["id", "message", "status"])
        #expect(bench.provider.ledger.sendsRefused == 1)
    }

    @Test(arguments: ["+998 90 123-45-67", "901234567"])
    func `a phone may be written freely by the switch`(phone: String) throws {
        var bench = try ProviderBench(["phone_format": "lenient"])
        #expect(try bench.send([("mobile_phone", .string(phone))]).status == 200)
        #expect(bench.provider.messages.newestFirst(to: ProviderBench.phone, limit: 1).count == 1)
    }

    @Test func `a phone as a number is taken`() throws {
        var bench = try ProviderBench()
        #expect(try bench.send([("mobile_phone", 998_901_234_567)]).status == 200)
    }

    @Test(arguments: [
        ("400", 400, "error"), ("200_error", 200, "error"), ("deleted", 200, "waiting"),
    ])
    func `an unknown sender is answered by the switch`(value: String, status: Int, word: String) throws {
        var bench = try ProviderBench(["unknown_sender": .string(value)])
        let answer = try bench.send([("from", "Stranger")])
        #expect(answer.status == status)
        #expect(answer.body["status"]?.text == word)
    }

    @Test func `an unknown sender's part may end as DELETED`() throws {
        var bench = try ProviderBench(["unknown_sender": "deleted"])
        let id = try bench.sentID([("from", "Stranger")])
        bench.pass(.seconds(1))
        let row = try bench.row(id)
        #expect(row["status"] == "REJECTED")
        #expect(
            row["smsc_data"].flatMap { $0.names.first.flatMap { key in row["smsc_data"]?[key] } } == [
                "ACCEPTED", "DELETED",
            ]
        )
    }

    @Test func `a nickname of the account and no sender at all are taken`() throws {
        var bench = try ProviderBench()
        #expect(try bench.send([("from", "Example")]).status == 200)
        #expect(try bench.send([("from", .null)]).status == 200)
        #expect(bench.provider.messages.newestFirst(to: nil, limit: 1).first?.nick == "4546")
    }

    @Test func `an empty text is refused`() throws {
        var bench = try ProviderBench()
        #expect(try bench.send([("message", "")]).status == 400)
        #expect(try bench.send([("message", .null)]).status == 400)
    }

    @Test func `validation errors may have the shape of generation 1`() throws {
        var bench = try ProviderBench(["validation_errors": "gen1"])
        let answer = try bench.send([("mobile_phone", "12")])
        #expect(answer.status == 422)
        #expect(answer.body == ["message": ["mobile_phone": ["mobile_phone is invalid"]]])
    }

    // MARK: Texts

    @Test(arguments: TestTexts.all)
    func `a test account may send the three phrases`(text: String) throws {
        var bench = try ProviderBench(account: ProviderBench.test)
        #expect(try bench.send([("message", .string(text))]).status == 200)
    }

    @Test(arguments: ["Salom", "bu eskiz dan test", "Bu Eskiz dan test "])
    func `a test account may send nothing else`(text: String) throws {
        var bench = try ProviderBench(account: ProviderBench.test)
        let answer = try bench.send([("message", .string(text))])
        #expect(answer.status == 400)
        let message =
            "Для теста можно использовать только один из этих текстов: Bu Eskiz dan test, Это тест от Eskiz, This is test from Eskiz"
        #expect(answer.body["message"]?.text == message)
    }

    @Test func `a test account has one sender`() throws {
        var bench = try ProviderBench(account: ProviderBench.test)
        #expect(try bench.send([("message", "Bu Eskiz dan test"), ("from", "Example")]).status == 400)
    }

    @Test func `the role of an account can be overridden`() throws {
        var bench = try ProviderBench(["role_override": "test"])
        #expect(try bench.send().status == 400)
        #expect(try bench.issued(ProviderBench.demo).role == "test")
        try bench.set(["role_override": .null])
        #expect(try bench.send().status == 200)
    }

    @Test func `a text that matches no template is refused where templates decide`() throws {
        var bench = try ProviderBench(["user_texts": "templates"])
        let answer = try bench.send([("message", "Kodingiz: 123456")])
        #expect(answer.status == 400)
        let message =
            "Этот смс текст еще не прошёл модерацию. Сначала добавьте его через API - Шаблоны - Отправить шаблон или через кабинет my.eskiz.uz - СМС - Мои тексты."
        #expect(answer.body["message"]?.text == message)
    }

    @Test func `an approved template lets its text pass, apart from the masked parts`() throws {
        var bench = try ProviderBench(["user_texts": "templates"])
        #expect(
            try bench.call("POST", "user/template", ["template": "Kodingiz: 111111"]).body == [
                "template": "Kodingiz: 111111"
            ]
        )
        #expect(try bench.send([("message", "Kodingiz: 123456")]).status == 400)
        bench.provider.settleTemplate(1, .service, maskedText: nil)
        #expect(try bench.send([("message", "Kodingiz: 123456")]).status == 200)
        #expect(try bench.send([("message", "Kodingiz:  123456")]).status == 400)
        #expect(try bench.send([("message", "Kodingiz: 123456.")]).status == 400)
        bench.provider.settleTemplate(1, .rejected, maskedText: nil)
        #expect(try bench.send([("message", "Kodingiz: 123456")]).status == 400)
    }

    @Test func `another account's template helps nobody`() throws {
        var bench = try ProviderBench(["user_texts": "templates"])
        let mine = bench.bearer
        try bench.logIn(ProviderBench.test)
        _ = try bench.call("POST", "user/template", ["template": "Salom"])
        bench.provider.settleTemplate(1, .service, maskedText: nil)
        bench.bearer = mine
        #expect(try bench.send().status == 400)
    }

    @Test func `an advertising template costs the advertising price`() throws {
        var bench = try ProviderBench()
        _ = try bench.call("POST", "user/template", ["template": "Chegirma 50%"])
        bench.provider.settleTemplate(1, .reklama, maskedText: nil)
        let before = bench.provider.accounts[0].balance
        _ = try bench.send([("message", "Chegirma 70%")])
        #expect(before - bench.provider.accounts[0].balance == Operator.serving(ProviderBench.phone).advertisingPrice)
    }

    @Test func `a forbidden word hides an error in a good status`() throws {
        var bench = try ProviderBench(["forbidden_words": ["kazino"]])
        let answer = try bench.send([("message", "Eng zo'r KAZINO")])
        #expect(answer.status == 200)
        #expect(answer.body["status"] == "error")
        #expect(bench.provider.messages.count == 0)
    }

    // MARK: Money

    @Test func `a message costs its parts at the operator's price`() throws {
        var bench = try ProviderBench()
        let before = bench.provider.accounts[0].balance
        _ = try bench.send([("message", .string(String(repeating: "a", count: 161)))])
        _ = try bench.send([("mobile_phone", "998971234567")])
        #expect(before - bench.provider.accounts[0].balance == 2 * 95 + 60)
    }

    @Test func `without money a message is taken and never delivered`() throws {
        var bench = try ProviderBench(["balance": 94])
        let id = try bench.sentID()
        bench.pass(.seconds(100_000))
        #expect(try bench.row(id)["status"] == "ACCEPTED")
        #expect(bench.provider.accounts[0].balance == 94)
    }

    @Test func `without money a message is refused by the switch`() throws {
        var bench = try ProviderBench(["balance": 0, "zero_balance": "400"])
        #expect(try bench.send().status == 400)
        try bench.set(["balance": 95])
        #expect(try bench.send().status == 200)
        #expect(bench.provider.accounts[0].balance == 0)
    }

    @Test(arguments: [("integer", "int"), ("fraction", "double"), ("string", "string")])
    func `a balance is a whole number, a fraction or a text`(value: String, kind: String) throws {
        var bench = try ProviderBench(["balance_format": .string(value)])
        #expect(try bench.call("GET", "user/get-limit").body["data"]?["balance"]?.shape == kind)
        #expect(try bench.call("GET", "auth/user").body["data"]?["balance"]?.shape == kind)
    }

    // MARK: Batches

    private static let batch: JSON = [
        "messages": [
            ["user_sms_id": "1001", "to": 998_900_000_001, "text": "Salom"],
            ["user_sms_id": "1002", "to": "998900000002", "text": "Salom"],
        ],
        "from": "4546", "dispatch_id": 7001, "callback_url": "",
    ]

    @Test func `a batch has one id and a list of statuses`() throws {
        var bench = try ProviderBench()
        let answer = try bench.call("POST", "message/sms/send-batch", Self.batch)
        #expect(answer.status == 200)
        #expect(answer.body.shape == "{id:string,message:string,status:[string]}")
        #expect(answer.body["status"] == ["waiting", "waiting"])
        let messages = bench.provider.messages.ofRequest(try #require(answer.body["id"]?.text))
        #expect(messages.map(\.userSMSID) == ["1001", "1002"])
        #expect(messages.allSatisfy { $0.dispatchID == "7001" })
        #expect(bench.provider.ledger.sendsAccepted == 2)
    }

    @Test func `a test account has no batches, unless the switch allows them`() throws {
        var bench = try ProviderBench(account: ProviderBench.test)
        #expect(try bench.call("POST", "message/sms/send-batch", Self.batch).status == 403)
        try bench.set(["batch_on_test_account": "allow"])
        let phrases: JSON = ["messages": [["user_sms_id": "1", "to": 998_900_000_001, "text": "Bu Eskiz dan test"]]]
        #expect(try bench.call("POST", "message/sms/send-batch", phrases).status == 200)
    }

    @Test func `the size of a batch is unlimited, unless a switch limits it`() throws {
        var bench = try ProviderBench(["batch_limit": 1])
        #expect(try bench.call("POST", "message/sms/send-batch", Self.batch).status == 400)
        try bench.set(["batch_limit": .null])
        #expect(try bench.call("POST", "message/sms/send-batch", Self.batch).status == 200)
    }

    @Test func `one bad number refuses the batch, or only itself`() throws {
        let batch: JSON = [
            "messages": [
                ["user_sms_id": "1", "to": "12", "text": "Salom"],
                ["user_sms_id": "2", "to": "998900000002", "text": "Salom"],
            ]
        ]
        var bench = try ProviderBench()
        #expect(try bench.call("POST", "message/sms/send-batch", batch).status == 400)
        #expect(bench.provider.messages.count == 0)
        try bench.set(["batch_bad_item": "error_element"])
        #expect(try bench.call("POST", "message/sms/send-batch", batch).body["status"] == ["error", "waiting"])
        #expect(bench.provider.messages.count == 1)
    }

    @Test(arguments: [JSON.object([]), ["messages": []], ["messages": "no list"], ["messages": 1]])
    func `a batch without messages is refused`(fields: JSON) throws {
        var bench = try ProviderBench()
        #expect(try bench.call("POST", "message/sms/send-batch", fields).status == 400)
    }

    // MARK: Abroad

    @Test func `a message abroad is answered as a send and shows its country`() throws {
        var bench = try ProviderBench()
        let fields: JSON = ["mobile_phone": "15550100", "message": "Hello", "country_code": "US", "unicode": "0"]
        let answer = try bench.call("POST", "message/sms/send-global", fields)
        #expect(answer.body["status"] == "waiting")
        bench.pass(.seconds(1))
        let row = try bench.row(try #require(answer.body["id"]?.text))
        #expect(row["smsc_id"] == 8)
        #expect(row["country_id"]?.shape == "int")
    }

    @Test(arguments: [("country_code", "XX"), ("mobile_phone", "+15550100"), ("message", "")])
    func `a message abroad needs a country, a number and a text`(field: String, value: String) throws {
        var bench = try ProviderBench()
        let good: [(String, String)] = [("mobile_phone", "15550100"), ("message", "Hello"), ("country_code", "US")]
        let fields = JSON.object(good.map { .init(name: $0.0, value: .string($0.0 == field ? value : $0.1)) })
        #expect(try bench.call("POST", "message/sms/send-global", fields).status == 400)
    }

    @Test(arguments: [("UA", "380441234567"), ("uz", "998901234567"), ("UZ", "998901234567"), ("kz", "77011234567")])
    func `every country of ISO 3166 is one, in any case`(code: String, phone: String) throws {
        var bench = try ProviderBench()
        let fields: JSON = ["mobile_phone": .string(phone), "message": "Hello", "country_code": .string(code)]
        #expect(try bench.call("POST", "message/sms/send-global", fields).status == 200)
    }

    // MARK: Texts

    @Test func `a text has as many parts as the cabinet allows, unless a switch says otherwise`() throws {
        var bench = try ProviderBench()
        let long = String(repeating: "ш", count: 8 * 67 + 1)
        let refused = try bench.send([("message", .string(long))])
        #expect(refused.status == 400 && refused.body["message"] == "message is too long: maximum 8 parts")
        #expect(try bench.send([("message", .string(String(long.dropLast())))]).status == 200)
        try bench.set(["max_parts": .null])
        #expect(try bench.send([("message", .string(long))]).status == 200)
    }

    @Test(arguments: ["abc\u{0}def", "abc\u{7F}", "   ", "\u{200B}", "x\u{FFFD}"])
    func `a text that no phone shows as it is written is refused, unless a switch says otherwise`(text: String) throws {
        var bench = try ProviderBench()
        #expect(try bench.send([("message", .string(text))]).status == 400)
        try bench.set(["text_characters": "any"])
        #expect(try bench.send([("message", .string(text))]).status == 200)
    }

    @Test func `a text abroad must be one that the account may send`() throws {
        var bench = try ProviderBench(account: ProviderBench.test)
        var fields: [JSON.Member] = [
            .init(name: "mobile_phone", value: "15550100"), .init(name: "country_code", value: "US"),
            .init(name: "message", value: "Hello"),
        ]
        #expect(try bench.call("POST", "message/sms/send-global", .object(fields)).status == 400)
        fields[2] = .init(name: "message", value: .string(TestTexts.all[2]))
        #expect(try bench.call("POST", "message/sms/send-global", .object(fields)).status == 200)
    }
}
