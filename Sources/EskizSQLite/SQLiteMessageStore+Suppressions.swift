package import EskizQueue
import GRDB

extension SQLiteMessageStore: SuppressionStore {
    package func suppress(_ phones: [Suppression]) async throws(StoreError) -> Int {
        try await group.perform(.durable) { transaction in try transaction.suppress(phones) }
    }

    package func unsuppress(_ phones: [String]) async throws(StoreError) -> Int {
        try await group.perform(.durable) { transaction in try transaction.unsuppress(phones) }
    }

    package func suppressions(_ search: SuppressionSearch) async throws(StoreError) -> [Suppression] {
        let ofPhone = search.phone == nil ? "" : "phone = ? AND "
        let limit = min(max(0, search.limit), SuppressionSearch.maximumLimit)
        var arguments: [(any DatabaseValueConvertible & Sendable)?] = [search.before ?? .max, limit]
        if let phone = search.phone { arguments.insert(phone, at: 0) }
        let all = arguments
        return try await read { db in
            try db.rows(
                """
                SELECT number, phone, scope, reason, added_at, added_by FROM suppressions \
                WHERE \(ofPhone)number < ? ORDER BY number DESC LIMIT ?
                """,
                all
            ) { row in
                Suppression(
                    number: row[0],
                    phone: row[1],
                    scope: try Suppression.Scope(code: row[2]),
                    reason: row[3],
                    addedAt: row[4],
                    addedBy: row[5]
                )
            }
        }
    }

    package func suppressionCount() async throws(StoreError) -> Int {
        try await read { db in
            try db.rows("SELECT value FROM counters WHERE name = ?", [Ledger.Name.suppressions]) { $0[0] as Int }.first
                ?? 0
        }
    }
}

extension WriteTransaction {
    mutating func suppress(_ phones: [Suppression]) throws -> Int {
        var added = 0
        for phone in phones {
            let isKnown = try row("SELECT 1 FROM suppressions WHERE phone = ?", [phone.phone]) { _ in true } != nil
            try run(
                """
                INSERT INTO suppressions (phone, scope, reason, added_at, added_by) VALUES (?, ?, ?, ?, ?) \
                ON CONFLICT (phone) DO UPDATE SET scope = excluded.scope, reason = excluded.reason, \
                added_at = excluded.added_at, added_by = excluded.added_by
                """,
                [phone.phone, phone.scope.code, phone.reason, phone.addedAt, phone.addedBy]
            )
            if !isKnown { added += 1 }
        }
        ledger.add(added, to: Ledger.Name.suppressions)
        return added
    }

    mutating func unsuppress(_ phones: [String]) throws -> Int {
        var gone = 0
        for phone in phones {
            try run("DELETE FROM suppressions WHERE phone = ?", [phone])
            gone += db.changesCount
        }
        ledger.add(-gone, to: Ledger.Name.suppressions)
        return gone
    }

    /// While the list is empty, nobody looks into it.
    func isSuppressed(_ phone: String, _ lane: Lane) throws -> Bool {
        guard ledger.counts[Ledger.Name.suppressions, default: 0] > 0 else { return false }
        let scope = try row("SELECT scope FROM suppressions WHERE phone = ?", [phone]) { row in
            try Suppression.Scope(code: row[0])
        }
        return scope?.covers(lane) ?? false
    }
}

extension Suppression.Scope: Coded {
    var code: Int {
        switch self {
        case .all: 0
        case .bulk: 1
        }
    }
}
