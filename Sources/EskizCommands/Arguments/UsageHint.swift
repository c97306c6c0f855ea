import ArgumentParser

/// What is added to the words of the parser, which knows neither slips nor texts.
enum UsageHint {
    static let dash = "A text that begins with - needs -- before it: "
    static let dashRemedy = "Put -- before a text that begins with -."
    static let helpRemedy = "See eskiz --help."

    /// The message, with the verb that was meant, or with what to do about a text that begins with `-`.
    static func adding(to message: String, _ arguments: [String], root: any ParsableCommand.Type) -> String {
        let isAboutWords =
            message.hasPrefix("Error: Unexpected argument") || message.firstRange(of: " unexpected arguments: ") != nil
        if isAboutWords, let unknown = UnknownVerb(in: arguments, below: root) {
            let suggestion = unknown.meant.map { " Did you mean '\($0)'?" } ?? ""
            return replacingFirstLine(of: message, with: "Error: There is no verb '\(unknown.typed)'.\(suggestion)")
        }
        let isAboutText =
            message.hasPrefix("Error: Unknown option") || message.hasPrefix("Error: Missing expected argument")
        if isAboutText, let verb = FreeTextArguments.verb(of: arguments), FreeTextArguments.mayHaveText(arguments) {
            let first = String(message.prefix { $0 != "\n" })
            let example = "eskiz \(verb.joined(separator: " ")) … -- '-5% chegirma'"
            return replacingFirstLine(of: message, with: "\(first)\n\(dash)\(example)")
        }
        return message
    }

    private static func replacingFirstLine(of message: String, with line: String) -> String {
        line + message.drop { $0 != "\n" }
    }
}
