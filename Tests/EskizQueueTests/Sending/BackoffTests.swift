import Eskiz
import EskizQueue
import Testing

struct BackoffTests {
    @Test func `ceilings double up to the cap, however many failures there were`() {
        let backoff = Backoff(first: .seconds(2), cap: .seconds(300), floor: .milliseconds(500))
        let seconds = [1, 2, 3, 8, 9, 10_000].map { backoff.ceiling(afterFailures: $0).components.seconds }
        #expect(seconds == [2, 4, 8, 256, 300, 300])
        #expect(backoff.ceiling(afterFailures: 0) == .seconds(2))
    }

    @Test func `a pause lies anywhere between floor and ceiling`() {
        let backoff = Backoff(first: .seconds(1), cap: .seconds(8), floor: .milliseconds(100))
        var random = SplitMix64(seed: 3)
        let pauses = (0..<500).map { _ in backoff.pause(afterFailures: 3, using: &random) }
        #expect(pauses.allSatisfy { $0 >= .milliseconds(100) && $0 <= .seconds(4) })
        #expect(pauses.contains { $0 < .milliseconds(500) } && pauses.contains { $0 > .milliseconds(3_500) })
    }
}
