import Eskiz
import EskizTestSupport
import Testing

struct RenewalPolicyTests {
    private static let year: Int64 = 365 * 86_400 * .nanosecondsPerSecond

    /// Ends of the range, the edges of the shortest life, and a spread over all magnitudes up to ten years.
    private static let lives: [Int64] = {
        var random = SplitMix64(seed: 7)
        let edges: [Int64] = [1_000, 1_001, 1_049, 1_050, 2_000, 1_000_000, .nanosecondsPerSecond]
        let days: [Int64] = [1, 14, 30, 365].map { $0 * 86_400 * .nanosecondsPerSecond }
        let drawn = (0..<2_000).map { _ in
            Int64.random(in: 1_000...(10 * year), using: &random) >> Int64.random(in: 0...45, using: &random)
        }
        return edges + days + [10 * year] + drawn.filter { $0 >= 1_000 }
    }()

    // MARK: Windows

    @Test(arguments: [0, 0.25, 0.5, 1, -3, 7])
    func `E3 early, dead and end keep their order for every life`(draw: Double) {
        for life in Self.lives {
            let windows = RenewalPolicy.default.windows(life: life, draw: draw)
            let isOrdered = 0 < windows.early && windows.early < windows.hard && windows.hard < windows.end
            #expect(isOrdered && windows.end == life, "life \(life)")
            // The windows scale with the life and never cover it (T19).
            #expect(windows.early >= life / 2 - 1, "life \(life)")
        }
    }

    @Test(arguments: [Int64.min, -1, 0, 1, 999])
    func `E3 a token without life is dead from birth`(life: Int64) {
        let windows = RenewalPolicy.default.windows(life: life, draw: 0.5)
        #expect(windows.early == 0 && windows.hard == 0 && windows.end == 0)
    }

    @Test func `E3 the order survives extreme policies`() throws {
        let early = try RenewalPolicy {
            $0.earlyShare = 0.999_999
            $0.earlySpread = 0.999_998
            $0.hardMargin = .seconds(1_000_000_000)
        }
        let none = try RenewalPolicy { $0.hardMargin = .zero }
        for life in Self.lives {
            for windows in [early.windows(life: life, draw: 1), none.windows(life: life, draw: 0)] {
                let isOrdered = 0 < windows.early && windows.early < windows.hard && windows.hard < windows.end
                #expect(isOrdered, "life \(life)")
            }
        }
    }

    @Test func `E4 the draw only moves renewal earlier, and never the end`() {
        for life in Self.lives {
            let latest = RenewalPolicy.default.windows(life: life, draw: 0)
            var previous = latest
            for step in 1...10 {
                let windows = RenewalPolicy.default.windows(life: life, draw: Double(step) / 10)
                #expect(windows.early <= previous.early && windows.hard == latest.hard, "life \(life)")
                previous = windows
            }
        }
    }

    @Test func `a token of thirty days is renewed in its third week`() {
        let day: Int64 = 86_400 * .nanosecondsPerSecond
        let latest = RenewalPolicy.default.windows(life: 30 * day, draw: 0)
        let earliest = RenewalPolicy.default.windows(life: 30 * day, draw: 1)
        #expect(latest.early == 21 * day && latest.hard == 30 * day - 60 * .nanosecondsPerSecond)
        #expect(abs(earliest.early - 18 * day) < .nanosecondsPerSecond)
    }

    // MARK: Pauses

    @Test(arguments: [RenewalPolicy.default.earlyBackoff, RenewalPolicy.default.urgentBackoff])
    func `C6 pauses lie between floor and the doubled first pause, up to the cap`(backoff: RenewalPolicy.Backoff) {
        var random = SplitMix64(seed: 3)
        for failures in [-1, 0, 1, 2, 3, 6, 10, 33, 64, 1_000, Int.max] {
            let doublings = min(max(failures, 1) - 1, 20)
            let ceiling = min(backoff.first * (1 << doublings), backoff.cap).nanoseconds
            for _ in 0..<50 {
                let pause = backoff.pause(afterFailures: failures, using: &random)
                #expect(pause >= backoff.floor.nanoseconds && pause <= ceiling)
            }
        }
    }

