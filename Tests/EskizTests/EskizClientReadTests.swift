import Eskiz
import EskizTestSupport
import EskizTesting
import Foundation
import Logging
import Testing

struct EskizClientReadTests {
    /// 2024-05-31 22:02:27 in Tashkent.
    private let moment = Date(timeIntervalSince1970: 1_717_174_947)

    private func harness(_ method: String, _ path: String, _ fixture: String) throws -> Harness {
        let harness = try Harness()
        harness.transport.on(method, path, .respond(200, try Fixture.text(fixture)))
        return harness
    }

    // MARK: Messages

    @Test func `a record is read whole, with Tashkent times`() async throws {
        let id = "5b1f0c6e-1111-4222-8333-944455566677"
        let harness = try harness("GET", "message/sms/status_by_id/\(id)", "status-6.1.json")
        let record = try await harness.client.status(of: id)
        #expect(record.id == 90_000_001 && record.requestID == id && record.userSMSID == "1001")
        #expect(record.dispatchID == nil && record.countryID == nil && record.userID == 101)
        #expect(record.operatorID == 2 && record.connectionID == 1)
        #expect(record.price == 95 && record.totalPrice == 95 && record.isAdvertising == false)
        #expect(record.sender == "4546" && record.phone == "998900000001" && record.text == "Bu Eskiz dan test")
        #expect(record.encoding == 1 && record.partsCount == 1)
        #expect(record.status == .delivered)
        #expect(record.sentAt == moment)
        #expect(record.deliveredAt == moment.addingTimeInterval(5))
        #expect(record.createdAt == moment.addingTimeInterval(0.954))
        #expect(record.history == ["A1B2C3": [.accepted, .delivered]])
        let part = try #require(record.parts.first)
        #expect(part.id == "A1B2C3" && part.index == 0 && part.group == 457 && part.isAccepted == true)
        #expect(part.status == .delivered && part.acceptStatus == 0 && part.templateTag == nil)
        // These carry their offset, and it is believed.
        #expect(part.reportedAt == moment.addingTimeInterval(5))
    }

    @Test func `the older shape of parts, strings for numbers and zero times are read too`() async throws {
        let harness = try harness("GET", "message/sms/status_by_id/90000002", "status-old-parts-6.1.json")
        let record = try await harness.client.status(of: "90000002")
        #expect(record.id == 90_000_002 && record.dispatchID == 7001 && record.userSMSID == "1002")
        #expect(record.price == Decimal(string: "95.5") && record.totalPrice == 191)
        #expect(record.isAdvertising == true && record.sender == "4546" && record.phone == "998900000002")
        #expect(record.encoding == 8 && record.partsCount == 2 && record.status == .partDelivered)
        #expect(record.deliveredAt == nil && record.submittedAt == nil && record.updatedAt == nil)
        #expect(record.history.isEmpty)
        #expect(record.parts.map(\.id) == ["B1", "B2"])
        #expect(record.parts.map(\.status) == [.delivered, .undelivered])
        #expect(record.parts[0].isAccepted == true && record.parts[1].reportedAt == nil)
    }

    @Test(arguments: [
        #"{"status":"error"}"#, #"{"status":"success","data":null,"id":null}"#, #"{"status":"success","data":[]}"#,
        #"{"status":"success","data":{}}"#, #"{"status":"success"}"#,
    ])
    func `an unknown id is not found`(body: String) async throws {
        let harness = try Harness()
        harness.transport.on("GET", "message/sms/status_by_id/1", .respond(200, body))
        let error = try await failure { () async throws(EskizError) in try await harness.client.status(of: "1") }
        #expect(error.code == .notFound)
    }

    @Test(arguments: ["", "../auth/user", "a b", "1?x", String(repeating: "1", count: 65)])
    func `an id that is none is refused before the wire`(id: String) async throws {
        let harness = try Harness()
        let error = try await failure { () async throws(EskizError) in try await harness.client.status(of: id) }
        #expect(error.code == .invalidArgument)
        #expect(harness.transport.requests.isEmpty)
    }

