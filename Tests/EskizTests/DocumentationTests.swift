import EskizTestSupport
import Foundation
import Testing

/// The Swift code of the articles is compiled: every block stands in the examples of the tests.
struct DocumentationTests {
    /// A catalog, and the file in which its code stands.
    struct Catalog: CustomTestStringConvertible {
        var folder: String
        var examples: String

        var testDescription: String { folder }
    }

    private static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    static let catalogs = [
        Catalog(folder: "Sources/Eskiz/Documentation.docc", examples: "Tests/EskizTests/DocumentationExamples.swift"),
        Catalog(
            folder: "Sources/EskizTesting/Documentation.docc",
            examples: "Tests/EskizTests/DocumentationExamples.swift"
        ),
        Catalog(
            folder: "Sources/EskizText/Documentation.docc",
            examples: "Tests/EskizTextTests/DocumentationExamples.swift"
        ),
    ]

    @Test(arguments: catalogs)
    func `the code of every article is compiled`(_ catalog: Catalog) throws {
        let examples = Self.lines(of: try Self.text(catalog.examples))
        let folder = Self.root.appending(path: catalog.folder)
        let articles = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "md" }
        #expect(!articles.isEmpty)
        var count = 0
        for article in articles {
            for block in Self.blocks(of: try String(contentsOf: article, encoding: .utf8)) {
                count += 1
                let isCompiled = examples.indices.contains { examples[$0...].starts(with: block) }
                #expect(isCompiled, "\(article.lastPathComponent): \(block.first ?? "")")
            }
        }
        #expect(count > 0)
    }

    @Test func `no catalog is forgotten`() throws {
        let rooms = try FileManager.default.contentsOfDirectory(atPath: Self.root.appending(path: "Sources").path)
        let found = rooms.map { "Sources/\($0)/Documentation.docc" }
            .filter { FileManager.default.fileExists(atPath: Self.root.appending(path: $0).path) }
        #expect(found.sorted() == Self.catalogs.map(\.folder).sorted())
    }

    private static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    /// Without their indentation, which differs.
    private static func lines(of text: String) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).map {
            String($0.drop { $0 == " " })
        }
    }

    private static func blocks(of article: String) -> [[String]] {
        var blocks: [[String]] = []
        var block: [String]?
        for line in lines(of: article) {
            if line == "```swift" {
                block = []
            } else if line.hasPrefix("```") {
                if let block { blocks.append(block) }
                block = nil
            } else {
                block?.append(line)
            }
        }
        return blocks
    }
}
