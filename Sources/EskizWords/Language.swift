/// What people read.
///
/// Logs, JSON and what is made for programs stay English.
package enum Language: String, Sendable, CaseIterable {
    case english = "en"
    case uzbek = "uz"
    case russian = "ru"

    /// From `uz`, `UZ`, `uz_UZ.UTF-8`, `ru-RU`; nil for anything else.
    package init?(_ name: some StringProtocol) {
        let tag = name.prefix { $0 != "_" && $0 != "-" && $0 != "." && $0 != "@" }
        self.init(rawValue: tag.lowercased())
    }

    /// Its own name, for those who can read no other.
    package var ownName: String {
        switch self {
        case .english: "English"
        case .uzbek: "Oʻzbekcha"
        case .russian: "Русский"
        }
    }

    /// The one that an `Accept-Language` header likes best (RFC 9110 §12.5.4).
    package static func preferred(byHeader header: String?) -> Language? {
        var best: (language: Language, weight: Double)?
        for entry in (header ?? "").split(separator: ",") {
            let parts = entry.split(separator: ";").map { $0.filter { $0 != " " } }
            guard let tag = parts.first, let language = Language(tag) else { continue }
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

    /// What stands before the tenths.
    package var decimalSeparator: String { self == .english ? "." : "," }
}
