import EskizWords
import Testing

@testable import EskizCommands

struct CountedNounTests {
    @Test(arguments: [
        (0, "0 segments", "0 qism", "0 сегментов"), (1, "1 segment", "1 qism", "1 сегмент"),
        (2, "2 segments", "2 qism", "2 сегмента"), (4, "4 segments", "4 qism", "4 сегмента"),
        (5, "5 segments", "5 qism", "5 сегментов"), (11, "11 segments", "11 qism", "11 сегментов"),
        (12, "12 segments", "12 qism", "12 сегментов"), (21, "21 segments", "21 qism", "21 сегмент"),
        (22, "22 segments", "22 qism", "22 сегмента"), (111, "111 segments", "111 qism", "111 сегментов"),
    ])
    func `a noun takes the form of its number`(number: Int, english: String, uzbek: String, russian: String) {
        #expect(Language.english.count(number, .segment) == english)
        #expect(Language.uzbek.count(number, .segment) == uzbek)
        #expect(Language.russian.count(number, .segment) == russian)
    }

    @Test func `what nobody knows is a question mark`() {
        #expect(Language.english.count(nil as Int?, .byte) == "? bytes")
        #expect(Language.russian.count(nil as Int?, .character) == "? символов")
    }
}
