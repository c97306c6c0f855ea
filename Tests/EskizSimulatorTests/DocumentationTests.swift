import Testing

@testable import EskizSimulator

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

struct DocumentationTests {
    private static func lines() throws -> [String] {
        let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
        let text = try String(contentsOf: URL(filePath: "/\(root)/docs/simulator.md"), encoding: .utf8)
        return text.split(separator: "\n").map(String.init)
    }

    @Test func `the tables of switches name every switch, no other, with its default`() throws {
        let standard = Behaviour().document
        var documented: [String] = []
        for line in try Self.lines() {
            let cells = line.split(separator: "|").map { $0.split(separator: " ").joined(separator: " ") }
            guard cells.count == 3 || cells.count == 2, let name = cells.first?.dropFirst().dropLast(),
                cells[0].hasPrefix("`"), BehaviourSwitch.named[String(name)] != nil
            else { continue }
            documented.append(String(name))
            guard let value = standard[String(name)] else { continue }
            let shown = cells[1].filter { $0 != "`" }
            switch value {
            case .string(let text): #expect(shown == text, "\(name)")
            case .array(let elements) where !elements.isEmpty: #expect(shown == "all", "\(name)")
            default: #expect(shown == String(decoding: value.bytes, as: UTF8.self), "\(name)")
            }
        }
        #expect(documented == BehaviourSwitch.all.map(\.name))
    }

    @Test func `every choice and every mode is written down`() throws {
        let text = try Self.lines().joined(separator: "\n")
        for choices in BehaviourSwitch.all.map(\.values) where choices.contains("_") {
            for choice in choices.split(separator: ", ") { #expect(text.contains(choice), "\(choice)") }
        }
        for mode in ServerMode.allCases { #expect(text.contains("| `\(mode.rawValue)` |")) }
    }
}
