import Testing

@testable import EskizSimulator

struct ReadingTests {
    private static func delivered(_ count: Int, _ behaviour: JSON = [:]) throws -> ProviderBench {
        var bench = try ProviderBench(behaviour)
        for number in 0..<count { _ = try bench.send([("user_sms_id", .int(number))]) }
        bench.pass(.seconds(1))
        return bench
    }

    // MARK: status_by_id

    @Test func `a row has the printed members in the printed order with the printed types`() throws {
        var bench = try ProviderBench()
        let id = try bench.sentID([("user_sms_id", "1001")])
        bench.pass(.seconds(1))
        let answer = try bench.call("GET", "message/sms/status_by_id/\(id)").body
        #expect(answer.names == ["status", "data", "id"])
        #expect(answer["status"] == "success")
        #expect(answer["id"] == .null)
        let row = try #require(answer["data"])
        #expect(
            row.names == [
                "id", "user_id", "country_id", "connection_id", "smsc_id", "dispatch_id", "user_sms_id", "request_id",
                "price", "total_price", "is_ad", "nick", "to", "message", "encoding", "parts_count", "parts", "status",
                "smsc_data", "sent_at", "submit_sm_resp_at", "delivery_sm_at", "created_at", "updated_at",
            ]
        )
        #expect(row["request_id"]?.text == id)
        #expect(row["country_id"] == .null)
        #expect(row["dispatch_id"] == .null)
        #expect(row["smsc_id"] == 2)
        #expect(row["encoding"] == 1)
        let key = try #require(row["parts"]?.names.first)
        let shape =
            "{group:int,part_index:int,accepted:bool,accept_status:int,accept_time:string,dlr_state:string,dlr_time:string,template_tag:string}"
        #expect(row["parts"]?[key]?.shape == shape)
        #expect(row["smsc_data"]?[key] == ["ACCEPTED", "DELIVRD"])
    }

    @Test func `stamps hold Tashkent's wall clock and claim to be UTC`() throws {
        var bench = try ProviderBench()
        let id = try bench.sentID()
        bench.pass(.seconds(1))
        let row = try bench.row(id)
        #expect(row["sent_at"] == "2026-03-02T14:00:00Z")
        #expect(row["created_at"] == "2026-03-02T14:00:00.050Z")
        #expect(row["submit_sm_resp_at"] == "2026-03-02T14:00:00.150000Z")
        #expect(row["delivery_sm_at"] == "2026-03-02T14:00:00Z")
        let part = try #require(row["parts"]?.names.first.flatMap { row["parts"]?[$0] })
        #expect(part["accept_time"] == "2026-03-02T14:00:00.150000000+05:00")
        #expect(part["dlr_time"] == "2026-03-02T14:00:00+05:00")
    }

    @Test func `the old shape of a part has four members`() throws {
        var bench = try Self.delivered(1, ["parts_shape": "old"])
        let row = try bench.row("90000001")
        let part = try #require(row["parts"]?.names.first.flatMap { row["parts"]?[$0] })
        #expect(part.shape == "{accept:string,status:string,submit:int,delivery:string}")
    }

    @Test(arguments: [("null", JSON.null), ("zero", "0001-01-01T00:00:00Z"), ("empty", "")])
    func `times that have not come are shown by the switch`(value: String, shown: JSON) throws {
        var bench = try ProviderBench(["pending_times": .string(value), "stored_after": 0])
        let id = try bench.sentID()
        bench.pass(.zero)
        let row = try bench.row(id)
        #expect(row["submit_sm_resp_at"] == shown)
        #expect(row["delivery_sm_at"] == shown)
    }

    @Test func `a UUID is known for 30 days, an integer id for ever`() throws {
        var bench = try ProviderBench(lifetime: .seconds(1_000 * 86_400))
        let id = try bench.sentID()
        bench.pass(.seconds(30 * 86_400))
        #expect(try bench.row(id)["id"] == 90_000_001)
        bench.pass(.seconds(1))
        #expect(try bench.call("GET", "message/sms/status_by_id/\(id)").body == ["status": "error"])
        #expect(try bench.row("90000001")["request_id"]?.text == id)
    }

    @Test(arguments: ["90000009", "5b1f0c6e-1111-4222-8333-944455566677", "nonsense"])
    func `an unknown id is an error in a good status, or in another by the switch`(id: String) throws {
        var bench = try Self.delivered(1)
        let answer = try bench.call("GET", "message/sms/status_by_id/\(id)")
        #expect(answer.status == 200)
        #expect(answer.body == ["status": "error"])
        try bench.set(["unknown_id_status": 404])
        #expect(try bench.call("GET", "message/sms/status_by_id/\(id)").status == 404)
    }

    @Test func `another account's message does not exist`() throws {
        var bench = try Self.delivered(1)
        try bench.logIn(ProviderBench.test)
        #expect(try bench.call("GET", "message/sms/status_by_id/90000001").body == ["status": "error"])
        #expect(try bench.call("GET", "logs/sms/90000001").body["messages_count"] == 0)
        #expect(try bench.call("POST", "message/sms/get-user-messages").body["data"]?["total"] == 0)
    }

    // MARK: Lists

    @Test func `a list is a paginator with its rows under result, newest first`() throws {
        var bench = try Self.delivered(45)
        let answer = try bench.call(
            "POST",
            "message/sms/get-user-messages",
            ["page_size": "20"],
            query: [("page", "2")]
        )
        #expect(answer.body.names == ["data", "status"])
        let data = try #require(answer.body["data"])
        #expect(
            data.names == [
                "current_page", "path", "prev_page_url", "first_page_url", "last_page_url", "next_page_url", "per_page",
                "last_page", "from", "to", "total", "result", "links",
            ]
        )
        let path = "http://127.0.0.1:9080/api/message/sms/get-user-messages"
        #expect(data["path"]?.text == path)
        #expect(data["prev_page_url"]?.text == "\(path)?page=1")
        #expect(data["next_page_url"]?.text == "\(path)?page=3")
        #expect(data["last_page_url"]?.text == "\(path)?page=3")
        #expect([data["from"], data["to"], data["total"], data["last_page"]] == [21, 40, 45, 3])
        #expect(data["result"]?.elements.map { $0["user_sms_id"]?.integer } == Array((5...24).reversed()))
        let labels = data["links"]?.elements.compactMap { $0["label"]?.text }
        #expect(labels == ["&laquo; Previous", "1", "2", "3", "Next &raquo;"])
        #expect(data["links"]?.elements.map { $0["active"] == true } == [false, false, true, false, false])
    }

    @Test func `every row appears on exactly one page`() throws {
        var bench = try Self.delivered(61)
        var seen: [Int] = []
        for page in 1...4 {
            let query = [("page", String(page))]
            let data = try bench.call("POST", "message/sms/get-user-messages", query: query).body["data"]
            seen += data?["result"]?.elements.compactMap { $0["user_sms_id"]?.integer } ?? []
        }
        #expect(seen == Array((0...60).reversed()))
    }

    @Test(arguments: [(nil, 20), (1, 20), (50, 50), (200, 200), (5_000, 200)] as [(Int?, Int)])
    func `a page has 20 to 200 rows`(wanted: Int?, size: Int) throws {
        var bench = try ProviderBench()
        let answer = try bench.call("POST", "message/sms/get-user-messages", ["page_size": JSON(wanted)])
        #expect(answer.body["data"]?["per_page"]?.integer == size)
    }

    @Test(arguments: [(nil, 20), ("1000", 1_000), ("5000", 1_000), ("30", 30)] as [(String?, Int)])
    func `by dispatch the page size is a query parameter with a dash`(wanted: String?, size: Int) throws {
        var bench = try ProviderBench()
        let query = wanted.map { [("page-size", $0)] } ?? []
        let answer = try bench.call(
            "POST",
            "message/sms/get-user-messages-by-dispatch",
            ["dispatch_id": 1],
            query: query
        )
        #expect(answer.body["data"]?["per_page"]?.integer == size)
    }

    @Test func `the status query narrows a list`() throws {
        var bench = try ProviderBench()
        for ending in ["0000001", "0000101", "0000107", "0000105"] {
            _ = try bench.send([("mobile_phone", .string("99890\(ending)"))])
        }
        bench.pass(.seconds(1))
        func total(_ status: String) throws -> JSON? {
            try bench.call("POST", "message/sms/get-user-messages", query: [("status", status)]).body["data"]?["total"]
        }
        #expect(try total("") == 4)
        #expect(try total("delivered") == 2)
        #expect(try total("rejected") == 1)
    }

    @Test(arguments: ["to_date", "end_date"])
    func `dates are Tashkent's, and both names of the last one are taken`(name: String) throws {
        var bench = try Self.delivered(1)
        func total(_ from: String, _ to: String) throws -> JSON? {
            let fields: JSON = .object([
                .init(name: "start_date", value: .string(from)), .init(name: name, value: .string(to)),
            ])
            return try bench.call("POST", "message/sms/get-user-messages", fields).body["data"]?["total"]
        }
        #expect(try total("2026-03-02 14:00", "2026-03-02 14:00") == 1)
        #expect(try total("2026-03-02 14:01", "2026-03-02 15:00") == 0)
        #expect(try total("2026-03-01 00:00", "2026-03-02 13:59") == 0)
        #expect(try total("2026-03-02", "2026-03-02") == 1)
    }

    @Test func `is_ad and count narrow and sum a list`() throws {
        var bench = try Self.delivered(3)
        #expect(try bench.call("POST", "message/sms/get-user-messages", ["is_ad": "1"]).body["data"]?["total"] == 0)
        #expect(try bench.call("POST", "message/sms/get-user-messages", ["is_ad": "0"]).body["data"]?["total"] == 3)
        let counted = try bench.call("POST", "message/sms/get-user-messages", ["count": "1"]).body
        #expect(counted == ["status": "success", "data": [["status": "DELIVERED", "total": 3]], "id": .null])
    }

    @Test func `an empty list may be a sentence`() throws {
        var bench = try ProviderBench()
        let route = "message/sms/get-user-messages-by-dispatch"
        #expect(try bench.call("POST", route, ["dispatch_id": 1]).body["data"]?["result"] == [])
        try bench.set(["empty_result": "string"])
        #expect(try bench.call("POST", route, ["dispatch_id": 1]).body["data"]?["result"]?.shape == "string")
    }

    @Test func `a dispatch is listed, counted, and only for its account`() throws {
        var bench = try ProviderBench()
        let batch: JSON = [
            "messages": [["to": "998900000001", "text": "a"], ["to": "998900000101", "text": "b"]], "dispatch_id": 7001,
        ]
        _ = try bench.call("POST", "message/sms/send-batch", batch)
        _ = try bench.send()
        bench.pass(.seconds(1))
        let list = try bench.call("POST", "message/sms/get-user-messages-by-dispatch", ["dispatch_id": "7001"]).body
        #expect(list["data"]?["total"] == 2)
        #expect(list["data"]?["result"]?.elements.first?["dispatch_id"] == 7001)
        #expect(try bench.row("90000001")["dispatch_id"] == "7001")
        let status = try bench.call("POST", "message/sms/get-dispatch-status", ["dispatch_id": 7001, "user_id": 101])
        let totals: JSON = [["status": "DELIVERED", "total": 1], ["status": "REJECTED", "total": 1]]
        #expect(status.body == ["status": "success", "data": totals, "id": .null])
        let stranger = try bench.call("POST", "message/sms/get-dispatch-status", ["dispatch_id": 7001, "user_id": 9])
        #expect(stranger.body["data"] == [])
    }

    @Test func `long lists leave out pages in the middle`() {
        let pages = MessagePages(total: 2_000, size: 20, current: 50, path: "p")
        let labels = pages.document(result: [])["links"]?.elements.compactMap { $0["label"]?.text }
        #expect(
            labels == [
                "&laquo; Previous", "1", "2", "...", "47", "48", "49", "50", "51", "52", "53", "...", "99", "100",
                "Next &raquo;",
            ]
        )
    }

    // MARK: Logs

    @Test func `a log is newest first, warns three times of the missing callback, and repeats the request`() throws {
        var bench = try ProviderBench()
        var call = Call(method: "POST", route: "message/sms/send")
        call.bearer = bench.bearer
        call.fields = Fields(document: ["mobile_phone": "998901234567", "message": "Salom"])
        call.body = Array("raw body".utf8)
        _ = bench.provider.receive(call, at: bench.now)
        bench.pass(.seconds(1))
        let log = try bench.call("GET", "logs/sms/90000001").body
        #expect(log.names == ["messages", "messages_count"])
        let entries = try #require(log["messages"]?.elements)
        #expect(log["messages_count"]?.integer == entries.count)
        let names = [
            "ip", "from", "to", "dispatch_id", "user_sms_id", "timestamp", "message", "full_message", "level_name",
        ]
        #expect(entries.allSatisfy { $0.names == names })
        let warnings = entries.filter { $0["message"] == "CallbackURL bo'sh" && $0["level_name"] == "WARN" }
        #expect(warnings.count == 3)
        #expect(entries.first?["to"] == "99890*******")
        #expect(entries.first?["dispatch_id"] == "<nil>")
        #expect(entries.last?["full_message"] == "raw body")
        let stamps = entries.compactMap { $0["timestamp"]?.text }
        #expect(stamps == stamps.sorted(by: >))
        #expect(stamps.last == "2026-03-02T09:00:00.000Z")
    }

    // MARK: Routes

    @Test(arguments: [
        ("GET", "auth/login"), ("POST", "auth/refresh"), ("GET", "message/sms/check"), ("POST", "auth/user"),
        ("GET", "message/sms/get-user-messages"), ("GET", "message/export"), ("GET", "nowhere"), ("GET", ""),
        ("GET", "message/sms/status/1"), ("GET", "contact"), ("POST", "message/sms/status_by_id/1"),
    ])
    func `an unknown path and a wrong verb are 404 in plain text`(method: String, route: String) throws {
        var bench = try ProviderBench()
        guard case .answer(let answer) = bench.handle(method, route).reply else { return }
        #expect(answer.status == 404)
        #expect(answer.contentType.hasPrefix("text/plain"))
        #expect(JSON(parsing: answer.body) == nil)
    }

    @Test(arguments: [
        ("message/sms/get-user-messages", 200), ("message/sms/get-user-messages-by-dispatch", 200),
        ("message/sms/get-dispatch-status", 200), ("message/export", 200),
    ])
    func `lists are read by GET where the switch allows it`(route: String, status: Int) throws {
        var bench = try ProviderBench(["reads_by_get": "accept"])
        #expect(try bench.call("GET", route, ["dispatch_id": 1]).status == status)
    }

    @Test(arguments: [
        ("/api/auth/login", "auth/login"), ("/api//report/total-by-smsc", "report/total-by-smsc"), ("//api/x/", "x"),
        ("/api", ""), ("/API/x", nil), ("/apix", nil), ("/", nil), ("/api/a+b/c%20d", "a+b/c d"),
    ])
    func `doubled slashes are one`(path: String, route: String?) {
        #expect(Endpoint.route(ofPath: path) == route)
    }

    @Test func `every endpoint but login wants a token`() throws {
        var bench = try ProviderBench(account: nil)
        let routes = [
            ("PATCH", "auth/refresh"), ("DELETE", "auth/invalidate"), ("GET", "auth/user"),
            ("POST", "message/sms/send"),
            ("POST", "message/sms/send-batch"), ("POST", "message/sms/send-global"), ("POST", "message/sms/normalizer"),
            ("POST", "message/sms/check"), ("GET", "message/sms/status_by_id/1"),
            ("POST", "message/sms/get-user-messages"), ("POST", "message/sms/get-user-messages-by-dispatch"),
            ("POST", "message/sms/get-dispatch-status"), ("GET", "logs/sms/1"), ("GET", "nick/me"),
            ("GET", "user/get-limit"), ("GET", "user/prices"), ("POST", "user/template"), ("GET", "user/templates"),
            ("POST", "user/totals"), ("GET", "report/total-by-month"), ("POST", "report/total-by-smsc"),
            ("POST", "report/total-by-range"), ("POST", "report/total-by-dispatch"), ("POST", "message/export"),
        ]
        for (method, route) in routes { #expect(try bench.call(method, route).status == 401, "\(method) \(route)") }
    }
}
