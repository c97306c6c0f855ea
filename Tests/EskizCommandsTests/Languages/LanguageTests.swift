import Eskiz
import EskizPostgres
import EskizWords
import Testing

@testable import EskizCommands

@Suite struct LanguageTests {
    private static func keys(_ section: String) -> Set<String> {
        Set(Catalogue.words(in: .english).sections[section, default: [:]].keys)
    }

    private static func expectWords<Key: WordKey>(_: Key.Type) {
        #expect(keys(Key.section) == Set(Key.allCases.map(\.rawValue)), "[\(Key.section)]")
    }

    @Test func `the files have words for every key, and for no other`() {
        Self.expectWords(Phrase.self)
        Self.expectWords(HelpText.self)
        Self.expectWords(ParserPhrase.self)
        Self.expectWords(CountedNoun.self)
        Self.expectWords(TextErrorWords.self)
        Self.expectWords(PhoneErrorWords.self)
        Self.expectWords(ErrorWords.self)
        Self.expectWords(PostgresErrorKind.self)
        #expect(Self.keys("text.remedy") == Self.keys("text"))
        #expect(Self.keys("postgres.remedy") == Self.keys("postgres"))
        #expect(Self.keys("error.remedy") == Self.keys("error").subtracting(["cancelled"]))
    }

    @Test func `every error that has an exit status has words`() {
        #expect(Set(ErrorWords.allCases.map(\.rawValue)) == Set(ExitStatus.byCode.keys.map(\.rawValue)))
    }

    @Test(arguments: PostgresErrorKind.allCases)
    func `English says of PostgreSQL what the library says`(kind: PostgresErrorKind) {
        let said = Language.english.explain(kind)
        #expect(said.what == PostgresError(kind).summary && said.remedy == PostgresError(kind).remedy)
    }

    @Test func `placeholders are filled and unknown ones stay visible`() {
        #expect(Language.english.say(.balanceIs, ["amount": "5"]) == "Balance: 5")
        #expect(Language.english.say(.balanceIs) == "Balance: {amount}")
        #expect(Language.english.say(.balanceIs, ["amount": "{amount}"]) == "Balance: {amount}")
    }

    @Test(arguments: [
        (["ESKIZ_LANG": "uz", "LC_ALL": "ru_RU.UTF-8"], Language.uzbek),
        (["LC_ALL": "ru_RU.UTF-8", "LANG": "uz_UZ"], .russian),
        (["LC_ALL": "", "LANG": "uz_UZ.UTF-8@latin"], .uzbek),
        (["LC_ALL": "C", "LANG": "ru_RU"], .english),
        (["LC_MESSAGES": "ru_RU", "LANG": "uz_UZ"], .russian),
        (["LANG": "de_DE.UTF-8"], .english),
        ([:], .english),
    ])
    func `the language follows the environment`(environment: [String: String], language: Language) {
        #expect(Language.detected(in: environment) == language)
    }

    @Test func `a flag beats the environment`() {
        #expect(Language.detected(in: ["ESKIZ_LANG": "uz"], chosen: "ru") == .russian)
    }

    @Test func `an error in another language keeps the particulars`() {
        let error = EskizError(.invalidConfiguration, "ESKIZ_TIMEOUT is wrong.", remedy: "Correct it.")
        #expect(Language.english.explain(error).what == "ESKIZ_TIMEOUT is wrong.")
        #expect(Language.russian.explain(error).what.contains("ESKIZ_TIMEOUT is wrong."))
        #expect(Language.uzbek.explain(error).what.contains("ESKIZ_TIMEOUT is wrong."))
    }

    /// "Try again" is the remedy of a time-out; after a message that may have been taken it would send it twice.
    @Test(arguments: [Language.uzbek, .russian])
    func `no remedy asks to repeat what may have been taken`(language: Language) {
        for code in ExitStatus.byCode.keys {
            let error = EskizError(code, "It broke.", remedy: "Look it up.", isOutcomeUnknown: true)
            #expect(language.explain(error).remedy == language.say(.outcomeUnknownRemedy), "\(code)")
            #expect(Failure(error).text(on: Page(language: language)).contains("`eskiz messages`"), "\(code)")
        }
        let timedOut = EskizError(.timedOut, "It broke.", remedy: "Try again.")
        #expect(language.explain(timedOut).remedy == language.remedy(ErrorWords.timedOut))
    }

    @Test func `a gateway that does not answer is not taken for Eskiz in any language`() {
        let values = ["address": "http://127.0.0.1:8080"]
        let error = EskizError.worded(.connectionFailed, .gatewayAway, values, remedy: .gatewayAwayRemedy)
        #expect(error.summary == "No gateway answers at http://127.0.0.1:8080.")
        for language in Language.allCases {
            #expect(language.explain(error).what == language.say(.gatewayAway, values))
            #expect(language.explain(error).remedy.contains("`eskiz serve`"))
        }
    }

    @Test(arguments: [Phrase.tokenAccountMissing, .tokenLoginMissing, .serveNeedsAccount])
    func `a missing account is said in every language`(phrase: Phrase) {
        let error = EskizError.missingAccount(phrase, remedy: .tokenNoneRemedy)
        for language in Language.allCases {
            #expect(language.explain(error).what == language.say(phrase))
            #expect(language.explain(error).remedy.contains("ESKIZ_"))
        }
    }
}
