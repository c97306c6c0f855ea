import Testing

@testable import EskizPostgres

struct BeatPaceTests {
    @Test func `however often news come, a gateway says ten times a second that it is alive`() {
        var pace = BeatPace()
        let start = ContinuousClock.now
        let beats = (0..<1_000).filter { pace.isDue(at: start + .milliseconds($0)) }
        #expect(beats == Array(stride(from: 0, to: 1_000, by: 100)))
    }

    @Test func `after a while without news the next is a sign of life at once`() {
        var pace = BeatPace()
        let start = ContinuousClock.now
        let moments = [0, 1_000, 1_099, 1_100]
        let beats = moments.map { pace.isDue(at: start + .milliseconds($0)) }
        #expect(beats == [true, true, false, true])
    }
}
