import EskizWords

/// What the argument parser says around our texts, in the section `parser` of the files of words.
///
/// It has no translations, so its lines are recognised and said anew. A line counts only if all of it is as the parser
/// writes it; whatever is not known stays as it is, in English.
enum ParserPhrase: String, WordKey {
    // Behind the text of an option or the name of a verb
    case noteDefault, noteDefaultOpen, noteDefaultAfter, noteDefaultAlone, noteValues
    // Help. The first line that fits counts, so the more particular one comes first, here and below
    case overview, usageSubcommand, usageOptionsAndRest, usageOptions, usageOneOfOptions, usageVerb, arguments
    case options, subcommands, groupSubcommands, versionFlag, helpFlag, seeSubcommand
    // Behind an error
    case hint, lineSubcommand, lineOptionsAndRest, lineOptions, lineOneOfOptions, lineVerb, seeCommand
    // Errors
    case noVerbButOther, noVerb, dashBeforeText, missingArgument, missingOneOf, missingValue, unknownOptionButOther
    case unknownOption, unexpectedArgument, unexpectedArguments, invalidValueOr, invalidValueAnd, invalidValueList
    case invalidValue, takesNoValue, missingSubcommand

    static var section: String { "parser" }

    /// Notes stand inside a line, the others are all of it.
    var isNote: Bool { rawValue.hasPrefix("note") }
}

/// Help and usage errors in other languages than the parser's.
enum ParserWords {
    /// Help or a usage error in a language.
    static func translated(_ message: String, to language: Language) -> String {
        // Versions, completion scripts and JSON are no sentences.
        guard language != .english, message.hasPrefix("OVERVIEW: ") || message.hasPrefix("Error: ") else {
            return message
        }
        let lines = message.split(separator: "\n", omittingEmptySubsequences: false)
        return lines.map { translated(line: String($0), to: language) }.joined(separator: "\n")
    }

    private static func translated(line: String, to language: Language) -> String {
        for known in ParserLine.all {
            if let values = known.values(in: line) { return language.say(known.phrase, values) }
        }
        guard line.hasPrefix("  ") else { return line }
        // As wide as the English ones or narrower, since the lines have been broken already.
        return notes.reduce(line) { $0.replacing($1.text(in: .english), with: $1.text(in: language)) }
    }

    /// What stands behind the text of an option or the name of a verb.
    static let notes = ParserPhrase.allCases.filter(\.isNote)
}

/// A line of the argument parser, with `{placeholders}` where it differs.
struct ParserLine: Sendable {
    let phrase: ParserPhrase
    private let names: [String]
    private let literals: [Substring]

    init(_ phrase: ParserPhrase) {
        self.phrase = phrase
        var names: [String] = []
        var literals: [Substring] = []
        var rest = Language.english.template(phrase)[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            literals.append(rest[..<open])
            names.append(String(rest[rest.index(after: open)..<close]))
            rest = rest[rest.index(after: close)...]
        }
        self.names = names
        self.literals = literals + [rest]
    }

    /// What stands in the places of the placeholders, if the line is this one.
    func values(in line: String) -> [String: String]? {
        guard let first = literals.first, let last = literals.last, line.hasPrefix(first) else { return nil }
        var rest = line.dropFirst(first.count)
        guard let lastName = names.last else { return rest.isEmpty ? [:] : nil }
        var values: [String: String] = [:]
        for (name, literal) in zip(names, literals.dropFirst().dropLast()) {
            guard let range = rest.firstRange(of: literal) else { return nil }
            values[name] = String(rest[..<range.lowerBound])
            rest = rest[range.upperBound...]
        }
        guard rest.hasSuffix(last) else { return nil }
        values[lastName] = String(rest.dropLast(last.count))
        return values
    }

    /// Every line that is known.
    static let all: [ParserLine] = ParserPhrase.allCases.filter { !$0.isNote }.map(ParserLine.init)
}
