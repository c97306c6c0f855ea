/// A run of letters and digits in a text, and what stands before and after it.
struct CodeWord {
    /// As it is written.
    let text: String
    /// In small letters, with every apostrophe alike.
    let folded: String
    /// What stands between the word before and this one.
    let gap: String
    /// What stands between this word and the next one.
    var tail = ""

    var isNumber: Bool { text.utf8.allSatisfy { (0x30...0x39).contains($0) } }
    var isCapitalLatin: Bool { text.utf8.allSatisfy { (0x41...0x5A).contains($0) } }

    /// Capital Latin letters and digits, some of both.
    var isMixed: Bool {
        let digits = text.utf8.count { (0x30...0x39).contains($0) }
        let letters = text.utf8.count { (0x41...0x5A).contains($0) }
        return digits > 0 && letters > 0 && digits + letters == text.utf8.count
    }

    /// A sentence ends behind it.
    var endsSentence: Bool {
        tail.contains { $0 == "!" || $0 == "?" || $0 == "\n" || $0 == "\r\n" || $0 == "…" || $0 == ";" }
            || (tail.hasPrefix(".") && tail.count > 1)
    }

    static func words(of text: String) -> [CodeWord] {
        var words: [CodeWord] = []
        var word = ""
        var gap = ""
        func finish() {
            guard !word.isEmpty else { return }
            if !words.isEmpty { words[words.count - 1].tail = gap }
            words.append(CodeWord(text: word, folded: fold(word), gap: gap))
            word = ""
            gap = ""
        }
        for character in text {
            // An apostrophe inside a word is a letter: so'm, to'lov.
            let isApostrophe = Self.apostrophes.contains(character)
            if character.isLetter || character.isNumber || (isApostrophe && word.last?.isLetter == true) {
                word.append(character)
            } else {
                finish()
                gap.append(character)
            }
        }
        finish()
        if !words.isEmpty { words[words.count - 1].tail = gap }
        return words
    }

    private static let apostrophes: Set<Character> = ["'", "\u{2018}", "\u{2019}", "\u{02BB}", "\u{02BC}", "`"]

    private static func fold(_ word: String) -> String {
        var folded = ""
        for character in word.lowercased() { folded.append(apostrophes.contains(character) ? "'" : character) }
        while folded.last == "'" { folded.removeLast() }
        return folded
    }
}
