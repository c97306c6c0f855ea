/// What a person typed, reduced to digits and a plus; what they mean is decided in ``PhoneNumber``.
struct PhoneNumberSpelling {
    /// True when a plus stands before the first digit.
    private(set) var hasPlus = false
    /// How many digits there are, leading zeros included.
    private(set) var digits = 0
    /// How many zeros come first.
    private(set) var leadingZeros = 0
    /// The digits as one integer, meaningless beyond 18 digits, which no caller accepts.
    private(set) var value: UInt64 = 0

    init(_ text: String) throws(PhoneNumberError) {
        var offset = 0
        var lineBreak: (scalar: Unicode.Scalar, offset: Int)?
        for scalar in text.unicodeScalars {
            switch scalar {
            case "0"..."9":
                // Blank lines around a number are blanks; between digits a line break separates two numbers.
                if let lineBreak { throw .unexpectedCharacter(lineBreak.scalar, offset: lineBreak.offset) }
                let digit = UInt64(scalar.value - 0x30)
                if digit == 0, leadingZeros == digits { leadingZeros += 1 }
                digits += 1
                if digits <= 18 { value = value * 10 + digit }
            case "+", "\u{FF0B}":
                guard digits == 0, !hasPlus else { throw .misplacedPlus(offset: offset) }
                hasPlus = true
            case "\n", "\r":
                if digits > 0, lineBreak == nil { lineBreak = (scalar, offset) }
            default:
                guard Self.isSeparator(scalar) else { throw .unexpectedCharacter(scalar, offset: offset) }
            }
            offset += 1
        }
        if digits == 0 { throw .empty }
    }

    /// What people and programs put between digits: nothing that could separate two numbers, such as a comma or a slash,
    /// and no mark that shows digits in another order than they are stored.
    private static func isSeparator(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case " ", "\t", "-", ".", "(", ")": true
        case "\u{A0}", "\u{2000}"..."\u{200A}", "\u{202F}", "\u{205F}", "\u{3000}": true  // spaces
        case "\u{2010}"..."\u{2015}", "\u{2212}": true  // hyphens, dashes, minus
        // Invisible marks: address books wrap a copied number in U+202A and U+202C.
        case "\u{AD}", "\u{200B}"..."\u{200E}", "\u{202A}", "\u{202C}", "\u{202D}", "\u{2060}", "\u{2066}",
            "\u{2068}", "\u{2069}", "\u{FEFF}":
            true
        default: false
        }
    }
}
