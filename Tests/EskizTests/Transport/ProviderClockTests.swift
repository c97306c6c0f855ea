import Eskiz
import Testing

struct ProviderClockTests {
    /// 2027-01-15 08:00 UTC.
    private let start: Int64 = 1_800_000_000

    /// Answers of a server whose clock is ahead by `offset`, one a second, each of which took `took`.
    private func note(
        _ count: Int,
        aheadBy offset: Duration,
        after begin: Duration = .zero,
        took: Duration = .milliseconds(40),
        stepOfOurs step: Duration = .zero,
        _ clock: inout ProviderClock
    ) {
        for index in 0..<count {
            // Odd fractions, so that the whole seconds of `Date` are met at all places.
            let elapsed = begin + .milliseconds(index * 1_137)
            let sent = Instant(
                wall: start * .nanosecondsPerSecond + (elapsed + step).nanoseconds,
                elapsed: 7_000_000 + elapsed.nanoseconds
            )
            let received = sent.advanced(by: took.nanoseconds)
            // The answer is dated half way.
            let theirs = start * .nanosecondsPerSecond + (elapsed + took / 2 + offset).nanoseconds
            clock.note(date: theirs / .nanosecondsPerSecond, sentAt: sent, receivedAt: received)
        }
    }

    private func offset(_ clock: ProviderClock) -> Duration? { clock.reading.offset }

    private func isNear(_ clock: ProviderClock, _ wanted: Duration) -> Bool {
        guard let offset = offset(clock) else { return false }
        return offset > wanted - .seconds(1) && offset < wanted + .seconds(1)
    }

    @Test func `nothing is known before the first answer`() {
        #expect(ProviderClock().reading == .unknown)
        #expect(ProviderClock().range == .zero ... .zero)
    }

    @Test(arguments: [-86_400, -150, -1, 0, 1, 150, 18_000])
    func `the offset is known to a second, from one answer or from many`(seconds: Int) {
        for count in [1, 2, 5, 40] {
            var clock = ProviderClock()
            note(count, aheadBy: .seconds(seconds), &clock)
            #expect(isNear(clock, .seconds(seconds)), "\(count) answers")
            #expect(clock.range.contains(.seconds(seconds) + .seconds(1)) || isNear(clock, .seconds(seconds)))
        }
    }

    @Test func `an answer that took long teaches little`() {
        var clock = ProviderClock()
        note(6, aheadBy: .seconds(150), &clock)
        let before = offset(clock)
        note(20, aheadBy: .seconds(150), after: .seconds(60), took: .seconds(25), &clock)
        #expect(offset(clock) == before)
    }

    @Test func `one wrong date changes nothing, and is doubted until the next answer`() {
        var clock = ProviderClock()
        note(6, aheadBy: .zero, &clock)
        note(1, aheadBy: .seconds(9_000), after: .seconds(60), &clock)
        #expect(clock.reading == .jumping)
        note(1, aheadBy: .zero, after: .seconds(62), &clock)
        #expect(isNear(clock, .zero))
    }

    @Test func `three that agree are a step, and the former value stays in the range`() {
        var clock = ProviderClock()
        note(16, aheadBy: .zero, &clock)
        note(2, aheadBy: .seconds(1_800), after: .seconds(60), &clock)
        #expect(clock.reading == .jumping)
        #expect(clock.range.lowerBound < .seconds(1) && clock.range.upperBound > .seconds(1_799))
        note(1, aheadBy: .seconds(1_800), after: .seconds(63), &clock)
        #expect(isNear(clock, .seconds(1_800)))
        #expect(clock.range.lowerBound < .seconds(1) && clock.range.upperBound > .seconds(1_799))
        // Two days later nothing that it dated is looked for any more.
        note(1, aheadBy: .seconds(1_800), after: .seconds(49 * 3_600), &clock)
        #expect(clock.range.lowerBound > .seconds(1_798))
    }

    @Test func `wrong dates that do not agree with each other never become the value`() {
        var clock = ProviderClock()
        note(6, aheadBy: .zero, &clock)
        for index in 1...20 { note(1, aheadBy: .seconds(index * 1_000), after: .seconds(60 + index), &clock) }
        #expect(clock.reading == .jumping)
        note(1, aheadBy: .zero, after: .seconds(90), &clock)
        #expect(isNear(clock, .zero))
    }

    @Test func `a step of our own clock is a step, too`() {
        var clock = ProviderClock()
        note(6, aheadBy: .zero, &clock)
        note(3, aheadBy: .zero, after: .seconds(60), stepOfOurs: .seconds(-3_600), &clock)
        #expect(isNear(clock, .seconds(3_600)))
    }

    @Test func `absurd dates do no harm`() {
        var clock = ProviderClock()
        for date in [Int64.min, .max, 0, -1] {
            clock.note(date: date, sentAt: Instant(wall: 0, elapsed: 0), receivedAt: Instant(wall: .max, elapsed: .max))
            _ = (clock.reading, clock.range)
        }
    }
}
