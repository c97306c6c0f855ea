package import EskizWords

/// What a text is written for: which language, how wide, with or without colour.
package struct Page: Sendable {
    package var language: Language
    package var ink: Ink
    /// Columns of the terminal; nil when the text goes into a pipe or a file.
    package var width: Int?

    package init(language: Language = .english, ink: Ink = .plain, width: Int? = nil) {
        self.language = language
        self.ink = ink
        self.width = width
    }

    func say(_ phrase: Phrase, _ values: [String: String] = [:]) -> String {
        language.say(phrase, values)
    }
}

/// Colour, where there is a terminal to show it.
package struct Ink: Sendable {
    private let isColoured: Bool

    package static let plain = Ink(isColoured: false)
    package static let coloured = Ink(isColoured: true)

    package func good(_ text: String) -> String { wrap(text, "32") }
    package func bad(_ text: String) -> String { wrap(text, "31") }
    package func careful(_ text: String) -> String { wrap(text, "33") }
    package func faint(_ text: String) -> String { wrap(text, "2") }
    package func strong(_ text: String) -> String { wrap(text, "1") }
    package func address(_ text: String) -> String { wrap(text, "36") }

    private func wrap(_ text: String, _ code: String) -> String {
        isColoured && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}
