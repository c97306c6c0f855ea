import EskizTestSupport
import EskizText
import Testing

struct UzbekNormalizerTests {
    private func normalized(_ text: String) -> [Unicode.Scalar] {
        UzbekNormalizer().normalize(text).text.scalars
    }

    @Test(arguments: [0x02BB, 0x02BC, 0x2018, 0x2019, 0x201B, 0x02B9, 0x2032, 0x00B4, 0x0060] as [UInt32])
    func `every spelling of oʻ and gʻ becomes the plain apostrophe`(_ value: UInt32) throws {
        let mark = String(try #require(Unicode.Scalar(value)))
        let message = UzbekNormalizer().normalize("so\(mark)m, tog\(mark), ma\(mark)no")
        #expect(message.text.scalars == "so'm, tog', ma'no".scalars)
        #expect(message.after.encoding == .gsm7)
        #expect(message.replacements.count == 1)
        #expect(message.replacements.first?.offsets == [2, 9, 14])
    }

    @Test(arguments: [
        ("“Salom” „dunyo‟", "\"Salom\" \"dunyo\""),
        ("«Salom» ‹dunyo› ‚a’", "\"Salom\" 'dunyo' 'a'"),
        ("a–b—c−d\u{2010}e\u{2011}f\u{2012}g\u{2015}h", "a-b-c-d-e-f-g-h"),
        ("Kuting…", "Kuting..."),
        ("1\u{A0}000\u{202F}000\tso'm\u{2009}a\u{2003}b\u{3000}c", "1 000 000 so'm a b c"),
        ("Bir\u{2028}ikki\u{2029}uch\u{85}tort\u{0B}besh", "Bir\nikki\nuch\ntort\nbesh"),
        ("\u{FEFF}Ko\u{200B}d\u{2060}: 1\u{AD}2\u{200C}3\u{200D}4", "Kod: 1234"),
        ("\u{202A}+998 90\u{202C} \u{2066}123\u{2069}\u{200E}", "+998 90 123"),
        ("caf\u{65}\u{301} \u{6F}\u{308} \u{4E}\u{303} \u{43}\u{327} \u{61}\u{30A} \u{75}\u{300}", "café ö Ñ Ç å ù"),
        ("\u{212B} \u{212A} \u{2126} \u{37E} \u{1FEF}\u{1FFD}", "Å K Ω ; ''"),
        ("so\u{315}m tog\u{312} O\u{312} G\u{315}", "so'm tog' O' G'"),
    ])
    func `typography becomes plain`(_ text: String, _ plain: String) {
        let message = UzbekNormalizer().normalize(text)
        #expect(message.text.scalars == plain.scalars)
        #expect(message.after.encoding == .gsm7)
        #expect(message.before.encoding == .ucs2)
    }

    @Test func `a combining comma anywhere else stays`() {
        #expect(normalized("a\u{315} t\u{312}") == "a\u{315} t\u{312}".scalars)
    }

    @Test(arguments: ["ğ", "ş", "ç", "😀", "Ş", "漢", "ў", "•", "°", "\u{1B}"])
    func `what has no plain form stays, the message goes as UCS-2, and nothing becomes a question mark`(_ kept: String)
    {
        let message = UzbekNormalizer().normalize("Bo\u{02BB}ldi \(kept)")
        #expect(message.text.scalars == "Bo'ldi \(kept)".scalars)
        #expect(message.after.encoding == .ucs2)
    }

    @Test func `the numero sign changes on request only`() {
        #expect(normalized("Shartnoma №7") == "Shartnoma №7".scalars)
        let message = UzbekNormalizer(replacesNumeroSign: true).normalize("Shartnoma №7")
        #expect(message.text == "Shartnoma N7")
        #expect(message.replacements.map(\.description) == ["U+2116 -> U+004E, once"])
    }

    @Test func `a text of Cyrillic letters keeps its typography`() {
        let text = "Банк «Пример» – ваш код… №5’"
        let message = UzbekNormalizer(replacesNumeroSign: true).normalize(text)
        #expect(message.text.scalars == text.scalars)
        #expect(!message.isChanged)
    }

    @Test func `a text of Cyrillic letters loses what is invisible, and its letters are composed`() {
        let message = UzbekNormalizer().normalize("И\u{306}\u{200B}и\u{306} е\u{308}Е\u{308} у\u{306}У\u{306}\u{FEFF}")
        #expect(message.text.scalars == "Йй ёЁ ўЎ".scalars)
        #expect(message.before.units == 16)
        #expect(message.after.units == 8)
    }

    @Test func `a Cyrillic name in a Latin template leaves the fixed part the same`() {
        let normalizer = UzbekNormalizer()
        func filled(_ name: String) -> String { "Hurmatli \(name), to\u{02BB}lov qabul qilindi" }
        #expect(normalizer.normalize(filled("Ali")).text == "Hurmatli Ali, to'lov qabul qilindi")
        #expect(normalizer.normalize(filled("Али")).text == "Hurmatli Али, to'lov qabul qilindi")
        #expect(normalizer.normalize(filled("Doğa")).text == "Hurmatli Doğa, to'lov qabul qilindi")
    }

    @Test(arguments: ["👩\u{200D}👧", "❤\u{FE0F}\u{200D}🔥", "می\u{200C}خواهم", "क्\u{200D}ष"])
    func `a joiner that shows stays`(_ text: String) {
        #expect(normalized("Bo\u{02BB}ldi " + text) == ("Bo'ldi " + text).scalars)
    }

    @Test func `marks of direction stay where a text has two directions`() {
        let text = "\u{200E}Kod\u{202A} אב \u{202C}1"
        #expect(normalized(text) == text.scalars)
    }

    @Test func `an ellipsis is not expanded where that would cost a segment`() {
        let dots = UzbekNormalizer().normalize(String(repeating: "…", count: 70))
        #expect(dots.after.segmentCount == 1)
        #expect(!dots.isChanged)
        let emoji = UzbekNormalizer().normalize("so\u{02BB}m… 😀" + String(repeating: "a", count: 62))
        #expect(emoji.before.units == 70)
        #expect(emoji.text.unicodeScalars.contains("…"))
        #expect(emoji.text.hasPrefix("so'm…"))
        #expect(emoji.after.segmentCount == 1)
    }

    @Test func `a GSM-7 text is returned as it is`() {
        let all = GSM7AlphabetTests.basic.filter { $0 != 0x1B } + GSM7AlphabetTests.extended.values
        let text = String(String.UnicodeScalarView(all.compactMap(Unicode.Scalar.init)))
        let message = UzbekNormalizer(replacesNumeroSign: true).normalize(text)
        #expect(message.text.scalars == text.scalars)
        #expect(!message.isChanged)
        #expect(message.before == message.after)
    }

    @Test func `replacements say what, where and how often`() {
        let message = UzbekNormalizer().normalize("\u{FEFF}o\u{02BB} o\u{2019} o\u{02BB} caf\u{65}\u{301}")
        #expect(
            message.replacements.map(\.from.scalars) == [["\u{FEFF}"], ["\u{02BB}"], ["\u{2019}"], ["e", "\u{301}"]]
        )
        #expect(message.replacements.map(\.to.scalars) == [[], ["'"], ["'"], ["é"]])
        #expect(message.replacements.map(\.offsets) == [[0], [2, 8], [5], [13]])
        #expect(message.replacements.map(\.count) == [1, 2, 1, 1])
        #expect(message.replacementCount == 5)
        #expect(
            message.replacements.map(\.description) == [
                "U+FEFF -> nothing, once", "U+02BB -> U+0027, 2 times", "U+2019 -> U+0027, once",
                "U+0065 U+0301 -> U+00E9, once",
            ]
        )
    }

    @Test func `only what is cheaper is rewritten where that is asked for`() {
        let short = "Bo\u{02BB}ldi"
        let unchanged = UzbekNormalizer().normalizeIfCheaper(short)
        #expect(unchanged.text.scalars == short.scalars)
        #expect(!unchanged.isChanged)
        let long = short + String(repeating: " kod", count: 30)
        let cheaper = UzbekNormalizer().normalizeIfCheaper(long)
        #expect(cheaper.isChanged)
        #expect(cheaper.segmentsSaved == 1)
        #expect(cheaper.text.hasPrefix("Bo'ldi kod"))
    }

    @Test func `printing and dumping show measures and never the text`() {
        let message = UzbekNormalizer().normalize("Kodingiz: 739146, do\u{02BB}stim")
        var dumped = ""
        dump(message, to: &dumped)
        for shown in ["\(message)", String(reflecting: message), dumped, "\([Optional(message)])"] {
            #expect(!shown.contains("739146"))
        }
        #expect(message.description == "1 replacement, UCS-2 1 segment -> GSM-7 1 segment")
    }

    @Test func `every letter and mark that GSM-7 has as one character is composed, and to the same letter`() {
        // Swift's == is Unicode's canonical equivalence: an oracle that the table under test knows nothing of.
        let bases = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZæøÆØ".unicodeScalars)
        let alphabet = GSM7AlphabetTests.basic.compactMap(Unicode.Scalar.init).map { String($0) }
        var composed = 0
        for base in bases {
            for mark in UInt32(0x0300)...0x036F {
                guard let mark = Unicode.Scalar(mark) else { continue }
                let text = String(base) + String(mark)
                let result = UzbekNormalizer().normalize(text).text
                if result.unicodeScalars.count == 1 {
                    #expect(result == text)
                    composed += 1
                }
                if alphabet.contains(text) { #expect(result.unicodeScalars.count == 1) }
            }
        }
        #expect(composed > 30)
    }

    @Test func `Cyrillic letters are composed to the same letter`() {
        for (text, letter) in [("и\u{306}", "й"), ("У\u{306}", "Ў"), ("е\u{308}", "ё")] {
            #expect(text == letter)
            #expect(normalized(text) == letter.scalars)
        }
    }
}

