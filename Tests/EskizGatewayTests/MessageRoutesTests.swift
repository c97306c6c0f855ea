import Eskiz
import EskizGateway
import EskizQueue
import EskizQueueTesting
import EskizTesting
import HTTPTypes
import Testing

/// Looking at messages, taking them back, settling them by hand.
@Suite(.timeLimit(.minutes(1)))
struct MessageRoutesTests {
    private static func send(_ caller: GatewayCaller, _ more: String = "", key: String = GatewayHarness.sendKey)
        async throws -> String
    {
        let answer = try await caller.post("/v1/messages", #"{"to":"901234567","text":"Salom"\#(more)}"#, key: key)
        return try #require(answer.json["id"]?.text)
    }

    // MARK: One message

    @Test func `a message tells its whole story in order`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let id = try await Self.send(caller, #","webhook_url":"https://example.test/hook?secret=canary""#)
            let number = try #require(MessageID(text: id))
            harness.clock.advance(by: .seconds(1))
            let first = try await harness.claim()
            harness.clock.advance(by: .seconds(1))
            let error = MessageError(code: "server_error", message: "Eskiz answered 503.", httpStatus: 503)
            try await harness.settle(first, .retry(at: harness.clock.timestamp, error))
            harness.clock.advance(by: .seconds(1))
            let second = try await harness.claim()
            try await harness.settle(second, .submitted(providerID: "p-1", detail: "waiting", nextReport: nil))
            harness.clock.advance(by: .seconds(3))
            let report = DeliveryReport(
                status: .delivered,
                source: .callback,
                receivedAt: harness.clock.timestamp,
                price: "115",
                parts: 1
            )
            _ = try await harness.queue.record(report, for: .number(number))
            let answer = try await caller.get("/v1/messages/\(id)", key: GatewayHarness.sendKey)
            #expect(answer.status == 200)
            #expect(answer.json["status"] == "delivered")
            #expect(answer.json["attempts"] == .number(2))
            #expect(answer.json["price"] == "115")
            #expect(answer.json["final_at"] == "2027-01-15T08:00:06.000Z")
            let timeline = try #require(answer.json["timeline"]?.array)
            let events = timeline.compactMap { $0["event"]?.text }
            #expect(
                events.filter { $0 != "webhook" } == [
                    "accepted", "attempt_prepared", "attempt_writing", "attempt_answered", "attempt_prepared",
                    "attempt_writing", "attempt_answered", "report", "final",
                ]
            )
            #expect(events.filter { $0 == "webhook" }.count == 2)
            let times = timeline.compactMap { $0["at"]?.text }
            #expect(times == times.sorted())
            #expect(timeline.first { $0["event"] == "attempt_answered" }?["error"]?["http_status"] == .number(503))
            #expect(timeline.first { $0["event"] == "webhook" }?["url"] == "https://example.test/hook")
            #expect(!answer.text.contains("canary"))
        }
    }

    @Test(arguments: ["999999999999", "0", "01", "abc", "1234567890123", "%31", "-1"])
    func `what is not there is 404`(id: String) async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            for path in ["/v1/messages/\(id)", "/v1/messages/\(id)/cancel", "/v1/messages/\(id)/replay"] {
                let answer = path.hasSuffix(id) ? try await caller.get(path) : try await caller.post(path)
                #expect(answer.status == 404)
                #expect(answer.code == "not_found")
            }
            let answer = try await caller.post("/v1/messages/\(id)/resolve", #"{"as":"failed"}"#)
            #expect(answer.status == 404)
        }
    }

    @Test func `a key that may only send sees and takes back only its own`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let id = try await Self.send(caller)
            for (key, status) in [
                (GatewayHarness.sendKey, 200), (GatewayHarness.otherSendKey, 404), (GatewayHarness.readKey, 200),
                (GatewayHarness.adminKey, 200),
            ] {
                let answer = try await caller.get("/v1/messages/\(id)", key: key)
                #expect(answer.status == status)
            }
            let foreign = try await caller.post("/v1/messages/\(id)/cancel", key: GatewayHarness.otherSendKey)
            #expect(foreign.status == 404)
            let reader = try await caller.post("/v1/messages/\(id)/cancel", key: GatewayHarness.readKey)
            #expect(reader.status == 403)
            let own = try await caller.post("/v1/messages/\(id)/cancel", key: GatewayHarness.sendKey)
            #expect(own.status == 200)
            #expect(own.json["status"] == "cancelled")
        }
    }

    @Test func `what is on its way cannot be taken back, what is taken back stays so`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let id = try await Self.send(caller)
            let other = try await Self.send(caller)
            let first = try await caller.post("/v1/messages/\(other)/cancel", "")
            let again = try await caller.post("/v1/messages/\(other)/cancel")
            #expect([first.status, again.status] == [200, 200])
            _ = try await harness.claim()
            let late = try await caller.post("/v1/messages/\(id)/cancel")
            #expect(late.status == 409)
            #expect(late.code == "state_conflict")
            let nonsense = try await caller.post("/v1/messages/\(id)/cancel", #"{"why":"x"}"#)
            #expect(nonsense.errors == ["why unknown_field"])
        }
    }

    @Test(arguments: [
        (#"{"as":"submitted","provider_id":"p-9"}"#, "submitted"), (#"{"as":"queued"}"#, "queued"),
        (#"{"as":"failed"}"#, "failed"), (#"{"as":"unknown"}"#, "unknown"),
    ])
    func `an unknown outcome is settled by hand`(body: String, status: String) async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let id = try await Self.send(caller)
            let early = try await caller.post("/v1/messages/\(id)/resolve", body)
            #expect(early.status == 409)
            let claims = try await harness.claim()
            let error = MessageError(code: "timed_out", message: "No answer.")
            try await harness.settle(claims, .unknown(error, reconcileAt: harness.clock.timestamp + .seconds(60)))
            let answer = try await caller.post("/v1/messages/\(id)/resolve", body)
            #expect(answer.status == 200)
            #expect(answer.json["status"] == .string(status))
        }
    }

    @Test(arguments: [
        (#"{}"#, "as required"), (#"{"as":"sent"}"#, "as invalid_outcome"),
        (#"{"as":"submitted","provider_id":"a b"}"#, "provider_id invalid_provider_id"),
    ])
    func `settling needs an outcome that exists`(body: String, error: String) async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let id = try await Self.send(caller)
            let answer = try await caller.post("/v1/messages/\(id)/resolve", body)
            #expect(answer.status == 422)
            #expect(answer.errors == [error])
        }
    }

    @Test func `what waits can be changed, until a dispatcher takes it`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let id = try await Self.send(caller)
            let path = "/v1/messages/\(id)"
            let put = #"{"send_at":"2027-01-15T10:00:00Z","expires_in":60,"text":"Yangi matn"}"#
            let changed = try await caller.call(.patch, path, put)
            #expect(changed.status == 200)
            #expect(changed.json["status"] == "scheduled")
            #expect(changed.json["text"] == "Yangi matn")
            #expect(changed.json["send_at"] == "2027-01-15T10:00:00.000Z")
            #expect(changed.json["expires_at"] == "2027-01-15T10:01:00.000Z")
            let other = try await caller.call(.patch, path, "{}", key: GatewayHarness.otherSendKey)
            #expect(other.status == 404)
            let wrong = try await caller.call(.patch, path, #"{"text":"\u0000","to":"1"}"#)
            #expect(Set(wrong.errors) == ["to unknown_field", "text unsupported_character"])
            let now = try await caller.call(.patch, path, #"{"send_at":"2027-01-15T07:59:00Z"}"#)
            #expect(now.json["status"] == "queued")
            #expect(try await harness.claim().map(\.message.text) == ["Yangi matn"])
            #expect(try await caller.call(.patch, path, put).status == 409)
        }
    }

    @Test func `webhooks can be asked for again`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let id = try await Self.send(caller, #","webhook_url":"https://example.test/hook""#)
            let claims = try await harness.claim()
            try await harness.settle(claims, .submitted(providerID: "p", detail: nil, nextReport: nil))
            let answer = try await caller.post("/v1/messages/\(id)/replay", key: GatewayHarness.sendKey)
            #expect(answer.status == 200)
            #expect(answer.json["replayed"] == .number(1))
        }
    }

    // MARK: Many messages

    @Test func `pages follow each other without gap or overlap, newest first`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            var sent: [String] = []
            for _ in 0..<7 { sent.append(try await Self.send(caller)) }
            var seen: [String] = []
            var path = "/v1/messages?limit=3"
            for _ in 0..<3 {
                let page = try await caller.get(path)
                #expect(page.status == 200)
                seen += (page.json["data"]?.array ?? []).compactMap { $0["id"]?.text }
                guard let next = page.json["next"]?.text else { break }
                path = "/v1/messages?limit=3&after=\(next)"
            }
            #expect(seen == sent.reversed())
            let whole = try await caller.get("/v1/messages?limit=7")
            #expect(whole.json["next"] == .null)
        }
    }

    @Test func `filters narrow the list`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let bulk = try await Self.send(caller, #","lane":"bulk","reference":"a b""#)
            let notice = try await Self.send(caller)
            _ = try await caller.post("/v1/messages/\(notice)/cancel")
            for (query, ids) in [
                ("lane=bulk", [bulk]), ("status=cancelled", [notice]), ("status=queued,cancelled", [notice, bulk]),
                ("to=%2B998901234567", [notice, bulk]), ("to=901234568", []), ("reference=a+b", [bulk]),
                ("reference=a%20b&lane=otp", []),
            ] {
                let answer = try await caller.get("/v1/messages?\(query)")
                #expect((answer.json["data"]?.array ?? []).compactMap { $0["id"]?.text } == ids, "\(query)")
            }
        }
    }

    @Test(arguments: [
        ("limit=0", "limit out_of_range"), ("limit=201", "limit out_of_range"), ("limit=01", "limit out_of_range"),
        ("limit=5&limit=6", "limit repeated"), ("status=sent", "status invalid_status"),
        ("status=", "status invalid_status"), ("lane=fast", "lane invalid_lane"), ("to=12", "to invalid_phone"),
        ("after=x", "after invalid_cursor"), ("reference=", "reference empty"),
        ("statuss=queued", "query unknown_parameter"),
        ("to=%ff", "query invalid_encoding"), ("to=%4", "query invalid_encoding"),
    ])
    func `a filter that cannot be meant is refused`(query: String, error: String) async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let answer = try await caller.get("/v1/messages?\(query)")
            #expect(answer.status == 400)
            #expect(answer.code == "invalid_parameter")
            #expect(answer.errors == [error])
        }
    }

    @Test func `a key that may only send lists only its own, however many others there are`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            var own: [String] = []
            for _ in 0..<3 {
                own.append(try await Self.send(caller))
                let items = Array(repeating: #"{"to":"901234567","text":"a"}"#, count: 500).joined(separator: ",")
                let batch = #"{"messages":[\#(items)]}"#
                _ = try await caller.post("/v1/messages/batch", batch, key: GatewayHarness.otherSendKey)
            }
            var seen: [String] = []
            var path: String? = "/v1/messages?limit=2"
            var pages = 0
            while let next = path {
                let page = try await caller.get(next, key: GatewayHarness.sendKey)
                seen += (page.json["data"]?.array ?? []).compactMap { $0["id"]?.text }
                path = page.json["next"]?.text.map { "/v1/messages?limit=2&after=\($0)" }
                pages += 1
            }
            #expect(seen == own.reversed())
            #expect(pages < 6)
        }
    }
}
