import EskizQueue
import Testing

@testable import EskizGateway

struct WebhookScheduleTests {
    private let schedule = WebhookSchedule()
    private let now = Timestamp(milliseconds: 1_800_000_000_000)

    @Test(arguments: [
        (1, 5), (2, 10), (3, 20), (10, 2_560), (11, 3_600), (33, 3_600),
    ])
    func `the pause doubles up to an hour, give or take a quarter`(attempts: Int, seconds: Int) throws {
        let shortest = try #require(schedule.pause(after: attempts, retryAfter: nil, random: 0))
        let longest = try #require(schedule.pause(after: attempts, retryAfter: nil, random: 999_999))
        #expect(abs(shortest / .seconds(1) - Double(seconds) * 0.75) < 0.01)
        #expect(abs(longest / .seconds(1) - Double(seconds) * 1.25) < 0.01)
    }

    @Test func `it goes on for a day and then ends`() {
        var total = Duration.zero
        var attempts = 1
        while let pause = schedule.pause(after: attempts, retryAfter: nil, random: 500_000) {
            total += pause
            attempts += 1
        }
        #expect(attempts == 34)
        #expect((.seconds(24 * 3_600) ... .seconds(25 * 3_600)).contains(total))
    }

    @Test func `a receiver that asks for more gets it, up to six hours`() {
        let pause = { schedule.pause(after: 1, retryAfter: $0, random: 0) }
        #expect(pause(.seconds(1)) == .seconds(3.75))
        #expect(pause(.seconds(600)) == .seconds(600))
        #expect(pause(.seconds(1_000_000)) == .seconds(6 * 3_600))
        #expect(pause(.seconds(-5)) == .seconds(3.75))
    }

    @Test(arguments: Array(200..<300))
    func `any 2xx is heard`(status: Int) {
        let outcome = WebhookOutcome.answered(status: status, retryAfter: nil)
        #expect(schedule.result(of: outcome, attempt: 1, at: now, random: 0) == .delivered)
    }

    @Test(arguments: [100, 301, 302, 307, 400, 401, 404, 408, 409, 429, 500, 502, 503])
    func `any other answer is tried again`(status: Int) {
        let outcome = WebhookOutcome.answered(status: status, retryAfter: nil)
        let expected = WebhookResult.retry(at: now + .seconds(3.75), reason: "The receiver answered \(status).")
        #expect(schedule.result(of: outcome, attempt: 1, at: now, random: 0) == expected)
    }

    @Test func `410, a useless address and the last attempt are the end`() {
        for outcome in [
            WebhookOutcome.answered(status: 410, retryAfter: .seconds(5)), .pointless(reason: "No."),
        ] {
            guard case .dead = schedule.result(of: outcome, attempt: 1, at: now, random: 0) else {
                Issue.record("not dead: \(outcome)")
                continue
            }
        }
        let last = schedule.result(of: .failed(reason: "Silence."), attempt: 34, at: now, random: 0)
        #expect(last == .dead(reason: "Silence. Given up after 34 attempts."))
    }
}
