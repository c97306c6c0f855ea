package import Eskiz
package import EskizText

/// A message as it is kept.
///
/// Phone and text are in clear here, because sending needs them; its description shows neither.
package struct Message: Sendable, Hashable {
    package var id: MessageID
    package var state: MessageState
    /// More about the state: Eskiz's or the operator's word (`DELIVRD`), or ours (`superseded by 123`).
    package var statusDetail: String?
    package var lane: Lane
    /// Digits with country code: `998901234567`.
    package var phone: String
    /// Erased (nil) once a code has been submitted.
    package var text: String?
    package var sender: String
    package var segments: Int
    package var encoding: MessageEncoding
    /// UZS for all parts, once Eskiz has said so.
    package var price: String?
    /// The caller's own word for it.
    package var reference: String?
    /// Who sent it: the key's id.
    package var apiKeyID: String
    /// How it came in.
    package var origin: Origin
    /// Where the application wants to hear of it.
    package var webhookURL: String?
    /// What an Eskiz client called it: given back as it came.
    package var client: ClientReference?
    /// Sent together with its siblings as one `send-batch`.
    package var batch: BatchReference?
    /// Eskiz's UUID.
    package var providerID: String?
    /// How far the reports have got, so that a status never goes backwards.
    package var reportRank: Int
    package var createdAt: Timestamp
    /// When it may be sent; for a retry, when it may be tried again.
    package var dueAt: Timestamp
    package var expiresAt: Timestamp?
    package var submittedAt: Timestamp?
    package var finalAt: Timestamp?
    /// Attempts begun so far.
    package var attempts: Int
    /// The last failure: a stable code and one sentence without phone or text.
    package var error: MessageError?
    /// What became of it cannot be found out without a person.
    package var needsPerson: Bool

    package enum Origin: String, Sendable, Hashable, Codable, CaseIterable {
        /// `POST /v1/messages`.
        case api
        /// Eskiz's own API.
        case eskiz
    }

    /// What an Eskiz client gave us and gets back as it was.
    package struct ClientReference: Sendable, Hashable, Codable {
        package var userSMSID: String?
        package var callbackURL: String?

        package init(userSMSID: String? = nil, callbackURL: String? = nil) {
            self.userSMSID = userSMSID
            self.callbackURL = callbackURL
        }
    }

    /// A mailing that goes to Eskiz in one request.
    package struct BatchReference: Sendable, Hashable, Codable {
        /// The id of its first message.
        package var id: MessageID
        /// The caller's `dispatch_id`.
        package var dispatchID: Int64?

        package init(id: MessageID, dispatchID: Int64?) {
            self.id = id
            self.dispatchID = dispatchID
        }
    }

    package init(
        id: MessageID,
        state: MessageState,
        statusDetail: String? = nil,
        lane: Lane,
        phone: String,
        text: String?,
        sender: String,
        segments: Int,
        encoding: MessageEncoding,
        price: String? = nil,
        reference: String? = nil,
        apiKeyID: String,
        origin: Origin = .api,
        webhookURL: String? = nil,
        client: ClientReference? = nil,
        batch: BatchReference? = nil,
        providerID: String? = nil,
        reportRank: Int = 0,
        createdAt: Timestamp,
        dueAt: Timestamp,
        expiresAt: Timestamp? = nil,
        submittedAt: Timestamp? = nil,
        finalAt: Timestamp? = nil,
        attempts: Int = 0,
        error: MessageError? = nil,
        needsPerson: Bool = false
    ) {
        self.id = id
        self.state = state
        self.statusDetail = statusDetail
        self.lane = lane
        self.phone = phone
        self.text = text
        self.sender = sender
        self.segments = segments
        self.encoding = encoding
        self.price = price
        self.reference = reference
        self.apiKeyID = apiKeyID
        self.origin = origin
        self.webhookURL = webhookURL
        self.client = client
        self.batch = batch
        self.providerID = providerID
        self.reportRank = reportRank
        self.createdAt = createdAt
        self.dueAt = dueAt
        self.expiresAt = expiresAt
        self.submittedAt = submittedAt
        self.finalAt = finalAt
        self.attempts = attempts
        self.error = error
        self.needsPerson = needsPerson
    }
}

extension Message {
    /// True for a number of another country: Eskiz sends it another way, and its list does not have our number of it.
    package var isAbroad: Bool { !phone.hasPrefix("998") }
}

extension Message: CustomStringConvertible, CustomReflectable {
    /// Number and state, never phone or text.
    package var description: String { "message \(id): \(state.rawValue)" }
    /// A mirror that shows no more than `description`.
    package var customMirror: Mirror { Mirror(self, children: ["message": description]) }
}

/// Why a message failed: a stable code and one sentence, safe to show.
package struct MessageError: Sendable, Hashable, Codable {
    /// `EskizError.Code`, or one of ours: `attempts_exhausted`.
    package var code: String
    package var message: String
    package var httpStatus: Int?

    package init(code: String, message: String, httpStatus: Int? = nil) {
        self.code = code
        self.message = message
        self.httpStatus = httpStatus
    }

    /// Stands between our sentence and Eskiz's own words.
    package static let providerMark = " Eskiz said: "

    package init(_ error: EskizError) {
        self.init(
            code: error.code.rawValue,
            message: error.provider.map { error.summary + Self.providerMark + $0 } ?? error.summary,
            httpStatus: error.httpStatus
        )
    }
}

/// A message before it has a number: validated, normalised, ready to be kept.
package struct NewMessage: Sendable, Hashable {
    package var lane: Lane
    package var phone: String
    package var text: String
    package var sender: String
    package var segments: Int
    package var encoding: MessageEncoding
    package var reference: String?
    package var apiKeyID: String
    package var origin: Message.Origin
    package var webhookURL: String?
    package var client: Message.ClientReference?
    /// Nil: as soon as possible.
    package var sendAt: Timestamp?
    package var expiresAt: Timestamp?
    /// What the code is for; a new message of the lane `otp` cancels queued older ones with the same phone and purpose.
    ///
    /// Nil cancels nothing.
    package var purpose: String?

    package init(
        lane: Lane = .transactional,
        phone: String,
        text: String,
        sender: String,
        segments: Int,
        encoding: MessageEncoding,
        reference: String? = nil,
        apiKeyID: String,
        origin: Message.Origin = .api,
        webhookURL: String? = nil,
        client: Message.ClientReference? = nil,
        sendAt: Timestamp? = nil,
        expiresAt: Timestamp? = nil,
        purpose: String? = nil
    ) {
        self.lane = lane
        self.phone = phone
        self.text = text
        self.sender = sender
        self.segments = segments
        self.encoding = encoding
        self.reference = reference
        self.apiKeyID = apiKeyID
        self.origin = origin
        self.webhookURL = webhookURL
        self.client = client
        self.sendAt = sendAt
        self.expiresAt = expiresAt
        self.purpose = purpose
    }
}

extension NewMessage: CustomStringConvertible, CustomReflectable {
    /// Lane only, never phone or text.
    package var description: String { "new message in \(lane.rawValue)" }
    /// A mirror that shows no more than `description`.
    package var customMirror: Mirror { Mirror(self, children: ["message": description]) }
}
