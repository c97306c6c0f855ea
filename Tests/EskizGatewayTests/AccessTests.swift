import Eskiz
import EskizGateway
import EskizQueue
import EskizQueueTesting
import EskizTesting
import HTTPTypes
import Hummingbird
import Testing

/// Who may do what, wrong methods, wrong paths, and what the log says of it.
@Suite(.timeLimit(.minutes(1)))
struct AccessTests {
    static let gets = [
        "/v1/messages", "/v1/messages/1", "/v1/token", "/v1/account", "/v1/events", "/metrics", "/openapi.json",
    ]
    static let posts = [
        "/v1/messages", "/v1/messages/batch", "/v1/messages/1/cancel", "/v1/messages/1/resolve",
        "/v1/messages/1/replay",
        "/v1/segments", "/v1/token/refresh",
    ]

    @Test(arguments: gets.map { (HTTPRequest.Method.get, $0) } + posts.map { (.post, $0) })
    func `nobody passes without a key that is known`(method: HTTPRequest.Method, path: String) async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let without = try await caller.call(method, path, "{}", key: nil)
            #expect(without.status == 401)
            #expect(without.header("WWW-Authenticate") == #"Bearer realm="eskiz""#)
            #expect(without.code == "unauthorized")
            let wrong = try await caller.call(method, path, "{}", key: "esk_nobody")
            #expect(wrong.status == 401)
            #expect(wrong.header("WWW-Authenticate") == #"Bearer realm="eskiz", error="invalid_token""#)
            let basic = try await caller.call(method, path, "{}", key: nil, headers: ["Authorization": "Basic YTpi"])
            #expect(basic.status == 401)
        }
    }

    @Test(arguments: [
        (HTTPRequest.Method.post, "/v1/messages", [GatewayHarness.readKey], "send"),
        (.post, "/v1/messages/batch", [GatewayHarness.readKey], "send"),
        (.post, "/v1/messages/1/cancel", [GatewayHarness.readKey], "send"),
        (.post, "/v1/messages/1/replay", [GatewayHarness.readKey], "send"),
        (.post, "/v1/messages/1/resolve", [GatewayHarness.readKey, GatewayHarness.sendKey], "admin"),
        (.post, "/v1/token/refresh", [GatewayHarness.readKey, GatewayHarness.sendKey], "admin"),
        (.get, "/v1/token", [GatewayHarness.sendKey], "read"), (.get, "/v1/account", [GatewayHarness.sendKey], "read"),
        (.get, "/v1/events", [GatewayHarness.sendKey], "read"), (.get, "/metrics", [GatewayHarness.sendKey], "read"),
    ])
    func `a scope is asked for`(
        method: HTTPRequest.Method,
        path: String,
        keys: [String],
        scope: String
    ) async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            for key in keys {
                let answer = try await caller.call(method, path, "{}", key: key)
                #expect(answer.status == 403)
                #expect(answer.code == "insufficient_scope")
                #expect(answer.header("WWW-Authenticate")?.hasSuffix(#"scope="\#(scope)""#) == true)
            }
        }
    }

    @Test func `a new key is accepted at once, and a revoked one no more`() async throws {
        let harness = try await GatewayHarness()
        let key = "esk_canary-new"
        let digest = APIKeys.digest(of: key)
        try await harness.run { caller in
            let before = try await caller.get("/v1/messages", key: key)
            #expect(before.status == 401)
            harness.clock.advance(by: .milliseconds(5))
            let record = APIKeyRecord(
                id: APIKeys.id(of: digest),
                name: "new",
                scopes: [.read],
                digest: digest,
                createdAt: harness.clock.timestamp
            )
            try await harness.store.add(record)
            let made = try await caller.get("/v1/messages", key: key)
            #expect(made.status == 200)
            _ = try await harness.store.revokeAPIKey(record.id, at: harness.clock.timestamp)
            harness.clock.advance(by: .milliseconds(50))
            let revoked = try await caller.get("/v1/messages", key: key)
            #expect(revoked.status == 401)
        }
    }

    @Test(arguments: posts)
    func `what changes something takes JSON only`(path: String) async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let answer = try await caller.call(.post, path, "a=b", contentType: "application/x-www-form-urlencoded")
            #expect(answer.status == 415)
        }
    }

    @Test func `health needs no key`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            for path in ["/healthz", "/readyz"] {
                let answer = try await caller.get(path, key: nil)
                #expect(answer.status == 200)
            }
        }
    }

    @Test(arguments: [
        (HTTPRequest.Method.delete, "/v1/messages", "GET, HEAD, POST"), (.get, "/v1/messages/batch", "POST"),
        (.put, "/v1/messages/1", "GET, HEAD, PATCH"), (.get, "/v1/messages/1/cancel", "POST"),
        (.post, "/healthz", "GET, HEAD"),
        (.options, "/v1/segments", "POST"), (HTTPRequest.Method("PURGE") ?? .trace, "/v1/token", "GET, HEAD"),
    ])
    func `a wrong method is told the right ones`(
        method: HTTPRequest.Method,
        path: String,
        allowed: String
    ) async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let answer = try await caller.call(method, path)
            #expect(answer.status == 405)
            #expect(answer.header("Allow") == allowed)
            #expect(answer.code == "method_not_allowed")
        }
    }

    @Test(arguments: ["/v1", "/v2/messages", "/v1/messages/1/cancel/now"])
    func `an unknown path is a problem too`(path: String) async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let answer = try await caller.get(path)
            #expect(answer.status == 404)
            #expect(answer.header("Content-Type") == "application/problem+json")
        }
    }

    @Test func `Eskiz's own API stands beside ours, and its requests have ids too`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let answer = try await caller.get("/api/auth/user", key: nil)
            #expect(answer.status == 401)
            #expect(answer.json["message"]?.text != nil)
            #expect(answer.header("X-Request-Id") != nil)
        }
    }

    // MARK: The log

    @Test func `each request is one line, with the pattern and never the path`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            _ = try await caller.call(.get, "/v1/messages/123456789012", headers: ["X-Request-Id": "trace-1"])
            _ = try await caller.get("/v1/messages?to=%2B998901234567")
            _ = try await caller.get("/unknown/secret-path", key: nil)
            let lines = harness.log.lines.filter { $0.contains("Request answered") }
            #expect(lines.count == 3)
            #expect(lines.allSatisfy { $0.hasPrefix("info ") })
            #expect(lines[0].contains("http.route=/v1/messages/{id}"))
            #expect(lines[0].contains("http.response.status_code=404"))
            #expect(lines[0].contains("request.id=trace-1"))
            #expect(lines[0].contains("key.id=k_"))
            #expect(lines[1].contains("http.route=/v1/messages "))
            #expect(lines[2].contains("http.route=none"))
            for canary in ["123456789012", "901234567", "secret-path", "canary"] {
                #expect(!harness.log.text.contains(canary))
            }
        }
    }

    @Test func `a request id of the caller comes back, one that a log cannot hold does not`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let good = try await caller.call(.get, "/healthz", headers: ["X-Request-Id": "a.b_c-1"])
            #expect(good.header("X-Request-Id") == "a.b_c-1")
            let bad = try await caller.call(.get, "/healthz", headers: ["X-Request-Id": "a b"])
            #expect(bad.header("X-Request-Id") != "a b")
            #expect(bad.header("X-Request-Id") != nil)
        }
    }

    @Test func `no secret, phone or text is in any log line of a whole day's work`() async throws {
        let harness = try await GatewayHarness()
        harness.transport.on("PATCH", "auth/refresh", .respond(500, "canary-provider-body"))
        harness.transport.on("GET", "auth/user", .respond(502, "<html>canary-html</html>"))
        try await harness.run { caller in
            var answers: [Answer] = []
            for key in [GatewayHarness.adminKey, GatewayHarness.sendKey, GatewayHarness.readKey, "esk_canary-wrong"] {
                let body = #"{"to":"+998901234567","text":"canary-text 123456","lane":"otp","reference":"r"}"#
                answers.append(try await caller.post("/v1/messages", body, key: key))
                answers.append(
                    try await caller.post("/v1/messages", #"{"to":"canary","text":"","canary-x":1}"#, key: key)
                )
                for path in Self.gets where path != "/v1/events" {
                    answers.append(try await caller.get(path, key: key))
                }
                for path in Self.posts { answers.append(try await caller.post(path, key: key)) }
            }
            for canary in ["canary-text", "canary-admin", "canary-send", "canary-read", "canary-token-canary-token"] {
                #expect(answers.allSatisfy { !$0.text.contains(canary) }, "\(canary)")
            }
            for canary in ["canary", "123456", "901234567"] { #expect(!harness.log.text.contains(canary), "\(canary)") }
        }
    }
}
