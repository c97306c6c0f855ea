import EskizText
import EskizWords

/// Why a text cannot be sent.
enum TextErrorWords: String, WordKey {
    case blank, controlCharacter, lostCharacter, tooManySegments

    static var section: String { "text" }

    init(_ error: MessageTextError) {
        switch error {
        case .blank: self = .blank
        case .controlCharacter: self = .controlCharacter
        case .lostCharacter: self = .lostCharacter
        case .tooManySegments: self = .tooManySegments
        }
    }
}

extension Language {
    /// Why a text cannot be sent, and what to do about it.
    func explain(_ error: MessageTextError) -> (what: String, remedy: String) {
        var values: [String: String] = [:]
        var size: Int?
        switch error {
        case .blank: break
        case .controlCharacter(let scalar, let offset):
            values["character"] = scalar.codePointName
            values["place"] = "\(offset + 1)"
        case .lostCharacter(let offset): values["place"] = "\(offset + 1)"
        case .tooManySegments(let count, let allowed):
            values["segments"] = self.count(count, .segment)
            values["count"] = "\(count)"
            values["allowed"] = self.count(allowed, .allowed)
            size = count
        }
        let words = TextErrorWords(error)
        return (say(words, count: size, values), remedy(words) ?? "")
    }
}

/// Why a phone is not one.
enum PhoneErrorWords: String, WordKey {
    case empty, unexpectedCharacter, misplacedPlus, tooShort, tooLong, unknownCountryCode, missingPlus
    case missingCountryCode, trunkPrefix, notSubscriber, writeItSo

    static var section: String { "phone" }
}

extension Language {
    /// Why a phone is not one, and how to write it.
    func explain(_ error: PhoneNumberError) -> String {
        func say(_ words: PhoneErrorWords, count: Int = 0, _ values: [String: String] = [:]) -> String {
            self.say(words, count: count, values)
        }
        let what =
            switch error {
            case .empty: say(.empty)
            case .unexpectedCharacter(let scalar, let offset):
                say(.unexpectedCharacter, ["place": "\(offset + 1)", "character": scalar.codePointName])
            case .misplacedPlus(let offset): say(.misplacedPlus, ["place": "\(offset + 1)"])
            case .tooShort(let digits, let expected): say(.tooShort, count: digits, ["expected": "\(expected)"])
            case .tooLong(let digits, let expected): say(.tooLong, count: digits, ["expected": "\(expected)"])
            case .unknownCountryCode: say(.unknownCountryCode)
            case .missingPlus(let digits): say(.missingPlus, count: digits)
            case .missingCountryCode: say(.missingCountryCode)
            case .trunkPrefix: say(.trunkPrefix)
            case .notSubscriber: say(.notSubscriber)
            }
        if case .missingPlus = error { return what }
        return what + " " + say(.writeItSo)
    }
}

extension Unicode.Scalar {
    /// `U+007F`.
    fileprivate var codePointName: String {
        let digits = String(value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
