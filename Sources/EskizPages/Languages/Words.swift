/// One phrase in every language: what is not in all three does not compile.
package struct Words: Sendable {
    package let english: String
    package let uzbek: String
    package let russian: String

    package init(_ english: String, _ uzbek: String, _ russian: String) {
        self.english = english
        self.uzbek = uzbek
        self.russian = russian
    }

    package func text(in language: PageLanguage) -> String {
        switch language {
        case .english: english
        case .uzbek: uzbek
        case .russian: russian
        }
    }

    /// With its `{placeholders}` filled in.
    package func text(in language: PageLanguage, _ values: [String: String]) -> String {
        var text = text(in: language)
        for (name, value) in values { text = text.replacing("{\(name)}", with: value) }
        return text
    }
}

/// A part of a catalogue: what one kind of pages says.
///
/// A phrase without words in every language does not compile.
package protocol PagePhrase: RawRepresentable<String>, CaseIterable, Hashable, Sendable {
    var words: Words { get }
}

extension PagePhrase {
    /// Its words by the name that templates call them.
    package static var table: [String: Words] {
        Dictionary(uniqueKeysWithValues: allCases.map { ($0.rawValue, $0.words) })
    }
}
