package import ArgumentParser
import Eskiz

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
    package static let configuration = CommandConfiguration(
        commandName: "eskiz",
        abstract: "Send SMS through Eskiz.uz with a token that renews itself.",
        discussion: """
            Settings come from flags, the environment (ESKIZ_…), .env, eskiz.json.

              eskiz demo                           see how it works, without an account
              eskiz self-test                      find out why codes do not arrive
              eskiz send-code 901234567 123456     send a one-time code

            Exit codes:
               0  done
               1  refused by Eskiz; the reason is printed
              64  wrong usage, phone or text
              69  Eskiz cannot be reached or answers 5xx
              70  our bug
              74  the result cannot be written
              75  outcome unknown: do not repeat blindly
              77  credentials refused, or the token is dead and nothing to log in with
              78  a setting is missing or wrong
            """,
        version: version,
        groupedSubcommands: [
            CommandGroup(
                name: "Messages",
                subcommands: [
                    SendCommand.self, SendCodeCommand.self, StatusCommand.self, MessagesCommand.self,
                    LogsCommand.self,
                ]
            ),
            CommandGroup(
                name: "Token",
                subcommands: [TokenCommand.self, RefreshTokenCommand.self, LoginCommand.self, SelfTestCommand.self]
            ),
            CommandGroup(
                name: "Account",
                subcommands: [
                    BalanceCommand.self, PricesCommand.self, SendersCommand.self, TemplatesCommand.self,
                    TotalsCommand.self, ReportCommand.self, ExportCommand.self,
                ]
            ),
            CommandGroup(
                name: "Gateway",
                subcommands: [
                    ServeCommand.self, KeysCommand.self, TailCommand.self, ExplainCommand.self, CancelCommand.self,
                ]
            ),
            CommandGroup(
                name: "Texts",
                subcommands: [SegmentsCommand.self, CheckCommand.self, NormalizeCommand.self]
            ),
            CommandGroup(
                name: "On your desk",
                subcommands: [DemoCommand.self, SimulateCommand.self, CompletionsCommand.self]
            ),
        ]
    )

    package static let version = "0.1.0"

    package init() {}

    /// The whole process: parse, run, end.
    package static func run() async -> Never {
        // A reader that goes away (`| head`) is an error of write(), not the death of the process.
        signal(SIGPIPE, SIG_IGN)
        StandardStreams.reserveDescriptors()
        let status = await run(arguments: Array(CommandLine.arguments.dropFirst()))
        quit(status)
    }

    /// Parses and runs a command line; the result is the exit status.
    package static func run(arguments: [String]) async -> Int32 {
        if let forbidden = ForbiddenFlag.setting(in: arguments) {
            return usageFailure(
                "\(forbidden.flag) does not exist: secrets on a command line can be read by everybody on the machine. "
                    + "Set \(forbidden.setting.rawValue), or \(forbidden.setting.fileName) with the path of a file.",
                arguments
            )
        }
        var command: any ParsableCommand
        do {
            command = try await asyncParseAsRoot(arguments)
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
        let message = fullMessage(for: error)
        guard !message.isEmpty else { return status }
        guard status == 0 else { return usageFailure(message, arguments, status: status) }
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
        status: Int32 = ExitStatus.usage.rawValue
    ) -> Int32 {
        let wantsJSON = arguments.prefix { $0 != "--" }.contains("--json")
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
                "code": "usage", "message": .string(first), "remedy": "See eskiz --help.",
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

    private static func context(for arguments: [String], format: OutputFormat) -> VerbContext {
        let environment = ProcessInfo.processInfo.environment
        return VerbContext(format: format, language: .detected(in: environment), environment: environment)
    }
}

/// `exit`, which inside of a command means something else.
private func quit(_ status: Int32) -> Never {
    exit(status)
}
