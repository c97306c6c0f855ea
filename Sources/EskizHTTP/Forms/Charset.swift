/// A character encoding that the clients of Eskiz's API write their forms in.
///
/// Anything else is refused by name: bytes that are read wrongly would be sent, and paid, as question marks.
package enum Charset: String, Sendable, Hashable, CaseIterable {
    case utf8 = "utf-8"
    case windows1251 = "windows-1251"
    case latin1 = "iso-8859-1"

    /// A name as `charset=` has it, in any case.
    package init?(name: some StringProtocol) {
        switch name.lowercased() {
        // US-ASCII is a part of UTF-8, and what somebody wrote beyond it is looked at as such.
        case "utf-8", "utf8", "us-ascii", "ascii": self = .utf8
        case "windows-1251", "cp1251", "cp-1251", "x-cp1251", "win1251": self = .windows1251
        case "iso-8859-1", "iso8859-1", "iso_8859-1", "latin1", "l1": self = .latin1
        default: return nil
        }
    }

    /// The text that some bytes are; nil where they are none in this encoding.
    package func text(of bytes: some Collection<UInt8>) -> String? {
        switch self {
        case .utf8:
            return String(validating: bytes, as: UTF8.self)
        case .latin1:
            var text = String.UnicodeScalarView()
            for byte in bytes { text.append(Unicode.Scalar(byte)) }
            return String(text)
        case .windows1251:
            var text = String.UnicodeScalarView()
            for byte in bytes {
                guard let scalar = Self.cyrillic(byte) else { return nil }
                text.append(scalar)
            }
            return String(text)
        }
    }

    /// 0x80 to 0xBF of windows-1251; above are the Russian letters in the order of the alphabet.
    ///
    /// 0x98 is not a character.
    private static let upperHalf: [Unicode.Scalar] = Array(
        "ЂЃ‚ѓ„…†‡€‰Љ‹ЊЌЋЏђ‘’“”•–—\u{98}™љ›њќћџ\u{A0}ЎўЈ¤Ґ¦§Ё©Є«¬\u{AD}®Ї°±Ііґµ¶·ё№є»јЅѕї".unicodeScalars
    )

    private static func cyrillic(_ byte: UInt8) -> Unicode.Scalar? {
        switch byte {
        case ..<0x80: Unicode.Scalar(byte)
        case 0x98: nil
        case ..<0xC0: upperHalf[Int(byte) - 0x80]
        default: Unicode.Scalar(UInt32(0x410) + UInt32(byte - 0xC0))
        }
    }
}
