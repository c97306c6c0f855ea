import Eskiz
package import EskizQueue
import Synchronization

/// A message store without a disk, for tests: everything a store does, until the process ends.
///
/// ```swift
/// let store = MemoryMessageStore()
/// store.fail(with: StoreError(.diskFull, "The disk is full.", remedy: "Make room."))
/// ```
package final class MemoryMessageStore: MessageStore {
    private let state: Mutex<State>
    private let depthCount = Atomic<Int>(0)

    private let common: (@Sendable () -> Timestamp)?

    /// - Parameters:
    ///   - numberOffset: what keeps its numbers apart from those of another store on the same account.
    ///   - commonTime: with one it is like a store on a server of its own.
    ///   - fenceStep: by how much the number of a message's claim grows: not by one where ``restore(_:)`` may undo claims.
    package init(
        numberOffset: Int64 = 0,
        commonTime: (@Sendable () -> Timestamp)? = nil,
        fenceStep: @escaping @Sendable () -> Int64 = { 1 }
    ) {
        state = Mutex(State(numberOffset: numberOffset, fenceStep: fenceStep))
        common = commonTime
    }

    /// Makes every call fail, until it is called with nil.
    package func fail(with error: StoreError?) {
        state.withLock { $0.failure = error }
    }

    /// What a store held at one moment.
    package struct Copy: Sendable {
        fileprivate var state: State
    }

    package func copy() -> Copy { state.withLock { Copy(state: $0) } }

    /// Undoes what has happened since, as a crash does with what a server had not flushed.
    ///
    /// - Returns: the messages whose state is another one now.
    package func restore(_ copy: Copy) -> [Message] {
        state.withLock { state in
            let former = state.messages
            state = copy.state
            return state.messages.values.map(\.message).filter { former[$0.id]?.message.state != $0.state }
                .sorted { $0.id < $1.id }
        }
    }

    /// One atomic step: whole, or not at all.
    func step<Result: Sendable>(
        _ body: (inout sending State) throws(StoreError) -> Result
    ) throws(StoreError) -> Result {
        try state.withLock { (state: inout sending State) throws(StoreError) -> Result in
            if let failure = state.failure { throw failure }
            return try body(&state)
        }
    }

    package var depth: QueueDepth {
        depthCount.add(1, ordering: .relaxed)
        return state.withLock { $0.depth }
    }

    /// How often somebody has asked how much waits.
    package var depthReads: Int { depthCount.load(ordering: .relaxed) }

    package func accept(
        _ messages: [NewMessage],
        batch: NewBatch?,
        idempotency: IdempotencyKey?,
        at now: Timestamp
    ) async throws(StoreError) -> Acceptance {
        try step { state in state.accept(messages, batch: batch, idempotency: idempotency, at: now) }
    }

    package func repetition(of key: IdempotencyKey) async throws(StoreError) -> Acceptance? {
        try step { state in state.repetition(of: key) }
    }

    package func remember(_ answer: [UInt8], for key: IdempotencyKey) async throws(StoreError) {
        try step { state in state.remember(answer, for: key) }
    }

    package func answer(for key: IdempotencyKey) async throws(StoreError) -> [UInt8]? {
        try step { state in state.known(key)?.answer }
    }

    package func claim(_ request: ClaimRequest, at now: Timestamp) async throws(StoreError) -> ClaimResult {
        try step { state in state.claim(request, at: now) }
    }

    package func beginWriting(_ claims: [Claim], at now: Timestamp) async throws(StoreError) {
        try step { state throws(StoreError) in try state.beginWriting(claims, at: now) }
    }

    package func settle(_ settlements: [Settlement], at now: Timestamp) async throws(StoreError) -> [Message] {
        try step { state in state.settle(settlements, at: now) }
    }

    package func extendLeases(owner: String, until: Timestamp) async throws(StoreError) {
        try step { state in state.extendLeases(owner: owner, until: until) }
    }

    package func recover(
        everythingBut owner: String?,
        sparing inHand: Set<MessageID>,
        at now: Timestamp
    ) async throws(StoreError) -> Recovery {
        try step { state in state.recover(owner.map { .everythingBut($0) } ?? .outlived, sparing: inHand, at: now) }
    }

    package func recover(
        claimsOf owner: String,
        sparing inHand: Set<MessageID>,
        at now: Timestamp
    ) async throws(StoreError) -> Recovery {
        try step { state in state.recover(.all(of: owner), sparing: inHand, at: now) }
    }

    package func clockAnchor() async throws(StoreError) -> ClockAnchor? {
        try step { state in state.clockAnchor }
    }

    package func moveMoments(
        by shift: Duration,
        from known: ClockAnchor?,
        to anchor: ClockAnchor
    ) async throws(StoreError) -> Bool {
        try step { state in state.moveMoments(by: shift, from: known, to: anchor) }
    }

    package func commonTime() async throws(StoreError) -> Timestamp? {
        try step { _ in common?() }
    }

    package func sweep(at now: Timestamp, limit: Int) async throws(StoreError) -> [Message] {
        try step { state in state.sweep(at: now, limit: limit) }
    }

    package func prune(finalBefore: Timestamp, limit: Int) async throws(StoreError) -> Int {
        try step { state in state.prune(finalBefore: finalBefore, limit: limit) }
    }

    package func cancel(_ id: MessageID, detail: String?, at now: Timestamp) async throws(StoreError) -> Cancellation {
        try step { state in state.cancel(id, detail: detail, at: now) }
    }

    package func amend(
        _ id: MessageID,
        with amendment: MessageAmendment,
        at now: Timestamp
    ) async throws(StoreError) -> Amending {
        try step { state in state.amend(id, with: amendment, at: now) }
    }

    package func settleUnknown(
        _ id: MessageID,
        as resolution: Resolution,
        ofAttempt attempt: Int?,
        at now: Timestamp
    ) async throws(StoreError) -> Message? {
        try step { state in state.settleUnknown(id, as: resolution, ofAttempt: attempt, at: now) }
    }

    package func keep(_ report: RawReport) async throws(StoreError) -> RawReportID {
        try step { state in state.keep(report) }
    }

    package func record(
        _ report: DeliveryReport,
        for key: ReportKey,
        raw: RawReportID?,
        at now: Timestamp
    ) async throws(StoreError) -> ReportEffect {
        try step { state in state.record(report, for: key, raw: raw, at: now) }
    }

    package func overdueForReport(at now: Timestamp, limit: Int) async throws(StoreError) -> [Message] {
        try step { state in state.overdueForReport(at: now, limit: limit) }
    }

    package func scheduleReport(_ id: MessageID, at moment: Timestamp?) async throws(StoreError) {
        try step { state in state.scheduleReport(id, at: moment) }
    }

    package func unsettled(at now: Timestamp, limit: Int) async throws(StoreError) -> [UnsettledMessage] {
        try step { state in state.unsettled(at: now, limit: limit) }
    }

    package func knownRows(of phone: String) async throws(StoreError) -> [KnownRow] {
        try step { state in state.knownRows(of: phone) }
    }

    package func noteAbsence(_ id: MessageID, count: Int, ofAttempt attempt: Int?, next: Timestamp)
        async throws(StoreError)
    {
        try step { state in state.noteAbsence(id, count: count, ofAttempt: attempt, next: next) }
    }

    package func message(_ id: MessageID) async throws(StoreError) -> Message? {
        try step { state in state.messages[id]?.message }
    }

    package func timeline(_ id: MessageID) async throws(StoreError) -> Timeline? {
        try step { state in state.timeline(id) }
    }

    package func messages(_ query: MessageSearch) async throws(StoreError) -> [Message] {
        try step { state in state.messages(query) }
    }

    package func page(_ query: MessageSearch, reach: Int) async throws(StoreError) -> SearchPage {
        try step { state in state.page(query, reach: reach) }
    }

    package func refusals(from: Timestamp, to: Timestamp) async throws(StoreError) -> [String: Int] {
        try step { state in state.refusals(from: from, to: to) }
    }

    package func audit(_ line: AuditLine) async throws(StoreError) {
        try step { state in state.audit(line) }
    }

    package func auditLines(_ query: AuditSearch) async throws(StoreError) -> [AuditLine] {
        try step { state in state.auditLines(query) }
    }

    package func pruneAudit(before: Timestamp, limit: Int) async throws(StoreError) -> Int {
        try step { state in state.pruneAudit(before: before, limit: limit) }
    }

    package func clientReferences(
        _ ids: [MessageID]
    ) async throws(StoreError) -> [MessageID: Message.ClientReference] {
        try step { state in state.clientReferences(ids) }
    }

    package func statistics() async throws(StoreError) -> QueueStatistics {
        try step { state in state.statistics() }
    }

    package func activity(
        from: Timestamp,
        to: Timestamp,
        step: Duration
    ) async throws(StoreError) -> [ActivityBucket] {
        try self.step { state in state.activity(from: from, to: to, step: step) }
    }

    package func dueWebhooks(
        at now: Timestamp,
        lease: Duration,
        limit: Int
    ) async throws(StoreError) -> [WebhookDelivery] {
        try step { state in state.dueWebhooks(at: now, lease: lease, limit: limit) }
    }

    package func finishWebhook(_ id: Int64, _ result: WebhookResult, at now: Timestamp) async throws(StoreError) {
        try step { state in state.finishWebhook(id, result) }
    }

    package func replayWebhooks(of id: MessageID, at now: Timestamp) async throws(StoreError) -> Int {
        try step { state in state.replayWebhooks(of: id, at: now) }
    }

    package func secret(_ name: String, orMake make: @Sendable () -> [UInt8]) async throws(StoreError) -> [UInt8] {
        try step { state in
            if let secret = state.secrets[name] { return secret }
            let secret = make()
            state.secrets[name] = secret
            return secret
        }
    }

    package func add(_ key: APIKeyRecord) async throws(StoreError) {
        try step { state throws(StoreError) in
            guard state.keys[key.id] == nil else { throw .keyExists(key.id) }
            state.keys[key.id] = key
        }
    }

    package func apiKeys() async throws(StoreError) -> [APIKeyRecord] {
        try step { state in state.keys.values.sorted { ($0.createdAt, $0.id) < ($1.createdAt, $1.id) } }
    }

    package func revokeAPIKey(_ id: String, at now: Timestamp) async throws(StoreError) -> Bool {
        try step { state in
            guard var key = state.keys[id] else { return false }
            key.revokedAt = key.revokedAt ?? now
            state.keys[id] = key
            return true
        }
    }

    package func checkWritable() async throws(StoreError) {
        try step { _ in }
    }

    package func close() async {}
}
