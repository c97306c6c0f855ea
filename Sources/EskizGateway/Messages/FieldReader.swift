import EskizHTTP

/// Reads the members of one object, and collects what is wrong with them instead of stopping at the first.
struct FieldReader {
    private let members: [RequestJSON.Member]
    private(set) var errors: [Problem.FieldError] = []

    /// Every member that is not known is an error: a misspelt `expires_in` that is ignored is a code that never expires.
    init(_ json: RequestJSON, known: Set<String>, field: String = "") {
        guard case .object(let members) = json else {
            self.members = []
            errors.append(.init(field, "wrong_type", "This must be a JSON object."))
            return
        }
        self.members = members
        for member in members where !known.contains(member.name) {
            let name = Self.printable(member.name)
            errors.append(.init(name, "unknown_field", "There is no field `\(name)`. Is it misspelt?"))
        }
    }

    mutating func note(_ field: String, _ code: String, _ detail: String) {
        errors.append(.init(field, code, detail))
    }

    /// The value of a field; nil if it is missing or `null`.
    func value(_ name: String) -> RequestJSON? {
        for member in members where member.name == name { return member.value == .null ? nil : member.value }
        return nil
    }

    mutating func string(_ name: String) -> String? {
        switch value(name) {
        case nil: return nil
        case .string(let text): return text
        default:
            note(name, "wrong_type", "`\(name)` must be a string.")
            return nil
        }
    }

    mutating func requiredString(_ name: String) -> String? {
        if value(name) == nil {
            note(name, "required", "`\(name)` is missing.")
            return nil
        }
        return string(name)
    }

    mutating func bool(_ name: String) -> Bool? {
        switch value(name) {
        case nil: return nil
        case .bool(let value): return value
        default:
            note(name, "wrong_type", "`\(name)` must be true or false.")
            return nil
        }
    }

    /// A string without control characters, of limited length.
    mutating func plainText(_ name: String, upTo limit: Int) -> String? {
        guard let text = string(name) else { return nil }
        if let error = PlainText.problem(text, upTo: limit) {
            note(name, error.code, "`\(name)` \(error.reason)")
            return nil
        }
        return text
    }

    /// What somebody called a field, fit for an answer.
    private static func printable(_ name: String) -> String {
        let plain = name.unicodeScalars.prefix(64).map { scalar in
            scalar.value < 0x20 || scalar.value == 0x7F ? "?" : Character(scalar)
        }
        return String(plain)
    }
}

/// Short texts that are kept beside a message.
enum PlainText {
    static func problem(_ text: String, upTo limit: Int) -> (code: String, reason: String)? {
        let count = text.unicodeScalars.count
        if count == 0 { return ("empty", "must not be empty.") }
        if count > limit { return ("too_long", "has \(count) characters; \(limit) are allowed.") }
        if text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) {
            return ("unsupported_character", "must not hold control characters.")
        }
        return nil
    }
}
