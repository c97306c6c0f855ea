import AsyncHTTPClient
import Eskiz
import EskizGateway
import EskizQueue
import EskizQueueTesting
import EskizTesting
import Hummingbird
import HummingbirdTesting
import NIOCore
import NIOHTTP1
import Testing

struct EskizSendTests {
    private static let submitted = Settlement.Result.submitted(
        providerID: "5b1f0c6e-1111-4222-8333-944455566677",
        detail: nil,
        nextReport: nil
    )
    private static let json =
        #"{"mobile_phone":"998901234567","message":"Salom, o‘zbek","from":4546,"user_sms_id":1001}"#
    private static let form = "mobile_phone=998901234567&message=Salom%2C+o%E2%80%98zbek&from=4546&user_sms_id=1001"
    private static let multipart = """
        --b\r\nContent-Disposition: form-data; name="mobile_phone"\r\n\r\n998901234567\r
        --b\r\nContent-Disposition: form-data; name="message"\r\n\r\nSalom, o‘zbek\r
        --b\r\nContent-Disposition: form-data; name="from"\r\n\r\n4546\r
        --b\r\nContent-Disposition: form-data; name="user_sms_id"\r\n\r\n1001\r\n--b--\r\n
        """

    @Test(arguments: [
        ("application/json", json), ("application/x-www-form-urlencoded", form),
        ("multipart/form-data; boundary=b", multipart),
    ])
    func `a send is answered in Eskiz's own bytes`(type: String, body: String) async throws {
        let bench = try EskizBench()
        try await bench.run { caller in
            let token = try await caller.logIn()
            async let response = caller.call(.post, "/api/message/sms/send", token: token, type: type, body)
            let message = try #require(try await bench.dispatch(Self.submitted, answer: .taken).first)
            #expect(try await response.status == .ok)
            #expect(try await Array(buffer: response.body) == ProviderAnswer.taken.body)
            #expect(message.phone == "998901234567")
            // As it came: it must equal the approved template.
            #expect(message.text == "Salom, o‘zbek")
            #expect(message.sender == "4546")
            #expect(message.lane == .transactional)
            #expect(message.origin == .eskiz)
            #expect(message.client?.userSMSID == "1001")
            #expect(message.reference == "1001")
        }
    }

    @Test(arguments: [
        ("application/x-www-form-urlencoded; charset=windows-1251", "mobile_phone=998901234567&message=%CA%EE%E4"),
        (
            "multipart/form-data; boundary=b",
            "--b\r\nContent-Disposition: form-data; name=mobile_phone\r\n\r\n998901234567\r\n--b\r\n"
                + "Content-Disposition: form-data; name=message\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nКод\r\n--b--"
        ),
    ])
    func `a text is read by the charset that its form states`(type: String, body: String) async throws {
        let bench = try EskizBench()
        try await bench.run { caller in
            let token = try await caller.logIn()
            async let response = caller.call(.post, "/api/message/sms/send", token: token, type: type, body)
            let message = try #require(try await bench.dispatch(Self.submitted, answer: .taken).first)
            #expect(try await response.status == .ok)
            #expect(message.text == "Код")
        }
    }

    @Test(arguments: [
        "application/x-www-form-urlencoded", "application/x-www-form-urlencoded; charset=koi8-r",
        "application/x-www-form-urlencoded; charset=utf-8", "",
    ])
    func `bytes that are no text are refused in Eskiz's shape`(type: String) async throws {
        let bench = try EskizBench()
        try await bench.run { caller in
            let token = try await caller.logIn()
            let body = "mobile_phone=998901234567&message=%CA%EE%E4"
            let response = try await caller.call(.post, "/api/message/sms/send", token: token, type: type, body)
            #expect(response.status == .badRequest)
            let answer = try JSON(String(buffer: response.body))
            #expect(answer["status"]?.text == "error")
            #expect(answer["message"]?.text?.contains("utf-8") == true)
            #expect(bench.store.depth[.transactional] == 0)
        }
    }

