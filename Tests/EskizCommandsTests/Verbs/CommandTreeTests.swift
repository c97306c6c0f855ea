import ArgumentParser
import Testing

@testable import EskizCommands

@Suite struct CommandTreeTests {
    /// Every verb with its path, leaves only.
    private static func leaves(
        _ command: any ParsableCommand.Type = EskizCommand.self,
        _ path: [String] = []
    ) -> [(path: [String], command: any ParsableCommand.Type)] {
        let subcommands = command.configuration.subcommands
        guard !subcommands.isEmpty else { return [(path, command)] }
        return subcommands.flatMap { leaves($0, path + [$0.configuration.commandName ?? ""]) }
    }

    @Test func `every verb of the contract is there`() {
        let verbs = Set(EskizCommand.configuration.subcommands.compactMap { $0.configuration.commandName })
        let expected: Set = [
            "demo", "send", "send-code", "refresh-token", "token", "login", "self-test", "status", "messages",
            "balance", "prices", "senders", "templates", "check", "normalize", "totals", "report", "export", "logs",
            "segments", "simulate", "completions",
        ]
        #expect(verbs.isSuperset(of: expected))
    }

    @Test func `every verb explains itself with an example and knows --json`() {
        for (path, command) in Self.leaves() {
            let help = EskizCommand.helpMessage(for: command, columns: 100)
            let verb = path.joined(separator: " ")
            #expect(command.configuration.discussion.contains("eskiz \(verb)"), "\(verb)")
            #expect(help.contains("--json"), "\(verb)")
            #expect(help.contains("--lang"), "\(verb)")
        }
    }

    @Test func `no verb takes a secret on the command line`() {
        for (path, command) in Self.leaves() {
            let help = EskizCommand.helpMessage(for: command, columns: 200)
            for flag in ["--token ", "--password", "--api-key", "--token-key"] {
                #expect(!help.contains(flag), "\(path) \(flag)")
            }
        }
    }

    @Test func `explanations are not broken by a terminal of 80 columns`() {
        for (path, command) in Self.leaves() + [([], EskizCommand.self)] {
            for line in command.configuration.discussion.split(separator: "\n") {
                #expect(DisplayWidth.of(String(line)) <= 80, "\(path): \(line)")
            }
        }
    }

    @Test(arguments: [CompletionShell.bash, .zsh, .fish])
    func `a completion script knows the verbs`(shell: CompletionShell) {
        let script = EskizCommand.completionScript(for: shell)
        for verb in ["self-test", "refresh-token", "segments"] { #expect(script.contains(verb)) }
    }
}
