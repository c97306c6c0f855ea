import EskizQueue
import EskizVerify

/// A verification as a row of `eskiz.verifications`.
enum VerificationRow {
    /// `acceptedAt` is the later of what is noted and what the last message says.
    static let selection = """
        v.number, v.id, v.api_key_id, v.phone, v.purpose, v.kind, v.code_length, v.key_id, v.epoch, v.template, \
        v.language, v.reference, v.webhook_url, v.network, v.created_at, v.life, v.accepted_at, v.ended_at, v.ending, \
        v.checks, v.checks_answered, v.checks_allowed, v.sends, v.resend_at, v.message_id, m.submitted_at
        """
    static let tables = "eskiz.verifications v LEFT JOIN eskiz.messages m ON m.id = v.message_id"

    private static let brought = Columns<Verification>([
        .init("id", .bytes { $0.id.bytes }),
        .init("api_key_id", .text { $0.apiKeyID }),
        .init("phone", .text { $0.phone }),
        .init("purpose", .text { $0.purpose }),
        .init("kind", .text { $0.kind.rawValue }),
        .init("code_length", .int { Int64($0.codeLength) }),
        .init("key_id", .text { $0.keyID }),
        .init("epoch", .int { Int64($0.epoch) }),
        .init("template", .text { $0.template }),
        .init("language", .text { $0.language }),
        .init("reference", .text { $0.reference }),
        .init("webhook_url", .text { $0.webhookURL }),
        .init("network", .text { $0.network }),
        .init("created_at", .int { $0.createdAt.milliseconds }),
        .init("life", .int { $0.life.wholeMilliseconds }),
        .init("checks_allowed", .int { Int64($0.checksAllowed) }),
    ])
    private static let changing: [Columns<Verification>.Column] = [
        .init("accepted_at", .int { $0.acceptedAt?.milliseconds }),
        .init("ended_at", .int { $0.endedAt?.milliseconds }),
        .init("ending", .text { $0.ending?.rawValue }),
        .init("checks", .int { Int64($0.checks) }),
        .init("checks_answered", .int { Int64($0.checksAnswered) }),
        .init("sends", .int { Int64($0.sends) }),
        .init("resend_at", .int { $0.resendAt?.milliseconds }),
        .init("message_id", .int { $0.messageID?.rawValue }),
    ]
    private static let inserted = Columns(brought.all + changing)
    private static let updated = Columns([brought.all[0]] + changing)

    static func insert(_ verification: Verification, _ session: PostgresSession) {
        let names = inserted.names()
        session.deferQuery(
            "INSERT INTO eskiz.verifications (\(names)) SELECT \(names) FROM \(inserted.unnest)",
            inserted.values(of: [verification]),
            isPrepared: true
        )
    }

    static func update(_ verification: Verification, _ session: PostgresSession) {
        session.deferQuery(
            """
            UPDATE eskiz.verifications v SET \(changing.map { "\($0.name) = brought.\($0.name)" }.joined(separator: ", ")) \
            FROM \(updated.unnest) WHERE v.id = brought.id
            """,
            updated.values(of: [verification]),
            isPrepared: true
        )
    }

