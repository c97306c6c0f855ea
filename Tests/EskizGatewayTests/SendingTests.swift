import Eskiz
import EskizGateway
import EskizQueue
import EskizQueueTesting
import EskizTesting
import HTTPTypes
import Testing

/// `POST /v1/messages`.
@Suite(.timeLimit(.minutes(1)))
struct SendingTests {
    static let code = #"{"to":"+998 90 123-45-67","text":"Sizning tasdiqlash kodingiz: 975310","lane":"otp"}"#
    static let notice = #"{"to":"901234567","text":"Buyurtma tayyor","reference":"order-1"}"#

    @Test func `a message is kept and answered with all that is known of it`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let answer = try await caller.post("/v1/messages", Self.notice, key: GatewayHarness.sendKey)
            #expect(answer.status == 202)
            #expect(answer.header("Content-Type") == "application/json")
            let id = try #require(answer.json["id"]?.text)
            #expect(answer.header("Location") == "/v1/messages/\(id)")
            #expect(
                answer.json
                    == .object([
                        "id": .string(id), "to": "+998901234567", "text": "Buyurtma tayyor", "from": "4546",
                        "lane": "transactional", "status": "queued", "status_detail": .null, "reference": "order-1",
                        "segments": .number(1), "encoding": "gsm7", "created_at": "2027-01-15T08:00:00.000Z",
                        "attempts": .number(0),
                    ])
            )
            let number = try #require(MessageID(text: id))
            #expect(try await harness.store.message(number)?.phone == "998901234567")
        }
    }

    @Test func `the text of a code is kept and never shown`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let answer = try await caller.post("/v1/messages", Self.code)
            #expect(answer.status == 202)
            let id = try #require(answer.json["id"]?.text)
            #expect(answer.json["expires_at"] == "2027-01-15T08:02:00.000Z")
            let later = try await caller.get("/v1/messages/\(id)")
            let list = try await caller.get("/v1/messages")
            for text in [answer.text, later.text, list.text, harness.log.text] { #expect(!text.contains("975310")) }
            let number = try #require(MessageID(text: id))
            #expect(try await harness.store.message(number)?.text == "Sizning tasdiqlash kodingiz: 975310")
        }
    }

    @Test func `every field arrives in the queue`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let body = """
                {"to":"998901234567","text":"Salom","from":"MyShop","lane":"bulk","expires_in":"2h",
                 "send_at":"2027-01-15T14:00:00+05:00","reference":"r","webhook_url":"https://example.test/hook?k=1",
                 "normalize":false,"purpose":null}
                """
            let answer = try await caller.post("/v1/messages", body)
            #expect(answer.status == 202)
            #expect(answer.json["status"] == "scheduled")
            #expect(answer.json["expires_at"] == "2027-01-15T11:00:00.000Z")
            let id = try #require(answer.json["id"]?.text.flatMap { MessageID(text: $0) })
            let message = try #require(try await harness.store.message(id))
            #expect(message.sender == "MyShop")
            #expect(message.lane == .bulk)
            #expect(message.reference == "r")
            #expect(message.webhookURL == "https://example.test/hook?k=1")
            #expect(message.dueAt == harness.clock.timestamp + .seconds(3600))
        }
    }

    @Test(arguments: [
        (#""expires_in":90"#, 90.0), (#""expires_in":1.5"#, 1.5), (#""expires_in":9e1"#, 90),
        (#""expires_in":"90s""#, 90),
        (#""expires_in":"2m""#, 120), (#""expires_in":"1h""#, 3600), (#""expires_in":"1d""#, 86_400),
    ])
    func `a lifetime is seconds or a duration`(field: String, seconds: Double) async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let answer = try await caller.post("/v1/messages", #"{"to":"901234567","text":"Salom",\#(field)}"#)
            #expect(answer.status == 202)
            let id = try #require(answer.json["id"]?.text.flatMap { MessageID(text: $0) })
            let message = try #require(try await harness.store.message(id))
            #expect(message.expiresAt == harness.clock.timestamp + .seconds(seconds))
        }
    }

    @Test func `Uzbek Latin is rewritten to cost less, unless the message or the setting says no`() async throws {
        let text = #"{"to":"901234567","text":"Oʻzbekiston""#
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let byDefault = try await caller.post("/v1/messages", text + "}")
            #expect(byDefault.json["encoding"] == "gsm7")
            #expect(byDefault.json["text"] == "O'zbekiston")
            let asItIs = try await caller.post("/v1/messages", text + #","normalize":false}"#)
            #expect(asItIs.json["encoding"] == "ucs2")
            #expect(asItIs.json["text"] == "Oʻzbekiston")
        }
        let plain = try await GatewayHarness(configuration: GatewayConfiguration(port: 0, normalizesByDefault: false))
        try await plain.run { caller in
            let byDefault = try await caller.post("/v1/messages", text + "}")
            #expect(byDefault.json["encoding"] == "ucs2")
            let rewritten = try await caller.post("/v1/messages", text + #","normalize":true}"#)
            #expect(rewritten.json["encoding"] == "gsm7")
        }
    }

    @Test func `a newer code of the same template cancels the one that waits, one for another purpose does not`()
        async throws
    {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            func send(_ text: String, _ more: String = "") async throws -> String {
                let body = #"{"to":"901234567","text":"\#(text)","lane":"otp"\#(more)}"#
                return try #require(try await caller.post("/v1/messages", body).json["id"]?.text)
            }
            let first = try await send("Kod: 111111")
            let second = try await send("Kod: 2222")
            let other = try await send("Parol: 3333")
            let named = try await send("Kod: 4444", #","purpose":"payment""#)
            var states: [String: JSON] = [:]
            for id in [first, second, other, named] {
                states[id] = try await caller.get("/v1/messages/\(id)").json["status"]
            }
            #expect(states == [first: "cancelled", second: "queued", other: "queued", named: "queued"])
        }
    }

    @Test func `a send_at that has just passed means now`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let body = #"{"to":"901234567","text":"Salom","send_at":"2027-01-15T07:59:00Z"}"#
            let answer = try await caller.post("/v1/messages", body)
            #expect(answer.status == 202)
            #expect(answer.json["status"] == "queued")
        }
    }

    // MARK: What is refused

    @Test(arguments: [
        (#"{"text":"Salom"}"#, ["to required"]),
        (#"{"to":"901234567"}"#, ["text required"]),
        (#"{"to":"12","text":"Salom"}"#, ["to invalid_phone"]),
        (#"{"to":"+1 212 555 0100","text":"Salom"}"#, ["to foreign_phone"]),
        (#"{"to":998901234567,"text":"Salom"}"#, ["to wrong_type"]),
        (#"{"to":"901234567","text":" \n\u00a0"}"#, ["text empty"]),
        (#"{"to":"901234567","text":"a\u0000b"}"#, ["text unsupported_character"]),
        (#"{"to":"901234567","text":"Salom","from":"x"}"#, ["from invalid_sender"]),
        (#"{"to":"901234567","text":"Salom","lane":"fast"}"#, ["lane invalid_lane"]),
        (#"{"to":"901234567","text":"Salom","expires_in":0}"#, ["expires_in invalid_duration"]),
        (#"{"to":"901234567","text":"Salom","expires_in":"2 minutes"}"#, ["expires_in invalid_duration"]),
        (#"{"to":"901234567","text":"Salom","expires_in":true}"#, ["expires_in invalid_duration"]),
        (#"{"to":"901234567","text":"Salom","send_at":"tomorrow"}"#, ["send_at invalid_time"]),
        (#"{"to":"901234567","text":"Salom","send_at":"2027-02-30T00:00:00Z"}"#, ["send_at invalid_time"]),
        (#"{"to":"901234567","text":"Salom","send_at":"2027-01-15T06:00:00Z"}"#, ["send_at out_of_range"]),
        (#"{"to":"901234567","text":"Salom","send_at":"2027-02-20T08:00:00Z"}"#, ["send_at out_of_range"]),
        (#"{"to":"901234567","text":"Salom","reference":""}"#, ["reference empty"]),
        (#"{"to":"901234567","text":"Salom","webhook_url":"ftp://example.test"}"#, ["webhook_url invalid_url"]),
        (#"{"to":"901234567","text":"Salom","webhook_url":"https://a:b@example.test"}"#, ["webhook_url invalid_url"]),
        (#"{"to":"901234567","text":"Salom","normalize":"yes"}"#, ["normalize wrong_type"]),
        (#"{"to":"901234567","text":"Salom","exires_in":60}"#, ["exires_in unknown_field"]),
        (#"{"to":"12","text":"","lane":1}"#, ["to invalid_phone", "text empty", "lane wrong_type"]),
        (#"[]"#, [" wrong_type"]),
    ])
    func `what cannot be sent is named, all of it, and not kept`(body: String, errors: [String]) async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let answer = try await caller.post("/v1/messages", body)
            #expect(answer.status == 422)
            #expect(answer.code == "validation_failed")
            #expect(answer.header("Content-Type") == "application/problem+json")
            #expect(answer.errors == errors)
            #expect(try await harness.store.messages(MessageSearch()).isEmpty)
        }
    }

    @Test(arguments: [
        (1224, 255, 202), (1225, 255, 422), (1224, 256, 422),
    ])
    func `texts and references have limits`(text: Int, reference: Int, status: Int) async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let body =
                #"{"to":"901234567","text":"\#(String(repeating: "a", count: text))","reference":"#
                + #""\#(String(repeating: "r", count: reference))"}"#
            let answer = try await caller.post("/v1/messages", body)
            #expect(answer.status == status)
        }
    }

    @Test(arguments: [
        "", "{", "{\"to\":}", "nope", "{} {}", "{\"a\":1,\"a\":2}", "\"\\ud800\"", "[[[[[[[[[[[[[[[[[[[[",
    ])
    func `what is not JSON is a bad request`(body: String) async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let answer = try await caller.post("/v1/messages", body)
            #expect(answer.status == 400)
            #expect(answer.code == "invalid_json")
        }
    }

    @Test(arguments: [nil, "text/plain", "application/x-www-form-urlencoded", "application/json; charset=koi8-r"])
    func `only JSON is taken, so that no web page can send`(contentType: String?) async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let answer = try await caller.call(.post, "/v1/messages", Self.notice, contentType: contentType)
            #expect(answer.status == 415)
            #expect(answer.code == "unsupported_media_type")
        }
    }

    @Test(arguments: ["application/json", "Application/JSON; charset=UTF-8", "application/json;charset=\"utf-8\""])
    func `JSON may say that it is UTF-8`(contentType: String) async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let answer = try await caller.call(.post, "/v1/messages", Self.notice, contentType: contentType)
            #expect(answer.status == 202)
        }
    }

    @Test func `a body of more than 1 MiB is too large`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let answer = try await caller.post("/v1/messages", String(repeating: " ", count: 1 << 20) + Self.notice)
            #expect(answer.status == 413)
            #expect(answer.code == "body_too_large")
        }
    }

    @Test func `a webhook address that policy forbids is refused with its reason`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let body = #"{"to":"901234567","text":"Salom","webhook_url":"http://10.0.0.1/"}"#
            let answer = try await caller.post("/v1/messages", body)
            #expect(answer.status == 422)
            #expect(answer.errors == ["webhook_url refused_url"])
            let reason = "it leads to a private network, which the settings do not allow for webhooks"
            #expect(answer.json["detail"]?.text == "`webhook_url` cannot be posted to: \(reason).")
        }
    }

    // MARK: Too much, too full, broken

    @Test func `too much waiting is 429 with the time to come back`() async throws {
        let harness = try await GatewayHarness { $0.maximumWaiting = 1 }
        try await harness.run { caller in
            #expect(try await caller.post("/v1/messages", Self.notice).status == 202)
            let answer = try await caller.post("/v1/messages", Self.notice)
            #expect(answer.status == 429)
            #expect(answer.code == "queue_full")
            #expect(answer.header("Retry-After") == "60")
        }
    }

    @Test func `a backlog of anything else does not shut codes out, only codes do`() async throws {
        let harness = try await GatewayHarness { $0.maximumWaiting = 1 }
        try await harness.run { caller in
            #expect(try await caller.post("/v1/messages", Self.notice).status == 202)
            for (phone, status) in [("901234567", 202), ("901234568", 429)] {
                let body = #"{"to":"\#(phone)","text":"Kod: 1234","lane":"otp"}"#
                let answer = try await caller.post("/v1/messages", body)
                #expect(answer.status == status)
            }
        }
    }

    @Test func `a code that would expire before its turn is refused once a backlog has stood for a while`() async throws
    {
        let harness = try await GatewayHarness { $0.concurrency = 1 }
        try await harness.run { caller in
            func send(_ number: Int) async throws -> Answer {
                let body = #"{"to":"901234567","text":"Kod","lane":"otp","purpose":"\#(number)"}"#
                return try await caller.post("/v1/messages", body)
            }
            harness.queue.drained(1)
            for number in 1...3 {
                let answer = try await send(number)
                #expect(answer.status == 202)
            }
            // Nothing has left for a hundred seconds: at this pace the three that wait take longer than two minutes.
            harness.clock.advance(by: .seconds(100))
            let refused = try await send(4)
            #expect(refused.status == 429)
            #expect(refused.code == "would_expire")
            #expect(refused.header("Retry-After") == "300")
            let other = try await caller.post("/v1/messages", Self.notice)
            #expect(other.status == 202)
        }
    }

    @Test(arguments: [(0.5, 202, 202), (0.91, 503, 202), (0.96, 503, 503)])
    func `a full disk takes codes longer than mailings`(used: Double, bulk: Int, code: Int) async throws {
        let harness = try await GatewayHarness(dependencies: { dependencies in
            dependencies.diskSpace = { DiskSpace(total: 1_000_000, free: UInt64((1 - used) * 1_000_000)) }
        })
        try await harness.run { caller in
            let mailing = #"{"to":"901234567","text":"Salom","lane":"bulk"}"#
            let answer = try await caller.post("/v1/messages", mailing)
            #expect(answer.status == bulk)
            if bulk == 503 {
                #expect(answer.code == "disk_almost_full")
                #expect(answer.header("Retry-After") == "60")
            }
            #expect(try await caller.post("/v1/messages", Self.code).status == code)
        }
    }

    @Test func `a store that cannot keep is 503, and nothing is half done`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            harness.store.fail(with: StoreError(.diskFull, "The disk is full.", remedy: "Make room."))
            let answer = try await caller.post("/v1/messages", Self.notice)
            #expect(answer.status == 503)
            #expect(answer.code == "disk_full")
            #expect(answer.json["detail"] == "The disk is full. Make room.")
            #expect(answer.header("Retry-After") == "10")
            harness.store.fail(with: nil)
            #expect(try await caller.get("/v1/messages").json["data"] == .array([]))
        }
    }

    // MARK: Waiting

    @Test func `who prefers to wait is answered when the message is submitted`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            async let waiting = caller.post("/v1/messages", Self.notice, headers: ["Prefer": "respond-async, wait=10"])
            // The wait begins with a sleep of at most ten seconds.
            await harness.clock.sleeper(within: .seconds(10))
            let claims = try await harness.claim()
            try await harness.settle(claims, .submitted(providerID: "p-1", detail: nil, nextReport: nil))
            let answer = try await waiting
            #expect(answer.status == 200)
            #expect(answer.header("Preference-Applied") == "wait=10")
            #expect(answer.json["status"] == "submitted")
            #expect(answer.json["provider_id"] == "p-1")
            #expect(answer.json["attempts"] == .number(1))
        }
    }

    @Test func `who waits in vain gets 202 and the message as it is`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            async let waiting = caller.post("/v1/messages", Self.notice, headers: ["Prefer": "wait=1"])
            await harness.clock.sleeper(within: .seconds(1))
            harness.clock.advance(by: .seconds(2))
            let answer = try await waiting
            #expect(answer.status == 202)
            #expect(answer.json["status"] == "queued")
        }
    }

    @Test func `nobody waits for what is planned for later than the wait`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let body = #"{"to":"901234567","text":"Salom","send_at":"2027-01-15T08:10:00Z"}"#
            // The clock stands still: an answer comes only from not waiting.
            let answer = try await caller.post("/v1/messages", body, headers: ["Prefer": "wait=10"])
            #expect(answer.status == 202)
            #expect(answer.json["status"] == "scheduled")
            #expect(answer.json["send_at"] == "2027-01-15T08:10:00.000Z")
        }
    }

    @Test func `a gateway that stops does not keep those who wait`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            async let waiting = caller.post("/v1/messages", Self.notice, headers: ["Prefer": "wait=60"])
            await harness.clock.sleeper(within: .seconds(60))
            harness.server.drain.open()
            let answer = try await waiting
            #expect(answer.status == 202)
            #expect(answer.json["status"] == "queued")
        }
    }

    @Test(arguments: ["wait", "wait=", "wait=-1", "wait=x", "wait=0", "handling=strict"])
    func `a preference that makes no sense is not applied`(preference: String) async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let answer = try await caller.post("/v1/messages", Self.notice, headers: ["Prefer": preference])
            #expect(answer.status == 202)
            #expect(answer.header("Preference-Applied") == nil)
        }
    }
}

extension JSON: ExpressibleByStringLiteral {
    init(stringLiteral value: String) { self = .string(value) }
}
