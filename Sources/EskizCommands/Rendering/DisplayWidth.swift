/// How many columns of a terminal a text takes.
///
/// East Asian wide characters and emoji take two, combining marks and invisible characters none
/// (Unicode Standard Annex #11, blocks rather than the full table: what appears in messages).
enum DisplayWidth {
    static func of(_ text: String) -> Int {
        text.reduce(0) { $0 + of($1) }
    }

    static func of(_ character: Character) -> Int {
        guard let first = character.unicodeScalars.first(where: { width(of: $0) > 0 }) else { return 0 }
        let isEmojiSequence = character.unicodeScalars.contains { $0.value == 0xFE0F || $0.value == 0x200D }
        return isEmojiSequence ? 2 : width(of: first)
    }

    /// The beginning of a text that fits into `columns`, with an ellipsis where something was cut.
    static func cut(_ text: String, to columns: Int) -> String {
        guard of(text) > columns else { return text }
        guard columns > 1 else { return columns == 1 ? "…" : "" }
        var taken = ""
        var used = 0
        for character in text {
            let width = of(character)
            if used + width > columns - 1 { break }
            taken.append(character)
            used += width
        }
        return taken + "…"
    }

    private static func width(of scalar: Unicode.Scalar) -> Int {
        if scalar.value < 0x300 { return scalar.isUnsafeInALine ? 0 : 1 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format, .control: return 0
        default: break
        }
        if scalar.properties.isEmojiPresentation { return 2 }
        return isWide(scalar.value) ? 2 : 1
    }

    private static func isWide(_ value: UInt32) -> Bool {
        switch value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
            0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
            0x20000...0x3FFFD:
            true
        default: false
        }
    }
}
