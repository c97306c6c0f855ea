package import EskizQueue

extension PostgresMessageStore {
    package func settleUnknown(
        _ id: MessageID,
        as resolution: Resolution,
        ofAttempt attempt: Int?,
        at now: Timestamp
    ) async throws(StoreError) -> Message? {
        var footprint = Footprint(id)
        if case .submitted(let providerID, let report, _) = resolution {
            footprint.providers = Set([providerID, report?.providerID].compactMap(\.self))
            footprint.histories = report == nil ? [] : [id]
            footprint.reports = report == nil ? 0 : 1
        }
        return try await reporting.perform(.durable, footprint) { (transaction) throws(PostgresError) in
            try transaction.settleUnknown(id, as: resolution, ofAttempt: attempt, at: now)
        }
    }

    package func keep(_ report: RawReport) async throws(StoreError) -> RawReportID {
        try await reporting.perform(.durable) { (transaction) throws(PostgresError) in try transaction.keep(report) }
    }

    package func record(
        _ report: DeliveryReport,
        for key: ReportKey,
        raw: RawReportID?,
        at now: Timestamp
    ) async throws(StoreError) -> ReportEffect {
        var footprint = Footprint()
        footprint.reports = 1
        footprint.providers = Set([report.providerID].compactMap(\.self))
        switch key.name {
        case .number(let id):
            footprint.messages = [id]
            footprint.histories = [id]
        case .provider(let providerID): footprint.providers.insert(providerID)
        }
        return try await reporting.perform(.durable, footprint, at: .report) { (transaction) throws(PostgresError) in
            try transaction.record(report, for: key, raw: raw, at: now)
        }
    }

    package func overdueForReport(at now: Timestamp, limit: Int) async throws(StoreError) -> [Message] {
        let (limit, owner) = (Int64(max(0, limit)), owner)
        return try await reporting.perform(.relaxed) { (transaction) throws(PostgresError) in
            let ids = try transaction.takeWork(
                "report",
                "m.report_at IS NOT NULL AND m.report_at <= $3 ORDER BY m.report_at, m.id",
                [.text(owner), .int(limit), .int(now.milliseconds)]
            )
            return try transaction.session.query(
                """
                SELECT \(MessageRow.selection) FROM eskiz.messages m WHERE m.id = ANY($1) ORDER BY m.report_at, m.id
                """,
                [.ints(ids)],
                isPrepared: true
            ).map(MessageRow.message)
        }
    }

    package func scheduleReport(_ id: MessageID, at moment: Timestamp?) async throws(StoreError) {
        try await reporting.perform(.durable, Footprint(id)) { (transaction) throws(PostgresError) in
            try transaction.scheduleReport(id, at: moment)
        }
    }

    package func unsettled(at now: Timestamp, limit: Int) async throws(StoreError) -> [UnsettledMessage] {
        let (limit, owner) = (Int64(max(0, limit)), owner)
        return try await reporting.perform(.relaxed) { (transaction) throws(PostgresError) in
            let ids = try transaction.takeWork(
                "unknown",
                "m.reconcile_at IS NOT NULL AND m.reconcile_at <= $3 ORDER BY m.reconcile_at, m.id",
                [.text(owner), .int(limit), .int(now.milliseconds)]
            )
            return try transaction.session.query(
                """
                SELECT \(MessageRow.selection), \
                (SELECT coalesce(a.writing_at, a.prepared_at) FROM eskiz.attempts a \
                WHERE a.message_id = m.id AND a.fence = m.fence) AS last_writing_at, \
                (SELECT min(a.prepared_at) FROM eskiz.attempts a WHERE a.message_id = m.id) AS first_try_at \
                FROM eskiz.messages m WHERE m.id = ANY($1) ORDER BY m.reconcile_at, m.id
                """,
                [.ints(ids)],
                isPrepared: true
            ).map { (row) throws(PostgresError) in
                let stored = try MessageRow.stored(row)
                let writingAt = try row.optionalMoment("last_writing_at") ?? stored.message.createdAt
                return UnsettledMessage(
                    message: stored.message,
                    writingAt: writingAt,
                    firstTryAt: try row.optionalMoment("first_try_at") ?? writingAt,
                    absences: stored.absences,
                    resends: stored.resends
                )
            }
        }
    }

    package func noteAbsence(_ id: MessageID, count: Int, ofAttempt attempt: Int?, next: Timestamp)
        async throws(StoreError)
    {
        try await reporting.perform(.durable, Footprint(id)) { (transaction) throws(PostgresError) in
            try transaction.noteAbsence(id, count: count, ofAttempt: attempt, next: next)
        }
    }

    package func knownRows(of phone: String) async throws(StoreError) -> [KnownRow] {
        try await read { (session) throws(PostgresError) in
            try session.query(
                """
                SELECT id, provider_id COLLATE "C" AS provider_id, NULL::text AS provider_number FROM eskiz.messages \
                WHERE phone = $1 AND provider_id IS NOT NULL \
                UNION SELECT m.id, r.provider_id COLLATE "C", r.provider_number FROM eskiz.messages m \
                JOIN eskiz.reports r ON r.message_id = m.id WHERE m.phone = $1 \
                AND (r.provider_id IS NOT NULL OR r.provider_number IS NOT NULL) \
                ORDER BY 1, 2 NULLS FIRST, 3 NULLS FIRST
                """,
                [.text(phone)],
                isPrepared: true
            ).map { (row) throws(PostgresError) in
                KnownRow(
                    messageID: MessageID(try row.int("id")),
                    providerID: try row.optionalText("provider_id"),
                    providerNumber: try row.optionalText("provider_number")
                )
            }
        }
    }

    // MARK: Webhooks

    package func dueWebhooks(
        at now: Timestamp,
        lease: Duration,
        limit: Int
    ) async throws(StoreError) -> [WebhookDelivery] {
        try await reporting.perform(.relaxed) { (transaction) throws(PostgresError) in
            try transaction.dueWebhooks(at: now, lease: lease, limit: limit)
        }
    }

    package func finishWebhook(_ id: Int64, _ result: WebhookResult, at now: Timestamp) async throws(StoreError) {
        try await reporting.perform(.durable) { (transaction) throws(PostgresError) in
            try transaction.finishWebhook(id, result)
        }
    }

    package func replayWebhooks(of id: MessageID, at now: Timestamp) async throws(StoreError) -> Int {
        try await reporting.perform(.durable) { (transaction) throws(PostgresError) in
            try transaction.replayWebhooks(of: id, at: now)
        }
    }
}
