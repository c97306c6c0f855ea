import Eskiz
import EskizPages
import EskizQueue
import EskizQueueTesting
import EskizTesting
import EskizWords
import Testing

@testable import EskizGateway

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What the first screen decides and computes, without a gateway.
@Suite struct OverviewValueTests {
    /// 2027-01-15 13:00 in Tashkent.
    static let now = Timestamp(milliseconds: 1_800_000_000_000)

    static func facts(_ change: (inout OverviewFacts) -> Void = { _ in }) -> OverviewFacts {
        var facts = OverviewFacts(
            now: now,
            statistics: QueueStatistics(),
            depth: QueueDepth(),
            obstacles: [],
            token: nil,
            renewals: RenewalHistory(),
            canLogIn: true,
            provider: ProviderState(),
            account: nil,
            today: ActivityCounts(),
            lastHour: [:],
            buckets: [],
            refusals: [:]
        )
        change(&facts)
        return facts
    }

    static func counts(_ change: (inout ActivityCounts) -> Void) -> ActivityCounts {
        var counts = ActivityCounts()
        change(&counts)
        return counts
    }

    // MARK: Is it well

    @Test func `with nothing to say all is well`() {
        #expect(Health(Self.facts()) == Health(.good, .healthWell))
        for (offset, time) in [(60, nil), (-60, nil), (61, 61), (-150, 150)] as [(Int, Int?)] {
            let health = Health(Self.facts { $0.provider.clockOffset = .seconds(offset) })
            #expect(health.phrase == (time == nil ? .healthWell : .healthClocks))
            #expect(health.time == time.map { .seconds($0) })
        }
    }

    @Test(arguments: [
        (["shutting_down"], Health(.warning, .healthStopping)), (["token_dead"], Health(.bad, .healthTokenDead)),
        (["token_absent"], Health(.bad, .healthTokenAbsent)), (["disk_almost_full"], Health(.bad, .healthDisk)),
        (["database_full"], Health(.bad, .healthStore)),
        (["database_full", "token_dead"], Health(.bad, .healthTokenDead)),
    ])
    func `what keeps messages from being accepted comes first`(obstacles: [String], health: Health) {
        let facts = Self.facts { facts in
            facts.obstacles = obstacles
            facts.provider.phase = .open
            facts.refusals = ["refused": 1]
        }
        #expect(Health(facts) == health)
    }

    @Test(arguments: [
        (CircuitBreaker.Reason.blocked(.credentials), Health(.bad, .healthCredentials)),
        (.blocked(.balance), Health(.bad, .healthBalance)),
        (.blocked(.configuration), Health(.bad, .healthConfiguration)),
        (.failures, Health(.warning, .healthAway, count: 3)),
    ])
    func `what keeps them from being sent comes next`(reason: CircuitBreaker.Reason, health: Health) {
        for phase in [CircuitBreaker.Phase.open, .halfOpen] {
            let facts = Self.facts { facts in
                facts.provider.phase = phase
                facts.provider.reason = reason
                facts.depth = QueueDepth(waiting: [.otp: 1, .bulk: 2])
                facts.refusals = ["refused": 1]
            }
            #expect(Health(facts) == health)
        }
    }

    private static func failed(_ code: EskizError.Code) -> RenewalHistory {
        RenewalHistory(failure: .init(wall: 0, reason: .start, code: code))
    }

    @Test(arguments: [
        (EskizError.Code.credentialsRefused, Health(.bad, .healthCredentials)),
        (.connectionFailed, Health(.bad, .healthNoToken, code: "connection_failed")),
        (.accountBlocked, Health(.bad, .healthNoToken, code: "account_blocked")),
    ])
    func `without a token nothing is well once a renewal has failed`(code: EskizError.Code, health: Health) {
        for state in [TokenState.absent, .expired, .rejected] {
            #expect(Health.token(state, Self.failed(code), canLogIn: true) == health)
        }
        #expect(Health(Self.facts { $0.renewals = Self.failed(code) }) == health)
    }

    @Test func `what is waited for is said with its end, whatever the provider's state`() {
        let hold = RenewalHold(until: 1_800_000_000_000_000_000, code: "rate_limited")
        let health = Health(
            .bad,
            .healthNoTokenUntil,
            moment: Timestamp(milliseconds: 1_800_000_000_000),
            code: "rate_limited"
        )
        for reason in [CircuitBreaker.Reason.blocked(.credentials), nil] {
            let facts = Self.facts { facts in
                facts.provider.phase = reason == nil ? .closed : .open
                facts.provider.reason = reason
                facts.token = nil
                facts.renewals = Self.failed(.rateLimited)
                facts.renewalHold = hold
            }
            #expect(Health(facts) == health)
        }
    }

    @Test(arguments: [TokenState.expired, .rejected])
    func `until a renewal has failed a dead token is a matter of the next message`(state: TokenState) {
        #expect(Health.token(state, RenewalHistory(), canLogIn: true) == Health(.warning, .healthRenewing))
    }

