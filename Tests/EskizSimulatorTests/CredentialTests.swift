import Testing

@testable import EskizSimulator

struct CredentialTests {
    private static let month = 30 * 86_400

    @Test func `a login gives a token with the claims of generation 3`() throws {
        var bench = try ProviderBench(account: nil)
        let claims = try bench.issued(ProviderBench.demo)
        #expect(claims.sub == "101")
        #expect(claims.role == "user")
        #expect(claims.sign.count == 64)
        #expect(claims.iat == bench.now.seconds)
        #expect(claims.exp == bench.now.seconds + Self.month)
    }

    @Test func `the answer around a token has the printed members and nothing else`() {
        let answer = Provider.tokenAnswer(token: "a.b.c", message: "token_generated")
        let text = #"{"message":"token_generated","data":{"token":"a.b.c"},"token_type":"bearer"}"#
        #expect(String(decoding: answer.body, as: UTF8.self) == text)
    }

    @Test func `wrong credentials are 401 with exactly one member`() throws {
        var bench = try ProviderBench(account: nil)
        let answer = try bench.call("POST", "auth/login", ProviderBench.wrong)
        #expect(answer.status == 401)
        #expect(answer.body == ["message": "Неверный Email или пароль"])
        try bench.set(["bad_credentials": "invalid_credentials"])
        #expect(try bench.call("POST", "auth/login", ProviderBench.wrong).body == ["message": "invalid_credentials"])
        #expect(bench.provider.ledger.refused == 2)
        #expect(bench.provider.ledger.logins == 0)
    }

