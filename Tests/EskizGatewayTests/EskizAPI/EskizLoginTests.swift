import Eskiz
import EskizGateway
import EskizQueue
import EskizQueueTesting
import EskizTesting
import Hummingbird
import HummingbirdTesting
import Testing

struct EskizLoginTests {
    private static let json = #"{"email":"ops@example.test","password":"esk_test-key"}"#
    private static let form = "email=ops%40example.test&password=esk_test-key"
    private static let multipart = """
        --b\r\nContent-Disposition: form-data; name="email"\r\n\r\nops@example.test\r
        --b\r\nContent-Disposition: form-data; name="password"\r\n\r\nesk_test-key\r\n--b--\r\n
        """

    @Test(arguments: [
        ("application/json", json, "/api/auth/login"), ("application/x-www-form-urlencoded", form, "/api/auth/login"),
        ("multipart/form-data; boundary=b", multipart, "/api/auth/login"),
        ("application/json", json, "/api//auth/login"), ("application/json", json, "/api/auth/login/"),
    ])
    func `a key buys a token in every encoding`(type: String, body: String, uri: String) async throws {
        try await EskizBench().run { caller in
            let response = try await caller.call(.post, uri, type: type, body)
            #expect(response.status == .ok)
            #expect(response.headers[.contentType] == "application/json")
            guard case .object(let members) = response.document else {
                Issue.record("no object")
                return
            }
            #expect(Set(members.keys) == ["message", "data", "token_type"])
            #expect(members["message"]?.text == "token_generated")
            #expect(members["token_type"]?.text == "bearer")
            #expect(members["data"]?["token"]?.text?.split(separator: ".").count == 3)
        }
    }

    @Test(arguments: [
        #"{"email":"ops@example.test","password":"wrong"}"#, #"{"email":"ops@example.test"}"#,
        #"{"password":"esk_test-key"}"#, "{}", "",
    ])
    func `anything else is the wrong password, in exactly one key`(body: String) async throws {
        try await EskizBench().run { caller in
            let response = try await caller.call(.post, "/api/auth/login", type: "application/json", body)
            #expect(response.status == .unauthorized)
            #expect(response.text == #"{"message":"Неверный Email или пароль"}"#)
        }
    }

    @Test func `a key that may only read buys nothing`() async throws {
        let bench = try EskizBench()
        let key = try await bench.addKey("k_reader", [.read])
        try await bench.run { caller in
            let fields = [("email", "ops@example.test"), ("password", key)]
            let response = try await caller.form("/api/auth/login", fields)
            #expect(response.status == .unauthorized)
        }
    }

    @Test(arguments: [nil, "", "garbage", "a.b.c", "upstream.canary.token", EskizBench.key])
    func `without a token of ours nothing is passed on`(token: String?) async throws {
        let bench = try EskizBench()
        try await bench.run { caller in
            for (method, uri) in [
                (HTTPRequest.Method.get, "/api/auth/user"), (.post, "/api/message/sms/send"),
                (.post, "/api/message/sms/send-batch"), (.patch, "/api/auth/refresh"),
                (.delete, "/api/auth/invalidate"),
                (.get, "/api/nobody/knows"),
            ] {
                let response = try await caller.call(method, uri, token: token)
                #expect(response.status == .unauthorized)
                #expect(response.envelopeMessage == "Expired")
            }
        }
        #expect(bench.transport.requests.isEmpty)
        #expect(try await bench.store.messages(MessageSearch()).isEmpty)
    }

    @Test(arguments: [
        (HTTPRequest.Method.get, "/api/auth/login"), (.post, "/api/auth/refresh"), (.post, "/api/auth/user"),
        (.get, "/api/auth/nothing"), (.get, "/api/auth"), (.get, "/api"), (.get, "/api/"),
    ])
    func `what nobody knows is a plain 404, with a token or without`(
        method: HTTPRequest.Method,
        uri: String
    ) async throws {
        let bench = try EskizBench()
        try await bench.run { caller in
            for token in [nil, try await caller.logIn()] {
                let response = try await caller.call(method, uri, token: token)
                #expect(response.status == .notFound)
                #expect(response.headers[.contentType]?.hasPrefix("text/plain") == true)
                #expect(response.text == "404 page not found")
            }
            #expect(bench.transport.requests.isEmpty)
        }
    }

    @Test func `a token lives for thirty days and can be exchanged for another while it lives`() async throws {
        let bench = try EskizBench()
        try await bench.run { caller in
            let old = try await caller.logIn()
            bench.clock.advance(by: .seconds(30 * 86_400 - 1))
            let response = try await caller.call(.patch, "/api/auth/refresh", token: old)
            #expect(response.status == .ok)
            #expect(response.document["message"]?.text == "token_generated")
            let new = try #require(response.document["data"]?["token"]?.text)
            #expect(new != old)
            bench.clock.advance(by: .seconds(2))
            #expect(try await caller.call(.patch, "/api/auth/refresh", token: old).envelopeMessage == "Expired")
            #expect(try await caller.call(.patch, "/api/auth/refresh", token: new).status == .ok)
        }
    }

    @Test func `a revoked key takes its tokens with it`() async throws {
        let bench = try EskizBench()
        let key = try await bench.addKey("k_shop", [.send])
        try await bench.run { caller in
            let token = try await caller.logIn(key: key)
            #expect(try await caller.call(.patch, "/api/auth/refresh", token: token).status == .ok)
            _ = try await bench.store.revokeAPIKey("k_shop", at: bench.clock.timestamp)
            bench.clock.advance(by: .seconds(3))
            #expect(try await caller.call(.patch, "/api/auth/refresh", token: token).envelopeMessage == "Expired")
        }
    }

    @Test func `an invalidated token is over, and others live on`() async throws {
        try await EskizBench().run { caller in
            let (token, other) = (try await caller.logIn(), try await caller.logIn())
            let response = try await caller.call(.delete, "/api/auth/invalidate", token: token)
            #expect(response.text == #"{"message":"token_invalidated"}"#)
            #expect(try await caller.call(.patch, "/api/auth/refresh", token: token).envelopeMessage == "Expired")
            #expect(try await caller.call(.patch, "/api/auth/refresh", token: other).status == .ok)
        }
    }

    @Test func `a token survives a restart, and the other installation does not know it`() async throws {
        let first = try EskizBench()
        let token = try await first.run { try await $0.logIn() }
        try await first.run { caller in
            let response = try await caller.call(.patch, "/api/auth/refresh", token: token)
            #expect(response.status == .ok)
        }
        try await EskizBench().run { caller in
            let response = try await caller.call(.patch, "/api/auth/refresh", token: token)
            #expect(response.envelopeMessage == "Expired")
        }
    }

    @Test func `a store that is away is a 503 and no 401`() async throws {
        let bench = try EskizBench()
        bench.store.fail(with: StoreError(.diskFull, "The disk is full.", remedy: "Make room."))
        try await bench.run { caller in
            let fields = [("email", "ops@example.test"), ("password", EskizBench.key)]
            let response = try await caller.form("/api/auth/login", fields)
            #expect(response.status == .serviceUnavailable)
            #expect(response.envelopeMessage?.contains("disk_full") == true)
            #expect(response.headers[.retryAfter] != nil)
        }
    }
}
