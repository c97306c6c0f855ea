import ArgumentParser
import EskizWords

struct CompletionsCommand: AsyncParsableCommand {
    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "completions",
            abstract: .text(.completions),
            discussion: """
                  eskiz completions bash > ~/.local/share/bash-completion/completions/eskiz
                  eskiz completions zsh  > ~/.zfunc/_eskiz
                  eskiz completions fish > ~/.config/fish/completions/eskiz.fish
                """
        )
    }

    /// The shells for which there is a script.
    enum Shell: String, CaseIterable, ExpressibleByArgument {
        case bash
        case zsh
        case fish

        var completionShell: CompletionShell {
            switch self {
            case .bash: .bash
            case .zsh: .zsh
            case .fish: .fish
            }
        }
    }

    @Argument(help: .text(.shell))
    var shell: Shell

    @OptionGroup var output: OutputFlags

    func run() async throws {
        let context = VerbContext(output)
        try await context.finish {
            // English for everybody: a script is installed once, for every user of the machine.
            let script = HelpText.speaking(.english) { EskizCommand.completionScript(for: shell.completionShell) }
            try context.present(CompletionsAnswer(shell: shell.rawValue, script: script))
            return .success
        }
    }
}

private struct CompletionsAnswer: Presentable {
    let shell: String
    let script: String

    func json() -> JSONValue { ["shell": .string(shell), "script": .string(script)] }
    func text(on page: Page) -> String { script }
}