    @Test(arguments: [TokenState.valid, .due])
    func `of a token that cannot be renewed it is said before it ends`(state: TokenState) {
        func health(_ code: EskizError.Code, canLogIn: Bool) -> Health? {
            Health.token(state, Self.failed(code), canLogIn: canLogIn)
        }
        #expect(health(.credentialsRefused, canLogIn: true) == Health(.bad, .healthLoginWillFail))
        #expect(health(.tokenDead, canLogIn: false) == Health(.bad, .healthWillFail))
        // What passes heals by itself.
        #expect(health(.serverError, canLogIn: true) == nil)
    }

    @Test(
        arguments: [
            (nil, nil, nil), (Decimal(5_000), nil, nil), (5_000, .seconds(86_400), nil),
            (5_000, .seconds(5_400), Health(.warning, .healthLowBalance, time: .seconds(5_400))),
            (0, nil, Health(.bad, .healthNoMoney)), (-40, .zero, Health(.bad, .healthNoMoney)),
        ] as [(Decimal?, Duration?, Health?)]
    )
    func `a balance that ends within a day is said`(balance: Decimal?, lasts: Duration?, health: Health?) {
        #expect(Health.balance(balance, lasts: lasts) == health)
    }

    @Test func `where nothing waits the next message shows whether Eskiz is back`() {
        let facts = Self.facts { facts in
            facts.provider.phase = .halfOpen
            facts.provider.reason = .failures
        }
        #expect(Health(facts) == Health(.warning, .healthTrying))
    }

    @Test func `what waits for more than a minute is late, and what needs a person is said last`() {
        var facts = Self.facts { $0.statistics.deadWebhooks = 1 }
        #expect(Health(facts) == Health(.warning, .healthAttention))
        facts.statistics.oldestWaiting = [.otp: Self.now - .seconds(60)]
        #expect(Health(facts).phrase == .healthAttention)
        facts.statistics.oldestWaiting = [.otp: Self.now - .seconds(61), .bulk: Self.now - .seconds(5)]
        #expect(Health(facts) == Health(.warning, .healthSlow, time: .seconds(61)))
    }

