import Eskiz
import EskizQueue
import EskizQueueTesting
import EskizTesting
import EskizText
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import Testing

@testable import EskizGateway

struct CallbackRoutesTests {
    private static let json = { @Sendable (id: String) in
        """
        {"request_id":"5b1f0c6e-1111-4222-8333-944455566677","message_id":"90000001","user_sms_id":"\(id)",\
        "country":"UZ","phone_number":"998901234567","sms_count":"2","status":"DELIVRD",\
        "status_date":"2027-01-15 13:00:05"}
        """
    }
    private static let form = { @Sendable (id: String) in
        "request_id=5b1f0c6e-1111-4222-8333-944455566677&message_id=90000001&user_sms_id=\(id)&country=UZ"
            + "&phone_number=998901234567&sms_count=2&status=DELIVRD&status_date=2027-01-15+13%3A00%3A05"
    }
    private static let multipart = { @Sendable (id: String) in
        [
            ("request_id", "5b1f0c6e-1111-4222-8333-944455566677"), ("message_id", "90000001"), ("user_sms_id", id),
            ("sms_count", "2"), ("status", "DELIVRD"), ("status_date", "2027-01-15 13:00:05"),
        ].map { "--b\r\nContent-Disposition: form-data; name=\"\($0)\"\r\n\r\n\($1)\r\n" }.joined() + "--b--\r\n"
    }

    @Test(arguments: ["application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=b", ""])
    func `a report counts in every encoding`(type: String) async throws {
        let bench = try await CallbackBench()
        let message = try await bench.sent()
        let body =
            switch type {
            case "application/json", "": Self.json(message.text)
            case "application/x-www-form-urlencoded": Self.form(message.text)
            default: Self.multipart(message.text)
            }
        #expect(try await bench.post(body, type: type) == .ok)
        let timeline = try #require(try await bench.store.timeline(message))
        #expect(timeline.message.state == .delivered)
        let report = try #require(timeline.reports.last)
        #expect(report.status == .delivered)
        #expect(report.source == .callback)
        // Tashkent is five hours ahead.
        #expect(report.happenedAt == Timestamp(milliseconds: 1_800_000_005_000))
        #expect(report.providerNumber == "90000001")
        #expect(report.parts == 2)
    }