    @Test(arguments: [
        ("bad_credentials", 401, #"{"message":"Неверный Email или пароль"}"#),
        ("gen1", 422, #"{"message":{"password":["The password field is required."]}}"#),
    ])
    func `a login without a key answers by the switch`(value: String, status: Int, body: String) throws {
        var bench = try ProviderBench(["login_missing_field": .string(value)], account: nil)
        let answer = try bench.call("POST", "auth/login", ["email": "demo@example.test"])
        #expect(answer.status == status)
        #expect(answer.body == JSON(parsing: body))
    }

    @Test func `a login without a key may answer the envelope`() throws {
        var bench = try ProviderBench(["login_missing_field": "gen3"], account: nil)
        let answer = try bench.call("POST", "auth/login", ["email": "demo@example.test"])
        #expect(answer.status == 400)
        #expect(answer.body.names == ["id", "message", "status"])
    }

    // MARK: 401

    @Test(arguments: [
        ("gen3", ["id", "message", "status"], "Expired"),
        ("gen2", ["status", "message"], "Expired token"),
        ("gen2_underscore", ["status", "message"], "Expired token"),
        ("gen1", ["message", "status_code"], "Token has expired"),
    ])
    func `an expired token is answered in the words of a generation`(
        value: String,
        names: [String],
        message: String
    ) throws {
        var bench = try ProviderBench(["unauthorized_body": .string(value)])
        bench.pass(.seconds(Self.month))
        let answer = try bench.call("GET", "auth/user")
        #expect(answer.status == 401)
        #expect(answer.body.names == names)
        #expect(answer.body["message"]?.text == message)
    }

    @Test func `the two spellings of generation 2 differ in one character`() throws {
        var bench = try ProviderBench(["unauthorized_body": "gen2"])
        #expect(try bench.call("GET", "auth/user", as: .missing).body["status"] == "token-invalid")
        try bench.set(["unauthorized_body": "gen2_underscore"])
        #expect(try bench.call("GET", "auth/user", as: .missing).body["status"] == "token_invalid")
    }

    @Test func `a missing header and a foreign token have statuses of their own`() throws {
        var bench = try ProviderBench(["missing_header_status": 403, "garbage_token_status": 500])
        #expect(try bench.call("GET", "auth/user", as: .missing).status == 403)
        #expect(try bench.call("GET", "auth/user", as: .foreign).status == 500)
        try bench.set(["missing_header_status": 401, "garbage_token_status": 401])
        #expect(try bench.call("GET", "auth/user", as: .missing).status == 401)
        #expect(try bench.call("GET", "auth/user", as: .foreign).status == 401)
    }

    @Test func `a token dies at the second of its exp, not before`() throws {
        var bench = try ProviderBench(lifetime: .seconds(60))
        bench.pass(.seconds(59))
        #expect(try bench.works(bench.bearer))
        bench.pass(.seconds(1))
        #expect(try !bench.works(bench.bearer))
    }

    @Test func `expiring every token spares those issued later`() throws {
        var bench = try ProviderBench()
        let old = bench.bearer
        #expect(bench.provider.tokens.expireAll() == 1)
        #expect(try !bench.works(old))
        let new = try bench.logIn()
        #expect(try bench.works(new))
        #expect(bench.provider.tokens.expireAll() == 1)
    }

    @Test func `a reset makes tokens of before foreign`() throws {
        var bench = try ProviderBench()
        let old = bench.bearer
        bench.provider.reset(at: bench.now)
        #expect(try !bench.works(old))
        #expect(bench.provider.ledger.calls.count == 1)
        #expect(bench.provider.ledger.tokensIssued == 0)
    }

    @Test func `invalidate kills the token it came with`() throws {
        var bench = try ProviderBench()
        let answer = try bench.call("DELETE", "auth/invalidate")
        #expect(answer.body == ["message": "token_invalidated"])
        #expect(try !bench.works(bench.bearer))
    }

    // MARK: M1–M7

    @Test func `M1 the old token lives on after a refresh`() throws {
        var bench = try ProviderBench()
        let old = bench.bearer
        let new = try bench.refreshed()
        #expect(new != old)
        #expect(try bench.works(old))
        #expect(try bench.works(new))
        #expect(bench.provider.ledger.refreshes == 1)
    }

    @Test func `M2 the old token dies at the refresh`() throws {
        var bench = try ProviderBench(["modes": ["M2"]])
        let old = bench.bearer
        let new = try bench.refreshed()
        #expect(try !bench.works(old))
        #expect(try bench.works(new))
        #expect(try bench.refresh(as: old) == nil)
    }

    @Test func `M3 the old token dies after its grace`() throws {
        var bench = try ProviderBench(["modes": ["M3:10s"]])
        let old = bench.bearer
        _ = try bench.refreshed()
        bench.pass(.seconds(9))
        #expect(try bench.works(old))
        bench.pass(.seconds(1))
        #expect(try !bench.works(old))
    }

    @Test func `M4 a login kills the account's other tokens and nobody else's`() throws {
        var bench = try ProviderBench(["modes": ["M4"]])
        let first = bench.bearer
        let other = try bench.logIn(ProviderBench.test)
        let second = try bench.logIn()
        #expect(try !bench.works(first))
        #expect(try bench.works(other))
        #expect(try bench.works(second))
    }

    @Test func `without M4 parallel tokens coexist`() throws {
        var bench = try ProviderBench()
        let first = bench.bearer
        let second = try bench.logIn()
        #expect(try bench.works(first))
        #expect(try bench.works(second))
    }

    @Test func `M5 refresh ends before the token does, counted from the first login`() throws {
        var bench = try ProviderBench(["modes": ["M5:10d"]])
        bench.pass(.seconds(9 * 86_400))
        let second = try bench.refreshed()
        bench.pass(.seconds(2 * 86_400))
        #expect(try bench.works(second))
        #expect(try bench.refresh(as: second) == nil)
        #expect(bench.provider.ledger.refused == 1)
    }

    @Test func `M6 an expired token is refused, or refreshed where the switch allows it`() throws {
        var bench = try ProviderBench()
        bench.pass(.seconds(Self.month))
        #expect(try bench.refresh() == nil)
        #expect(bench.provider.ledger.refused == 1)
        try bench.set(["modes": ["M6"]])
        let new = try bench.refreshed()
        #expect(try bench.works(new))
    }

    @Test func `M6 covers tokens that the control API declared dead`() throws {
        var bench = try ProviderBench(["refresh_expired": "allow"])
        _ = bench.provider.tokens.expireAll()
        let new = try bench.refreshed()
        #expect(try bench.works(new))
    }

    @Test func `M7 a refresh answers the same token`() throws {
        var bench = try ProviderBench(["modes": ["M7"]])
        let first = try bench.issued(ProviderBench.demo)
        let second = try bench.refresh(as: .ours(sign: first.sign))
        #expect(second == first)
        #expect(bench.provider.ledger.tokensIssued == 2)
    }

    // MARK: M8–M13

    @Test func `M8 a lagging replica refuses a new token, every second request`() throws {
        var bench = try ProviderBench(["modes": ["M8:2s"]])
        let new = try bench.logIn()
        let answers = try (0..<4).map { _ in try bench.works(new) }
        #expect(answers == [false, true, false, true])
        bench.pass(.seconds(2))
        #expect(try (0..<4).map { _ in try bench.works(new) } == [true, true, true, true])
    }

    @Test(arguments: [(0.0, 0), (1.0, 8), (0.25, 2)])
    func `the share of lagging replicas is a switch`(share: Double, refusals: Int) throws {
        var bench = try ProviderBench(["replica_lag": 2, "replica_lag_share": .double(share)])
        let new = try bench.logIn()
        let refused = try (0..<8).filter { _ in try !bench.works(new) }
        #expect(refused.count == refusals)
    }

    @Test(arguments: [("reset", Handling.Wire.reset), ("timeout", .silence), ("truncated", .truncated)])
    func `M9 the token is issued and its answer lost, once`(value: String, wire: Handling.Wire) throws {
        var bench = try ProviderBench(["modes": [.string("M9:\(value)")]])
        let lost = bench.handle("PATCH", "auth/refresh")
        #expect(lost.wire == wire)
        #expect(bench.provider.ledger.refreshes == 1)
        #expect(bench.provider.ledger.tokensIssued == 2)
        #expect(bench.provider.ledger.calls.last?.status == (value == "truncated" ? 200 : nil))
        #expect(bench.handle("PATCH", "auth/refresh").wire == .answer)
    }

    @Test(arguments: [("401", 401), ("403", 403), ("429", 429), ("500", 500), ("502", 502), ("503", 503)])
    func `M10 login and refresh are refused with a status`(value: String, status: Int) throws {
        var bench = try ProviderBench(["modes": [.string("M10:\(value)")]])
        #expect(try bench.call("POST", "auth/login", ProviderBench.demo).status == status)
        #expect(try bench.call("PATCH", "auth/refresh").status == status)
        #expect(bench.provider.ledger.refused == 2)
        #expect(bench.provider.ledger.tokensIssued == 1)
        #expect(try bench.works(bench.bearer))
    }

    @Test func `M10 a 429 says when to come back`() throws {
        var bench = try ProviderBench(["auth_answer": "429", "auth_retry_after": "90s"])
        guard case .answer(let answer) = bench.handle("POST", "auth/login", ProviderBench.demo).reply else { return }
        #expect(answer.headers == [.init(name: "Retry-After", value: "90")])
    }

    @Test(arguments: [
        ("200_error", #"["id","message","status"]"#), ("empty_token", #"["message","data","token_type"]"#),
        ("no_token", #"["message","data","token_type"]"#),
    ])
    func `M10 a good status without a token`(value: String, names: String) throws {
        var bench = try ProviderBench(["auth_answer": .string(value)])
        let answer = try bench.call("POST", "auth/login", ProviderBench.demo)
        #expect(answer.status == 200)
        #expect(JSON(parsing: names)?.elements.compactMap(\.text) == answer.body.names)
        let token = answer.body["data"]?["token"]
        #expect(token == (value == "empty_token" ? JSON.string("") : nil))
    }

    @Test func `M10 a page instead of JSON`() throws {
        var bench = try ProviderBench(["auth_answer": "html"])
        guard case .answer(let answer) = bench.handle("PATCH", "auth/refresh").reply else { return }
        #expect(answer.status == 200)
        #expect(answer.contentType == "text/html")
    }

    @Test func `M10 a token that has expired, and one without an expiry`() throws {
        var bench = try ProviderBench(["auth_answer": "expired_token"])
        let expired = try bench.issued(ProviderBench.demo)
        let exp = try #require(expired.exp)
        #expect(exp < bench.now.seconds)
        #expect(exp - expired.iat == Self.month)
        try bench.set(["auth_answer": "no_exp"])
        let endless = try bench.refresh()
        #expect(endless != nil)
        #expect(endless?.exp == nil)
    }

    @Test func `M10 can be limited to a route and to a number of times`() throws {
        var bench = try ProviderBench(["auth_answer": "503", "auth_answer_on": "login", "auth_answer_times": 1])
        #expect(try bench.refresh() != nil)
        #expect(try bench.call("POST", "auth/login", ProviderBench.demo).status == 503)
        #expect(try bench.claims("POST", "auth/login", ProviderBench.demo) != nil)
    }

    @Test func `M11 a route takes as long as its rule says, and sometimes for ever`() throws {
        var bench = try ProviderBench(["latency": ["auth/*": ["min": "10ms", "max": "20ms", "never": 0.5]]])
        let plans = (0..<200).map { _ in bench.provider.plan(method: "POST", route: "auth/login") }
        #expect(plans.contains { $0.isMute })
        let delays = plans.filter { !$0.isMute }.map(\.delay)
        #expect(delays.allSatisfy { $0 >= .milliseconds(10) && $0 <= .milliseconds(20) })
        #expect(Set(delays).count > 10)
        #expect(bench.provider.plan(method: "POST", route: "message/sms/send").delay == .zero)
    }

    @Test func `M12 K bad logins lock the account, the right key included`() throws {
        var bench = try ProviderBench(["modes": ["M12:3"]])
        for _ in 0..<3 { _ = bench.handle("POST", "auth/login", ProviderBench.wrong) }
        #expect(try bench.call("POST", "auth/login", ProviderBench.demo).status == 403)
        #expect(try bench.claims("POST", "auth/login", ProviderBench.test) != nil)
        #expect(try bench.works(bench.bearer))
    }

    @Test func `M12 a lock may end by itself`() throws {
        var bench = try ProviderBench(["lock_after": 1, "lock_for": "10s"])
        _ = bench.handle("POST", "auth/login", ProviderBench.wrong)
        bench.pass(.seconds(9))
        #expect(try bench.call("POST", "auth/login", ProviderBench.demo).status == 403)
        bench.pass(.seconds(1))
        #expect(try bench.claims("POST", "auth/login", ProviderBench.demo) != nil)
    }

    @Test func `a good login forgets the bad ones before it`() throws {
        var bench = try ProviderBench(["lock_after": 2])
        for _ in 0..<3 {
            _ = bench.handle("POST", "auth/login", ProviderBench.wrong)
            #expect(try bench.claims("POST", "auth/login", ProviderBench.demo) != nil)
        }
    }

    @Test(arguments: [300, -300])
    func `M13 the server's clock is wrong, and its tokens with it`(offset: Int) throws {
        var bench = try ProviderBench(["modes": [.string("M13:\(offset)")]])
        let claims = try bench.issued(ProviderBench.demo)
        #expect(claims.iat == bench.now.seconds + offset)
        #expect(claims.exp == claims.iat + Self.month)
    }

    @Test func `a jump of the clock kills tokens`() throws {
        var bench = try ProviderBench()
        bench.provider.clockAdvance += .seconds(Self.month)
        #expect(try !bench.works(bench.bearer))
        #expect(try bench.issued(ProviderBench.demo).iat == bench.now.seconds + Self.month)
    }

    // MARK: Other switches

    @Test func `a refresh may call itself token_refreshed`() throws {
        var bench = try ProviderBench(["refresh_message": "token_refreshed"])
        guard case .token(_, let message) = bench.handle("PATCH", "auth/refresh").reply else { return }
        #expect(message == "token_refreshed")
    }

    @Test func `a blocked account logs in without a token, or is forbidden everything`() throws {
        var bench = try ProviderBench(["blocked_account": "login_without_token"])
        let answer = try bench.call("POST", "auth/login", ProviderBench.demo)
        #expect(answer.status == 200)
        #expect(answer.body["data"] == [:])
        #expect(bench.provider.ledger.logins == 1)
        try bench.set(["blocked_account": "403"])
        #expect(try bench.call("GET", "auth/user").status == 403)
    }

    // MARK: The control API's tokens

    @Test(arguments: [(-5, true), (60, true), (40 * 86_400, false)])
    func `a token made to order keeps the lifetime unless it would begin in the future`(
        expiresIn: Int,
        keepsLifetime: Bool
    ) throws {
        var bench = try ProviderBench()
        let made = bench.provider.issueToken(expiresIn: .seconds(expiresIn), email: nil, at: bench.now)
        let (token, claims) = try #require(made)
        let exp = try #require(claims.exp)
        #expect(exp == bench.now.seconds + expiresIn)
        #expect((exp - claims.iat == Self.month) == keepsLifetime)
        #expect(claims.iat <= bench.now.seconds)
        #expect(try bench.works(.ours(sign: token.sign)) == (expiresIn > 0))
    }

    @Test func `a token made to order is for the account asked for`() throws {
        var bench = try ProviderBench()
        let made = bench.provider.issueToken(expiresIn: nil, email: "test@example.test", at: bench.now)
        #expect(made?.1.role == "test")
        #expect(made?.1.sub == "102")
        #expect(bench.provider.issueToken(expiresIn: nil, email: "nobody@example.test", at: bench.now) == nil)
    }

    @Test func `the registry forgets the oldest tokens, not the newest`() {
        var registry = TokenRegistry(limit: 10)
        let now = WallTime(seconds: 0)
        for number in 0..<11 {
            _ = registry.issue(
                sign: "\(number)",
                accountID: 101,
                chainStartedAt: now,
                expiresAt: WallTime(seconds: 60),
                knownEverywhereAt: now
            )
        }
        #expect(registry.judge(.ours(sign: "0"), at: now, lagShare: 0) == .foreign)
        #expect(registry.judge(.ours(sign: "10"), at: now, lagShare: 0).token?.generation == 11)
    }
}
