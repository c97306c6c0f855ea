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
            let digits = String(scalar.value, radix: 16, uppercase: true)
            values["character"] = "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
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
