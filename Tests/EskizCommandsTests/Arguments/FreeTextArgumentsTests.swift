import ArgumentParser
import Testing

@testable import EskizCommands

struct FreeTextArgumentsTests {
    @Test(arguments: [
        (["send", "901234567", "-5% chegirma"], ["send", "901234567", "--", "-5% chegirma"]),
        (["send", "901234567", "-5% chegirma", "--wait"], ["send", "901234567", "--wait", "--", "-5% chegirma"]),
        (
            ["send", "--from", "4546", "901234567", "- Salom"],
            ["send", "--from", "4546", "901234567", "--", "- Salom"]
        ),
        (["send", "901234567", "--json please"], ["send", "901234567", "--", "--json please"]),
        (["send", "901234567", "--- AKSIYA ---"], ["send", "901234567", "--", "--- AKSIYA ---"]),
        (["send", "901234567", "-h dedi"], ["send", "901234567", "--", "-h dedi"]),
        (["send-code", "901234567", "-1234"], ["send-code", "901234567", "--", "-1234"]),
        (["send", "901234567", "-chegirma"], ["send", "901234567", "--", "-chegirma"]),
        (["segments", "-ў"], ["segments", "--", "-ў"]),
        (["templates", "add", "-5% chegirma"], ["templates", "add", "--", "-5% chegirma"]),
    ])
    func `what no option can be is a text`(typed: [String], settled: [String]) {
        #expect(FreeTextArguments.settled(typed) == settled)
    }

    @Test(arguments: [
        ["send", "901234567", "-"], ["send", "901234567", "--wait", "-"], ["send", "901234567", "--", "-5% x"],
        ["send", "901234567", "--form=My Shop", "a"], ["send", "901234567", "--wiat", "a"],
        ["send", "901234567", "--from", "-5", "Salom"], ["send", "901234567", "--chegirma"],
        ["simulate", "--listen", "-5 x"], ["balance", "-5 x"], [], ["send"],
    ])
    func `everything else is left to the parser`(typed: [String]) {
        #expect(FreeTextArguments.settled(typed) == typed)
    }

    @Test(arguments: [
        (["send", "901234567", "--help"], "--help"), (["send", "901234567", "-h"], "-h"),
        (["send", "901234567", "--version"], "--version"), (["send", "901234567", "Salom", "--help"], "--help"),
        (["send", "901234567", "--generate-completion-script"], "--generate-completion-script"),
        (["send-code", "--wait", "901234567", "--help"], "--help"),
        (["send", "--help"], nil), (["send", "--from", "4546", "--help"], nil), (["send", "--wait", "-h"], nil),
        (["send", "901234567", "--", "--help"], nil), (["send", "901234567", "Salom"], nil),
        (["segments", "--help"], nil), (["--help"], nil),
    ])
    func `help never stands for a message`(typed: [String], swallowed: String?) {
        #expect(FreeTextArguments.swallowed(typed) == swallowed)
    }

    /// A flag that is not in the list would make a text after it look like its value.
    @Test func `every flag of these verbs is known to stand alone`() throws {
        for verb in FreeTextArguments.verbs {
            let help = EskizCommand.fullHelp(of: verb)
            for line in help.split(separator: "\n") where line.hasPrefix("  --") && !line.contains("<") {
                let flag = line.dropFirst(2).prefix { $0 != " " }
                #expect(FreeTextArguments.flags.contains(String(flag)), "\(verb) \(flag)")
            }
        }
    }
}

extension EskizCommand {
    /// The help of a verb by its path.
    fileprivate static func fullHelp(of path: [String]) -> String {
        var command: any ParsableCommand.Type = EskizCommand.self
        for name in path {
            guard let next = command.configuration.subcommands.first(where: { $0._commandName == name }) else {
                return ""
            }
            command = next
        }
        return EskizCommand.helpMessage(for: command)
    }
}
