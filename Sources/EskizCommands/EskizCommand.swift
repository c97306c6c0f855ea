package import ArgumentParser
import Eskiz
import EskizWords

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// `eskiz`.
package struct EskizCommand: AsyncParsableCommand {
    package static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "eskiz",
            abstract: .text(.root),
            discussion: .text(.rootDetails),
            version: version,
            groupedSubcommands: [
                CommandGroup(
                    name: .text(.groupMessages),
                    subcommands: [
                        SendCommand.self, SendCodeCommand.self, StatusCommand.self, MessagesCommand.self,
                        LogsCommand.self,
                    ]
                ),
                CommandGroup(
                    name: .text(.groupToken),
                    subcommands: [TokenCommand.self, RefreshTokenCommand.self, LoginCommand.self, SelfTestCommand.self]
                ),
                CommandGroup(
                    name: .text(.groupAccount),
                    subcommands: [
                        BalanceCommand.self, PricesCommand.self, SendersCommand.self, TemplatesCommand.self,
                        TotalsCommand.self, ReportCommand.self, ExportCommand.self,
                    ]
                ),
                CommandGroup(
                    name: .text(.groupGateway),
                    subcommands: [
                        ServeCommand.self, KeysCommand.self, DatabaseCommand.self, VerifyCommand.self,
                        SuppressCommand.self, TailCommand.self, ExplainCommand.self, CancelCommand.self,
                        DoctorCommand.self,
                    ]
                ),
                CommandGroup(
                    name: .text(.groupTexts),
                    subcommands: [SegmentsCommand.self, CheckCommand.self, NormalizeCommand.self]
                ),
                CommandGroup(
                    name: .text(.groupDesk),
                    subcommands: [DemoCommand.self, SimulateCommand.self, CompletionsCommand.self]
                ),
            ]
        )
    }

    package static let version = "0.1.0"

    package init() {}

    /// The whole process: parse, run, end.
    package static func run() async -> Never {
        // A reader that goes away (`| head`) is an error of write(), not the death of the process.
        signal(SIGPIPE, SIG_IGN)
        StandardStreams.reserveDescriptors()
        // The main thread blocks signals once it serves the main actor. One that it took before would be lost: Dispatch's
        // handler raises it again for that thread alone, and nobody reads it there.
        await MainActor.run {}
        let unreadable = RawArguments.firstUnreadable(in: RawArguments.ofThisProcess)
        quit(await run(arguments: Array(CommandLine.arguments.dropFirst()), unreadable: unreadable))
    }

    /// Parses and runs a command line.
    ///
    /// - Parameters:
    ///   - arguments: without the name of the program.
    ///   - unreadable: the place of an argument that is not UTF-8, from 1.
    /// - Returns: the exit status.
    package static func run(arguments: [String], unreadable: Int? = nil) async -> Int32 {
        // JSON is English, and so is a usage error in it.
        let language: Language = wantsJSON(arguments) ? .english : helpLanguage(arguments)
        return await HelpText.$language.withValue(language) {
            if let unreadable {
                let message = HelpText.unreadableArgument.filled(["number": "\(unreadable)"])
                return usageFailure(message, arguments, remedy: "Convert it to UTF-8, for example with iconv.")
            }
            return await parseAndRun(arguments)
        }
    }

    private static func parseAndRun(_ arguments: [String]) async -> Int32 {
        if let forbidden = ForbiddenFlag.setting(in: arguments) {
            let message = HelpText.forbiddenFlag.filled([
                "flag": forbidden.flag, "setting": forbidden.setting.rawValue, "file": forbidden.setting.fileName,
            ])
            return usageFailure(message, arguments)
        }
        if let swallowed = FreeTextArguments.swallowed(arguments) {
            let message = HelpText.textIsAnOption.filled(["option": swallowed, "verb": arguments.first ?? ""])
            return usageFailure(message, arguments, remedy: UsageHint.dashRemedy)
        }
        var command: any ParsableCommand
        do {
            command = try await asyncParseAsRoot(FreeTextArguments.settled(arguments))
        } catch {
            return await end(with: error, arguments)
        }
        do {
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            return ExitStatus.success.rawValue
        } catch {
            return await end(with: error, arguments)
        }
    }

    /// Help and versions go to stdout and are success; a wrong command line goes to stderr and is 64.
    private static func end(with error: any Error, _ arguments: [String]) async -> Int32 {
        let status = exitCode(for: error).rawValue
        // Help is for people, with --json as well.
        let language = status == 0 ? helpLanguage(arguments) : HelpText.language
        let said = HelpText.speaking(language) { fullMessage(for: error) }
        let hinted = status == 0 ? said : UsageHint.adding(to: said, arguments, root: Self.self)
        let message = ParserWords.translated(hinted, to: language)
        guard !message.isEmpty else { return status }
        guard status == 0 else {
            let remedy = hinted.contains(UsageHint.dash) ? UsageHint.dashRemedy : UsageHint.helpRemedy
            return usageFailure(message, arguments, status: status, remedy: remedy)
        }
        let context = self.context(for: arguments, format: .text)
        do {
            try context.streams.writeResult(message)
            return status
        } catch {
            return context.report(error).rawValue
        }
    }

    private static func usageFailure(
        _ message: String,
        _ arguments: [String],
        status: Int32 = ExitStatus.usage.rawValue,
        remedy: String = UsageHint.helpRemedy
    ) -> Int32 {
        let wantsJSON = wantsJSON(arguments)
        let context = self.context(for: arguments, format: wantsJSON ? .json : .text)
        guard wantsJSON else {
            context.streams.writeNote(
                message.hasPrefix("Error: ") ? "eskiz: " + message.dropFirst(7) : "eskiz: " + message
            )
            return status
        }
        let lines = message.split(separator: "\n", omittingEmptySubsequences: true)
        let first = lines.first.map { $0.hasPrefix("Error: ") ? String($0.dropFirst(7)) : String($0) } ?? message
        let document: JSONValue = [
            "error": [
                "code": "usage", "message": .string(first), "remedy": .string(remedy),
                "exit_status": .integer(Int64(status)),
            ]
        ]
        do {
            try context.streams.writeResult(document.rendered())
            return status
        } catch {
            return context.report(error).rawValue
        }
    }

    private static func wantsJSON(_ arguments: [String]) -> Bool {
        arguments.prefix { $0 != "--" }.contains("--json")
    }

    private static func helpLanguage(_ arguments: [String]) -> Language {
        .ofHelp(for: arguments, environment: ProcessInfo.processInfo.environment)
    }

    private static func context(for arguments: [String], format: OutputFormat) -> VerbContext {
        let environment = ProcessInfo.processInfo.environment
        return VerbContext(format: format, language: .detected(in: environment), environment: environment)
    }
}

/// `exit`, which inside of a command means something else.
private func quit(_ status: Int32) -> Never {
    exit(status)
}
