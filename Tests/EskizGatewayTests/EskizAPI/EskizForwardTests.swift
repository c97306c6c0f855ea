import Eskiz
import EskizGateway
import EskizHTTP
import EskizQueue
import EskizQueueTesting
import EskizTesting
import EskizText
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

struct EskizForwardTests {
    @Test(arguments: [
        (HTTPTypes.HTTPRequest.Method.post, "/api/message/sms/get-user-messages", "message/sms/get-user-messages"),
        (.get, "/api/message/sms/get-user-messages", "message/sms/get-user-messages"),
        (.post, "/api//report/total-by-smsc", "report/total-by-smsc"), (.get, "/api/user/get-limit/", "user/get-limit"),
        (.delete, "/api/contact/12", "contact/12"), (.put, "/api/template/3", "template/3"),
        (.patch, "/api/nobody/knows", "nobody/knows"),
    ])
    func `everything else goes on with verb, path, query, type and body as they came`(
        method: HTTPTypes.HTTPRequest.Method,
        uri: String,
        path: String
    ) async throws {
        let bench = try EskizBench()
        bench.transport.on(
            method.rawValue,
            path,
            .respond(418, "ha ha", headers: [TransportHeader("Content-Type", "text/csv; charset=cp1251")])
        )
        try await bench.run { caller in
            let type = "multipart/form-data; boundary=b"
            let token = try await caller.logIn()
            let response = try await caller.call(
                method,
                uri + "?status=all&page-size=20",
                token: token,
                type: type,
                "--b--"
            )
            #expect(response.status.code == 418)
            #expect(response.text == "ha ha")
            #expect(response.headers[.contentType] == "text/csv; charset=cp1251")
            let request = try #require(bench.transport.requests.first)
            #expect(request.method == method.rawValue)
            #expect(request.request.url == "https://notify.eskiz.uz/api/\(path)?status=all&page-size=20")
            #expect(request.text == "--b--")
            #expect(request.header("content-type") == type)
            #expect(request.token == "upstream.canary.token")
        }
    }

    @Test(arguments: [
        ("message/sms/get-user-messages", false), ("message/sms/get-user-messages-by-dispatch", false),
        ("message/export", false), ("Message/SMS/get-user-messages", false), ("user/get-limit", true),
        ("message/sms/status_by_id/5b1f0c6e", true), ("user/templates", true),
    ])
    func `a key that only sends does not read what others sent`(path: String, isAllowed: Bool) async throws {
        let bench = try EskizBench()
        bench.transport.on("GET", path, .respond(200, "{}"))
        let keys = [
            (try await bench.addKey("k_a", [.send]), isAllowed), (try await bench.addKey("k_b", [.send, .read]), true),
            (try await bench.addKey("k_c", [.admin]), true),
        ]
        try await bench.run { caller in
            for (key, isAllowed) in keys {
                let response = try await caller.call(.get, "/api/\(path)", token: try await caller.logIn(key: key))
                #expect(response.status == (isAllowed ? .ok : .forbidden))
            }
        }
    }

