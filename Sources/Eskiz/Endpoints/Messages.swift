#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

// Sending one message, and reading messages: eskiz-api.md §4.1, §4.3, §6.

/// A message that Eskiz has taken into its queue.
///
/// That is not delivery; see ``EskizClient/waitUntilFinal(_:timeout:)``.
public struct SentMessage: Sendable, Hashable {
    /// The request id, a UUID: the key for ``EskizClient/status(of:)`` and for callbacks.
    public let id: String
    /// `waiting`, as a rule.
    public let status: MessageStatus
    /// What Eskiz says with it, for example `Waiting for SMS provider`.
    public let message: String

    /// A message as Eskiz would report it, for tests.
    public init(id: String, status: MessageStatus = .waiting, message: String = "") {
        self.id = id
        self.status = status
        self.message = message
    }

    /// The receipt in a 2xx; nil if there is no id in it.
    package static func receipt(_ response: TransportResponse) -> SentMessage? {
        if let plain = PlainReceipt(response.body) {
            return SentMessage(id: plain.id, status: plain.status, message: plain.message)
        }
        return forgivingReceipt(response)
    }

    /// The receipt in any answer that has an id somewhere, whatever stands around it.
    package static func forgivingReceipt(_ response: TransportResponse) -> SentMessage? {
        guard let receipt = WireCoding.decodeIfPossible(Receipt.self, from: response.body) else { return nil }
        guard let id = receipt.id, !id.isEmpty else { return nil }
        return SentMessage(id: id, status: receipt.statuses.first ?? .waiting, message: receipt.message ?? "")
    }
}

/// The bare answer to `send`, `send-batch` and, probably, `send-global`.
struct Receipt: Decodable {
    var id: String?
    var statuses: [MessageStatus]
    var message: String?

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: WireKey.self)
        id = container.text("id")
        statuses = container.statuses("status")
        message = container.sentence("message")
    }
}

/// `POST message/sms/send`.
struct SendRequest {
    var phone: String
    var text: String
    var sender: String
    var callbackURL: String?
    var userSMSID: String?

    var endpoint: EndpointRequest {
        var fields = [("mobile_phone", phone), ("message", text), ("from", sender)]
        if let callbackURL { fields.append(("callback_url", callbackURL)) }
        if let userSMSID { fields.append(("user_sms_id", userSMSID)) }
        return .form("message/sms/send", fields, .send, isSend: true)
    }
}

/// `POST message/sms/send-global`.
struct SendGlobalRequest {
    var phone: String
    var text: String
    var countryCode: String
    var callbackURL: String?
    var isUnicode: Bool

    var endpoint: EndpointRequest {
        var fields = [
            ("mobile_phone", phone), ("message", text), ("country_code", countryCode),
            ("unicode", isUnicode ? "1" : "0"),
        ]
        if let callbackURL { fields.append(("callback_url", callbackURL)) }
        return .form("message/sms/send-global", fields, .sendGlobal, isSend: true)
    }
}

extension EskizClient {
    /// A message as Eskiz keeps it (eskiz-api.md §6.1).
    ///
    /// Everything may be missing.
    ///
    /// Times are right: Eskiz writes Tashkent time with a `Z` at its end, and that is taken into account.
    public struct MessageRecord: Sendable, Hashable {
        /// Eskiz's number of the message; searchable at any time.
        public var id: Int64?
        /// The UUID that the send was answered with; searchable for 30 days.
        public var requestID: String?
        /// Your own number.
        public var userSMSID: String?
        /// Your number of the mailing.
        public var dispatchID: Int64?
        /// The account.
        public var userID: Int64?
        /// The country; nil means Uzbekistan.
        public var countryID: Int64?
        /// The connection to the operator.
        public var connectionID: Int64?
        /// The operator: 1 Mobiuz, 2 Beeline, 3 Ucell, 4 Humans, 5 Uzmobile GSM, 6 Uzmobile CDMA, 7 Perfectum, 8 abroad.
        public var operatorID: Int64?
        /// The sender ID.
        public var sender: String?
        /// The recipient, digits only.
        public var phone: String?
        /// The text.
        public var text: String?
        /// 0 GSM 03.38, 1 ASCII, 8 UCS-2.
        public var encoding: Int64?
        /// Price of one part in UZS.
        public var price: Decimal?
        /// Price of all parts in UZS.
        public var totalPrice: Decimal?
        /// True for advertising, which is priced apart.
        public var isAdvertising: Bool?
        /// Number of parts.
        public var partsCount: Int64?
        /// The parts, in order.
        public var parts: [MessagePart]
        /// Where the message is.
        public var status: MessageStatus
        /// The states each part went through, by its id at the operator.
        public var history: [String: [MessageStatus]]
        /// Accepted by Eskiz.
        public var sentAt: Date?
        /// The last part was handed to the operator.
        public var submittedAt: Date?
        /// The last part was delivered.
        public var deliveredAt: Date?
        /// The record was made.
        public var createdAt: Date?
        /// The record was changed.
        public var updatedAt: Date?
    }
}

