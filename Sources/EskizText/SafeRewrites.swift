/// The rewrites that a reader does not notice, scalar by scalar (`gateway.md §f2`).
///
/// None of the characters on the left is in GSM-7, and none of the characters on the right is rewritten again:
/// that makes a text that is GSM-7 already a fixed point, and normalisation idempotent.
enum SafeRewrites {
    /// True for the letters, digits and signs of ASCII that no rule concerns, which is most of any text.
    static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        (" "..."~").contains(scalar) && scalar != "`"
    }

    /// The plain character for a typographic one.
    ///
    /// - Parameter scalar: One scalar of a Latin text.
    /// - Returns: `nil` for a character that must stay.
    static func plain(for scalar: Unicode.Scalar) -> Unicode.Scalar? {
        switch scalar {
        // oʻ, gʻ and the tutuq belgisi as keyboards produce them: U+02BB and U+02BC are right, the rest look like them.
        case "\u{02BB}", "\u{02BC}", "\u{02BD}", "\u{02B9}", "\u{02CA}", "\u{02CB}", "\u{2018}", "\u{2019}", "\u{201B}",
            "\u{2032}", "\u{00B4}", "\u{1FFD}", "\u{0060}", "\u{1FEF}":
            "'"
        case "\u{201A}", "\u{2039}", "\u{203A}": "'"  // single quotes: ‚ ‹ ›
        case "\u{201C}", "\u{201D}", "\u{201E}", "\u{201F}", "\u{2033}", "\u{00AB}", "\u{00BB}": "\""
        case "\u{2010}"..."\u{2015}", "\u{2212}": "-"  // hyphens, dashes, minus
        case "\t", "\u{00A0}", "\u{2000}"..."\u{200A}", "\u{202F}", "\u{205F}", "\u{3000}": " "
        case "\u{000B}", "\u{0085}", "\u{2028}", "\u{2029}": "\n"  // line and paragraph separators
        default: nil
        }
    }

    /// The combining commas that some keyboards put on o and g instead of U+02BB.
    static func isCombiningApostrophe(_ mark: Unicode.Scalar, after base: Unicode.Scalar?) -> Bool {
        guard mark == "\u{0312}" || mark == "\u{0315}" else { return false }
        return base == "o" || base == "O" || base == "g" || base == "G"
    }

    /// Characters that show nothing, whatever stands beside them.
    static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "\u{00AD}", "\u{200B}", "\u{2060}", "\u{FEFF}": true
        default: false
        }
    }

    /// Joiners: they show nothing in Latin or Cyrillic, but hold emoji families together and shape Arabic and Indic letters.
    static func isJoiner(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "\u{200C}" || scalar == "\u{200D}"
    }

    /// Whether a joiner beside this character may show.
    ///
    /// Everything from Armenian on, without the punctuation that the tables above rewrite: the answer must be the same
    /// before and after a rewrite.
    static func minds(joiner neighbour: Unicode.Scalar?) -> Bool {
        guard let neighbour, neighbour.value >= 0x0530 else { return false }
        switch neighbour {
        case "\u{1E00}"..."\u{206F}", "\u{2100}"..."\u{218F}", "\u{2212}", "\u{3000}", "\u{FEFF}": return false
        default: return true
        }
    }

    /// Marks of left-to-right direction, which do nothing in a text that has no other direction.
    static func isLeftToRightMark(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "\u{200E}", "\u{202A}", "\u{202C}", "\u{202D}", "\u{2066}", "\u{2068}", "\u{2069}": true
        default: false
        }
    }

    /// Letters of right-to-left scripts and marks of that direction.
    static func isRightToLeft(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "\u{0590}"..."\u{08FF}", "\u{200F}", "\u{202B}", "\u{202E}", "\u{2067}", "\u{FB1D}"..."\u{FDFF}",
            "\u{FE70}"..."\u{FEFC}", "\u{10800}"..."\u{10FFF}", "\u{1E800}"..."\u{1EFFF}":
            true
        default: false
        }
    }
}

/// Canonical composition of what our texts contain: Unicode's NFC for the letters of GSM-7 and of the languages
/// of Uzbekistan, where a letter and its mark, two scalars, are one letter in one scalar.
///
/// This is the same text by Unicode's definition (and to Swift's `==`), only shorter, and it decides between GSM-7
/// and UCS-2 for é, ö, ñ and the like. The rest of NFC would change no price worth a table of a thousand rows.
enum CanonicalComposition {
    /// The single scalar for a letter and the mark after it.
    static func compose(_ base: Unicode.Scalar, _ mark: Unicode.Scalar) -> Unicode.Scalar? {
        switch mark {
        case "\u{0300}", "\u{0340}": pick(base, from: "aeiou", "àèìòù")
        case "\u{0301}", "\u{0341}": pick(base, from: "eEaAoOuUiInNgG", "éÉáÁóÓúÚíÍńŃǵǴ")
        case "\u{0303}": pick(base, from: "nN", "ñÑ")
        case "\u{0306}": pick(base, from: "gGиИуУ", "ğĞйЙўЎ")
        case "\u{0307}": pick(base, from: "I", "İ")
        case "\u{0308}": pick(base, from: "aAoOuUеЕ", "äÄöÖüÜёЁ")
        case "\u{030A}": pick(base, from: "aA", "åÅ")
        case "\u{0327}": pick(base, from: "cCsS", "çÇşŞ")
        default: nil
        }
    }

    /// The character that another is only a second code for.
    static func singleton(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
        switch scalar {
        case "\u{037E}": ";"  // Greek question mark
        case "\u{2126}": "Ω"  // ohm
        case "\u{212A}": "K"  // kelvin
        case "\u{212B}": "Å"  // ångström
        default: nil
        }
    }

    private static func pick(_ base: Unicode.Scalar, from bases: String, _ composed: String) -> Unicode.Scalar? {
        for (candidate, result) in zip(bases.unicodeScalars, composed.unicodeScalars) where candidate == base {
            return result
        }
        return nil
    }
}
