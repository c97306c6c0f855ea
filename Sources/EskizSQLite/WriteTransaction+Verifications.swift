import EskizQueue
import EskizVerify
import GRDB

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension WriteTransaction: VerificationTables {
    func verification(_ id: VerificationID) throws -> Verification? { try db.verification(id) }

    func newestVerification(phone: String, apiKeyID: String, purpose: String) throws -> Verification? {
        try row(
            "\(VerificationRecord.select) WHERE v.phone = ? AND v.api_key_id = ? AND v.purpose = ? ORDER BY v.number DESC LIMIT 1",
            [phone, apiKeyID, purpose],
            VerificationRecord.verification
        )
    }

    mutating func insert(_ verification: Verification) throws {
        try run(VerificationRecord.insert, VerificationRecord.insertArguments(verification))
    }

    mutating func update(_ verification: Verification) throws {
        try run(VerificationRecord.update, VerificationRecord.updateArguments(verification))
    }

    mutating func accept(_ message: NewMessage, at now: Timestamp) throws -> Acceptance {
        try accept([message], batch: nil, idempotency: nil, at: now)
    }

    // MARK: What limits look at

    func noted(_ subject: String, since: Timestamp, limit: Int) throws -> [Timestamp] {
        try rows(
            "SELECT at FROM verification_notes WHERE subject = ? AND at > ? ORDER BY at DESC LIMIT ?",
            [subject, since, max(0, limit)]
        ) { $0[0] as Timestamp }
    }

    mutating func note(_ subject: String, at now: Timestamp) throws -> Int64 {
        try run("INSERT INTO verification_notes (subject, at) VALUES (?, ?)", [subject, now])
        return db.lastInsertedRowID
    }

    /// A void note has no subject; it goes with the others when a day is over.
    mutating func settle(note number: Int64, isKept: Bool) throws {
        try run(
            "UPDATE verification_notes SET subject = CASE WHEN ? THEN subject ELSE '' END WHERE number = ?",
            [isKept, number]
        )
    }

    func sum(_ name: String, from first: Int64, through last: Int64) throws -> Int {
        try row(
            "SELECT coalesce(sum(value), 0) FROM verification_sums WHERE name = ? AND period BETWEEN ? AND ?",
            [name, first, last]
        ) { $0[0] as Int } ?? 0
    }

    mutating func add(_ amount: Int, to name: String, in period: Int64) throws {
        try run(
            """
            INSERT INTO verification_sums (name, period, value) VALUES (?, ?, ?) \
            ON CONFLICT (name, period) DO UPDATE SET value = value + excluded.value
            """,
            [name, period, amount]
        )
    }

    /// Forgets the oldest, which came first.
    mutating func pruneVerifications(before: Timestamp, limit: Int, at now: Timestamp) throws -> Int {
        let verifications = try prune("verifications", "created_at", before: before, limit)
        let notes = try prune("verification_notes", "at", before: now - SendLimits.day, limit)
        for (kind, period) in SendLimits.forgotten(at: now) {
            try run(
                "DELETE FROM verification_sums WHERE name >= ? AND name < ? AND period < ?",
                [kind + ":", kind + ";", period]
            )
        }
        return max(verifications, notes)
    }

    /// Numbers are given in the order of time, so that those to be forgotten are the first.
    private func prune(_ table: String, _ column: String, before: Timestamp, _ limit: Int) throws -> Int {
        let oldest = try rows("SELECT number, \(column) FROM \(table) ORDER BY number LIMIT ?", [max(0, limit)]) {
            (number: $0[0] as Int64, at: $0[1] as Timestamp)
        }
        let gone = oldest.prefix { $0.at < before }
        guard let last = gone.last else { return 0 }
        try run("DELETE FROM \(table) WHERE number <= ?", [last.number])
        return gone.count
    }
}

extension Database {
    /// The number of the first verification that began at a moment or later.
    ///
    /// Numbers are given in the order of time, so it is found in some twenty looks, without an index. A clock that was set
    /// back makes it one that is too small rather than too large: what began earlier is left out by its own moment.
    func firstVerification(since: Timestamp) throws -> Int64 {
        let ends = try rows(
            """
            SELECT coalesce((SELECT min(number) FROM verifications), 0), \
            coalesce((SELECT max(number) FROM verifications), 0)
            """,
            []
        ) { row in (row[0] as Int64, row[1] as Int64) }.first
        guard let ends else { return 0 }
        var (low, high) = (ends.0, ends.1 + 1)
        while low < high {
            let middle = low + (high - low) / 2
            let found = try rows(
                "SELECT number, created_at FROM verifications WHERE number >= ? ORDER BY number LIMIT 1",
                [middle]
            ) { row in (number: row[0] as Int64, at: row[1] as Timestamp) }.first
            guard let found, found.at < since else {
                high = middle
                continue
            }
            low = found.number + 1
        }
        return low
    }

    func verification(_ id: VerificationID) throws -> Verification? {
        try rows("\(VerificationRecord.select) WHERE v.id = ?", [Data(id.bytes)], VerificationRecord.verification).first
    }
}
