import EskizPages
import Testing

@testable import EskizGateway

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite struct CatalogueTests {
    @Test func `no two phrases have a name in common`() {
        #expect(Catalogue.words.count == Catalogue.parts.reduce(0) { $0 + $1.count })
    }

    @Test(arguments: Catalogue.words.keys.sorted())
    func `a phrase says the same in all three languages`(name: String) throws {
        let words = try #require(Catalogue.words[name])
        let texts = PageLanguage.allCases.map { words.text(in: $0) }
        for text in texts { #expect(!text.isEmpty && text.first != " " && text.last != " ") }
        let fields = texts.map { text in
            Set(
                text.split(separator: "{", omittingEmptySubsequences: false).dropFirst().map { $0.prefix { $0 != "}" } }
            )
        }
        #expect(Set(fields).count == 1, "the same placeholders")
    }

    @Test(arguments: Catalogue.words.keys.sorted())
    func `Uzbek is written with the letters of its alphabet, Russian with its own`(name: String) throws {
        let words = try #require(Catalogue.words[name])
        // The typewriter's apostrophe and its look-alikes are not letters.
        #expect(!words.uzbek.contains { "'`‘ʹ’".contains($0) }, "\(words.uzbek)")
        #expect(!words.uzbek.contains { ("а"..."я").contains($0) })
        let isSymbolOnly = words.english == words.russian || words.english.contains("{")
        let hasCyrillic = words.russian.contains { ("а"..."я").contains(Character($0.lowercased())) }
        #expect(hasCyrillic || isSymbolOnly, "\(words.russian)")
    }

    @Test func `every phrase that a template names is in the catalogue`() throws {
        for (name, text) in PageTemplates.all {
            let named = text.split(separator: "{{t.").dropFirst().map { String($0.prefix { $0 != "}" }) }
            for phrase in named { #expect(Catalogue.words[phrase] != nil, "\(phrase) in \(name)") }
        }
    }

    @Test func `every file of the templates is one of them, by its name`() throws {
        let source = URL(filePath: #filePath).appending(path: "../../../../Sources/EskizGateway/Pages/Templates")
        let files = try FileManager.default.contentsOfDirectory(atPath: source.standardized.path)
        #expect(Set(files) == Set(PageTemplates.all.keys.map { "\($0).mustache" }))
    }

    @Test func `a partial that does not exist, and a template that cannot be read, are said at the start`() {
        for text in ["{{>nothing}}", "{{#open}}", "{{^a}}{{/b}}"] {
            #expect(throws: (any Error).self) { try PageLibrary(templates: ["page": text], phrases: [:]) }
        }
    }

    @Test func `every template can be read, and none writes anything unescaped`() throws {
        _ = try PageLibrary(templates: PageTemplates.all, phrases: Catalogue.words)
        for (name, text) in PageTemplates.all.merging(PageFrame.templates, uniquingKeysWith: { own, _ in own }) {
            #expect(!text.contains("{{{") && !text.contains("{{&"), "\(name)")
            #expect(!text.contains(" style=") && !text.contains(" onclick=") && !text.contains("<script>"), "\(name)")
        }
    }
}
