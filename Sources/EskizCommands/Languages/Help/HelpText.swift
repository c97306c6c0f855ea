import ArgumentParser

/// What help says in every language, the texts beside each other: one that is missing does not compile.
///
/// Commands in examples are the same in all of them and stand with the verb; only sentences are here.
struct HelpText: Sendable, CustomStringConvertible {
    let english: String
    let uzbek: String
    let russian: String

    init(_ english: String, uz uzbek: String, ru russian: String) {
        self.english = english
        self.uzbek = uzbek
        self.russian = russian
    }

    /// The language help is made in; the parser makes it anew each time it is asked for.
    ///
    /// English unless told otherwise: manual pages and completion scripts are made from the same texts.
    @TaskLocal static var language = Language.english

    func text(in language: Language) -> String {
        switch language {
        case .english: english
        case .uzbek: uzbek
        case .russian: russian
        }
    }

    var description: String { text(in: Self.language) }
}

extension String {
    /// A text of help in the language of the moment.
    static func text(_ help: HelpText) -> String { help.description }
}

extension ArgumentHelp {
    /// A text of help in the language of the moment.
    static func text(_ help: HelpText) -> ArgumentHelp { ArgumentHelp(help.description) }
}
