import ArgumentParser
import Eskiz
import EskizWords

struct TemplatesCommand: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "templates",
            abstract: .text(.templates),
            discussion: """
                  eskiz templates
                  eskiz templates add 'Example: tasdiqlash kodingiz 123456'

                \(HelpText.templatesDetails)
                """,
            subcommands: [TemplatesListCommand.self, TemplatesAddCommand.self],
            defaultSubcommand: TemplatesListCommand.self
        )
    }
}

struct TemplatesListCommand: OnlineVerb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "list",
            abstract: .text(.templatesList),
            discussion: """
                  eskiz templates list --json | jq '.templates[] | select(.approved)'
                """
        )
    }

    @OptionGroup var output: OutputFlags
    @OptionGroup var settings: SettingFlags

    func answer(_ eskiz: EskizClient, _ context: OnlineContext) async throws -> TemplatesAnswer {
        TemplatesAnswer(templates: try await eskiz.templates())
    }
}

struct TemplatesAddCommand: OnlineVerb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "add",
            abstract: .text(.templatesAdd),
            discussion: """
                  eskiz templates add 'Example: tasdiqlash kodingiz 123456'
                """
        )
    }

    @Argument(help: .text(.textArgument))
    var text: String

    @OptionGroup var output: OutputFlags
    @OptionGroup var settings: SettingFlags

    func answer(_ eskiz: EskizClient, _ context: OnlineContext) async throws -> TemplateAddedAnswer {
        TemplateAddedAnswer(template: try await eskiz.addTemplate(try TextArgument(text).read()))
    }
}

struct TemplatesAnswer: Presentable {
    let templates: [EskizClient.Template]

    func json() -> JSONValue {
        [
            "templates": .array(
                templates.map { template in
                    [
                        "id": .whole(template.id),
                        "status": .string(template.status.description),
                        "approved": .bool(template.status.isApproved),
                        "template": .string(template.text),
                        "original_text": .string(template.originalText),
                    ]
                }
            )
        ]
    }

    func text(on page: Page) -> String {
        guard !templates.isEmpty else { return page.say(.nothingFound) }
        return Table(
            [.init("ID", .trailing), .init(page.say(.labelStatus)), .init(page.say(.columnTemplate), elastic: true)],
            rows: templates.map { template in
                [
                    template.id.map(String.init) ?? "", page.language.describe(template.status),
                    // Empty until a moderator has published the masked text (eskiz-api.md §7).
                    template.text.isEmpty ? template.originalText : template.text,
                ]
            }
        ).rendered(on: page)
    }
}

struct TemplateAddedAnswer: Presentable {
    let template: String

    func json() -> JSONValue { ["template": .string(template), "status": "moderation"] }
    func text(on page: Page) -> String { page.ink.good(page.say(.templateAdded)) }
}
