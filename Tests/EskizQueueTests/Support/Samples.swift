import Eskiz
import EskizQueue
import EskizText

/// 2027-01-15 08:00 UTC.
let start = Timestamp(milliseconds: 1_800_000_000_000)

func sampleMessage(
    _ id: Int64 = 1,
    lane: Lane = .transactional,
    state: MessageState = .sending,
    phone: String = "998901234567",
    text: String? = "Salom",
    batch: Message.BatchReference? = nil,
    providerID: String? = nil,
    createdAt: Timestamp = start,
    expiresAt: Timestamp? = nil,
    submittedAt: Timestamp? = nil
) -> Message {
    Message(
        id: MessageID(id),
        state: state,
        lane: lane,
        phone: phone,
        text: text,
        sender: "4546",
        segments: 1,
        encoding: .gsm7,
        apiKeyID: "k_1",
        batch: batch,
        providerID: providerID,
        createdAt: createdAt,
        dueAt: createdAt,
        expiresAt: expiresAt,
        submittedAt: submittedAt,
        attempts: 1
    )
}

func newMessage(
    _ lane: Lane = .transactional,
    phone: String = "998901234567",
    text: String = "Salom",
    sendAt: Timestamp? = nil,
    expiresAt: Timestamp? = nil,
    purpose: String? = nil
) -> NewMessage {
    NewMessage(
        lane: lane,
        phone: phone,
        text: text,
        sender: "4546",
        segments: 1,
        encoding: .gsm7,
        apiKeyID: "k_1",
        sendAt: sendAt,
        expiresAt: expiresAt,
        purpose: purpose
    )
}

/// A failure of a send as `SendOutcome` would make it.
func failure(
    _ code: EskizError.Code,
    status: Int? = nil,
    retryAfter: Duration? = nil,
    isUnknown: Bool = false
) -> EskizError {
    EskizError(
        code,
        "It failed.",
        remedy: "Mend it.",
        httpStatus: status,
        retryAfter: retryAfter,
        mayRepeat: !isUnknown,
        isOutcomeUnknown: isUnknown
    )
}