    static func verification(_ row: PostgresRow) throws(PostgresError) -> Verification {
        guard let id = VerificationID(bytes: try row.bytes("id")) else {
            throw PostgresError(.badStatement, detail: "a verification has an id of another length")
        }
        var verification = Verification(
            id: id,
            apiKeyID: try row.text("api_key_id"),
            phone: try row.text("phone"),
            createdAt: try row.moment("created_at"),
            life: .milliseconds(try row.int("life"))
        )
        verification.purpose = try row.text("purpose")
        verification.kind = try row.word("kind")
        verification.codeLength = try row.number("code_length")
        verification.keyID = try row.text("key_id")
        verification.epoch = try row.number("epoch")
        verification.template = try row.text("template")
        verification.language = try row.text("language")
        verification.reference = try row.optionalText("reference")
        verification.webhookURL = try row.optionalText("webhook_url")
        verification.network = try row.optionalText("network")
        let moments = [try row.optionalMoment("accepted_at"), try row.optionalMoment("submitted_at")]
        verification.acceptedAt = moments.compactMap(\.self).max()
        verification.endedAt = try row.optionalMoment("ended_at")
        verification.ending = try row.optionalWord("ending")
        verification.checks = try row.number("checks")
        verification.checksAnswered = try row.number("checks_answered")
        verification.checksAllowed = try row.number("checks_allowed")
        verification.sends = try row.number("sends")
        verification.resendAt = try row.optionalMoment("resend_at")
        verification.messageID = try row.optionalInt("message_id").map { MessageID($0) }
        return verification
    }
}

extension Footprint {
    /// Whom codes of a phone are counted by.
    ///
    /// All that happens to a phone's verifications happens under the lock of the phone; what is sent, under those of its block and
    /// network as well.
    static func subjects(of phone: String, network: String?, sends: Bool) -> Set<String> {
        var subjects: Set = [VerifySubject.phone(phone).text]
        guard sends else { return subjects }
        subjects.insert(VerifySubject.block(of: phone).text)
        if let network { subjects.insert(VerifySubject.network(network).text) }
        return subjects
    }

    /// How far the sums may go to which an SMS of a key is added.
    static func ceilings(_ limits: SendLimits, of key: String, at now: Timestamp) -> [SumName: Int] {
        let minute = SendLimits.minute(now)
        var ceilings: [SumName: Int] = [:]
        ceilings[.init(name: VerifySum.keyMinute(key), period: minute)] = limits.keyMinute
        ceilings[.init(name: VerifySum.totalMinute, period: minute)] = limits.totalMinute
        ceilings[.init(name: VerifySum.spending(key), period: SendLimits.dayOfTashkent(now))] = limits.budget
        return ceilings
    }
}

/// The steps are in `VerificationTables`; the locks of the footprint keep them apart in the whole fleet.
extension StoreTransaction: VerificationTables {
    func verification(_ id: VerificationID) throws(PostgresError) -> Verification? {
        flush()
        return try Self.verification(id, session)
    }

    static func verification(
        _ id: VerificationID,
        _ session: PostgresSession
    ) throws(PostgresError) -> Verification? {
        try session.query(
            "SELECT \(VerificationRow.selection) FROM \(VerificationRow.tables) WHERE v.id = $1",
            [.bytes(id.bytes)],
            isPrepared: true
        ).map(VerificationRow.verification).first
    }

    func newestVerification(
        phone: String,
        apiKeyID: String,
        purpose: String
    ) throws(PostgresError) -> Verification? {
        flush()
        return try session.query(
            """
            SELECT \(VerificationRow.selection) FROM \(VerificationRow.tables) \
            WHERE v.phone = $1 AND v.api_key_id = $2 AND v.purpose = $3 ORDER BY v.number DESC LIMIT 1
            """,
            [.text(phone), .text(apiKeyID), .text(purpose)],
            isPrepared: true
        ).map(VerificationRow.verification).first
    }

    func insert(_ verification: Verification) throws(PostgresError) {
        VerificationRow.insert(verification, session)
    }

    func update(_ verification: Verification) throws(PostgresError) {
        VerificationRow.update(verification, session)
    }

    func accept(_ message: NewMessage, isFirst: Bool, at now: Timestamp) throws(PostgresError) -> Acceptance {
        try accept([message], batch: nil, idempotency: nil, at: now)
    }

    // MARK: What limits look at

    func noted(_ subject: VerifySubject, since: Timestamp, limit: Int) throws(PostgresError) -> [Timestamp] {
        try session.query(
            """
            SELECT at FROM eskiz.verification_notes WHERE subject = $1 AND at > $2 ORDER BY subject, at DESC LIMIT $3
            """,
            [.text(subject.text), .int(since.milliseconds), .int(Int64(max(0, limit)))],
            isPrepared: true
        ).map { (row) throws(PostgresError) in try row.moment("at") }
    }

