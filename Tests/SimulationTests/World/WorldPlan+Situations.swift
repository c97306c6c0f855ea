import Eskiz
import EskizQueue

// What goes wrong only when several things come together is arranged in a few worlds: chance alone would need too many.

extension WorldPlan {
    /// What is arranged.
    enum Situation: String, Sendable, CaseIterable {
        /// A text goes to the same phone several times, outcomes are unclear, and the list does not show our numbers.
        case twins
        /// Tokens are refused, new ones are long in coming, and requests last longer than a lease.
        case slowTokens = "slow tokens"
        /// A process gives way to the next one while its requests are under way, and the list shows none of them.
        case lateAnswers = "late answers"
        /// What was taken is not in the list, its repeat has to wait, and then its report comes.
        case lateReports = "late reports"
        /// Outcomes stay unclear until a person has to decide, and what is over is soon forgotten.
        case undecided
        /// Nobody knows how far Eskiz's clock is from ours, which is hours off, and no reports come.
        case strangeClock = "strange clock"
    }

    /// Puts a situation in the place of everything that was drawn.
    mutating func arrange(_ situation: Situation, _ random: inout SplitMix64) {
        self.situation = situation
        provider = ProviderPlan()
        provider.trouble = 0..<calm
        var installation = Installation()
        installation.isOnDisk = situation != .lateAnswers && random.isOne(in: 8)
        switch situation {
        case .twins: arrangeTwins(&installation, &random)
        case .slowTokens: arrangeSlowTokens(&installation, &random)
        case .lateAnswers: arrangeLateAnswers(&installation, &random)
        case .lateReports: arrangeLateReports(&installation, &random)
        case .undecided: arrangeUndecided(&installation, &random)
        case .strangeClock: arrangeStrangeClock(&installation, &random)
        }
        installation.steps += probes(0, &random)
        installation.steps.sort { $0.moment < $1.moment }
        installations = [installation]
    }

    private mutating func arrangeTwins(_ installation: inout Installation, _ random: inout SplitMix64) {
        settleTime = .seconds(random.between(1, 5))
        timeout = .seconds(5)
        provider.forgetsNumbers = true
        provider.weather.resetTaken = 20
        provider.weather.resetLost = 30
        provider.listLag = .milliseconds(random.one(of: [0, 500]))
        // Without them nobody learns which of two that were sent in one second was taken, and nobody has to.
        installation.hasCallbacks = false
        for _ in 0..<4 {
            let first = plain(at: random.between(0, calm / 2), .transactional, 0, &random)
            installation.steps.append(first)
            for _ in 0..<random.between(1, 2) {
                var twin = first
                twin.moment += random.between(0, 10_000)
                installation.steps.append(twin)
            }
        }
    }

    private mutating func arrangeSlowTokens(_ installation: inout Installation, _ random: inout SplitMix64) {
        settleTime = .seconds(1)
        timeout = .seconds(5)
        provider.weather.slow = 70
        provider.loginTime = random.milliseconds(3_000, 5_000)
        provider.tokenLag = random.milliseconds(0, 2_000)
        installation.lease = .seconds(random.one(of: [3, 6]))
        installation.hasCallbacks = random.isOne(in: 2)
        var moment: Int64 = random.between(1_000, 5_000)
        while moment < calm {
            provider.revocations.append(moment)
            for _ in 0..<3 {
                installation.steps.append(plain(at: moment + random.between(0, 2_000), .transactional, 0, &random))
            }
            moment += random.between(15_000, 20_000)
        }
    }

    private mutating func arrangeLateAnswers(_ installation: inout Installation, _ random: inout SplitMix64) {
        settleTime = .seconds(1)
        timeout = .seconds(random.one(of: [5, 10]))
        provider.weather.slow = 80
        provider.listFault = random.one(of: [.empty, .late(.seconds(3_600))])
        provider.postsReports = false
        installation.hasCallbacks = false
        var moment: Int64 = random.between(2_000, 5_000)
        while moment < calm {
            // An even pause: the next process does not wait for the end of this one.
            installation.endings.append(.init(moment: moment, pause: 10, isGraceful: true))
            for _ in 0..<3 {
                installation.steps.append(plain(at: moment - random.between(0, 2_000), .transactional, 0, &random))
            }
            moment += random.between(25_000, 30_000)
        }
    }

    private mutating func arrangeLateReports(_ installation: inout Installation, _ random: inout SplitMix64) {
        settleTime = .seconds(1)
        timeout = .seconds(5)
        provider.weather.resetTaken = 40
        provider.weather.throttled = 20
        provider.weather.unreachable = 10
        provider.weather.unpaid = 5
        provider.retryAfter = ["5", "10"]
        provider.listFault = random.one(of: [.empty, .late(.seconds(3_600))])
        provider.reportLag = random.milliseconds(6_000, 15_000)
        for _ in 0..<8 {
            let lane = random.one(of: [Lane.transactional, .bulk])
            installation.steps.append(plain(at: random.between(0, calm / 2), lane, 0, &random))
        }
    }

    private mutating func arrangeUndecided(_ installation: inout Installation, _ random: inout SplitMix64) {
        settleTime = .seconds(1)
        timeout = .seconds(5)
        provider.weather.resetLost = 35
        provider.weather.failedLost = 35
        installation.retention = .seconds(5)
        installation.hasCallbacks = random.isOne(in: 2)
        for _ in 0..<5 {
            installation.steps.append(plain(at: random.between(0, 10_000), .transactional, 0, &random))
        }
    }

    private mutating func arrangeStrangeClock(_ installation: inout Installation, _ random: inout SplitMix64) {
        provider.sendsDate = false
        provider.postsReports = false
        installation.clockOffset = .seconds(random.one(of: [-18_000, 18_000]))
        installation.hasCallbacks = false
        installation.concurrency = 16
        var mailing = plain(at: random.between(0, calm / 2), .transactional, 0, &random)
        mailing.count = random.between(40, 60)
        installation.steps.append(mailing)
    }
}
