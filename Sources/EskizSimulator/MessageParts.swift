/// How the provider would cut and encode a text: the one place that counts parts.
struct MessageParts: Sendable, Equatable {
    /// `0` GSM 03.38, `1` ASCII, `8` UCS-2 (`eskiz-api.md` §6.1).
    let encoding: Int
    /// How many parts are charged; at least one.
    let count: Int

    init(of text: String) {
        let isASCII = text.utf8.allSatisfy { $0 < 0x80 }
        let isGSM = isASCII || text.unicodeScalars.allSatisfy { Self.gsmAlphabet.contains($0) }
        encoding = isASCII ? 1 : isGSM ? 0 : 8
        // The cabinet counts a character of the extension table as one (`eskiz-api.md` §8.4).
        let units = isGSM ? text.unicodeScalars.count : text.utf16.count
        let (single, joined) = isGSM ? (160, 153) : (70, 67)
        count = units <= single ? 1 : (units + joined - 1) / joined
    }

    /// GSM 03.38, basic and extension table, besides ASCII.
    static let gsmAlphabet: Set<Unicode.Scalar> = Set(
        "@£$¥èéùìòÇØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ ¡ÄÖÑÜ§¿äöñüà€".unicodeScalars
    ).union((0..<0x80).map { Unicode.Scalar($0) })
}
