import ArgumentParser
import EskizWords
import Foundation
import Testing

@testable import EskizCommands

@Suite struct HelpTests {
    /// What the parser tells of a command, as far as people read it.
    private struct Node: Decodable {
        struct Argument: Decodable {
            var abstract: String?
            var valueName: String?
        }
        var commandName: String
        var abstract: String?
        var discussion: String?
        var arguments: [Argument]?
        var subcommands: [Node]?

        /// Every text with the place where it stands, the parser's own left out.
        func texts(_ path: [String] = []) -> [(place: String, text: String)] {
            guard commandName != "help" else { return [] }
            let path = path + [commandName]
            let place = path.joined(separator: " ")
            var texts = [(place, abstract ?? ""), ("\(place) (discussion)", discussion ?? "")]
            for argument in arguments ?? [] {
                let text = argument.abstract ?? ""
                guard text != "Show help information.", text != "Show the version." else { continue }
                texts.append(("\(place) <\(argument.valueName ?? "")>", text))
            }
            return texts + (subcommands ?? []).flatMap { $0.texts(path) }
        }
    }

    private struct Dump: Decodable {
        var command: Node
    }

    private static func texts(_ language: Language) throws -> [(place: String, text: String)] {
        let dump = HelpText.speaking(language) { EskizCommand._dumpHelp() }
        return try JSONDecoder().decode(Dump.self, from: Data(dump.utf8)).command.texts()
    }

    /// Every command, the root as well.
    private static func commands(
        _ command: any ParsableCommand.Type = EskizCommand.self
    ) -> [any ParsableCommand.Type] {
        [command] + command.configuration.subcommands.flatMap { commands($0) }
    }

    private static func help(_ command: any ParsableCommand.Type, _ language: Language, columns: Int) -> String {
        ParserWords.translated(
            HelpText.speaking(language) { EskizCommand.helpMessage(for: command, columns: columns) },
            to: language
        )
    }

    /// Lines that begin at the margin: the others are examples.
    private static func sentences(_ discussion: String) -> [Substring] {
        discussion.split(separator: "\n").filter { !$0.hasPrefix(" ") }
    }

