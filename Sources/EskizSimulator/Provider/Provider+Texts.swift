import EskizText

extension Provider {
    // MARK: check (`eskiz-api.md` §5.2)

    mutating func check(_ fields: Fields, account: Account) -> Answer {
        guard let text = fields.nonEmpty("message") else { return refusal("message is invalid") }
        let parts = MessageParts(of: text)
        let template = approvedTemplate(for: text, account: account)
        let isAd = template?.status == .reklama
        let keyword = forbiddenWord(in: text)
        let isAllowed =
            switch role(of: account) {
            case .test: TestTexts.all.contains(text)
            case .user: behaviour.userTexts == .any || template != nil
            }
        return .json([
            "status": "success",
            "data": [
                "user_id": .int(account.id),
                "info": .array(
                    Operator.all.map {
                        [
                            "smsc": .int($0.id), "is_ad": .bool(isAd),
                            "price": .int($0.pricePerPart(isAd: isAd) * parts.count), "is_error": false, "error": "",
                        ]
                    }
                ),
                "forbidden": .bool(keyword != nil),
                "keywords": keyword.map { .array([.string($0)]) } ?? .null,
                "can_send": .bool(isAllowed && keyword == nil),
                "bytes_count": .int(text.utf8.count), "chars_count": .int(text.unicodeScalars.count),
                "parts_count": .int(parts.count),
            ],
            "id": .null,
        ])
    }

    // MARK: normalizer (`eskiz-api.md` §5.1)

    mutating func normalize(_ fields: Fields) -> Answer {
        guard let text = fields.nonEmpty("message") else { return refusal("message is invalid") }
        var special: [JSON] = []
        var recommendations: [JSON] = []
        var normalized = ""
        // `position` counts UTF-8 bytes.
        var position = 0
        for scalar in text.unicodeScalars {
            if Transliteration.isSpecial(scalar) {
                let replacement = Transliteration.replacement(for: scalar)
                let hex = String(scalar.value, radix: 16, uppercase: true)
                special.append([
                    "position": .int(position),
                    "code": .string("0x" + String(repeating: "0", count: max(0, 4 - hex.count)) + hex),
                    "char": .string(String(scalar)),
                ])
                recommendations.append(["from": .string(String(scalar)), "to": .string(replacement)])
                normalized += replacement
            } else {
                normalized.unicodeScalars.append(scalar)
            }
            position += UTF8.width(scalar)
        }
        return .json([
            "special_characters": .array(special), "recommendations": .array(recommendations),
            "message": .string(normalized),
        ])
    }
}

/// What the provider's normalizer makes of a character that costs more.
///
/// It looks like `unidecode`: a Chinese character becomes a syllable with a trailing space, an unknown one `[?]`
/// (`eskiz-api.md` §5.1). Only the characters that people in Uzbekistan write, and a few for show, are in this table.
enum Transliteration {
    /// Outside the basic GSM alphabet: it forces UCS-2, or is in the extension table and costs two septets.
    static func isSpecial(_ scalar: Unicode.Scalar) -> Bool {
        extensionTable.contains(scalar) || !GSM7Alphabet.contains(scalar)
    }

    static func replacement(for scalar: Unicode.Scalar) -> String {
        if let known = table[scalar] { return known }
        // A capital letter follows its small one.
        let lower = scalar.properties.lowercaseMapping.unicodeScalars
        if lower.count == 1, let small = lower.first, small != scalar, let known = table[small] {
            return known.prefix(1).uppercased() + known.dropFirst()
        }
        return "[?]"
    }

    private static let extensionTable: Set<Unicode.Scalar> = ["^", "{", "}", "[", "]", "~", "|", "\\", "€", "\u{0C}"]

    private static let table: [Unicode.Scalar: String] = [
        "€": "EU", "|": ":", "^": "'", "{": "(", "}": ")", "[": "(", "]": ")", "~": "-", "\\": "/", "`": "'",
        "‘": "'", "’": "'", "ʻ": "'", "ʼ": "'", "′": "'", "“": "\"", "”": "\"", "„": "\"", "«": "\"", "»": "\"",
        "–": "-", "—": "-", "‑": "-", "…": "...", "№": "No", "\u{A0}": " ", "\u{200B}": "", "•": "*", "×": "x",
        "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z", "и": "i",
        "й": "i", "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t",
        "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "'", "ы": "y", "ь": "'",
        "э": "e", "ю": "iu", "я": "ia", "ў": "o'", "қ": "q", "ғ": "g'", "ҳ": "h", "җ": "dz", "ә": "a",
        "世": "Shi ", "界": "Jie ", "中": "Zhong ", "文": "Wen ", "你": "Ni ", "好": "Hao ",
        "ç": "c", "ğ": "g", "ş": "s", "ı": "i", "â": "a", "ê": "e", "î": "i", "ô": "o", "û": "u", "á": "a",
        "í": "i", "ó": "o", "ú": "u", "ã": "a", "õ": "o", "č": "c", "š": "s", "ž": "z",
    ]
}
