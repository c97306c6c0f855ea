import Eskiz
import EskizText
import EskizWords
import Testing

@testable import EskizCommands

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

struct TextErrorPhrasesTests {
    private static let errors: [MessageTextError] = [
        .blank, .controlCharacter("\u{7F}", offset: 3), .lostCharacter(offset: 0), .tooManySegments(9, allowed: 8),
    ]

    @Test func `English is what the library says`() {
        for error in Self.errors {
            let said = Language.english.explain(error)
            #expect(said.what == error.summary && said.remedy == error.remedy)
        }
    }

    @Test(arguments: Language.allCases)
    func `a text that is too long is refused with its price, where that is known`(language: Language) {
        let error = MessageTextError.tooManySegments(9, allowed: 8)
        let cause = CostlyText(error: error, cost: 1_035)
        let priced = EskizError(
            .invalidText,
            "\(error.summary) It costs.",
            remedy: Sentence(verbatim: error.remedy),
            cause: cause
        )
        let said = language.explain(priced)
        #expect(said.what.contains("1 035") && said.what.contains("9 ") && !said.what.contains("{"))
        #expect(said.remedy == language.explain(error).remedy)
    }

    @Test(arguments: [Language.uzbek, .russian])
    func `every failure is said in every language, with its particulars`(language: Language) {
        for error in Self.errors {
            let said = language.explain(error)
            #expect(said.what != error.summary && !said.remedy.isEmpty)
            #expect(!said.what.contains("{") && !said.remedy.contains("{"))
        }
        #expect(language.explain(.tooManySegments(9, allowed: 8)).what.contains("9 "))
        #expect(language.explain(.controlCharacter("\u{7F}", offset: 3)).what.contains("U+007F"))
    }
}
