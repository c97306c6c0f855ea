import Eskiz
import EskizQueue

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What `GET /v1/doctor` judges, as it was at one moment.
struct DoctorFacts: Sendable {
    var now: Timestamp
    /// Why messages cannot be accepted, by the codes of `/readyz`; empty if they can.
    var obstacles: [String] = []
    /// Nil if the store cannot be read.
    var statistics: QueueStatistics? = QueueStatistics()
    var depth = QueueDepth()
    /// What keeps messages from being sent.
    var holds: [SendingHold] = []
    /// Several gateways share the store.
    var isShared = false
    /// How many of them are alive, and what their database promises; nil if the store cannot be read.
    var fleet: (alive: Int, promise: FleetPromise)?
    /// What makes their database slow; nil if it cannot be asked.
    var database: DatabaseHealth?
    /// Of the database's file system; nil if it is not known.
    var disk: DiskSpace?
    var watermark = DiskWatermark()
    /// Eskiz's clock minus ours; nil while it is not known.
    var clockOffset: Duration?
    var token = TokenState.valid
    /// Nil for a token that does not say when it ends.
    var tokenLeft: Duration?
    /// It lives in memory only, and a restart loses it.
    var tokenIsInMemory = false
    var renewals = RenewalHistory()
    /// Until when no new token is asked for by itself.
    var renewalHold: RenewalHold?
    /// There is an e-mail and a key: a dead token heals by itself.
    var canLogIn = true
    /// UZS; nil until Eskiz has told it.
    var balance: Decimal?
    /// Whether Eskiz is told where to post delivery reports.
    var hasCallbacks = true
    var reports = ReportWatch.State()
    /// Unknown outcomes that the gateway is still looking for in Eskiz's list.
    var unclear = 0
    /// Those that it has given up: a person has to settle them.
    var unsettled = 0
}

extension DoctorFacts {
    /// Reads them; nothing here waits for Eskiz.
    init(
        queue: MessageQueue,
        client: EskizClient,
        readiness: Readiness,
        disk: DiskGauge,
        account: AccountOverview?
    ) async {
        let status = await client.storedTokenStatus()
        let statistics = try? await queue.store.statistics()
        let configuration = client.configuration
        self.init(
            now: queue.clock.timestamp,
            obstacles: await readiness.failures().map(\.code),
            statistics: statistics,
            depth: queue.store.depth,
            holds: queue.holds,
            disk: disk.space,
            watermark: disk.watermark,
            clockOffset: client.providerClock.reading.offset,
            token: TokenState(status),
            tokenLeft: status?.remaining,
            tokenIsInMemory: status?.isStoreDegraded ?? false,
            renewals: client.renewals,
            renewalHold: await client.renewalHold(),
            canLogIn: configuration.email != nil && configuration.password != nil,
            balance: account?.balance,
            hasCallbacks: queue.configuration.callbackURL() != nil,
            reports: queue.reports.state
        )
        if let store = queue.store.fleet {
            isShared = true
            if let members = try? await store.gateways(), let promise = try? await store.promise() {
                fleet = (members.count(where: \.isAlive), promise)
            }
            database = try? await store.health()
        }
        // A token of the settings is there, although nobody has used it yet.
        if status == nil, configuration.token != nil { token = .valid }
        let unknown = statistics?.count(.unknown) ?? 0
        guard unknown > 0 else { return }
        guard let open = try? await queue.store.page(MessageSearch(isUnsettled: true, limit: 100), reach: 10_000) else {
            return
        }
        unsettled = open.messages.count(where: \.needsPerson)
        unclear = open.messages.count - unsettled
        // Of more than fit a page nobody counts which are which.
        guard open.next != nil else { return }
        if unsettled > 0 { unsettled = unknown - unclear } else { unclear = unknown }
    }
}
