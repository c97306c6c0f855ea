/// What the argument parser says around our texts.
///
/// It has no translations, so its lines are recognised and said anew. A line counts only if all of it is as the parser
/// writes it; whatever is not known stays as it is, in English.
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
            if let values = known.values(in: line) { return Language.fill(known.text.text(in: language), values) }
        }
        guard line.hasPrefix("  ") else { return line }
        // As wide as the English ones or narrower, since the lines have been broken already.
        return notes.reduce(line) { $0.replacing($1.english, with: $1.text(in: language)) }
    }

    /// What stands behind the text of an option or the name of a verb.
    static let notes = [
        HelpText(" (default) ", uz: " (odatda)  ", ru: " (обычно)  "),
        HelpText("(default:", uz: "(odatda:", ru: "(обычно:"),
        HelpText("; default:", uz: "; odatda:", ru: "; обычно:"),
        HelpText("   default:", uz: "   odatda:", ru: "   обычно:"),
        HelpText("(values:", uz: "(qiymat:", ru: "(выбор:"),
    ]
}

/// A line of the argument parser, with `{placeholders}` where it differs.
struct ParserLine: Sendable {
    let text: HelpText
    private let names: [String]
    private let literals: [Substring]

    init(_ text: HelpText) {
        self.text = text
        var names: [String] = []
        var literals: [Substring] = []
        var rest = text.english[...]
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

    /// Every line that is known; the first that fits counts, so the more particular one comes first.
    static let all: [ParserLine] = (help + usage + errors).map(ParserLine.init)

    private static let help = [
        HelpText("OVERVIEW: {text}", uz: "TAVSIF: {text}", ru: "ОПИСАНИЕ: {text}"),
        HelpText("USAGE: {verb} <subcommand>", uz: "ISHLATISH: {verb} <buyruq>", ru: "ВЫЗОВ: {verb} <команда>"),
        HelpText(
            "USAGE: {verb} [<options>] {rest}",
            uz: "ISHLATISH: {verb} [<parametrlar>] {rest}",
            ru: "ВЫЗОВ: {verb} [<параметры>] {rest}"
        ),
        HelpText(
            "USAGE: {verb} [<options>]",
            uz: "ISHLATISH: {verb} [<parametrlar>]",
            ru: "ВЫЗОВ: {verb} [<параметры>]"
        ),
        HelpText("USAGE: {verb} <options>", uz: "ISHLATISH: {verb} <parametrlar>", ru: "ВЫЗОВ: {verb} <параметры>"),
        HelpText("USAGE: {verb}", uz: "ISHLATISH: {verb}", ru: "ВЫЗОВ: {verb}"),
        HelpText("ARGUMENTS:", uz: "ARGUMENTLAR:", ru: "АРГУМЕНТЫ:"),
        HelpText("OPTIONS:", uz: "PARAMETRLAR:", ru: "ПАРАМЕТРЫ:"),
        HelpText("SUBCOMMANDS:", uz: "BUYRUQLAR:", ru: "КОМАНДЫ:"),
        HelpText("{group} SUBCOMMANDS:", uz: "{group}:", ru: "{group}:"),
        HelpText(
            "  --version               Show the version.",
            uz: "  --version               Versiyani koʻrsatadi.",
            ru: "  --version               Показывает версию."
        ),
        HelpText(
            "  -h, --help              Show help information.",
            uz: "  -h, --help              Shu yordamni koʻrsatadi.",
            ru: "  -h, --help              Показывает эту справку."
        ),
        HelpText(
            "  See '{command} <subcommand>' for detailed help.",
            uz: "  Buyruqlar haqida batafsil: `{command} <buyruq>`.",
            ru: "  Подробнее о команде: `{command} <команда>`."
        ),
    ]

    private static let usage = [
        HelpText("Help:  {text}", uz: "Izoh:  {text}", ru: "Справка:  {text}"),
        HelpText("Usage: {verb} <subcommand>", uz: "Ishlatish: {verb} <buyruq>", ru: "Вызов: {verb} <команда>"),
        HelpText(
            "Usage: {verb} [<options>] {rest}",
            uz: "Ishlatish: {verb} [<parametrlar>] {rest}",
            ru: "Вызов: {verb} [<параметры>] {rest}"
        ),
        HelpText(
            "Usage: {verb} [<options>]",
            uz: "Ishlatish: {verb} [<parametrlar>]",
            ru: "Вызов: {verb} [<параметры>]"
        ),
        HelpText("Usage: {verb} <options>", uz: "Ishlatish: {verb} <parametrlar>", ru: "Вызов: {verb} <параметры>"),
        HelpText("Usage: {verb}", uz: "Ishlatish: {verb}", ru: "Вызов: {verb}"),
        HelpText(
            "  See '{command}' for more information.",
            uz: "  Batafsil: `{command}`.",
            ru: "  Подробнее: `{command}`."
        ),
    ]
}
