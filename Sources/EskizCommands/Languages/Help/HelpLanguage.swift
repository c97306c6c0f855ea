import EskizWords

extension Language {
    /// The language of help and of usage errors, which are said before there are settings: `--lang`, else what the
    /// environment says.
    ///
    /// What is made for programs is English whatever the environment says.
    static func ofHelp(for arguments: [String], environment: [String: String]) -> Language {
        let own = Array(arguments.prefix { $0 != "--" })
        guard !own.contains(where: isMadeForPrograms) else { return .english }
        var wish: String?
        for (index, argument) in own.enumerated() {
            if argument.hasPrefix("--lang=") { wish = String(argument.dropFirst(7)) }
            if argument == "--lang", index + 1 < own.count { wish = own[index + 1] }
        }
        return .detected(in: environment, chosen: wish)
    }

    /// Manual pages are made from the first, completions are the second.
    private static func isMadeForPrograms(_ flag: String) -> Bool {
        flag == "--experimental-dump-help" || flag.hasPrefix("--generate-completion-script")
    }
}

extension HelpText {
    /// What a body makes of help in a language.
    static func speaking<Result>(_ language: Language, _ body: () throws -> Result) rethrows -> Result {
        try $language.withValue(language, operation: body)
    }

    /// The text in the language of the moment with its `{placeholders}` filled in.
    func filled(_ values: [String: String]) -> String { Self.language.say(self, values) }
}