    @Test func `a page of messages is asked for and read`() async throws {
        let harness = try harness("POST", "message/sms/get-user-messages", "messages-6.2.json")
        let query = MessageQuery(
            from: moment,
            to: moment.addingTimeInterval(3600),
            status: .rejected,
            page: 2,
            pageSize: 20,
            isAdvertising: false
        )
        let page = try await harness.client.messages(query)
        let request = try #require(harness.request)
        #expect(request.query == ["status": "rejected", "page": "2"])
        #expect(
            request.form == [
                "start_date": "2024-05-31 22:02", "to_date": "2024-05-31 23:02", "page_size": "20", "count": "0",
                "is_ad": "0",
            ]
        )
        #expect(page.messages.count == 2 && page.total == 21 && page.lastPage == 2 && page.hasMore)
        #expect(page.messages[0].status == .new && page.messages[0].parts.isEmpty)
        #expect(page.messages[1].status == .unrecognized("SOMETHING_NEW"))
        #expect(page.messages[1].userSMSID == nil && page.messages[1].requestID == nil)
    }

    @Test func `totals of messages are asked for and read`() async throws {
        let harness = try harness("POST", "message/sms/get-user-messages", "message-totals-6.2.json")
        let totals = try await harness.client.messageTotals(MessageQuery(from: moment, to: moment))
        #expect(harness.request?.form["count"] == "1")
        #expect(harness.request?.form["is_ad"] == "")
        #expect(totals.map(\.status) == [.delivered, .rejected])
        #expect(totals.map(\.total) == [4, 1])
    }

    @Test func `a query that cannot be right is refused before the wire`() async throws {
        let harness = try Harness()
        for query in [
            MessageQuery(from: moment, to: moment.addingTimeInterval(-60)),
            MessageQuery(from: moment, to: moment, page: 0),
            MessageQuery(from: moment, to: moment, pageSize: 19), MessageQuery(from: moment, to: moment, pageSize: 201),
        ] {
            let error = try await failure { () async throws(EskizError) in try await harness.client.messages(query) }
            #expect(error.code == .invalidArgument)
        }
        #expect(harness.transport.requests.isEmpty)
    }

    @Test func `a mailing without messages is an empty page`() async throws {
        let path = "message/sms/get-user-messages-by-dispatch"
        let harness = try harness("POST", path, "dispatch-messages-empty-6.3.json")
        let page = try await harness.client.messages(inDispatch: 7001, status: .delivered, pageSize: 500)
        #expect(page.messages.isEmpty && page.total == 0 && !page.hasMore)
        #expect(harness.request?.query == ["status": "delivered", "page-size": "500", "page": "1"])
        #expect(harness.request?.form["dispatch_id"] == "7001")
    }

    @Test func `the status of a mailing is asked for and read`() async throws {
        let harness = try harness("POST", "message/sms/get-dispatch-status", "message-totals-6.2.json")
        let totals = try await harness.client.dispatchStatus(7001, userID: 101)
        #expect(harness.request?.form == ["dispatch_id": "7001", "user_id": "101"])
        #expect(totals.count == 2)
    }

    @Test func `a log is read with true UTC, and its gaps`() async throws {
        let harness = try harness("GET", "logs/sms/5b1f0c6e", "logs-6.5.json")
        let log = try await harness.client.logs(of: "5b1f0c6e")
        #expect(log.count == 22 && log.entries.count == 2)
        #expect(log.entries[0].timestamp == Date(timeIntervalSince1970: 1_709_033_428.066))
        #expect(
            log.entries[0].level == "WARN" && log.entries[0].dispatchID == nil && log.entries[0].userSMSID == "1001"
        )
        #expect(log.entries[1].message == "Qabul qilindi" && log.entries[1].timestamp == nil)
    }

    // MARK: Account

    @Test func `the account is read in an envelope and without one`() async throws {
        let harness = try Harness()
        harness.transport.on(
            "GET",
            "auth/user",
            .respond(200, try Fixture.text("account-2.4.json")),
            .respond(200, try Fixture.text("account-generation-2-1.1.json"))
        )
        let account = try await harness.client.account()
        #expect(account.id == 101 && account.name == "Example LLC" && account.email == "ops@example.test")
        #expect(account.role == "user" && !account.isTest && account.isVIP == false && account.balance == 125_000)
        let older = try await harness.client.account()
        #expect(older.isTest && older.balance == Decimal(string: "10.5") && older.isVIP == false)
        #expect(!String(reflecting: older).contains("do-not-read-this"))
    }

    @Test(arguments: [("125000", "125000"), ("10.5", "10.5"), (#""99.25""#, "99.25"), (#""0""#, "0"), ("-5", "-5")])
    func `a balance may be whole, a fraction or a string`(json: String, expected: String) async throws {
        let harness = try Harness()
        harness.transport.on(
            "GET",
            "user/get-limit",
            .respond(200, #"{"data":{"balance":\#(json)},"status":"success"}"#)
        )
        #expect(try await harness.client.balance() == Decimal(string: expected))
    }

    @Test(arguments: ["null", #""12a""#, #""""#, "{}", "[]", "true"])
    func `a balance that is none is an unexpected answer`(json: String) async throws {
        let harness = try Harness()
        harness.transport.on(
            "GET",
            "user/get-limit",
            .respond(200, #"{"data":{"balance":\#(json)},"status":"success"}"#)
        )
        let error = try await failure { () async throws(EskizError) in try await harness.client.balance() }
        #expect(error.code == .unexpectedAnswer)
    }

    @Test func `prices are read`() async throws {
        let prices = try await harness("GET", "user/prices", "prices-7.json").client.prices()
        #expect(prices.local.first?.operatorID == 1 && prices.local.first?.price == 60)
        #expect(prices.local.first?.advertisingPrice == 80)
        #expect(prices.global.first?.code == "US" && prices.global.first?.price == Decimal(string: "900.25"))
    }

    @Test func `senders are a bare list`() async throws {
        #expect(try await harness("GET", "nick/me", "senders-7.json").client.senders() == ["4546", "Example"])
    }

    @Test func `templates are read with every status`() async throws {
        let templates = try await harness("GET", "user/templates", "templates-7.json").client.templates()
        #expect(templates.map(\.id) == [1, 2, 3, 4, 5, 6])
        #expect(
            templates.map(\.status) == [
                .moderation, .service, .inProcess, .advertising, .rejected, .unrecognized("archived"),
            ]
        )
        #expect(templates.map(\.status.isApproved) == [false, true, false, true, false, false])
        #expect(templates[2].text == "")
    }

    @Test func `a template is submitted`() async throws {
        let harness = try harness("POST", "user/template", "template-added-7.json")
        let text = "example.test saytiga kirish kodi: 123456"
        #expect(try await harness.client.addTemplate(text) == text)
        #expect(harness.request?.form == ["template": text])
    }

    // MARK: Texts

    @Test func `a check is a POST of JSON`() async throws {
        let harness = try harness("POST", "message/sms/check", "check-5.2.json")
        let check = try await harness.client.check("Salom \"dunyo\"")
        #expect(harness.request?.text == #"{"message":"Salom \"dunyo\""}"#)
        #expect(check.canSend == true && check.isForbidden == false && check.keywords.isEmpty)
        #expect(check.bytes == 218 && check.characters == 109 && check.parts == 2)
        #expect(check.prices.map(\.operatorID) == [1, 2])
        #expect(check.prices.map(\.price) == [160, Decimal(string: "170.5")])
        #expect(check.prices.map(\.error) == [nil, "no route"])
    }

    @Test func `a normalised text is read`() async throws {
        let harness = try harness("POST", "message/sms/normalizer", "normalizer-5.1.json")
        let text = try await harness.client.normalize("Narxi besh yuz €|")
        #expect(text.text == "Narxi besh yuz EU/")
        #expect(text.specialCharacters.map(\.position) == [16, 19])
        #expect(text.recommendations.map(\.to) == ["EU", "/"])
    }

    // MARK: Reports

    @Test func `totals of a month are read under both names`() async throws {
        let harness = try harness("POST", "user/totals", "totals-7.json")
        let totals = try await harness.client.totals(year: 2024, month: 11, isGlobal: true)
        #expect(harness.request?.form == ["year": "2024", "month": "11", "is_global": "1"])
        #expect(totals.map(\.parts) == [3, 2])
    }

    @Test func `a report by month is read`() async throws {
        let harness = try harness("GET", "report/total-by-month", "report-by-month-7.json")
        let rows = try await harness.client.reportByMonth(year: 2024)
        #expect(harness.request?.query == ["year": "2024"])
        #expect(rows.count == 1 && rows[0].month == 2 && rows[0].totalSpent == 24204 && rows[0].advertisingParts == 14)
    }

    @Test func `a report by operator is asked for`() async throws {
        let harness = try harness("POST", "report/total-by-smsc", "report-by-month-7.json")
        _ = try await harness.client.reportByOperator(year: 2024, month: 2)
        #expect(harness.request?.request.url == "https://notify.eskiz.uz/api/report/total-by-smsc")
        #expect(harness.request?.form == ["year": "2024", "month": "2"])
    }

    @Test func `a report whose data is one object is one row`() async throws {
        let harness = try harness("POST", "report/total-by-range", "report-by-range-object-7.json")
        let rows = try await harness.client.reportByRange(from: moment, to: moment, isAdvertising: true)
        #expect(rows.count == 1 && rows[0].parts == 409 && rows[0].spent == Decimal(string: "22594.75"))
        #expect(harness.request?.form["is_ad"] == "1")
    }

    @Test func `a report by mailing is asked for`() async throws {
        let harness = try harness("POST", "report/total-by-dispatch", "totals-7.json")
        let rows = try await harness.client.reportByDispatch(7001, status: .delivered)
        #expect(rows.map(\.status) == [.delivered, .rejected])
        #expect(harness.request?.query == ["status": "delivered"])
    }

    @Test func `an export is the file as it came`() async throws {
        let harness = try Harness()
        let csv = "id;phone;status\r\n1;998900000001;DELIVERED\r\n"
        let type = [TransportHeader("Content-Type", "text/csv")]
        harness.transport.on("POST", "message/export", .respond(200, csv, headers: type), .respond(200, "<html>"))
        let end = moment.addingTimeInterval(1)
        #expect(try await harness.client.export(year: 2024, month: 5, from: moment, to: end) == csv)
        #expect(harness.request?.query == ["status": "all"])
        #expect(
            harness.request?.form == [
                "year": "2024", "month": "5", "start": "2024-05-31 22:02:27", "end": "2024-05-31 22:02:28",
            ]
        )
        let error = try await failure { () async throws(EskizError) in
            try await harness.client.export(year: 2024, month: 5, from: moment, to: end)
        }
        #expect(error.code == .unexpectedAnswer)
    }

    @Test func `a month that is none is refused before the wire`() async throws {
        let harness = try Harness()
        for (year, month) in [(2024, 0), (2024, 13), (24, 1)] {
            let error = try await failure { () async throws(EskizError) in
                try await harness.client.totals(year: year, month: month)
            }
            #expect(error.code == .invalidArgument)
        }
        #expect(harness.transport.requests.isEmpty)
    }

    // MARK: Failures

    @Test(arguments: [
        (500, EskizError.Code.serverError), (403, .forbidden), (404, .notFound), (429, .rateLimited),
        (302, .redirected),
    ])
    func `a read that fails may be repeated and leaves nothing unknown`(status: Int, code: EskizError.Code) async throws
    {
        let harness = try Harness()
        harness.transport.on("GET", "auth/user", .respond(status, "Not Found"))
        let error = try await failure { () async throws(EskizError) in try await harness.client.account() }
        #expect(error.code == code)
        #expect(error.mayRepeat && !error.isOutcomeUnknown)
    }

    @Test func `a read that times out leaves nothing unknown`() async throws {
        let harness = try Harness()
        harness.transport.on("GET", "auth/user", .fail(.timedOut, progress: .sent))
        let error = try await failure { () async throws(EskizError) in try await harness.client.account() }
        #expect(error.code == .timedOut && error.mayRepeat && !error.isOutcomeUnknown)
    }

    // MARK: Following a message

    @Test func `a message is followed until it is final`() async throws {
        let clock = StepClock()
        let harness = try Harness(clock: clock)
        harness.transport.on(
            "GET",
            "message/sms/status_by_id/1",
            .respond(200, #"{"status":"error"}"#),
            .respond(200, #"{"data":{"id":1,"status":"NEW"}}"#),
            .fail(.timedOut, progress: .sent),
            .respond(503),
            .respond(429, "", headers: [TransportHeader("Retry-After", "60")]),
            .respond(200, #"{"data":{"id":1,"status":"DELIVERED"}}"#)
        )
        let record = try await StepClock.$movesTime.withValue(true) {
            try await harness.client.waitUntilFinal("1", timeout: .seconds(600))
        }
        #expect(record.status == .delivered)
        #expect(harness.transport.requests.count == 6)
        #expect(clock.slept == [1, 1.5, 2.25, 3.375, 60].map { Duration.seconds($0) })
        // A question that will be asked again is no reason to wake anybody.
        #expect(!harness.log.lines.contains { $0.level >= .warning })
    }

    @Test func `a message that is not final in time is an error that says how far it came`() async throws {
        let clock = StepClock()
        let harness = try Harness(clock: clock)
        harness.transport.on(
            "GET",
            "message/sms/status_by_id/1",
            .respond(200, #"{"data":{"id":1,"status":"ACCEPTED"}}"#)
        )
        let error = try await StepClock.$movesTime.withValue(true) {
            try await failure { () async throws(EskizError) in
                try await harness.client.waitUntilFinal("1", timeout: .seconds(100))
            }
        }
        #expect(error.code == .timedOut)
        #expect(error.summary.contains("accepted") && error.summary.contains("100 s"))
        #expect(clock.slept.reduce(.zero, +) == .seconds(100))
        #expect(clock.slept.allSatisfy { $0 <= .seconds(15) })
    }

    @Test func `what asking again cannot cure ends the wait`() async throws {
        let harness = try Harness(clock: StepClock())
        harness.transport.on("GET", "message/sms/status_by_id/1", .respond(403))
        let error = try await StepClock.$movesTime.withValue(true) {
            try await failure { () async throws(EskizError) in
                try await harness.client.waitUntilFinal("1", timeout: .seconds(100))
            }
        }
        #expect(error.code == .forbidden)
        #expect(harness.transport.requests.count == 1)
    }
}
