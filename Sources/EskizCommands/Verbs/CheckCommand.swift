import ArgumentParser
import Eskiz
import EskizWords

struct CheckCommand: OnlineVerb {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "check",
            abstract: .text(.check),
            discussion: """
                  eskiz check 'Sizning tasdiqlash kodingiz: 123456'

                \(HelpText.checkDetails)
                """
        )
    }

    @Argument(help: .text(.textArgument))
    var text: String

    @OptionGroup var output: OutputFlags
    @OptionGroup var settings: SettingFlags

    func answer(_ eskiz: EskizClient, _ context: OnlineContext) async throws -> CheckAnswer {
        CheckAnswer(check: try await eskiz.check(try TextArgument(text).read()))
    }
}

struct CheckAnswer: Presentable, Judged {
    let check: TextCheck

    private var mayBeSent: Bool { check.canSend != false && check.isForbidden != true }

    var status: ExitStatus { mayBeSent ? .success : .refused }

    func json() -> JSONValue {
        [
            "can_send": .flag(check.canSend),
            "forbidden": .flag(check.isForbidden),
            "keywords": .array(check.keywords.map { .string($0) }),
            "bytes": .whole(check.bytes),
            "characters": .whole(check.characters),
            "segments": .whole(check.parts),
            "prices": .array(
                check.prices.map { price in
                    [
                        "operator": .text(OperatorName.of(price.operatorID)),
                        "operator_id": .whole(price.operatorID),
                        "price": .decimal(price.price),
                        "advertising": .flag(price.isAdvertising),
                        "error": .text(price.error),
                    ]
                }
            ),
        ]
    }

    func text(on page: Page) -> String {
        var lines = [
            mayBeSent ? page.ink.good(page.say(.checkCanSend)) : page.ink.bad(page.say(.checkCannotSend))
        ]
        if !check.keywords.isEmpty {
            lines.append(page.say(.checkForbidden, ["words": check.keywords.joined(separator: ", ").onOneLine]))
        }
        lines.append(
            page.say(
                .checkSize,
                [
                    "chars": page.language.count(check.characters, .character),
                    "bytes": page.language.count(check.bytes, .byte),
                    "parts": page.language.count(check.parts, .segment),
                ]
            )
        )
        if !check.prices.isEmpty {
            lines.append(
                Table(
                    [
                        .init(page.say(.columnOperator)),
                        .init("\(page.say(.columnPrice)), \(page.say(.currency))", .trailing),
                        .init(page.say(.columnAdvertising)), .init(page.say(.columnNote), elastic: true),
                    ],
                    rows: check.prices.map { price in
                        [
                            OperatorName.of(price.operatorID) ?? "", price.price.map(Amount.text) ?? "",
                            price.isAdvertising.map { page.say($0 ? .yes : .no) } ?? "", price.error ?? "",
                        ]
                    }
                ).rendered(on: page)
            )
        }
        return lines.joined(separator: "\n")
    }
}
