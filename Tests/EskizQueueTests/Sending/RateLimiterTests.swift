import Eskiz
import EskizQueue
import Testing

struct RateLimiterTests {
    private let second: Int64 = 1_000_000_000

    @Test func `without a rate there is no limit`() {
        var limiter = RateLimiter(rate: nil)
        limiter.take(1_000_000, at: 0)
        #expect(limiter.available(at: 0) == .max)
        #expect(limiter.nextAvailable(at: 0) == nil)
    }

    @Test(arguments: [1, 3, 30, 500] as [Double])
    func `over any time no more leave than rate and burst allow`(_ rate: Double) {
        var limiter = RateLimiter(rate: rate)
        var now: Int64 = 0
        var sent = 0
        while now < 20 * second {
            let count = limiter.available(at: now)
            limiter.take(count, at: now)
            sent += count
            #expect(Double(sent) <= limiter.burst + rate * Double(now) / 1e9 + 0.001)
            guard let next = limiter.nextAvailable(at: now) else {
                Issue.record("all tokens are taken, and more are there")
                return
            }
            #expect(next > now)
            now = next
        }
        #expect(Double(sent) >= rate * 19)
    }

    @Test func `a wake-up at the promised moment finds a token`() {
        var limiter = RateLimiter(rate: 7)
        var now: Int64 = 12_345
        for _ in 0..<1_000 {
            limiter.take(limiter.available(at: now), at: now)
            now = limiter.nextAvailable(at: now) ?? now
            #expect(limiter.available(at: now) >= 1)
        }
    }

    @Test func `a batch beyond the limit is a debt that is paid off first`() {
        var limiter = RateLimiter(rate: 10, burst: 1)
        limiter.take(21, at: 0)
        #expect(limiter.nextAvailable(at: 0).map { $0 / 1_000 } == 2_100_000)
        #expect(limiter.available(at: 2 * second) == 0)
    }

    @Test func `after a complaint nothing leaves for the pause, and then half as much until it has been quiet`() {
        var limiter = RateLimiter(rate: 100, burst: 1)
        limiter.slowDown(for: .seconds(2), at: 0)
        limiter.slowDown(for: .seconds(2), at: 1)
        #expect(limiter.available(at: second) == 0)
        #expect(limiter.nextAvailable(at: second) == 2 * second + 1)
        func sent(from start: Int64, to end: Int64) -> Int {
            var now = start
            var sent = 0
            while now < end {
                let count = limiter.available(at: now)
                limiter.take(count, at: now)
                sent += count
                now = limiter.nextAvailable(at: now) ?? now + 1
            }
            return sent
        }
        // Two complaints at the same time halve it once.
        #expect((190...210).contains(sent(from: 2 * second + 1, to: 6 * second)))
        #expect((390...410).contains(sent(from: 12 * second, to: 16 * second)))
    }

    @Test func `a complaint counts without a rate too`() {
        var limiter = RateLimiter(rate: nil)
        limiter.slowDown(for: .seconds(3), at: 0)
        #expect(limiter.available(at: second) == 0)
        #expect(limiter.nextAvailable(at: second) == 3 * second)
        #expect(limiter.available(at: 3 * second) == .max)
    }
}