struct UzbekNormalizerPropertyTests {
    static let normalizers: [UzbekNormalizer] = {
        let narrow = SegmentationRules.Capacity(single: 20, concatenated: 3)
        let wide = SegmentationRules.Capacity(single: 70, concatenated: 67)
        let odd = zip([narrow].compactMap { $0 }, [wide].compactMap { $0 })
            .map { UzbekNormalizer(rules: SegmentationRules(gsm7: $0, ucs2: $1)) }
        return [
            UzbekNormalizer(), UzbekNormalizer(replacesNumeroSign: true), UzbekNormalizer(rules: .cabinet),
            UzbekNormalizer(rules: SegmentationRules(header: .sixteenBitReference)),
        ] + odd
    }()

    @Test(arguments: normalizers)
    func `normalising never costs more, is done once and for all, and loses nothing`(_ normalizer: UzbekNormalizer) {
        var generator = TextGenerator(seed: 3)
        var changed = 0
        for round in 0..<3000 {
            let text = generator.text(upTo: round % 10 == 0 ? 400 : 80)
            let message = normalizer.normalize(text)
            let again = normalizer.normalize(message.text)

            #expect(message.original.scalars == text.scalars, "round \(round)")
            #expect(message.segmentsSaved >= 0, "round \(round)")
            #expect(again.text.scalars == message.text.scalars, "round \(round)")
            #expect(!again.isChanged, "round \(round)")
            #expect(message.isChanged == (message.text.scalars != text.scalars), "round \(round)")
            #expect(
                message.text.scalars.filter { $0 == "?" }.count == text.scalars.filter { $0 == "?" }.count,
                "round \(round)"
            )
            let difference = message.replacements.reduce(0) {
                $0 + $1.count * ($1.to.unicodeScalars.count - $1.from.unicodeScalars.count)
            }
            #expect(text.scalars.count + difference == message.text.scalars.count, "round \(round)")
            let forcing = Set(ForcingScalar.all(in: message.text).map(\.scalar))
            #expect(
                forcing.isSubset(of: Set(text.scalars).union("йёўЙЁЎğĞşŞçáÁóÓúÚíÍńŃǵǴİ".scalars)),
                "round \(round)"
            )
            if message.isChanged { changed += 1 }
        }
        #expect(changed > 500)
    }

    @Test func `rewriting by price either saves or leaves the text alone`() {
        var generator = TextGenerator(seed: 4)
        for round in 0..<1000 {
            let text = generator.text(upTo: 300)
            let message = UzbekNormalizer().normalizeIfCheaper(text)
            let saves = message.segmentsSaved > 0
            #expect(saves == message.isChanged, "round \(round)")
            #expect(saves || message.text.scalars == text.scalars, "round \(round)")
        }
    }
}
