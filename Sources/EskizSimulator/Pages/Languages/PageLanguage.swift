/// What the pages are read in.
enum PageLanguage: String, Sendable, CaseIterable {
    case uzbek = "uz"
    case russian = "ru"
    case english = "en"

    /// Its own name, for those who can read no other.
    var ownName: String {
        switch self {
        case .uzbek: "Oʻzbekcha"
        case .russian: "Русский"
        case .english: "English"
        }
    }

    /// From `uz`, `UZ`, `ru-RU`; nil for anything else.
    init?(tag: some StringProtocol) {
        self.init(rawValue: tag.prefix { $0 != "-" && $0 != "_" }.lowercased())
    }

    /// The one that an `Accept-Language` header likes best (RFC 9110 §12.5.4).
    static func preferred(byHeader header: String?) -> PageLanguage? {
        var best: (language: PageLanguage, weight: Double)?
        for entry in (header ?? "").split(separator: ",") {
            let parts = entry.split(separator: ";").map { $0.filter { $0 != " " } }
            guard let tag = parts.first, let language = PageLanguage(tag: tag) else { continue }
            let quality = parts.dropFirst().first { $0.hasPrefix("q=") }
            let weight = quality.map { Double($0.dropFirst(2)) ?? 0 } ?? 1
            if weight > 0, weight > best?.weight ?? 0 { best = (language, weight) }
        }
        return best?.language
    }

    /// A phrase with its `{placeholders}` filled in.
    func say(_ phrase: Phrase, _ values: [String: String] = [:]) -> String {
        var text = phrase.words.text(in: self)
        for (name, value) in values { text = text.replacing("{\(name)}", with: value) }
        return text
    }
}

/// One phrase in every language: what is not in all three does not compile.
struct Words: Sendable {
    let english: String
    let uzbek: String
    let russian: String

    init(_ english: String, _ uzbek: String, _ russian: String) {
        self.english = english
        self.uzbek = uzbek
        self.russian = russian
    }

    func text(in language: PageLanguage) -> String {
        switch language {
        case .english: english
        case .uzbek: uzbek
        case .russian: russian
        }
    }
}
