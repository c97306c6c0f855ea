import EskizText
import Testing

// The code of the articles in Sources/EskizText/Documentation.docc: DocumentationTests in EskizTests holds the two
// together. What the articles say about it is checked here.

struct DocumentationExamples {
    @Test func `a text is counted`() {
        let segmentation = Segmentation(of: "Sizning tasdiqlash kodingiz: 123456")
        print(segmentation.encoding, segmentation.segmentCount)
        #expect(segmentation.encoding == .gsm7 && segmentation.segmentCount == 1)
    }

    @Test func `a number is read and masked`() throws {
        let number = try PhoneNumber("(90) 123.45.67")
        print(number.e164 == "+998901234567")
        print(number)
        #expect(number.e164 == "+998901234567")
        #expect("\(number)" == "+998 90 *** ** 67")
    }

    @Test func `a number that could be two is refused`() {
        var words = ""
        func print(_ error: PhoneNumberError) { words = "\(error)" }
        do {
            _ = try PhoneNumber("8 90 123 45 67")
        } catch {
            print(error)
        }
        #expect(words == "The phone number begins with a long-distance prefix, 8 or 0. Write it as +998 90 123 45 67.")
    }

    @Test func `a text is normalised and counted`() {
        let message = UzbekNormalizer().normalize("Toʻlov qabul qilindi – rahmat…")
        print(message)
        print(message.after.segmentCount, message.after.unitsLeft)
        #expect(message.text == "To'lov qabul qilindi - rahmat...")
        #expect(message.after.segmentCount == 1)
    }

    @Test func `one apostrophe doubles the price`() {
        let plain = Segmentation(of: "Hurmatli mijoz! To'lov qabul qilindi. Yana xarid qilsangiz, 10% chegirma bor.")
        let curly = Segmentation(of: "Hurmatli mijoz! Toʻlov qabul qilindi. Yana xarid qilsangiz, 10% chegirma bor.")
        print(plain.segmentCount, curly.segmentCount)
        #expect([plain.segmentCount, curly.segmentCount] == [1, 2])

        #expect(Self.places(curly) == ["U+2BB at 18"])
    }

    @Test func `a text that is too long is refused`() {
        var words = ""
        func print(_ summary: String) { words = summary }
        do {
            try MessageTextRules.standard.check(String(repeating: "ш", count: 1000))
        } catch {
            print(error.summary)
        }
        #expect(words == "The text would be 15 segments and cost as much as 15 messages; 8 are allowed.")
    }

    private static func places(_ curly: Segmentation) -> [String] {
        var lines: [String] = []
        func print(_ line: String) { lines.append(line) }
        for character in curly.forcingScalars {
            print("U+\(String(character.scalar.value, radix: 16, uppercase: true)) at \(character.offset)")
        }
        return lines
    }

    @Test func `a template is counted with the longest name`() {
        let template = "Hurmatli {name}, buyurtmangiz yetkazildi."
        let longest = template.replacing("{name}", with: String(repeating: "n", count: 40))
        precondition(Segmentation(of: longest).segmentCount == 1)
        #expect(Segmentation(of: template.replacing("{name}", with: "Ўткир")).encoding == .ucs2)
    }

    @Test func `the cabinet counts extension characters once`() {
        let cabinet = Segmentation(of: "Narxi: 10€", rules: .cabinet)
        #expect(cabinet.units == 10)
        #expect(Segmentation(of: "Narxi: 10€").units == 11)
    }

    @Test func `typography becomes plain`() {
        let normalizer = UzbekNormalizer()
        let message = normalizer.normalize("“Soʻm” – pul…")
        print(message.text)
        print(message.replacements)
        #expect(message.text == "\"So'm\" - pul...")
    }

    @Test func `the other script is advised`() throws {
        let template = String(repeating: "Ҳурматли мижоз, тўлов қабул қилинди. ", count: 2)
        let linter = UzbekCyrillicLinter()
        if let latin = linter.latinVersion(of: template), latin.segmentsSaved > 0 {
            print("\(latin.before.segmentCount) segments; in Latin \(latin.after.segmentCount)")
        }
        #expect(linter.latinVersion(of: template)?.segmentsSaved == 1)
        #expect(linter.latinVersion(of: "Салом") == nil)
        let advice = linter.latinVersion(of: "Салом", assumingUzbek: true)
        #expect(advice?.text == "Salom")
    }
}