    @Test(arguments: [Language.uzbek, .russian])
    func `every text of help is translated`(language: Language) throws {
        let english = try Self.texts(.english)
        let translated = try Self.texts(language)
        try #require(english.map(\.place) == translated.map(\.place))
        #expect(english.count > 250)
        for (before, after) in zip(english, translated) {
            #expect(before.text.isEmpty == after.text.isEmpty, "\(before.place)")
            let isExamplesOnly = before.place.hasSuffix("(discussion)") && Self.sentences(before.text).isEmpty
            #expect(
                isExamplesOnly || before.text.isEmpty || before.text != after.text,
                "\(before.place): \(before.text)"
            )
        }
    }

    @Test(arguments: [Language.uzbek, .russian])
    func `no English sentence is left over`(language: Language) throws {
        let words: Set<Substring> = ["the", "of", "to", "with", "is", "a", "and", "or", "it", "what", "that", "from"]
        for command in Self.commands() {
            for line in Self.help(command, language, columns: 1000).split(separator: "\n") {
                // Commands and names of options end where two spaces follow them.
                let isText = !line.hasPrefix("  ") || line.hasPrefix(String(repeating: " ", count: 26))
                let said = isText ? String(line) : line.split(separator: "  ").dropFirst().joined(separator: " ")
                let found = words.intersection(said.split { !$0.isLetter && $0 != "-" && $0 != "<" && $0 != "/" })
                #expect(found.isEmpty, "\(line)")
            }
        }
    }

    @Test(arguments: [Language.uzbek, .russian])
    func `what the parser says itself is translated`(language: Language) {
        let words = [
            "OVERVIEW", "USAGE", "OPTIONS", "ARGUMENTS", "SUBCOMMANDS", "<subcommand>", "<options>", "Show ", "See '",
            "(default", "default:", "(values",
        ]
        for columns in [50, 80, 200] {
            for command in Self.commands() {
                let help = Self.help(command, language, columns: columns)
                for word in words { #expect(!help.contains(word), "\(word) in \(help)") }
            }
        }
    }

    @Test(arguments: [Language.uzbek, .russian])
    func `the groups of verbs have names`(language: Language) {
        let english = EskizCommand.configuration.groupedSubcommands.map(\.name)
        let translated = HelpText.speaking(language) { EskizCommand.configuration.groupedSubcommands.map(\.name) }
        let international: Set = ["Token", "Gateway"]
        for (before, after) in zip(english, translated) {
            #expect(before != after || language == .uzbek && international.contains(before))
        }
    }

    @Test(arguments: [Language.uzbek, .russian])
    func `commands in examples are the same in every language`(language: Language) throws {
        func examples(_ text: String) -> [String] {
            text.split(separator: "\n").filter { $0.hasPrefix(" ") }.map { line in
                line.split(separator: "  ").first.map { $0.trimmingCharacters(in: .whitespaces) } ?? ""
            }
        }
        for (before, after) in zip(try Self.texts(.english), try Self.texts(language)) {
            #expect(examples(before.text) == examples(after.text), "\(before.place)")
        }
    }

    @Test(arguments: Language.allCases)
    func `explanations are not broken by a terminal of 80 columns`(language: Language) throws {
        for (place, text) in try Self.texts(language) where place.hasSuffix("(discussion)") {
            for line in text.split(separator: "\n") {
                #expect(DisplayWidth.of(String(line)) <= 80, "\(place): \(line)")
            }
        }
    }

    @Test(arguments: [Language.uzbek, .russian])
    func `translating the parser's words makes no line too long`(language: Language) {
        for command in Self.commands() {
            for line in Self.help(command, language, columns: 80).split(separator: "\n") {
                guard !line.hasPrefix("ISHLATISH: "), !line.hasPrefix("ВЫЗОВ: ") else { continue }
                #expect(DisplayWidth.of(String(line)) <= 80, "\(line)")
            }
        }
    }

    @Test func `Uzbek is written with its own letters`() throws {
        for (place, text) in try Self.texts(.uzbek) {
            for (letter, mark) in zip(text, text.dropFirst()) {
                #expect(!("oOgG".contains(letter) && "'‘’".contains(mark)), "\(place): \(text)")
            }
        }
    }

    @Test func `English help is what the parser makes of it`() {
        #expect(
            Self.help(KeysCommand.self, .english, columns: 80) == """
                OVERVIEW: Make, list and revoke API keys of the gateway.

                  eskiz keys add django --scope send
                  eskiz keys list
                  eskiz keys revoke k_4f9a1c2b3d4e

                A key is shown once. A running gateway knows of changes within seconds.

                USAGE: eskiz keys <subcommand>

                OPTIONS:
                  --version               Show the version.
                  -h, --help              Show help information.

                SUBCOMMANDS:
                  add                     Make a key and show it once.
                  list (default)          List the keys, never their text.
                  revoke                  Stop accepting a key, and every token that was issued
                                          to it.

                  See 'eskiz help keys <subcommand>' for detailed help.
                """
        )
        #expect(
            Self.help(SegmentsCommand.self, .english, columns: 80) == """
                OVERVIEW: Count what a text costs: encoding, segments, and what safe
                normalisation would save.

                Works offline and sends nothing.

                  eskiz segments 'Sizning kodingiz: 123456'
                  eskiz segments - < text.txt

                USAGE: eskiz segments <text> [--json] [--lang <lang>]

                ARGUMENTS:
                  <text>                  The text, or - to read it from stdin.

                OPTIONS:
                  --json                  Print one JSON document on stdout and nothing else
                                          there.
                  --lang <lang>           Language of what people read: uz, ru or en. (values:
                                          en, uz, ru)
                  --version               Show the version.
                  -h, --help              Show help information.

                """
        )
    }

    @Test func `help in Russian as a whole`() {
        #expect(
            Self.help(KeysCommand.self, .russian, columns: 80) == """
                ОПИСАНИЕ: Создаёт, показывает и отзывает ключи API шлюза.

                  eskiz keys add django --scope send
                  eskiz keys list
                  eskiz keys revoke k_4f9a1c2b3d4e

                Ключ показывается один раз. Работающий шлюз узнаёт об изменениях за секунды.

                ВЫЗОВ: eskiz keys <команда>

                ПАРАМЕТРЫ:
                  --version               Показывает версию.
                  -h, --help              Показывает эту справку.

                КОМАНДЫ:
                  add                     Создаёт ключ и показывает его один раз.
                  list (обычно)           Показывает список ключей, но не сами ключи.
                  revoke                  Перестаёт принимать ключ и все выданные по нему
                                          токены.

                  Подробнее о команде: `eskiz help keys <команда>`.
                """
        )
    }

    @Test(arguments: [
        ([], ["ESKIZ_LANG": "uz"], Language.uzbek),
        (["send", "--help"], ["LC_ALL": "ru_RU.UTF-8"], .russian),
        (["send", "--help"], ["LANG": "uz_UZ.UTF-8", "ESKIZ_LANG": "en"], .english),
        (["send", "--help", "--lang", "ru"], ["ESKIZ_LANG": "uz"], .russian),
        (["send", "--lang=ru"], ["ESKIZ_LANG": "uz"], .russian),
        (["send", "--lang"], ["ESKIZ_LANG": "uz"], .uzbek),
        (["send", "--lang", "xx"], ["ESKIZ_LANG": "uz"], .uzbek),
        (["send", "--", "--lang", "ru"], ["ESKIZ_LANG": "uz"], .uzbek),
        (["--experimental-dump-help"], ["ESKIZ_LANG": "uz"], .english),
        (["--generate-completion-script=zsh"], ["ESKIZ_LANG": "uz"], .english),
        (["send"], [:], .english),
    ])
    func `the language of help`(arguments: [String], environment: [String: String], language: Language) {
        #expect(Language.ofHelp(for: arguments, environment: environment) == language)
    }
}
