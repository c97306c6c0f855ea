import EskizQueue

/// The transaction that a group of operations shares: messages are fetched and locked, decide for themselves, and are written
/// back many at a time.
///
/// Used on the thread of one connection. What is written waits here until somebody asks the tables a question, or the end.
/// The operations are in the files beside it, by area.
final class StoreTransaction {
    let session: PostgresSession
    /// Whose counts these are.
    let shard: Int
    /// By how much the number of a message's claim grows.
    var fenceStep: @Sendable () -> Int64 = { 1 }
    /// A copy of the store's, which becomes the store's with the commit.
    var numbers: NumberBlock
    /// From where on claims look, lane by lane; nil for everywhere.
    private(set) var cursors: [Lane: Timestamp]?
    /// The turn of the last message that was claimed, lane by lane.
    var claimedUpTo: [Lane: Timestamp] = [:]

    /// Messages as they are after everything so far; all of them locked.
    private var rows: [MessageID: StoredMessage] = [:]
    private var absent: Set<MessageID> = []
    private var inserted: [MessageID] = []
    private var changed: Set<MessageID> = []
    private var prepared: [AttemptRow.Preparation] = []
    private var begun: [AttemptRow.Beginning] = []
    private var ended: [AttemptRow.Key: AttemptRow.Ending] = [:]
    private var forgotten: Set<AttemptRow.Key> = []
    private var newReports: [ReportRow] = []
    private var newWebhooks: [WebhookRow] = []

    /// Codes that wait, where they were fetched.
    var codes: [Footprint.CodeKey: [MessageID]] = [:]
    /// Idempotency keys as they are, where they were fetched; nil for one that nobody has used.
    var keys: [Footprint.KeyName: KnownKey?] = [:]
    var histories: [MessageID: [DeliveryReport]] = [:]
    var waiting: [String: [ReportRow]] = [:]
    /// What the list of suppressed phones says of those that were looked up; nil for one that is not on it.
    var suppressed: [String: Suppression.Scope?] = [:]
    /// What is counted for all together: how it was found, what is added here, and how far it may go.
    var sums = StoreSums()
    private var reportNumbers: [Int64] = []

    private(set) var deltas: [String: Int] = [:]
    private(set) var activity: [ActivityMinute: ActivityCounts] = [:]
    private(set) var refusals: [RefusalHour: Int] = [:]
    /// The earliest turn of what came to wait, lane by lane.
    private(set) var queuedFrom: [Lane: Timestamp] = [:]
    /// The counts of this shard after the commit, as far as they were changed.
    private(set) var counts: [String: Int] = [:]

    init(_ session: PostgresSession, shard: Int, numbers: NumberBlock, cursors: [Lane: Timestamp]?) {
        self.session = session
        self.shard = shard
        self.numbers = numbers
        self.cursors = cursors
    }

    // MARK: Fetching

    /// Fetches and locks what a group is going to look at, in one round trip; its locks that are known were taken.
    func prepare(_ footprint: Footprint) throws(PostgresError) {
        var footprint = footprint
        if !footprint.verifications.isEmpty {
            footprint.subjects.formUnion(try subjects(of: footprint.verifications))
            session.lock(footprint.locks)
        }
        if !footprint.messages.isEmpty {
            let ids = footprint.messages
            look("m.id = ANY($1) ORDER BY m.id", [.ints(ids.sorted().map(\.rawValue))]) { [self] found in
                absent.formUnion(ids.subtracting(found.map(\.message.id)))
            }
        }
        if !footprint.codes.isEmpty { fetchCodes(Array(footprint.codes)) }
        if !footprint.ceilings.isEmpty { fetchSums(footprint.ceilings) }
        if !footprint.phones.isEmpty { fetchSuppressions(footprint.phones) }
        if !footprint.keys.isEmpty { fetchKeys(Array(footprint.keys)) }
        if !footprint.histories.isEmpty { fetchHistories(footprint.histories.sorted()) }
        if !footprint.providers.isEmpty { fetchWaiting(Array(footprint.providers)) }
        if footprint.reports > 0 { fetchReportNumbers(footprint.reports) }
        if !footprint.isEmpty { try session.sendDeferred() }
    }

