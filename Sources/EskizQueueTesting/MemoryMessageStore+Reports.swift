import Eskiz
import EskizQueue

extension MemoryMessageStore.State {
    mutating func settleUnknown(
        _ id: MessageID,
        as resolution: Resolution,
        ofAttempt attempt: Int?,
        at now: Timestamp
    ) -> Message? {
        let settled = change(id, at: now) { $0.resolve(resolution, ofAttempt: attempt, at: now) }
        if settled != nil, case .submitted(_, let report?, _) = resolution {
            _ = apply(report, to: id, raw: nil, at: now)
        }
        return messages[id]?.message
    }

    mutating func keep(_ report: RawReport) -> RawReportID {
        defer { nextRaw += 1 }
        raw[nextRaw] = KeptRaw(report: report)
        return nextRaw
    }

    mutating func record(
        _ report: DeliveryReport,
        for key: ReportKey,
        raw: RawReportID?,
        at now: Timestamp
    ) -> ReportEffect {
        let candidates: [MessageID]
        switch key.name {
        case .number(let id):
            candidates = messages[id] == nil ? [] : [id]
            if candidates.isEmpty, let other = report.providerID.flatMap({ byProvider[$0]?.max() }) {
                return .foreign(other)
            }
        case .provider(let providerID):
            candidates = (byProvider[providerID] ?? []).sorted(by: >)
            if candidates.isEmpty {
                parked[providerID, default: []].append(Parked(report: report, phone: key.phone, raw: raw))
            }
        }
        switch key.target(among: candidates.compactMap { messages[$0]?.message }, report) {
        case .none: return .unmatched
        case .foreign(let id): return .foreign(id)
        case .message(let index): return apply(report, to: candidates[index], raw: raw, at: now)
        }
    }

    func knownRows(of phone: String) -> [KnownRow] {
        var rows: Set<KnownRow> = []
        for (id, stored) in messages where stored.message.phone == phone {
            if let uuid = stored.message.providerID {
                rows.insert(KnownRow(messageID: id, providerID: uuid, providerNumber: nil))
            }
            for report in reports[id] ?? [] where report.providerID != nil || report.providerNumber != nil {
                rows.insert(
                    KnownRow(messageID: id, providerID: report.providerID, providerNumber: report.providerNumber)
                )
            }
        }
        return rows.sorted {
            ($0.messageID, $0.providerID ?? "", $0.providerNumber ?? "")
                < ($1.messageID, $1.providerID ?? "", $1.providerNumber ?? "")
        }
    }

    mutating func apply(
        _ report: DeliveryReport,
        to id: MessageID,
        raw rawID: RawReportID?,
        at now: Timestamp
    ) -> ReportEffect {
        guard var stored = messages[id] else { return .unmatched }
        if let rawID { raw[rawID]?.messageID = id }
        let history = reports[id] ?? []
        let decision = stored.apply(report, isKnown: history.contains { $0.status == report.status }, at: now)
        if decision.isNew || !history.contains(where: { $0.saysTheSame(as: report) }) {
            reports[id, default: []].append(report)
        }
        let counts = ActivityCounts(
            decision.change,
            from: messages[id]?.message ?? stored.message,
            to: stored.message,
            at: now
        )
        write(stored, for: id)
        count(counts, of: stored.message.phone, at: now)
        follow(decision.change, of: stored, at: now)
        let message = messages[id]?.message ?? stored.message
        return decision.isNew ? .advanced(message, stateChanged: decision.stateChanged) : .nothingNew(message)
    }

    func overdueForReport(at now: Timestamp, limit: Int) -> [Message] {
        due(.submitted, at: now, limit: limit) { $0.reportAt }.map(\.message)
    }

    private func due(
        _ state: MessageState,
        at now: Timestamp,
        limit: Int,
        _ moment: (StoredMessage) -> Timestamp?
    ) -> [StoredMessage] {
        (byState[state] ?? []).compactMap { id in messages[id].flatMap { moment($0) }.map { Place(due: $0, id: id) } }
            .filter { $0.due <= now }
            .sorted()
            .prefix(limit)
            .compactMap { messages[$0.id] }
    }

    mutating func scheduleReport(_ id: MessageID, at moment: Timestamp?) {
        guard var stored = messages[id], stored.scheduleReport(at: moment) else { return }
        write(stored, for: id)
    }

    func unsettled(at now: Timestamp, limit: Int) -> [UnsettledMessage] {
        due(.unknown, at: now, limit: limit) { $0.reconcileAt }.map { stored in
            let all = attempts[stored.message.id] ?? [:]
            let attempt = all[stored.fence]
            let writingAt = attempt?.writingAt ?? attempt?.preparedAt ?? stored.message.createdAt
            return UnsettledMessage(
                message: stored.message,
                writingAt: writingAt,
                firstTryAt: all.values.map(\.preparedAt).min() ?? writingAt,
                absences: stored.absences,
                resends: stored.resends
            )
        }
    }

    mutating func noteAbsence(_ id: MessageID, count: Int, ofAttempt attempt: Int?, next: Timestamp) {
        guard var stored = messages[id], stored.noteAbsence(count: count, ofAttempt: attempt, next: next) else {
            return
        }
        write(stored, for: id)
    }

    mutating func dueWebhooks(at now: Timestamp, lease: Duration, limit: Int) -> [WebhookDelivery] {
        let due = webhooks.values.filter { $0.progress == .pending && ($0.nextAt ?? now) <= now }
            .sorted { ($0.nextAt ?? now, $0.id) < ($1.nextAt ?? now, $1.id) }
            .prefix(limit)
        return due.map { delivery in
            var delivery = delivery
            delivery.nextAt = now + lease
            webhooks[delivery.id] = delivery
            return delivery
        }
    }

    mutating func finishWebhook(_ id: Int64, _ result: WebhookResult) {
        guard var delivery = webhooks[id], delivery.progress == .pending else { return }
        delivery.finish(result)
        webhooks[id] = delivery
    }

    mutating func replayWebhooks(of id: MessageID, at now: Timestamp) -> Int {
        let all = webhooks.values.filter { $0.messageID == id }
        for var delivery in all {
            delivery.replay(at: now)
            webhooks[delivery.id] = delivery
        }
        return all.count
    }
}
