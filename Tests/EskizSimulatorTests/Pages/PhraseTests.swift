import EskizPages
import Testing

@testable import EskizSimulator

struct PhraseTests {
    @Test(arguments: Phrase.allCases)
    func `a phrase says the same in all three languages`(phrase: Phrase) {
        let texts = PageLanguage.allCases.map { phrase.words.text(in: $0) }
        for text in texts { #expect(!text.isEmpty && text == text.trimmed) }
        let fields = texts.map { text in Set(text.components(of: "{").dropFirst().map { $0.prefix { $0 != "}" } }) }
        #expect(Set(fields).count == 1, "the same placeholders")
    }

    @Test(arguments: Phrase.allCases)
    func `Uzbek is written with the letters of its alphabet, Russian with its own`(phrase: Phrase) {
        // The typewriter's apostrophe and its look-alikes are not letters.
        #expect(!phrase.words.uzbek.contains { "'`‘ʹ".contains($0) }, "\(phrase.words.uzbek)")
        #expect(!phrase.words.uzbek.contains { ("а"..."я").contains($0) })
        let isSymbolOnly = phrase.words.english.allSatisfy { !$0.isLetter } || phrase.words.russian.contains("{")
        let hasCyrillic = phrase.words.russian.contains { ("а"..."я").contains(Character($0.lowercased())) }
        #expect(hasCyrillic || isSymbolOnly, "\(phrase.words.russian)")
    }

    @Test(arguments: [
        ("uz", PageLanguage.uzbek), ("ru-RU,ru;q=0.9,en;q=0.8", .russian), ("en;q=0.2, UZ-Latn;q=0.7", .uzbek),
        ("de, ru;q=0.1", .russian), ("de", nil), ("ru;q=0, en;q=0.1", .english), ("", nil),
    ])
    func `the browser's wishes are weighed`(header: String, language: PageLanguage?) {
        #expect(PageLanguage.preferred(byHeader: header) == language)
    }

    @Test func `the address wins over the cookie, the cookie over the browser`() {
        func preferences(_ query: [(String, String)], _ cookie: String?, _ header: String?) -> PagePreferences {
            PagePreferences(
                room: "eskiz-simulator",
                query: { name in query.first { $0.0 == name }?.1 },
                cookie: cookie,
                acceptLanguage: header
            )
        }
        let cookie = "a=b; eskiz-simulator-language=ru; eskiz-simulator-theme=dark"
        #expect(preferences([("lang", "uz")], cookie, "en").language == .uzbek)
        #expect(preferences([], cookie, "en").language == .russian)
        #expect(preferences([], nil, "uz").language == .uzbek)
        #expect(preferences([("lang", "xx")], nil, nil).language == .english)
        #expect(preferences([], cookie, nil).theme == .dark)
        #expect(preferences([("theme", "light")], cookie, nil).theme == .light)
        #expect(preferences([], "eskiz-simulator-theme=\"><script>", nil).theme == .auto)
        #expect(preferences([("lang", "uz")], nil, nil).cookies.first?.contains("SameSite=Lax; HttpOnly") == true)
        #expect(preferences([], cookie, nil).cookies.isEmpty)
    }
}

extension String {
    fileprivate var trimmed: String {
        var text = drop { $0.isWhitespace }
        while text.last?.isWhitespace == true { text = text.dropLast() }
        return String(text)
    }
}
