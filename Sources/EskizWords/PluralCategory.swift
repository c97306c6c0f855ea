/// The plural categories of our languages, by the rules of Unicode CLDR for whole numbers.
///
/// A key of a file of words ends in one of them where the words depend on a number: `segments.one`, `segments.other`.
package enum PluralCategory: String, Sendable, CaseIterable {
    case one
    case few
    case many
    case other

    package init(of number: UInt64, in language: Language) {
        switch language {
        // CLDR has `one` in Uzbek too; after a number the words are the same, and files say both.
        case .english, .uzbek: self = number == 1 ? .one : .other
        case .russian:
            switch (number % 10, number % 100) {
            case (_, 11...14): self = .many
            case (1, _): self = .one
            case (2...4, _): self = .few
            default: self = .many
            }
        }
    }

    /// Those that a file has to have: in Russian `other` is for fractions and for a number that nobody knows.
    package static func all(in language: Language) -> Set<PluralCategory> {
        switch language {
        case .english, .uzbek: [.one, .other]
        case .russian: [.one, .few, .many, .other]
        }
    }
}
