// Sending many messages with one call, and what became of them: eskiz-api.md §4.2, §6.3, §6.4.

/// One message of a batch.
public struct BatchMessage: Sendable, Hashable {
    /// The recipient, in any spelling of a number.
    public var phone: String
    /// The text.
    public var text: String
    /// Your own number, 1 to 12 digits.
    ///
    /// All messages of a batch share one id at Eskiz, so only this tells them apart.
    public var userSMSID: String?

    /// A message.
    public init(to phone: String, text: String, userSMSID: String? = nil) {
        self.phone = phone
        self.text = text
        self.userSMSID = userSMSID
    }
}

/// A batch that Eskiz has taken into its queue.
public struct SentBatch: Sendable, Hashable {
    /// One UUID for all messages; the `request_id` of their callbacks.
    public let id: String
    /// One status per message, in order; `waiting`, as a rule.
    public let statuses: [MessageStatus]
    /// What Eskiz says with it.
    public let message: String
    /// The number of the mailing, for ``EskizClient/dispatchStatus(_:userID:)``.
    public let dispatchID: Int64

    /// The receipt in a 2xx; nil if there is no id in it.
    static func receipt(_ response: TransportResponse, dispatchID: Int64) -> SentBatch? {
        guard let receipt = WireCoding.decodeIfPossible(Receipt.self, from: response.body),
            let id = receipt.id, !id.isEmpty
        else { return nil }
        return SentBatch(
            id: id,
            statuses: receipt.statuses,
            message: receipt.message ?? "",
            dispatchID: dispatchID
        )
    }
}

/// `POST message/sms/send-batch`, the one route that takes JSON only.
struct SendBatchRequest: Encodable {
    struct Message: Encodable {
        /// A number in Eskiz's own documentation; a string works as well.
        var to: Int64
        var text: String
        var userSMSID: String?

        enum CodingKeys: String, CodingKey {
            case to, text
            case userSMSID = "user_sms_id"
        }
    }

    /// Nobody documents a maximum; 200 is what others found to work (eskiz-api.md §4.2).
    static let limit = 200

    var messages: [Message]
    var from: String
    var dispatchID: Int64?
    var callbackURL: String?

    enum CodingKeys: String, CodingKey {
        case messages, from
        case dispatchID = "dispatch_id"
        case callbackURL = "callback_url"
    }

    func endpoint() throws(EskizError) -> EndpointRequest {
        try .json("message/sms/send-batch", self, .sendBatch, isSend: true)
    }
}

/// The messages and the totals of a mailing.
enum DispatchRequest {
    /// `POST message/sms/get-user-messages-by-dispatch`; the page size is in the query and has a dash.
    static func messages(_ dispatchID: Int64, status: MessageQuery.Filter, pageSize: Int, page: Int) -> EndpointRequest
    {
        .form(
            "message/sms/get-user-messages-by-dispatch",
            query: [("status", status.rawValue), ("page-size", String(pageSize)), ("page", String(page))],
            [("dispatch_id", String(dispatchID)), ("count", "0"), ("is_ad", "")],
            .dispatchMessages
        )
    }

    /// `POST message/sms/get-dispatch-status`.
    static func status(_ dispatchID: Int64, userID: Int64?) -> EndpointRequest {
        var fields = [("dispatch_id", String(dispatchID))]
        if let userID { fields.append(("user_id", String(userID))) }
        return .form("message/sms/get-dispatch-status", fields, .dispatchStatus)
    }
}
