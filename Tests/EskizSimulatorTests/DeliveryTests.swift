import Testing

@testable import EskizSimulator

struct DeliveryTests {
    @Test func `a message is unknown, then NEW, then ACCEPTED, then DELIVERED`() throws {
        var bench = try ProviderBench()
        let id = try bench.sentID()
        #expect(try bench.call("GET", "message/sms/status_by_id/\(id)").body == ["status": "error"])
        bench.pass(.milliseconds(50))
        #expect(try bench.row(id)["status"] == "NEW")
        bench.pass(.milliseconds(100))
        #expect(try bench.row(id)["status"] == "ACCEPTED")
        bench.pass(.milliseconds(249))
        #expect(try bench.row(id)["status"] == "ACCEPTED")
        bench.pass(.milliseconds(1))
        #expect(try bench.row(id)["status"] == "DELIVERED")
    }

    @Test func `before it is stored a message may show as NEW`() throws {
        var bench = try ProviderBench(["status_before_stored": "new"])
        let id = try bench.sentID()
        #expect(try bench.row(id)["status"] == "NEW")
    }

    @Test func `each step has its delay`() throws {
        var bench = try ProviderBench(["stored_after": "1s", "accepted_after": "1m", "delivered_after": "1h"])
        let id = try bench.sentID()
        bench.pass(.seconds(59))
        #expect(try bench.row(id)["status"] == "NEW")
        bench.pass(.seconds(1))
        #expect(try bench.row(id)["status"] == "ACCEPTED")
        bench.pass(.seconds(3_540))
        #expect(try bench.row(id)["status"] == "DELIVERED")
    }

    @Test func `a jump of the clock delivers what is on its way, at the right times`() throws {
        var bench = try ProviderBench(["delivered_after": "1h"])
        let id = try bench.sentID()
        bench.provider.clockAdvance += .seconds(86_400)
        #expect(try bench.row(id)["delivery_sm_at"] == "2026-03-02T15:00:00Z")
    }

    @Test(arguments: [
        ("delivered", "DELIVERED", "DELIVRD"), ("undelivered", "REJECTED", "UNDELIV"),
        ("expired", "REJECTED", "EXPIRED"),
        ("rejected", "REJECTED", "REJECTD"), ("deleted", "REJECTED", "DELETED"), ("unknown", "ACCEPTED", "UNKNOWN"),
        ("never", "ACCEPTED", "ACCEPTED"),
    ])
    func `a message ends as the switch says`(delivery: String, status: String, part: String) throws {
        var bench = try ProviderBench(["delivery": .string(delivery)])
        let id = try bench.sentID()
        bench.pass(.seconds(100_000))
        let row = try bench.row(id)
        #expect(row["status"]?.text == status)
        let key = try #require(row["parts"]?.names.first)
        #expect(row["parts"]?[key]?["dlr_state"]?.text == part)
        #expect((row["delivery_sm_at"] != .null) == (status == "DELIVERED"))
    }

    @Test func `a long message may arrive in part`() throws {
        var bench = try ProviderBench(["delivery": "partial"])
        let id = try bench.sentID([("message", .string(String(repeating: "a", count: 200)))])
        bench.pass(.seconds(1))
        let row = try bench.row(id)
        #expect(row["status"] == "PARTDELIVERED")
        let states = try #require(row["smsc_data"])
        #expect(states.names.map { states[$0]?.elements.last } == ["DELIVRD", "UNDELIV"])
    }

    @Test(arguments: [
        ("998900000101", "UNDELIV"), ("998970000102", "EXPIRED"), ("998930000103", "REJECTD"),
        ("998330000104", "DELETED"),
        ("998950000105", nil), ("998990000106", "UNKNOWN"), ("998900000107", "DELIVRD"), ("998900000001", "DELIVRD"),
    ])
    func `magic numbers end as documented`(phone: String, ending: String?) throws {
        var bench = try ProviderBench()
        _ = try bench.send([("mobile_phone", .string(phone))])
        bench.pass(.seconds(1))
        let message = bench.provider.messages.newestFirst(to: phone, limit: 1).first
        #expect(message?.parts.first?.states.last == ending ?? "ACCEPTED")
    }

    @Test func `a scripted number goes before magic and before the rule`() throws {
        var bench = try ProviderBench([
            "delivery": "rejected", "delivery_by_number": ["+998 90 000-01-01": "delivered"],
        ])
        let id = try bench.sentID([("mobile_phone", "998900000101")])
        bench.pass(.seconds(1))
        #expect(try bench.row(id)["status"] == "DELIVERED")
    }

    // MARK: Callbacks

    private static let hook = JSON.string("http://127.0.0.1:9/hook")

    private func reported(_ behaviour: JSON, _ changes: [(String, JSON)] = []) throws -> [CallbackJob] {
        var bench = try ProviderBench(behaviour)
        _ = try bench.send([("callback_url", Self.hook), ("user_sms_id", "1001")] + changes)
        bench.pass(.milliseconds(50))
        bench.pass(.milliseconds(100))
        bench.pass(.milliseconds(250))
        bench.pass(.seconds(1))
        return bench.reports
    }

    @Test func `three reports are made, with the printed members, all of them text`() throws {
        let reports = try reported([:])
        #expect(reports.map(\.status) == ["STORED", "ACCEPTED", "DELIVRD"])
        let first = try #require(reports.first)
        let names = [
            "request_id", "message_id", "user_sms_id", "country", "phone_number", "sms_count", "status", "status_date",
        ]
        #expect(first.fields.map(\.0) == names)
        #expect(first.fields.map(\.1)[1...6] == ["90000001", "1001", "UZ", "998901234567", "1", "STORED"])
        #expect(first.fields.last?.1 == "2026-03-02 14:00:00")
    }

