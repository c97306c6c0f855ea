package import EskizWords

extension Language {
    /// `ESKIZ_LANG`, else the locale of the process, else English.
    ///
    /// An unknown locale is English; an unknown `ESKIZ_LANG` is reported by the settings, not here.
    package static func detected(in environment: [String: String], chosen: String? = nil) -> Language {
        for wish in [chosen, environment["ESKIZ_LANG"]] {
            if let wish, let language = Language(wish) { return language }
        }
        // POSIX: LC_ALL overrides LC_MESSAGES, which overrides LANG; an empty one does not count.
        for name in ["LC_ALL", "LC_MESSAGES", "LANG"] {
            if let locale = environment[name], !locale.isEmpty { return Language(locale) ?? .english }
        }
        return .english
    }

    /// A phrase of the command with its `{placeholders}` filled in; like the general one, for a phrase by its name alone.
    package func say(_ phrase: Phrase, _ values: [String: String] = [:]) -> String {
        Self.fill(template(phrase), values)
    }

    /// `1 segment`, `2 segments`; `?` where nobody knows how many.
    func count<Number: BinaryInteger>(_ number: Number?, _ noun: CountedNoun) -> String {
        say(noun, count: number, ["count": number.map { "\($0)" } ?? "?"])
    }
}

/// A noun with a number before it, in the form that the number asks for.
enum CountedNoun: String, WordKey {
    case segment, character, byte
    /// How many segments a text may have.
    case allowed

    static var section: String { "count" }
}
