import Testing

@testable import EskizWords

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The files as a translator leaves them.
struct LanguageFilesTests {
    /// Every text of a language by section, key and plural category.
    private static func texts(_ language: Language) -> [(name: String, text: String)] {
        Catalogue.words(in: language).sections.flatMap { section, entries in
            entries.flatMap { key, entry in
                switch entry {
                case .text(let text): [("\(section) \(key)", text)]
                case .plural(let forms): forms.map { ("\(section) \(key).\($0.key.rawValue)", $0.value) }
                }
            }
        }
    }

    private static func placeholders(_ text: String) -> Set<String> {
        var found: Set<String> = []
        for part in text.split(separator: "{", omittingEmptySubsequences: false).dropFirst() {
            if let end = part.firstIndex(of: "}") { found.insert(String(part[..<end])) }
        }
        return found
    }

    @Test(arguments: Language.allCases)
    func `every line can be read`(language: Language) {
        #expect(Catalogue.words(in: language).problems.isEmpty)
        #expect(!Catalogue.words(in: language).sections.isEmpty)
    }

    @Test(arguments: [Language.uzbek, .russian])
    func `a language has the keys of English, each in the same way`(language: Language) {
        let english = Catalogue.words(in: .english).sections
        let other = Catalogue.words(in: language).sections
        #expect(Set(other.keys) == Set(english.keys))
        for (section, entries) in english {
            let missing = entries.keys.filter { other[section]?[$0] == nil }
            let unknown = other[section, default: [:]].keys.filter { entries[$0] == nil }
            #expect(missing.isEmpty && unknown.isEmpty, "[\(section)] missing: \(missing), unknown: \(unknown)")
        }
    }

    @Test(arguments: Language.allCases)
    func `a text has the placeholders that English has`(language: Language) {
        for (section, entries) in Catalogue.words(in: .english).sections {
            for (key, entry) in entries {
                switch (entry, Catalogue.words(in: language).sections[section]?[key]) {
                case (.text(let english), .text(let text)?):
                    #expect(Self.placeholders(text) == Self.placeholders(english), "[\(section)] \(key)")
                case (.plural(let english), .plural(let forms)?):
                    #expect(Set(forms.keys) == PluralCategory.all(in: language), "[\(section)] \(key)")
                    let expected = Self.placeholders(english[.other] ?? "")
                    for (category, text) in forms {
                        let found = Self.placeholders(text).union(expected.intersection(["count"]))
                        #expect(found == expected, "[\(section)] \(key).\(category.rawValue)")
                    }
                default: Issue.record("[\(section)] \(key): one language has plural forms, the other has none")
                }
            }
        }
    }

    @Test func `Uzbek is written with the letters of its alphabet`() {
        for (name, text) in Self.texts(.uzbek) where !name.hasPrefix("parser ") {
            // The typewriter's apostrophe and its look-alikes are not letters.
            let hasApostrophe = text.contains { "‘ʹ’".contains($0) } || text.contains(#/\p{L}['`]\p{L}/#)
            #expect(!hasApostrophe, "\(name): \(text)")
            #expect(!text.contains { ("а"..."я").contains($0) }, "\(name): \(text)")
        }
    }

    @Test func `Russian has its own letters wherever English has a sentence`() {
        let english = Dictionary(uniqueKeysWithValues: Self.texts(.english).map { ($0.name, $0.text) })
        for (name, text) in Self.texts(.russian) {
            let hasCyrillic = text.unicodeScalars.contains { (0x400...0x4FF).contains($0.value) }
            let words = english[name, default: ""].split(separator: " ")
            let isSentence = words.count { $0.allSatisfy(\.isLetter) } > 2
            #expect(hasCyrillic || !isSentence, "\(name): \(text)")
        }
    }

    @Test func `nothing is English in Uzbek or Russian but what is the same in all languages`() {
        for language in [Language.uzbek, .russian] {
            let own = Dictionary(uniqueKeysWithValues: Self.texts(language).map { ($0.name, $0.text) })
            for (name, text) in Self.texts(.english) where own[name] == text {
                let words = text.replacing(#/\{\w+\}/#, with: "").split { !$0.isLetter }
                #expect(words.count { $0.first?.isLowercase == true && $0.count > 3 } < 3, "\(name): \(text)")
            }
        }
    }

    /// Keys are used by name: `.key` or `"key"` in Swift, `{{t.key}}` in a template.
    @Test func `no key is there that nobody uses`() throws {
        let sources = URL(filePath: #filePath).appending(path: "../../../Sources").standardized
        var used: Set<Substring> = []
        for file in try FileManager.default.subpathsOfDirectory(atPath: sources.path)
        where file.hasSuffix(".swift") || file.hasSuffix(".mustache") {
            let text = try String(contentsOf: sources.appending(path: file), encoding: .utf8)
            for part in text.split(separator: #/[."]/#) {
                used.insert(part.prefix { $0.isLetter || $0.isNumber || $0 == "_" })
            }
        }
        // All lines of the argument parser are looked for together; sentences are found by their English.
        let elsewhere: Set = ["parser", "sentence"]
        for (section, entries) in Catalogue.words(in: .english).sections where !elsewhere.contains(section) {
            let unused = entries.keys.filter { !used.contains($0[...]) }
            #expect(unused.isEmpty, "[\(section)]")
        }
    }
}
