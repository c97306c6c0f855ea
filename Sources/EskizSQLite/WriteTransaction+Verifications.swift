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
        try db.insert(VerificationRecord.insert) { VerificationRecord.bind(new: verification, to: &$0) }
    }

    mutating func update(_ verification: Verification) throws {
        try run(VerificationRecord.update, VerificationRecord.updateArguments(verification))
    }

    mutating func accept(_ message: NewMessage, isFirst: Bool, at now: Timestamp) throws -> Acceptance {
        try accept([message], batch: nil, idempotency: nil, isFirst: isFirst, at: now)
    }

    // MARK: What limits look at

    /// Blocks are looked up in memory.
    ///
    /// What went to a phone is told by its verifications, and by the notes of what was sent again.
    func noted(_ subject: VerifySubject, since: Timestamp, limit: Int) throws -> [Timestamp] {
        switch subject {
        case .block(let block):
            try ledger.blocks.load(since: since) { read in
                try db.eachRow("SELECT subject, at FROM verification_notes ORDER BY number DESC", []) { row in
                    read(row[0], row[1])
                }
            }
            return ledger.blocks.sends(to: block, since: since, limit: limit)
        case .phone(let phone):
            // Few of them, and mostly none.
            let first = try rows(
                "SELECT created_at FROM verifications WHERE phone = ? AND message_id IS NOT NULL AND created_at > ?",
                [phone, since]
            ) { $0[0] as Timestamp }
            let again = try indexed(subject, since: since, limit: limit)
            return Array((first + again).sorted(by: >).prefix(max(0, limit)))
        case .network, .failures:
            return try indexed(subject, since: since, limit: limit)
        }
    }

    private func indexed(_ subject: VerifySubject, since: Timestamp, limit: Int) throws -> [Timestamp] {
        try rows(
            "SELECT at FROM verification_notes WHERE subject = ? AND at > ? AND is_indexed = 1 ORDER BY at DESC LIMIT ?",
            [subject.text, since, max(0, limit)]
        ) { $0[0] as Timestamp }
    }

    mutating func note(_ subject: VerifySubject, at now: Timestamp, isOfNew: Bool) throws -> Int64 {
        let isIndexed: Bool
        switch subject {
        case .block(let block):
            ledger.blocks.note(block, at: now)
            isIndexed = false
        case .phone: isIndexed = !isOfNew
        case .network, .failures: isIndexed = true
        }
        try db.insert("INSERT INTO verification_notes (subject, at, is_indexed) VALUES (?, ?, ?)") { values in
            values.bind(subject.text)
            values.bind(now.milliseconds)
            values.bind(isIndexed)
        }
        return db.lastInsertedRowID
    }

    /// A void note has no subject; it goes with the others when a day is over.
    mutating func settle(note number: Int64, isKept: Bool) throws {
        try run(
            "UPDATE verification_notes SET subject = CASE WHEN ? THEN subject ELSE '' END WHERE number = ?",
            [isKept, number]
        )
    }

    mutating func sum(_ name: String, in period: Int64) throws -> Int {
        if let known = ledger.sums[name, period] { return known }
        let value = try row(
            "SELECT value FROM verification_sums WHERE name = ? AND period = ?",
            [name, period]
        ) { $0[0] as Int }
        if let old = ledger.sums.find(value ?? 0, of: name, in: period) { try write(old) }
        return value ?? 0
    }

    mutating func add(_ amount: Int, to name: String, in period: Int64) throws {
        ledger.sums.set(name, to: try sum(name, in: period) + amount)
    }

    /// Writes a sum as it is now.
    func write(_ sum: Ledger.Sums.Sum) throws {
        try run(
            """
            INSERT INTO verification_sums (name, period, value) VALUES (?, ?, ?) \
            ON CONFLICT (name, period) DO UPDATE SET value = excluded.value
            """,
            [sum.name, sum.period, sum.value]
        )
    }

    /// Forgets the oldest, which came first.
    mutating func pruneVerifications(before: Timestamp, limit: Int, at now: Timestamp) throws -> Int {
        ledger.blocks.forget(before: now - SendLimits.blockWindow)
        let old = SendLimits.forgettable(before: before, at: now)
        let verifications = try prune("verifications", "created_at", before: old, limit)
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
