import ArgumentParser
import EskizWords
import Testing

@testable import EskizCommands

@Suite struct ParserWordsTests {
    /// What a command line that cannot be parsed is answered with.
    private static func complaint(_ arguments: [String], _ language: Language) -> String {
        HelpText.speaking(language) {
            do {
                _ = try EskizCommand.parseAsRoot(arguments)
                return ""
            } catch {
                return ParserWords.translated(EskizCommand.fullMessage(for: error), to: language)
            }
        }
    }

    @Test(arguments: [
        (["send"], "Error: Missing expected argument '<phone>'", "Error: Не хватает аргумента '<phone>'"),
        (["send", "1", "2", "3"], "Error: Unexpected argument '3'", "Error: Лишний аргумент '3'"),
        (["check", "1", "2", "3"], "Error: 2 unexpected arguments: '2', '3'", "Error: Лишние аргументы (2): '2', '3'"),
        (
            ["send", "1", "2", "--form"], "Error: Unknown option '--form'. Did you mean '--from'?",
            "Error: Параметра '--form' нет. Может быть, '--from'?"
        ),
        (["balance", "-x"], "Error: Unknown option '-x'", "Error: Параметра '-x' нет"),
        (
            ["send", "1", "2", "--from"], "Error: Missing value for '--from <from>'",
            "Error: Не хватает значения для '--from <from>'"
        ),
        (
            ["totals", "--month", "x"], "Error: The value 'x' is invalid for '--month <month>'",
            "Error: Значение 'x' не подходит для '--month <month>'"
        ),
        (
            ["export", "--status", "x"],
            "Error: The value 'x' is invalid for '--status <status>'. "
                + "Please provide one of 'all', 'delivered' or 'rejected'.",
            "Error: Значение 'x' не подходит для '--status <status>'. Укажите одно из: 'all', 'delivered', 'rejected'."
        ),
        (
            ["simulate", "--log-level", "x"],
            "Error: The value 'x' is invalid for '--log-level <log-level>'. Please provide one of the following:",
            "Error: Значение 'x' не подходит для '--log-level <log-level>'. Укажите одно из:"
        ),
        (
            ["send", "--wait=3"], "Error: The option '--wait' does not take any value, but '3' was specified.",
            "Error: Параметр '--wait' не принимает значения, но указано '3'."
        ),
        (["totals", "--month", "13"], "Error: --month must be 1 to 12.", "Error: --month должен быть от 1 до 12."),
        (
            ["totals", "--year", "1"], "Error: --year 1 is not a year of Eskiz.",
            "Error: --year 1: такого года у Eskiz нет."
        ),
        (
            ["keys", "add", ""], "Error: A key's name has 1 to 64 visible characters.",
            "Error: Имя ключа — от 1 до 64 видимых символов."
        ),
    ])
    func `a wrong command line is explained in the language of people`(
        arguments: [String],
        english: String,
        russian: String
    ) {
        func first(_ text: String) -> String { text.split(separator: "\n").first.map(String.init) ?? "" }
        #expect(first(Self.complaint(arguments, .english)) == english)
        #expect(first(Self.complaint(arguments, .russian)) == russian)
        for language in [Language.uzbek, .russian] {
            let complaint = Self.complaint(arguments, language)
            for word in ["Help:", "Usage:", "See '", "more information", "Missing", "is invalid", "<subcommand>"] {
                #expect(!complaint.contains(word), "\(complaint)")
            }
        }
    }

    @Test func `lines are recognised whatever stands in their places`() {
        for line in ParserLine.all {
            let english = Language.english.template(line.phrase)
            let names = english.split(separator: "{", omittingEmptySubsequences: false).dropFirst().map {
                String($0.prefix { $0 != "}" })
            }
            let values = Dictionary(uniqueKeysWithValues: names.map { ($0, "«\($0)»") })
            let filled = Language.fill(english, values)
            #expect(line.values(in: filled) == values, "\(english)")
            for language in [Language.uzbek, .russian] {
                let said = language.say(line.phrase, values)
                #expect(!said.contains("{"), "\(said)")
                #expect(names.allSatisfy { said.contains("«\($0)»") }, "\(said)")
                #expect(said.hasPrefix("Error: ") == filled.hasPrefix("Error: "), "\(said)")
            }
        }
    }

    @Test(arguments: Language.allCases)
    func `notes behind a text do not make a line longer`(language: Language) {
        for note in ParserWords.notes { #expect(note.text(in: language).count <= note.text(in: .english).count) }
    }

    @Test(arguments: [
        "0.1.0", "#compdef eskiz\nOPTIONS:", #"{"command": "USAGE: x"}"#, "",
    ])
    func `what is no help is left alone`(text: String) {
        #expect(ParserWords.translated(text, to: .russian) == text)
    }

    @Test(arguments: [
        "Error: Something new was said.", "Error: Unexpected argument 'x",
        "Error: Can't generate completion scripts for 'x'.",
    ])
    func `a sentence that is not known stays`(text: String) {
        #expect(ParserWords.translated(text, to: .uzbek) == text)
    }
}
