import Eskiz
import EskizQueue
import EskizText

/// A send as an Eskiz client asks for it, once its form has been checked the way Eskiz checks it (eskiz-api.md §4.1).
///
/// The text is not touched: it must equal an approved template. Whether sender and text are allowed is for Eskiz to say.
struct EskizSendRequest: Sendable, Equatable {
    /// Why it is refused, in Eskiz's words where they are known.
    struct Refusal: Error, Equatable {
        var message: String
        var status = 400
    }

    /// Nobody documents a maximum; the largest that any gateway of this kind takes (§4.2).
    static let batchLimit = 10_000
    /// The longest `user_sms_id`, in characters.
    static let idLimit = 64

    var phone: String
    var text: String
    /// Nil: the gateway's own.
    var sender: String?
    var userSMSID: String?
    var callbackURL: String?

    /// `POST message/sms/send`.
    static func single(
        _ fields: FormFields,
        policy: WebhookAddressPolicy,
        rules: MessageTextRules = .standard,
        prices: () -> Prices? = { nil }
    ) throws(Refusal) -> EskizSendRequest {
        try EskizSendRequest(
            phone: fields["mobile_phone"],
            text: fields["message"],
            userSMSID: fields["user_sms_id"],
            sender: fields["from"],
            callbackURL: callbackURL(fields["callback_url"], policy: policy),
            rules: rules,
            prices: prices
        )
    }

    /// `POST message/sms/send-batch` (§4.2): one bad message refuses them all, before anything is sent.
    static func batch(
        _ fields: FormFields,
        policy: WebhookAddressPolicy,
        rules: MessageTextRules = .standard,
        prices: () -> Prices? = { nil }
    ) throws(Refusal) -> (orders: [EskizSendRequest], dispatchID: Int64?) {
        guard let items = fields.list("messages"), !items.isEmpty else {
            throw Refusal(message: "messages is invalid")
        }
        guard items.count <= batchLimit else { throw Refusal(message: "messages: maximum \(batchLimit)") }
        var dispatchID: Int64?
        if let text = fields["dispatch_id"] {
            guard PlainText.problem(text, upTo: idLimit) == nil else {
                throw Refusal(message: "dispatch_id is invalid")
            }
            dispatchID = MailingName.number(of: text)
        }
        let callbackURL = try callbackURL(fields["callback_url"], policy: policy)
        var orders: [EskizSendRequest] = []
        orders.reserveCapacity(items.count)
        for item in items {
            let item = FormFields(texts: item)
            orders.append(
                try EskizSendRequest(
                    phone: item["to"] ?? item["mobile_phone"],
                    text: item["text"] ?? item["message"],
                    userSMSID: item["user_sms_id"],
                    sender: fields["from"],
                    callbackURL: callbackURL,
                    rules: rules,
                    prices: prices
                )
            )
        }
        return (orders, dispatchID)
    }

    private init(
        phone: String?,
        text: String?,
        userSMSID: String?,
        sender: String?,
        callbackURL: String?,
        rules: MessageTextRules,
        prices: () -> Prices?
    ) throws(Refusal) {
        // Upstream goes a number of ours, so it may be any word here.
        if let userSMSID {
            guard PlainText.problem(userSMSID, upTo: Self.idLimit) == nil else {
                throw Refusal(message: "user_sms_id is invalid")
            }
        }
        // 12 digits that begin with 998 (§3.3).
        guard let phone, phone.utf8.count == 12, phone.hasPrefix("998"), phone.utf8.allSatisfy(\.isDigit) else {
            throw Refusal(message: "mobile_phone is invalid")
        }
        guard let text else { throw Refusal(message: "message is invalid") }
        do throws(MessageTextError) {
            try rules.check(text)
        } catch {
            throw Refusal(message: "message is invalid: \(TextRefusal.sentence(error, to: phone, prices: prices))")
        }
        self.phone = phone
        self.text = text
        self.sender = sender
        self.userSMSID = userSMSID
        self.callbackURL = callbackURL
    }

    private static func callbackURL(_ text: String?, policy: WebhookAddressPolicy) throws(Refusal) -> String? {
        guard let text else { return nil }
        if let problem = MessageRules.addressProblem(text) {
            throw Refusal(message: "callback_url is invalid: \(problem)")
        }
        do {
            _ = try policy.accept(text)
            return text
        } catch {
            throw Refusal(message: "callback_url is invalid: \(error.reason)")
        }
    }

    /// What the queue keeps of it.
    ///
    /// It takes the given sender if it names none. From `expiresAt` on the client has been told that it was not sent, so
    /// it never will be.
    func message(for identity: APIKeyIdentity, sender: String, expiresAt: Timestamp) -> NewMessage {
        let segmentation = Segmentation(of: text)
        return NewMessage(
            lane: .transactional,
            phone: phone,
            text: text,
            sender: self.sender ?? sender,
            segments: segmentation.segments.count,
            encoding: segmentation.encoding,
            reference: userSMSID,
            apiKeyID: identity.id,
            origin: .eskiz,
            client: .init(userSMSID: userSMSID, callbackURL: callbackURL),
            expiresAt: expiresAt
        )
    }
}

extension UInt8 {
    /// An ASCII digit.
    var isDigit: Bool { (0x30...0x39).contains(self) }
}
