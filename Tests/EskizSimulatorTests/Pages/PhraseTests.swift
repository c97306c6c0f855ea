import EskizPages
import EskizWords
import Testing

@testable import EskizSimulator

struct PhraseTests {
    @Test func `the files have words for every phrase, and for no other`() {
        let words = Catalogue.words(in: .english).sections["simulator", default: [:]]
        #expect(Set(words.keys) == Set(Phrase.allCases.map(\.rawValue)))
    }

    @Test(arguments: [
        ("uz", Language.uzbek), ("ru-RU,ru;q=0.9,en;q=0.8", .russian), ("en;q=0.2, UZ-Latn;q=0.7", .uzbek),
        ("de, ru;q=0.1", .russian), ("de", nil), ("ru;q=0, en;q=0.1", .english), ("", nil),
    ])
    func `the browser's wishes are weighed`(header: String, language: Language?) {
        #expect(Language.preferred(byHeader: header) == language)
    }

    @Test func `the address wins over the cookie, the cookie over the browser`() {
        func preferences(_ query: [(String, String)], _ cookie: String?, _ header: String?) -> PagePreferences {
            PagePreferences(
                cookiePrefix: "eskiz-simulator",
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
