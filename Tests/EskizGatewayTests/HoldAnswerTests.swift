import Eskiz
import EskizPages
import EskizQueue
import EskizWords
import HTTPTypes
import Testing

@testable import EskizGateway

/// Whoever asks sees what holds messages up, and until when.
@Suite(.timeLimit(.minutes(1)))
struct HoldAnswerTests {
    private static let body = #"{"to":"901234567","text":"Salom","lane":"bulk"}"#

    /// Holds the lane `bulk` for a while.
    private func hold(_ harness: GatewayHarness, for duration: Duration, _ reason: SendingHold.Reason = .throttled) {
        let now = harness.queue.clock.now().elapsed
        harness.queue.provider.holds([
            ElapsedHold(reason: reason, lanes: [.bulk], since: now, until: now + duration.nanoseconds)
        ])
    }

    @Test func `a message says when it is tried next`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let accepted = try await caller.post("/v1/messages", Self.body)
            let id = try #require(accepted.json["id"]?.text)
            #expect(accepted.json["next_attempt_at"] == nil, "it waits for nothing")
            hold(harness, for: .seconds(50))
            let end = RFC3339.text(harness.clock.timestamp + .seconds(50))
            let held = try await caller.get("/v1/messages/\(id)")
            #expect(held.json["next_attempt_at"]?.text == end)
            let list = try await caller.get("/v1/messages?lane=bulk")
            #expect(list.text.contains(#""next_attempt_at":"\#(end)""#))
            // A message of another lane is not held.
            let other = try await caller.post("/v1/messages", #"{"to":"901234567","text":"Salom"}"#)
            let otherID = try #require(other.json["id"]?.text)
            let free = try await caller.get("/v1/messages/\(otherID)")
            #expect(free.json["next_attempt_at"] == nil)
            // A retry in its own time.
            let claims = try await harness.claim()
            let error = MessageError(code: "server_error", message: "No.")
            try await harness.settle(claims, .retry(at: harness.clock.timestamp + .seconds(90), error))
            let retried = try await caller.get("/v1/messages/\(id)")
            #expect(retried.json["next_attempt_at"]?.text == RFC3339.text(harness.clock.timestamp + .seconds(90)))
            // What is over is not tried.
            let cancelled = try await caller.post("/v1/messages/\(id)/cancel", "{}")
            #expect(cancelled.status == 200 && cancelled.json["next_attempt_at"] == nil)
        }
    }

    @Test func `readyz says what holds messages up, and is ready all the same`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let calm = try await caller.get("/readyz", key: nil)
            #expect(calm.status == 200 && calm.json == .object(["status": "ready", "holds": .array([])]))
            hold(harness, for: .seconds(50))
            let held = try await caller.get("/readyz", key: nil)
            #expect(held.status == 200)
            let since = RFC3339.text(harness.clock.timestamp)
            let until = RFC3339.text(harness.clock.timestamp + .seconds(50))
            #expect(
                held.text.contains(
                    #""holds":[{"reason":"throttled","lanes":["bulk"],"since":"\#(since)","until":"\#(until)"}]"#
                )
            )
        }
    }

    @Test(arguments: SendingHold.Reason.allCases, ["en", "uz", "ru"])
    func `the page says what holds messages up, and not that nothing needs you`(
        _ reason: SendingHold.Reason,
        _ language: String
    ) async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let cookie = try await caller.signIn()
            let calm = try await caller.page("/?lang=\(language)", cookie: cookie).text
            let phrase = { (phrase: OverviewPhrase) in
                Language(rawValue: language)?.say(phrase) ?? "?"
            }
            #expect(calm.contains(phrase(.nothingNeedsYou)) && calm.contains(phrase(.healthWell)))
            hold(harness, for: .seconds(50), reason)
            let held = try await caller.page("/?lang=\(language)", cookie: cookie).text
            #expect(!held.contains(phrase(.nothingNeedsYou)) && !held.contains(phrase(.healthWell)))
            let what = Language(rawValue: language)?.say(HoldPhrase(reason)) ?? "?"
            #expect(held.contains(what))
            #expect(held.contains(PageTime(harness.clock.timestamp + .seconds(50)).clock))
        }
    }
}
