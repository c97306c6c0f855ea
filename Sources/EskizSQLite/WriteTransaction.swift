import EskizQueue
import GRDB

/// The transaction that a group of operations shares, and what the writer keeps in memory meanwhile.
///
/// The operations are in the files beside it, by area.
struct WriteTransaction {
    let db: Database
    var ledger: Ledger

    /// Writes what is kept once per transaction.
    mutating func finish() throws {
        for (minute, counts) in ledger.takeActivity() {
            try run(ActivityRecord.add, ActivityRecord.arguments(minute, counts))
        }
        for (refusal, count) in ledger.takeRefusals() { try add(count, to: refusal) }
        for sum in ledger.sums.takeChanged() { try write(sum) }
        for counter in ledger.takeChanged() { try setCounter(counter.name, to: Int64(counter.value)) }
    }

    func setCounter(_ name: Int64, to value: Int64) throws {
        try run(
            "INSERT INTO counters (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            [name, value]
        )
    }

    // MARK: Statements

    /// Runs a statement that is prepared once and kept.
    func run(_ sql: String, _ arguments: [(any DatabaseValueConvertible)?]) throws {
        try db.statement(sql, arguments).execute()
    }

    func rows<Value>(
        _ sql: String,
        _ arguments: [(any DatabaseValueConvertible)?],
        _ read: (StatementRow) throws -> Value
    ) throws
        -> [Value]
    {
        try db.rows(sql, arguments, read)
    }

    func row<Value>(
        _ sql: String,
        _ arguments: [(any DatabaseValueConvertible)?],
        _ read: (StatementRow) throws -> Value
    ) throws
        -> Value?
    {
        try db.rows(sql, arguments, read).first
    }

    // MARK: Messages

    func stored(_ id: MessageID) throws -> StoredMessage? {
        try row("SELECT \(MessageRecord.columns) FROM messages WHERE id = ?", [id], MessageRecord.stored)
    }

    mutating func insert(_ stored: StoredMessage) throws {
        try db.insert(MessageRecord.insert) { MessageRecord.bind(new: stored, to: &$0) }
        ledger.move(stored.message.lane, from: nil, to: stored.message.state)
        ledger.count(.accepted, of: stored.message.phone, at: stored.message.createdAt)
    }

    mutating func update(_ stored: StoredMessage, was old: StoredMessage) throws {
        guard stored != old else { return }
        try run(MessageRecord.update, MessageRecord.updateArguments(stored))
        if stored.message.providerID != old.message.providerID {
            try run(MessageRecord.updateProviderID, [stored.message.providerID, stored.message.id])
        }
        ledger.move(stored.message.lane, from: old.message.state, to: stored.message.state)
    }

    /// Changes a message by one of its own decisions, and writes what follows from it.
    ///
    /// - Returns: the message afterwards; nil if it decided against it.
    mutating func change(
        _ old: StoredMessage,
        at now: Timestamp,
        _ decide: (inout StoredMessage) -> MessageChange?
    ) throws -> Message? {
        var stored = old
        guard let change = decide(&stored) else { return nil }
        try update(stored, was: old)
        count(change, from: old, to: stored, at: now)
        return try follow(change, of: stored, reportID: nil, at: now).message
    }

    mutating func count(_ change: MessageChange, from old: StoredMessage, to new: StoredMessage, at now: Timestamp) {
        ledger.count(
            ActivityCounts(change, from: old.message, to: new.message, at: now),
            of: new.message.phone,
            at: now
        )
        ledger.count(RefusalHour(change, of: new.message, at: now))
    }

    /// Writes what a decision leads to.
    ///
    /// - Returns: the message afterwards, which reports that waited for it may have changed again.
    mutating func follow(
        _ change: MessageChange,
        of stored: StoredMessage,
        reportID: Int64?,
        at now: Timestamp
    ) throws -> StoredMessage {
        let fence = change.attemptFence ?? stored.fence
        switch change.attempt {
        case .answered(let outcome, let providerID, let error):
            try run(
                """
                UPDATE attempts SET phase = 2, answered_at = ?, outcome = ?, provider_id = ?, error_code = ?, \
                error_message = ?, error_http_status = ? WHERE message_id = ? AND fence = ?
                """,
                [
                    now, outcome.code, providerID, error?.code, error?.message, error?.httpStatus, stored.message.id,
                    fence,
                ]
            )
        case .forgotten:
            try run("DELETE FROM attempts WHERE message_id = ? AND fence = ?", [stored.message.id, fence])
        case nil:
            break
        }
        for webhook in change.webhooks {
            try run(
                """
                INSERT INTO webhooks (message_id, url, format, state, report_id, created_at, progress, attempts, next_at) \
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
                [
                    webhook.messageID, webhook.url, webhook.format.code, webhook.state.code,
                    webhook.report == nil ? nil : reportID, webhook.createdAt, webhook.progress.code, webhook.attempts,
                    webhook.nextAt,
                ]
            )
        }
        guard let providerID = change.learntProviderID else { return stored }
        return try applyWaiting(for: providerID, to: stored, at: now)
    }
}

extension Database {
    /// Writes a new row.
    func insert(_ sql: String, _ bind: (inout StatementValues) -> Void) throws {
        let statement = try emptyStatement(sql)
        var values = StatementValues(statement)
        bind(&values)
        try values.check()
        try statement.execute()
    }
}
