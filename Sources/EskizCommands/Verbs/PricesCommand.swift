import ArgumentParser
import Eskiz
import EskizWords

struct PricesCommand: OnlineVerb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "prices",
            abstract: .text(.prices),
            discussion: """
                  eskiz prices
                  eskiz prices --local
                """
        )
    }

    @Flag(help: .text(.localPrices))
    var local = false

    @OptionGroup var output: OutputFlags
    @OptionGroup var settings: SettingFlags

    func answer(_ eskiz: EskizClient, _ context: OnlineContext) async throws -> PricesAnswer {
        PricesAnswer(prices: try await eskiz.prices(), isLocalOnly: local)
    }
}

struct PricesAnswer: Presentable {
    let prices: Prices
    let isLocalOnly: Bool

    func json() -> JSONValue {
        var members: [JSONValue.Member] = [
            .init("currency", "UZS"),
            .init(
                "local",
                .array(
                    prices.local.map { price in
                        [
                            "operator": .text(price.name ?? OperatorName.of(price.operatorID)),
                            "operator_id": .whole(price.operatorID),
                            "price": .decimal(price.price),
                            "advertising_price": .decimal(price.advertisingPrice),
                        ]
                    }
                )
            ),
        ]
        if !isLocalOnly {
            members.append(
                .init(
                    "global",
                    .array(
                        prices.global.map { price in
                            [
                                "code": .text(price.code), "name": .text(price.name), "prefix": .text(price.prefix),
                                "status": .text(price.status), "price": .decimal(price.price),
                            ]
                        }
                    )
                )
            )
        }
        return .object(members)
    }

    func text(on page: Page) -> String {
        let currency = page.say(.currency)
        var text =
            page.ink.strong("\(page.say(.pricesLocal)), \(currency)") + "\n"
            + Table(
                [
                    .init(page.say(.columnOperator)), .init(page.say(.columnService), .trailing),
                    .init(page.say(.columnAdvertising), .trailing),
                ],
                rows: prices.local.map { price in
                    [
                        price.name ?? OperatorName.of(price.operatorID) ?? "", price.price.map(Amount.text) ?? "",
                        price.advertisingPrice.map(Amount.text) ?? "",
                    ]
                }
            ).rendered(on: page)
        if !isLocalOnly, !prices.global.isEmpty {
            text +=
                "\n\n" + page.ink.strong("\(page.say(.pricesGlobal)), \(currency)") + "\n"
                + Table(
                    [
                        .init(page.say(.columnCountry), elastic: true), .init(page.say(.columnPrefix)),
                        .init(page.say(.columnPrice), .trailing), .init(page.say(.labelStatus)),
                    ],
                    rows: prices.global.map { price in
                        [
                            price.name ?? price.code ?? "", price.prefix.map { "+" + $0 } ?? "",
                            price.price.map(Amount.text) ?? "", price.status ?? "",
                        ]
                    }
                ).rendered(on: page)
        }
        return text
    }
}
