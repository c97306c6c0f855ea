import ArgumentParser

struct CompletionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completions",
        abstract: "Print a completion script for your shell.",
        discussion: """
              eskiz completions bash > ~/.local/share/bash-completion/completions/eskiz
              eskiz completions zsh  > ~/.zfunc/_eskiz
              eskiz completions fish > ~/.config/fish/completions/eskiz.fish
            """
    )

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

    @Argument(help: "bash, zsh or fish.")
    var shell: Shell

    @OptionGroup var output: OutputFlags

    func run() async throws {
        let context = VerbContext(output)
        try await context.finish {
            let script = EskizCommand.completionScript(for: shell.completionShell)
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
