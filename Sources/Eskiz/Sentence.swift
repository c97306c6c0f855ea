/// A sentence for people that can be said in another language: our English, and the values in it apart.
///
/// A string literal is one:
///
/// ```swift
/// let sentence: Sentence = "There is no page \(page)."
/// sentence.pattern  // There is no page {1}.
/// ```
///
/// The pattern is the name by which a catalogue of words knows it. A value is the same in all languages (a number, a path, the name
/// of a setting), unless it is a sentence itself.
package struct Sentence: Sendable, Hashable, ExpressibleByStringInterpolation, CustomStringConvertible {
    /// English, with `{1}`, `{2}` where the values stand.
    package let pattern: String
    package let values: [Value]

    package enum Value: Sendable, Hashable, CustomStringConvertible {
        case text(String)
        case sentence(Sentence)

        package var description: String {
            switch self {
            case .text(let text): text
            case .sentence(let sentence): sentence.description
            }
        }
    }

    package init(stringLiteral value: String) {
        pattern = value
        values = []
    }

    package init(stringInterpolation: StringInterpolation) {
        pattern = stringInterpolation.pattern
        values = stringInterpolation.values
    }

    private init(pattern: String, values: [Value]) {
        self.pattern = pattern
        self.values = values
    }

    /// What somebody else says, in whatever language: an operating system, a provider.
    package init(verbatim text: String) {
        self.init(pattern: "{1}", values: [.text(text)])
    }

    /// Whether it says only what somebody else has said.
    package var isVerbatim: Bool {
        guard pattern == "{1}", case .text? = values.first else { return false }
        return true
    }

    /// Sentences one after the other.
    package init(joining sentences: [Sentence], separator: String = " ") {
        self.init(
            pattern: sentences.indices.map { "{\($0 + 1)}" }.joined(separator: separator),
            values: sentences.map { .sentence($0) }
        )
    }

    /// In English.
    package var description: String { text { $0 } }

    /// In another language.
    ///
    /// - Parameter translate: says a pattern in it, with the same placeholders.
    /// - Returns: the sentence with its values.
    package func text(_ translate: (_ pattern: String) -> String) -> String {
        let pattern = pattern.isEmpty || isOfValuesOnly ? pattern : translate(pattern)
        guard !values.isEmpty else { return pattern }
        var result = ""
        var rest = pattern[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            result += rest[..<open]
            let index = Int(rest[open..<close].dropFirst()).map { $0 - 1 }
            switch index.flatMap({ values.indices.contains($0) ? values[$0] : nil }) {
            case .text(let text)?: result += text
            case .sentence(let sentence)?: result += sentence.text(translate)
            case nil: result += rest[open...close]
            }
            rest = rest[close...].dropFirst()
        }
        return result + rest
    }

    /// Nothing of it is in a language of ours.
    private var isOfValuesOnly: Bool { !pattern.contains(where: \.isLetter) }

    /// Collects the pattern and the values of a literal.
    package struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var pattern = ""
        fileprivate var values: [Value] = []

        package init(literalCapacity: Int, interpolationCount: Int) {
            pattern.reserveCapacity(literalCapacity + 3 * interpolationCount)
        }

        package mutating func appendLiteral(_ literal: String) { pattern += literal }

        package mutating func appendInterpolation(_ sentence: Sentence) { append(.sentence(sentence)) }

        package mutating func appendInterpolation<Other>(_ value: Other) { append(.text("\(value)")) }

        private mutating func append(_ value: Value) {
            values.append(value)
            pattern += "{\(values.count)}"
        }
    }
}

extension Sentence {
    /// One literal after another, for lines that would be too long.
    package static func + (left: Sentence, right: Sentence) -> Sentence {
        var pattern = ""
        var rest = right.pattern[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            pattern += rest[..<open]
            let number = Int(rest[open..<close].dropFirst())
            pattern += number.map { "{\($0 + left.values.count)}" } ?? String(rest[open...close])
            rest = rest[close...].dropFirst()
        }
        return Sentence(pattern: left.pattern + pattern + rest, values: left.values + right.values)
    }
}
