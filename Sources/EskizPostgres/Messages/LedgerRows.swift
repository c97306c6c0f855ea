import Eskiz
import EskizQueue

/// An attempt as a row of `eskiz.attempts`.
enum AttemptRow {
    struct Key: Hashable {
        var message: MessageID
        var fence: Int64
    }

    struct Ending {
        var key: Key
        var at: Timestamp
        var outcome: Attempt.Outcome
        var providerID: String?
        var error: MessageError?
    }

    struct Preparation {
        var key: Key
        var number: Int
        var at: Timestamp
    }

    struct Beginning {
        var key: Key
        var at: Timestamp
    }

    private static let prepared = Columns<Preparation>([
        .init("message_id", .int { $0.key.message.rawValue }),
        .init("fence", .int { $0.key.fence }),
        .init("number", .int { Int64($0.number) }),
        .init("prepared_at", .int { $0.at.milliseconds }),
    ])
    private static let begun = Columns<Beginning>([
        .init("message_id", .int { $0.key.message.rawValue }),
        .init("fence", .int { $0.key.fence }),
        .init("writing_at", .int { $0.at.milliseconds }),
    ])
    private static let named = Columns<Key>([
        .init("message_id", .int { $0.message.rawValue }),
        .init("fence", .int { $0.fence }),
    ])
    private static let ended = Columns<Ending>([
        .init("message_id", .int { $0.key.message.rawValue }),
        .init("fence", .int { $0.key.fence }),
        .init("answered_at", .int { $0.at.milliseconds }),
        .init("outcome", .text { $0.outcome.rawValue }),
        .init("provider_id", .text { $0.providerID }),
        .init("error_code", .text { $0.error?.code }),
        .init("error_message", .text { $0.error?.message }),
        .init("error_http_status", .int { $0.error?.httpStatus.map { Int64($0) } }),
    ])

    static func insert(_ preparations: [Preparation], _ session: PostgresSession) {
        guard !preparations.isEmpty else { return }
        session.deferQuery(
            """
            INSERT INTO eskiz.attempts (\(prepared.names()), phase) \
            SELECT \(prepared.names()), 'prepared' FROM \(prepared.unnest)
            """,
            prepared.values(of: preparations),
            isPrepared: true
        )
    }

    static func begin(_ beginnings: [Beginning], _ session: PostgresSession) {
        guard !beginnings.isEmpty else { return }
        session.deferQuery(
            """
            UPDATE eskiz.attempts a SET phase = 'writing', writing_at = brought.writing_at FROM \(begun.unnest) \
            WHERE a.message_id = brought.message_id AND a.fence = brought.fence AND a.phase = 'prepared'
            """,
            begun.values(of: beginnings),
            isPrepared: true
        )
    }

    static func end(_ endings: [Ending], _ session: PostgresSession) {
        guard !endings.isEmpty else { return }
        session.deferQuery(
            """
            UPDATE eskiz.attempts a SET phase = 'answered', answered_at = brought.answered_at, \
            outcome = brought.outcome, provider_id = brought.provider_id, error_code = brought.error_code, \
            error_message = brought.error_message, error_http_status = brought.error_http_status \
            FROM \(ended.unnest) WHERE a.message_id = brought.message_id AND a.fence = brought.fence
            """,
            ended.values(of: endings),
            isPrepared: true
        )
    }

    static func forget(_ keys: [Key], _ session: PostgresSession) {
        guard !keys.isEmpty else { return }
        session.deferQuery(
            """
            DELETE FROM eskiz.attempts a USING \(named.unnest) \
            WHERE a.message_id = brought.message_id AND a.fence = brought.fence
            """,
            named.values(of: keys),
            isPrepared: true
        )
    }

    /// How far the last attempts of these messages have got.
    static func phases(
        of messages: [StoredMessage],
        _ session: PostgresSession
    ) throws(PostgresError) -> [Key: Attempt.Phase] {
        let keys = messages.map { Key(message: $0.message.id, fence: $0.fence) }
        guard !keys.isEmpty else { return [:] }
        let rows = try session.query(
            """
            SELECT a.message_id, a.fence, a.phase FROM eskiz.attempts a JOIN \(named.unnest) \
            ON a.message_id = brought.message_id AND a.fence = brought.fence
            """,
            named.values(of: keys),
            isPrepared: true
        )
        var phases: [Key: Attempt.Phase] = [:]
        for row in try rows.map({ (row) throws(PostgresError) in
            (
                Key(message: MessageID(try row.int("message_id")), fence: try row.int("fence")),
                try row.word("phase", as: Attempt.Phase.self)
            )
        }) {
            phases[row.0] = row.1
        }
        return phases
    }

    static func attempt(_ row: PostgresRow) throws(PostgresError) -> Attempt {
        Attempt(
            number: try row.number("number"),
            phase: try row.word("phase"),
            preparedAt: try row.moment("prepared_at"),
            writingAt: try row.optionalMoment("writing_at"),
            answeredAt: try row.optionalMoment("answered_at"),
            outcome: try row.optionalWord("outcome"),
            providerID: try row.optionalText("provider_id"),
            error: try row.messageError()
        )
    }
}

/// A report as a row of `eskiz.reports`.
struct ReportRow {
    var id: Int64
    var messageID: MessageID?
    /// The provider's id that is to be learnt first.
    var waitsFor: String?
    var phone: String?
    var raw: RawReportID?
    var report: DeliveryReport

    static let selection = """
        r.id AS report_id, r.message_id AS report_message_id, r.status AS report_status, r.source AS report_source, \
        r.received_at AS report_received_at, r.happened_at AS report_happened_at, r.provider_id AS report_provider_id, \
        r.provider_number AS report_provider_number, r.price AS report_price, r.parts AS report_parts, \
        r.waits_for AS report_waits_for, r.phone AS report_phone, r.raw_id AS report_raw_id
        """

