import EskizTestSupport

/// Texts that mix everything the rules know with much that they do not.
struct TextGenerator {
    private static let pools: [[Unicode.Scalar]] = [
        Array("abcdefghijklmnopqrstuvwxyzOGCNAKE 0123456789.,!?".unicodeScalars),
        Array("^{}\\[~]|€\u{0C}".unicodeScalars),
        Array("@£¥èéùìòÇØøÅåΔΦΩæßÉ¤¡Äö§¿\r\n".unicodeScalars),
        Array("\u{02BB}\u{02BC}\u{2018}\u{2019}\u{201B}\u{02B9}\u{2032}\u{00B4}\u{0060}".unicodeScalars),
        Array("“”„«»‚–—−…№\t\u{A0}\u{202F}\u{2028}".unicodeScalars),
        Array("\u{200B}\u{200C}\u{200D}\u{FEFF}\u{2060}\u{AD}\u{200E}\u{202A}\u{202C}".unicodeScalars),
        Array("\u{0300}\u{0301}\u{0303}\u{0306}\u{0308}\u{030A}\u{0312}\u{0315}\u{0327}\u{0323}".unicodeScalars),
        Array("абвгдеёўқғҳжзИУЕщы".unicodeScalars),
        Array("😀👩\u{FE0F}\u{2764}🇺🇿漢".unicodeScalars),
        Array("\u{212A}\u{212B}\u{2126}\u{037E}\u{1FEF}\u{1FFD}ğşıçÑ".unicodeScalars),
        Array("אبس\u{202E}\u{2067}".unicodeScalars),
    ]

    var random: SeededGenerator

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
    }

    /// A text of up to `length` scalars, from one pool or several.
    mutating func text(upTo length: Int) -> String {
        let chosen = (0..<Int.random(in: 1...4, using: &random)).map { _ in
            Self.pools[Int.random(in: 0..<Self.pools.count, using: &random)]
        }
        let plain = Self.pools[0]
        let rarity = Int.random(in: 1...12, using: &random)
        var view = String.UnicodeScalarView()
        for _ in 0..<Int.random(in: 0...length, using: &random) {
            let isRare = Int.random(in: 0..<rarity, using: &random) == 0
            let pool = isRare ? chosen[Int.random(in: 0..<chosen.count, using: &random)] : plain
            view.append(pool[Int.random(in: 0..<pool.count, using: &random)])
        }
        return String(view)
    }
}

extension String {
    /// The scalars, to compare texts by: Swift's `==` takes `é` in one scalar and in two for the same.
    var scalars: [Unicode.Scalar] { Array(unicodeScalars) }
}