    @Test func `an empty callback address calls nobody`() throws {
        #expect(try reported([:], [("callback_url", "")]).isEmpty)
    }

    @Test(arguments: [
        ("undelivered", "part", "UNDELIV"), ("undelivered", "message", "REJECTED"),
        ("delivered", "message", "DELIVERED"),
        ("expired", "part", "EXPIRED"),
    ])
    func `the last report is spelt by part or by message`(delivery: String, spelling: String, status: String) throws {
        let reports = try reported(["delivery": .string(delivery), "callback_spelling": .string(spelling)])
        #expect(reports.last?.status == status)
    }

    @Test(arguments: [
        ("json", "application/json", #"{"request_id":"#),
        ("urlencoded", "application/x-www-form-urlencoded", "request_id="),
        ("multipart", "multipart/form-data; boundary=", "-------"),
    ])
    func `a report travels in any of three encodings and reads back the same`(
        value: String,
        type: String,
        beginning: String
    ) throws {
        let report = try #require(try reported(["callback_encoding": .string(value)]).first)
        let (contentType, bytes) = report.body
        #expect(contentType.hasPrefix(type))
        #expect(String(decoding: bytes, as: UTF8.self).hasPrefix(beginning))
        let fields = try Fields.reading(bytes, contentType: contentType)
        for (name, value) in report.fields { #expect(fields.text(name) == value) }
    }

    @Test func `only the wanted points are reported`() throws {
        #expect(try reported(["callback_points": ["final"]]).map(\.status) == ["DELIVRD"])
    }

    @Test func `legacy reports lack request_id`() throws {
        let report = try #require(try reported(["callback_fields": "legacy"]).first)
        #expect(report.fields.first?.0 == "message_id")
    }

    @Test func `reports may come the wrong way round`() throws {
        #expect(try reported(["callback_order": "reversed"]).map(\.status) == ["DELIVRD", "ACCEPTED", "STORED"])
    }

    @Test func `reports may come several times`() throws {
        #expect(try reported(["callback_repeat": 2]).map(\.status).filter { $0 == "STORED" }.count == 2)
    }

    @Test func `the first report may overtake the answer`() throws {
        var bench = try ProviderBench(["callback_before_answer": true])
        let fields: JSON = ["mobile_phone": "998901234567", "message": "Salom", "callback_url": Self.hook]
        let handling = bench.handle("POST", "message/sms/send", fields)
        #expect(handling.reportsBeforeAnswer.map(\.status) == ["STORED"])
        bench.pass(.seconds(1))
        #expect(bench.reports.map(\.status) == ["ACCEPTED", "DELIVRD"])
    }

    @Test func `a message that never ends reports two points, reversed ones included`() throws {
        #expect(try reported(["delivery": "never"]).map(\.status) == ["STORED", "ACCEPTED"])
        let reversed = try reported(["delivery": "never", "callback_order": "reversed"])
        #expect(reversed.map(\.status) == ["ACCEPTED", "STORED"])
    }

    // MARK: Retries

    private func attempts(_ behaviour: JSON, status: Int?, over span: Int) throws -> [Int] {
        var bench = try ProviderBench(["callback_points": ["stored"]])
        try bench.set(behaviour)
        _ = try bench.send([("callback_url", Self.hook)])
        let begin = bench.now
        var seconds: [Int] = []
        for _ in 0...(span * 10) {
            bench.pass(.milliseconds(100))
            for report in bench.reports {
                seconds.append(Int((bench.now - begin).inSeconds.rounded()))
                bench.provider.reportAnswered(report, status: status, note: nil, at: bench.now)
            }
            bench.reports = []
        }
        return seconds
    }

    @Test func `a report that was answered is not repeated`() throws {
        #expect(try attempts([:], status: 200, over: 60) == [0])
    }

    @Test func `an unanswered report is repeated with growing pauses, a bounded number of times`() throws {
        #expect(try attempts([:], status: 500, over: 120) == [0, 1, 3, 7, 15, 31])
        #expect(try attempts(["callback_retry_limit": 1], status: nil, over: 60) == [0, 1])
    }

    @Test func `an unanswered report may be forgotten, or repeated without end`() throws {
        #expect(try attempts(["callback_retry": "none"], status: 500, over: 60) == [0])
        let endless = try attempts(
            ["callback_retry": "fixed", "callback_retry_interval": "10s"],
            status: 500,
            over: 600
        )
        #expect(endless.count == 61)
    }

    @Test func `a reset forgets reports on their way`() throws {
        var bench = try ProviderBench()
        _ = try bench.send([("callback_url", Self.hook)])
        bench.pass(.milliseconds(50))
        let report = try #require(bench.reports.first)
        bench.provider.reset(at: bench.now)
        bench.provider.reportAnswered(report, status: 500, note: nil, at: bench.now)
        #expect(bench.provider.ledger.callbacksSent == 0)
        #expect(bench.provider.schedule.nextDue == nil)
    }

    @Test(arguments: [
        ("http://127.0.0.1:8080/hook", true), ("http://localhost/x", true), ("https://[::1]:1/x", true),
        ("http://127.9.8.7", true), ("http://example.test/", false), ("http://127.0.0.1@example.test/", false),
        ("http://127.0.0.1.example.test/", false), ("ftp://127.0.0.1/", false), ("//127.0.0.1/", false), ("", false),
        ("http://10.0.0.1/", false), ("http://[::2]/", false), ("http://0.0.0.0/", false), ("http://127.1/", false),
        ("http://127.0.0.1\\@example.test/", false), ("http://2130706433/", false),
        ("http://localhost.example.test", false),
    ])
    func `reports go to this machine only`(url: String, isAllowed: Bool) {
        #expect(LoopbackURL.isAllowed(url) == isAllowed)
    }
}