    @Test func `a read by GET with a body works although Eskiz wants it by POST`() async throws {
        let bench = try EskizBench()
        let path = "message/sms/get-user-messages"
        bench.transport.on("GET", path, .respond(404, "404 page not found"))
        bench.transport.on("POST", path, .respond(200, #"{"data":{"result":[]},"status":"success"}"#))
        try await bench.run { caller in
            let token = try await caller.logIn()
            let type = "multipart/form-data; boundary=b"
            let response = try await caller.call(.get, "/api/\(path)?status=all", token: token, type: type, "--b--")
            #expect(response.status == .ok)
            #expect(response.text == #"{"data":{"result":[]},"status":"success"}"#)
            #expect(bench.transport.requests.map(\.method) == ["GET", "POST"])
            #expect(bench.transport.requests.allSatisfy { $0.text == "--b--" && $0.header("content-type") == type })
            #expect(bench.transport.requests.allSatisfy { $0.request.url.hasSuffix("\(path)?status=all") })
        }
    }

    @Test func `links to other pages of a list lead to the gateway again`() async throws {
        let bench = try EskizBench()
        let path = "message/sms/get-user-messages"
        let upstream = "https://notify.eskiz.uz/api/\(path)"
        @Sendable func page(_ address: String) -> String {
            #"{"data":{"path":"\#(address)","next_page_url":"\#(address)?page=2","prev_page_url":null,"#
                + #""links":[{"url":"\#(address)?page=1"},{"url":null}],"result":[{"message":"\#(upstream)"}]}}"#
        }
        bench.transport.on("POST", path, .respond(200, page(upstream)))
        try await bench.run { caller in
            let token = try await caller.logIn()
            for scheme in ["http", "https"] {
                let response = try await caller.client.execute(
                    uri: "/api/\(path)?page=1",
                    method: .post,
                    headers: [
                        .authorization: "Bearer \(token)", try #require(HTTPField.Name("X-Forwarded-Proto")): scheme,
                    ]
                )
                #expect(response.text == page("\(scheme)://localhost/api/\(path)"))
            }
        }
    }

    @Test func `and below the path that a proxy has for it`() async throws {
        let base = try #require(BasePath(argument: "/sms"))
        let bench = try EskizBench { $0.basePath = base }
        let path = "message/sms/get-user-messages"
        bench.transport.on("POST", path, .respond(200, #"{"data":{"path":"https://notify.eskiz.uz/api/\#(path)"}}"#))
        try await bench.run { caller in
            let token = try await caller.logIn()
            let response = try await caller.client.execute(
                uri: "/api/\(path)",
                method: .post,
                headers: [.authorization: "Bearer \(token)"]
            )
            #expect(response.text == #"{"data":{"path":"http://localhost/sms/api/\#(path)"}}"#)
        }
    }

    @Test(arguments: [
        ("GET", "message/sms/get-user-messages", ""), ("GET", "nobody/knows", "a=b"),
        ("PUT", "message/sms/get-user-messages", "a=b"), ("GET", "message/sms/send-global", "a=b"),
        ("GET", "user/template", "a=b"),
    ])
    func `any other 404 is Eskiz's last word`(method: String, path: String, body: String) async throws {
        let bench = try EskizBench()
        bench.transport.on(method, path, .respond(404, "404 page not found"))
        try await bench.run { caller in
            let token = try await caller.logIn()
            let verb = try #require(HTTPTypes.HTTPRequest.Method(rawValue: method))
            let type = "application/x-www-form-urlencoded"
            let response = try await caller.call(verb, "/api/\(path)", token: token, type: type, body)
            #expect(response.status == .notFound)
            #expect(response.text == "404 page not found")
            #expect(bench.transport.requests.count == 1)
        }
    }

    @Test func `only what belongs to the body goes on and comes back`() async throws {
        let bench = try EskizBench()
        let headers = [
            TransportHeader("Content-Type", "text/csv"), TransportHeader("Content-Disposition", "attachment"),
            TransportHeader("Connection", "keep-alive, X-Secret"), TransportHeader("Transfer-Encoding", "chunked"),
            TransportHeader("Set-Cookie", "session=1"),
            TransportHeader("Authorization", "Bearer upstream.canary.token"),
        ]
        bench.transport.on("POST", "message/export", .respond(200, "a;b", headers: headers))
        try await bench.run { caller in
            let token = try await caller.logIn()
            let response = try await caller.client.execute(
                uri: "/api/message/export",
                method: .post,
                headers: [
                    .authorization: "Bearer \(token)", .accept: "text/csv", .cookie: "a=b", .connection: "close",
                ]
            )
            #expect(response.headers[.contentDisposition] == "attachment")
            for name in [HTTPField.Name.connection, .transferEncoding, .setCookie, .authorization] {
                #expect(response.headers[name] == nil)
            }
            let names = Set(bench.transport.requests.first?.request.headers.map { $0.name.lowercased() } ?? [])
            #expect(names == ["authorization", "accept"])
            #expect(bench.transport.requests.first?.header("accept") == "text/csv")
        }
    }

    @Test func `numbers of ours are the client's own again, and all else is as Eskiz wrote it`() async throws {
        let bench = try EskizBench()
        let ours = try await bench.keep(.eskiz, userSMSID: "1001")
        let nameless = try await bench.keep(.eskiz, userSMSID: nil)
        let own = try await bench.keep(.api, userSMSID: nil)
        let rows = { @Sendable (a: String, b: String) in
            """
            {"data":{ "result":[{"user_sms_id":\(a),"price":"50.00"},{"user_sms_id":\(b)},\
            {"user_sms_id":"\(own)"},{"user_sms_id":"77"},{"user_sms_id":null}]},"status":"success"}
            """
        }
        bench.transport.on("POST", "message/sms/get-user-messages", .respond(200, rows("\"\(ours)\"", "\(nameless)")))
        try await bench.run { caller in
            let token = try await caller.logIn()
            let response = try await caller.call(.post, "/api/message/sms/get-user-messages", token: token)
            #expect(response.text == rows("\"1001\"", "null"))
        }
    }

    @Test func `what is no JSON is not looked into`() async throws {
        let bench = try EskizBench()
        let id = try await bench.keep(.eskiz, userSMSID: "1001")
        let csv = #"{"user_sms_id":"\#(id)"}"#
        bench.transport.on("GET", "x", .respond(200, csv, headers: [TransportHeader("Content-Type", "text/csv")]))
        try await bench.run { caller in
            let token = try await caller.logIn()
            #expect(try await caller.call(.get, "/api/x", token: token).text == csv)
        }
    }

    @Test func `an export has the client's own numbers`() async throws {
        let bench = try EskizBench()
        let ours = try await bench.keep(.eskiz, userSMSID: "1001")
        let nameless = try await bench.keep(.eskiz, userSMSID: nil)
        let csv = { @Sendable (a: String, b: String) in
            "id,user_sms_id,message\n1,\(a),\"a \"\"b\"\",\n\(ours)\"\n2,\(b),\(ours)\n3,77,x\n"
        }
        let type = [TransportHeader("Content-Type", "text/csv; charset=utf-8")]
        bench.transport.on("POST", "message/export", .respond(200, csv("\(ours)", "\(nameless)"), headers: type))
        try await bench.run { caller in
            let token = try await caller.logIn()
            let response = try await caller.call(.post, "/api/message/export", token: token)
            #expect(response.text == csv("1001", ""))
        }
    }

    /// Eskiz's log of a message holds the request word for word, in whichever encoding it was made.
    @Test(arguments: ["application/json", "text/plain", nil])
    func `the secret of the callback address stays with the gateway`(type: String?) async throws {
        let bench = try EskizBench()
        let address = bench.callbackSecret.url(below: "https://sms.example.test")
        let secret = try #require(address.split(separator: "/").last)
        let log = { @Sendable (secret: Substring) in
            let escaped = "callback_url=https%3A%2F%2Fsms.example.test%2Fcallbacks%2Feskiz%2F\(secret)&from=4546"
            return #"{"messages":[{"full_message":"\#(escaped)"},{"full_message":"\#(secret)\#(secret)p6en"}]}"#
        }
        let headers = type.map { [TransportHeader("Content-Type", $0)] } ?? []
        bench.transport.on("GET", "logs/sms/7", .respond(200, log(secret), headers: headers))
        try await bench.run { caller in
            let answer = try await caller.call(.get, "/api/logs/sms/7", token: try await caller.logIn())
            #expect(answer.text == log(Substring(String(repeating: "*", count: secret.count))))
        }
    }

    @Test(arguments: ["/api/auth/refresh", "/api/auth/login", "/api/x/../auth/refresh", "/api/%2e%2e/api/auth/refresh"])
    func `nobody gets at the account's token`(uri: String) async throws {
        let bench = try EskizBench()
        try await bench.run { caller in
            let response = try await caller.call(.get, uri, token: try await caller.logIn())
            #expect(response.status == .notFound)
            #expect(response.text == "404 page not found")
        }
        #expect(bench.transport.requests.isEmpty)
    }

    @Test func `a 401 of Eskiz's stays with the gateway`() async throws {
        let bench = try EskizBench()
        bench.transport.on("GET", "user/get-limit", .tokenExpired)
        try await bench.run { caller in
            let response = try await caller.call(.get, "/api/user/get-limit", token: try await caller.logIn())
            #expect(response.status == .serviceUnavailable)
            #expect(response.envelopeMessage != nil)
        }
    }

    @Test(arguments: [
        (TransportError.Reason.connectionFailed, TransportError.Progress.notSent, 502),
        (.nameResolution, .notSent, 502), (.tls, .notSent, 502), (.timedOut, .sent, 504),
        (.connectionClosed, .sent, 502),
    ])
    func `no answer is a 502 or a 504 in the envelope`(
        reason: TransportError.Reason,
        progress: TransportError.Progress,
        status: Int
    ) async throws {
        let bench = try EskizBench()
        bench.transport.on("GET", "nick/me", .fail(reason, progress: progress))
        try await bench.run { caller in
            let response = try await caller.call(.get, "/api/nick/me", token: try await caller.logIn())
            #expect(Int(response.status.code) == status)
            #expect(response.envelopeMessage != nil)
        }
    }

    @Test func `a message to the world whose answer was lost is an unknown outcome`() async throws {
        let bench = try EskizBench()
        bench.transport.on("POST", "message/sms/send-global", .fail(.connectionClosed, progress: .sent))
        try await bench.run { caller in
            let token = try await caller.logIn()
            let response = try await caller.form("/api/message/sms/send-global", token: token, [("message", "x")])
            #expect(response.status == .gatewayTimeout)
            #expect(response.envelopeMessage?.contains("unknown") == true)
        }
    }
}

extension EskizBench {
    func keep(_ origin: Message.Origin, userSMSID: String?) async throws -> MessageID {
        let message = NewMessage(
            phone: Self.phone,
            text: Self.text,
            sender: "4546",
            segments: 1,
            encoding: .gsm7,
            apiKeyID: "k",
            origin: origin,
            client: origin == .eskiz ? .init(userSMSID: userSMSID) : nil
        )
        guard case .accepted(let messages, _) = try await queue.accept([message]) else {
            throw StoreError(.unavailable, "Not accepted.", remedy: "")
        }
        return messages[0].id
    }
}
