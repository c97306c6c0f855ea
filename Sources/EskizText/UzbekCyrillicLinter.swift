/// Says what an Uzbek text in Cyrillic would cost in Latin script: three segments may become one.
///
/// It advises and never rewrites what is sent: another script is another text to a reader, and to whoever approved the
/// template. Russian has no Latin script, so for anything that could be Russian there is no advice.
///
/// ```swift
/// if let latin = UzbekCyrillicLinter().latinVersion(of: template), latin.segmentsSaved > 0 {
///     print("\(latin.before.segmentCount) segments; in Latin \(latin.after.segmentCount)")
/// }
/// ```
public struct UzbekCyrillicLinter: Sendable, Hashable {
    /// A text in Cyrillic beside its Latin version.
    public struct LatinVersion: Sendable, Hashable, CustomStringConvertible, CustomReflectable {
        /// The Cyrillic text, cut into segments.
        public let before: Segmentation
        /// The Latin text, cut into segments.
        public let after: Segmentation

        /// The Latin text, with plain apostrophes, to be read by a person before anybody uses it.
        public var text: String { after.text }

        /// Segments that the Latin version would save; 0 or less when it would not pay.
        public var segmentsSaved: Int { before.segmentCount - after.segmentCount }

        /// The measures, never the text: for example `3 segments, in Latin 1`.
        public var description: String { "\(before.segmentCount) segments, in Latin \(after.segmentCount)" }

        /// The measures, never the text.
        public var customMirror: Mirror { Mirror(self, children: ["before": before, "after": after]) }
    }

    /// Counts the segments, and makes the Latin version plain.
    public let normalizer: UzbekNormalizer

    /// A linter.
    ///
    /// - Parameter normalizer: Counts the segments, and makes the Latin version plain.
    public init(normalizer: UzbekNormalizer = UzbekNormalizer()) {
        self.normalizer = normalizer
    }

    /// The Latin version of an Uzbek text in Cyrillic.
    ///
    /// A text counts as Uzbek when it has one of the letters ў, қ, ғ, ҳ, which Russian lacks, and no Cyrillic letter outside
    /// the Uzbek alphabet, such as ы and щ, which Russian, Kazakh and Karakalpak can hardly avoid.
    /// - Parameters:
    ///   - text: A message or a template.
    ///   - assumingUzbek: Set it where the language is known, to do without the four letters. A letter outside the alphabet
    ///     is still no Uzbek.
    /// - Returns: `nil` when the text has no Cyrillic, or is not certainly Uzbek.
    public func latinVersion(of text: String, assumingUzbek: Bool = false) -> LatinVersion? {
        let scalars = Array(normalizer.normalize(text).text.unicodeScalars)
        var hasCyrillic = false
        var hasUzbekLetter = assumingUzbek
        for scalar in scalars where scalar.isCyrillic {
            guard UzbekLatin.spelling(of: scalar.lowercased) != nil else { return nil }
            hasCyrillic = true
            switch scalar.lowercased {
            case "ў", "қ", "ғ", "ҳ": hasUzbekLetter = true
            default: break
            }
        }
        guard hasCyrillic, hasUzbekLetter else { return nil }
        return LatinVersion(
            before: Segmentation(of: text, rules: normalizer.rules),
            after: normalizer.normalize(UzbekLatin.transliterate(scalars)).after
        )
    }
}

/// Transliteration of Uzbek from Cyrillic to Latin, by the rules of its Latin orthography (`gateway.md §f3`).
private enum UzbekLatin {
    static func transliterate(_ scalars: [Unicode.Scalar]) -> String {
        var latin = String.UnicodeScalarView()
        for (index, scalar) in scalars.enumerated() {
            guard scalar.isCyrillic else {
                latin.append(scalar)
                continue
            }
            let previous = index > 0 ? scalars[index - 1] : nil
            let next = index + 1 < scalars.count ? scalars[index + 1] : nil
            let spelling = spelling(of: scalar.lowercased, after: previous?.lowercased, before: next?.lowercased)
            latin.append(contentsOf: cased(spelling, like: scalar, after: previous, before: next).unicodeScalars)
        }
        return String(latin)
    }

    /// The spelling where the neighbours decide, all in lower case.
    private static func spelling(
        of letter: Unicode.Scalar,
        after previous: Unicode.Scalar?,
        before next: Unicode.Scalar?
    ) -> String {
        switch letter {
        case "е":
            guard let previous, previous.isCyrillic else { return "ye" }
            return isVowel(previous) || previous == "ъ" || previous == "ь" ? "ye" : "e"
        case "ц":
            return isVowel(previous) ? "ts" : "s"
        case "о" where previous == "ь":
            return "yo"  // батальон: batalyon
        case "ъ":
            // The y of the next letter parts the syllables already: объект, obyekt.
            return next == "е" || next == "ё" || next == "ю" || next == "я" ? "" : "'"
        case "с" where next == "ҳ":
            return "s'"  // Исҳоқ: Is'hoq, or it would be read sh
        default:
            return spelling(of: letter) ?? String(letter)
        }
    }

    /// The spelling of a lower-case letter of the Uzbek Cyrillic alphabet, `nil` for any other.
    static func spelling(of letter: Unicode.Scalar) -> String? {
        switch letter {
        case "а": "a"
        case "б": "b"
        case "в": "v"
        case "г": "g"
        case "д": "d"
        case "е", "э": "e"
        case "ё": "yo"
        case "ж": "j"
        case "з": "z"
        case "и": "i"
        case "й": "y"
        case "к": "k"
        case "л": "l"
        case "м": "m"
        case "н": "n"
        case "о": "o"
        case "п": "p"
        case "р": "r"
        case "с", "ц": "s"
        case "т": "t"
        case "у": "u"
        case "ф": "f"
        case "х": "x"
        case "ч": "ch"
        case "ш": "sh"
        case "ъ": "'"
        case "ь": ""
        case "ю": "yu"
        case "я": "ya"
        case "ў": "o'"
        case "қ": "q"
        case "ғ": "g'"
        case "ҳ": "h"
        default: nil
        }
    }

    private static func isVowel(_ letter: Unicode.Scalar?) -> Bool {
        switch letter {
        case "а", "о", "у", "и", "э", "е", "ё", "ю", "я", "ў": true
        default: false
        }
    }

    /// Шаҳар: Shahar, but ШАҲАР: SHAHAR and ТОШ: TOSH.
    private static func cased(
        _ spelling: String,
        like letter: Unicode.Scalar,
        after previous: Unicode.Scalar?,
        before next: Unicode.Scalar?
    ) -> String {
        guard letter.isUppercaseCyrillic else { return spelling }
        let inCapitals =
            if let next, next.isCyrillic { next.isUppercaseCyrillic } else { previous?.isUppercaseCyrillic ?? false }
        return inCapitals ? spelling.uppercased() : spelling.prefix(1).uppercased() + spelling.dropFirst()
    }
}

extension Unicode.Scalar {
    fileprivate var isCyrillic: Bool { ("\u{0400}"..."\u{052F}").contains(self) }

    fileprivate var isUppercaseCyrillic: Bool { isCyrillic && properties.isUppercase }

    fileprivate var lowercased: Unicode.Scalar { properties.lowercaseMapping.unicodeScalars.first ?? self }
}
