import ArgumentParser
import Eskiz
import EskizWords

struct SendersCommand: OnlineVerb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "senders",
            abstract: .text(.senders),
            discussion: """
                  eskiz senders
                """
        )
    }

    @OptionGroup var output: OutputFlags
    @OptionGroup var settings: SettingFlags

    func answer(_ eskiz: EskizClient, _ context: OnlineContext) async throws -> SendersAnswer {
        SendersAnswer(senders: try await eskiz.senders(), chosen: context.settings.client.sender)
    }
}

struct SendersAnswer: Presentable {
    let senders: [String]
    /// `ESKIZ_FROM`.
    let chosen: String

    func json() -> JSONValue { ["senders": .array(senders.map { .string($0) }), "chosen": .string(chosen)] }

    func text(on page: Page) -> String {
        guard !senders.isEmpty else { return page.say(.nothingFound) }
        return senders.map { sender in
            sender == chosen ? page.ink.good(sender.onOneLine) + "  ← ESKIZ_FROM" : sender.onOneLine
        }.joined(separator: "\n")
    }
}
