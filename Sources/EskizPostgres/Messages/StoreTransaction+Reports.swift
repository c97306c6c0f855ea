import Eskiz
import EskizQueue

extension StoreTransaction {
    func settleUnknown(
        _ id: MessageID,
        as resolution: Resolution,
        ofAttempt attempt: Int?,
        at now: Timestamp
    ) throws(PostgresError) -> Message? {
        guard let stored = try stored(id) else { return nil }
        guard let settled = try change(stored, at: now, { $0.resolve(resolution, ofAttempt: attempt, at: now) }) else {
            return stored.message
        }
        guard case .submitted(_, let report?, _) = resolution, let stored = known(id) else { return settled }
        return try apply(report, to: stored, raw: nil, at: now).stored.message
    }

    func keep(_ report: RawReport) throws(PostgresError) -> RawReportID {
        let row = try session.query(
            "INSERT INTO eskiz.raw_reports (received_at, content_type, body) VALUES ($1, $2, $3) RETURNING id",
            [.int(report.receivedAt.milliseconds), .text(report.contentType), .bytes(report.body)],
            isPrepared: true
        ).first
        guard let row else { throw PostgresError(.badStatement) }
        return try row.int("id")
    }

    func record(
        _ report: DeliveryReport,
        for key: ReportKey,
        raw: RawReportID?,
        at now: Timestamp
    ) throws(PostgresError) -> ReportEffect {
        let candidates: [StoredMessage]
        switch key.name {
        case .number(let id):
            candidates = try stored(id).map { [$0] } ?? []
            // A number that is not ours: if we know the UUID, two installations have met.
            if candidates.isEmpty, let providerID = report.providerID,
                let other = try stored(provider: providerID).first
            {
                return .foreign(other.message.id)
            }
        case .provider(let providerID):
            candidates = try stored(provider: providerID)
            if candidates.isEmpty {
                _ = try insert(report, messageID: nil, waitsFor: providerID, phone: key.phone, raw: raw)
            }
        }
        switch key.target(among: candidates.map(\.message), report) {
        case .none: return .unmatched
        case .foreign(let id): return .foreign(id)
        case .message(let index):
            let (stored, decision) = try apply(report, to: candidates[index], raw: raw, at: now)
            return decision.isNew
                ? .advanced(stored.message, stateChanged: decision.stateChanged) : .nothingNew(stored.message)
        }
    }

    /// All messages of a batch have one UUID.
    private func stored(provider providerID: String) throws(PostgresError) -> [StoredMessage] {
        try select("m.provider_id = $1 ORDER BY m.id DESC", [.text(providerID)])
    }

    private func apply(
        _ report: DeliveryReport,
        to old: StoredMessage,
        raw: RawReportID?,
        at now: Timestamp
    ) throws(PostgresError) -> (stored: StoredMessage, decision: ReportDecision) {
        let id = old.message.id
        if let raw {
            session.deferQuery(
                "UPDATE eskiz.raw_reports SET message_id = $1 WHERE id = $2",
                [.int(id.rawValue), .int(raw)],
                isPrepared: true
            )
        }
        if histories[id] == nil {
            fetchHistories([id])
            try session.sendDeferred()
        }
        let history = histories[id] ?? []
        var stored = old
        let decision = stored.apply(report, isKnown: history.contains { $0.status == report.status }, at: now)
        var reportID: Int64?
        if decision.isNew || !history.contains(where: { $0.saysTheSame(as: report) }) {
            reportID = try insert(report, messageID: id, raw: raw)
        }
        update(stored, was: old)
        count(decision.change, from: old, to: stored, at: now)
        return (try follow(decision.change, of: stored, reportID: reportID, at: now), decision)
    }

    func fetchHistories(_ ids: [MessageID]) {
        flush()
        for id in ids { histories[id] = [] }
        session.deferQuery(
            "SELECT \(ReportRow.selection) FROM eskiz.reports r WHERE r.message_id = ANY($1) ORDER BY r.id",
            [.ints(ids.map(\.rawValue))],
            isPrepared: true
        ) { [self] (answer) throws(PostgresError) in
            let rows = try answer.map { (row) throws(PostgresError) in try ReportRow(row) }
            for row in rows { if let id = row.messageID { histories[id]?.append(row.report) } }
        }
    }

    func fetchWaiting(_ providers: [String]) {
        flush()
        for provider in providers { waiting[provider] = [] }
        session.deferQuery(
            "SELECT \(ReportRow.selection) FROM eskiz.reports r WHERE r.waits_for = ANY($1) ORDER BY r.id",
            [.texts(providers)],
            isPrepared: true
        ) { [self] (answer) throws(PostgresError) in
            let rows = try answer.map { (row) throws(PostgresError) in try ReportRow(row) }
            for row in rows { if let provider = row.waitsFor { waiting[provider]?.append(row) } }
        }
    }

