import EskizQueue
import Testing

@testable import EskizVerify

/// The rules of a phone, as tables.
struct SendLimitsTests {
    private let noon = Timestamp(milliseconds: 1_800_000_000_000)

    /// Sends so many seconds ago, the newest first.
    private func sends(_ ago: [Int]) -> [Timestamp] { ago.map { noon - .seconds($0) } }

    @Test(
        arguments: [
            ([], nil, 0), ([29], .phoneInterval, 1), ([30], nil, 0), ([59, 100], .phoneInterval, 1),
            ([60, 100], nil, 0),
            ([179, 300, 400], .phoneInterval, 1), ([180, 300, 400], nil, 0),
            ([299, 600, 700, 800], .phoneInterval, 1), ([300, 600, 700, 800], nil, 0),
            ([300, 600, 700, 800, 3_599], .phoneHour, 1), ([300, 600, 700, 800, 3_600], nil, 0),
            // Whoever comes back after an hour waits 30 seconds again.
            ([10, 3_601, 3_700], .phoneInterval, 20),
        ] as [([Int], SendRefusal.Rule?, Int)]
    )
    func `a phone`(_ ago: [Int], _ rule: SendRefusal.Rule?, _ seconds: Int) {
        let refusal = SendLimits().phoneRefusal(sentAt: sends(ago), at: noon)
        #expect(refusal?.rule == rule)
        #expect(refusal?.retryAfter ?? .zero == .seconds(seconds))
    }

    @Test func `a lock begins with the tenth failure within an hour and lasts an hour`() {
        let limits = SendLimits()
        let nine = sends(Array(1...9))
        #expect(limits.lockEnd(failedAt: nine, at: noon) == nil)
        let ten = sends(Array(1...10))
        #expect(limits.lockEnd(failedAt: ten, at: noon) == noon + .seconds(3_599))
        #expect(limits.lockEnd(failedAt: ten, at: noon + .seconds(3_599)) == nil)
        // Ten over more than an hour are none.
        #expect(limits.lockEnd(failedAt: sends(Array(1...9) + [3_602]), at: noon) == nil)
        #expect(limits.lockEnd(failedAt: sends(Array(1...9) + [3_601]), at: noon) != nil)
    }

    @Test func `the day of a budget is that of Tashkent`() {
        // 2027-01-15 18:59:59 and 19:00:00 UTC: midnight in Tashkent lies between them.
        let before = Timestamp(milliseconds: 1_800_039_599_000)
        let after = Timestamp(milliseconds: 1_800_039_600_000)
        #expect(SendLimits.dayOfTashkent(after) == SendLimits.dayOfTashkent(before) + 1)
        #expect(SendLimits.endOfTashkentDay(before) == after)
    }

    @Test func `a network is an IPv4 address or an IPv6 slash 64`() {
        #expect(ClientNetwork.of("203.0.113.5") == "203.0.113.5")
        #expect(ClientNetwork.of("::ffff:203.0.113.5") == "203.0.113.5")
        #expect(ClientNetwork.of("2001:db8:1:2:3:4:5:6") == "2001:db8:1:2::/64")
        #expect(ClientNetwork.of("2001:db8:1:2::9") == ClientNetwork.of("2001:db8:1:2:ffff::1"))
        for wrong in ["", "203.0.113", "203.0.113.256", "localhost", "203.0.113.5\0", "fe80::1%eth0"] {
            #expect(ClientNetwork.of(wrong) == nil, "\(wrong.debugDescription)")
        }
    }
}
