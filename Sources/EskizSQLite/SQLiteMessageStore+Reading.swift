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
        let limit = min(max(0, query.limit), MessageSearch.maximumLimit)
        let questions = query.questions(group.figures, limit: limit)
        guard limit > 0, !questions.isEmpty else { return [] }
        return try await read { db in
            var found: [Message] = []
            for question in questions {
                found += try db.rows(question.sql, question.arguments) { try MessageRecord.stored($0).message }
            }
            // Each answer is in order, and together they hold what is wanted.
            if questions.count > 1 { found.sort { $0.id > $1.id } }
            return Array(found.prefix(limit))
        }
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

    package func activity(
        from: Timestamp,
        to: Timestamp,
        step: Duration
    ) async throws(StoreError) -> [ActivityBucket] {
        let minutes = ActivityMinute.minutes(in: step)
        return try await read { db in
            let statement = try db.cachedStatement(sql: ActivityRecord.selection)
            statement.setUncheckedArguments([minutes, ActivityMinute.minute(of: from), to])
            let cursor = try Row.fetchCursor(statement)
            var buckets: [ActivityBucket] = []
            while let row = try cursor.next() {
                let (step, prefix, counts) = ActivityRecord.counts(row)
                let start = Timestamp(milliseconds: step * minutes * 60_000)
                if buckets.last?.start != start {
                    if buckets.count == ActivityBucket.maximumCount { break }
                    buckets.append(ActivityBucket(start: start, operators: [:]))
                }
                buckets[buckets.count - 1].operators[prefix] = counts
            }
            return buckets.reversed()
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
    /// The search in SQL: one question for each state that is rare and has an index, and one for all others together.
    ///
    /// States that no message is in are not asked for: looking for what is not there takes the longest.
    fileprivate func questions(_ figures: Figures, limit: Int) -> [(sql: String, arguments: StatementArguments)] {
        guard let states else { return [question(where: nil, limit: limit)] }
        let lanes = lane.map { [$0] } ?? Lane.allCases
        let present = states.filter { state in lanes.contains { figures.count($0, state) > 0 } }.map(\.code).sorted()
        let rare = present.filter { $0 >= MessageState.firstOfTheRare }
        let common = present.filter { $0 < MessageState.firstOfTheRare }
        var questions = rare.map { code in
            question(where: "state = \(code) AND state >= \(MessageState.firstOfTheRare)", limit: limit)
        }
        if !common.isEmpty {
            questions.append(
                question(where: "state IN (\(common.map(String.init).joined(separator: ", ")))", limit: limit)
            )
        }
        return questions
    }

    private func question(where state: String?, limit: Int) -> (sql: String, arguments: StatementArguments) {
        var conditions: [String] = []
        var arguments: [(any DatabaseValueConvertible)?] = []
        func demand(_ condition: String, _ argument: some DatabaseValueConvertible) {
            conditions.append(condition)
            arguments.append(argument)
        }
        if let state { conditions.append(state) }
        if let phone { demand("phone = ?", phone) }
        if let reference { demand("reference = ?", reference) }
        if let before { demand("id < ?", before) }
        if let lane { demand("lane = ?", lane.code) }
        if let createdFrom {
            demand("created_at >= ?", createdFrom)
            // A number is never smaller than the time it was given out at: older rows need not be looked at.
            demand("id >= ?", createdFrom.milliseconds - MessageNumbering.epoch.milliseconds)
        }
        if let createdTo { demand("created_at < ?", createdTo) }
        arguments.append(limit)
        let filter = conditions.isEmpty ? "" : "WHERE \(conditions.joined(separator: " AND ")) "
        return (
            "SELECT \(MessageRecord.columns) FROM messages \(filter)ORDER BY id DESC LIMIT ?",
            StatementArguments(arguments)
        )
    }
}
