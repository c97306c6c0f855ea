import Eskiz
import EskizQueue
import EskizText
import GRDB

/// A message as a row: positions and placeholders, because a name looked up forty times a message is time.
enum MessageRecord {
    /// In the order in which `stored(_:)` reads them.
    static let columns = """
        id, state, lane, due_at, expires_at, attempts, fence, owner, lease_until, report_at, reconcile_at, absences, \
        report_rank, submitted_at, final_at, status_detail, price, error_code, error_message, error_http_status, \
        provider_id, text, created_at, phone, sender, segments, encoding, origin, api_key_id, reference, webhook_url, \
        is_client, client_user_sms_id, client_callback_url, batch_id, batch_last, dispatch_id, purpose, resends, \
        was_written, needs_person
        """

    /// How many there are: where a column that is selected behind them stands.
    static let columnCount = 41

    /// Writes a new message.
    ///
    /// It takes what `bind(new:to:)` binds; what only happens to a message later is zero or null.
    static let insert: String = {
        let brought = [
            "id", "state", "lane", "due_at", "expires_at", "text", "created_at", "phone", "sender", "segments",
            "encoding", "origin", "api_key_id", "reference", "webhook_url", "is_client", "client_user_sms_id",
            "client_callback_url", "batch_id", "batch_last", "dispatch_id", "purpose",
        ]
        return """
            INSERT INTO messages (\(brought.joined(separator: ", ")), attempts, fence, absences, report_rank) \
            VALUES (\(brought.map { _ in "?" }.joined(separator: ", ")), 0, 0, 0, 0)
            """
    }()

    /// What changes in a message's life, its text and Eskiz's UUID excepted.
    ///
    /// SQLite rewrites every index that one of the columns named here belongs to, changed or not: the UUID has an index of
    /// its own and changes once.
    static let update = """
        UPDATE messages SET state = ?, due_at = ?, attempts = ?, fence = ?, owner = ?, lease_until = ?, report_at = ?, \
        reconcile_at = ?, absences = ?, report_rank = ?, submitted_at = ?, final_at = ?, status_detail = ?, price = ?, \
        error_code = ?, error_message = ?, error_http_status = ?, text = ?, resends = ?, was_written = ?, needs_person = ? \
        WHERE id = ?
        """

    static let updateProviderID = "UPDATE messages SET provider_id = ? WHERE id = ?"

    /// Binds straight into the statement: every accepted message passes here, and GRDB's list of arguments costs more than
    /// SQLite takes to write the row.
    static func bind(new stored: StoredMessage, to values: inout StatementValues) {
        let message = stored.message
        values.bind(message.id.rawValue)
        values.bind(message.state.code)
        values.bind(message.lane.code)
        values.bind(message.dueAt.milliseconds)
        values.bind(message.expiresAt?.milliseconds)
        values.bind(message.text)
        values.bind(message.createdAt.milliseconds)
        values.bind(message.phone)
        values.bind(message.sender)
        values.bind(message.segments)
        values.bind(message.encoding.code)
        values.bind(message.origin.code)
        values.bind(message.apiKeyID)
        values.bind(message.reference)
        values.bind(message.webhookURL)
        values.bind(message.client != nil)
        values.bind(message.client?.userSMSID)
        values.bind(message.client?.callbackURL)
        values.bind(message.batch?.id.rawValue)
        values.bind(stored.lastOfBatch?.rawValue)
        values.bind(message.batch?.dispatchID)
        values.bind(stored.purpose)
    }

    static func updateArguments(_ stored: StoredMessage) -> [(any DatabaseValueConvertible)?] {
        let message = stored.message
        let values: [(any DatabaseValueConvertible)?] = [
            message.state.code, message.dueAt, message.attempts, stored.fence, stored.owner, stored.leaseUntil,
            stored.reportAt, stored.reconcileAt, stored.absences, message.reportRank, message.submittedAt,
            message.finalAt, message.statusDetail, message.price,
            message.error?.code, message.error?.message, message.error?.httpStatus, message.text, stored.resends,
            stored.wasWritten,
            message.needsPerson, message.id,
        ]
        return values
    }