    /// Applies the reports that came before their message's UUID was known, as far as they are about this message.
    func applyWaiting(
        for providerID: String,
        to stored: StoredMessage,
        at now: Timestamp
    ) throws(PostgresError) -> StoredMessage {
        if waiting[providerID] == nil {
            fetchWaiting([providerID])
            try session.sendDeferred()
        }
        var stored = stored
        for entry in waiting[providerID] ?? [] {
            let key = ReportKey.provider(providerID, phone: entry.phone)
            guard key.isAbout(stored.message, entry.report) else { continue }
            waiting[providerID]?.removeAll { $0.id == entry.id }
            flush()
            session.deferQuery("DELETE FROM eskiz.reports WHERE id = $1", [.int(entry.id)], isPrepared: true)
            stored = try apply(entry.report, to: stored, raw: entry.raw, at: now).stored
        }
        return stored
    }

    /// Messages that this gateway may ask Eskiz about: nobody else does so for a while.
    ///
    /// - Parameters:
    ///   - kind: what is asked.
    ///   - condition: which messages, and in what order.
    ///   - values: who asks, how many at most, and what the condition needs.
    /// - Returns: their numbers.
    /// - Throws: what PostgreSQL says.
    func takeWork(
        _ kind: String,
        _ condition: String,
        _ values: [PostgresValue]
    ) throws(PostgresError) -> [Int64] {
        flush()
        // By the database's time: the caller's only says what is due. What a gateway that is gone has taken is free.
        let isAlive = """
            EXISTS (SELECT 1 FROM eskiz.gateways g \
            WHERE g.owner = w.owner AND g.seen_at > now() - interval '10 seconds')
            """
        let due = condition.replacing(
            " ORDER BY",
            with: """
                 AND NOT EXISTS (SELECT 1 FROM eskiz.work w WHERE w.kind = '\(kind)' AND w.message_id = m.id \
                AND w.owner <> $1 AND w.until > clock_timestamp() AND \(isAlive)) ORDER BY
                """
        )
        return try session.query(
            """
            WITH due AS MATERIALIZED (SELECT m.id FROM eskiz.messages m WHERE \(due) LIMIT $2) \
            INSERT INTO eskiz.work AS w (kind, message_id, owner, until) \
            SELECT '\(kind)', id, $1, clock_timestamp() + interval '60 seconds' FROM due ORDER BY id \
            ON CONFLICT (kind, message_id) DO UPDATE SET owner = excluded.owner, until = excluded.until \
            WHERE w.owner = excluded.owner OR w.until <= clock_timestamp() OR NOT \(isAlive) RETURNING w.message_id
            """,
            values,
            isPrepared: true
        ).map { (row) throws(PostgresError) in try row.int("message_id") }
    }

    func scheduleReport(_ id: MessageID, at moment: Timestamp?) throws(PostgresError) {
        guard let old = try stored(id) else { return }
        var stored = old
        if stored.scheduleReport(at: moment) { update(stored, was: old) }
    }

    func noteAbsence(_ id: MessageID, count: Int, ofAttempt attempt: Int?, next: Timestamp) throws(PostgresError) {
        guard let old = try stored(id) else { return }
        var stored = old
        if stored.noteAbsence(count: count, ofAttempt: attempt, next: next) { update(stored, was: old) }
    }

    // MARK: Webhooks

    func dueWebhooks(at now: Timestamp, lease: Duration, limit: Int) throws(PostgresError) -> [WebhookDelivery] {
        flush()
        var due = try session.query(
            """
            SELECT \(WebhookRow.selection) FROM \(WebhookRow.tables) WHERE w.progress = 'pending' AND w.next_at <= $1 \
            ORDER BY w.next_at, w.id LIMIT $2 FOR UPDATE OF w SKIP LOCKED
            """,
            [.int(now.milliseconds), .int(Int64(max(0, limit)))],
            isPrepared: true
        ).map(WebhookRow.delivery)
        for index in due.indices { due[index].nextAt = now + lease }
        WebhookRow.update(due, session)
        return due
    }

    func finishWebhook(_ id: Int64, _ result: WebhookResult) throws(PostgresError) {
        let found = try session.query(
            "SELECT \(WebhookRow.selection) FROM \(WebhookRow.tables) WHERE w.id = $1 FOR UPDATE OF w",
            [.int(id)],
            isPrepared: true
        ).map(WebhookRow.delivery).first
        guard var delivery = found, delivery.progress == .pending else { return }
        delivery.finish(result)
        WebhookRow.update([delivery], session)
        if delivery.progress == .dead { add(1, to: Figures.deadWebhooks) }
    }

    func replayWebhooks(of id: MessageID, at now: Timestamp) throws(PostgresError) -> Int {
        flush()
        var all = try session.query(
            """
            SELECT \(WebhookRow.selection) FROM \(WebhookRow.tables) WHERE w.message_id = $1 ORDER BY w.id FOR UPDATE OF w
            """,
            [.int(id.rawValue)],
            isPrepared: true
        ).map(WebhookRow.delivery)
        for index in all.indices {
            if all[index].progress == .dead { add(-1, to: Figures.deadWebhooks) }
            all[index].replay(at: now)
        }
        WebhookRow.update(all, session)
        return all.count
    }
}
