import EskizQueue
import EskizText

/// A message as a row of `eskiz.messages`.
enum MessageRow {
    /// What a message begins with and never loses.
    private static let brought: [Columns<StoredMessage>.Column] = [
        .init("lane", .text { $0.message.lane.rawValue }),
        .init("created_at", .int { $0.message.createdAt.milliseconds }),
        .init("phone", .text { $0.message.phone }),
        .init("sender", .text { $0.message.sender }),
        .init("origin", .text { $0.message.origin.rawValue }),
        .init("api_key_id", .text { $0.message.apiKeyID }),
        .init("reference", .text { $0.message.reference }),
        .init("webhook_url", .text { $0.message.webhookURL }),
        .init("purpose", .text { $0.purpose }),
    ]

    /// The same, of messages that came by Eskiz's own API or in a batch.
    private static let broughtBySome: [Columns<StoredMessage>.Column] = [
        .init("is_client", .bool { $0.message.client != nil }, usually: .bool(false)),
        .init("client_user_sms_id", .text { $0.message.client?.userSMSID }),
        .init("client_callback_url", .text { $0.message.client?.callbackURL }),
        .init("batch_id", .int { $0.message.batch?.id.rawValue }),
        .init("batch_last", .int { $0.lastOfBatch?.rawValue }),
        .init("dispatch_id", .int { $0.message.batch?.dispatchID }),
    ]

    /// What changes in its life.
    private static let changing: [Columns<StoredMessage>.Column] = [
        .init("state", .text { $0.message.state.rawValue }),
        .init("due_at", .int { $0.message.dueAt.milliseconds }),
        .init("expires_at", .int { $0.message.expiresAt?.milliseconds }),
        .init("body", .text { $0.message.text }),
        .init("segments", .int { Int64($0.message.segments) }),
        .init("encoding", .text { $0.message.encoding.rawValue }),
    ]

    /// The same, of messages to which something has happened.
    private static let happening: [Columns<StoredMessage>.Column] = [
        .init("attempts", .int { Int64($0.message.attempts) }, usually: .int(0)),
        .init("fence", .int { $0.fence }, usually: .int(0)),
        .init("owner", .text { $0.owner }),
        .init("lease_until", .int { $0.leaseUntil?.milliseconds }),
        .init("report_at", .int { $0.reportAt?.milliseconds }),
        .init("reconcile_at", .int { $0.reconcileAt?.milliseconds }),
        .init("absences", .int { Int64($0.absences) }, usually: .int(0)),
        .init("report_rank", .int { Int64($0.message.reportRank) }, usually: .int(0)),
        .init("submitted_at", .int { $0.message.submittedAt?.milliseconds }),
        .init("final_at", .int { $0.message.finalAt?.milliseconds }),
        .init("status_detail", .text { $0.message.statusDetail }),
        .init("price", .text { $0.message.price }),
        .init("error_code", .text { $0.message.error?.code }),
        .init("error_message", .text { $0.message.error?.message }),
        .init("error_http_status", .int { $0.message.error?.httpStatus.map { Int64($0) } }),
        .init("provider_id", .text { $0.message.providerID }),
        .init("resends", .int { Int64($0.resends) }, usually: .int(0)),
        .init("was_written", .bool { $0.wasWritten }, usually: .bool(false)),
        .init("needs_person", .bool { $0.message.needsPerson }, usually: .bool(false)),
    ]

    private static let id = Columns<StoredMessage>.Column("id", .int { $0.message.id.rawValue })
    private static let inserted = UsualColumns(
        table: "eskiz.messages",
        always: Columns([id] + brought + changing),
        unlessUsual: [Columns(broughtBySome), Columns(happening)]
    )
    private static let updated = Columns([id] + changing + happening)

    /// `id, lane, …`, each with the table's short name: `m.id, m.lane, …`.
    static let selection = inserted.all.names(after: "m.")

    private static let update = """
        UPDATE eskiz.messages m SET \((changing + happening).map { "\($0.name) = brought.\($0.name)" }.joined(separator: ", ")) \
        FROM \(updated.unnest) WHERE m.id = brought.id
        """

    static func insert(_ rows: [StoredMessage], _ session: PostgresSession) {
        guard !rows.isEmpty else { return }
        let (sql, values) = inserted.insertion(of: rows)
        session.deferQuery(sql, values, isPrepared: true)
    }

    static func update(_ rows: [StoredMessage], _ session: PostgresSession) {
        guard !rows.isEmpty else { return }
        session.deferQuery(update, updated.values(of: rows), isPrepared: true)
    }

    static func stored(_ row: PostgresRow) throws(PostgresError) -> StoredMessage {
        let batch = try row.optionalInt("batch_id")
        let message = Message(
            id: MessageID(try row.int("id")),
            state: try row.word("state"),
            statusDetail: try row.optionalText("status_detail"),
            lane: try row.word("lane"),
            phone: try row.text("phone"),
            text: try row.optionalText("body"),
            sender: try row.text("sender"),
            segments: try row.number("segments"),
            encoding: try row.word("encoding"),
            price: try row.optionalText("price"),
            reference: try row.optionalText("reference"),
            apiKeyID: try row.text("api_key_id"),
            origin: try row.word("origin"),
            webhookURL: try row.optionalText("webhook_url"),
            client: try client(row),
            batch: try batch.map { (id) throws(PostgresError) in
                Message.BatchReference(id: MessageID(id), dispatchID: try row.optionalInt("dispatch_id"))
            },
            providerID: try row.optionalText("provider_id"),
            reportRank: try row.number("report_rank"),
            createdAt: try row.moment("created_at"),
            dueAt: try row.moment("due_at"),
            expiresAt: try row.optionalMoment("expires_at"),
            submittedAt: try row.optionalMoment("submitted_at"),
            finalAt: try row.optionalMoment("final_at"),
            attempts: try row.number("attempts"),
            error: try row.messageError(),
            needsPerson: try row.bool("needs_person")
        )
        return StoredMessage(
            message: message,
            purpose: try row.optionalText("purpose"),
            lastOfBatch: try row.optionalInt("batch_last").map { MessageID($0) },
            fence: try row.int("fence"),
            owner: try row.optionalText("owner"),
            leaseUntil: try row.optionalMoment("lease_until"),
            reportAt: try row.optionalMoment("report_at"),
            reconcileAt: try row.optionalMoment("reconcile_at"),
            absences: try row.number("absences"),
            resends: try row.number("resends"),
            wasWritten: try row.bool("was_written")
        )
    }

    static func message(_ row: PostgresRow) throws(PostgresError) -> Message { try stored(row).message }

    static func client(_ row: PostgresRow) throws(PostgresError) -> Message.ClientReference? {
        guard try row.bool("is_client") else { return nil }
        return Message.ClientReference(
            userSMSID: try row.optionalText("client_user_sms_id"),
            callbackURL: try row.optionalText("client_callback_url")
        )
    }
}