    /// Messages that fit, locked for this transaction.
    func select(
        _ condition: String,
        _ values: [PostgresValue],
        from tables: String = "eskiz.messages m",
        locking: String = "FOR UPDATE OF m"
    ) throws(PostgresError) -> [StoredMessage] {
        var found: [StoredMessage] = []
        look(condition, values, from: tables, locking: locking) { found = $0 }
        try session.sendDeferred()
        return found
    }

    /// The same, with the next round trip.
    func look(
        _ condition: String,
        _ values: [PostgresValue],
        from tables: String = "eskiz.messages m",
        locking: String = "FOR UPDATE OF m",
        _ take: @escaping ([StoredMessage]) -> Void
    ) {
        flush()
        session.deferQuery(
            "SELECT \(MessageRow.selection) FROM \(tables) WHERE \(condition) \(locking)",
            values,
            isPrepared: true
        ) { [self] (answer) throws(PostgresError) in
            let found = try answer.map(MessageRow.stored)
            for stored in found { rows[stored.message.id] = stored }
            take(found)
        }
    }

    func stored(_ id: MessageID) throws(PostgresError) -> StoredMessage? {
        if let known = rows[id] { return known }
        if absent.contains(id) { return nil }
        return try select("m.id = $1", [.int(id.rawValue)]).first
    }

    /// One that was fetched, or written, in this transaction.
    func known(_ id: MessageID) -> StoredMessage? { rows[id] }

    private func fetchReportNumbers(_ count: Int) {
        session.deferQuery(
            "SELECT nextval('eskiz.report_numbers') AS number FROM generate_series(1, $1)",
            [.int(Int64(count))],
            isPrepared: true
        ) { [self] (answer) throws(PostgresError) in
            reportNumbers += try answer.map { (row) throws(PostgresError) in try row.int("number") }.sorted(by: >)
        }
    }

    private func reportNumber() throws(PostgresError) -> Int64 {
        if reportNumbers.isEmpty {
            fetchReportNumbers(1)
            try session.sendDeferred()
        }
        guard let number = reportNumbers.popLast() else { throw PostgresError(.badStatement) }
        return number
    }

    // MARK: Writing

    func insert(_ stored: StoredMessage) {
        let id = stored.message.id
        rows[id] = stored
        absent.remove(id)
        inserted.append(id)
        if let key = Footprint.CodeKey(stored.message, purpose: stored.purpose) { codes[key]?.append(id) }
        move(stored.message.lane, from: nil, to: stored.message.state)
        noteTurn(stored)
        count(.accepted, of: stored.message.phone, at: stored.message.createdAt)
    }

    func update(_ stored: StoredMessage, was old: StoredMessage) {
        guard stored != old else { return }
        rows[stored.message.id] = stored
        changed.insert(stored.message.id)
        move(stored.message.lane, from: old.message.state, to: stored.message.state)
        noteTurn(stored)
    }

    /// Rows that are deleted by a statement of their own.
    func forget(_ ids: [MessageID]) {
        for id in ids {
            rows[id] = nil
            absent.insert(id)
        }
    }

    /// Everything is fetched anew: a statement has changed many at once.
    func forgetAll() {
        rows = [:]
        absent = []
        codes = [:]
        cursors = nil
        claimedUpTo = [:]
        for lane in Lane.allCases { queuedFrom[lane] = Timestamp(milliseconds: .min) }
    }

    private func noteTurn(_ stored: StoredMessage) {
        guard stored.message.state == .queued else { return }
        let lane = stored.message.lane
        queuedFrom[lane] = min(queuedFrom[lane] ?? stored.message.dueAt, stored.message.dueAt)
    }

    func prepare(_ claim: Claim, _ attempt: Attempt) {
        let key = AttemptRow.Key(message: claim.message.id, fence: claim.fence)
        prepared.append(AttemptRow.Preparation(key: key, number: attempt.number, at: attempt.preparedAt))
    }

    func begin(_ claim: Claim, at now: Timestamp) {
        begun.append(AttemptRow.Beginning(key: .init(message: claim.message.id, fence: claim.fence), at: now))
    }

    /// Keeps a report; its number is for the webhooks that tell of it.
    func insert(
        _ report: DeliveryReport,
        messageID: MessageID?,
        waitsFor: String? = nil,
        phone: String? = nil,
        raw: RawReportID?
    ) throws(PostgresError) -> Int64 {
        let row = ReportRow(
            id: try reportNumber(),
            messageID: messageID,
            waitsFor: waitsFor,
            phone: phone,
            raw: raw,
            report: report
        )
        newReports.append(row)
        if let messageID { histories[messageID]?.append(report) }
        if let waitsFor { waiting[waitsFor]?.append(row) }
        return row.id
    }

