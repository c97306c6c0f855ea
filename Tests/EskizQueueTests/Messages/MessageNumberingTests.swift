import Eskiz
import EskizQueue
import Testing

struct MessageNumberingTests {
    private let year: Int64 = 365 * 86_400_000

    private func take(
        _ count: Int = 1,
        from numbering: inout MessageNumbering,
        at now: Timestamp,
        used: Set<Int64> = []
    ) -> ClosedRange<Int64> {
        numbering.take(count, at: now) { range in used.filter(range.contains).max() }
    }

    @Test
    func `numbers are the clock's milliseconds and the installation's offset, or the next in order`() {
        var numbering = MessageNumbering(offset: 5_000_000)
        let now = start.milliseconds - MessageNumbering.epoch.milliseconds
        #expect(take(from: &numbering, at: start) == now + 5_000_000...now + 5_000_000)
        #expect(take(3, from: &numbering, at: start) == now + 5_000_001...now + 5_000_003)
        #expect(take(from: &numbering, at: start + .seconds(1)).lowerBound == now + 5_001_000)
        // A clock that was set back a little.
        #expect(take(from: &numbering, at: start - .seconds(3_600)).lowerBound == now + 5_001_001)
    }

    @Test func `two installations that mail in the same minute do not meet`() {
        var random = SplitMix64(seed: 7)
        var collisions = 0
        for _ in 0..<2_000 {
            let offsets = (0..<2).map { _ in
                Int64.random(in: 0..<MessageNumbering.offsetLimit, using: &random)
            }
            let ranges = offsets.map { offset in
                var numbering = MessageNumbering(offset: offset)
                return take(
                    10_000,
                    from: &numbering,
                    at: start + .milliseconds(Int64.random(in: 0...60_000, using: &random))
                )
            }
            if ranges[0].overlaps(ranges[1]) { collisions += 1 }
        }
        #expect(collisions == 0)
    }

    @Test func `a number has twelve digits at most, whatever the clock says`() {
        var numbering = MessageNumbering(offset: MessageNumbering.offsetLimit - 1)
        var used: Set<Int64> = []
        let clocks: [Timestamp] = [
            Timestamp(milliseconds: .max), Timestamp(milliseconds: .min), Timestamp(milliseconds: 0),
            start,
            Timestamp(milliseconds: start.milliseconds + 200 * year), start + .seconds(1),
            Timestamp(milliseconds: MessageNumbering.epoch.milliseconds + MessageID.maximum),
            start + .seconds(2),
        ]
        for clock in clocks {
            for count in [1, 5, 1_000] {
                let range = take(count, from: &numbering, at: clock, used: used)
                #expect(
                    range.count == count && range.lowerBound >= 1 && range.upperBound <= MessageID.maximum
                )
                #expect(used.isDisjoint(with: range), "given out twice")
                used.formUnion(range)
            }
        }
    }

    @Test func `a clock that was once far ahead does not spoil the numbers for good`() {
        var numbering = MessageNumbering(offset: 77)
        let before = take(from: &numbering, at: start)
        let ahead = take(
            100,
            from: &numbering,
            at: Timestamp(milliseconds: start.milliseconds + 10 * year)
        )
        let used = Set(before).union(ahead)
        let after = take(from: &numbering, at: start + .seconds(60), used: used)
        #expect(after.lowerBound == before.lowerBound + 60_000)
        // As of a file that was opened again.
        var again = MessageNumbering(offset: 77, last: ahead.upperBound)
        let next = take(from: &again, at: start + .seconds(61), used: used.union(after))
        #expect(next.lowerBound == before.lowerBound + 61_000)
        // When the clock really comes there, what is still in use is stepped over, and as one piece.
        let late = take(
            50,
            from: &again,
            at: Timestamp(milliseconds: start.milliseconds + 10 * year - 10),
            used: used
        )
        #expect(late.lowerBound > ahead.upperBound)
    }

    @Test func `the smallest number of a moment holds for old files, too`() {
        let now = start.milliseconds - MessageNumbering.epoch.milliseconds
        let numbering = MessageNumbering(offset: 1_000_000, boundary: now, last: now)
        // Before the offset was drawn numbers were by the clock alone.
        #expect(numbering.first(at: start - .seconds(60)).rawValue == now - 60_000)
        #expect(numbering.first(at: start) == MessageID(now))
        #expect(numbering.first(at: start + .seconds(1)).rawValue == now + 1_001_000)
    }

    @Test func `whatever clocks do, numbers are unique and never smaller than their moment's first`() {
        for seed in 0..<200 {
            var random = SplitMix64(seed: UInt64(seed))
            var numbering = MessageNumbering(
                offset: Int64.random(in: 0..<MessageNumbering.offsetLimit, using: &random)
            )
            var used: Set<Int64> = []
            var now = start
            for _ in 0..<60 {
                switch Int.random(in: 0..<10, using: &random) {
                case 0: now = now + .seconds(Int64.random(in: -100_000_000...100_000_000, using: &random))
                case 1: now = now - .seconds(Int64.random(in: 0...3_600, using: &random))
                case 2: numbering = MessageNumbering(offset: numbering.offset, last: used.max() ?? 0)
                default: now = now + .milliseconds(Int64.random(in: 0...5_000, using: &random))
                }
                let range = take(
                    Int.random(in: 1...50, using: &random),
                    from: &numbering,
                    at: now,
                    used: used
                )
                #expect(used.isDisjoint(with: range), "seed \(seed)")
                if now >= MessageNumbering.epoch {
                    #expect(range.lowerBound >= numbering.first(at: now).rawValue, "seed \(seed)")
                }
                used.formUnion(range)
            }
        }
    }
}
