/// The GSM 7-bit default alphabet and its extension table, as in 3GPP TS 23.038 §6.2.1 and §6.2.1.1.
///
/// A message made of these characters alone costs seven bits a character. Any other character, even one, sends the
/// whole message as UCS-2 at sixteen bits a character: 70 to a segment where there were 160.
///
/// ```swift
/// GSM7Alphabet.septets(for: "a")    // 1
/// GSM7Alphabet.septets(for: "€")    // 2, an escape pair
/// GSM7Alphabet.septets(for: "`")    // nil: not in the alphabet, although it is ASCII
/// ```
public enum GSM7Alphabet {
    /// The basic table: the character at index `n` is sent as septet `n`.
    ///
    /// Index 0x1B is the escape to the extension table. It is listed so that indices are septets, but the control
    /// character U+001B cannot itself be sent: ``septets(for:)`` answers `nil`.
    public static let basicTable: [Unicode.Scalar] = [
        "@", "£", "$", "¥", "è", "é", "ù", "ì", "ò", "Ç", "\n", "Ø", "ø", "\r", "Å", "å",
        "Δ", "_", "Φ", "Γ", "Λ", "Ω", "Π", "Ψ", "Σ", "Θ", "Ξ", "\u{1B}", "Æ", "æ", "ß", "É",
        " ", "!", "\"", "#", "¤", "%", "&", "'", "(", ")", "*", "+", ",", "-", ".", "/",
        "0", "1", "2", "3", "4", "5", "6", "7", "8", "9", ":", ";", "<", "=", ">", "?",
        "¡", "A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K", "L", "M", "N", "O",
        "P", "Q", "R", "S", "T", "U", "V", "W", "X", "Y", "Z", "Ä", "Ö", "Ñ", "Ü", "§",
        "¿", "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l", "m", "n", "o",
        "p", "q", "r", "s", "t", "u", "v", "w", "x", "y", "z", "ä", "ö", "ñ", "ü", "à",
    ]

    /// The extension table: each of these is sent as the escape septet 0x1B and then its own, two septets in all.
    public static let extensionTable: [(septet: UInt8, scalar: Unicode.Scalar)] = [
        (0x0A, "\u{0C}"), (0x14, "^"), (0x28, "{"), (0x29, "}"), (0x2F, "\\"),
        (0x3C, "["), (0x3D, "~"), (0x3E, "]"), (0x40, "|"), (0x65, "€"),
    ]

    /// How many septets a character costs.
    ///
    /// - Parameter scalar: One Unicode scalar, not a grapheme cluster: `é` written as two scalars is two characters here.
    /// - Returns: 1 for the basic table, 2 for the extension table, `nil` when GSM-7 does not have the character.
    public static func septets(for scalar: Unicode.Scalar) -> Int? {
        let cost = cost(of: scalar, latin: latinCosts)
        return cost == 0 ? nil : cost
    }

    /// True when GSM-7 can send the character, in one septet or two.
    ///
    /// - Parameter scalar: One Unicode scalar.
    /// - Returns: False for a character that forces UCS-2.
    public static func contains(_ scalar: Unicode.Scalar) -> Bool {
        cost(of: scalar, latin: latinCosts) != 0
    }

    /// Septets by scalar below U+0100, 0 for «not in the alphabet»; made from the two tables above.
    static let latinCosts: [UInt8] = {
        var costs = [UInt8](repeating: 0, count: 0x100)
        for scalar in basicTable where scalar.value < 0x100 && scalar != "\u{1B}" {
            costs[Int(scalar.value)] = 1
        }
        for (_, scalar) in extensionTable where scalar.value < 0x100 {
            costs[Int(scalar.value)] = 2
        }
        return costs
    }()

    /// Septets of a scalar, 0 when the alphabet lacks it.
    ///
    /// The table is a parameter so that loops fetch the lazily made global once, not once a character.
    @inline(__always)
    static func cost(of scalar: Unicode.Scalar, latin costs: [UInt8]) -> Int {
        let value = scalar.value
        if value < 0x100 {
            return Int(costs[Int(value)])
        }
        switch scalar {
        case "Δ", "Φ", "Γ", "Λ", "Ω", "Π", "Ψ", "Σ", "Θ", "Ξ": return 1
        case "€": return 2
        default: return 0
        }
    }
}
