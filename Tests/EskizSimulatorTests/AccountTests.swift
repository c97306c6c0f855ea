import Testing

@testable import EskizSimulator

struct AccountTests {
    @Test func `the account is shown as printed`() throws {
        var bench = try ProviderBench()
        let body = try bench.call("GET", "auth/user").body
        let shape =
            "{status:string,data:{id:int,created_at:string,updated_at:string,name:string,email:string,password:string,role:string,status:string,is_vip:bool,balance:int},id:null}"
        #expect(body.shape == shape)
        #expect(body["data"]?["password"] == "")
        #expect(body["data"]?["role"] == "user")
    }

    @Test func `limit, senders and prices have envelopes of their own`() throws {
        var bench = try ProviderBench()
        #expect(try bench.call("GET", "user/get-limit").body.shape == "{data:{balance:int},status:string}")
        #expect(try bench.call("GET", "nick/me").body == ["4546", "Example"])
        let prices = try bench.call("GET", "user/prices").body
        let shape =
            "{global:[{code:string,name:string,prefix:string,status:string,price:int}],local:[{smsc_id:int,name:string,price:int,ad_price:int}]}"
        #expect(prices.shape == shape)
        #expect(prices["local"]?.elements.count == 7)
    }

    // MARK: Templates

    @Test func `a template is echoed without an id, and found in the list by its text`() throws {
        var bench = try ProviderBench()
        let text = JSON.string("Kodingiz: 111111")
        #expect(try bench.call("POST", "user/template", ["template": text]).body == ["template": text])
        let list = try bench.call("GET", "user/templates").body
        #expect(
            list == [
                "success": true,
                "result": [["id": 1, "template": "", "original_text": text, "status": "moderation"]],
            ]
        )
        #expect(try bench.call("POST", "user/template").status == 400)
    }

    @Test(arguments: [("service", "Kod: %d"), ("reklama", "Kod: %d"), ("rejected", "")])
    func `moderation may end by itself`(verdict: String, mask: String) throws {
        var bench = try ProviderBench(["moderation_after": "3h", "moderation_verdict": .string(verdict)])
        _ = try bench.call("POST", "user/template", ["template": "Kod: 1234"])
        bench.pass(.seconds(3 * 3_600 - 1))
        #expect(bench.provider.templates.first?.status == .moderation)
        bench.pass(.seconds(1))
        #expect(bench.provider.templates.first?.status.rawValue == verdict)
        #expect(bench.provider.templates.first?.maskedText == mask)
    }

    @Test(arguments: [
        ("Kod: %d", "Kod: 1", true), ("Kod: %d", "Kod: 123456", true), ("Kod: %d", "Kod: ", false),
        ("Kod: %d", "Kod: 12a", false), ("Kod: %d", "kod: 1", false), ("Salom %w, kod %d", "Salom Ali, kod 12", true),
        ("Salom %w, kod %d", "Salom Ali Vali, kod 12", false), ("%d-%d", "12-34", true), ("%d-%d", "12-34-5", false),
        ("g‘isht", "g'isht", false), ("", "", true), ("", "a", false), ("%w%w", "a", false), ("%w%w", "ab", true),
    ])
    func `a mask matches its text and no other`(mask: String, text: String, matches: Bool) {
        #expect(TextMask(mask).matches(text) == matches)
    }

    @Test func `a hostile mask takes no exponential time`() {
        let mask = String(repeating: "%w", count: 60) + "!"
        #expect(!TextMask(mask).matches(String(repeating: "a", count: 2_000)))
    }

    // MARK: Reports

    /// Two delivered service texts to Beeline in March, one advertising text to Mobiuz in April.
    private static func spent() throws -> ProviderBench {
        var bench = try ProviderBench(lifetime: .seconds(365 * 86_400))
        _ = try bench.call("POST", "user/template", ["template": "Chegirma"])
        bench.provider.settleTemplate(1, .reklama, maskedText: nil)
        _ = try bench.send()
        _ = try bench.send([("mobile_phone", "998900000101")])
        bench.pass(.seconds(31 * 86_400))
        _ = try bench.send([("mobile_phone", "998971234567"), ("message", "Chegirma")])
        bench.pass(.seconds(1))
        return bench
    }

    @Test func `totals are by status and month`() throws {
        var bench = try Self.spent()
        let march = try bench.call("POST", "user/totals", ["year": "2026", "month": "3", "is_global": "0"]).body
        let rows: JSON = [
            ["status": "DELIVERED", "month": "Mar", "packets": 1],
            ["status": "REJECTED", "month": "Mar", "packets": 1],
        ]
        #expect(march == ["status": "success", "data": rows, "id": .null])
        #expect(try bench.call("POST", "user/totals", ["year": 2026, "month": 3, "is_global": 1]).body["data"] == [])
        try bench.set(["totals_field": "sent_packets_too"])
        let row = try bench.call("POST", "user/totals", ["year": 2026, "month": 4]).body["data"]?.elements.first
        #expect(row == ["status": "DELIVERED", "month": "Apr", "packets": 1, "sent_packets": 1])
    }

    @Test func `spending is by month and by operator, advertising apart`() throws {
        var bench = try Self.spent()
        let months = try bench.call("GET", "report/total-by-month", query: [("year", "2026")]).body
        #expect(
            months == [
                "data": [
                    [
                        "year": 2026, "month": 3, "ad_parts": 0, "ad_spent": 0, "parts": 2, "spent": 190,
                        "total_parts": 2, "total_spent": 190,
                    ],
                    [
                        "year": 2026, "month": 4, "ad_parts": 1, "ad_spent": 80, "parts": 0, "spent": 0,
                        "total_parts": 1, "total_spent": 80,
                    ],
                ]
            ]
        )
        #expect(try bench.call("GET", "report/total-by-month", query: [("year", "2025")]).body == ["data": []])
        let operators = try bench.call("POST", "report/total-by-smsc", ["year": "2026", "month": "4"]).body["data"]
        #expect(operators?.elements.map { $0["smsc_id"] } == [1])
        #expect(operators?.elements.first?.names.last == "smsc_id")
    }

    @Test func `a range is a list of totals, or an object by the switch`() throws {
        var bench = try Self.spent()
        let fields: JSON = ["start_date": "2026-03-01 00:00", "to_date": "2026-03-31 23:59", "is_ad": ""]
        let list = try bench.call("POST", "report/total-by-range", fields, query: [("status", "delivered")]).body
        #expect(list["data"] == [["status": "DELIVERED", "month": "Mar", "packets": 1]])
        try bench.set(["range_report": "object"])
        let object = try bench.call("POST", "report/total-by-range", fields).body
        #expect(object["data"]?["total_spent"] == 190)
        #expect(try bench.call("POST", "report/total-by-dispatch", ["dispatch_id": 1]).body["data"]?["parts"] == 0)
    }

    @Test func `an export is CSV with a row for each message, quoted where needed`() throws {
        var bench = try ProviderBench()
        _ = try bench.send([("message", "bir, \"ikki\"\nuch")])
        _ = try bench.send([("mobile_phone", "998900000101")])
        bench.pass(.seconds(1))
        func rows(_ status: String, _ fields: JSON = [:]) throws -> String {
            let answer = bench.handle("POST", "message/export", fields, query: [("status", status)])
            guard case .answer(let answer) = answer.reply else { return "" }
            #expect(answer.contentType.hasPrefix("text/csv"))
            return String(decoding: answer.body, as: UTF8.self)
        }
        let all = try rows("all", ["year": "2026", "month": "3"])
        #expect(all.contains("\"bir, \"\"ikki\"\"\nuch\""))
        #expect(all.hasPrefix("id,user_sms_id,to,nick,message,"))
        #expect(try rows("delivered").contains("998901234567"))
        #expect(try !rows("delivered").contains("998900000101"))
        #expect(try rows("rejected").contains("998900000101"))
        #expect(
            try !rows("all", ["start": "2026-03-02 14:00:01", "end": "2026-03-03 00:00:00"]).contains("998901234567")
        )
    }

    // MARK: Texts

    @Test func `a check counts, prices and judges`() throws {
        var bench = try ProviderBench()
        let text = JSON.string(String(repeating: "ж", count: 109))
        let body = try bench.call("POST", "message/sms/check", ["message": text]).body
        let shape =
            "{status:string,data:{user_id:int,info:[{smsc:int,is_ad:bool,price:int,is_error:bool,error:string}],forbidden:bool,keywords:null,can_send:bool,bytes_count:int,chars_count:int,parts_count:int},id:null}"
        #expect(body.shape == shape)
        let data = try #require(body["data"])
        #expect([data["bytes_count"], data["chars_count"], data["parts_count"]] == [218, 109, 2])
        #expect(data["info"]?.elements.map { $0["price"]?.integer } == [120, 190, 170, 140, 150, 150, 160])
        #expect(data["can_send"] == true)
    }

    @Test func `a check says what may not be sent`() throws {
        var bench = try ProviderBench(["user_texts": "templates", "forbidden_words": ["kazino"]])
        #expect(try bench.call("POST", "message/sms/check", ["message": "Salom"]).body["data"]?["can_send"] == false)
        let banned = try bench.call("POST", "message/sms/check", ["message": "Kazino"]).body["data"]
        #expect(banned?["forbidden"] == true)
        #expect(banned?["keywords"] == ["kazino"])
        try bench.logIn(ProviderBench.test)
        let phrase = try bench.call("POST", "message/sms/check", ["message": "Bu Eskiz dan test"]).body["data"]
        #expect(phrase?["can_send"] == true)
    }

    @Test func `a check answers GET where the switch allows it`() throws {
        var bench = try ProviderBench()
        #expect(try bench.call("GET", "message/sms/check", ["message": "Salom"]).status == 404)
        try bench.set(["check_method": "get_too"])
        #expect(try bench.call("GET", "message/sms/check", ["message": "Salom"]).status == 200)
    }

    @Test func `the normalizer counts positions in UTF-8 bytes`() throws {
        var bench = try ProviderBench()
        let body = try bench.call("POST", "message/sms/normalizer", ["message": "Sms xabar narxi €100 | 世界 П"]).body
        #expect(body.names == ["special_characters", "recommendations", "message"])
        #expect(body["message"] == "Sms xabar narxi EU100 : Shi Jie  P")
        let special = try #require(body["special_characters"]?.elements)
        #expect(special.first == ["position": 16, "code": "0x20AC", "char": "€"])
        #expect(special.map { $0["position"]?.integer } == [16, 23, 25, 28, 32])
        #expect(body["recommendations"]?.elements.first == ["from": "€", "to": "EU"])
    }

    @Test(arguments: [
        ("o‘zbek gʻisht", "o'zbek g'isht"), ("Ўзбекистон", "O'zbekiston"), ("Щука", "Shchuka"), ("Ä ö ñ £", "Ä ö ñ £"),
        ("{code}", "(code)"), ("😀", "[?]"),
    ])
    func `the normalizer replaces what costs more and leaves the rest`(text: String, normalized: String) throws {
        var bench = try ProviderBench()
        let body = try bench.call("POST", "message/sms/normalizer", ["message": .string(text)]).body
        #expect(body["message"]?.text == normalized)
    }

    // MARK: Generation 1

    @Test func `leftovers of generation 1 answer where the switch allows it`() throws {
        var bench = try ProviderBench(["gen1_routes": true])
        _ = try bench.send()
        bench.pass(.seconds(1))
        let status = try bench.call("GET", "message/sms/status/90000001").body
        #expect(status.shape == "{status:string,message:{status:string,status_date:string}}")
        #expect(try bench.call("GET", "message/sms/status/1").status == 404)
        let list = try bench.call("GET", "message/sms/get-user-messages", query: [("from_date", "2026-03-01")]).body
        #expect(list["data"]?["per_page"] == 15)
        #expect(list["data"]?["result"]?.elements.first?["content"] == "Salom")
    }

    @Test func `contacts and templates of generation 1 are made, read, changed and deleted`() throws {
        var bench = try ProviderBench(["gen1_routes": true])
        #expect(
            try bench.call("POST", "contact", ["name": "Ali", "mobile_phone": "998901234567"]).body["data"]?["id"] == 1
        )
        #expect(try bench.call("GET", "contact").body["data"]?.elements.count == 1)
        #expect(try bench.call("PUT", "contact/1", ["name": "Vali"]).body["data"]?["name"] == "Vali")
        #expect(try bench.call("GET", "contact/1").body["data"]?["mobile_phone"] == "998901234567")
        #expect(try bench.call("DELETE", "contact/1").status == 200)
        #expect(try bench.call("GET", "contact/1").status == 404)
        #expect(try bench.call("POST", "template", ["name": "kod", "text": "Kod: 1"]).body["data"]?["id"] == 1)
        #expect(try bench.call("POST", "template", ["name": "kod"]).status == 422)
        #expect(try bench.call("PUT", "template/1", ["text": "Kod: 2"]).body["data"]?["original_text"] == "Kod: 2")
        #expect(try bench.call("GET", "template/1").status == 200)
        #expect(try bench.call("GET", "template").body["data"]?.elements.count == 1)
        #expect(try bench.call("DELETE", "template/1").status == 200)
        #expect(try bench.call("DELETE", "template/1").status == 404)
    }
}
