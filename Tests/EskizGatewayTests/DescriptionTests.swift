import Eskiz
import EskizQueue
import EskizTestSupport
import EskizText
import Foundation
import HTTPTypes
import Testing

@testable import EskizGateway

/// `/openapi.json` is true.
@Suite(.timeLimit(.minutes(1)))
struct DescriptionTests {
    private let document: JSON

    init() throws {
        document = try JSON(APIDescription.document)
    }

    @Test func `it is served to anybody with a key`() async throws {
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            let answer = try await caller.get("/openapi.json", key: GatewayHarness.sendKey)
            #expect(answer.status == 200)
            #expect(answer.json["openapi"] == "3.1.0")
        }
    }

    @Test func `its paths and methods are those of the router`() async throws {
        let verbs: Set<String> = ["get", "post", "put", "patch", "delete", "head", "options", "trace"]
        let paths = try #require(document["paths"])
        #expect(paths.names == Set(APIDescription.operations.map(\.path)))
        for (path, methods) in APIDescription.operations {
            #expect(paths[path]?.names.intersection(verbs) == Set(methods.map { $0.rawValue.lowercased() }), "\(path)")
        }
        let harness = try await GatewayHarness()
        try await harness.run { caller in
            for (path, methods) in APIDescription.operations where path != "/v1/events" {
                let path = path.replacing("{id}", with: "1")
                for method in [HTTPRequest.Method.get, .post, .put, .patch, .delete, .options] {
                    let answer = try await caller.call(method, path, "{}", key: nil)
                    #expect((answer.status == 405) == !methods.contains(method), "\(method) \(path): \(answer.status)")
                }
            }
        }
    }

    @Test func `its licence is that of the repository`() {
        #expect(document["info"]?["license"]?["identifier"] == "Apache-2.0")
    }

    @Test func `no two schemas have one name`() {
        // A reader of JSON keeps the last of two members, so this looks at the text. Names of members are lowercase.
        let schema = /"([A-Z][A-Za-z]+)": ?\{"(?:type|enum|oneOf)"/
        let names = APIDescription.document.matches(of: schema).map { String($0.1) }
        #expect(names.count > 10)
        for name in Set(names) { #expect(names.count { $0 == name } == 1, "\(name)") }
    }

    @Test func `every reference leads somewhere`() {
        func references(_ json: JSON) -> [String] {
            switch json {
            case .object(let members):
                return members.flatMap { name, value in
                    name == "$ref" ? [value.text ?? ""] : references(value)
                }
            case .array(let elements): return elements.flatMap(references)
            default: return []
            }
        }
        let all = Set(references(document))
        #expect(all.count > 20)
        for reference in all {
            let steps = reference.split(separator: "/").dropFirst()
            let target = steps.reduce(Optional(document)) { $0?[String($1)] }
            #expect(target != nil, "\(reference)")
        }
    }

    @Test func `every state and field of the code is in it`() throws {
        let schemas = try #require(document["components"]?["schemas"])
        #expect(schemas["Status"]?["enum"] == .array(MessageState.allCases.map { .string($0.rawValue) }))
        #expect(schemas["Lane"]?["enum"] == .array(Lane.allCases.map { .string($0.rawValue) }))
        #expect(schemas["Encoding"]?["enum"] == .array(MessageEncoding.allCases.map { .string($0.rawValue) }))
        #expect(schemas["NewMessage"]?["properties"]?.names == MessageRequest.fields)
        #expect(
            schemas["Token"]?["properties"]?["state"]?["enum"]
                == .array(TokenState.allCases.map { .string($0.rawValue) })
        )
        #expect(
            schemas["Resolution"]?["properties"]?["as"]?["enum"]
                == .array(ResolutionRequest.outcomes.map { .string($0.name) })
        )
    }

    // MARK: Patterns and code say the same

    private static func holds(_ pattern: String, _ texts: [String], _ accepts: (String) -> Bool) throws {
        // Not Swift's own: it normalises the bounds of a range, and these are code points.
        let regex = try NSRegularExpression(pattern: pattern)
        var verdicts: Set<Bool> = []
        for text in texts {
            let whole = NSRange(location: 0, length: text.utf16.count)
            let isMatch = regex.firstMatch(in: text, range: whole)?.range == whole
            #expect(isMatch == accepts(text), "\(text.debugDescription)")
            verdicts.insert(isMatch)
        }
        #expect(verdicts == [true, false])
    }

    /// Each text with one character more, less, or another, many times over.
    private static func variants(of texts: [String], with characters: [Unicode.Scalar]) -> [String] {
        var generator = SeededGenerator(seed: 7)
        var all = texts
        for _ in 0..<1_500 {
            var scalars = Array(all.randomElement(using: &generator)?.unicodeScalars ?? "".unicodeScalars)
            let place = Int.random(in: 0...scalars.count, using: &generator)
            let scalar = characters.randomElement(using: &generator) ?? "0"
            switch Int.random(in: 0..<3, using: &generator) {
            case 0: scalars.insert(scalar, at: place)
            case 1 where place < scalars.count: scalars.remove(at: place)
            default: if place < scalars.count { scalars[place] = scalar }
            }
            var text = String.UnicodeScalarView()
            text.append(contentsOf: scalars)
            all.append(String(text))
        }
        return all
    }

    @Test func `phones`() throws {
        let seeds = [
            "+998901234567", "998 90 123-45-67", "901234567", "00998901234567", "(90) 123.45.67",
            "\u{FF0B}998901234567",
            "\n+ 998 901234567\r\n", "\u{202A}+998901234567\u{202C}", "+1 212 555 0100", "8 90 123 45 67", "",
        ]
        let characters: [Unicode.Scalar] = [
            "0", "2", "9", "8", "+", " ", "-", "(", "\n", "\u{A0}", "\u{2212}", "a", ",",
        ]
        try Self.holds(MessageRules.phonePattern, Self.variants(of: seeds, with: characters)) { text in
            (try? MessageRules.phone(text).get()) != nil
        }
    }

    @Test func `texts`() throws {
        let seeds = ["Salom", " a\n", "\t", "\u{A0}\u{3000}", "Ў", "\u{0}", "👨‍👩‍👧", ""]
        let characters: [Unicode.Scalar] = ["a", " ", "\n", "\r", "\t", "\u{B}", "\u{7F}", "\u{85}", "\u{2028}", "Ў"]
        try Self.holds(MessageTextRules.pattern, Self.variants(of: seeds, with: characters)) { text in
            MessageRules.textError(text) == nil
        }
    }

    @Test func `durations, senders, keys`() throws {
        let seeds = ["1s", "999999s", "10m", "9999m", "1h", "99h", "1d", "0s", "100h", "10d", "s", "", "1", "1w"]
        let characters: [Unicode.Scalar] = ["0", "1", "9", "s", "m", "h", "d", " ", "-"]
        let durations = Self.variants(of: seeds, with: characters)
        try Self.holds(MessageRules.durationPattern, durations) { MessageRules.duration($0) != nil }
        let names = Self.variants(of: ["4546", "MyShop", "a", ""], with: ["a", " ", "~", "!", "Ў", "\u{7F}"])
        try Self.holds(MessageRules.senderPattern, names) { MessageRules.isSender($0) }
        try Self.holds(MessageRules.idempotencyKeyPattern, names) { MessageRules.isIdempotencyKey($0) }
        try Self.holds(MessageRules.idPattern, ["1", "0", "01", "999999999999", "1000000000000", "", "a"]) {
            MessageID(text: $0) != nil
        }
    }

    @Test func `addresses`() throws {
        let seeds = [
            "https://example.test/hook", "http://127.0.0.1:8080?a=b", "https://[::1]:1/", "https://a.test:65535/x",
            "https://a.test:65536/", "ftp://a.test", "https://u@a.test/", "https://a.test/#f", "https://",
            "https://-a/",
            "http://a_b/", "http://127.1/", "http://010.0.0.1/", "http://a.1b/", "http://a-.b/",
        ]
        let characters: [Unicode.Scalar] = ["a", "0", ".", "-", ":", "/", "?", "#", "@", "[", "]", "\\", " ", "6", "Ў"]
        try Self.holds(MessageRules.addressPattern, Self.variants(of: seeds, with: characters)) {
            MessageRules.isAddress($0)
        }
    }
}