    private static let columns = Columns<Self>([
        .init("id", .int { $0.id }),
        .init("message_id", .int { $0.messageID?.rawValue }),
        .init("status", .text { $0.report.status.storedWord }),
        .init("source", .text { $0.report.source.rawValue }),
        .init("received_at", .int { $0.report.receivedAt.milliseconds }),
        .init("happened_at", .int { $0.report.happenedAt?.milliseconds }),
        .init("provider_id", .text { $0.report.providerID }),
        .init("provider_number", .text { $0.report.providerNumber }),
        .init("price", .text { $0.report.price }),
        .init("parts", .int { $0.report.parts.map { Int64($0) } }),
        .init("waits_for", .text { $0.waitsFor }),
        .init("phone", .text { $0.phone }),
        .init("raw_id", .int { $0.raw }),
    ])

    static func insert(_ rows: [Self], _ session: PostgresSession) {
        guard !rows.isEmpty else { return }
        session.deferQuery(
            "INSERT INTO eskiz.reports (\(columns.names())) SELECT \(columns.names()) FROM \(columns.unnest)",
            columns.values(of: rows),
            isPrepared: true
        )
    }

    init(
        id: Int64,
        messageID: MessageID?,
        waitsFor: String? = nil,
        phone: String? = nil,
        raw: RawReportID?,
        report: DeliveryReport
    ) {
        self.id = id
        self.messageID = messageID
        self.waitsFor = waitsFor
        self.phone = phone
        self.raw = raw
        self.report = report
    }

    init(_ row: PostgresRow) throws(PostgresError) {
        id = try row.int("report_id")
        messageID = try row.optionalInt("report_message_id").map { MessageID($0) }
        waitsFor = try row.optionalText("report_waits_for")
        phone = try row.optionalText("report_phone")
        raw = try row.optionalInt("report_raw_id")
        report = try Self.report(row)
    }

    static func report(_ row: PostgresRow) throws(PostgresError) -> DeliveryReport {
        DeliveryReport(
            status: MessageStatus(try row.text("report_status")),
            source: try row.word("report_source"),
            receivedAt: try row.moment("report_received_at"),
            happenedAt: try row.optionalMoment("report_happened_at"),
            providerID: try row.optionalText("report_provider_id"),
            providerNumber: try row.optionalText("report_provider_number"),
            price: try row.optionalText("report_price"),
            parts: try row.optionalNumber("report_parts")
        )
    }
}

extension MessageStatus {
    /// A word from which the status can be read again.
    fileprivate var storedWord: String {
        switch self {
        case .indefinite: "UNKNOWN"
        case .unrecognized(let word): word
        default: description.uppercased()
        }
    }
}

/// A webhook's delivery as a row of `eskiz.webhooks`, with the report that it tells of.
struct WebhookRow {
    var delivery: WebhookDelivery
    var reportID: Int64?

    static let selection = """
        w.id, w.message_id, w.url, w.format, w.state, w.created_at, w.progress, w.attempts, w.next_at, w.last_error, \
        \(ReportRow.selection)
        """
    static let tables = "eskiz.webhooks w LEFT JOIN eskiz.reports r ON r.id = w.report_id"

    private static let columns = Columns<Self>([
        .init("message_id", .int { $0.delivery.messageID.rawValue }),
        .init("url", .text { $0.delivery.url }),
        .init("format", .text { $0.delivery.format.rawValue }),
        .init("state", .text { $0.delivery.state.rawValue }),
        .init("report_id", .int { $0.reportID }),
        .init("created_at", .int { $0.delivery.createdAt.milliseconds }),
        .init("progress", .text { $0.delivery.progress.rawValue }),
        .init("attempts", .int { Int64($0.delivery.attempts) }),
        .init("next_at", .int { $0.delivery.nextAt?.milliseconds }),
        .init("last_error", .text { $0.delivery.lastError }),
    ])
    private static let changing = Columns<WebhookDelivery>([
        .init("id", .int { $0.id }),
        .init("progress", .text { $0.progress.rawValue }),
        .init("attempts", .int { Int64($0.attempts) }),
        .init("next_at", .int { $0.nextAt?.milliseconds }),
        .init("last_error", .text { $0.lastError }),
    ])

    static func insert(_ rows: [Self], _ session: PostgresSession) {
        guard !rows.isEmpty else { return }
        session.deferQuery(
            "INSERT INTO eskiz.webhooks (\(columns.names())) SELECT \(columns.names()) FROM \(columns.unnest)",
            columns.values(of: rows),
            isPrepared: true
        )
    }

    static func update(_ deliveries: [WebhookDelivery], _ session: PostgresSession) {
        guard !deliveries.isEmpty else { return }
        session.deferQuery(
            """
            UPDATE eskiz.webhooks w SET progress = brought.progress, attempts = brought.attempts, \
            next_at = brought.next_at, last_error = brought.last_error FROM \(changing.unnest) WHERE w.id = brought.id
            """,
            changing.values(of: deliveries),
            isPrepared: true
        )
    }

    static func delivery(_ row: PostgresRow) throws(PostgresError) -> WebhookDelivery {
        WebhookDelivery(
            id: try row.int("id"),
            messageID: MessageID(try row.int("message_id")),
            url: try row.text("url"),
            format: try row.word("format"),
            state: try row.word("state"),
            report: try row.optionalInt("report_id") == nil ? nil : try ReportRow.report(row),
            createdAt: try row.moment("created_at"),
            progress: try row.word("progress"),
            attempts: try row.number("attempts"),
            nextAt: try row.optionalMoment("next_at"),
            lastError: try row.optionalText("last_error")
        )
    }
}
