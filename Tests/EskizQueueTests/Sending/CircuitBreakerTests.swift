import Eskiz
import EskizQueue
import Testing

struct CircuitBreakerTests {
    private let second: Int64 = 1_000_000_000

    private func note(
        _ breaker: inout CircuitBreaker,
        _ sign: CircuitBreaker.Sign,
        isProbe: Bool = false,
        at now: Int64 = 0
    ) {
        var random = SplitMix64(seed: UInt64(bitPattern: now) &+ 7)
        breaker.note(sign, isProbe: isProbe, at: now, using: &random)
    }

    private func opened(_ sign: CircuitBreaker.Sign = .failure) -> CircuitBreaker {
        var breaker = CircuitBreaker()
        for _ in 0..<5 { note(&breaker, sign) }
        return breaker
    }

    @Test func `it opens after five failures in ten seconds, and not after four`() {
        var breaker = CircuitBreaker()
        for index in 0..<4 { note(&breaker, .failure, at: Int64(index) * second) }
        #expect(breaker.phase == .closed)
        #expect(breaker.permits(at: 3 * second) == nil)
        note(&breaker, .failure, at: 4 * second)
        #expect(breaker.phase == .open)
        #expect(breaker.permits(at: 4 * second) == 0)
        #expect(breaker.reason == .failures)
    }

    @Test func `old failures are forgotten`() {
        var breaker = CircuitBreaker()
        for index in 0..<20 { note(&breaker, .failure, at: Int64(index) * 3 * second) }
        #expect(breaker.phase == .closed)
    }

    @Test func `a few failures among many successes do not open it`() {
        var breaker = CircuitBreaker()
        for index in 0..<100 {
            note(&breaker, index.isMultiple(of: 5) ? .failure : .alive, at: Int64(index) * second / 20)
        }
        #expect(breaker.phase == .closed)
    }

    @Test func `refusals of messages and stops of our own never open it`() {
        var breaker = CircuitBreaker()
        for _ in 0..<100 {
            note(&breaker, RetryPolicy.FailureClass.refused == .refused ? .alive : .failure)
            note(&breaker, .none)
        }
        #expect(breaker.phase == .closed)
    }

    @Test func `after the pause one goes through, and its success closes it`() throws {
        var breaker = opened()
        let moment = try #require(breaker.nextPermit)
        #expect(moment >= second / 2 && moment <= second)
        #expect(breaker.permits(at: moment - 1) == 0)
        #expect(breaker.permits(at: moment) == 1)
        #expect(breaker.phase == .halfOpen)
        let isProbe = breaker.beginProbe(at: moment)
        #expect(isProbe)
        let isSecondProbe = breaker.beginProbe(at: moment)
        #expect(!isSecondProbe)
        #expect(breaker.permits(at: moment) == 0)
        note(&breaker, .alive, isProbe: true, at: moment)
        #expect(breaker.phase == .closed)
        #expect(breaker.permits(at: moment) == nil)
    }

    @Test func `the pause grows with each failed try, up to its cap`() throws {
        var breaker = opened()
        var longest: Int64 = 0
        for round in 0..<40 {
            let moment = try #require(breaker.nextPermit)
            _ = breaker.permits(at: moment)
            let isProbe = breaker.beginProbe(at: moment)
            #expect(isProbe)
            note(&breaker, .failure, isProbe: true, at: moment)
            let pause = try #require(breaker.nextPermit) - moment
            longest = max(longest, pause)
            #expect(pause <= min(30 * second, second << Int64(min(round + 1, 20))))
        }
        #expect(longest > 20 * second)
    }

    @Test func `a try that never left lets another one through`() throws {
        var breaker = opened()
        let moment = try #require(breaker.nextPermit)
        _ = breaker.permits(at: moment)
        _ = breaker.beginProbe(at: moment)
        note(&breaker, .none, isProbe: true, at: moment)
        #expect(breaker.permits(at: moment) == 1)
    }

    @Test func `beside a try that is not answered another one goes through from time to time`() throws {
        var breaker = opened()
        let moment = try #require(breaker.nextPermit)
        for round in 0..<6 {
            let now = moment + Int64(round) * 5 * second
            #expect(breaker.permits(at: now) == 1)
            let isProbe = breaker.beginProbe(at: now)
            #expect(isProbe)
            #expect(breaker.permits(at: now + 5 * second - 1) == 0)
            #expect(breaker.nextPermit == now + 5 * second)
        }
        note(&breaker, .failure, isProbe: true, at: moment + 30 * second)
        #expect(breaker.phase == .open)
        note(&breaker, .alive, isProbe: true, at: moment + 31 * second)
        #expect(breaker.phase == .closed)
    }

    @Test func `while somebody has to do something, one try at a time is enough`() throws {
        var breaker = opened(.blocked(.credentials))
        let moment = try #require(breaker.nextPermit)
        #expect(breaker.permits(at: moment) == 1)
        _ = breaker.beginProbe(at: moment)
        #expect(breaker.permits(at: moment + 60 * second) == 0)
        #expect(breaker.nextPermit == nil)
    }

    @Test func `late failures of what left before neither prolong nor open it again`() throws {
        var breaker = opened()
        let moment = try #require(breaker.nextPermit)
        note(&breaker, .failure, at: second / 10)
        #expect(breaker.nextPermit == moment)
        _ = breaker.permits(at: moment)
        note(&breaker, .failure, at: moment)
        #expect(breaker.phase == .halfOpen)
    }

    @Test(arguments: RetryPolicy.Block.allCases)
    func `one message that shows that nothing can go is enough`(_ block: RetryPolicy.Block) {
        var breaker = CircuitBreaker()
        note(&breaker, .blocked(block))
        #expect(breaker.phase == .open)
        #expect(breaker.reason == .blocked(block))
        // What had left before says nothing about it.
        note(&breaker, .alive)
        #expect(breaker.phase == .open)
    }

    @Test func `what was mended is tried at once`() {
        var breaker = CircuitBreaker()
        note(&breaker, .blocked(.credentials))
        breaker.reconsider()
        #expect(breaker.permits(at: 0) == 1)
    }
}