    /// What public clients write differently from each other (eskiz-clients.md): a phone as a number, a path with two
    /// slashes, a hand-set type that names no encoding, fields that are empty or null.
    @Test(arguments: [
        ("/api/message/sms/send", "application/json", #"{"mobile_phone":998901234567,"message":"Salom","from":4546}"#),
        ("/api//message/sms/send", "application/x-www-form-urlencoded", "mobile_phone=998901234567&message=Salom"),
        (
            "/api/message/sms/send/", "application/json",
            #"{"mobile_phone":"998901234567","message":"Salom","from":null}"#
        ),
        ("/api/message/sms/send", "text/plain", #"{"mobile_phone":"998901234567","message":"Salom"}"#),
        (
            "/api/message/sms/send", "application/x-www-form-urlencoded",
            "mobile_phone=998901234567&message=Salom&from=4546&callback_url=&user_sms_id="
        ),
    ])
    func `a send is understood in every habit of writing it`(uri: String, type: String, body: String) async throws {
        let bench = try EskizBench()
        try await bench.run { caller in
            let token = try await caller.logIn()
            async let response = caller.call(.post, uri, token: token, type: type, body)
            let message = try #require(try await bench.dispatch(Self.submitted, answer: .taken).first)
            #expect(try await response.status == .ok)
            #expect(message.phone == "998901234567")
            #expect(message.text == "Salom")
            #expect(message.sender == "4546")
            #expect(message.client?.userSMSID == nil)
            #expect(message.client?.callbackURL == nil)
        }
    }

    @Test(arguments: [400, 403, 200])
    func `a refusal is answered in Eskiz's own words`(status: Int) async throws {
        let answer = ProviderAnswer.json(status, #"{"id":"7d0d7f0a","message":"Этот смс текст","status":"error"}"#)
        let bench = try EskizBench()
        try await bench.run { caller in
            let token = try await caller.logIn()
            async let response = caller.send(token)
            let error = MessageError(code: "text_not_approved", message: "Not approved.", httpStatus: status)
            try await bench.dispatch(.failed(error), answer: answer)
            #expect(try await Int(response.status.code) == status)
            #expect(try await Array(buffer: response.body) == answer.body)
        }
    }

    @Test func `a 401 of Eskiz's stays with the gateway`() async throws {
        let bench = try EskizBench()
        try await bench.run { caller in
            let token = try await caller.logIn()
            async let response = caller.send(token)
            let error = MessageError(code: "token_dead", message: "Eskiz rejected the bearer token.", httpStatus: 401)
            try await bench.dispatch(.failed(error), answer: .json(401, #"{"message":"Expired","status":"error"}"#))
            #expect(try await response.status == .serviceUnavailable)
            #expect(try await response.envelopeMessage == "Eskiz rejected the bearer token.")
        }
    }

    @Test func `an answer that is told a moment after it is stored is waited for`() async throws {
        let bench = try EskizBench()
        try await bench.run { caller in
            let token = try await caller.logIn()
            async let response = caller.send(token)
            await bench.queue.work.wait()
            let claims = try await bench.claim()
            // A report overtakes the answer: submitted already, and nobody has told what Eskiz said.
            let id = try #require(claims.first?.message.id)
            let report = DeliveryReport(
                status: .stored,
                source: .callback,
                receivedAt: bench.clock.timestamp,
                providerID: "5b1f0c6e-1111-4222-8333-944455566677"
            )
            _ = try await bench.queue.record(report, for: .number(id))
            await bench.clock.sleeper(within: .seconds(2))
            try await bench.settle(claims, Self.submitted, answer: .taken)
            #expect(try await Array(buffer: response.body) == ProviderAnswer.taken.body)
        }
    }

    @Test func `an answer that never comes is put together from what is known`() async throws {
        let bench = try EskizBench()
        try await bench.run { caller in
            let token = try await caller.logIn()
            let answer = try await bench.whileTimePasses {
                await bench.queue.work.wait()
                let claims = try await bench.claim()
                // Settled by another host: its answer is told there.
                _ = try await bench.store.settle([Settlement(claims[0], Self.submitted)], at: bench.clock.timestamp)
            } _: {
                try await caller.send(token)
            }
            #expect(answer.status == .ok)
            #expect(
                answer.text == #"{"id":"5b1f0c6e-1111-4222-8333-944455566677","#
                    + #""message":"Waiting for SMS provider","status":"waiting"}"#
            )
        }
    }

    @Test func `a message that nobody could send in time is taken back and never sent`() async throws {
        let bench = try EskizBench()
        try await bench.run { caller in
            let token = try await caller.logIn()
            let response = try await bench.whileTimePasses {
                await bench.queue.work.wait()
            } _: {
                try await caller.send(token)
            }
            #expect(response.status == .serviceUnavailable)
            #expect(response.envelopeMessage?.contains("not sent") == true)
            #expect(try await bench.claim().isEmpty)
            #expect([.cancelled, .expired].contains(try await bench.onlyMessage().state))
        }
    }

    @Test func `a message whose outcome nobody knows is a 504 that says so`() async throws {
        let bench = try EskizBench()
        try await bench.run { caller in
            let token = try await caller.logIn()
            let response = try await bench.whileTimePasses {
                let error = MessageError(code: "timed_out", message: "No answer.")
                let later = bench.clock.timestamp + .seconds(60)
                try await bench.dispatch(.unknown(error, reconcileAt: later), answer: nil)
            } _: {
                try await caller.send(token)
            }
            #expect(response.status == .gatewayTimeout)
            #expect(response.envelopeMessage?.contains("unknown") == true)
        }
    }

    @Test func `a failure of Eskiz's is told at once and as it came`() async throws {
        let bench = try EskizBench()
        try await bench.run { caller in
            let token = try await caller.logIn()
            async let response = caller.send(token)
            let error = MessageError(code: "server_error", message: "Eskiz failed.", httpStatus: 502)
            let page = ProviderAnswer(
                status: 502,
                headers: [TransportHeader("Content-Type", "text/html")],
                body: Array("<html>Bad Gateway</html>".utf8)
            )
            let later = bench.clock.timestamp + .seconds(60)
            try await bench.dispatch(.unknown(error, reconcileAt: later), answer: page)
            #expect(try await response.status == .badGateway)
            #expect(try await Array(buffer: response.body) == page.body)
        }
    }

    @Test func `what waits is taken back when its client hangs up`() async throws {
        let bench = try EskizBench()
        try await bench.server().application.test(.live) { client in
            let token = try await EskizCaller(client: client).logIn()
            let port = try #require(client.port)
            let request = Task {
                var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)/api/message/sms/send")
                request.method = .POST
                request.headers.add(name: "Authorization", value: "Bearer \(token)")
                request.headers.add(name: "Content-Type", value: "application/json")
                request.body = .bytes(ByteBuffer(string: Self.json))
                return try await HTTPClient.shared.execute(request, timeout: .seconds(30)).status
            }
            await bench.queue.work.wait()
            let message = try await bench.onlyMessage()
            let changes = bench.queue.events.subscribe(to: message.id)
            request.cancel()
            #expect(await changes.first { _ in true }?.message.state == .cancelled)
            #expect(try await bench.claim().isEmpty)
        }
    }

    @Test func `a retry that succeeds within patience is a success`() async throws {
        let bench = try EskizBench()
        try await bench.run { caller in
            let token = try await caller.logIn()
            async let response = caller.send(token)
            let error = MessageError(code: "connection_failed", message: "No route.")
            try await bench.dispatch(.retry(at: bench.clock.timestamp, error), answer: nil)
            let claims = try await bench.claim()
            try await bench.settle(claims, Self.submitted, answer: .taken)
            #expect(try await Array(buffer: response.body) == ProviderAnswer.taken.body)
        }
    }

    @Test(
        arguments: [
            (["mobile_phone": nil], "mobile_phone is invalid"),
            (["mobile_phone": "901234567"], "mobile_phone is invalid"),
            (["mobile_phone": "+998901234567"], "mobile_phone is invalid"),
            (["mobile_phone": "79161234567x"], "mobile_phone is invalid"),
            (["message": nil], "message is invalid"), (["message": ""], "message is invalid"),
            (["user_sms_id": String(repeating: "1", count: 65)], "user_sms_id is invalid"),
            (["user_sms_id": "a\nb"], "user_sms_id is invalid"),
        ] as [([String: String?], String)]
    )
    func `what Eskiz would refuse is refused before it is kept`(
        changes: [String: String?],
        message: String
    ) async throws {
        let bench = try EskizBench()
        try await bench.run { caller in
            let response = try await caller.send(try await caller.logIn(), changes)
            #expect(response.status == .badRequest)
            #expect(response.envelopeMessage == message)
        }
        #expect(try await bench.store.messages(MessageSearch()).isEmpty)
        #expect(bench.transport.requests.isEmpty)
    }

    @Test(arguments: [
        "ftp://example.test/x", "http://127.0.0.1/hook", "http://10.0.0.1/", "http://[::1]/", "http://localhost/x",
        "http://169.254.169.254/latest", "https://user:pw@example.test/", "not an address",
    ])
    func `a callback address that leads inside is refused`(url: String) async throws {
        try await EskizBench().run { caller in
            let response = try await caller.send(try await caller.logIn(), ["callback_url": url])
            #expect(response.status == .badRequest)
            #expect(response.envelopeMessage?.hasPrefix("callback_url is invalid: ") == true)
        }
    }

    @Test func `number and callback address are kept as the client gave them`() async throws {
        let bench = try EskizBench()
        try await bench.run { caller in
            let token = try await caller.logIn()
            let url = "https://Example.test:8443/hook?a=1&b=%20"
            async let response = caller.send(token, ["user_sms_id": "000000000007", "callback_url": url])
            let message = try #require(try await bench.dispatch(Self.submitted, answer: .taken).first)
            _ = try await response
            #expect(message.client == .init(userSMSID: "000000000007", callbackURL: url))
        }
    }

    @Test func `too many waiting messages are a 503 with a time to come back`() async throws {
        let bench = try EskizBench(maximumWaiting: 0)
        try await bench.run { caller in
            let response = try await caller.send(try await caller.logIn())
            #expect(response.status == .serviceUnavailable)
            #expect(response.envelopeMessage?.hasSuffix("Nothing was sent.") == true)
            #expect(response.headers[.retryAfter].flatMap { Int($0) } != nil)
        }
    }

    @Test func `a full disk is a 503, and nothing is kept`() async throws {
        let bench = try EskizBench()
        try await bench.run { caller in
            let token = try await caller.logIn()
            bench.store.fail(with: StoreError(.diskFull, "The disk is full.", remedy: "Make room."))
            let response = try await caller.send(token)
            #expect(response.status == .serviceUnavailable)
            #expect(response.envelopeMessage?.contains("disk_full") == true)
            bench.store.fail(with: nil)
            #expect(try await bench.store.messages(MessageSearch()).isEmpty)
        }
    }

    @Test func `a disk that is almost full is a 503, and nothing is kept`() async throws {
        var bench = try EskizBench()
        bench.diskSpace = DiskSpace(total: 100, free: 4)
        let store = bench.store
        try await bench.run { caller in
            let response = try await caller.send(try await caller.logIn())
            #expect(response.status == .serviceUnavailable)
            #expect(response.envelopeMessage?.contains("disk") == true)
            #expect(try await store.messages(MessageSearch()).isEmpty)
        }
    }

    @Test func `a gateway that stops takes back what waits, and says so`() async throws {
        let bench = try EskizBench()
        try await bench.run { caller, server in
            let token = try await caller.logIn()
            async let response = caller.send(token)
            await bench.queue.work.wait()
            server.drain.open()
            #expect(try await response.status == .serviceUnavailable)
            #expect(try await bench.onlyMessage().state == .cancelled)
        }
    }

    @Test func `a gateway that stops finishes what it has handed over`() async throws {
        let bench = try EskizBench()
        try await bench.run { caller, server in
            let token = try await caller.logIn()
            async let response = caller.send(token)
            await bench.queue.work.wait()
            let claims = try await bench.claim()
            server.drain.open()
            try await bench.settle(claims, Self.submitted, answer: .taken)
            #expect(try await Array(buffer: response.body) == ProviderAnswer.taken.body)
        }
    }

    @Test func `the same user_sms_id for the same phone and text is one message`() async throws {
        let bench = try EskizBench()
        try await bench.run { caller in
            let token = try await caller.logIn()
            let body = #"{"mobile_phone":"998901234567","message":"Salom","user_sms_id":"order-17"}"#
            async let response = caller.call(
                .post,
                "/api/message/sms/send",
                token: token,
                type: "application/json",
                body
            )
            try await bench.dispatch(Self.submitted, answer: .taken)
            #expect(try await Array(buffer: response.body) == ProviderAnswer.taken.body)
            let again = try await caller.call(
                .post,
                "/api/message/sms/send",
                token: token,
                type: "application/json",
                body
            )
            #expect(again.status == .ok)
            #expect(Array(buffer: again.body) == ProviderAnswer.taken.body)
            #expect(try await bench.onlyMessage().client?.userSMSID == "order-17")
        }
    }

    @Test func `a body that is too large is refused in the envelope`() async throws {
        try await EskizBench().run { caller in
            let text = String(repeating: "a", count: (1 << 20) + 1)
            let response = try await caller.call(.post, "/api/message/sms/send", type: "text/plain", text)
            #expect(response.status == .contentTooLarge)
            #expect(response.envelopeMessage != nil)
        }
    }
}

extension EskizBench {
    /// Moves the clock on, again and again, until a request has its answer.
    func whileTimePasses<Result: Sendable>(
        after prologue: @escaping @Sendable () async throws -> Void,
        _ request: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { [clock] in
                try await prologue()
                while !Task.isCancelled {
                    clock.advance(by: .milliseconds(100))
                    await Task.yield()
                }
            }
            defer { group.cancelAll() }
            return try await request()
        }
    }
}
