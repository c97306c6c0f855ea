import Eskiz
import EskizQueue

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Everything that the first screen is made of, as it was at one moment.
struct OverviewFacts: Sendable {
    var now: Timestamp
    var statistics: QueueStatistics
    var depth: QueueDepth
    /// Why messages cannot be accepted, by the fields of `/readyz`; empty if they can.
    var obstacles: [String]
    var token: TokenStatus?
    var renewals: RenewalHistory
    /// Until when no new token is asked for by itself.
    var renewalHold: RenewalHold?
    /// There is an e-mail and a key: a dead token heals by itself.
    var canLogIn: Bool
    var provider: ProviderState
    /// What keeps messages from being sent.
    var holds: [SendingHold] = []
    /// Nil until Eskiz has been asked.
    var account: AccountOverview?
    /// Since midnight in Tashkent.
    var today: ActivityCounts
    /// Of the last hour.
    var lastHour: [OperatorPrefix: ActivityCounts]
    /// Of the range of the charts.
    var buckets: [ActivityBucket]
    /// Of the last day, by code.
    var refusals: [String: Int]
    /// Unknown outcomes that nobody has settled for good.
    var unsettled = 0
    /// Who shares the store; empty for one gateway that is alone with it.
    var gateways: [FleetMember] = []

    var oldestWaiting: Duration? {
        statistics.oldestWaiting.values.min().map { now - $0 }
    }

    /// Eskiz's clock minus ours, if people should know of it.
    var clockDifference: Duration? {
        provider.clockOffset.flatMap { ClockComparison.isFar($0) ? $0 : nil }
    }

    /// UZS for what was submitted in the last hour; nil until Eskiz has told its prices.
    var spentLastHour: Decimal? { account.map { Spending.cost(of: lastHour, at: $0.prices) } }

    /// How long the balance lasts at that pace; nil if that is not known, or longer than anybody plans.
    var balanceLasts: Duration? {
        guard let account, let spentLastHour else { return nil }
        return Spending.left(of: account.balance, spending: spentLastHour)
    }

    /// A balance that lasts no longer than this is to be topped up.
    static let lowBalance: Duration = .seconds(86_400)
}

extension OverviewFacts {
    /// Reads what is needed, a few rolled-up rows each, however many messages there are.
    init(
        range: ChartRange,
        queue: MessageQueue,
        charts: ChartCache,
        client: EskizClient,
        readiness: Readiness,
        account: AccountOverview?
    ) async throws {
        let now = queue.clock.timestamp
        let store = queue.store
        let hour = try await charts.buckets(of: .hour)
        let today = try await store.activity(from: now.beginningOfDay, to: now + .seconds(1), step: .seconds(3_600))
        self.init(
            now: now,
            statistics: try await store.statistics(),
            depth: store.depth,
            obstacles: await readiness.failures().map(\.code),
            token: await client.storedTokenStatus(),
            renewals: client.renewals,
            renewalHold: await client.renewalHold(),
            canLogIn: client.configuration.email != nil && client.configuration.password != nil,
            provider: queue.provider.state,
            holds: queue.holds,
            account: account,
            today: today.reduce(into: ActivityCounts()) { $0 += $1.total },
            lastHour: hour.reduce(into: [:]) { sums, bucket in
                sums.merge(bucket.operators) { first, second in
                    var sum = first
                    sum += second
                    return sum
                }
            },
            buckets: range == .hour ? hour : try await charts.buckets(of: range),
            refusals: try await store.refusals(from: now - .seconds(86_400), to: now + .seconds(1))
        )
        gateways = try await store.fleet?.gateways() ?? []
        let unknown = statistics.count(.unknown)
        guard unknown > 0 else { return }
        // Of so many that they do not fit a page nobody counts how many were settled by hand.
        let open = try await store.page(MessageSearch(isUnsettled: true, limit: 100), reach: 10_000)
        unsettled = open.next == nil ? open.messages.count : unknown
    }
}
