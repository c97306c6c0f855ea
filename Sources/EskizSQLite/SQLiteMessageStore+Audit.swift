package import EskizQueue
import GRDB

extension SQLiteMessageStore {
    package func refusals(from: Timestamp, to: Timestamp) async throws(StoreError) -> [String: Int] {
        try await read { db in
            let counts = try db.rows(
                "SELECT code, sum(count) FROM refusals WHERE hour >= ? AND hour * 3600000 < ? GROUP BY code",
                [RefusalHour.hour(of: from), to]
            ) { (code: $0[0] as String, count: $0[1] as Int) }
            return Dictionary(uniqueKeysWithValues: counts.map { ($0.code, $0.count) })
        }
    }

    package func audit(_ line: AuditLine) async throws(StoreError) {
        try await group.perform(.durable) { transaction in try transaction.audit(line) }
    }

    package func auditLines(_ query: AuditSearch) async throws(StoreError) -> [AuditLine] {
        let limit = min(max(0, query.limit), AuditSearch.maximumLimit)
        let ofMessage = query.messageID == nil ? "" : "message_id = ? AND "
        var arguments: [(any DatabaseValueConvertible & Sendable)?] = [query.before ?? .max, limit]
        if let id = query.messageID { arguments.insert(id, at: 0) }
        let all = arguments
        return try await read { db in
            try db.rows(
                """
                SELECT id, at, key_id, key_name, action, message_id, detail FROM audit \
                WHERE \(ofMessage)id < ? ORDER BY id DESC LIMIT ?
                """,
                all
            ) { row in
                AuditLine(
                    id: row[0],
                    at: row[1],
                    keyID: row[2],
                    keyName: row[3],
                    action: row[4],
                    messageID: row[5],
                    detail: row[6]
                )
            }
        }
    }

    package func pruneAudit(before: Timestamp, limit: Int) async throws(StoreError) -> Int {
        try await group.perform(.durable) { transaction in try transaction.pruneAudit(before: before, limit: limit) }
    }
}
