import EskizText
import Testing

struct MessageEncodingTests {
    @Test func `an encoding has the name people know and the number Eskiz reports`() {
        #expect(MessageEncoding.gsm7.description == "GSM-7")
        #expect(MessageEncoding.ucs2.description == "UCS-2")
        #expect(MessageEncoding.gsm7.dataCoding == 0)
        #expect(MessageEncoding.ucs2.dataCoding == 8)
    }

    @Test func `one character outside the alphabet decides for the whole message`() {
        #expect(MessageEncoding(for: "") == .gsm7)
        #expect(MessageEncoding(for: "Salom") == .gsm7)
        #expect(MessageEncoding(for: "Salom, do\u{02BB}stim") == .ucs2)
        #expect(MessageEncoding(for: "\u{1B}") == .ucs2)
    }

    @Test func `the characters that force UCS-2 are listed with their places`() {
        let text = "soʻm 😀 €|ў"
        let found = ForcingScalar.all(in: text)
        #expect(found.map(\.scalar) == ["\u{02BB}", "😀", "ў"])
        #expect(found.map(\.offset) == [2, 5, 9])
        for forcing in found {
            let byte = text.utf8.index(text.utf8.startIndex, offsetBy: forcing.utf8Offset)
            #expect(text.unicodeScalars[byte] == forcing.scalar)
        }
        #expect(Segmentation(of: text).forcingScalars == found)
        #expect(found.map(\.description) == ["U+02BB at 2", "U+1F600 at 5", "U+045E at 9"])
    }

    @Test func `places in UTF-8 agree with Eskiz's own example`() {
        // eskiz-api.md §5.1: `|` stands three bytes after `€`, one character.
        let found = ForcingScalar.all(in: "€ў")
        #expect(found.map(\.utf8Offset) == [3])
    }

    @Test func `a GSM-7 text has none`() {
        #expect(ForcingScalar.all(in: "To'lov: 100 €").isEmpty)
        #expect(Segmentation(of: "To'lov: 100 €").forcingScalars.isEmpty)
    }
}
