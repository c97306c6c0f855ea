/// Finds the one-time code in a text, for tests and for the inbox.
///
/// A code is a number of 4 to 8 digits, or groups of 2 or 3 digits joined by `-` or one space. The one nearest to a word
/// that announces a code wins, before or after it; next to such a word three digits, and capital letters with digits, are
/// a code too. Without such a word it is the first number. Dates, sums, phones, order numbers and amounts are none.
/// What WebOTP asks for, a last line of `@example.test #123456`, says which it is.
enum CodeFinder {
    static func code(in text: String) -> String? {
        if let bound = boundCode(in: text) { return bound }
        let words = CodeWord.words(of: text)
        let candidates = CodeCandidate.all(in: words)
        let announcements = words.indices.filter { CodeVocabulary.announces(words, at: $0) }
        guard !announcements.isEmpty else { return candidates.first { $0.standsAlone }?.code }
        let ranked = candidates.compactMap { candidate -> (code: String, distance: Int)? in
            let distance = announcements.map { Self.distance(from: $0, to: candidate, in: words) }.min() ?? Int.max
            guard candidate.standsAlone || distance <= Self.reach else { return nil }
            return (candidate.code, distance)
        }
        // The first of two that are equally near.
        return ranked.enumerated().min { ($0.element.distance, $0.offset) < ($1.element.distance, $1.offset) }?
            .element.code
    }

    /// So near a word must stand to make a code of what would be none elsewhere: in tenths of a word.
    private static let reach = 40

    /// In tenths of a word; before the word is a little farther than after it, and another sentence is far.
    private static func distance(from word: Int, to candidate: CodeCandidate, in words: [CodeWord]) -> Int {
        let isBefore = candidate.range.upperBound <= word
        let between =
            isBefore ? candidate.range.upperBound..<word : (word + 1)..<max(word + 1, candidate.range.lowerBound)
        let start = isBefore ? candidate.range.upperBound - 1 : word
        let ends = words[start..<between.upperBound].count { $0.endsSentence }
        return between.count * 10 + (isBefore ? 5 : 0) + ends * 60
    }

    /// The code of `@host #code` in the last line (the format of origin-bound codes, WICG).
    private static func boundCode(in text: String) -> String? {
        guard let line = text.split(whereSeparator: \.isNewline).last, line.hasPrefix("@") else { return nil }
        let parts = line.split(separator: " ")
        guard parts.count >= 2, parts[1].hasPrefix("#") else { return nil }
        let code = parts[1].dropFirst()
        return code.isEmpty ? nil : String(code)
    }
}

/// A number or a mixed word that may be the code, and the words it takes.
struct CodeCandidate {
    let code: String
    let range: Range<Int>
    /// Good enough where no word announces it.
    let standsAlone: Bool

    static func all(in words: [CodeWord]) -> [CodeCandidate] {
        var found: [CodeCandidate] = []
        var index = 0
        while index < words.count {
            guard let (code, end, standsAlone) = read(words, at: index) else {
                index += 1
                continue
            }
            let range = index..<end
            let isPossible = standsAlone || code.count == 3 || !words[index].isNumber
            if isPossible, !CodeVocabulary.isSomethingElse(words, range) {
                found.append(CodeCandidate(code: code, range: range, standsAlone: standsAlone))
            }
            index = end
        }
        return found
    }

    private static func read(_ words: [CodeWord], at index: Int) -> (code: String, end: Int, standsAlone: Bool)? {
        let word = words[index]
        if word.isNumber {
            // Groups of one length: 123 456, 12-34-56.
            var end = index + 1
            if (2...3).contains(word.text.count) {
                while end < words.count, words[end].isNumber, words[end].text.count == word.text.count,
                    [" ", "-"].contains(words[end].gap)
                {
                    end += 1
                }
            }
            let digits = words[index..<end].map(\.text).joined()
            // Groups that are no code together are none one by one.
            return (digits, end, (4...8).contains(digits.count))
        }
        // G-482913: the letter is the sender's, the number is the code.
        if word.text.count == 1, word.isCapitalLatin, index + 1 < words.count, words[index + 1].gap == "-",
            words[index + 1].isNumber, (4...8).contains(words[index + 1].text.count)
        {
            return (words[index + 1].text, index + 2, true)
        }
        return word.isMixed && (4...10).contains(word.text.count) ? (word.text, index + 1, false) : nil
    }
}
