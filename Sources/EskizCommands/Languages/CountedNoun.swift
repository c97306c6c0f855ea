/// A noun with a number before it, in the form that the number asks for.
enum CountedNoun: CaseIterable, Sendable {
    case segment
    case character
    case byte
}

extension Language {
    /// `1 segment`, `2 segments`; `?` where nobody knows how many.
    func count<Number: BinaryInteger>(_ number: Number?, _ noun: CountedNoun) -> String {
        let form = number.map { PluralForm(of: UInt64($0.magnitude), in: self) } ?? .many
        return "\(number.map { "\($0)" } ?? "?") \(word(noun, form))"
    }

    private func word(_ noun: CountedNoun, _ form: PluralForm) -> String {
        switch self {
        case .english:
            switch noun {
            case .segment: form == .one ? "segment" : "segments"
            case .character: form == .one ? "character" : "characters"
            case .byte: form == .one ? "byte" : "bytes"
            }
        case .uzbek:
            // After a number Uzbek has no plural.
            switch noun {
            case .segment: "qism"
            case .character: "belgi"
            case .byte: "bayt"
            }
        case .russian:
            switch noun {
            case .segment: form.choose("сегмент", "сегмента", "сегментов")
            case .character: form.choose("символ", "символа", "символов")
            case .byte: form.choose("байт", "байта", "байтов")
            }
        }
    }
}

/// The plural forms of our languages, by the rules of Unicode CLDR for whole numbers.
enum PluralForm: Sendable, Equatable {
    case one
    case few
    case many

    init(of number: UInt64, in language: Language) {
        switch language {
        case .english: self = number == 1 ? .one : .many
        case .uzbek: self = .many
        case .russian:
            switch (number % 10, number % 100) {
            case (_, 11...14): self = .many
            case (1, _): self = .one
            case (2...4, _): self = .few
            default: self = .many
            }
        }
    }

    fileprivate func choose(_ one: String, _ few: String, _ many: String) -> String {
        switch self {
        case .one: one
        case .few: few
        case .many: many
        }
    }
}
