import EskizQueue

/// What is kept of an idempotency key.
struct KnownKey: Sendable {
    var fingerprint: [UInt8]
    var first: MessageID
    var last: MessageID
}

extension StoreTransaction {
    func accept(
        _ new: [NewMessage],
        batch: NewBatch?,
        idempotency: IdempotencyKey?,
        at now: Timestamp
    ) throws(PostgresError) -> Acceptance {
        if let idempotency, let known = try repetition(of: idempotency) { return known }
        guard !new.isEmpty else { return .accepted([], superseded: []) }
        try lookUpSuppressions(new.map(\.phone))
        var kept: [Int] = []
        for index in new.indices where try isSuppressed(new[index].phone, new[index].lane) { kept.append(index) }
        guard kept.isEmpty else { return .suppressed(kept) }
        // The block holds what the whole group was going to take; otherwise the group is tried again with one that does.
        guard let range = numbers.take(new.count, at: now) else { throw PostgresError(.serialization) }
        let ids = range.map { MessageID($0) }
        let (first, last) = (MessageID(range.lowerBound), MessageID(range.upperBound))
        let reference = batch.map { Message.BatchReference(id: first, dispatchID: $0.dispatchID) }
        var accepted: [Message] = []
        var superseded: [Message] = []
        accepted.reserveCapacity(ids.count)
        for (new, id) in zip(new, ids) {
            for older in try waitingCodes(like: new) {
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
            insert(stored)
            accepted.append(stored.message)
        }
        if let idempotency { try remember(idempotency, first: first, last: last) }
        return .accepted(accepted, superseded: superseded)
    }

    private func remember(_ key: IdempotencyKey, first: MessageID, last: MessageID) throws(PostgresError) {
        let added = try session.query(
            """
            INSERT INTO eskiz.idempotency (api_key_id, key, fingerprint, first_id, last_id) VALUES ($1, $2, $3, $4, $5) \
            ON CONFLICT DO NOTHING
            """,
            [
                .text(key.apiKeyID), .text(key.key), .bytes(key.fingerprint), .int(first.rawValue),
                .int(last.rawValue),
            ],
            isPrepared: true
        )
        // Another gateway was faster with the same key: tried again, this one sees what it has made of it.
        guard added.changed == 1 else { throw PostgresError(.serialization) }
        keys[.init(key)] = KnownKey(fingerprint: key.fingerprint, first: first, last: last)
    }

    /// What was answered to this key before, if anything.
    private func repetition(of key: IdempotencyKey) throws(PostgresError) -> Acceptance? {
        let name = Footprint.KeyName(key)
        if keys[name] == nil {
            fetchKeys([name])
            try session.sendDeferred()
        }
        guard let found = keys[name], let known = found else { return nil }
        flush()
        return try known.repetition(of: key, session)
    }

    func fetchKeys(_ names: [Footprint.KeyName]) {
        for name in names { keys[name] = .some(nil) }
        session.deferQuery(
            """
            SELECT i.api_key_id, i.key, i.fingerprint, i.first_id, i.last_id FROM eskiz.idempotency i \
            JOIN unnest($1::text[], $2::text[]) AS wanted(api_key_id, key) USING (api_key_id, key)
            """,
            [.texts(names.map(\.apiKeyID)), .texts(names.map(\.key))],
            isPrepared: true
        ) { [self] (answer) throws(PostgresError) in
            let found = try answer.map { (row) throws(PostgresError) in
                (
                    Footprint.KeyName(apiKeyID: try row.text("api_key_id"), key: try row.text("key")),
                    try KnownKey(row)
                )
            }
            for (name, known) in found { keys[name] = known }
        }
    }

    /// Codes for the same phone and purpose that have not been sent.
    private func waitingCodes(like new: NewMessage) throws(PostgresError) -> [StoredMessage] {
        guard let key = Footprint.CodeKey(new) else { return [] }
        if codes[key] == nil {
            fetchCodes([key])
            try session.sendDeferred()
        }
        let waiting = (codes[key] ?? []).compactMap { known($0) }.filter { $0.isSuperseded(by: new) }
        return waiting.sorted { $0.message.id < $1.message.id }
    }

    func fetchCodes(_ wanted: [Footprint.CodeKey]) {
        // Each code is looked up by itself (OFFSET 0 forbids anything else). Left to choose, PostgreSQL reads all codes that wait
        // for each group: its figures tell of a time in which none did. Locked in the order of ids, as everybody does.
        for key in wanted { codes[key] = [] }
        look(
            """
            m.id = ANY(ARRAY(SELECT c.id FROM unnest($1::text[], $2::text[], $3::text[]) AS w(phone, purpose, api_key_id) \
            CROSS JOIN LATERAL (SELECT id FROM eskiz.messages WHERE phone = w.phone AND purpose = w.purpose \
            AND api_key_id = w.api_key_id AND state IN ('scheduled', 'queued') AND lane = 'otp' AND purpose IS NOT NULL \
            OFFSET 0) c)) AND m.state IN ('scheduled', 'queued') ORDER BY m.id
            """,
            [.texts(wanted.map(\.phone)), .texts(wanted.map(\.purpose)), .texts(wanted.map(\.apiKeyID))]
        ) { [self] found in
            for stored in found {
                guard let key = Footprint.CodeKey(stored.message, purpose: stored.purpose) else { continue }
                codes[key]?.append(stored.message.id)
            }
        }
    }

    func remember(_ answer: [UInt8], for key: IdempotencyKey) {
        session.deferQuery(
            """
            UPDATE eskiz.idempotency SET answer = $1 \
            WHERE api_key_id = $2 AND key = $3 AND fingerprint = $4 AND answer IS NULL
            """,
            [.bytes(answer), .text(key.apiKeyID), .text(key.key), .bytes(key.fingerprint)],
            isPrepared: true
        )
    }

    func amend(
        _ id: MessageID,
        with amendment: MessageAmendment,
        at now: Timestamp
    ) throws(PostgresError) -> Amending {
        guard let stored = try stored(id) else { return .notFound }
        guard let after = try change(stored, at: now, { $0.amend(amendment, at: now) }) else {
            return .refused(stored.message)
        }
        return .amended(after, stateChanged: after.state != stored.message.state)
    }

    func cancel(_ id: MessageID, detail: String?, at now: Timestamp) throws(PostgresError) -> Cancellation {
        guard let stored = try stored(id) else { return .notFound }
        return try change(stored, at: now) { $0.cancel(detail: detail, at: now) }.map { .cancelled($0) }
            ?? .refused(stored.message)
    }
}

extension KnownKey {
    init(_ row: PostgresRow) throws(PostgresError) {
        fingerprint = try row.bytes("fingerprint")
        first = MessageID(try row.int("first_id"))
        last = MessageID(try row.int("last_id"))
    }

    /// The messages of a request, as they are now.
    func repetition(of key: IdempotencyKey, _ session: PostgresSession) throws(PostgresError) -> Acceptance {
        guard fingerprint == key.fingerprint else { return .keyReused }
        return .repeated(
            try session.query(
                "SELECT \(MessageRow.selection) FROM eskiz.messages m WHERE m.id BETWEEN $1 AND $2 ORDER BY m.id",
                [.int(first.rawValue), .int(last.rawValue)],
                isPrepared: true
            ).map(MessageRow.message)
        )
    }
}
