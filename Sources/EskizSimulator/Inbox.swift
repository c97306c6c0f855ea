/// The messages as a tester looks at them: newest first, with the one-time code, and "the next one, please".
struct Inbox: Sendable {
    /// The newest message handed out by ``next`` for each number, and for all numbers under nil.
    private var seen: [String?: Int] = [:]

    /// Digits only, so that a number may be written with `+`, spaces and dashes, and without the country code.
    static func digits(of phone: String?) -> String? {
        guard let digits = phone?.filter({ $0.isASCII && $0.isNumber }), !digits.isEmpty else { return nil }
        return digits.count == 9 && Operator.serves(local: digits) ? "998" + digits : digits
    }

    /// The next message nobody has been handed yet, or the first one after `after`.
    ///
    /// Each call without `after` gives each message once, in order: a code that came before the question is not lost, and
    /// the code of the last test is not given twice.
    mutating func next(in store: MessageStore, to phone: String?, after: After?) -> Message? {
        let start: Int
        switch after {
        case .message(let id): start = id
        case .time(let time):
            let earlier = store.newestFirst(to: phone, limit: .max).first { $0.takenAt <= time }
            start = earlier?.id ?? 0
        case nil: start = seen[phone] ?? 0
        }
        guard let message = store.next(after: start, to: phone) else { return nil }
        seen[phone] = max(seen[phone] ?? 0, message.id)
        return message
    }

    enum After: Sendable, Equatable {
        case message(Int)
        case time(WallTime)
    }
}

extension Message {
    /// The row of the control API (`contract.md` §7).
    var inboxDocument: JSON {
        [
            "id": .string(requestID), "message_id": .int(id), "to": .string(to), "from": .string(nick),
            "text": .string(text), "code": JSON(CodeFinder.code(in: text)), "segments": .int(partsCount),
            "status": .string(status.rawValue), "part_status": JSON(parts.first?.states.last),
            "received_at": .string(takenAt.rfc3339), "user_sms_id": JSON(userSMSID), "dispatch_id": JSON(dispatchID),
            "encoding": .int(encoding), "price": .int(totalPrice), "is_ad": .bool(isAd),
        ]
    }
}
