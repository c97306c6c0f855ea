import Testing

@testable import EskizQueue

@Suite struct DrainRateTests {
    private static let second: Int64 = 1_000_000_000

    @Test func `a steady pace is the estimate`() {
        var rate = DrainRate()
        for moment in 0..<120 { rate.note(50, at: Int64(moment) * Self.second) }
        #expect((45...55).contains(rate.perSecond(at: 119 * Self.second)))
    }

    @Test func `silence lets the estimate sink to nothing, and never below`() {
        var rate = DrainRate()
        for moment in 0..<60 { rate.note(100, at: Int64(moment) * Self.second) }
        var last = rate.perSecond(at: 59 * Self.second)
        for silence in stride(from: Int64(1), through: 3_600, by: 7) {
            let now = rate.perSecond(at: (59 + silence) * Self.second)
            #expect(now >= 0 && now <= last, "after \(silence) s")
            last = now
        }
        #expect(last == 0)
    }
}
