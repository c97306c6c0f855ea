import Testing

@testable import Eskiz

struct RenewalBudgetTests {
    private static let interval: Int64 = 2_000_000_000

    @Test func `a burst, and then one after each interval`() {
        var budget = RenewalBudget(burst: 3)
        let times = [0, 0, 0, 0, 0, Self.interval - 1, Self.interval, Self.interval]
        let taken = times.map { budget.take(at: $0, interval: Self.interval) }
        #expect(taken == [true, true, true, false, false, false, true, false])
    }

    @Test func `it says when it allows the next one, and keeps its word`() {
        var budget = RenewalBudget(burst: 2)
        #expect(budget.next(interval: Self.interval) == .min)
        for now in [0, 10, 700_000_000] as [Int64] { _ = budget.take(at: now, interval: Self.interval) }
        let next = budget.next(interval: Self.interval)
        #expect(next > 700_000_000 && next <= Self.interval + 2_000)
        let isTaken = budget.take(at: next, interval: Self.interval)
        #expect(isTaken)
    }

    @Test func `it never holds more than a burst, and a clock that goes back gives nothing`() {
        var budget = RenewalBudget(burst: 2)
        let later = 1_000 * Self.interval
        let taken = [0, later, later, later, 0].map { budget.take(at: $0, interval: Self.interval) }
        #expect(taken == [true, true, true, false, false])
    }
}
