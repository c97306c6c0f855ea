import AsyncHTTPClient
import EskizHTTP
import JWTKit
import Logging
import NIOCore
import NIOHTTP1
import ServiceLifecycle
import Testing

@testable import EskizSimulator

/// What only a real socket shows: encodings, headers, resets, silence, waiting.
@Suite(.timeLimit(.minutes(1)))
struct SimulatorHTTPTests {
    @Test(arguments: [
        ("application/json", #"{"email":"demo@example.test","password":"demo-key"}"#),
        ("application/x-www-form-urlencoded", "email=demo%40example.test&password=demo-key"),
        (
            "multipart/form-data; boundary=B",
            "--B\r\nContent-Disposition: form-data; name=\"email\"\r\n\r\ndemo@example.test\r\n"
                + "--B\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\ndemo-key\r\n--B--\r\n"
        ),
    ])
    func `a login works in three encodings`(contentType: String, body: String) async throws {
        try await withSimulator { simulator in
            let answer = try await simulator.call("POST", "/api/auth/login", body: body, contentType: contentType)
            #expect(answer.status == 200)
            #expect(answer.header("Content-Type") == "application/json")
            #expect(answer.json?.names == ["message", "data", "token_type"])
        }
    }

    @Test func `a token is HS256 with exactly the claims of generation 3`() async throws {
        try await withSimulator { simulator in
            let parts = try await simulator.logIn().split(separator: ".")
            #expect(parts.count == 3)
            let header = try #require(decoded(parts[0]))
            #expect(header == ["alg": "HS256", "typ": "JWT"])
            let claims = try #require(decoded(parts[1]))
            #expect(claims.names == ["exp", "iat", "role", "sign", "sub"])
            #expect(claims.shape == "{exp:int,iat:int,role:string,sign:string,sub:string}")
        }
    }

    @Test func `a foreign signature, a changed claim and no signature are refused`() async throws {
        struct Payload: JWTPayload {
            var exp = 4_000_000_000
            var iat = 1
            var role = "user"
            var sign = String(repeating: "a", count: 64)
            var sub = "101"
            func verify(using algorithm: some JWTAlgorithm) async throws {}
        }
        let keys = await JWTKeyCollection()
            .add(hmac: HMACKey(from: "another key of at least 32 bytes!"), digestAlgorithm: .sha256)
        let foreign = try await keys.sign(Payload())
        try await withSimulator { simulator in
            let good = try await simulator.logIn()
            var parts = good.split(separator: ".").map(String.init)
            parts[2] = ""
            let unsigned = parts.joined(separator: ".")
            let swapped = [good, foreign].map { $0.split(separator: ".") }
            let mixed = "\(swapped[0][0]).\(swapped[1][1]).\(swapped[0][2])"
            for token in [foreign, unsigned, mixed, "garbage", ""] {
                let answer = try await simulator.call("GET", "/api/auth/user", token: token)
                #expect(answer.status == 401, "\(token.count) characters")
            }
            #expect(try await simulator.call("GET", "/api/auth/user", token: good).status == 200)
            #expect(try await simulator.call("GET", "/api/auth/user").status == 401)
        }
    }

    @Test(arguments: [
        ("1.1", "Connection: close"), ("1.1", "Connection: Close"), ("1.1", "Connection: TE, CLOSE\r\nTE: trailers"),
        ("1.0", "Accept: */*"), ("1.0", "Connection: Keep-Alive"),
    ])
    func `the connection ends for a client that reads to its end`(version: String, header: String) async throws {
        try await withSimulator { simulator in
            let fields = "email=demo@example.test&password=demo-key"
            let request = """
                POST /api/auth/login HTTP/\(version)\r\nHost: \(simulator.authority)\r\n\(header)\r\n\
                Content-Type: application/x-www-form-urlencoded\r\nContent-Length: \(fields.utf8.count)\r\n\r\n\(fields)
                """
            guard
                case .closed(let bytes) = try await RawExchange.run(request, host: simulator.host, port: simulator.port)
            else {
                Issue.record("the connection stayed open")
                return
            }
            let text = String(decoding: bytes, as: UTF8.self)
            #expect(text.hasPrefix("HTTP/1.1 200 OK\r\n") && text.contains("token_generated"))
            #expect(text.contains("\r\nConnection: close\r\n"))
        }
    }

    @Test func `a client that waits before its body is told to go on`() async throws {
        try await withSimulator { simulator in
            let head = """
                POST /api/auth/login HTTP/1.1\r\nHost: \(simulator.authority)\r\nConnection: close\r\nExpect: 100-Continue\r\n\
                Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 41\r\n\r\n
                """
            let ending = try await RawExchange.run(
                head,
                host: simulator.host,
                port: simulator.port,
                whenToldToGoOn: "email=demo@example.test&password=demo-key"
            )
            guard case .closed(let bytes) = ending else {
                Issue.record("\(ending)")
                return
            }
            let text = String(decoding: bytes, as: UTF8.self)
            #expect(text.hasPrefix("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n"))
            #expect(text.contains("token_generated"))
        }
    }

    @Test func `unknown paths and wrong verbs are plain 404, doubled slashes are one`() async throws {
        try await withSimulator { simulator in
            for (method, path) in [
                ("GET", "/api/auth/login"), ("GET", "/nowhere"), ("POST", "/"), ("PUT", "/api/nick/me"),
            ] {
                let answer = try await simulator.call(method, path)
                #expect(answer.status == 404)
                #expect(answer.header("Content-Type")?.hasPrefix("text/plain") == true)
            }
            let token = try await simulator.logIn()
            #expect(try await simulator.call("GET", "//api//nick///me", token: token).status == 200)
            #expect(try await simulator.call("GET", "/").text.contains("_simulator/ledger"))
        }
    }

    @Test func `a refresh gives a new token, and the storm of expiry is healed by a login`() async throws {
        try await withSimulator { simulator in
            let old = try await simulator.logIn()
            let refreshed = try await simulator.call("PATCH", "/api/auth/refresh", token: old)
            let new = try #require(refreshed.json?["data"]?["token"]?.text)
            #expect(new != old)
            #expect(try await simulator.control("POST", "tokens/expire")["expired"] == 2)
            #expect(try await simulator.call("GET", "/api/auth/user", token: new).status == 401)
            #expect(try await simulator.call("PATCH", "/api/auth/refresh", token: new).status == 401)
            let third = try await simulator.logIn()
            #expect(try await simulator.call("GET", "/api/auth/user", token: third).status == 200)
        }
    }

    @Test func `a token made to order has the claims that were asked for, and is accepted`() async throws {
        try await withSimulator { simulator in
            let made = try await simulator.control(
                "POST",
                "tokens",
                #"{"expires_in":"1h","email":"test@example.test"}"#
            )
            #expect(made["expires_at"]?.text?.hasSuffix("Z") == true)
            let token = try #require(made["token"]?.text)
            let claims = try #require(decoded(token.split(separator: ".")[1]))
            #expect((claims["exp"]?.integer ?? 0) - (claims["iat"]?.integer ?? 0) == 2_592_000)
            #expect(claims["role"] == "test")
            #expect(try await simulator.call("GET", "/api/auth/user", token: token).status == 200)
            let dead = try await simulator.control("POST", "tokens", #"{"expires_in":-5}"#)
            let answer = try await simulator.call("GET", "/api/auth/user", token: dead["token"]?.text)
            #expect(answer.status == 401)
            #expect(answer.json?["message"] == "Expired")
        }
    }

    @Test func `tokens live as long as the simulator was told`() async throws {
        try await withSimulator(SimulatorConfiguration(port: 0, tokenLifetime: .seconds(90))) { simulator in
            let claims = try #require(decoded(try await simulator.logIn().split(separator: ".")[1]))
            #expect((claims["exp"]?.integer ?? 0) - (claims["iat"]?.integer ?? 0) == 90)
        }
    }

    // MARK: Faults on the wire

    /// As long as it takes to believe that nothing will come.
    private static let shortPatience = TimeAmount.milliseconds(300)

    private func faulty(
        _ outcome: String,
        patience: TimeAmount = .seconds(30),
        _ body: @escaping @Sendable (RunningSimulator, RawExchange.Ending, JSON) async throws -> Void
    ) async throws {
        try await withSimulator { simulator in
            let token = try await simulator.logIn()
            _ = try await simulator.control(
                "POST",
                "faults",
                #"{"route":"message/sms/send","outcome":\#(outcome),"times":1}"#
            )
            let fields = "mobile_phone=998901234567&message=Salom"
            let request = """
                POST /api/message/sms/send HTTP/1.1\r\nHost: \(simulator.authority)\r\nAuthorization: Bearer \(token)\r\n\
                Content-Type: application/x-www-form-urlencoded\r\nContent-Length: \(fields.utf8.count)\r\n\r\n\(fields)
                """
            let ending = try await RawExchange.run(
                request,
                host: simulator.host,
                port: simulator.port,
                patience: patience
            )
            try await body(simulator, ending, try await simulator.control("GET", "ledger"))
        }
    }

    @Test(arguments: [("reset_before", 0), ("reset_after", 1)])
    func `a reset is a TCP reset, before or after the message was taken`(outcome: String, accepted: Int) async throws {
        try await faulty("\"\(outcome)\"") { simulator, ending, ledger in
            #expect(ending == .reset)
            #expect(ledger["sends_accepted"]?.integer == accepted)
            #expect(ledger["calls"]?.elements.last?["status"] == .null)
            #expect(ledger["calls"]?.elements.last?["fault"]?.text == outcome)
        }
    }

    @Test(arguments: [("silence", 0), ("silence_after", 1)])
    func `silence lasts until the client goes, before or after the message was taken`(
        outcome: String,
        accepted: Int
    ) async throws {
        try await faulty("\"\(outcome)\"", patience: Self.shortPatience) { simulator, ending, ledger in
            #expect(ending == .silence)
            #expect(ledger["sends_accepted"]?.integer == accepted)
        }
    }

    @Test(arguments: ["silence", "silence_after"])
    func `a client that goes in the middle of its request leaves the simulator unharmed`(outcome: String) async throws {
        try await withSimulator { simulator in
            _ = try await simulator.control("POST", "faults", #"{"route":"auth/login","outcome":"\#(outcome)"}"#)
            let half =
                "POST /api/auth/login HTTP/1.1\r\nHost: \(simulator.authority)\r\nContent-Length: 100\r\n\r\nemail=demo"
            let ending = try await RawExchange.run(
                half,
                host: simulator.host,
                port: simulator.port,
                patience: Self.shortPatience
            )
            #expect(ending == .silence)
            #expect(try await simulator.control("GET", "ledger")["logins"] == 0)
        }
    }

    @Test func `a truncated answer announces more than it gives`() async throws {
        try await faulty("\"truncated\"") { simulator, ending, ledger in
            guard case .closed(let bytes) = ending else { return #expect(Bool(false), "\(ending)") }
            let text = String(decoding: bytes, as: UTF8.self)
            let announced = text.split(separator: "\r\n").first { $0.hasPrefix("Content-Length: ") }.flatMap {
                Int($0.dropFirst(16))
            }
            let body = try #require(text.firstRange(of: "\r\n\r\n")).upperBound
            #expect(text[body...].utf8.count < announced ?? 0)
            #expect(text[body...].hasPrefix("{\"id\":\""))
            #expect(ledger["sends_accepted"] == 1)
        }
    }

    @Test func `garbage has a good status and is no JSON`() async throws {
        try await withSimulator { simulator in
            let token = try await simulator.logIn()
            _ = try await simulator.control("POST", "faults", #"{"route":"nick/*","outcome":"garbage"}"#)
            let answer = try await simulator.call("GET", "/api/nick/me", token: token)
            #expect(answer.status == 200)
            #expect(answer.json == nil)
        }
    }

    @Test func `a scripted status, body, header and delay are given as asked, the set number of times`() async throws {
        try await withSimulator { simulator in
            let token = try await simulator.logIn()
            let outcome = #"{"status":502,"body":"<html>x</html>","headers":{"Retry-After":"3"},"delay":"20ms"}"#
            _ = try await simulator.control(
                "POST",
                "faults",
                #"{"route":"*","outcome":\#(outcome),"times":2,"after":1}"#
            )
            let begin = ContinuousClock.now
            var statuses: [Int] = []
            for _ in 0..<4 { statuses.append(try await simulator.call("GET", "/api/nick/me", token: token).status) }
            #expect(statuses == [200, 502, 502, 200])
            #expect(ContinuousClock.now - begin >= .milliseconds(40))
            #expect(try await simulator.control("GET", "faults") == [])
        }
    }

    @Test func `faults are listed and cleared`() async throws {
        try await withSimulator { simulator in
            let added = try await simulator.control("POST", "faults", #"{"route":"/api/auth/*","outcome":401}"#)
            #expect(added["route"] == "auth/*")
            #expect(try await simulator.control("GET", "faults").elements.count == 1)
            #expect(try await simulator.call("POST", "/api/auth/login", body: "{}").status == 401)
            #expect(try await simulator.control("DELETE", "faults") == [])
            let bad = try await simulator.call(
                "POST",
                "/_simulator/faults",
                body: #"{"route":"x","outcome":"explode"}"#
            )
            #expect(bad.status == 400)
            #expect(bad.header("Content-Type") == "application/problem+json")
        }
    }

    @Test func `a storm of 401 kills every token once`() async throws {
        try await withSimulator { simulator in
            let token = try await simulator.logIn()
            _ = try await simulator.control("POST", "faults", #"{"route":"*","outcome":"401_storm","after":1}"#)
            #expect(try await simulator.call("GET", "/api/nick/me", token: token).status == 200)
            #expect(try await simulator.call("GET", "/api/nick/me", token: token).status == 401)
            let healed = try await simulator.logIn()
            #expect(try await simulator.call("GET", "/api/nick/me", token: healed).status == 200)
        }
    }

    // MARK: Waiting for a message

    @Test func `the next message is waited for, then handed out once`() async throws {
        try await withSimulator { simulator in
            let token = try await simulator.logIn()
            async let waiting = simulator.call("GET", "/_simulator/messages/next?to=%2B998901234567&wait=20s")
            // The waiter may or may not be there when the message comes: both must work.
            try await simulator.send("Kodingiz: 123456", token: token)
            let next = try await waiting
            #expect(next.status == 200)
            #expect(next.json?["code"] == "123456")
            let none = try await simulator.call("GET", "/_simulator/messages/next?to=998901234567&wait=10ms")
            #expect(none.status == 404)
            let id = try #require(next.json?["id"]?.text)
            try await simulator.send("Kodingiz: 654321", token: token)
            let after = try await simulator.call(
                "GET",
                "/_simulator/messages/next?to=998901234567&after=\(id)&wait=20s"
            )
            #expect(after.json?["code"] == "654321")
        }
    }

    @Test(arguments: ["%2B998901234567", "+998%2090%20123-45-67", "998901234567", "901234567"])
    func `one number has many spellings`(spelling: String) async throws {
        try await withSimulator { simulator in
            let token = try await simulator.logIn()
            try await simulator.send("Salom", token: token)
            let inbox = try await simulator.call("GET", "/_simulator/messages?to=\(spelling)")
            #expect(inbox.json?.elements.count == 1)
            // The plus sign of the offset is not escaped here either.
            let time = "2020-01-01T05:00:00+05:00"
            let next = try await simulator.call("GET", "/_simulator/messages/next?to=\(spelling)&after=\(time)")
            #expect(next.json?["text"] == "Salom")
        }
    }

    @Test func `many waiters for different numbers each get their own`() async throws {
        try await withSimulator { simulator in
            let token = try await simulator.logIn()
            try await withThrowingTaskGroup(of: Bool.self) { group in
                for number in 10..<30 {
                    group.addTask {
                        let path = "/_simulator/messages/next?to=9989000000\(number)&wait=20s"
                        return try await simulator.call("GET", path).json?["text"]?.text == "Matn \(number)"
                    }
                    group.addTask {
                        try await simulator.send("Matn \(number)", to: "9989000000\(number)", token: token)
                        return true
                    }
                }
                for try await isRight in group { #expect(isRight) }
            }
        }
    }

    @Test(arguments: ["wait=soon", "wait=-1s", "after=nonsense"])
    func `a question that makes no sense is 400`(query: String) async throws {
        try await withSimulator { simulator in
            let answer = try await simulator.call("GET", "/_simulator/messages/next?\(query)")
            #expect(answer.status == 400)
        }
    }

    // MARK: The control API

    @Test func `the inbox is a list, newest first, narrowed by number and length`() async throws {
        try await withSimulator { simulator in
            let token = try await simulator.logIn()
            for number in 1...3 { try await simulator.send("Matn \(number)", token: token) }
            try await simulator.send("Boshqa", to: "998900000001", token: token)
            let all = try await simulator.control("GET", "messages")
            #expect(all.elements.map { $0["text"]?.text } == ["Boshqa", "Matn 3", "Matn 2", "Matn 1"])
            let two = try await simulator.control("GET", "messages?to=%2B998901234567&limit=2")
            #expect(two.elements.map { $0["text"]?.text } == ["Matn 3", "Matn 2"])
        }
    }

    @Test func `behaviour is shown, changed in part, refused and put back`() async throws {
        try await withSimulator { simulator in
            let standard = try await simulator.control("GET", "behaviour")
            let changed = try await simulator.control("PUT", "behaviour", #"{"modes":["M2"],"user_texts":"templates"}"#)
            #expect(changed["old_token"] == "revoked")
            #expect(changed["user_texts"] == "templates")
            let bad = try await simulator.call("PUT", "/_simulator/behaviour", body: #"{"colour":"red"}"#)
            #expect(bad.status == 400)
            #expect(bad.json?["detail"]?.text?.contains("unauthorized_body") == true)
            #expect(try await simulator.call("PUT", "/_simulator/behaviour", body: "{").status == 400)
            #expect(try await simulator.control("DELETE", "behaviour") == standard)
        }
    }

    @Test func `templates are moderated by hand`() async throws {
        try await withSimulator { simulator in
            let token = try await simulator.logIn()
            _ = try await simulator.call("POST", "/api/user/template", body: #"{"template":"Kod: 1"}"#, token: token)
            #expect(try await simulator.control("GET", "templates").elements.first?["status"] == "moderation")
            let settled = try await simulator.control(
                "POST",
                "templates/1",
                #"{"status":"service","template":"Kod: %w"}"#
            )
            #expect(settled["template"] == "Kod: %w")
            #expect(
                try await simulator.call("POST", "/_simulator/templates/9", body: #"{"status":"service"}"#).status
                    == 404
            )
            #expect(
                try await simulator.call("POST", "/_simulator/templates/1", body: #"{"status":"good"}"#).status == 400
            )
        }
    }

    @Test func `the clock goes forward, and the Date header with it`() async throws {
        try await withSimulator { simulator in
            let token = try await simulator.logIn()
            let before = try await simulator.call("GET", "/api/nick/me", token: token)
            #expect(before.status == 200)
            let clock = try await simulator.control("POST", "clock", #"{"advance":"400d"}"#)
            #expect(clock["advanced"] == 34_560_000)
            let after = try await simulator.call("GET", "/api/nick/me", token: token)
            #expect(after.status == 401)
            #expect(before.header("Date")?.dropFirst(8) != after.header("Date")?.dropFirst(8))
            #expect(try await simulator.call("POST", "/_simulator/clock", body: #"{"advance":"-1s"}"#).status == 400)
            _ = try await simulator.control("POST", "clock", #"{"advance":"10000d"}"#)
            _ = try await simulator.control("POST", "clock", #"{"advance":"10000d"}"#)
            _ = try await simulator.control("POST", "clock", #"{"advance":"10000d"}"#)
            #expect(try await simulator.call("POST", "/_simulator/clock", body: #"{"advance":"10000d"}"#).status == 400)
        }
    }

    @Test func `a reset makes everything new`() async throws {
        try await withSimulator { simulator in
            let token = try await simulator.logIn()
            try await simulator.send("Salom", token: token)
            _ = try await simulator.control("PUT", "behaviour", #"{"delivery":"never"}"#)
            _ = try await simulator.control("POST", "faults", #"{"route":"x","outcome":500}"#)
            _ = try await simulator.control("POST", "clock", #"{"advance":"1d"}"#)
            _ = try await simulator.control("POST", "reset")
            #expect(try await simulator.control("GET", "messages") == [])
            #expect(try await simulator.control("GET", "faults") == [])
            #expect(try await simulator.control("GET", "behaviour")["delivery"] == "delivered")
            #expect(try await simulator.control("GET", "clock")["advanced"] == 0)
            #expect(try await simulator.control("GET", "ledger")["calls"] == [])
            #expect(try await simulator.call("GET", "/api/nick/me", token: token).status == 401)
        }
    }

    @Test func `pages of other sites and other names of this machine are refused`() async throws {
        try await withSimulator { simulator in
            let refused = [
                ("Origin", "http://example.test"), ("Origin", "null"), ("Sec-Fetch-Site", "cross-site"),
                ("Host", "rebound.example.test"), ("Host", "127.0.0.1.example.test"),
            ]
            for (name, value) in refused {
                let answer = try await simulator.call("POST", "/_simulator/reset", headers: [(name, value)])
                #expect(answer.status == 403, "\(name): \(value)")
            }
            for (name, value) in [("Origin", "http://localhost:3000"), ("Host", "localhost:1"), ("Host", "[::1]:1")] {
                let answer = try await simulator.call("GET", "/_simulator/clock", headers: [(name, value)])
                #expect(answer.status == 200, "\(name): \(value)")
            }
            #expect(try await simulator.call("GET", "/_simulator/nowhere").status == 404)
        }
    }

    @Test(arguments: [
        ("127.0.0.1", true), ("127.1.2.3", true), ("::1", true), ("::ffff:127.0.0.1", true), ("10.0.0.1", false),
        ("::ffff:10.0.0.1", false), ("2001:db8::1", false),
    ])
    func `the control API answers loopback peers only`(address: String, isAllowed: Bool) throws {
        let peer = try SocketAddress(ipAddress: address, port: 1)
        #expect(ControlGuard.isLoopback(peer) == isAllowed)
        let refusal = ControlGuard.refusal(peer: peer, host: "127.0.0.1", origin: nil, fetchSite: nil)
        #expect((refusal == nil) == isAllowed)
        #expect(ControlGuard.refusal(peer: nil, host: "127.0.0.1", origin: nil, fetchSite: nil) != nil)
    }

    @Test func `bytes that are no text are refused in the provider's shape`() async throws {
        try await withSimulator { simulator in
            let token = try await simulator.logIn()
            func send(_ contentType: String) async throws -> RunningSimulator.Answer {
                try await simulator.call(
                    "POST",
                    "/api/message/sms/send",
                    body: "mobile_phone=998901234567&message=%CA%EE%E4&from=4546",
                    contentType: contentType,
                    token: token
                )
            }
            let refused = try await send("application/x-www-form-urlencoded")
            #expect(refused.status == 400 && refused.json?["status"] == "error")
            #expect(refused.json?["message"]?.text?.contains("charset") == true)
            #expect(try await send("application/x-www-form-urlencoded; charset=windows-1251").status == 200)
            let inbox = try await simulator.call("GET", "/_simulator/messages")
            #expect(inbox.text.contains("Код"))
        }
    }

    @Test func `tokens may say nothing of themselves`() async throws {
        try await withSimulator { simulator in
            let answer = try await simulator.call("PUT", "/_simulator/behaviour", body: #"{"token_format":"opaque"}"#)
            #expect(answer.status == 200)
            let token = try await simulator.logIn()
            #expect(token.contains("|") && !token.contains("."))
            #expect(try await simulator.call("GET", "/api/nick/me", token: token).status == 200)
            #expect(try await simulator.call("POST", "/_simulator/tokens/expire").status == 200)
            #expect(try await simulator.call("GET", "/api/nick/me", token: token).status == 401)
        }
    }

    @Test func `whoever shows the control token may come from anywhere`() throws {
        let peer = try SocketAddress(ipAddress: "172.18.0.3", port: 1)
        func refusal(_ authorization: String?, token: String? = "dev-token") -> Problem? {
            ControlGuard.refusal(
                peer: peer,
                host: "eskiz:9080",
                origin: nil,
                fetchSite: nil,
                authorization: authorization,
                controlToken: token
            )
        }
        #expect(refusal("Bearer dev-token") == nil)
        #expect(refusal("bearer dev-token") == nil)
        for wrong in [nil, "", "Bearer", "Bearer dev-toke", "Bearer dev-tokens", "Basic dev-token", "dev-token"] {
            #expect(refusal(wrong)?.status == 403, "\(wrong ?? "nothing")")
        }
        #expect(refusal("Bearer dev-token", token: nil)?.status == 403)
    }

    // MARK: Life

    @Test func `cancellation stops the simulator, with silent clients on the line`() async throws {
        let (addresses, continuation) = AsyncStream.makeStream(of: Int.self)
        let running = Task {
            try await Simulator(configuration: .init(port: 0), logger: .init(label: "test")).run { address in
                continuation.yield(address.port ?? 0)
            }
        }
        let port = try #require(await addresses.first { _ in true })
        let simulator = RunningSimulator(baseURL: "http://127.0.0.1:\(port)", client: .shared)
        _ = try await simulator.control("POST", "faults", #"{"route":"*","outcome":"silence"}"#)
        let ending = try await RawExchange.run(
            "GET /api/nick/me HTTP/1.1\r\nHost: \(simulator.authority)\r\n\r\n",
            host: simulator.host,
            port: simulator.port,
            patience: Self.shortPatience,
            whenSilent: { running.cancel() }
        )
        #expect(ending != .silence)
        try await running.value
    }

    @Test func `a graceful shutdown of the services it runs among stops it`() async throws {
        struct Running: Service {
            let onListening: @Sendable () -> Void

            func run() async throws {
                let simulator = Simulator(configuration: .init(port: 0), logger: Logger(label: "test"))
                try await simulator.run { _ in onListening() }
            }
        }
        let (starts, continuation) = AsyncStream.makeStream(of: Void.self)
        let services = ServiceGroup(
            services: [Running { continuation.yield() }],
            logger: Logger(label: "test")
        )
        let running = Task { try await services.run() }
        _ = await starts.first { true }
        await services.triggerGracefulShutdown()
        try await running.value
    }

    @Test func `a taken port is an error, not a hang`() async throws {
        try await withSimulator { simulator in
            let second = Simulator(configuration: .init(port: simulator.port), logger: .init(label: "test"))
            await #expect(throws: (any Error).self) { try await second.run() }
        }
    }

    @Test func `many requests at once are all answered and all counted`() async throws {
        try await withSimulator { simulator in
            let token = try await simulator.logIn()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        for number in 0..<25 { try await simulator.send("Xabar \(number)", token: token) }
                    }
                }
                try await group.waitForAll()
            }
            let ledger = try await simulator.control("GET", "ledger")
            #expect(ledger["sends_accepted"] == 500)
            let inbox = try await simulator.control("GET", "messages?limit=1000")
            #expect(Set(inbox.elements.compactMap { $0["id"]?.text }).count == 500)
        }
    }
}

private func decoded(_ part: some StringProtocol) -> JSON? {
    var text = String(part.map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 })
    while text.count % 4 != 0 { text += "=" }
    return Base64.decode(text).flatMap { JSON(parsing: $0) }
}
