import ArgumentParser
import Eskiz
import EskizWords

struct NormalizeCommand: OnlineVerb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "normalize",
            abstract: .text(.normalize),
            discussion: """
                  eskiz normalize 'Narxi 5 €'
                  eskiz normalize - < text.txt --json | jq -r .text

                \(HelpText.normalizeDetails)
                """
        )
    }

    @Argument(help: .text(.textArgument))
    var text: String

    @OptionGroup var output: OutputFlags
    @OptionGroup var settings: SettingFlags

    func answer(_ eskiz: EskizClient, _ context: OnlineContext) async throws -> NormalizeAnswer {
        let text = try TextArgument(text).read()
        return NormalizeAnswer(original: text, normalized: try await eskiz.normalize(text))
    }
}

struct NormalizeAnswer: Presentable {
    let original: String
    let normalized: NormalizedText

    func json() -> JSONValue {
        [
            "text": .string(normalized.text),
            "changed": .bool(normalized.text != original),
            "special_characters": .array(
                normalized.specialCharacters.map { special in
                    [
                        "position": .whole(special.position), "code": .text(special.code),
                        "character": .text(special.character),
                    ]
                }
            ),
            "recommendations": .array(
                normalized.recommendations.map { ["from": .text($0.from), "to": .text($0.to)] }
            ),
        ]
    }

    func text(on page: Page) -> String {
        guard normalized.text != original || !normalized.specialCharacters.isEmpty else {
            return page.ink.good(page.say(.normalizeUnchanged))
        }
        let special = normalized.specialCharacters.compactMap(\.character).joined(separator: " ")
        var lines: [String] = []
        if !special.isEmpty { lines.append(page.say(.normalizeSpecial, ["list": special.onOneLine])) }
        lines.append(page.say(.normalizeChanged))
        lines.append(normalized.text)
        return lines.joined(separator: "\n")
    }
}
