package import Eskiz

/// What a row of Eskiz's list, or a report, says of the message that it is about.
package struct ReportedMessage: Sendable, Hashable {
    /// Our number; nil for none.
    package var number: MessageID?
    /// Digits with country code; nil where it does not say.
    package var phone: String?
    /// Nil where it does not say.
    package var text: String?
    /// Eskiz's UUID.
    package var providerID: String?

    package init(number: MessageID?, phone: String? = nil, text: String? = nil, providerID: String? = nil) {
        self.number = number
        self.phone = phone.flatMap(Self.digits)
        self.text = text
        self.providerID = providerID
    }

    package init(_ row: EskizClient.MessageRecord) {
        self.init(
            number: row.userSMSID.flatMap { MessageID(text: $0) },
            phone: row.phone,
            text: row.text,
            providerID: row.requestID
        )
    }

    /// A phone as digits with country code; nil for one that is masked, or none at all.
    package static func digits(_ phone: String) -> String? {
        var digits = ""
        for byte in phone.utf8 {
            switch byte {
            case 0x30...0x39: digits.unicodeScalars.append(Unicode.Scalar(byte))
            // "+998 (90) 123-45-67"
            case 0x20, 0x28, 0x29, 0x2B, 0x2D: continue
            default: return nil
            }
        }
        guard (5...20).contains(digits.utf8.count) else { return nil }
        return digits.utf8.count == 9 ? "998" + digits : digits
    }
}

/// Whether what Eskiz says under one of our numbers is about our message.
///
/// Numbers alone prove nothing: another installation on the same account may have given out the same one. So number and
/// phone have to agree.
package enum Ownership: Sendable, Hashable {
    case ours
    /// Somebody else's message: it is not applied to ours.
    case foreign
    /// It does not say to which phone it is, and nothing else tells. A callback is believed all the same, because only our
    /// own sends carry the secret address that it came to; a row of the list is not.
    case withoutPhone
    /// Number and phone are ours, the text is not. It may be ours, changed by Eskiz: it is not applied, and it forbids to
    /// say that Eskiz does not have our message.
    case otherText

    /// The one rule, for rows, answers and callbacks alike.
    package static func of(_ reported: ReportedMessage, against message: Message) -> Ownership {
        if let number = reported.number, number != message.id { return .foreign }
        guard let phone = reported.phone else {
            // A batch has one UUID for all its messages, so only together with the number does it tell.
            guard let known = message.providerID, let told = reported.providerID else { return .withoutPhone }
            guard known == told else { return .foreign }
            return reported.number != nil || message.batch == nil ? .ours : .withoutPhone
        }
        guard phone == message.phone else { return .foreign }
        if let told = reported.text, let ours = message.text, !isSameText(told, ours) { return .otherText }
        return .ours
    }

    /// White space is lost or changed on the way through a form.
    static func isSameText(_ left: String, _ right: String) -> Bool {
        left == right || words(left).elementsEqual(words(right))
    }

    private static func words(_ text: String) -> [Substring] {
        text.split { $0.isWhitespace }
    }
}
