import AsyncHTTPClient
import Eskiz
import EskizGateway
import EskizQueue
import EskizQueueTesting
import EskizTesting
import HTTPTypes
import HummingbirdTesting
import NIOCore
import NIOHTTP1
import Testing

/// `Idempotency-Key`: the same request twice is one message.
@Suite(.timeLimit(.minutes(1)))
struct IdempotencyTests {
    private static let body = #"{"to":"901234567","text":"Buyurtma tayyor","reference":"r"}"#
    /// The same request, written otherwise.
    private static let sameBody = #"{ "reference":"r", "text":"Buyurtma tayyor","to":"+998 90 123 45 67","lane":null }"#

    @Test func `a repeat gets the first answer to the letter, whatever has happened since`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let first = try await caller.post("/v1/messages", Self.body, headers: ["Idempotency-Key": "k-1"])
            #expect(first.status == 202)
            let claims = try await harness.claim()
            try await harness.settle(claims, .submitted(providerID: "p-1", detail: "waiting", nextReport: nil))
            harness.clock.advance(by: .seconds(3600))
            for body in [Self.body, Self.sameBody] {
                let again = try await caller.post("/v1/messages", body, headers: ["Idempotency-Key": "k-1"])
                #expect(again.status == 202)
                #expect(again.text == first.text)
                #expect(again.header("Location") == first.header("Location"))
            }
            let all = try await harness.store.messages(MessageSearch())
            #expect(all.count == 1)
        }
    }

    @Test func `a repeat of a message with a time in the future is still the same when that time is past`() async throws
    {
        let harness = try await GatewayHarness()
        let body = #"{"to":"901234567","text":"Salom","send_at":"2027-01-15T08:10:00Z","expires_in":60}"#
        try await harness.run { caller in
            let first = try await caller.post("/v1/messages", body, headers: ["Idempotency-Key": "k"])
            #expect(first.json["status"] == "scheduled")
            harness.clock.advance(by: .seconds(1200))
            let again = try await caller.post("/v1/messages", body, headers: ["Idempotency-Key": "k"])
            #expect(again.text == first.text)
        }
    }

    @Test func `who waits with the repeat hears how it is now`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            _ = try await caller.post("/v1/messages", Self.body, headers: ["Idempotency-Key": "k-1"])
            let claims = try await harness.claim()
            try await harness.settle(claims, .submitted(providerID: "p-1", detail: nil, nextReport: nil))
            let headers = ["Idempotency-Key": "k-1", "Prefer": "wait=5"]
            let again = try await caller.post("/v1/messages", Self.body, headers: headers)
            #expect(again.status == 200)
            #expect(again.json["status"] == "submitted")
        }
    }

    @Test func `a repeat of a request that waited gets its answer to the letter, whether it waits or not`() async throws
    {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let waits = ["Idempotency-Key": "k", "Prefer": "wait=10"]
            async let waiting = caller.post("/v1/messages", Self.body, headers: waits)
            await harness.clock.sleeper(within: .seconds(10))
            let claims = try await harness.claim()
            try await harness.settle(claims, .submitted(providerID: "p-1", detail: nil, nextReport: nil))
            let first = try await waiting
            #expect(first.status == 200 && first.json["status"] == "submitted")
            let report = DeliveryReport(status: .delivered, source: .callback, receivedAt: harness.clock.timestamp)
            _ = try await harness.queue.record(report, for: .provider("p-1"))
            for headers in [waits, ["Idempotency-Key": "k"]] {
                let again = try await caller.post("/v1/messages", Self.sameBody, headers: headers)
                #expect(again.status == 200)
                #expect(again.text == first.text)
                #expect(again.header("Location") == first.header("Location"))
            }
            let other = try await caller.post(
                "/v1/messages",
                Self.body.replacing("tayyor", with: "boshqa"),
                headers: waits
            )
            #expect(other.status == 422)
        }
    }

    @Test func `who repeats while the first one waits for the outcome is told to ask again`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let headers = ["Idempotency-Key": "k", "Prefer": "wait=10"]
            async let waiting = caller.post("/v1/messages", Self.body, headers: headers)
            await harness.clock.sleeper(within: .seconds(10))
            let early = try await caller.post("/v1/messages", Self.body, headers: ["Idempotency-Key": "k"])
            #expect(early.status == 409)
            #expect(early.code == "idempotency_in_flight")
            let claims = try await harness.claim()
            try await harness.settle(claims, .submitted(providerID: "p-1", detail: nil, nextReport: nil))
            let first = try await waiting
            let again = try await caller.post("/v1/messages", Self.body, headers: headers)
            #expect(first.status == 200 && again.status == 200)
            #expect(again.text == first.text)
        }
    }

    @Test func `who hangs up while waiting may repeat`() async throws {
        let harness = try await GatewayHarness()
        try await harness.runLive { caller in
            let port = try #require(caller.client.port)
            let impatient = Task { try await Self.wait(port: port) }
            await harness.clock.sleeper(within: .seconds(60))
            impatient.cancel()
            var again = try await caller.post("/v1/messages", Self.body, headers: ["Idempotency-Key": "k"])
            // Until the gateway has noticed.
            while again.status == 409 {
                again = try await caller.post("/v1/messages", Self.body, headers: ["Idempotency-Key": "k"])
            }
            #expect(again.status == 202)
            let all = try await harness.store.messages(MessageSearch())
            #expect(all.count == 1)
        }
    }

    private static func wait(port: Int) async throws {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)/v1/messages")
        request.method = .POST
        request.headers.add(name: "Authorization", value: "Bearer \(GatewayHarness.adminKey)")
        request.headers.add(name: "Content-Type", value: "application/json")
        request.headers.add(name: "Idempotency-Key", value: "k")
        request.headers.add(name: "Prefer", value: "wait=60")
        request.body = .bytes(ByteBuffer(string: body))
        _ = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
    }

    @Test func `a repeat is answered however much waits by now`() async throws {
        let harness = try await GatewayHarness { $0.maximumWaiting = 1 }
        try await harness.run { caller in
            let first = try await caller.post("/v1/messages", Self.body, headers: ["Idempotency-Key": "k"])
            #expect(first.status == 202)
            let other = try await caller.post("/v1/messages", Self.body, headers: ["Idempotency-Key": "other"])
            #expect(other.status == 429)
            let again = try await caller.post("/v1/messages", Self.body, headers: ["Idempotency-Key": "k"])
            #expect(again.status == 202)
            #expect(again.text == first.text)
        }
    }

    @Test func `a code that was cancelled by a later one of its own batch is repeated as cancelled`() async throws {
        let harness = try await GatewayHarness()
        let codes = ["111", "222"].map { #"{"to":"901234567","text":"Kod: \#($0)","lane":"otp"}"# }
        let batch = #"{"messages":[\#(codes[0]),\#(codes[1])]}"#
        try await harness.run { caller in
            let first = try await caller.post("/v1/messages/batch", batch, headers: ["Idempotency-Key": "b"])
            #expect(first.text.contains("superseded by"))
            let again = try await caller.post("/v1/messages/batch", batch, headers: ["Idempotency-Key": "b"])
            #expect(again.text == first.text)
        }
    }

    @Test(arguments: [
        #"{"to":"901234567","text":"Buyurtma tayyor"}"#,
        #"{"to":"901234568","text":"Buyurtma tayyor","reference":"r"}"#,
        #"{"to":"901234567","text":"Buyurtma tayyor!","reference":"r"}"#,
        #"{"to":"901234567","text":"Buyurtma tayyor","reference":"r","lane":"bulk"}"#,
        #"{"to":"901234567","text":"Buyurtma tayyor","reference":"r","expires_in":60}"#,
    ])
    func `another request with the same key is refused`(other: String) async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            _ = try await caller.post("/v1/messages", Self.body, headers: ["Idempotency-Key": "k-1"])
            let answer = try await caller.post("/v1/messages", other, headers: ["Idempotency-Key": "k-1"])
            #expect(answer.status == 422)
            #expect(answer.code == "idempotency_key_reused")
        }
    }

    @Test func `a batch whose unreadable part says something else is another request`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            for (phone, status) in [("bad", 202), ("bad", 202), ("bad2", 422)] {
                let body = #"{"messages":[\#(Self.body),{"to":"\#(phone)","text":"Salom"}]}"#
                let answer = try await caller.post("/v1/messages/batch", body, headers: ["Idempotency-Key": "b-1"])
                #expect(answer.status == status)
            }
        }
    }

    @Test func `two callers may use the same key`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let keys = [GatewayHarness.sendKey, GatewayHarness.otherSendKey]
            var ids: Set<String> = []
            for key in keys {
                let answer = try await caller.post(
                    "/v1/messages",
                    Self.body,
                    key: key,
                    headers: ["Idempotency-Key": "k"]
                )
                #expect(answer.status == 202)
                ids.insert(try #require(answer.json["id"]?.text))
            }
            #expect(ids.count == 2)
        }
    }

    @Test func `of many at once one is sent, and the others are told to ask again`() async throws {
        let harness = try await GatewayHarness()
        try await harness.runLive { caller in
            let answers = try await withThrowingTaskGroup(of: Answer.self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        try await caller.post("/v1/messages", Self.body, headers: ["Idempotency-Key": "k"])
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let taken = answers.filter { $0.status == 202 }
            #expect(!taken.isEmpty)
            #expect(Set(taken.map(\.text)).count == 1)
            for answer in answers where answer.status != 202 {
                #expect(answer.status == 409)
                #expect(answer.code == "idempotency_in_flight")
                #expect(answer.header("Retry-After") == "1")
            }
            let all = try await harness.store.messages(MessageSearch())
            #expect(all.count == 1)
        }
    }

    @Test(arguments: ["two words", "ў", "", String(repeating: "k", count: 256)])
    func `a key is 1 to 255 visible characters`(key: String) async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let answer = try await caller.post("/v1/messages", Self.body, headers: ["Idempotency-Key": key])
            #expect(answer.status == 400)
            #expect(answer.errors == ["Idempotency-Key invalid_idempotency_key"])
        }
    }

    @Test func `a refused request does not use up its key`() async throws {
        let harness = try await GatewayHarness { $0.maximumWaiting = 0 }
        try await harness.run { caller in
            let answer = try await caller.post("/v1/messages", Self.body, headers: ["Idempotency-Key": "k"])
            #expect(answer.status == 429)
            let again = try await caller.post("/v1/messages", Self.body, headers: ["Idempotency-Key": "k"])
            #expect(again.status == 429)
        }
    }

    @Test func `a batch is repeated as a whole`() async throws {
        let harness = try await GatewayHarness()
        let batch = #"{"messages":[\#(Self.body),{"to":"1"},\#(Self.body)]}"#
        try await harness.run { caller in
            let first = try await caller.post("/v1/messages/batch", batch, headers: ["Idempotency-Key": "b"])
            #expect(first.status == 202)
            let again = try await caller.post("/v1/messages/batch", batch, headers: ["Idempotency-Key": "b"])
            #expect(again.text == first.text)
            let shorter = #"{"messages":[\#(Self.body)]}"#
            let other = try await caller.post("/v1/messages/batch", shorter, headers: ["Idempotency-Key": "b"])
            #expect(other.code == "idempotency_key_reused")
            let all = try await harness.store.messages(MessageSearch())
            #expect(all.count == 2)
        }
    }
}
