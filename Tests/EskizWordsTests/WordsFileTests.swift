import Testing

@testable import EskizWords

struct WordsFileTests {
    private static func file(_ text: String) -> WordsFile { WordsFile(Array(text.utf8)) }

    @Test func `a text goes on in indented lines, joined by a space`() {
        let file = Self.file("[a]\nkey = one\n    two\n    three\n\nother = x = y\n")
        #expect(file.sections == ["a": ["key": .text("one two three"), "other": .text("x = y")]])
        #expect(file.problems.isEmpty)
    }

    @Test func `a block keeps its line breaks, its empty lines and what is indented further`() {
        let file = Self.file("[a]\nhelp =\n    One\n\n      eskiz demo   see\n    # no comment\n\n# comment\nnext = x")
        #expect(file.sections["a"]?["help"] == .text("One\n\n  eskiz demo   see\n# no comment"))
        #expect(file.sections["a"]?["next"] == .text("x"))
        #expect(file.problems.isEmpty)
    }

    @Test func `spaces at an end, line breaks and backslashes are escaped`() {
        let file = Self.file(
            #"""
            [a]
            key = \s(x)\s\s
            path = C:\\n\nnext
            """#
        )
        #expect(file.sections["a"] == ["key": .text(" (x)  "), "path": .text("C:\\n\nnext")])
    }

    @Test func `plural forms of a key belong together`() {
        let file = Self.file("[a]\nn.one = {count} x\nn.other = {count} xs\n[b]\nn.other = ys\n")
        #expect(file.sections["a"] == ["n": .plural([.one: "{count} x", .other: "{count} xs"])])
        #expect(file.sections["b"] == ["n": .plural([.other: "ys"])])
    }

    @Test(arguments: [
        ("[a]\nkey = one\nkey = two", 3, "twice"), ("[a]\nn.one = x\nn.one = y", 3, "twice"),
        ("key = one\n[a]", 1, "before the first"), ("[a]\nkey: one", 2, "neither"), ("[a]\nkey=one", 2, "neither"),
        ("[a]\n    more", 2, "four spaces"), ("[a]\nkey = one\n  more", 3, "four spaces"),
        ("[a]\nkey =\n\nnext = x", 2, "no text"), ("[a]\nn.two = x", 2, "plural category"),
        ("[a]\nkey = \\t", 2, "followed by"), ("[a", 1, "[name]"), ("[a] b", 1, "[name]"),
    ])
    func `what cannot be read is said with its line`(text: String, line: Int, what: String) {
        let problems = Self.file(text).problems
        #expect(problems.contains { $0.line == line && $0.what.contains(what) }, "\(problems)")
    }
}

struct PluralCategoryTests {
    /// The samples of CLDR.
    @Test(arguments: [
        (Language.english, PluralCategory.one, [1] as [UInt64]), (.english, .other, [0, 2, 11, 21, 101]),
        (.uzbek, .one, [1]), (.uzbek, .other, [0, 2, 5, 21]),
        (.russian, .one, [1, 21, 31, 101, 1_001]), (.russian, .few, [2, 3, 4, 22, 104]),
        (.russian, .many, [0, 5, 9, 10, 11, 12, 14, 19, 20, 25, 111, 112, 1_000_000]),
    ])
    func `a number asks for its form`(language: Language, category: PluralCategory, numbers: [UInt64]) {
        for number in numbers { #expect(PluralCategory(of: number, in: language) == category, "\(number)") }
    }
}
