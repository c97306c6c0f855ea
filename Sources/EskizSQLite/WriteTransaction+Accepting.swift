import EskizQueue
import GRDB

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension WriteTransaction {
    mutating func accept(
        _ new: [NewMessage],
        batch: NewBatch?,
        idempotency: IdempotencyKey?,
        isFirst: Bool = false,
        at now: Timestamp
    ) throws -> Acceptance {
        if let idempotency, let known = try db.repetition(of: idempotency) { return known }
        guard !new.isEmpty else { return .accepted([], superseded: []) }
        let suppressed = try new.indices.filter { try isSuppressed(new[$0].phone, new[$0].lane) }
        guard suppressed.isEmpty else { return .suppressed(suppressed) }
        let db = db
        let numbers = try ledger.numbering.take(new.count, at: now) { range in
            let sql = "SELECT max(id) FROM messages WHERE id BETWEEN ? AND ?"
            return try db.rows(sql, [range.lowerBound, range.upperBound]) { $0[0] as Int64? }.first.flatMap { $0 }
        }
        let ids = numbers.map { MessageID($0) }
        let (first, last) = (MessageID(numbers.lowerBound), MessageID(numbers.upperBound))
        let reference = batch.map { Message.BatchReference(id: first, dispatchID: $0.dispatchID) }
        var accepted: [Message] = []
        var superseded: [Message] = []
        accepted.reserveCapacity(ids.count)
        for (new, id) in zip(new, ids) {
            for older in isFirst ? [] : try waitingCodes(like: new) {
                guard let message = try change(older, at: now, { $0.supersede(by: id, at: now) }) else { continue }
                superseded.append(message)
                // It may be of this very request.
                if let index = ids.firstIndex(of: message.id) { accepted[index] = message }
            }
            let stored = StoredMessage(
                new,
                id: id,
                batch: reference,
                lastOfBatch: reference == nil ? nil : last,
                at: now
            )
            try insert(stored)
            accepted.append(stored.message)
        }
        if let idempotency {
            try run(
                "INSERT INTO idempotency (api_key_id, key, fingerprint, first_id, last_id) VALUES (?, ?, ?, ?, ?)",
                [idempotency.apiKeyID, idempotency.key, Data(idempotency.fingerprint), first, last]
            )
        }
        return .accepted(accepted, superseded: superseded)
    }

    func remember(_ answer: [UInt8], for key: IdempotencyKey) throws {
        try run(
            """
            UPDATE idempotency SET answer = ? WHERE api_key_id = ? AND key = ? AND fingerprint = ? AND answer IS NULL
            """,
            [Data(answer), key.apiKeyID, key.key, Data(key.fingerprint)]
        )
    }

    /// Codes for the same phone and purpose that have not been sent.
    private func waitingCodes(like new: NewMessage) throws -> [StoredMessage] {
        guard new.lane == .otp, let purpose = new.purpose else { return [] }
        return try rows(
            """
            SELECT \(MessageRecord.columns) FROM messages WHERE phone = ? AND purpose = ? AND api_key_id = ? \
            AND state <= 1 AND lane = 0 AND purpose IS NOT NULL ORDER BY id
            """,
            [new.phone, purpose, new.apiKeyID],
            MessageRecord.stored
        )
    }

    mutating func amend(_ id: MessageID, with amendment: MessageAmendment, at now: Timestamp) throws -> Amending {
        guard let stored = try stored(id) else { return .notFound }
        guard let after = try change(stored, at: now, { $0.amend(amendment, at: now) }) else {
            return .refused(stored.message)
        }
        // What never changes otherwise has no place in the update of every change.
        try run(
            "UPDATE messages SET expires_at = ?, segments = ?, encoding = ? WHERE id = ?",
            [after.expiresAt, after.segments, after.encoding.code, id]
        )
        return .amended(after, stateChanged: after.state != stored.message.state)
    }

    mutating func cancel(_ id: MessageID, detail: String?, at now: Timestamp) throws -> Cancellation {
        guard let stored = try stored(id) else { return .notFound }
        return try change(stored, at: now) { $0.cancel(detail: detail, at: now) }.map { .cancelled($0) }
            ?? .refused(stored.message)
    }

    /// Queues what was scheduled for now, and lets expire what waited too long.
    mutating func sweep(at now: Timestamp, limit: Int) throws -> [Message] {
        let expired = try rows(
            """
            SELECT \(MessageRecord.columns) FROM messages WHERE state <= 1 AND expires_at IS NOT NULL AND expires_at <= ? \
            ORDER BY expires_at, id LIMIT ?
            """,
            [now, max(0, limit)],
            MessageRecord.stored
        )
        var changed: [Message] = []
        for stored in expired {
            if let message = try change(stored, at: now, { $0.expire(at: now) }) { changed.append(message) }
        }
        let due = try rows(
            "SELECT \(MessageRecord.columns) FROM messages WHERE state = 0 AND due_at <= ? ORDER BY due_at, id LIMIT ?",
            [now, max(0, limit)],
            MessageRecord.stored
        )
        for stored in due {
            let message = try change(stored, at: now) { $0.isExpired(at: now) ? $0.expire(at: now) : $0.queue(at: now) }
            if let message { changed.append(message) }
        }
        return changed
    }

    /// No application is still to be told of it.
    private static let isTold =
        "NOT EXISTS (SELECT 1 FROM webhooks w WHERE w.message_id = messages.id AND w.progress = 0)"

    /// Forgets what has been over for long enough.
    mutating func prune(finalBefore: Timestamp, limit: Int) throws -> Int {
        let read: (StatementRow) throws -> (id: MessageID, lane: Lane, state: MessageState) = { row in
            (id: row[0], lane: try Lane(code: row[1]), state: try MessageState(code: row[2]))
        }
        var over = try rows(
            """
            SELECT id, lane, state FROM messages WHERE final_at IS NOT NULL AND final_at < ? \
            AND +needs_person = 0 AND \(Self.isTold) ORDER BY final_at, id LIMIT ?
            """,
            [finalBefore, max(0, limit)],
            read
        )
        // By number, which is never smaller than the moment of acceptance: what is that old and still here is little.
        over += try rows(
            """
            SELECT id, lane, state FROM messages WHERE id < ? AND state = 3 AND submitted_at < ? AND report_at IS NULL \
            AND final_at IS NULL AND \(Self.isTold) ORDER BY id LIMIT ?
            """,
            [ledger.numbering.first(at: finalBefore), finalBefore, max(0, limit - over.count)],
            read
        )
        for message in over {
            try run("DELETE FROM messages WHERE id = ?", [message.id])
            ledger.move(message.lane, from: message.state, to: nil)
            try run("DELETE FROM attempts WHERE message_id = ?", [message.id])
            try run("DELETE FROM reports WHERE message_id = ?", [message.id])
            try run("DELETE FROM raw_reports WHERE message_id = ?", [message.id])
            let dead = try row(
                "SELECT count(*) FROM webhooks WHERE message_id = ? AND progress = 2",
                [message.id]
            ) { $0[0] as Int }
            ledger.add(-(dead ?? 0), to: Ledger.Name.deadWebhooks)
            try run("DELETE FROM webhooks WHERE message_id = ?", [message.id])
            try forgetKey(of: message.id)
        }
        try run(
            """
            DELETE FROM raw_reports WHERE id IN \
            (SELECT id FROM raw_reports WHERE message_id IS NULL AND received_at < ? LIMIT ?)
            """,
            [finalBefore, max(0, limit)]
        )
        try run(
            """
            DELETE FROM reports WHERE id IN \
            (SELECT id FROM reports WHERE waits_for IS NOT NULL AND received_at < ? LIMIT ?)
            """,
            [finalBefore, max(0, limit)]
        )
        try run(
            "DELETE FROM activity WHERE minute < (SELECT max(minute) FROM activity) - ?",
            [ActivityMinute.minutes(in: ActivityMinute.retention)]
        )
        try pruneRefusals()
        // A number is never given out again, not even by a clock that went back.
        if !over.isEmpty { try setCounter(Ledger.Name.lastNumber, to: ledger.numbering.highest) }
        return over.count
    }

    /// Forgets the idempotency key under which a message came, once the last message of the request is gone.
    private func forgetKey(of id: MessageID) throws {
        let known = try row(
            "SELECT api_key_id, key, first_id, last_id FROM idempotency WHERE first_id <= ? ORDER BY first_id DESC LIMIT 1",
            [id]
        ) { row in
            (apiKeyID: row[0] as String, key: row[1] as String, first: row[2] as MessageID, last: row[3] as MessageID)
        }
        guard let known, id <= known.last else { return }
        let rest = try row("SELECT 1 FROM messages WHERE id BETWEEN ? AND ? LIMIT 1", [known.first, known.last]) { _ in
            true
        }
        guard rest == nil else { return }
        try run("DELETE FROM idempotency WHERE api_key_id = ? AND key = ?", [known.apiKeyID, known.key])
    }
}

extension Database {
    func answer(for key: IdempotencyKey) throws -> [UInt8]? {
        try rows(
            "SELECT answer FROM idempotency WHERE api_key_id = ? AND key = ? AND fingerprint = ? AND answer IS NOT NULL",
            [key.apiKeyID, key.key, Data(key.fingerprint)]
        ) { row in [UInt8](row[0] as Data) }.first
    }

    /// What was answered to this key before, if anything.
    func repetition(of key: IdempotencyKey) throws -> Acceptance? {
        let known = try rows(
            "SELECT fingerprint, first_id, last_id FROM idempotency WHERE api_key_id = ? AND key = ?",
            [key.apiKeyID, key.key]
        ) { row in (fingerprint: [UInt8](row[0] as Data), first: row[1] as MessageID, last: row[2] as MessageID) }.first
        guard let known else { return nil }
        guard known.fingerprint == key.fingerprint else { return .keyReused }
        return .repeated(
            try rows(
                "SELECT \(MessageRecord.columns) FROM messages WHERE id BETWEEN ? AND ? ORDER BY id",
                [known.first, known.last]
            ) { try MessageRecord.stored($0).message }
        )
    }
}
