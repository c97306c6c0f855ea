import Eskiz
import EskizPostgres
import EskizText
import EskizWords
import Testing

@testable import EskizCommands

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What errors say in other languages than the code's.
struct SentenceTests {
    private static let modules = [
        "Eskiz", "EskizQueue", "EskizVerify", "EskizSQLite", "EskizPostgres", "EskizCommands",
    ]

    private static func files() throws -> [(name: String, literals: SourceLiterals)] {
        let sources = URL(filePath: #filePath).appending(path: "../../../../Sources").standardized
        return try modules.flatMap { module in
            let folder = sources.appending(path: module)
            return try FileManager.default.subpathsOfDirectory(atPath: folder.path).sorted()
                .filter { $0.hasSuffix(".swift") }
                .map { file in
                    let text = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
                    return ("\(module)/\(file)", SourceLiterals(text))
                }
        }
    }

    @Test func `every sentence of an error has words in the other languages`() throws {
        var count = 0
        for (name, literals) in try Self.files() {
            for sentence in literals.sentences {
                count += 1
                #expect(Language.russian.sentence(sentence) != nil, "\(name): \(sentence)")
            }
        }
        #expect(count > 250, "the sentences are found")
    }

    @Test func `no sentence has words that the code does not say`() throws {
        let said = try Self.files().reduce(into: Set<String>()) { $0.formUnion($1.literals.all) }
        for entry in Catalogue.words(in: .english).sections["sentence", default: [:]].values {
            guard case .text(let english) = entry else { continue }
            #expect(said.contains(english), "\(english)")
        }
    }

    @Test(arguments: [Language.uzbek, .russian], Array(ExitStatus.byCode.keys))
    func `no error is said in English`(language: Language, code: EskizError.Code) {
        let error = EskizError(
            code,
            "The settings file \("/etc/eskiz.json") is not a JSON object.",
            remedy: "Correct it and try again; `eskiz self-test` shows where each setting comes from."
        )
        let (what, remedy) = language.explain(error)
        #expect(!what.contains("settings file") && !remedy.contains("Correct it"), "\(what) \(remedy)")
        #expect(!what.contains("[") && !remedy.contains("["), "\(what) \(remedy)")
    }

    @Test(arguments: [Language.uzbek, .russian])
    func `a sentence within a sentence is said in the same language`(language: Language) {
        let reason: Sentence = "its port is not a number from 1 to 65535"
        let error = EskizError(.invalidConfiguration, "The base URL cannot be used: \(reason).", remedy: "")
        let what = language.explain(error).what
        let expected =
            language == .uzbek
            ? "API manzili yaroqsiz: porti 1 dan 65535 gacha son emas."
            : "Адрес API не подходит: порт — не число от 1 до 65535."
        #expect(what == expected)
    }

    @Test func `what an operating system says stands behind the words of the code`() {
        let error = EskizError(.internalError, Sentence(verbatim: "Bad address"), remedy: "")
        let words = Language.russian.say(ErrorWords.internalError)
        let details = Language.russian.say(.details, ["text": "Bad address"])
        #expect(Language.russian.explain(error).what == words + " " + details)
    }

    @Test(arguments: PostgresErrorKind.allCases)
    func `what PostgreSQL could not do is said in every language`(kind: PostgresErrorKind) {
        let texts = Language.allCases.map { $0.explain(kind) }
        #expect(Set(texts.map(\.what)).count == 3 && Set(texts.map(\.remedy)).count == 3)
    }

    @Test(arguments: [
        PhoneNumberError.empty, .unexpectedCharacter("\u{7F}", offset: 2), .misplacedPlus(offset: 1),
        .tooShort(digits: 1, expected: 9), .tooShort(digits: 4, expected: 9), .tooLong(digits: 16, expected: 15),
        .unknownCountryCode, .missingPlus(digits: 10), .missingCountryCode, .trunkPrefix, .notSubscriber,
    ])
    func `why a phone is not one is said in every language, in English as the library says it`(error: PhoneNumberError)
    {
        let said = EskizError(.invalidPhone, Sentence(verbatim: error.description), remedy: "", cause: error)
        let texts = Language.allCases.map { $0.explain(said).what }
        #expect(texts[0] == error.description)
        #expect(Set(texts).count == 3)
        for text in texts { #expect(!text.contains("{") && !text.contains("["), "\(text)") }
    }
}

/// The string literals of a source file, as far as sentences need it.
struct SourceLiterals {
    /// All of them, with `{1}` for what is filled in.
    private(set) var all: Set<String> = []
    /// Those that an error is made with.
    private(set) var sentences: Set<String> = []

    private static let markers = [
        "EskizError(", "StoreError(", ".badArgument(", "BadSetting(", "problems.append(", "problems.add(",
        "CodeTemplateError(", "Refusal(code:", "settings.value(", "throw failure(", ": Sentence =", "-> Sentence? {",
        ": Sentence? {", "var sentence: Sentence {", "(EskizError.Code, Sentence, Sentence) {", ".with(remedy:",
    ]

    private let text: [Character]

    init(_ source: String) {
        // A comment says nothing to people.
        let lines = source.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            line.drop { $0 == " " }.hasPrefix("//") ? "" : line
        }
        text = Array(lines.joined(separator: "\n").replacing(#/Refusal\(\s+/#, with: "Refusal("))
        read()
    }

    private mutating func read() {
        let wanted = Self.markers.map(Array.init)
        var place = 0
        /// How deep the brackets are, and at which depths an error is being made.
        var depth = 0
        var open: [Int] = []
        var one = false
        while place < text.count {
            if let marker = wanted.first(where: { text[place...].starts(with: $0) }) {
                place += marker.count
                if marker.last == "=" { one = true } else { depth += 1; open.append(depth) }
                continue
            }
            switch text[place] {
            case "\"":
                var (parts, end) = literal(at: place)
                while let next = continuation(at: end) {
                    let more = literal(at: next)
                    parts += more.parts
                    end = more.end
                }
                let pattern = Self.pattern(parts)
                all.insert(pattern)
                if one || !open.isEmpty, Self.isSentence(pattern) { sentences.insert(pattern) }
                one = false
                place = end
                continue
            case "(", "{", "[": depth += 1
            case ")", "}", "]":
                if open.last == depth { open.removeLast() }
                depth -= 1
            default: break
            }
            place += 1
        }
    }

    /// Two words of ours, at least.
    private static func isSentence(_ pattern: String) -> Bool {
        pattern.contains(" ") && pattern.contains(#/[a-z]{2}/#)
    }

    /// Where a literal goes on after a plus.
    private func continuation(at end: Int) -> Int? {
        let rest = text[end...].drop(while: \.isWhitespace)
        guard rest.first == "+" else { return nil }
        let next = rest.dropFirst().drop(while: \.isWhitespace)
        return next.first == "\"" ? next.startIndex : nil
    }

    private static func pattern(_ parts: [String?]) -> String {
        var count = 0
        return parts.map { part in
            if let part { return part }
            count += 1
            return "{\(count)}"
        }.joined()
    }

    /// Its characters, nil for each value, and where it ends.
    private func literal(at start: Int) -> (parts: [String?], end: Int) {
        let isRaw = start > 0 && text[start - 1] == "#"
        let isBlock = text[start...].starts(with: "\"\"\"")
        let quote = Array(isBlock ? "\"\"\"" : isRaw ? "\"#" : "\"")
        var parts: [String?] = []
        var place = start + (isBlock ? 3 : 1)
        while place < text.count, !text[place...].starts(with: quote) {
            guard text[place] == "\\", !isRaw else {
                parts.append(String(text[place]))
                place += 1
                continue
            }
            place += 1
            switch text[place] {
            case "(":
                parts.append(nil)
                place = afterBracket(at: place)
            case "\n": place += 1 + text[(place + 1)...].prefix { $0 == " " }.count
            case "n":
                parts.append("\n")
                place += 1
            default:
                parts.append(String(text[place]))
                place += 1
            }
        }
        return (isBlock ? Self.unindented(parts) : parts, place + quote.count)
    }

    private func afterBracket(at start: Int) -> Int {
        var depth = 0
        var place = start
        repeat {
            switch text[place] {
            case "\"": place = literal(at: place).end - 1
            case "(": depth += 1
            case ")": depth -= 1
            default: break
            }
            place += 1
        } while depth > 0 && place < text.count
        return place
    }

    /// A block begins and ends with a line break that is not part of it.
    private static func unindented(_ parts: [String?]) -> [String?] {
        var parts = parts.drop { $0 == "\n" || $0 == " " }
        while parts.last == " " || parts.last == "\n" { parts.removeLast() }
        return Array(parts)
    }
}
