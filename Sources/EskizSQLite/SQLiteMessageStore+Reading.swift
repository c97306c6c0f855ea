package import EskizQueue
import GRDB

extension SQLiteMessageStore {
    package func message(_ id: MessageID) async throws(StoreError) -> Message? {
        try await read { db in try db.message(id) }
    }

    package func timeline(_ id: MessageID) async throws(StoreError) -> Timeline? {
        try await read { db in
            guard let message = try db.message(id) else { return nil }
            return Timeline(
                message: message,
                attempts: try db.rows(
                    "SELECT \(AttemptRecord.columns) FROM attempts WHERE message_id = ? ORDER BY fence",
                    [id],
                    AttemptRecord.attempt
                ),
                reports: try db.rows(
                    "SELECT \(ReportRecord.columns) FROM reports WHERE message_id = ? ORDER BY id",
                    [id]
                ) { try ReportRecord.report($0) },
                webhooks: try db.rows(
                    "\(WebhookRecord.selection) WHERE w.message_id = ? ORDER BY w.id",
                    [id],
                    WebhookRecord.delivery
                )
            )
        }
    }

    package func messages(_ query: MessageSearch) async throws(StoreError) -> [Message] {
        let (sql, arguments) = query.statement
        return try await read { db in try db.rows(sql, arguments) { try MessageRecord.stored($0).message } }
    }

    package func clientReferences(
        _ ids: [MessageID]
    ) async throws(StoreError) -> [MessageID: Message.ClientReference] {
        try await read { db in
            var found: [MessageID: Message.ClientReference] = [:]
            for id in ids {
                for client in try db.rows(
                    "SELECT client_user_sms_id, client_callback_url FROM messages WHERE id = ? AND is_client = 1",
                    [id],
                    { Message.ClientReference(userSMSID: $0[0], callbackURL: $0[1]) }
                ) {
                    found[id] = client
                }
            }
            return found
        }
    }

    package func statistics() async throws(StoreError) -> QueueStatistics {
        let figures = group.figures
        let oldest = try await read { db in
            var oldest: [Lane: Timestamp] = [:]
            for lane in Lane.allCases {
                oldest[lane] = try db.rows(
                    "SELECT due_at FROM messages WHERE state = 1 AND lane = ? ORDER BY due_at LIMIT 1",
                    [lane.code]
                ) { $0[0] as Timestamp }.first
            }
            return oldest
        }
        return QueueStatistics(
            counts: figures.byLaneAndState,
            oldestWaiting: oldest,
            deadWebhooks: figures.deadWebhooks
        )
    }
}

extension Database {
    fileprivate func message(_ id: MessageID) throws -> Message? {
        try rows("SELECT \(MessageRecord.columns) FROM messages WHERE id = ?", [id]) {
            try MessageRecord.stored($0).message
        }.first
    }
}

extension MessageSearch {
    /// The question in SQL, with its arguments.
    var statement: (sql: String, arguments: StatementArguments) {
        var conditions: [String] = []
        var arguments: [(any DatabaseValueConvertible)?] = []
        func demand(_ condition: String, _ argument: some DatabaseValueConvertible) {
            conditions.append(condition)
            arguments.append(argument)
        }
        if let phone { demand("phone = ?", phone) }
        if let reference { demand("reference = ?", reference) }
        if let before { demand("id < ?", before) }
        if let states {
            conditions.append("state IN (\(states.map { String($0.code) }.sorted().joined(separator: ", ")))")
        }
        if let lane { demand("lane = ?", lane.code) }
        if let createdFrom {
            demand("created_at >= ?", createdFrom)
            // A number is never smaller than the time it was given out at: older rows need not be looked at.
            demand("id >= ?", createdFrom.milliseconds - MessageNumbering.epoch.milliseconds)
        }
        if let createdTo { demand("created_at < ?", createdTo) }
        arguments.append(min(max(0, limit), Self.maximumLimit))
        let filter = conditions.isEmpty ? "" : "WHERE \(conditions.joined(separator: " AND ")) "
        return (
            "SELECT \(MessageRecord.columns) FROM messages \(filter)ORDER BY id DESC LIMIT ?",
            StatementArguments(arguments)
        )
    }
}
