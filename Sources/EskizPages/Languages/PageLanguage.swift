/// What the pages are read in.
package enum PageLanguage: String, Sendable, CaseIterable {
    case uzbek = "uz"
    case russian = "ru"
    case english = "en"

    /// Its own name, for those who can read no other.
    package var ownName: String {
        switch self {
        case .uzbek: "Oʻzbekcha"
        case .russian: "Русский"
        case .english: "English"
        }
    }

    /// From `uz`, `UZ`, `ru-RU`; nil for anything else.
    package init?(tag: some StringProtocol) {
        self.init(rawValue: tag.prefix { $0 != "-" && $0 != "_" }.lowercased())
    }

    /// The one that an `Accept-Language` header likes best (RFC 9110 §12.5.4).
    package static func preferred(byHeader header: String?) -> PageLanguage? {
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

    /// A number with thin spaces between its thousands.
    package func grouped(_ number: Int) -> String {
        var text = ""
        for (index, digit) in String(abs(number)).reversed().enumerated() {
            if index > 0, index % 3 == 0 { text.append("\u{202F}") }
            text.append(digit)
        }
        return (number < 0 ? "−" : "") + String(text.reversed())
    }
}