    static func stored(_ row: StatementRow) throws -> StoredMessage {
        let isClient: Bool = row[31]
        let batchID: MessageID? = row[34]
        let message = Message(
            id: row[0],
            state: try MessageState(code: row[1]),
            statusDetail: row[15],
            lane: try Lane(code: row[2]),
            phone: row[23],
            text: row[21],
            sender: row[24],
            segments: row[25],
            encoding: try MessageEncoding(code: row[26]),
            price: row[16],
            reference: row[29],
            apiKeyID: row[28],
            origin: try Message.Origin(code: row[27]),
            webhookURL: row[30],
            client: isClient ? Message.ClientReference(userSMSID: row[32], callbackURL: row[33]) : nil,
            batch: batchID.map { Message.BatchReference(id: $0, dispatchID: row[36]) },
            providerID: row[20],
            reportRank: row[12],
            createdAt: row[22],
            dueAt: row[3],
            expiresAt: row[4],
            submittedAt: row[13],
            finalAt: row[14],
            attempts: row[5],
            error: messageError(row, at: 17),
            needsPerson: row[40]
        )
        return StoredMessage(
            message: message,
            purpose: row[37],
            lastOfBatch: row[35],
            fence: row[6],
            owner: row[7],
            leaseUntil: row[8],
            reportAt: row[9],
            reconcileAt: row[10],
            absences: row[11],
            resends: row[38],
            wasWritten: row[39]
        )
    }

    /// Three columns: code, sentence, HTTP status.
    static func messageError(_ row: StatementRow, at index: Int) -> MessageError? {
        guard let code: String = row[index] else { return nil }
        return MessageError(code: code, message: row[index + 1] ?? "", httpStatus: row[index + 2])
    }
}

/// An attempt as a row.
enum AttemptRecord {
    static let columns = """
        number, phase, prepared_at, writing_at, answered_at, outcome, provider_id, error_code, error_message, \
        error_http_status
        """

    static func attempt(_ row: StatementRow) throws -> Attempt {
        let outcome: Int? = row[5]
        return Attempt(
            number: row[0],
            phase: try Attempt.Phase(code: row[1]),
            preparedAt: row[2],
            writingAt: row[3],
            answeredAt: row[4],
            outcome: try outcome.map { try Attempt.Outcome(code: $0) },
            providerID: row[6],
            error: MessageRecord.messageError(row, at: 7)
        )
    }
}

/// A report as a row.
enum ReportRecord {
    static let columns = """
        status, source, received_at, happened_at, provider_id, provider_number, price, parts
        """

    static func report(_ row: StatementRow, at index: Int = 0) throws -> DeliveryReport {
        let word: String = row[index]
        let sourceWord: String = row[index + 1]
        guard let source = DeliveryReport.Source(rawValue: sourceWord) else {
            throw UnreadableRow("report source", sourceWord)
        }
        return DeliveryReport(
            status: MessageStatus(word),
            source: source,
            receivedAt: row[index + 2],
            happenedAt: row[index + 3],
            providerID: row[index + 4],
            providerNumber: row[index + 5],
            price: row[index + 6],
            parts: row[index + 7]
        )
    }

    static func arguments(_ report: DeliveryReport) -> [(any DatabaseValueConvertible)?] {
        [
            report.status.storedWord, report.source.rawValue, report.receivedAt, report.happenedAt, report.providerID,
            report.providerNumber, report.price, report.parts,
        ]
    }
}

/// A webhook's delivery as a row, with the report it tells of.
enum WebhookRecord {
    static let selection = """
        SELECT w.id, w.message_id, w.url, w.format, w.state, w.created_at, w.progress, w.attempts, w.next_at, \
        w.last_error, r.status, r.source, r.received_at, r.happened_at, r.provider_id, r.provider_number, r.price, \
        r.parts FROM webhooks w LEFT JOIN reports r ON r.id = w.report_id
        """

    static func delivery(_ row: StatementRow) throws -> WebhookDelivery {
        let status: String? = row[10]
        return WebhookDelivery(
            id: row[0],
            messageID: row[1],
            url: row[2],
            format: try WebhookDelivery.Format(code: row[3]),
            state: try MessageState(code: row[4]),
            report: status == nil ? nil : try ReportRecord.report(row, at: 10),
            createdAt: row[5],
            progress: try WebhookDelivery.Progress(code: row[6]),
            attempts: row[7],
            nextAt: row[8],
            lastError: row[9]
        )
    }
}
