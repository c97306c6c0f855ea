import ArgumentParser
import Eskiz
import EskizWords

struct LogsCommand: OnlineVerb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "logs",
            abstract: .text(.logs),
            discussion: """
                  eskiz logs 5b1f0c6e-1111-4222-8333-944455566677

                \(HelpText.logsDetails)
                """
        )
    }

    @Argument(help: .text(.printedID))
    var id: String

    @OptionGroup var privacy: PrivacyFlags
    @OptionGroup var output: OutputFlags
    @OptionGroup var settings: SettingFlags

    func answer(_ eskiz: EskizClient, _ context: OnlineContext) async throws -> LogsAnswer {
        LogsAnswer(log: try await eskiz.logs(of: id), isUnmasked: privacy.unmask)
    }
}

struct LogsAnswer: Presentable {
    let log: MessageLog
    let isUnmasked: Bool

    func json() -> JSONValue {
        [
            "entries": .array(
                log.entries.map { entry in
                    [
                        "time": .text(entry.timestamp.map(TashkentTime.rfc3339)),
                        "level": .text(entry.level),
                        "message": .text(entry.message),
                        "full_message": .text(isUnmasked ? entry.fullMessage : nil),
                        "from": .text(entry.sender),
                        "to": .text(isUnmasked ? entry.phone : entry.phone.map(MaskedPhone.of)),
                        "user_sms_id": .text(entry.userSMSID),
                        "dispatch_id": .whole(entry.dispatchID),
                    ]
                }
            ),
            "count": .whole(log.count),
        ]
    }

    func text(on page: Page) -> String {
        guard !log.entries.isEmpty else { return page.say(.nothingFound) }
        return Table(
            [
                .init(page.say(.columnTime)), .init(page.say(.columnLevel)),
                .init(page.say(.columnMessage), elastic: true),
            ],
            rows: log.entries.map { entry in
                [entry.timestamp.map(TashkentTime.short) ?? "", entry.level ?? "", entry.message ?? ""]
            }
        ).rendered(on: page)
    }
}
