import ArgumentParser
import Eskiz
import EskizGateway
import EskizWords
import NIOHTTP1

struct DoctorCommand: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "doctor",
            abstract: .text(.doctor),
            discussion: """
                \(HelpText.selfTestMarks)

                  eskiz doctor
                  eskiz doctor --json | jq '.checks[] | select(.result == "failed")'

                \(HelpText.doctorDetails)
                """
        )
    }

    @OptionGroup var gateway: GatewayFlags
    @OptionGroup var output: OutputFlags
    @OptionGroup var settings: SettingFlags

    func run() async throws {
        try await GatewayVerb.judge(output, settings, gateway) { connection, context in
            let (document, examination) = try await Self.examine(connection)
            switch context.verb.format {
            case .json: try context.verb.streams.writeResult(String(decoding: document, as: UTF8.self))
            case .text: try context.verb.streams.writeResult(examination.text(on: context.verb.page))
            }
            return examination.status
        }
    }
}

extension DoctorCommand {
    private static func examine(_ connection: GatewayConnection) async throws -> ([UInt8], Examination) {
        do {
            let document = try await connection.call(.GET, "/v1/doctor")
            return (document, try Examination(document))
        } catch let error as EskizError where error.code != .notFound {
            throw error
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            throw EskizError(
                .unexpectedAnswer,
                "What answers at \(connection.address) is no gateway, or one of an older version.",
                remedy: "Name its address with --gateway, or update it.",
                cause: error
            )
        }
    }
}

/// What a gateway says of itself, as a person reads it.
struct Examination: Judged {
    private let answer: DoctorAnswer

    /// - Throws: what the decoder says of a document that is none of a gateway's.
    init(_ document: [UInt8]) throws {
        answer = try DoctorAnswer(document)
    }

    /// That of the worst failure, as of a self-test; what is only to be looked at is no failure.
    var status: ExitStatus { .worst(of: answer.checks.filter { $0.result == "failed" }.map { Self.status(of: $0) }) }

    private static func status(of check: DoctorAnswer.Check) -> ExitStatus {
        switch check.known?.code {
        case .heldCredentials, .tokenMissing, .tokenAbsent, .tokenDead, .credentialsRefused: .credentials
        case .heldBalance, .balanceEmpty: .refused
        case .heldConfiguration: .configuration
        case .storeFailed, .diskFull: .inputOutput
        // What only a newer gateway can find: it does not work, and more is not known.
        default: .unavailable
        }
    }

    func text(on page: Page) -> String {
        let tag = page.language.rawValue
        let titles = answer.checks.map { $0.known?.check.title(in: tag) ?? $0.check }
        let width = titles.map(DisplayWidth.of).max() ?? 0
        var lines: [String] = []
        for (check, title) in zip(answer.checks, titles) {
            let (mark, name) = Self.mark(check.result, title, page.ink)
            let found = (check.known?.finding(in: tag) ?? check.finding).onOneLine
            let padding = String(repeating: " ", count: width - DisplayWidth.of(title))
            lines.append("\(mark) \(name)\(padding)  \(check.result == "skipped" ? page.ink.faint(found) : found)")
            if let remedy = check.known.map({ $0.remedy(in: tag) }) ?? check.remedy {
                lines.append(String(repeating: " ", count: width + 4) + page.ink.good("→ ") + remedy.onOneLine)
            }
        }
        return (lines + [summary(on: page)]).joined(separator: "\n")
    }

    private static func mark(_ result: String, _ title: String, _ ink: Ink) -> (mark: String, name: String) {
        switch result {
        case "ok": (ink.good("✓"), title)
        case "skipped": (ink.faint("–"), ink.faint(title))
        case "failed": (ink.bad("✗"), ink.bad(title))
        default: (ink.careful("!"), title)
        }
    }

    private func summary(on page: Page) -> String {
        if answer.failed > 0 {
            let values = ["failed": "\(answer.failed)", "warnings": "\(answer.warnings)"]
            return page.ink.bad(page.say(.selfTestFailed, values))
        }
        if answer.warnings > 0 {
            return page.ink.careful(page.say(.selfTestWarnings, ["warnings": "\(answer.warnings)"]))
        }
        return page.ink.good(page.say(.selfTestGood))
    }
}
