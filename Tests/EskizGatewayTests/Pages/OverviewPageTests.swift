import AsyncHTTPClient
import Eskiz
import EskizPages
import EskizQueue
import EskizQueueTesting
import EskizTesting
import HTTPTypes
import HummingbirdTesting
import NIOCore
import NIOHTTP1
import Testing

@testable import EskizGateway

/// The first screen of a gateway.
@Suite(.timeLimit(.minutes(1)))
struct OverviewPageTests {
    @Test func `what happens to messages is on the page, and nothing of the messages`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let cookie = try await caller.signIn()
            let body = #"{"to":"901234567","text":"Kod: 975310","lane":"otp"}"#
            #expect(try await caller.post("/v1/messages", body).status == 202)
            var page = try await caller.page("/", cookie: cookie).text
            let row = page.split(separator: #"id="lane-otp""#).last?.split(separator: "</tr>").first ?? ""
            #expect(row.contains("Codes") && row.contains(#"class="number">1</td>"#), "\(row)")
            let claims = try await harness.claim()
            try await harness.settle(claims, .submitted(providerID: "a-1", detail: nil, nextReport: nil))
            let report = DeliveryReport(status: .delivered, source: .callback, receivedAt: harness.clock.timestamp)
            _ = try await harness.queue.record(report, for: .provider("a-1"))
            page = try await caller.page("/", cookie: cookie).text
            #expect(page.contains(#"id="today-delivered">1</dd>"#))
            #expect(page.contains("Beeline") && page.contains("All is well"))
            for secret in ["975310", "901234567", "123 45 67", "canary-token-canary-token"] {
                #expect(!page.contains(secret), "\(secret)")
            }
        }
    }

    @Test
    func `a renewal that is put off is on the page with its end, and the page does not say that nothing needs you`()
        async throws
    {
        let harness = try await GatewayHarness(token: nil, password: "canary-password")
        let later = ScriptedTransport.Step.respond(429, "", headers: [TransportHeader("Retry-After", "86400")])
        harness.transport.on("POST", "auth/login", later, .token(JSONWebToken.text(expiresAt: 1_802_000_000)))
        try await harness.run { caller in
            let cookie = try await caller.signIn()
            #expect(try await caller.page("/", cookie: cookie).text.contains("Nothing needs"))
            await #expect(throws: EskizError.self) { try await harness.client.account() }
            let held = try await caller.page("/", cookie: cookie).text
            #expect(held.contains("The next try is at") && held.contains("rate_limited"), "\(held)")
            #expect(!held.contains("Nothing needs"))
            #expect(try await caller.post("/v1/token/refresh").status == 200)
            let healed = try await caller.page("/", cookie: cookie).text
            #expect(healed.contains("Nothing needs") && !healed.contains("The next try is at"))
        }
    }

    @Test(arguments: ["hour", "day", "week", "century"])
    func `the range stands in the address, and another one is the hour`(range: String) async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let cookie = try await caller.signIn()
            let page = try await caller.page("/?range=\(range)", cookie: cookie)
            #expect(page.status == 200)
            let known = ChartRange(rawValue: range) ?? .hour
            #expect(page.text.contains(#"viewBox="0 0 \#(known.columns * 10) 100""#))
        }
    }

    @Test func `the balance is asked for behind the page's back, and no sooner again than it may have changed`()
        async throws
    {
        let harness = try await GatewayHarness()
        let cache = AccountCache(client: harness.client, clock: harness.clock)
        #expect(await cache.latest() == nil, "a page does not wait")
        for _ in 0..<5 { _ = await cache.latest() }
        let asked = harness.transport.requests.count
        #expect(asked <= 4, "four calls for one answer, however many look")
    }

    @Test func `an open page is told at once, and then of every change without what it was`() async throws {
        let harness = try await GatewayHarness()
        try await harness.runLive { caller in
            let port = try #require(caller.client.port)
            let cookie = try await caller.signIn(GatewayHarness.readKey)
            var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)/live")
            #expect(try await HTTPClient.shared.execute(request, timeout: .seconds(30)).status == .unauthorized)
            request.headers.add(name: "Cookie", value: cookie)
            let response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
            // A stream that nobody ends would keep the server.
            defer { harness.server.drain.open() }
            #expect(response.status == .ok)
            #expect(response.headers.first(name: "Content-Type") == "text/event-stream")
            let lines = EventTests.Lines(response.body)
            #expect(await lines.next() == "retry: 2000")
            #expect(await lines.next() == "event: change")
            #expect(await lines.next() == "data: {}")
            let body = #"{"to":"901234567","text":"Kod: 975310","lane":"otp"}"#
            _ = try await caller.post("/v1/messages", body)
            #expect(await lines.next() == "event: change")
            #expect(await lines.next() == "data: {}")
            harness.server.drain.open()
            #expect(await lines.next() == nil)
        }
    }

    @Test func `an open page learns of a new token, and ends with its key`() async throws {
        let harness = try await GatewayHarness()
        harness.transport.on("PATCH", "auth/refresh", .token(JSONWebToken.text(expiresAt: 1_802_000_000)))
        try await harness.runLive { caller in
            let port = try #require(caller.client.port)
            let cookie = try await caller.signIn(GatewayHarness.readKey)
            var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)/live")
            request.headers.add(name: "Cookie", value: cookie)
            let response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
            defer { harness.server.drain.open() }
            let lines = EventTests.Lines(response.body)
            for _ in 0..<3 { _ = await lines.next() }
            await harness.clock.sleeper(within: LiveRoute.look)
            _ = try await harness.client.renewToken()
            harness.clock.advance(by: LiveRoute.look)
            #expect(await lines.next() == "event: change")
            #expect(await lines.next() == "data: {}")
            let id = APIKeys.id(of: APIKeys.digest(of: GatewayHarness.readKey))
            _ = try await harness.store.revokeAPIKey(id, at: harness.clock.timestamp)
            await harness.clock.sleeper(within: LiveRoute.look)
            harness.clock.advance(by: LiveRoute.heartbeatInterval)
            #expect(await lines.next() == nil)
        }
    }
}