extension EskizClient.MessageRecord: Decodable {
    /// Reads a row; a field that cannot be understood is nil.
    public init(from decoder: any Decoder) throws {
        let row = try decoder.container(keyedBy: WireKey.self)
        id = row.integer("id")
        requestID = row.text("request_id")
        userSMSID = row.text("user_sms_id")
        dispatchID = row.integer("dispatch_id")
        userID = row.integer("user_id")
        countryID = row.integer("country_id")
        connectionID = row.integer("connection_id")
        operatorID = row.integer("smsc_id")
        sender = row.text("nick")
        phone = row.text("to")
        text = row.text("message")
        encoding = row.integer("encoding")
        price = row.decimal("price")
        totalPrice = row.decimal("total_price")
        isAdvertising = row.flag("is_ad")
        partsCount = row.integer("parts_count")
        parts = MessagePart.parts(in: row)
        // Generation 1 wrote an array even here.
        status = row.statuses("status").first ?? .unrecognized("")
        history = (row.value([String: LossyList<MessageStatus>].self, "smsc_data") ?? [:]).mapValues(\.elements)
        sentAt = row.tashkentTime("sent_at")
        submittedAt = row.tashkentTime("submit_sm_resp_at")
        deliveredAt = row.tashkentTime("delivery_sm_at")
        createdAt = row.tashkentTime("created_at")
        updatedAt = row.tashkentTime("updated_at")
    }
}

extension EskizClient.MessageRecord: CustomStringConvertible, CustomReflectable {
    /// Id and status, never phone or text.
    public var description: String {
        "message \(requestID ?? id.map(String.init) ?? "without id"): \(status)"
    }
    /// A mirror that shows no more than `description`.
    public var customMirror: Mirror { Mirror(self, children: ["message": description]) }
}

/// One part of a message at the operator.
public struct MessagePart: Sendable, Hashable {
    /// Its id at the operator.
    public var id: String
    /// Its place, from 0.
    public var index: Int64?
    /// What the parts of one message have in common.
    public var group: Int64?
    /// True when the operator took it.
    public var isAccepted: Bool?
    /// SMPP's `command_status` of the hand-over; 0 is good.
    public var acceptStatus: Int64?
    /// When the operator took it.
    public var acceptedAt: Date?
    /// The last state that was reported.
    public var status: MessageStatus?
    /// When it was reported.
    public var reportedAt: Date?
    /// The template that the operator matched.
    public var templateTag: String?

    /// The parts: an object by id today, an array or nothing on older servers.
    fileprivate static func parts(in row: KeyedDecodingContainer<WireKey>) -> [MessagePart] {
        let parts: [MessagePart]
        if let byID = row.value([String: Wire].self, "parts") {
            parts = byID.map { $0.value.part(id: $0.key) }
        } else {
            parts = row.list(Wire.self, "parts").map { $0.part(id: "") }
        }
        return parts.sorted { ($0.index ?? 0, $0.id) < ($1.index ?? 0, $1.id) }
    }

    private struct Wire: Decodable {
        var part: MessagePart

        init(from decoder: any Decoder) throws {
            let part = try decoder.container(keyedBy: WireKey.self)
            // The shape of 2023 was {accept, status, submit, delivery}.
            self.part = MessagePart(
                id: "",
                index: part.integer("part_index"),
                group: part.integer("group"),
                isAccepted: part.flag("accepted") ?? part.flag("accept"),
                acceptStatus: part.integer("accept_status"),
                acceptedAt: part.tashkentTime("accept_time") ?? part.tashkentTime("submit"),
                status: part.value(MessageStatus.self, "dlr_state") ?? part.value(MessageStatus.self, "status"),
                reportedAt: part.tashkentTime("dlr_time") ?? part.tashkentTime("delivery"),
                templateTag: part.text("template_tag").flatMap { $0.isEmpty ? nil : $0 }
            )
        }