    @Test func `C6 a thousand hosts spread over the whole pause`() {
        let backoff = RenewalPolicy.default.earlyBackoff
        var buckets = [Int](repeating: 0, count: 10)
        let width = (backoff.cap.nanoseconds - backoff.floor.nanoseconds) / 10 + 1
        for seed in 0..<1_000 {
            var random = SplitMix64(seed: UInt64(seed))
            let pause = backoff.pause(afterFailures: 20, using: &random)
            buckets[Int((pause - backoff.floor.nanoseconds) / width)] += 1
        }
        // A hundred are expected in each; six standard deviations are about 57.
        #expect(buckets.allSatisfy { (43...157).contains($0) }, "\(buckets)")
    }

    @Test func `C6 Retry-After is honoured, even beyond the cap, and never shortens a pause`() {
        let backoff = RenewalPolicy.default.urgentBackoff
        var random = SplitMix64(seed: 5)
        for _ in 0..<100 {
            let long = backoff.pause(afterFailures: 1, retryAfter: .seconds(3_600), using: &random)
            #expect(long == 3_600 * .nanosecondsPerSecond)
            let short = backoff.pause(afterFailures: 9, retryAfter: .nanoseconds(1), using: &random)
            #expect(short >= backoff.floor.nanoseconds)
        }
    }

    @Test func `D4 refused logins are left alone longer each time, up to the last pause`() {
        let pauses = [-1, 0, 1, 2, 3, 4, 5, 1_000].map { RenewalPolicy.default.refusedLoginPause(afterRefusals: $0) }
        let seconds = pauses.map { $0 / .nanosecondsPerSecond }
        #expect(seconds == [900, 900, 900, 3_600, 14_400, 86_400, 86_400, 86_400])
    }

    // MARK: Validation

    struct Wrong: Sendable, CustomTestStringConvertible {
        let field: String
        let change: @Sendable (inout RenewalPolicy) -> Void
        var testDescription: String { field }
    }

    static let wrong: [Wrong] = [
        Wrong(field: "earlyShare") { $0.earlyShare = 0 },
        Wrong(field: "earlyShare") { $0.earlyShare = 1 },
        Wrong(field: "earlyShare") { $0.earlyShare = .nan },
        Wrong(field: "earlySpread") { $0.earlySpread = -0.1 },
        Wrong(field: "earlySpread") { $0.earlySpread = $0.earlyShare },
        Wrong(field: "hardMargin") { $0.hardMargin = .seconds(-1) },
        Wrong(field: "flightTimeout") { $0.flightTimeout = .zero },
        Wrong(field: "propagation") { $0.propagationGrace = .seconds(-1) },
        Wrong(field: "propagation") { $0.propagationPause = .seconds(-1) },
        Wrong(field: "budget") { $0.budget = 0 },
        Wrong(field: "budgetInterval") { $0.budgetInterval = .zero },
        Wrong(field: "refusedLoginPauses") { $0.refusedLoginPauses = [] },
        Wrong(field: "back-off") { $0.earlyBackoff.floor = .zero },
        Wrong(field: "back-off") { $0.earlyBackoff.first = .zero },
        Wrong(field: "back-off") { $0.urgentBackoff.cap = .milliseconds(1) },
    ]

    @Test(arguments: wrong)
    func `L3 a policy that cannot be right is refused by the name of its field`(wrong: Wrong) {
        let error = #expect(throws: EskizError.self) { try RenewalPolicy(wrong.change) }
        #expect(error?.code == .invalidConfiguration)
        #expect(error?.summary.contains(wrong.field) == true)
    }

    @Test func `L3 a policy that is right is taken as it is`() throws {
        let policy = try RenewalPolicy {
            $0.earlyShare = 0.5
            $0.budget = 1
        }
        #expect(policy.earlyShare == 0.5 && policy.budget == 1)
        #expect(policy.hardMargin == RenewalPolicy.default.hardMargin)
    }
}
