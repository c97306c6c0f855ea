package import EskizQueue
import GRDB

extension SQLiteMessageStore {
    package func settleUnknown(
        _ id: MessageID,
        as resolution: Resolution,
        ofAttempt attempt: Int?,
        at now: Timestamp
    ) async throws(StoreError) -> Message? {
        try await group.perform(.durable) { transaction in
            try transaction.settleUnknown(id, as: resolution, ofAttempt: attempt, at: now)
        }
    }

    package func keep(_ report: RawReport) async throws(StoreError) -> RawReportID {
        try await group.perform(.durable) { transaction in try transaction.keep(report) }
    }

    package func record(
        _ report: DeliveryReport,
        for key: ReportKey,
        raw: RawReportID?,
        at now: Timestamp
    ) async throws(StoreError) -> ReportEffect {
        try await group.perform(.durable, at: .report) { transaction in
            try transaction.record(report, for: key, raw: raw, at: now)
        }
    }

    package func overdueForReport(at now: Timestamp, limit: Int) async throws(StoreError) -> [Message] {
        try await read { db in
            try db.rows(
                """
                SELECT \(MessageRecord.columns) FROM messages WHERE report_at IS NOT NULL AND report_at <= ? \
                ORDER BY report_at, id LIMIT ?
                """,
                [now, max(0, limit)]
            ) { try MessageRecord.stored($0).message }
        }
    }

    package func scheduleReport(_ id: MessageID, at moment: Timestamp?) async throws(StoreError) {
        try await group.perform(.durable) { transaction in try transaction.scheduleReport(id, at: moment) }
    }

    package func unsettled(at now: Timestamp, limit: Int) async throws(StoreError) -> [UnsettledMessage] {
        try await read { db in
            try db.rows(
                """
                SELECT \(MessageRecord.columns), (SELECT coalesce(a.writing_at, a.prepared_at) FROM attempts a \
                WHERE a.message_id = messages.id AND a.fence = messages.fence), (SELECT min(a.prepared_at) FROM attempts a \
                WHERE a.message_id = messages.id) FROM messages \
                WHERE reconcile_at IS NOT NULL AND reconcile_at <= ? ORDER BY reconcile_at, id LIMIT ?
                """,
                [now, max(0, limit)]
            ) { row in
                let stored = try MessageRecord.stored(row)
                let writingAt: Timestamp = row[MessageRecord.columnCount] ?? stored.message.createdAt
                return UnsettledMessage(
                    message: stored.message,
                    writingAt: writingAt,
                    firstTryAt: row[MessageRecord.columnCount + 1] ?? writingAt,
                    absences: stored.absences,
                    resends: stored.resends
                )
            }
        }
    }

    package func noteAbsence(_ id: MessageID, count: Int, ofAttempt attempt: Int?, next: Timestamp)
        async throws(StoreError)
    {
        try await group.perform(.durable) { transaction in
            try transaction.noteAbsence(id, count: count, ofAttempt: attempt, next: next)
        }
    }

    package func knownRows(of phone: String) async throws(StoreError) -> [KnownRow] {
        try await read { db in
            try db.rows(
                """
                SELECT id, provider_id, NULL FROM messages WHERE phone = ?1 AND provider_id IS NOT NULL \
                UNION SELECT m.id, r.provider_id, r.provider_number FROM messages m \
                JOIN reports r ON r.message_id = m.id WHERE m.phone = ?1 \
                AND (r.provider_id IS NOT NULL OR r.provider_number IS NOT NULL) ORDER BY 1, 2, 3
                """,
                [phone]
            ) { KnownRow(messageID: $0[0], providerID: $0[1], providerNumber: $0[2]) }
        }
    }
}
