import Eskiz
import EskizPages
import EskizQueue
import EskizQueueTesting
import EskizTesting
import HTTPTypes
import Testing

@testable import EskizGateway

/// What every page says besides its content.
@Suite(.timeLimit(.minutes(1)))
struct PageAnswerTests {
    @Test func `a page takes nothing from elsewhere, nothing inline, and is kept by nobody`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let cookie = try await caller.signIn()
            for cookie in [nil, cookie] {
                let page = try await caller.page("/", cookie: cookie)
                let policy = try #require(page.header("Content-Security-Policy"))
                #expect(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"))
                #expect(!policy.contains("unsafe") && !policy.contains("http") && !policy.contains("*"))
                #expect(page.header("Cache-Control") == "no-store")
                #expect(page.header("X-Content-Type-Options") == "nosniff")
                #expect(page.header("X-Frame-Options") == "DENY")
                #expect(page.header("Referrer-Policy") == "same-origin")
                #expect(
                    !page.text.contains("<script>") && !page.text.contains(" style=")
                        && !page.text.contains(" onclick=")
                )
            }
        }
    }

    @Test func `what comes from outside is text, never HTML`() async throws {
        let harness = try await GatewayHarness()
        let hostile = #""><script>alert('1')</script>&"#
        let digest = APIKeys.digest(of: "esk_hostile-name-of-a-key")
        try await harness.store.add(
            APIKeyRecord(
                id: APIKeys.id(of: digest),
                name: hostile,
                scopes: [.admin],
                digest: digest,
                createdAt: harness.clock.timestamp
            )
        )
        try await harness.run { caller in
            harness.clock.advance(by: .seconds(2))
            let cookie = try await caller.signIn("esk_hostile-name-of-a-key")
            let query = URLEncoding.encode([("range", hostile), ("next", "/" + hostile), ("x", hostile)])
            for cookie in [nil, cookie, cookie + "; \(Notice.cookie)=good.renewNotDone.code=%22%3E%3Cscript%3E"] {
                let page = try await caller.page("/?\(query)", cookie: cookie)
                #expect(page.status == 200)
                #expect(!page.text.contains("<script>") && !page.text.contains("alert('1')"))
            }
        }
    }

    @Test(arguments: [("uz", "Navbat"), ("ru", "Очередь"), ("en", "Queue")])
    func `a page is read in three languages, chosen by address, remembered by cookie`(
        tag: String,
        word: String
    ) async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let cookie = try await caller.signIn()
            let page = try await caller.page("/?lang=\(tag)&theme=dark", cookie: cookie)
            #expect(page.text.contains(#"<html lang="\#(tag)" data-theme="dark">"#))
            #expect(page.text.contains(word))
            let cookies = page.headers[values: .setCookie].map { $0.prefix { $0 != ";" } }
            #expect(cookies.sorted() == ["eskiz-gateway-language=\(tag)", "eskiz-gateway-theme=dark"])
            let again = try await caller.page("/", cookie: "\(cookie); \(cookies.joined(separator: "; "))")
            #expect(again.text.contains(#"<html lang="\#(tag)" data-theme="dark">"#))
        }
    }

    @Test func `files are kept by the browser for as long as they are the same`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let html = try await caller.page("/", cookie: nil).text
            for asset in PageAsset.all {
                #expect(html.contains(asset.address.replacing("=", with: "&#x3D;")) || html.contains(asset.address))
                let first = try await caller.call(.get, asset.address, nil, key: nil)
                #expect(first.status == 200 && Array(first.text.utf8) == asset.body)
                #expect(first.header("Content-Type") == asset.contentType)
                #expect(first.header("Cache-Control") == "public, max-age=31536000, immutable")
                let tag = try #require(first.header("ETag"))
                let known = try await caller.call(.get, asset.address, nil, key: nil, headers: ["If-None-Match": tag])
                #expect(known.status == 304 && known.text.isEmpty)
            }
            #expect(try await caller.call(.get, "/assets/nothing.js", nil, key: nil).status == 404)
        }
    }

    @Test func `a wrong method is told the right one`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let answer = try await caller.call(.get, "/token/renew", nil, key: nil)
            #expect(answer.status == 405)
            #expect(answer.header("Allow") == "POST")
        }
    }

    @Test func `the log has the route of a page, never its query, and not every look of a page that is open`()
        async throws
    {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let cookie = try await caller.signIn()
            _ = try await caller.page("/?q=998901234567", cookie: cookie)
            _ = try await caller.page("/", cookie: cookie, headers: ["Accept": "text/html"])
            let looks = harness.log.lines.filter { $0.contains("Request answered") && $0.contains("http.route=/ ") }
            #expect(looks.map { $0.prefix { $0 != " " } } == ["info", "debug"])
            #expect(!harness.log.text.contains("998901234567"))
        }
    }
}
