/// How a text travels: seven bits a character, or sixteen.
public enum MessageEncoding: String, Sendable, Hashable, CaseIterable, CustomStringConvertible {
    /// The GSM 7-bit default alphabet: units are septets, 160 in a single message.
    case gsm7
    /// UCS-2, in practice UTF-16: units are 16-bit code units, 70 in a single message.
    case ucs2

    /// The cheapest encoding that can carry a text unchanged.
    ///
    /// - Parameter text: The message, as it would be sent.
    public init(for text: String) {
        let costs = GSM7Alphabet.latinCosts
        self = text.unicodeScalars.allSatisfy { GSM7Alphabet.cost(of: $0, latin: costs) != 0 } ? .gsm7 : .ucs2
    }

    /// The SMPP `data_coding` value, which is also what Eskiz reports as `encoding`: 0 or 8.
    ///
    /// Eskiz's own value 1 (ASCII) has no case: which texts get it, and how they are counted, is undocumented.
    public var dataCoding: Int {
        switch self {
        case .gsm7: 0
        case .ucs2: 8
        }
    }

    /// The name people know: `GSM-7` or `UCS-2`.
    public var description: String {
        switch self {
        case .gsm7: "GSM-7"
        case .ucs2: "UCS-2"
        }
    }
}

/// A character that GSM-7 lacks, and that therefore sends its whole message as UCS-2.
public struct ForcingScalar: Sendable, Hashable, CustomStringConvertible {
    /// The character.
    public let scalar: Unicode.Scalar
    /// Where it stands: the number of Unicode scalars before it.
    public let offset: Int
    /// Where it stands in UTF-8: the number of bytes before it, which is how Eskiz's normaliser counts
    /// (`eskiz-api.md §5.1`).
    public let utf8Offset: Int

    /// Every character of a text that GSM-7 lacks, in order.
    ///
    /// ```swift
    /// ForcingScalar.all(in: "soʻm")    // [U+02BB at 2]
    /// ```
    /// - Parameter text: The message.
    /// - Returns: An empty array when the text fits GSM-7.
    public static func all(in text: String) -> [ForcingScalar] {
        let costs = GSM7Alphabet.latinCosts
        var found: [ForcingScalar] = []
        var offset = 0
        var utf8Offset = 0
        for scalar in text.unicodeScalars {
            if GSM7Alphabet.cost(of: scalar, latin: costs) == 0 {
                found.append(ForcingScalar(scalar: scalar, offset: offset, utf8Offset: utf8Offset))
            }
            offset += 1
            utf8Offset += UTF8.width(scalar)
        }
        return found
    }

    /// The code point and its place, for example `U+02BB at 2`.
    public var description: String { "\(scalar.codePoint) at \(offset)" }
}

extension Unicode.Scalar {
    /// The code point as the standard writes it: `U+` and four to six upper-case digits.
    ///
    /// Sentences name characters this way because the character itself may be invisible, or end the line.
    var codePoint: String {
        let digits = String(value, radix: 16, uppercase: true)
        return "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}

extension UTF8 {
    /// Bytes that a scalar takes.
    @inline(__always)
    fileprivate static func width(_ scalar: Unicode.Scalar) -> Int {
        switch scalar.value {
        case ..<0x80: 1
        case ..<0x800: 2
        case ..<0x10000: 3
        default: 4
        }
    }
}
