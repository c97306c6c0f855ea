import Eskiz
import EskizQueue
import EskizQueueTesting
import Synchronization

/// A memory store that takes its time over `beginWriting`, or fails it for a while, or is cut off for good, as it is for a
/// process that was killed.
final class SlowStore: MessageStore {
    private let store: MemoryMessageStore
    private let time: VirtualTime
    private let delay: Duration
    private let failingUntil: Timestamp?
    private let isDead = Mutex(false)
    private let halfWay = Mutex(0)
    private let moving = Mutex(0)

    init(_ store: MemoryMessageStore, time: VirtualTime, beginWriting delay: Duration, failingUntil: Timestamp? = nil) {
        self.store = store
        self.time = time
        self.delay = delay
        self.failingUntil = failingUntil
    }

    /// The next calls that take messages in or out are carried out, and say that they were not.
    func failHalfWay(_ count: Int) { halfWay.withLock { $0 = count } }

    /// The same for the next calls that move moments.
    func failToMove(_ count: Int) { moving.withLock { $0 = count } }

    private func checkHalfWay(_ failures: borrowing Mutex<Int>) throws(StoreError) {
        let fails = failures.withLock { left in
            defer { left = max(0, left - 1) }
            return left > 0
        }
        if fails { throw StoreError(.unavailable, "The disk does not answer.", remedy: "") }
    }

    /// Nothing that this process does counts any more.
    func cutOff() { isDead.withLock { $0 = true } }

    private func check() throws(StoreError) {
        if isDead.withLock({ $0 }) { throw StoreError(.unavailable, "This process is dead.", remedy: "") }
    }

    var depth: QueueDepth { store.depth }

    func beginWriting(_ claims: [Claim], at now: Timestamp) async throws(StoreError) {
        try check()
        if delay > .zero { await time.pass(delay) }
        if let failingUntil, time.timestamp < failingUntil {
            throw StoreError(.unavailable, "The disk does not answer.", remedy: "")
        }
        try check()
        try await store.beginWriting(claims, at: now)
    }

    func accept(
        _ messages: [NewMessage],
        batch: NewBatch?,
        idempotency: IdempotencyKey?,
        at now: Timestamp
    ) async throws(StoreError) -> Acceptance {
        try check()
        let acceptance = try await store.accept(messages, batch: batch, idempotency: idempotency, at: now)
        try checkHalfWay(halfWay)
        return acceptance
    }

    func repetition(of key: IdempotencyKey) async throws(StoreError) -> Acceptance? {
        try check()
        return try await store.repetition(of: key)
    }

    func remember(_ answer: [UInt8], for key: IdempotencyKey) async throws(StoreError) {
        try check()
        try await store.remember(answer, for: key)
    }

    func answer(for key: IdempotencyKey) async throws(StoreError) -> [UInt8]? {
        try check()
        return try await store.answer(for: key)
    }

    func claim(_ request: ClaimRequest, at now: Timestamp) async throws(StoreError) -> ClaimResult {
        try check()
        let result = try await store.claim(request, at: now)
        if !result.claims.isEmpty { try checkHalfWay(halfWay) }
        return result
    }

    func settle(_ settlements: [Settlement], at now: Timestamp) async throws(StoreError) -> [Message] {
        try check()
        return try await store.settle(settlements, at: now)
    }

    func extendLeases(owner: String, until: Timestamp) async throws(StoreError) {
        try check()
        try await store.extendLeases(owner: owner, until: until)
    }

    func recover(
        everythingBut owner: String?,
        sparing inHand: Set<MessageID>,
        at now: Timestamp
    ) async throws(StoreError) -> Recovery {
        try check()
        return try await store.recover(everythingBut: owner, sparing: inHand, at: now)
    }

    func recover(
        claimsOf owner: String,
        sparing inHand: Set<MessageID>,
        at now: Timestamp
    ) async throws(StoreError) -> Recovery {
        try check()
        return try await store.recover(claimsOf: owner, sparing: inHand, at: now)
    }

    func clockAnchor() async throws(StoreError) -> ClockAnchor? {
        try check()
        return try await store.clockAnchor()
    }

    func moveMoments(
        by shift: Duration,
        from known: ClockAnchor?,
        to anchor: ClockAnchor
    ) async throws(StoreError) -> Bool {
        try check()
        let isDone = try await store.moveMoments(by: shift, from: known, to: anchor)
        try checkHalfWay(moving)
        return isDone
    }

    func sweep(at now: Timestamp, limit: Int) async throws(StoreError) -> [Message] {
        try check()
        return try await store.sweep(at: now, limit: limit)
    }

    func prune(finalBefore: Timestamp, limit: Int) async throws(StoreError) -> Int {
        try check()
        return try await store.prune(finalBefore: finalBefore, limit: limit)
    }