    func insert(_ webhook: WebhookDelivery, reportID: Int64?) {
        newWebhooks.append(WebhookRow(delivery: webhook, reportID: webhook.report == nil ? nil : reportID))
    }

    /// Changes a message by one of its own decisions, and writes what follows from it.
    ///
    /// - Returns: the message afterwards; nil if it decided against it.
    func change(
        _ old: StoredMessage,
        at now: Timestamp,
        _ decide: (inout StoredMessage) -> MessageChange?
    ) throws(PostgresError) -> Message? {
        var stored = old
        guard let change = decide(&stored) else { return nil }
        update(stored, was: old)
        count(change, from: old, to: stored, at: now)
        return try follow(change, of: stored, reportID: nil, at: now).message
    }

    /// Writes what a decision leads to.
    ///
    /// - Returns: the message afterwards, which reports that waited for it may have changed again.
    func follow(
        _ change: MessageChange,
        of stored: StoredMessage,
        reportID: Int64?,
        at now: Timestamp
    ) throws(PostgresError) -> StoredMessage {
        let key = AttemptRow.Key(message: stored.message.id, fence: change.attemptFence ?? stored.fence)
        switch change.attempt {
        case .answered(let outcome, let providerID, let error):
            ended[key] = AttemptRow.Ending(key: key, at: now, outcome: outcome, providerID: providerID, error: error)
        case .forgotten:
            ended[key] = nil
            forgotten.insert(key)
        case nil:
            break
        }
        for webhook in change.webhooks { insert(webhook, reportID: reportID) }
        guard let providerID = change.learntProviderID else { return stored }
        return try applyWaiting(for: providerID, to: stored, at: now)
    }

    // MARK: Counting

    func add(_ difference: Int, to name: String) {
        if difference != 0 { deltas[name, default: 0] += difference }
    }

    /// The message has gone from one state to another; nil for not being there.
    func move(_ lane: Lane, from old: MessageState?, to new: MessageState?) {
        guard old != new else { return }
        if let old { add(-1, to: Figures.name(lane, old)) }
        if let new { add(1, to: Figures.name(lane, new)) }
    }

    func count(_ counts: ActivityCounts, of phone: String, at now: Timestamp) {
        if !counts.isEmpty { activity[ActivityMinute(now, phone: phone), default: .init()] += counts }
    }

    func count(_ change: MessageChange, from old: StoredMessage, to new: StoredMessage, at now: Timestamp) {
        count(ActivityCounts(change, from: old.message, to: new.message, at: now), of: new.message.phone, at: now)
        if let refusal = RefusalHour(change, of: new.message, at: now) { refusals[refusal, default: 0] += 1 }
    }

    // MARK: Ending

    /// Writes what has been waiting here, with the next round trip.
    func flush() {
        if !inserted.isEmpty {
            MessageRow.insert(inserted.compactMap { rows[$0] }, session)
            changed.subtract(inserted)
            inserted = []
        }
        if !changed.isEmpty {
            MessageRow.update(changed.sorted().compactMap { rows[$0] }, session)
            changed = []
        }
        AttemptRow.insert(prepared, session)
        prepared = []
        AttemptRow.begin(begun, session)
        begun = []
        AttemptRow.end(Array(ended.values), session)
        ended = [:]
        AttemptRow.forget(Array(forgotten), session)
        forgotten = []
        ReportRow.insert(newReports, session)
        newReports = []
        WebhookRow.insert(newWebhooks, session)
        newWebhooks = []
    }

    /// Writes everything, the counts last: what others could wait for is locked for the shortest time.
    ///
    /// It goes out with the commit, but for sums that may turn out to be too high.
    func finish() throws(PostgresError) {
        flush()
        try sums.write(session)
        CountRows.add(refusals, shard: shard, session)
        CountRows.add(activity, deltas, shard: shard, session) { [self] in counts = $0 }
    }

    private func fetchSums(_ ceilings: [Footprint.SumName: Int]) {
        sums.fetch(ceilings, session) { [self] in sums.take($0) }
    }
}