        func part(id: String) -> MessagePart {
            var part = part
            part.id = id
            return part
        }
    }
}

extension MessageQuery {
    /// Which messages to list.
    public enum Filter: String, Sendable, Hashable, CaseIterable {
        /// All of them.
        case all = ""
        /// Wholly or partly delivered.
        case delivered
        /// Not delivered.
        case rejected
    }
}

/// What ``EskizClient/messages(_:)`` asks for.
public struct MessageQuery: Sendable, Hashable {
    /// From this moment, to the minute.
    public var start: Date
    /// To this moment, to the minute.
    public var end: Date
    /// Which ones.
    public var status: MessageQuery.Filter
    /// The page, from 1.
    public var page: Int
    /// Messages on a page: 20 to 200.
    public var pageSize: Int
    /// True for advertising only, false for service only, nil for both.
    public var isAdvertising: Bool?

    /// A query.
    public init(
        from start: Date,
        to end: Date,
        status: MessageQuery.Filter = .all,
        page: Int = 1,
        pageSize: Int = 50,
        isAdvertising: Bool? = nil
    ) {
        self.start = start
        self.end = end
        self.status = status
        self.page = page
        self.pageSize = pageSize
        self.isAdvertising = isAdvertising
    }

    /// `POST message/sms/get-user-messages`, for rows or for totals.
    func endpoint(countsOnly: Bool) -> EndpointRequest {
        var fields = [
            ("start_date", WireTime.minutes(start)), ("to_date", WireTime.minutes(end)),
            ("page_size", String(pageSize)), ("count", countsOnly ? "1" : "0"),
        ]
        fields.append(("is_ad", Self.wire(isAdvertising)))
        return .form(
            "message/sms/get-user-messages",
            query: [("status", status.rawValue), ("page", String(page))],
            fields,
            countsOnly ? .messageTotals : .messages
        )
    }

    /// Empty for both, 1 for advertising, 0 for service.
    static func wire(_ isAdvertising: Bool?) -> String {
        isAdvertising.map { $0 ? "1" : "0" } ?? ""
    }

    func validate() throws(EskizError) {
        guard start <= end else {
            throw .badArgument("The range ends before it starts.", remedy: "Swap the two times.")
        }
        guard page >= 1 else { throw .badArgument("There is no page \(page).", remedy: "Pages count from 1.") }
        guard (20...200).contains(pageSize) else {
            throw .badArgument("A page cannot hold \(pageSize) messages.", remedy: "Ask for 20 to 200.")
        }
    }
}

/// One page of messages.
public struct MessagePage: Sendable, Hashable, Decodable {
    /// The messages, newest first.
    public var messages: [EskizClient.MessageRecord]
    /// This page, from 1.
    public var page: Int64?
    /// Messages on a page.
    public var pageSize: Int64?
    /// The last page.
    public var lastPage: Int64?
    /// Messages on all pages.
    public var total: Int64?

    /// True when another page follows.
    public var hasMore: Bool {
        guard let page, let lastPage else { return false }
        return page < lastPage
    }

    /// Reads a paginator; `result` may be a sentence when nothing matches (eskiz-api.md §6.3).
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: WireKey.self)
        guard container.contains("result") || container.contains("current_page") else {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "no page"))
        }
        messages = container.list(EskizClient.MessageRecord.self, "result")
        page = container.integer("current_page")
        pageSize = container.integer("per_page")
        lastPage = container.integer("last_page")
        total = container.integer("total")
    }
}

/// How many messages have a status.
public struct StatusTotal: Sendable, Hashable, Decodable {
    /// The status.
    public var status: MessageStatus
    /// How many.
    public var total: Int64

    /// Reads a row.
    public init(from decoder: any Decoder) throws {
        let row = try decoder.container(keyedBy: WireKey.self)
        status = row.value(MessageStatus.self, "status") ?? .unrecognized("")
        total = row.integer("total") ?? 0
    }
}
