import Eskiz
import Testing

@testable import EskizCommands

@Suite struct LanguageTests {
    /// `{…}` in a phrase.
    private static func placeholders(_ text: String) -> Set<String> {
        var found: Set<String> = []
        for part in text.split(separator: "{", omittingEmptySubsequences: false).dropFirst() {
            if let end = part.firstIndex(of: "}") { found.insert(String(part[..<end])) }
        }
        return found
    }

    @Test(arguments: Phrase.allCases)
    func `a phrase exists in every language with the same placeholders`(phrase: Phrase) {
        let expected = Self.placeholders(Language.english.template(phrase))
        for language in Language.allCases {
            let template = language.template(phrase)
            #expect(!template.isEmpty)
            #expect(Self.placeholders(template) == expected, "\(language)")
        }
    }

    @Test func `Uzbek is written with its own letters`() {
        for phrase in Phrase.allCases {
            let text = Language.uzbek.template(phrase)
            #expect(!text.contains("'") && !text.contains("‘") && !text.contains("’"), "\(phrase)")
        }
        for (what, remedy) in Language.uzbek.errorPhrases.values {
            #expect(!(what + remedy).contains { "'‘’".contains($0) }, "\(what)")
        }
    }

    @Test(arguments: [Language.uzbek, .russian])
    func `every error that has an exit status has words`(language: Language) {
        #expect(Set(language.errorPhrases.keys) == Set(Status.byCode.keys))
        for (code, phrase) in language.errorPhrases {
            #expect(!phrase.what.isEmpty)
            #expect(code == .cancelled || !phrase.remedy.isEmpty, "\(code)")
        }
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
        for code in language.errorPhrases.keys {
            let error = EskizError(code, "It broke.", remedy: "Look it up.", isOutcomeUnknown: true)
            #expect(language.explain(error).remedy == language.say(.outcomeUnknownRemedy), "\(code)")
            #expect(Failure(error).text(on: Page(language: language)).contains("`eskiz messages`"), "\(code)")
        }
        let timedOut = EskizError(.timedOut, "It broke.", remedy: "Try again.")
        #expect(language.explain(timedOut).remedy == language.errorPhrases[.timedOut]?.remedy)
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
