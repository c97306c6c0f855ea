/// What people read.
///
/// Logs and JSON stay English.
package enum Language: String, Sendable, CaseIterable {
    case english = "en"
    case uzbek = "uz"
    case russian = "ru"

    /// `ESKIZ_LANG`, else the locale of the process, else English.
    ///
    /// An unknown locale is English; an unknown `ESKIZ_LANG` is reported by the settings, not here.
    package static func detected(in environment: [String: String], chosen: String? = nil) -> Language {
        for wish in [chosen, environment["ESKIZ_LANG"]] {
            if let wish, let language = Language(wish) { return language }
        }
        // POSIX: LC_ALL overrides LC_MESSAGES, which overrides LANG; an empty one does not count.
        for name in ["LC_ALL", "LC_MESSAGES", "LANG"] {
            if let locale = environment[name], !locale.isEmpty { return Language(locale) ?? .english }
        }
        return .english
    }

    /// From `uz`, `UZ`, `uz_UZ.UTF-8`, `ru-RU`; nil for anything else.
    package init?(_ name: String) {
        let tag = name.lowercased().prefix { $0 != "_" && $0 != "-" && $0 != "." && $0 != "@" }
        self.init(rawValue: String(tag))
    }

    /// A phrase with its `{placeholders}` filled in.
    package func say(_ phrase: Phrase, _ values: [String: String] = [:]) -> String {
        Self.fill(template(phrase), values)
    }

    /// A text with its `{placeholders}` filled in.
    static func fill(_ pattern: String, _ values: [String: String]) -> String {
        guard pattern.contains("{") else { return pattern }
        var text = ""
        var rest = pattern[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            text += rest[..<open]
            let name = String(rest[rest.index(after: open)..<close])
            text += values[name] ?? "{\(name)}"
            rest = rest[rest.index(after: close)...]
        }
        return text + rest
    }

    /// The phrase as it stands in the catalogue.
    ///
    /// The catalogues are switches, so a missing phrase does not compile.
    func template(_ phrase: Phrase) -> String {
        switch self {
        case .english: english(phrase)
        case .uzbek: uzbek(phrase)
        case .russian: russian(phrase)
        }
    }
}