    @Test func `a repeated report changes nothing and is answered all the same`() async throws {
        let bench = try await CallbackBench()
        let message = try await bench.sent()
        for _ in 0..<3 { #expect(try await bench.post(Self.json(message.text)) == .ok) }
        let timeline = try #require(try await bench.store.timeline(message))
        #expect(timeline.message.state == .delivered)
        #expect(timeline.reports.count == 1)
    }

    @Test func `a status never goes backwards`() async throws {
        let bench = try await CallbackBench()
        let message = try await bench.sent()
        for status in ["DELIVRD", "STORED", "ACCEPTED", "UNDELIV", "NEW", "something"] {
            let body = Self.json(message.text).replacing("DELIVRD", with: status)
            #expect(try await bench.post(body) == .ok)
        }
        #expect(try await bench.store.message(message)?.state == .delivered)
    }

    @Test func `a report that overtakes the answer of its send counts`() async throws {
        let bench = try await CallbackBench()
        let message = try await bench.sending().message.id
        #expect(try await bench.post(Self.json(message.text)) == .ok)
        #expect(try await bench.store.message(message)?.state == .delivered)
    }

    @Test func `without a number of ours Eskiz's own decides, also before it is known`() async throws {
        let bench = try await CallbackBench()
        let claim = try await bench.sending()
        let message = claim.message.id
        let body = #"{"request_id":"5b1f0c6e-1111-4222-8333-944455566677","status":"DELIVERED"}"#
        #expect(try await bench.post(body) == .ok)
        #expect(try await bench.store.message(message)?.state == .sending)
        try await bench.settle(claim)
        #expect(try await bench.store.message(message)?.state == .delivered)
    }

    @Test func `a number that is not ours is not laid at the door of one of ours`() async throws {
        let bench = try await CallbackBench()
        let message = try await bench.sent()
        let body = Self.json("sms1")
        #expect(try await bench.post(body) == .ok)
        #expect(try await bench.store.message(message)?.state == .submitted)
    }

    @Test func `a report about another phone is not applied`() async throws {
        let bench = try await CallbackBench()
        let message = try await bench.sent()
        for (phone, state) in [
            ("998901234568", MessageState.submitted), ("+998 90 123-45-68", .submitted),
            ("+998 90 123-45-67", .delivered),
        ] {
            let body = Self.json(message.text).replacing("998901234567", with: phone)
            #expect(try await bench.post(body) == .ok)
            #expect(try await bench.store.message(message)?.state == state, "\(phone)")
        }
    }

    @Test(arguments: [
        "", "{", "null", "[]", "\u{0}\u{1}", "status=", "{\"status\":\"DELIVRD\"}", "{\"status\":{\"a\":[]}}",
        #"{"status":"DELIVRD","user_sms_id":"999999999999"}"#, #"{"status":"DELIVRD","request_id":"unknown"}"#,
        #"{"status":"DELIVRD","user_sms_id":"9999999999999999999999"}"#, String(repeating: "x", count: 200_000),
        #"{"status":"DELIVRD","request_id":"\#(String(repeating: "a", count: 5_000))"}"#,
    ])
    func `whatever it holds it is kept and answered 200`(body: String) async throws {
        let bench = try await CallbackBench()
        for type in ["application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=b", ""] {
            #expect(try await bench.post(body, type: type) == .ok)
        }
    }

    @Test(arguments: [(0, 0), (65_535, 65_535), (65_536, 65_536), (65_537, 65_536), (200_000, 65_536)])
    func `a body is kept as far as 64 KiB`(sent: Int, kept: Int) async throws {
        let whole = RequestBody(buffer: ByteBuffer(repeating: 0x61, count: sent))
        #expect(try await CallbackRoutes.prefix(of: whole).count == kept)
        let parts = AsyncStream<ByteBuffer> { continuation in
            for start in stride(from: 0, to: sent, by: 1_000) {
                continuation.yield(ByteBuffer(repeating: 0x61, count: min(1_000, sent - start)))
            }
            continuation.finish()
        }
        #expect(try await CallbackRoutes.prefix(of: RequestBody(asyncSequence: parts)).count == kept)
    }

    @Test(arguments: ["", "x", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "%00", "..", "%2e%2e", "a/b"])
    func `a wrong secret is a path that does not exist, and nothing is kept`(secret: String) async throws {
        let bench = try await CallbackBench()
        let message = try await bench.sent()
        let status = try await bench.post(Self.json(message.text), path: "/callbacks/eskiz/\(secret)")
        #expect(status == .notFound)
        #expect(try await bench.store.message(message)?.state == .submitted)
    }

    @Test func `a secret that is nearly right is wrong`() async throws {
        let bench = try await CallbackBench()
        let path = bench.path
        for wrong in [String(path.dropLast()), path + "A", path.uppercased()] {
            #expect(try await bench.post("{}", path: wrong) == .notFound)
        }
    }

    @Test func `a report that cannot be kept is not acknowledged, so that Eskiz tries again`() async throws {
        let bench = try await CallbackBench()
        let message = try await bench.sent()
        bench.store.fail(with: StoreError(.diskFull, "The disk is full.", remedy: "Make room."))
        #expect(try await bench.post(Self.json(message.text)) == .serviceUnavailable)
        bench.store.fail(with: nil)
        #expect(try await bench.post(Self.json(message.text)) == .ok)
        #expect(try await bench.store.message(message)?.state == .delivered)
    }

    @Test(arguments: ["https://sms.example.test", "https://sms.example.test/", "https://sms.example.test//"])
    func `the address is the base and 32 unguessable characters, the same each time`(base: String) async throws {
        let store = MemoryMessageStore()
        let secret = try await CallbackSecret.load(from: store)
        let url = secret.url(below: base)
        #expect(url.hasPrefix("https://sms.example.test/callbacks/eskiz/"))
        #expect(url.utf8.count == "https://sms.example.test/callbacks/eskiz/".utf8.count + 32)
        #expect(try await CallbackSecret.load(from: store).url(below: base) == url)
        #expect(try await CallbackSecret.load(from: MemoryMessageStore()).url(below: base) != url)
        #expect(!"\(secret)".contains(url.suffix(32)))
    }
}

/// The callback route on a store in memory.
struct CallbackBench {
    let store = MemoryMessageStore()
    let clock = ManualClock()
    let queue: MessageQueue
    let path: String
    private let secret: CallbackSecret

    init() async throws {
        queue = MessageQueue(store: store, configuration: QueueConfiguration(owner: "bench"), clock: clock)
        secret = try await CallbackSecret.load(from: store)
        path = secret.url(below: "")
    }

    func post(
        _ body: String,
        type: String = "application/json",
        path: String? = nil
    ) async throws -> HTTPTypes.HTTPResponse.Status {
        let router = Router(context: GatewayContext.self)
        CallbackRoutes(queue: queue, secret: secret, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            .add(to: router)
        var headers = HTTPFields()
        if !type.isEmpty { headers[.contentType] = type }
        return try await Application(router: router).test(.router) { [headers] client in
            try await client.execute(
                uri: path ?? self.path,
                method: .post,
                headers: headers,
                body: ByteBuffer(string: body)
            ).status
        }
    }

    /// A message whose send is under way.
    func sending() async throws -> Claim {
        let message = NewMessage(
            phone: "998901234567",
            text: "Salom",
            sender: "4546",
            segments: 1,
            encoding: .gsm7,
            apiKeyID: "k"
        )
        _ = try await queue.accept([message])
        let now = clock.timestamp
        let request = ClaimRequest(
            owner: "bench",
            leaseUntil: now + .seconds(30),
            shares: [.init(.transactional, 1)],
            limit: 1
        )
        let claims = try await store.claim(request, at: now).claims
        try await store.beginWriting(claims, at: now)
        return try #require(claims.first)
    }

    /// A message that Eskiz has taken.
    func sent() async throws -> MessageID {
        let claim = try await sending()
        try await settle(claim)
        return claim.message.id
    }

    func settle(_ claim: Claim) async throws {
        let uuid = "5b1f0c6e-1111-4222-8333-944455566677"
        let settlement = Settlement(claim, .submitted(providerID: uuid, detail: nil, nextReport: nil))
        _ = try await store.settle([settlement], at: clock.timestamp)
    }
}
