import EskizWords
import Testing

@testable import EskizCommands

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct JSONValueTests {
    @Test func `a document keeps the order of its keys`() {
        let document: JSONValue = ["b": 1, "a": [true, nil, "x"], "empty": [:], "none": []]
        #expect(document.rendered() == #"{"b":1,"a":[true,null,"x"],"empty":{},"none":[]}"#)
    }

    @Test func `a terminal gets an indented document`() {
        let document: JSONValue = ["a": [1, ["b": "c"]]]
        let expected = """
            {
              "a": [
                1,
                {
                  "b": "c"
                }
              ]
            }
            """
        #expect(document.rendered(indented: true) == expected)
    }

    @Test(arguments: ["\"", "\\", "\n\r\t", "\u{0}\u{1B}[31m", "\u{2028}", "\u{202E}evil", "oʻ 🇺🇿", "\u{7F}\u{9B}"])
    func `every text survives a real parser and stays on one line`(text: String) throws {
        let line = JSONValue.object([.init(text, .string(text))]).rendered()
        #expect(line.onOneLine == line)
        #expect(try JSONDecoder().decode([String: String].self, from: Data(line.utf8)) == [text: text])
    }

    @Test func `money keeps its digits`() {
        #expect(JSONValue.decimal(Decimal(string: "1234.50")).rendered() == "1234.5")
        #expect(JSONValue.decimal(nil).rendered() == "null")
    }
}

@Suite struct TableTests {
    private let rows = [["Beeline", "60", "короткий"], ["日本語", "1 200", "текст подлиннее"]]

    private var table: Table {
        Table([.init("Name"), .init("Price", .trailing), .init("Note", elastic: true)], rows: rows)
    }

    @Test func `columns stand under one another, wide characters too`() {
        let expected = """
            Name     Price  Note
            Beeline     60  короткий
            日本語   1 200  текст подлиннее
            """
        #expect(table.rendered(on: Page()) == expected)
    }

    @Test func `a narrow terminal cuts the elastic column only`() {
        let lines = table.rendered(on: Page(width: 24)).split(separator: "\n")
        #expect(lines == ["Name     Price  Note", "Beeline     60  короткий", "日本語   1 200  текст п…"])
    }

    @Test func `a cell cannot break the table or the terminal`() {
        let table = Table([.init("A")], rows: [["x\ny\u{1B}[2J"]])
        #expect(table.rendered(on: Page()) == "A\nx\\ny\\u{1b}[2J")
    }

    @Test(arguments: [("", 0), ("abc", 3), ("oʻ", 2), ("e\u{301}", 1), ("日本", 4), ("🇺🇿", 2), ("👨‍👩‍👧", 2), ("\u{200B}", 0)])
    func `width is what the eye sees`(text: String, width: Int) {
        #expect(DisplayWidth.of(text) == width)
    }

    @Test func `cutting never splits a wide character`() {
        #expect(DisplayWidth.cut("日本語", to: 4) == "日…")
        #expect(DisplayWidth.cut("日本語", to: 6) == "日本語")
        #expect(DisplayWidth.cut("abc", to: 0) == "")
    }
}

@Suite struct TashkentTimeTests {
    @Test(arguments: [
        (0.0, "1970-01-01 05:00:00", "1970-01-01T00:00:00.000Z"),
        (1_709_164_799.0, "2024-02-29 04:59:59", "2024-02-28T23:59:59.000Z"),
        (1_795_464_065.042, "2026-11-24 01:01:05", "2026-11-23T20:01:05.042Z"),
        (4_102_444_800.0, "2100-01-01 05:00:00", "2100-01-01T00:00:00.000Z"),
        (-1.0, "1970-01-01 04:59:59", "1969-12-31T23:59:59.000Z"),
    ])
    func `a moment reads the same in Tashkent and in the log`(seconds: Double, local: String, log: String) {
        let date = Date(timeIntervalSince1970: seconds)
        #expect(TashkentTime.short(date) == local)
        #expect(TashkentTime.text(date) == local + " (Asia/Tashkent)")
        #expect(TashkentTime.rfc3339Milliseconds(date) == log)
    }

    @Test(arguments: [
        (Duration.seconds(0), "0 s"), (.seconds(59), "59 s"), (.seconds(61), "1 min 1 s"), (.seconds(3600), "1 h"),
        (.seconds(30 * 86400 - 1), "29 d 23 h"), (.seconds(-90), "1 min 30 s"),
    ])
    func `a span shows its two largest units`(duration: Duration, text: String) {
        #expect(TashkentTime.span(duration, in: .english) == text)
    }
}

@Suite struct AmountTests {
    @Test(arguments: [
        ("0", "0"), ("999", "999"), ("1000", "1 000"), ("125000", "125 000"), ("1234567.5", "1 234 567.5"),
        ("-5000", "-5 000"),
    ])
    func `thousands stand apart`(value: String, text: String) throws {
        #expect(Amount.text(try #require(Decimal(string: value))) == text)
    }

    @Test func `the currency is named in the language of the reader`() {
        #expect(Language.english.money(1000) == "1 000 soʻm")
        #expect(Language.uzbek.money(1000) == "1 000 soʻm")
        #expect(Language.russian.money(1000) == "1 000 сум")
    }
}

@Suite struct InkTests {
    @Test func `plain ink leaves text alone and coloured ink closes what it opens`() {
        #expect(Ink.plain.bad("x") == "x")
        #expect(Ink.coloured.bad("x") == "\u{1B}[31mx\u{1B}[0m")
        #expect(Ink.coloured.bad("") == "")
    }
}
