import Eskiz
import EskizQueue
import Testing

/// How far a `Retry-After` reaches.
struct LaneHoldsTests {
    private static let second: Int64 = 1_000_000_000
    private var second: Int64 { Self.second }

    /// When a lane may send freely again, if nothing is tried meanwhile.
    private func end(of lane: Lane, in holds: LaneHolds) -> Int64? {
        var holds = holds
        return (0...4_000).first { holds.limit(of: lane, at: Int64($0) * second / 10) > 0 }.map {
            Int64($0) * second / 10
        }
    }

    @Test(arguments: Lane.allCases, [0, 1, 10, 30, 45, 60, 61, 86_400, Int64.max / 1_000_000_000])
    func `its lane waits a minute at most, the others half a minute, whatever Eskiz asks`(_ lane: Lane, _ asked: Int64)
    {
        var holds = LaneHolds()
        #expect(holds.throttled(lane, for: .seconds(asked), isTrial: false, at: 0) == true)
        let held = holds.held(at: 0)
        for other in Lane.allCases {
            let limit: Int64 = other == lane ? 60 : 30
            #expect((held[other]?.until ?? 0) == min(asked, limit) * second, "\(other)")
            // Codes may try earlier.
            guard other != .otp else { continue }
            #expect(end(of: other, in: holds) == min(asked, limit) * second, "\(other)")
        }
    }

    @Test func `a code tries while all wait, one at a time, and less and less often`() {
        var holds = LaneHolds()
        _ = holds.throttled(.bulk, for: .seconds(86_400), isTrial: false, at: 0)
        #expect(holds.limit(of: .otp, at: 0) == 1)
        #expect(holds.limit(of: .transactional, at: 0) == 0)
        var tries: [Int64] = []
        for tick in 0..<600 {
            let now = Int64(tick) * second / 10
            guard holds.limit(of: .otp, at: now) > 0 else { continue }
            tries.append(now)
            #expect(holds.depart(.otp, at: now) == true)
            #expect(holds.limit(of: .otp, at: now) == 0, "one at a time")
            _ = holds.throttled(.otp, for: .seconds(86_400), isTrial: true, at: now)
        }
        let pauses = zip(tries.dropFirst(), tries).map { ($0 - $1) / second }
        #expect(pauses.prefix(4) == [1, 2, 4, 8])
        #expect(pauses.dropFirst(4).allSatisfy { $0 == 8 })
        // The others were not held longer for it.
        #expect(holds.limit(of: .transactional, at: 30 * second) == .max)
    }

    @Test func `a code that is taken ends the waiting of all that only stood by`() {
        var holds = LaneHolds()
        _ = holds.throttled(.bulk, for: .seconds(86_400), isTrial: false, at: 0)
        #expect(holds.depart(.otp, at: second) == true)
        holds.passed(.otp)
        #expect(holds.limit(of: .otp, at: second) == .max)
        #expect(holds.limit(of: .transactional, at: second) == .max)
        #expect(holds.limit(of: .bulk, at: second) == 0)
    }

    @Test func `after its hold a lane sends one, and the rest when that one was not too much`() {
        var holds = LaneHolds()
        _ = holds.throttled(.bulk, for: .seconds(10), isTrial: false, at: 0)
        let now = 10 * second
        #expect(holds.limit(of: .bulk, at: now) == 1)
        #expect(holds.depart(.bulk, at: now) == true)
        #expect(holds.limit(of: .bulk, at: now) == 0)
        var again = holds
        #expect(again.throttled(.bulk, for: .seconds(10), isTrial: true, at: now) == true)
        #expect(again.held(at: now).keys.sorted { $0.rawValue < $1.rawValue } == [.bulk], "a trial holds nobody else")
        #expect(again.limit(of: .bulk, at: 19 * second) == 0)
        holds.passed(.bulk)
        #expect(holds.limit(of: .bulk, at: now) == .max)
    }

    @Test func `those that were under way together complain once, and prolong no hold beyond its limit`() {
        var holds = LaneHolds()
        #expect(holds.throttled(.bulk, for: .seconds(5), isTrial: false, at: 0) == true)
        for index in 1...70 {
            let isNews = holds.throttled(.bulk, for: .seconds(86_400), isTrial: false, at: Int64(index))
            #expect(!isNews)
        }
        #expect(holds.held(at: 1)[.bulk]?.until == 60 * second)
        #expect((holds.held(at: 1)[.transactional]?.until ?? 0) <= 30 * second)
    }

    @Test func `a trial without an answer keeps codes waiting for seconds, not for ever`() {
        var holds = LaneHolds()
        _ = holds.throttled(.otp, for: .seconds(60), isTrial: false, at: 0)
        #expect(holds.limit(of: .otp, at: second) == 1)
        #expect(holds.depart(.otp, at: second) == true)
        #expect(holds.limit(of: .otp, at: 5 * second) == 0)
        #expect(holds.nextChange(at: 5 * second) == 6 * second)
        #expect(holds.limit(of: .otp, at: 6 * second) == 1)
        holds.abandoned(.otp, at: 6 * second)
        #expect(holds.limit(of: .otp, at: 6 * second) == 0)
        #expect(holds.limit(of: .otp, at: 7 * second) == 1)
    }

    @Test func `without a complaint nothing is limited`() {
        var holds = LaneHolds()
        for lane in Lane.allCases {
            #expect(holds.limit(of: lane, at: 0) == .max)
            #expect(holds.depart(lane, at: 0) == false)
        }
        #expect(holds.nextChange(at: 0) == nil)
        #expect(holds.held(at: 0).isEmpty)
    }
}
