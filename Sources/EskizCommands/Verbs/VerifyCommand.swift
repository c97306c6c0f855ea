import ArgumentParser
import Eskiz
import EskizText
import EskizWords
import NIOHTTP1

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

struct VerifyCommand: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "verify",
            abstract: .text(.verify),
            discussion: """
                  eskiz verify start 901234567
                  eskiz verify check 901234567 123456

                \(HelpText.verifyDetails)
                """,
            subcommands: [Start.self, Check.self]
        )
    }

    struct Start: AsyncParsableCommand {
        static var configuration: CommandConfiguration {
            CommandConfiguration(
                commandName: "start",
                abstract: .text(.verifyStart),
                discussion: """
                      eskiz verify start 901234567
                      eskiz verify start '+998 90 765-43-21' --purpose login --locale ru --json
                    """
            )
        }

        @Argument(help: .text(.phoneArgument))
        var phone: String

        @Option(help: .text(.verifyPurpose))
        var purpose: String?

        @Option(help: .text(.verifyTemplate))
        var template: String?

        @Option(help: .text(.verifyLocale))
        var locale: String?

        @OptionGroup var gateway: GatewayFlags
        @OptionGroup var output: OutputFlags
        @OptionGroup var settings: SettingFlags

        func run() async throws {
            let (typed, purpose, template, locale) = (phone, purpose, template, locale)
            try await GatewayVerb.run(output, settings, gateway) { connection, context in
                let phone = try PhoneArgument.parse(typed)
                var body = [JSONValue.Member("to", .string(phone.e164))]
                if let purpose { body.append(.init("purpose", .string(purpose))) }
                if let template { body.append(.init("template", .string(template))) }
                if let locale { body.append(.init("locale", .string(locale))) }
                let answer = try await connection.call(
                    .POST,
                    "/v1/verifications",
                    body: JSONValue.object(body).rendered()
                )
                switch context.verb.format {
                case .json: try context.verb.streams.writeResult(String(decoding: answer, as: UTF8.self))
                case .text: try context.verb.present(StartedAnswer(answer))
                }
            }
        }
    }

    struct Check: AsyncParsableCommand {
        static var configuration: CommandConfiguration {
            CommandConfiguration(
                commandName: "check",
                abstract: .text(.verifyCheck),
                discussion: """
                      eskiz verify check 901234567 123456 && echo welcome
                      echo 123456 | eskiz verify check 901234567 -

                    \(HelpText.verifyCheckDetails)
                    """
            )
        }

        @Argument(help: .text(.phoneArgument))
        var phone: String

        @Argument(help: .text(.verifyCode))
        var code: String

        @Option(help: .text(.verifyPurpose))
        var purpose: String?

        @OptionGroup var gateway: GatewayFlags
        @OptionGroup var output: OutputFlags
        @OptionGroup var settings: SettingFlags

        func run() async throws {
            let (typed, typedCode, purpose, address) = (phone, code, purpose, gateway.gateway)
            try await OnlineContext.run(output, settings, [:]) { context in
                let phone = try PhoneArgument.parse(typed)
                let code = try TextArgument(typedCode).read().filter { !$0.isWhitespace }
                let connection = try GatewayConnection(context.settings, address: address)
                var body = [JSONValue.Member("to", .string(phone.e164)), .init("code", .string(code))]
                if let purpose { body.append(.init("purpose", .string(purpose))) }
                let document = try await connection.call(
                    .POST,
                    "/v1/verifications/check",
                    body: JSONValue.object(body).rendered()
                )
                let answer = try CheckedAnswer(document)
                switch context.verb.format {
                case .json: try context.verb.streams.writeResult(String(decoding: document, as: UTF8.self))
                case .text: try context.verb.present(answer)
                }
                return answer.isValid ? .success : .refused
            }
        }
    }
}

/// A verification as the gateway tells it.
private struct StartedAnswer: Presentable {
    private struct Wire: Decodable {
        var id: String
        var status: String
        var expires_at: String
        var resend_after: String?
        var sends: Int
        var test: Bool?
    }

    private let wire: Wire

    init(_ document: [UInt8]) throws {
        wire = try JSONDecoder().decode(Wire.self, from: Data(document))
    }

    func json() -> JSONValue { ["id": .string(wire.id), "status": .string(wire.status)] }

    func text(on page: Page) -> String {
        let sentence = wire.test == true ? HelpText.verifyTestNumber : .verifySent
        var facts = Facts()
        facts.add("ID", wire.id)
        facts.add(HelpText.verifyGoodUntil.text(in: page.language), wire.expires_at)
        facts.add(HelpText.verifySendAgain.text(in: page.language), wire.resend_after)
        return sentence.text(in: page.language) + "\n" + facts.rendered(on: page)
    }
}

/// What came of a code.
private struct CheckedAnswer: Presentable {
    private struct Wire: Decodable {
        var valid: Bool
        var status: String
        var checks_left: Int
    }

    private let wire: Wire

    init(_ document: [UInt8]) throws {
        wire = try JSONDecoder().decode(Wire.self, from: Data(document))
    }

    var isValid: Bool { wire.valid }

    func json() -> JSONValue {
        ["valid": .bool(wire.valid), "status": .string(wire.status), "checks_left": .integer(Int64(wire.checks_left))]
    }

    func text(on page: Page) -> String {
        if wire.valid { return page.ink.good(HelpText.verifyRight.text(in: page.language)) }
        let sentence: HelpText =
            switch wire.status {
            case "approved": .verifyUsed
            case "expired": .verifyExpired
            case "exhausted": .verifyExhausted
            case "cancelled": .verifyCancelled
            default: .verifyWrong
            }
        return page.ink.bad(
            Language.fill(sentence.text(in: page.language), ["left": String(wire.checks_left)])
        )
    }
}
