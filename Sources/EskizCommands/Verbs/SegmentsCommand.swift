import ArgumentParser
import Eskiz
import EskizText
import EskizWords

struct SegmentsCommand: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "segments",
            abstract: .text(.segments),
            discussion: """
                \(HelpText.segmentsDetails)

                  eskiz segments 'Sizning kodingiz: 123456'
                  eskiz segments - < text.txt
                """
        )
    }

    @Argument(help: .text(.textArgument))
    var text: String

    @OptionGroup var output: OutputFlags

    func run() async throws {
        // No log and no client: this verb is used in loops and has to start at once.
        let context = VerbContext(output)
        try await context.finish {
            let text = try TextArgument(text).read()
            let loader = SettingsLoader(flags: [:], environment: context.environment, configPath: nil)
            // What is wrong with other settings is no business of a question about a text.
            let limit =
                (try? loader.loadWhatWorks().0.client.maximumSegments) ?? MessageTextRules.standard.maximumSegments
            try context.present(SegmentsAnswer(UzbekNormalizer().normalize(text), limit: limit))
            return .success
        }
    }
}

/// What `segments` prints.
struct SegmentsAnswer: Presentable {
    let message: NormalizedMessage
    /// The longest message that is sent, in segments.
    let limit: Int

    init(_ message: NormalizedMessage, limit: Int = MessageTextRules.standard.maximumSegments) {
        self.message = message
        self.limit = limit
    }

    private var isWithinLimit: Bool { message.before.segmentCount <= limit }

    func json() -> JSONValue {
        let before = message.before
        return [
            "encoding": .string(before.encoding.rawValue),
            "characters": .integer(Int64(before.text.count)),
            "units": .whole(before.units),
            "segments": .whole(before.segmentCount),
            "units_per_segment": .whole(before.unitsPerSegment),
            "units_left": .whole(before.unitsLeft),
            "within_limit": .bool(isWithinLimit),
            "limit": .whole(limit),
            "forcing_characters": .array(
                before.forcingScalars.map { scalar in
                    [
                        "character": .string(String(Character(scalar.scalar))),
                        "code_point": .string(Self.codePoint(scalar.scalar)),
                        "offset": .whole(scalar.offset),
                    ]
                }
            ),
            "normalized": [
                "changed": .bool(message.isChanged),
                "text": .string(message.text),
                "encoding": .string(message.after.encoding.rawValue),
                "units": .whole(message.after.units),
                "segments": .whole(message.after.segmentCount),
                "segments_saved": .whole(message.segmentsSaved),
                "replacements": .array(
                    message.replacements.map { replacement in
                        [
                            "from": .string(replacement.from),
                            "to": .string(replacement.to),
                            "count": .whole(replacement.count),
                        ]
                    }
                ),
            ],
        ]
    }

    func text(on page: Page) -> String {
        let before = message.before
        var facts = Facts()
        facts.add(page.say(.segmentsEncoding), before.encoding.description)
        facts.add(page.say(.segmentsCount), String(before.segmentCount))
        facts.add(
            page.say(.segmentsUnits),
            page.say(
                .segmentsUnitsOf,
                ["units": "\(before.units)", "size": "\(before.unitsPerSegment)", "left": "\(before.unitsLeft)"]
            )
        )
        let forcing = before.forcingScalars
        if !forcing.isEmpty {
            var shown: [String] = []
            for scalar in forcing {
                let name = "\(Character(scalar.scalar)) \(Self.codePoint(scalar.scalar))"
                if !shown.contains(name) { shown.append(name) }
            }
            let list = shown.prefix(8).joined(separator: ", ") + (shown.count > 8 ? ", …" : "")
            facts.add(page.say(.segmentsForcing), list)
        }
        var lines = [facts.rendered(on: page)]
        if !isWithinLimit {
            lines.append(page.ink.careful(page.say(.segmentsTooMany, ["limit": "\(limit)"])))
        }
        if message.isChanged {
            let saved = message.segmentsSaved
            let values = [
                "before": "\(before.segmentCount)",
                "after": page.language.count(message.after.segmentCount, .segment),
            ]
            lines.append(
                saved > 0
                    ? page.ink.good(page.say(.segmentsSaves, values)) : page.say(.segmentsSavesNothing, values)
            )
            lines.append(page.ink.faint("  ") + message.text)
        }
        return lines.joined(separator: "\n")
    }

    private static func codePoint(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
