import ArgumentParser
import Eskiz
import EskizWords

struct TotalsCommand: OnlineVerb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "totals",
            abstract: .text(.totals),
            discussion: """
                  eskiz totals
                  eskiz totals --year 2026 --month 10 --global
                """
        )
    }

    @OptionGroup var time: MonthFlags

    @Flag(name: .customLong("global"), help: .text(.messagesAbroad))
    var isGlobal = false

    @OptionGroup var output: OutputFlags
    @OptionGroup var settings: SettingFlags

    func answer(_ eskiz: EskizClient, _ context: OnlineContext) async throws -> TotalsAnswer {
        let (year, month) = time.resolved()
        return TotalsAnswer(totals: try await eskiz.totals(year: year, month: month, isGlobal: isGlobal))
    }
}

struct TotalsAnswer: Presentable {
    let totals: [MonthlyTotal]

    func json() -> JSONValue {
        [
            "totals": .array(
                totals.map { total in
                    [
                        "status": .string(total.status.description), "month": .text(total.month),
                        "segments": .integer(total.parts),
                    ]
                }
            )
        ]
    }

    func text(on page: Page) -> String {
        guard !totals.isEmpty else { return page.say(.nothingFound) }
        return Table(
            [
                .init(page.say(.columnMonth)), .init(page.say(.labelStatus)),
                .init(page.say(.columnParts), .trailing),
            ],
            rows: totals.map { [$0.month ?? "", page.language.describe($0.status), String($0.parts)] }
        ).rendered(on: page)
    }
}
