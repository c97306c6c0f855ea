import EskizText
import Testing

/// What normalisation saves: the table of `gateway.md §f4`, with texts of the lengths it names.
struct SavingsTests {
    struct Row: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let text: String
        let length: Int
        var replacesNumeroSign = false
        let before: (MessageEncoding, Int)
        let after: (MessageEncoding, Int)
        let percent: Int
    }

    static let warning =
        "Tasdiqlash kodi: 123456. Uni hech kimga aytmang, hatto bank xodimiga ham. Agar bu siz emas "
        + "bo\u{02BB}lsangiz, parolni darhol almashtiring va 123 raqamiga xabar bering"
    static let payment =
        "Hurmatli mijoz, to\u{02BB}lov qabul qilindi: 150 000 so\u{02BB}m. Shartnoma № 4521, sana 12.05.2025."
    static let paymentWithBackticks =
        "Hurmatli mijoz, to`lov qabul qilindi: 150 000 so`m. Shartnoma N 4521, sana 12.05.2025."
    static let cyrillic =
        "Тасдиқлаш коди: 123456. Уни ҳеч кимга айтманг, ҳатто банк ходимига ҳам. Агар бу сиз "
        + "бўлмасангиз, паролни дарҳол алмаштиринг ва 1234 рақамига хабар беринг"
    static let russian =
        "Ваш код подтверждения: 123456. Никому не сообщайте этот код, даже сотрудникам банка. Код действует шесть минут."

    static let rows: [Row] = [
        Row(
            testDescription: "code with a warning, one oʻ",
            text: warning,
            length: 159,
            before: (.ucs2, 3),
            after: (.gsm7, 1),
            percent: 67
        ),
        Row(
            testDescription: "payment notice with №, on request",
            text: payment,
            length: 86,
            replacesNumeroSign: true,
            before: (.ucs2, 2),
            after: (.gsm7, 1),
            percent: 50
        ),
        Row(
            testDescription: "payment notice with №, by default",
            text: payment,
            length: 86,
            before: (.ucs2, 2),
            after: (.ucs2, 2),
            percent: 0
        ),
        Row(
            testDescription: "payment notice with backticks",
            text: paymentWithBackticks,
            length: 86,
            before: (.ucs2, 2),
            after: (.gsm7, 1),
            percent: 50
        ),
        Row(
            testDescription: "short code, no oʻ",
            text: "Sizning tasdiqlash kodingiz: 123456. Hech kimga aytmang",
            length: 55,
            before: (.gsm7, 1),
            after: (.gsm7, 1),
            percent: 0
        ),
        Row(
            testDescription: "the same in Cyrillic",
            text: "Сизнинг тасдиқлаш кодингиз: 123456. Ҳеч кимга айтманг",
            length: 53,
            before: (.ucs2, 1),
            after: (.ucs2, 1),
            percent: 0
        ),
        Row(
            testDescription: "long code in Cyrillic",
            text: cyrillic,
            length: 153,
            before: (.ucs2, 3),
            after: (.ucs2, 3),
            percent: 0
        ),
        Row(
            testDescription: "Russian code",
            text: russian,
            length: 111,
            before: (.ucs2, 2),
            after: (.ucs2, 2),
            percent: 0
        ),
    ]

    @Test(arguments: rows)
    func `a text costs before and after what the table says`(_ row: Row) {
        let message = UzbekNormalizer(replacesNumeroSign: row.replacesNumeroSign).normalize(row.text)
        #expect(row.text.unicodeScalars.count == row.length)
        #expect(message.before.encoding == row.before.0)
        #expect(message.before.segmentCount == row.before.1)
        #expect(message.after.encoding == row.after.0)
        #expect(message.after.segmentCount == row.after.1)
        #expect(message.percentSaved == row.percent)
    }

    @Test func `the long Cyrillic code would be one segment in Latin`() throws {
        let version = try #require(UzbekCyrillicLinter().latinVersion(of: Self.cyrillic))
        #expect(version.before.segmentCount == 3)
        #expect(version.after.encoding == .gsm7)
        #expect(version.after.segmentCount == 1)
        #expect(version.segmentsSaved == 2)
        #expect(version.description == "3 segments, in Latin 1")
    }

    @Test func `by length, with one oʻ, it saves what the table says`() {
        for length in 2...306 {
            let text = "o\u{02BB}" + String(repeating: "a", count: length - 2)
            let expected =
                switch length {
                case ...70: 0
                case ...134: 50
                case ...160: 67
                case ...201: 33
                case ...268: 50
                default: 60
                }
            #expect(UzbekNormalizer().normalize(text).percentSaved == expected, "length \(length)")
        }
    }

    @Test func `nothing is saved on an empty text`() {
        #expect(UzbekNormalizer().normalize("").percentSaved == 0)
        #expect(UzbekNormalizer().normalize("\u{200B}").segmentsSaved == 1)
        #expect(UzbekNormalizer().normalize("\u{200B}").percentSaved == 100)
    }
}
