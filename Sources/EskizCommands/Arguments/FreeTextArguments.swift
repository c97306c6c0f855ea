/// Texts on a command line that begin with `-`, such as `-5% chegirma`.
///
/// To the parser they are options. What no option can be is put behind `--`, where everything is a text; what could be an
/// option is left to the parser, which refuses it, and the refusal says what to do.
enum FreeTextArguments {
    /// The verbs that take a text of the user's own as their last argument.
    static let verbs: [[String]] = [
        ["send"], ["send-code"], ["segments"], ["check"], ["normalize"], ["templates", "add"], ["keys", "add"],
        ["verify", "check"],
    ]

    /// The verbs that send it.
    private static let sendingVerbs: Set<String> = ["send", "send-code"]

    /// Options of these verbs that stand alone; the argument after any other is its value.
    static let flags: Set<String> = ["--json", "--wait", "--global", "--unmask", "--help", "--version", "-h"]

    /// The command line as the parser should read it.
    static func settled(_ arguments: [String]) -> [String] {
        guard let verb = verb(of: arguments) else { return arguments }
        let end = arguments.firstIndex(of: "--") ?? arguments.endIndex
        var kept = Array(arguments[..<verb.count])
        var texts: [String] = []
        for index in verb.count..<max(verb.count, end) {
            let isValue = takesValue(arguments[index - 1])
            if isTextForCertain(arguments[index]), !isValue {
                texts.append(arguments[index])
            } else {
                kept.append(arguments[index])
            }
        }
        guard !texts.isEmpty else { return arguments }
        return kept + ["--"] + texts + arguments[end...].dropFirst()
    }

    /// An argument that asks for help or the version where the message should be: nothing would be sent, and the exit
    /// status would say success.
    static func swallowed(_ arguments: [String]) -> String? {
        guard let verb = verb(of: arguments), verb.count == 1, sendingVerbs.contains(verb[0]) else { return nil }
        var hasPhone = false
        var isValue = false
        for argument in arguments.dropFirst() {
            if argument == "--" { return nil }
            defer { isValue = !isValue && takesValue(argument) }
            if isValue { continue }
            if asksForHelp(argument) {
                if hasPhone { return argument }
            } else if !argument.hasPrefix("-") || argument == "-" {
                hasPhone = true
            }
        }
        return nil
    }

    /// True if one of the arguments may be a text that the parser took for an option.
    static func mayHaveText(_ arguments: [String]) -> Bool {
        guard let verb = verb(of: arguments) else { return false }
        return arguments.dropFirst(verb.count).prefix { $0 != "--" }.contains { $0.hasPrefix("-") && $0 != "-" }
    }

    static func verb(of arguments: [String]) -> [String]? {
        verbs.first { arguments.starts(with: $0) }
    }

    /// No option has one dash, but that for help; none begins with `--5` or `-- `, and none has a blank before its `=`.
    static func isTextForCertain(_ argument: String) -> Bool {
        guard argument.hasPrefix("-"), argument != "-", argument != "--" else { return false }
        guard argument.hasPrefix("--") else { return argument != "-h" && argument != "-help" }
        let rest = argument.drop { $0 == "-" }
        guard let first = rest.first, first.isASCII, first.isLetter else { return true }
        return rest.prefix { $0 != "=" }.contains(where: \.isWhitespace)
    }

    private static func takesValue(_ argument: String) -> Bool {
        argument.hasPrefix("--") && argument != "--" && !isTextForCertain(argument) && !argument.contains("=")
            && !flags.contains(argument)
    }

    private static func asksForHelp(_ argument: String) -> Bool {
        ["-h", "--help", "-help", "--help-hidden", "--version", "--experimental-dump-help"].contains(argument)
            || argument.hasPrefix("--generate-completion-script")
    }
}