    func cancel(_ id: MessageID, detail: String?, at now: Timestamp) async throws(StoreError) -> Cancellation {
        try check()
        return try await store.cancel(id, detail: detail, at: now)
    }

    func amend(
        _ id: MessageID,
        with amendment: MessageAmendment,
        at now: Timestamp
    ) async throws(StoreError) -> Amending {
        try check()
        return try await store.amend(id, with: amendment, at: now)
    }

    func settleUnknown(
        _ id: MessageID,
        as resolution: Resolution,
        ofAttempt attempt: Int?,
        at now: Timestamp
    ) async throws(StoreError) -> Message? {
        try check()
        return try await store.settleUnknown(id, as: resolution, ofAttempt: attempt, at: now)
    }

    func keep(_ report: RawReport) async throws(StoreError) -> RawReportID {
        try check()
        return try await store.keep(report)
    }

    func record(
        _ report: DeliveryReport,
        for key: ReportKey,
        raw: RawReportID?,
        at now: Timestamp
    ) async throws(StoreError) -> ReportEffect {
        try check()
        return try await store.record(report, for: key, raw: raw, at: now)
    }

    func overdueForReport(at now: Timestamp, limit: Int) async throws(StoreError) -> [Message] {
        try check()
        return try await store.overdueForReport(at: now, limit: limit)
    }

    func scheduleReport(_ id: MessageID, at moment: Timestamp?) async throws(StoreError) {
        try check()
        try await store.scheduleReport(id, at: moment)
    }

    func unsettled(at now: Timestamp, limit: Int) async throws(StoreError) -> [UnsettledMessage] {
        try check()
        return try await store.unsettled(at: now, limit: limit)
    }

    func knownRows(of phone: String) async throws(StoreError) -> [KnownRow] {
        try check()
        return try await store.knownRows(of: phone)
    }

    func noteAbsence(_ id: MessageID, count: Int, ofAttempt attempt: Int?, next: Timestamp) async throws(StoreError) {
        try check()
        try await store.noteAbsence(id, count: count, ofAttempt: attempt, next: next)
    }

    func message(_ id: MessageID) async throws(StoreError) -> Message? { try await store.message(id) }
    func timeline(_ id: MessageID) async throws(StoreError) -> Timeline? { try await store.timeline(id) }
    func messages(_ query: MessageSearch) async throws(StoreError) -> [Message] { try await store.messages(query) }
    func page(_ query: MessageSearch, reach: Int) async throws(StoreError) -> SearchPage {
        try await store.page(query, reach: reach)
    }
    func refusals(from: Timestamp, to: Timestamp) async throws(StoreError) -> [String: Int] {
        try await store.refusals(from: from, to: to)
    }
    func audit(_ line: AuditLine) async throws(StoreError) {
        try check()
        try await store.audit(line)
    }
    func auditLines(_ query: AuditSearch) async throws(StoreError) -> [AuditLine] { try await store.auditLines(query) }
    func pruneAudit(before: Timestamp, limit: Int) async throws(StoreError) -> Int {
        try await store.pruneAudit(before: before, limit: limit)
    }
    func clientReferences(_ ids: [MessageID]) async throws(StoreError) -> [MessageID: Message.ClientReference] {
        try await store.clientReferences(ids)
    }
    func activity(from: Timestamp, to: Timestamp, step: Duration) async throws(StoreError) -> [ActivityBucket] {
        try await store.activity(from: from, to: to, step: step)
    }
    func statistics() async throws(StoreError) -> QueueStatistics { try await store.statistics() }
    func dueWebhooks(at now: Timestamp, lease: Duration, limit: Int) async throws(StoreError) -> [WebhookDelivery] {
        try await store.dueWebhooks(at: now, lease: lease, limit: limit)
    }
    func finishWebhook(_ id: Int64, _ result: WebhookResult, at now: Timestamp) async throws(StoreError) {
        try await store.finishWebhook(id, result, at: now)
    }
    func replayWebhooks(of id: MessageID, at now: Timestamp) async throws(StoreError) -> Int {
        try await store.replayWebhooks(of: id, at: now)
    }
    func secret(_ name: String, orMake make: @Sendable () -> [UInt8]) async throws(StoreError) -> [UInt8] {
        try await store.secret(name, orMake: make)
    }
    func add(_ key: APIKeyRecord) async throws(StoreError) { try await store.add(key) }
    func apiKeys() async throws(StoreError) -> [APIKeyRecord] { try await store.apiKeys() }
    func revokeAPIKey(_ id: String, at now: Timestamp) async throws(StoreError) -> Bool {
        try await store.revokeAPIKey(id, at: now)
    }
    func checkWritable() async throws(StoreError) {
        try check()
        try await store.checkWritable()
    }
    func close() async {}
}
