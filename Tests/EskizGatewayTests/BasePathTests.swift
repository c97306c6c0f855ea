import EskizHTTP
import EskizQueue
import EskizTesting
import HTTPTypes
import Testing

@testable import EskizGateway

/// Below a path of a proxy's (`ESKIZ_BASE_PATH`), whether that strips it or not.
@Suite(.timeLimit(.minutes(1)))
struct BasePathTests {
    private static func harness() async throws -> GatewayHarness {
        var configuration = GatewayConfiguration(port: 0)
        configuration.basePath = try #require(BasePath(argument: "/sms"))
        return try await GatewayHarness(configuration: configuration)
    }

    /// Every address that a page names, but for places in itself.
    static func addresses(in page: String) -> [String] {
        page.matches(of: /\s(?:href|action|src|data-events)="([^"]*)"/).map { String($0.1) }
            .filter { !$0.hasPrefix("#") }.map { $0.replacing("&amp;", with: "&") }
    }

    /// Messages in several states, so that pages have something to link to.
    private static func fill(_ harness: GatewayHarness, _ caller: GatewayCaller) async throws -> String {
        let body = #"{"to":"901234567","text":"Salom","lane":"bulk"}"#
        #expect(try await caller.post("/v1/messages", body).status == 202)
        let claims = try await harness.claim()
        let unclear = MessageError(code: "timed_out", message: "no answer")
        try await harness.settle(claims, .unknown(unclear, reconcileAt: harness.clock.timestamp + .seconds(60)))
        let waiting = try await caller.post("/v1/messages", body)
        return try #require(waiting.json["id"]?.text)
    }

    @Test(arguments: ["", "/sms"])
    func `every address of every page has it, and leads to a page`(proxy: String) async throws {
        let harness = try await Self.harness()
        try await harness.run { caller in
            let id = try await Self.fill(harness, caller)
            let signIn = try await caller.page("\(proxy)/?next=/messages", cookie: nil)
            #expect(Self.addresses(in: signIn.text).contains("/sms/sign-in"))
            let cookie = try await caller.signIn()
            var known: Set<String> = []
            var next = [
                "/sms/", "/sms/messages", "/sms/messages/\(id)", "/sms/audit", "/sms/bulk?action=cancel&lane=bulk",
            ]
            while let address = next.popLast() {
                guard known.insert(address).inserted, known.count < 200 else { continue }
                let asked = proxy.isEmpty ? String(address.dropFirst(4)) : address
                let answer = try await caller.page(asked, cookie: cookie)
                #expect(answer.status == 200, "\(address)")
                guard answer.header("Content-Type")?.hasPrefix("text/html") == true else { continue }
                for link in Self.addresses(in: answer.text) {
                    #expect(link.hasPrefix("/sms/"), "\(link) on \(address)")
                    // Streams and actions: they are not looked at but done.
                    let actions = ["live", "sign-out", "token/renew", "bulk", "codes/prefix"]
                    let isLook = !actions.contains { link.hasSuffix("/\($0)") }
                    if isLook, link.hasPrefix("/sms/") { next.append(link) }
                }
            }
            #expect(known.contains { $0.hasPrefix("/sms/assets/gateway.css?v=") } && known.count > 20, "\(known.count)")
        }
    }

    @Test(arguments: ["", "/sms"])
    func `signing in and out, and coming back, stay below it`(proxy: String) async throws {
        let harness = try await Self.harness()
        try await harness.run { caller in
            let away = try await caller.page("\(proxy)/messages?status=failed", cookie: nil)
            #expect(away.status == 303)
            let form = try #require(away.header("Location"))
            #expect(form == "/sms/?next=%2Fmessages%3Fstatus%3Dfailed")
            let fields = "key=\(GatewayHarness.adminKey)&next=%2Fmessages%3Fstatus%3Dfailed"
            let signedIn = try await caller.form("\(proxy)/sign-in", fields)
            #expect(signedIn.header("Location") == "/sms/messages?status=failed")
            let cookie = try #require(signedIn.header("Set-Cookie"))
            #expect(cookie.contains("; Path=/sms;"))
            let session = String(cookie.prefix { $0 != ";" })
            let chosen = try await caller.page("\(proxy)/?lang=uz&theme=dark", cookie: session)
            let cookies = chosen.headers[values: .setCookie]
            #expect(cookies.count == 2 && cookies.allSatisfy { $0.contains("; Path=/sms;") }, "\(cookies)")
            let token = try await caller.formToken(cookie: session)
            let renewal = "csrf=\(token)&back=/?range=day"
            let renewed = try await caller.form("\(proxy)/token/renew", renewal, cookie: session)
            #expect(renewed.header("Location") == "/sms/?range=day")
            #expect(renewed.headers[values: .setCookie].allSatisfy { $0.contains("; Path=/sms;") })
            let out = try await caller.form("\(proxy)/sign-out", "csrf=\(token)", cookie: session)
            #expect(out.header("Location") == "/sms/")
            #expect(out.header("Set-Cookie")?.contains("; Path=/sms;") == true)
        }
    }

    @Test(arguments: ["", "/sms"])
    func `answers and the description of the API name it`(proxy: String) async throws {
        let harness = try await Self.harness()
        try await harness.run { caller in
            let sent = try await caller.post("\(proxy)/v1/messages", #"{"to":"901234567","text":"Salom"}"#)
            let id = try #require(sent.json["id"]?.text)
            #expect(sent.header("Location") == "/sms/v1/messages/\(id)")
            let started = try await caller.post("\(proxy)/v1/verifications", #"{"to":"901234567"}"#)
            #expect(started.header("Location")?.hasPrefix("/sms/v1/verifications/") == true)
            let description = try await caller.get("\(proxy)/openapi.json")
            #expect(description.json["servers"] == .array([.object(["url": "/sms"])]))
            let ticket = try await caller.post("\(proxy)/v1/events/ticket")
            #expect(ticket.status == 200 && ticket.json["ticket"]?.text?.isEmpty == false)
            #expect(try await caller.get("\(proxy)/healthz", key: nil).status == 200)
            #expect(try await caller.call(.delete, "\(proxy)/v1/messages/\(id)").status == 405)
            #expect(try await caller.get("\(proxy)/nothing").status == 404)
        }
    }

    @Test func `without it nothing changes`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            #expect(try await caller.get("/sms/healthz", key: nil).status == 404)
            #expect(try await caller.get("/openapi.json").json["servers"] == .array([.object(["url": "/"])]))
            let page = try await caller.page("/", cookie: nil)
            #expect(Self.addresses(in: page.text).contains("/sign-in"))
        }
    }
}
