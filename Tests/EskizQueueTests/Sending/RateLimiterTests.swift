import Eskiz
import EskizQueue
import Testing

struct RateLimiterTests {
    private let second: Int64 = 1_000_000_000

    @Test func `without a rate there is no limit`() {
        var limiter = RateLimiter(rate: nil)
        limiter.take(1_000_000, of: .bulk, at: 0)
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
            limiter.take(count, of: .otp, at: now)
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

    @Test func `several gateways together send no more than one alone`() {
        var limiters = [RateLimiter(rate: 90), RateLimiter(rate: 90), RateLimiter(rate: 90)]
        for index in limiters.indices { limiters[index].share(among: 3, at: 0) }
        var sent = 0
        for step in 0...1_000 {
            for index in limiters.indices {
                let count = limiters[index].available(at: Int64(step) * second / 100)
                limiters[index].take(count, of: .otp, at: Int64(step) * second / 100)
                sent += count
            }
        }
        #expect((890...910).contains(sent))
        // The others have gone: all of it is this one's again.
        limiters[0].share(among: 1, at: 10 * second)
        var alone = 0
        for step in 1_000...2_000 {
            let count = limiters[0].available(at: Int64(step) * second / 100)
            limiters[0].take(count, of: .otp, at: Int64(step) * second / 100)
            alone += count
        }
        #expect((890...910).contains(alone))
    }

    @Test func `a wake-up at the promised moment finds a token`() {
        var limiter = RateLimiter(rate: 7)
        var now: Int64 = 12_345
        for _ in 0..<1_000 {
            limiter.take(limiter.available(at: now), of: .bulk, at: now)
            now = limiter.nextAvailable(at: now) ?? now
            #expect(limiter.available(at: now) >= 1)
        }
    }

    @Test func `a batch beyond the limit is a debt of its lane, and of no other`() {
        var limiter = RateLimiter(rate: 10, burst: 1)
        limiter.take(21, of: .bulk, at: 0)
        #expect(limiter.isInDebt(.bulk, at: 0) == true)
        // Twenty are owed, and the bucket is empty: at ten a second it takes 2.1 s until both are as they were.
        #expect(limiter.debtPaid(.bulk, at: 0).map { $0 / 1_000 } == 2_100_000)
        #expect(limiter.nextAvailable(at: 0).map { $0 < second / 5 } == true)
        #expect(limiter.isInDebt(.otp, at: 0) == false)
        #expect(limiter.isInDebt(.transactional, at: 0) == false)
        #expect(limiter.available(at: second / 5) == 1)
        #expect(limiter.isInDebt(.bulk, at: 2 * second) == true)
        #expect(limiter.isInDebt(.bulk, at: 2 * second + second / 9) == false)
    }

    @Test func `a debt is paid from a part of the rate while others use the rest, and all is bounded by the rate`() {
        var limiter = RateLimiter(rate: 20, otpReserve: 0.25)
        let batch = 2_000
        limiter.take(batch, of: .bulk, at: 0)
        var sent = batch
        var now: Int64 = 0
        // Codes take whatever they can, all the time.
        while limiter.isInDebt(.bulk, at: now) {
            let count = limiter.available(at: now)
            if count > 0 { limiter.take(count, of: .otp, at: now) }
            sent += count
            now += second / 50
            guard now < 1_000 * second else {
                Issue.record("a debt that is never paid")
                return
            }
        }
        let codes = Double(sent - batch)
        let seconds = Double(now) / 1e9
        // Codes had five eighths of the rate, the debt the rest.
        #expect(abs(codes / seconds - 12.5) < 0.5)
        #expect(Double(sent) <= limiter.burst + 20 * seconds + 1)
    }

    @Test func `two debts are paid side by side`() {
        var limiter = RateLimiter(rate: 10, burst: 1)
        limiter.take(101, of: .bulk, at: 0)
        limiter.take(20, of: .transactional, at: 0)
        for at in 1...12 {
            let now = Int64(at) * second
            #expect(limiter.isInDebt(.bulk, at: now) == limiter.isInDebt(.transactional, at: now))
        }
        #expect(limiter.isInDebt(.bulk, at: 13 * second) == false)
    }

    @Test func `after a complaint half as much leaves until it has been quiet`() {
        var limiter = RateLimiter(rate: 100, burst: 1)
        limiter.slowDown(at: 0)
        func sent(from start: Int64, to end: Int64) -> Int {
            var now = start
            var sent = 0
            while now < end {
                let count = limiter.available(at: now)
                limiter.take(count, of: .bulk, at: now)
                sent += count
                now = limiter.nextAvailable(at: now) ?? now + 1
            }
            return sent
        }
        #expect((190...210).contains(sent(from: 2 * second + 1, to: 6 * second)))
        #expect((390...410).contains(sent(from: 12 * second, to: 16 * second)))
    }
}
