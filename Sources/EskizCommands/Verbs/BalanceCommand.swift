import ArgumentParser
import Eskiz
import EskizWords

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

struct BalanceCommand: OnlineVerb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "balance",
            abstract: .text(.balance),
            discussion: """
                  eskiz balance
                  eskiz balance --json | jq .balance
                """
        )
    }

    @OptionGroup var output: OutputFlags
    @OptionGroup var settings: SettingFlags

    func answer(_ eskiz: EskizClient, _ context: OnlineContext) async throws -> BalanceAnswer {
        BalanceAnswer(balance: try await eskiz.balance())
    }
}

struct BalanceAnswer: Presentable {
    let balance: Decimal

    func json() -> JSONValue { ["balance": .decimal(balance), "currency": "UZS"] }

    func text(on page: Page) -> String {
        page.say(.balanceIs, ["amount": page.ink.strong(page.language.money(balance))])
    }
}
