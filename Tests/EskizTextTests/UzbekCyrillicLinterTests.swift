import EskizText
import Testing

struct UzbekCyrillicLinterTests {
    @Test(arguments: [
        ("Ўзбекистон", "O'zbekiston"),
        ("Шаҳар, ШАҲАР, қишлоқ", "Shahar, SHAHAR, qishloq"),
        ("ТОШКЕНТ шаҳри", "TOSHKENT shahri"),
        ("Ғишт ғоя", "G'isht g'oya"),
        ("Ер, поезд, метр, ҳа", "Yer, poyezd, metr, ha"),
        ("Объект, съёмка, маъно, ҳа", "Obyekt, syomka, ma'no, ha"),
        ("Премьера, батальон, компьютер, ҳа", "Premyera, batalyon, kompyuter, ha"),
        ("Цирк, концерт, доцент, ҳа", "Sirk, konsert, dotsent, ha"),
        ("Исҳоқ", "Is'hoq"),
        ("Ёқуб, Юлдуз, Ясмин, Чори", "Yoqub, Yulduz, Yasmin, Chori"),
        ("ЁҚУБ Я.", "YOQUB Ya."),
        ("Эркин йўл: «хат» 5 – 7", "Erkin yo'l: \"xat\" 5 - 7"),
        ("и\u{306}у\u{306}л", "yo'l"),
        ("Kod: ҳа", "Kod: ha"),
    ])
    func `Latin versions follow the orthography`(_ cyrillic: String, _ latin: String) throws {
        let version = try #require(UzbekCyrillicLinter().latinVersion(of: cyrillic))
        #expect(version.text.scalars == latin.scalars)
        #expect(version.after.encoding == .gsm7)
        #expect(version.before.text.scalars == cyrillic.scalars)
    }

    @Test(arguments: [
        "Ваш код подтверждения: 123456", "Съешь ещё этих мягких булок", "", "Salom", "123", "Салом",
        "Қазақстан тілі ы", "ӯ қ", "Ғы",
    ])
    func `what may be another language gets no advice`(_ text: String) {
        #expect(UzbekCyrillicLinter().latinVersion(of: text) == nil)
    }

    @Test func `who knows the language may say so`() throws {
        let linter = UzbekCyrillicLinter()
        #expect(try #require(linter.latinVersion(of: "Салом", assumingUzbek: true)).text == "Salom")
        #expect(linter.latinVersion(of: "Привет, ты", assumingUzbek: true) == nil)
        #expect(linter.latinVersion(of: "Salom", assumingUzbek: true) == nil)
    }

    @Test func `a Latin version may be longer and save nothing`() throws {
        let version = try #require(UzbekCyrillicLinter().latinVersion(of: "Ҳа"))
        #expect(version.segmentsSaved == 0)
    }

    @Test func `printing and dumping show measures and never the text`() throws {
        let version = try #require(UzbekCyrillicLinter().latinVersion(of: "Код: 739146 ҳа"))
        var dumped = ""
        dump(version, to: &dumped)
        for shown in ["\(version)", String(reflecting: version), dumped] {
            #expect(!shown.contains("739146"))
        }
    }
}
