import Testing

@testable import EskizSimulator

struct JSONTests {
    @Test(arguments: [
        #"{"a":1,"b":[true,false,null],"c":"x\"y","d":{"z":1.5,"a":-2}}"#, "[]", "{}", "\"\"", "0", "-0.25",
    ])
    func `what is read is written back in the same order`(text: String) throws {
        let document = try #require(JSON(parsing: text))
        #expect(String(decoding: document.bytes, as: UTF8.self) == text)
    }

    @Test(arguments: [
        "", "{", "[1,]", "{\"a\" 1}", "01", "1.", "nul", "\"\\x\"", "\"\u{1}\"", "[1] 2", "+1", "\"\\ud800\"",
    ])
    func `what is no JSON is refused`(text: String) {
        #expect(JSON(parsing: text) == nil)
    }

    @Test func `escapes and surrogate pairs are undone`() {
        #expect(JSON(parsing: #""\u0041\n\ud83d\ude00\/""#) == .string("A\n😀/"))
    }

    @Test func `a hostile depth is refused instead of ending the process`() {
        #expect(JSON(parsing: String(repeating: "[", count: 100_000)) == nil)
    }
}