    func note(_ subject: VerifySubject, at now: Timestamp, isOfNew: Bool) throws(PostgresError) -> Int64 {
        let row = try session.query(
            "INSERT INTO eskiz.verification_notes (subject, at) VALUES ($1, $2) RETURNING number",
            [.text(subject.text), .int(now.milliseconds)],
            isPrepared: true
        ).first
        guard let row else { throw PostgresError(.badStatement) }
        return try row.int("number")
    }

    /// A void note has no subject; it goes with the others when a day is over.
    func settle(note number: Int64, isKept: Bool) throws(PostgresError) {
        session.deferQuery(
            "UPDATE eskiz.verification_notes SET subject = CASE WHEN $2 THEN subject ELSE '' END WHERE number = $1",
            [.int(number), .bool(isKept)],
            isPrepared: true
        )
    }

    func sum(_ name: String, in period: Int64) throws(PostgresError) -> Int {
        let sum = Footprint.SumName(name: name, period: period)
        if let known = sums[sum] { return known }
        let row = try session.query(
            "SELECT value FROM eskiz.verification_sums WHERE name = $1 AND period = $2",
            [.text(name), .int(period)],
            isPrepared: true
        ).first
        return (try row?.number("value") ?? 0) + sums.added(to: sum)
    }

    func add(_ amount: Int, to name: String, in period: Int64) throws(PostgresError) {
        sums.add(amount, to: .init(name: name, period: period))
    }

    /// Whom the codes of some verifications are counted by; of ids that are unknown nothing.
    func subjects(of ids: [VerificationID: Bool]) throws(PostgresError) -> Set<String> {
        let rows = try session.query(
            "SELECT id, phone, network FROM eskiz.verifications WHERE id = ANY($1)",
            [.byteArrays(ids.keys.map(\.bytes))],
            isPrepared: true
        ).map { (row) throws(PostgresError) in
            (id: try row.bytes("id"), phone: try row.text("phone"), network: try row.optionalText("network"))
        }
        var subjects: Set<String> = []
        for row in rows {
            let sends = VerificationID(bytes: row.id).flatMap { ids[$0] } ?? false
            subjects.formUnion(Footprint.subjects(of: row.phone, network: row.network, sends: sends))
        }
        return subjects
    }

    /// Forgets the oldest, which came first.
    func pruneVerifications(before: Timestamp, limit: Int, at now: Timestamp) throws(PostgresError) -> Int {
        let old = SendLimits.forgettable(before: before, at: now)
        let verifications = try prune("verifications", "created_at", before: old, limit)
        let notes = try prune("verification_notes", "at", before: now - SendLimits.day, limit)
        for (kind, period) in SendLimits.forgotten(at: now) {
            _ = try session.query(
                "DELETE FROM eskiz.verification_sums WHERE name >= $1 AND name < $2 AND period < $3",
                [.text(kind + ":"), .text(kind + ";"), .int(period)]
            )
        }
        return max(verifications, notes)
    }

    /// Numbers are given in the order of time, so that those to be forgotten are the first.
    private func prune(
        _ table: String,
        _ column: String,
        before: Timestamp,
        _ limit: Int
    ) throws(PostgresError) -> Int {
        let oldest = try session.query(
            "SELECT number, \(column) AS at FROM eskiz.\(table) ORDER BY number LIMIT $1",
            [.int(Int64(max(0, limit)))]
        ).map { (row) throws(PostgresError) in (number: try row.int("number"), at: try row.moment("at")) }
        let gone = oldest.prefix { $0.at < before }
        guard let last = gone.last else { return 0 }
        _ = try session.query("DELETE FROM eskiz.\(table) WHERE number <= $1", [.int(last.number)])
        return gone.count
    }
}
