import Eskiz
import EskizQueue
import GRDB

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension WriteTransaction {
    mutating func settleUnknown(
        _ id: MessageID,
        as resolution: Resolution,
        ofAttempt attempt: Int?,
        at now: Timestamp
    ) throws -> Message? {
        guard let stored = try stored(id) else { return nil }
        guard let settled = try change(stored, at: now, { $0.resolve(resolution, ofAttempt: attempt, at: now) }) else {
            return stored.message
        }
        guard case .submitted(_, let report?, _) = resolution, let stored = try self.stored(id) else { return settled }
        return try apply(report, to: stored, raw: nil, at: now).stored.message
    }

    func keep(_ report: RawReport) throws -> RawReportID {
        try run(
            "INSERT INTO raw_reports (received_at, content_type, body) VALUES (?, ?, ?)",
            [report.receivedAt, report.contentType, Data(report.body)]
        )
        return db.lastInsertedRowID
    }

    mutating func record(
        _ report: DeliveryReport,
        for key: ReportKey,
        raw: RawReportID?,
        at now: Timestamp
    ) throws -> ReportEffect {
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
                try insert(report, messageID: nil, waitsFor: providerID, phone: key.phone, raw: raw)
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
    private func stored(provider providerID: String) throws -> [StoredMessage] {
        try rows(
            "SELECT \(MessageRecord.columns) FROM messages WHERE provider_id = ? ORDER BY id DESC",
            [providerID],
            MessageRecord.stored
        )
    }

    @discardableResult
    private func insert(
        _ report: DeliveryReport,
        messageID: MessageID?,
        waitsFor: String?,
        phone: String? = nil,
        raw: RawReportID?
    ) throws -> Int64 {
        try run(
            """
            INSERT INTO reports (\(ReportRecord.columns), message_id, waits_for, phone, raw_id) \
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            ReportRecord.arguments(report) + [messageID, waitsFor, phone, raw]
        )
        return db.lastInsertedRowID
    }

    private mutating func apply(
        _ report: DeliveryReport,
        to old: StoredMessage,
        raw: RawReportID?,
        at now: Timestamp
    ) throws -> (stored: StoredMessage, decision: ReportDecision) {
        let id = old.message.id
        if let raw { try run("UPDATE raw_reports SET message_id = ? WHERE id = ?", [id, raw]) }
        let history = try rows(
            "SELECT \(ReportRecord.columns) FROM reports WHERE message_id = ? ORDER BY id",
            [id]
        ) { try ReportRecord.report($0) }
        var stored = old
        let decision = stored.apply(report, isKnown: history.contains { $0.status == report.status }, at: now)
        var reportID: Int64?
        if decision.isNew || !history.contains(where: { $0.saysTheSame(as: report) }) {
            reportID = try insert(report, messageID: id, waitsFor: nil, raw: raw)
        }
        try update(stored, was: old)
        count(decision.change, from: old, to: stored, at: now)
        return (try follow(decision.change, of: stored, reportID: reportID, at: now), decision)
    }

    /// Applies the reports that came before their message's UUID was known, as far as they are about this message.
    mutating func applyWaiting(
        for providerID: String,
        to stored: StoredMessage,
        at now: Timestamp
    ) throws -> StoredMessage {
        let waiting = try rows(
            "SELECT id, raw_id, phone, \(ReportRecord.columns) FROM reports WHERE waits_for = ? ORDER BY id",
            [providerID]
        ) { row in
            (
                id: row[0] as Int64, raw: row[1] as RawReportID?,
                key: ReportKey.provider(providerID, phone: row[2]), report: try ReportRecord.report(row, at: 3)
            )
        }
        var stored = stored
        for entry in waiting where entry.key.isAbout(stored.message, entry.report) {
            try run("DELETE FROM reports WHERE id = ?", [entry.id])
            stored = try apply(entry.report, to: stored, raw: entry.raw, at: now).stored
        }
        return stored
    }

    mutating func scheduleReport(_ id: MessageID, at moment: Timestamp?) throws {
        guard let old = try stored(id) else { return }
        var stored = old
        if stored.scheduleReport(at: moment) { try update(stored, was: old) }
    }

    mutating func noteAbsence(_ id: MessageID, count: Int, ofAttempt attempt: Int?, next: Timestamp) throws {
        guard let old = try stored(id) else { return }
        var stored = old
        if stored.noteAbsence(count: count, ofAttempt: attempt, next: next) { try update(stored, was: old) }
    }
}
