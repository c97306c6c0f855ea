import EskizQueue
import EskizText
import Testing

/// Tables of phones that get nothing.
struct SuppressionFileTests {
    private func text(_ file: SuppressionFile) -> [String] {
        file.rows.map { row in
            [row.phone.digits, row.scope?.rawValue ?? "-", row.reason ?? "-"].joined(separator: "|")
        }
    }

    @Test func `a table is read as spreadsheets write it`() {
        let file = SuppressionFile(
            "\u{FEFF}phone,scope,reason\r\n+998 90 123-45-67,bulk,\"asked, by phone\"\r\n\r\n907654321\r\n901234567;ALL;said \"\"no\"\"\n"
        )
        #expect(
            text(file) == [
                "998901234567|bulk|asked, by phone", "998907654321|-|-", "998901234567|all|said no",
            ]
        )
        #expect(file.errors.isEmpty)
    }

    @Test func `quotes in quotes are quotes`() {
        #expect(text(SuppressionFile("901234567,,\"said \"\"no\"\", twice\"")) == ["998901234567|-|said \"no\", twice"])
    }

    @Test func `what is wrong is told by its line, and the rest is read`() {
        let file = SuppressionFile(
            "901234567\n12\n907654321,some\n907654321,all,\(String(repeating: "x", count: 201))\nname"
        )
        #expect(text(file) == ["998901234567|-|-"])
        #expect(file.errors.map { "\($0.line) \($0.reason)" } == ["2 phone", "3 scope", "4 reason", "5 phone"])
    }

    @Test(arguments: ["", "\n\n", "phone,scope\n"])
    func `an empty table is one`(_ text: String) {
        let file = SuppressionFile(text)
        #expect(file.rows.isEmpty && file.errors.isEmpty)
    }

    @Test func `a first line with a broken number is no heading`() {
        #expect(SuppressionFile("9012345\n").errors.map(\.line) == [1])
    }
}
