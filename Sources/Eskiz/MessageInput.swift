import EskizText

/// What is checked before anything leaves this machine.
enum MessageInput {
    static func text(_ text: String, _ rules: MessageTextRules) throws(EskizError) -> String {
        do throws(MessageTextError) {
            try rules.check(text)
        } catch {
            throw EskizError(
                .invalidText,
                Sentence(verbatim: error.summary),
                remedy: Sentence(verbatim: error.remedy),
                cause: error
            )
        }
        return text
    }

    /// 1 to 12 digits: longer numbers and letters are refused by the live service (eskiz-api.md §4.1).
    static func userSMSID(_ text: String?) throws(EskizError) -> String? {
        guard let text else { return nil }
        guard (1...12).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            throw EskizError(
                .invalidUserSMSID,
                "A user_sms_id is 1 to 12 digits.",
                remedy: "Use a number up to 999999999999, and keep your own id beside it."
            )
        }
        return text
    }

    static func sender(_ sender: String) throws(EskizError) -> String {
        if let reason = SenderID.problem(sender) {
            throw .badArgument("The sender ID cannot be used: \(reason).", remedy: "Use 4546 or an approved name.")
        }
        return sender
    }

    /// ISO 3166-1 alpha-2.
    static func countryCode(_ text: String?, of recipient: Recipient) throws(EskizError) -> String {
        guard let text = text ?? recipient.region else {
            throw .badArgument("The number belongs to no country.", remedy: "Give the country's two letters.")
        }
        guard text.utf8.count == 2, text.utf8.allSatisfy({ (0x61...0x7A).contains($0 | 0x20) }) else {
            throw .badArgument("A country code is two letters.", remedy: "Use the ISO code, for example US.")
        }
        return text.uppercased()
    }

    static func code(_ code: String) throws(EskizError) -> String {
        guard (1...32).contains(code.count), (try? MessageTextRules.checkCharacters(of: code)) != nil else {
            throw EskizError(.invalidText, "A code has 1 to 32 characters.", remedy: "Give the code alone.")
        }
        return code
    }

    static func identifier(_ id: String) throws(EskizError) -> String {
        let isPlain = id.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) || byte == 0x2D || byte == 0x5F
        }
        guard (1...64).contains(id.utf8.count), isPlain else {
            throw .badArgument(
                "That is not the id of a message.",
                remedy: "Use the id that the send was answered with."
            )
        }
        return id
    }

    static func month(_ month: Int, of year: Int) throws(EskizError) {
        guard (1...12).contains(month) else {
            throw .badArgument("There is no month \(month).", remedy: "Months count from 1 to 12.")
        }
        try self.year(year)
    }

    static func year(_ year: Int) throws(EskizError) {
        guard (2000...2100).contains(year) else {
            throw .badArgument("The year \(year) cannot be right.", remedy: "Give four digits, for example 2026.")
        }
    }
}

extension EskizError {
    static func badArgument(_ summary: Sentence, remedy: Sentence) -> EskizError {
        EskizError(.invalidArgument, summary, remedy: remedy)
    }
}