    @Test func `each thing that needs a person leads to its messages, the worst first`() {
        let facts = Self.facts { facts in
            facts.statistics.counts = [.init(.otp, .unknown): 5, .init(.otp, .delivered): 9]
            facts.unsettled = 3
            facts.statistics.deadWebhooks = 4
            facts.refusals = ["refused": 1, "text_not_approved": 7, "": 1]
        }
        let items = Attention.items(of: facts)
        #expect(
            items == [
                Attention(kind: .unknown, count: 3), Attention(kind: .deadWebhooks, count: 4),
                Attention(kind: .refusal("text_not_approved"), count: 7), Attention(kind: .refusal(""), count: 1),
                Attention(kind: .refusal("refused"), count: 1),
            ]
        )
        #expect(
            items.map { URLEncoding.encode($0.fields) } == [
                "unsettled=yes", "webhook=dead", "status=failed&error=text_not_approved", "status=failed",
                "status=failed&error=refused",
            ]
        )
    }

    // MARK: Charts

    @Test(arguments: ChartRange.allCases)
    func `the columns of a range are whole steps and end now`(range: ChartRange) throws {
        let moment = Self.now + .milliseconds(12_345)
        let starts = range.starts(at: moment)
        #expect(starts.count == range.columns)
        for (first, second) in zip(starts, starts.dropFirst()) { #expect(second - first == range.step) }
        let last = try #require(starts.last)
        #expect(last <= moment && moment < last + range.step)
        #expect(last.milliseconds % range.step.wholeMilliseconds == 0)
    }

    @Test func `a chart has its numbers in their places`() throws {
        let start = try #require(ChartRange.hour.starts(at: Self.now).last)
        let bucket = ActivityBucket(
            start: start,
            operators: [
                OperatorPrefix(rawValue: 90): Self.counts { ($0.accepted, $0.submitted) = (30, 20) },
                OperatorPrefix(rawValue: 93): Self.counts {
                    ($0.accepted, $0.submitted, $0.delivered, $0.failed, $0.undelivered, $0.expired) = (
                        10, 10, 25, 2, 2, 1
                    )
                },
            ]
        )
        let chart = ActivityChart(range: .hour, buckets: [bucket], now: Self.now, language: .english)
        #expect(chart.columns.count == 60)
        #expect(chart.top == 50)
        #expect(chart.total.accepted == 40)
        #expect(ActivityChart.Series.allCases.map { $0.value(chart.total) } == [40, 30, 25, 5])
        #expect(!chart.isEmpty)
    }

    @Test(arguments: [(0, 2), (1, 2), (2, 2), (3, 5), (6, 10), (11, 20), (21, 50), (51, 100), (99_999, 100_000)])
    func `the upper edge is a round number`(highest: Int, top: Int) throws {
        let start = try #require(ChartRange.hour.starts(at: Self.now).first)
        let counts = [OperatorPrefix(rawValue: 90): Self.counts { $0.accepted = highest }]
        let chart = ActivityChart(
            range: .hour,
            buckets: [ActivityBucket(start: start, operators: counts)],
            now: Self.now,
            language: .english
        )
        #expect(chart.top == top)
    }

    @Test func `a share of the messages was as fast as the end of a step`() {
        var times = DeliveryTimes()
        #expect(times.percentile(0.5) == nil)
        for _ in 0..<94 { times.add(.milliseconds(1_500)) }
        for _ in 0..<5 { times.add(.seconds(25)) }
        times.add(.seconds(4_000))
        #expect(times.percentile(0.5) == .within(2))
        #expect(times.percentile(0.94) == .within(2))
        #expect(times.percentile(0.95) == .within(30))
        #expect(times.percentile(1) == .later)
    }

    @Test func `operators are named, the busiest first, and the unknown ones together`() {
        func sent(_ count: Int) -> ActivityCounts { Self.counts { $0.submitted = count } }
        let operators: [OperatorPrefix: ActivityCounts] = [
            OperatorPrefix(rawValue: 90): sent(2), OperatorPrefix(rawValue: 91): sent(3),
            OperatorPrefix(rawValue: 93): sent(9), OperatorPrefix(rawValue: 0): sent(1),
            OperatorPrefix(rawValue: 11): sent(1), OperatorPrefix(rawValue: 97): Self.counts { $0.accepted = 1 },
        ]
        let pace = DeliveryPace([ActivityBucket(start: Self.now, operators: operators)])
        #expect(pace.rows.map(\.name) == ["Ucell", "Beeline", nil])
        #expect(pace.rows.map(\.counts.submitted) == [9, 5, 2])
    }

    // MARK: Money

    @Test func `a balance lasts as long as the last hour's pace allows`() throws {
        let prices = try JSONDecoder().decode(
            Prices.self,
            from: Data(
                #"{"local":[{"smsc_id":2,"price":95},{"smsc_id":3,"price":"180.5"},{"smsc_id":1}],"global":[]}"#.utf8
            )
        )
        func segments(_ count: Int) -> ActivityCounts { Self.counts { $0.segments = count } }
        let cost = Spending.cost(
            of: [
                OperatorPrefix(rawValue: 90): segments(10), OperatorPrefix(rawValue: 93): segments(2),
                // No price: the dearest counts.
                OperatorPrefix(rawValue: 97): segments(1),
            ],
            at: prices
        )
        #expect(cost == Decimal(string: "1491.5"))
        #expect(Spending.left(of: 2_983, spending: cost) == .seconds(7_200))
        #expect(Spending.left(of: 0, spending: cost) == .zero)
        #expect(Spending.left(of: -50, spending: cost) == .zero)
        #expect(Spending.left(of: 100, spending: 0) == nil)
        #expect(Spending.left(of: 1_000_000_000, spending: 1) == nil)
    }

    // MARK: Words for amounts

    @Test(arguments: [
        (0, "0 s"), (119, "119 s"), (120, "2 min"), (7_199, "119 min"), (7_200, "2 h"), (11_999, "3 h 19 min"),
        (90_000, "25 h"), (172_800, "2 d"), (2_592_000, "30 d"), (-5, "0 s"),
    ])
    func `a while is said in one unit or two`(seconds: Int, text: String) {
        #expect(Language.english.span(.seconds(seconds)).replacing("\u{A0}", with: " ") == text)
    }

    @Test(
        arguments: [
            (nil, "–"), (1, "100 %"), (0.9999, "99,9 %"), (0.5, "50 %"), (0.006, "0,6 %"), (0, "0 %"),
        ] as [(Double?, String)]
    )
    func `a share is never rounded up to the whole`(share: Double?, text: String) {
        #expect(Language.russian.percent(share).replacing("\u{A0}", with: " ") == text)
    }

    @Test func `times of day are Tashkent's`() {
        #expect(Self.now.dayAndClock == "2027-01-15 13:00")
        #expect(Self.now.beginningOfDay.dayAndClock == "2027-01-15 00:00")
        #expect((Self.now.beginningOfDay - .milliseconds(1)).day == "2027-01-14")
    }

    @Test func `the answer times are those of the last answers`() {
        let watch = ProviderWatch()
        #expect(watch.state.answerTime(0.5) == nil)
        for number in 1...(ProviderWatch.answerLimit + 100) { watch.answered(in: .milliseconds(number)) }
        #expect(watch.state.answers.count == ProviderWatch.answerLimit)
        #expect(watch.state.answerTime(0.5) == .milliseconds(200))
        #expect(watch.state.answerTime(0.95) == .milliseconds(290))
        #expect(watch.state.answerTime(1) == .milliseconds(300))
    }
}
