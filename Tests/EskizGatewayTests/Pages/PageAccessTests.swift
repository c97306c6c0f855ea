import Eskiz
import EskizPages
import EskizQueue
import EskizQueueTesting
import EskizTesting
import HTTPTypes
import Testing

@testable import EskizGateway

/// Who gets in, and what they may do.
@Suite(.timeLimit(.minutes(1)))
struct PageAccessTests {
    @Test func `without a key there is a form, and nothing of the gateway`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let page = try await caller.page("/", cookie: nil)
            #expect(page.status == 200)
            #expect(page.header("Content-Type") == "text/html; charset=utf-8")
            #expect(page.text.contains(#"<form method="post" action="/sign-in">"#))
            #expect(!page.text.contains(#"id="health""#) && !page.text.contains("data-events"))
        }
    }

    @Test(arguments: [GatewayHarness.adminKey, GatewayHarness.readKey])
    func `a key that may read gets in, by a cookie that says nothing of it`(key: String) async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let answer = try await caller.form("/sign-in", "key=\(key)")
            #expect(answer.status == 303)
            #expect(answer.header("Location") == "/")
            let cookie = try #require(answer.header("Set-Cookie"))
            #expect(cookie.contains("; HttpOnly") && cookie.contains("; SameSite=Strict"))
            #expect(cookie.contains("; Max-Age=43200") && !cookie.contains("Secure"))
            #expect(!cookie.contains("canary"))
            let page = try await caller.page("/", cookie: String(cookie.prefix { $0 != ";" }))
            #expect(page.text.contains(#"id="health""#))
            #expect(!page.text.contains("canary-") && !harness.log.text.contains("canary-"))
        }
    }

    @Test func `behind TLS the cookie stays behind TLS`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let key = GatewayHarness.adminKey
            let answer = try await caller.form("/sign-in", "key=\(key)", headers: ["X-Forwarded-Proto": "https"])
            #expect(answer.header("Set-Cookie")?.hasSuffix("; Secure") == true)
        }
    }

    @Test func `a wrong key is refused, said and counted, and the right one has to wait then`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            for _ in 0..<SignInLimit.burst {
                let answer = try await caller.form("/sign-in", "key=esk_canary-nobody")
                #expect(answer.status == 403)
                #expect(answer.text.contains("This key is not accepted."))
                #expect(answer.header("Set-Cookie") == nil)
            }
            let answer = try await caller.form("/sign-in", "key=\(GatewayHarness.adminKey)")
            #expect(answer.status == 429)
            #expect(answer.header("Retry-After") == "11")
            harness.clock.advance(by: .seconds(11))
            _ = try await caller.signIn()
            #expect(harness.log.text.contains("warning A sign-in to the operator's page was refused"))
            #expect(!harness.log.text.contains("canary-"))
        }
    }

    @Test func `a key that only sends does not look`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let answer = try await caller.form("/sign-in", "key=\(GatewayHarness.sendKey)")
            #expect(answer.status == 403)
            #expect(answer.text.contains("may send, but not look"))
        }
    }

    @Test func `whoever was sent to the form comes back to where they wanted to go`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let form = try await caller.page("/?next=/messages%3Fstatus%3Dfailed", cookie: nil)
            #expect(
                form.text.contains(#"name="next" value="/messages?status=failed""#)
                    || form.text.contains(#"value="/messages?status=failed""#)
            )
            let fields = "key=\(GatewayHarness.adminKey)&next="
            let answer = try await caller.form("/sign-in", fields + "/messages%3Fstatus%3Dfailed")
            #expect(answer.header("Location") == "/messages?status=failed")
            for away in ["https://evil.example.test", "//evil.example.test", "/%5Cevil.example.test"] {
                #expect(try await caller.form("/sign-in", fields + away).header("Location") == "/")
            }
        }
    }

    @Test func `a revoked key is out at once, and so is a session whose time is over`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let reader = try await caller.signIn(GatewayHarness.readKey)
            let admin = try await caller.signIn()
            let id = APIKeys.id(of: APIKeys.digest(of: GatewayHarness.readKey))
            #expect(try await harness.store.revokeAPIKey(id, at: harness.clock.timestamp))
            // The keys are read again every other second.
            harness.clock.advance(by: .seconds(2))
            #expect(!(try await caller.page("/", cookie: reader).text.contains(#"id="health""#)))
            #expect(try await caller.page("/", cookie: admin).text.contains(#"id="health""#))
            harness.clock.advance(by: Sessions.lifetime)
            #expect(!(try await caller.page("/", cookie: admin).text.contains(#"id="health""#)))
            #expect(try await caller.page("/live", cookie: admin).status == 401)
        }
    }

    @Test func `signing out ends the session, not only the cookie`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let cookie = try await caller.signIn()
            let token = try await caller.formToken(cookie: cookie)
            let answer = try await caller.form("/sign-out", "csrf=\(token)", cookie: cookie)
            #expect(answer.status == 303)
            #expect(answer.header("Set-Cookie")?.contains("Max-Age=0") == true)
            #expect(!(try await caller.page("/", cookie: cookie).text.contains(#"id="health""#)))
        }
    }

    // MARK: Acting

    @Test func `an action needs the form of this session, from this page`() async throws {
        let harness = try await GatewayHarness()
        harness.transport.on("PATCH", "auth/refresh", .token(JSONWebToken.text(expiresAt: 1_802_000_000)))
        try await harness.run { caller in
            let (cookie, other) = (try await caller.signIn(), try await caller.signIn())
            let token = try await caller.formToken(cookie: cookie)
            let foreign = try await caller.formToken(cookie: other)
            for fields in ["", "csrf=", "csrf=abc", "csrf=\(foreign)"] {
                #expect(try await caller.form("/token/renew", fields, cookie: cookie).status == 403, "\(fields)")
            }
            for headers in [["Sec-Fetch-Site": "cross-site"], ["Sec-Fetch-Site": "same-site"]] {
                let answer = try await caller.form("/token/renew", "csrf=\(token)", cookie: cookie, headers: headers)
                #expect(answer.status == 403)
                #expect(answer.text.contains("was not sent from this page"))
            }
            let json = try await caller.call(
                .post,
                "/token/renew",
                #"{"csrf":"\#(token)"}"#,
                key: nil,
                headers: ["Cookie": cookie, "Sec-Fetch-Site": "same-origin"]
            )
            #expect(json.status == 415)
            #expect(
                try await caller.form("/token/renew", "csrf=\(token)").status == 303,
                "without a session: to the form"
            )
            #expect(harness.transport.requests("auth/refresh").isEmpty, "nothing was done")
            let done = try await caller.form("/token/renew", "csrf=\(token)&back=/?range%3Dday", cookie: cookie)
            #expect(done.status == 303)
            #expect(done.header("Location") == "/?range=day")
            let lines = try await harness.store.auditLines(AuditSearch())
            #expect(lines.map(\.action) == [RenewRoute.action])
            #expect(lines.first?.keyName == "settings")
        }
    }

    @Test func `what was done is said once`() async throws {
        let harness = try await GatewayHarness()
        harness.transport.on("PATCH", "auth/refresh", .token(JSONWebToken.text(expiresAt: 1_802_000_000)))
        try await harness.run { caller in
            let cookie = try await caller.signIn()
            let token = try await caller.formToken(cookie: cookie)
            let done = try await caller.form("/token/renew", "csrf=\(token)", cookie: cookie)
            let notice = try #require(done.header("Set-Cookie")).prefix { $0 != ";" }
            // The page with the form hears that something has changed, and asks for itself again.
            let refreshed = try await caller.page(
                "/",
                cookie: "\(cookie); \(notice)",
                headers: ["Eskiz-Page-Refresh": "1"]
            )
            #expect(refreshed.status == 200 && !refreshed.text.contains("The token was renewed."))
            #expect(refreshed.header("Set-Cookie")?.contains(Notice.cookie) != true)
            let page = try await caller.page("/", cookie: "\(cookie); \(notice)")
            #expect(page.text.contains("The token was renewed."))
            #expect(page.text.contains("somebody asked for it"), "and why")
            #expect(page.text.contains(">in "), "and when it will be again")
            #expect(page.header("Set-Cookie")?.contains("\(Notice.cookie)=; Path=/; Max-Age=0") == true)
        }
    }

    @Test func `when Eskiz gives no token the page says so, and why is in the log`() async throws {
        let harness = try await GatewayHarness()
        harness.transport.on("PATCH", "auth/refresh", .respond(500, "oops"))
        try await harness.run { caller in
            let cookie = try await caller.signIn()
            let token = try await caller.formToken(cookie: cookie)
            let done = try await caller.form("/token/renew", "csrf=\(token)", cookie: cookie)
            #expect(done.header("Set-Cookie")?.hasPrefix("\(Notice.cookie)=bad.renewNotDone.code=") == true)
            #expect(try await caller.page("/", cookie: cookie).text.contains("Renewal failed at 2027-01-15"))
        }
    }

    @Test func `a key that only reads sees no button, and has none`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let cookie = try await caller.signIn(GatewayHarness.readKey)
            let page = try await caller.page("/", cookie: cookie)
            #expect(!page.text.contains("/token/renew"))
            let token = try await caller.formToken(cookie: cookie)
            let answer = try await caller.form("/token/renew", "csrf=\(token)", cookie: cookie)
            #expect(answer.status == 403)
            #expect(answer.text.contains("Your key may only read."))
            #expect(harness.transport.requests("auth/refresh").isEmpty)
        }
    }

    @Test(arguments: [
        "good.renewed.", "bad.nothing.", "evil.renewed.", "good.renewed", "good.<script>.x=1", "",
    ])
    func `a notice is one of ours or none`(value: String) {
        let notice = Notice(cookie: "\(Notice.cookie)=\(value)")
        #expect((notice != nil) == (value == "good.renewed."))
    }
}
