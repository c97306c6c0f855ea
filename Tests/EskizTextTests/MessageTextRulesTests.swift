import Foundation
import Testing

@testable import EskizText

@Suite struct `Which texts can be a message` {
    @Test(arguments: [
        "", " ", "\t\r\n \u{A0}\u{3000}", "\n\n", "\u{200B}", "\u{FEFF}", "\u{AD}\u{2060}", "\u{2800}", "\u{3164}",
        "\u{FE0F}", "\u{85}\u{2028}\u{2029}", "\u{202A} \u{202C}",
    ])
    func `a text of which nothing shows is none`(text: String) {
        #expect(throws: MessageTextError.blank) { try MessageTextRules.standard.check(text) }
    }

    @Test(arguments: [0x00, 0x01, 0x08, 0x0B, 0x0C, 0x0E, 0x1B, 0x1F, 0x7F])
    func `a control character is refused with its place`(value: UInt8) {
        let scalar = Unicode.Scalar(value)
        #expect(throws: MessageTextError.controlCharacter(scalar, offset: 3)) {
            try MessageTextRules.standard.check("abc\(scalar)def")
        }
    }

    @Test func `what stands for lost bytes is refused`() {
        let text = String(decoding: [0x78, 0xCA, 0xEE, 0xE4], as: UTF8.self)
        #expect(throws: MessageTextError.lostCharacter(offset: 1)) { try MessageTextRules.standard.check(text) }
    }

    @Test(arguments: [
        ".", " a ", "-5% chegirma", "a\tb\r\nc", "Ў", "👨‍👩‍👧", "\u{301}", "\u{80}", "€", "اردو", "\u{FFFE}x",
        "\u{200B}a\u{200B}",
    ])
    func `everything else is kept whole`(text: String) throws {
        #expect(try MessageTextRules.standard.check(text).text.scalars == text.scalars)
    }

    @Test(arguments: [
        ("x", 8 * 153, 8), ("x", 8 * 153 + 1, 9), ("ш", 8 * 67, 8), ("ш", 8 * 67 + 1, 9), ("x", 600_000, 3_922),
    ])
    func `a text has as many segments as the cabinet allows`(letter: String, count: Int, segments: Int) throws {
        let text = String(repeating: letter, count: count)
        guard segments > 8 else {
            #expect(try MessageTextRules.standard.check(text).segmentCount == segments)
            return
        }
        #expect(throws: MessageTextError.tooManySegments(segments, allowed: 8)) {
            try MessageTextRules.standard.check(text)
        }
    }

    @Test(arguments: [(0, 1), (1, 1), (255, 255), (256, 255)])
    func `a limit is one that a message can have`(asked: Int, expected: Int) {
        #expect(MessageTextRules(maximumSegments: asked).maximumSegments == expected)
    }

    @Test func `an error says what to do and never repeats the text`() {
        let errors: [MessageTextError] = [
            .blank, .controlCharacter("\u{0}", offset: 3), .lostCharacter(offset: 0), .tooManySegments(9, allowed: 8),
            .tooManySegments(2, allowed: 1),
        ]
        #expect(
            errors.map(\.description) == [
                "The text is empty: nothing in it shows. Write something to send.",
                "Character 4 of the text (U+0000) is a control character, which no message can hold. Leave it out; tab and line breaks are allowed.",
                "Character 1 of the text (U+FFFD) stands for bytes that were not UTF-8. Convert the text to UTF-8 where it comes from, for example with iconv.",
                "The text would be 9 segments and cost as much as 9 messages; 8 are allowed. Shorten it, or raise ESKIZ_MAX_SEGMENTS.",
                "The text would be 2 segments and cost as much as 2 messages; 1 is allowed. Shorten it, or raise ESKIZ_MAX_SEGMENTS.",
            ]
        )
        #expect(
            errors.map(\.code) == ["empty", "unsupported_character", "unsupported_character", "too_long", "too_long"]
        )
    }

    @Test func `the pattern for descriptions says the same as the code`() throws {
        // Not Swift's own: it normalises the bounds of a range, and these are code points.
        let pattern = try NSRegularExpression(pattern: MessageTextRules.pattern)
        let scalars = (0...0xFFFF).compactMap { Unicode.Scalar($0 as UInt32) } + ["\u{1F600}", "\u{E0001}"]
        for scalar in scalars {
            for text in [String(scalar), "a\(scalar)", " \(scalar)\n"] {
                let isAccepted = (try? MessageTextRules.checkCharacters(of: text)) != nil
                let whole = NSRange(location: 0, length: text.utf16.count)
                let matches = pattern.firstMatch(in: text, range: whole)?.range == whole
                #expect(matches == isAccepted, "\(scalar.codePoint)")
            }
        }
    }
}
