/// A text that moderators have been asked to approve (`eskiz-api.md` §7, §8.2).
struct Template: Sendable {
    enum Status: String, CaseIterable, Sendable {
        case moderation
        /// Spelt as the provider spells it.
        case inProcess = "inproccess"
        case service
        case reklama
        case rejected

        var isApproved: Bool { self == .service || self == .reklama }
    }

    let id: Int
    let accountID: Int
    let originalText: String
    /// Empty until a moderator publishes the masked text.
    var maskedText = ""
    var status = Status.moderation

    /// Publishes a verdict; an approved text without a mask of its own gets every run of digits masked.
    mutating func settle(_ status: Status, maskedText: String?) {
        self.status = status
        if status.isApproved { self.maskedText = maskedText ?? TextMask.masking(originalText) }
    }
}

/// Matches a text against an approved one, apart from the masked parts.
///
/// How the provider writes and folds its masks is not established (`eskiz-api.md` §8.2). Here `%d` stands for one or
/// more digits and `%w` for one or more characters that are no white space; everything else must be equal, white space
/// and apostrophes included.
struct TextMask: Sendable, Equatable {
    private enum Piece: Sendable, Equatable {
        case literal(Character)
        case digits
        case word

        func accepts(_ character: Character) -> Bool {
            switch self {
            case .literal(let wanted): character == wanted
            case .digits: character.isASCII && character.isNumber
            case .word: !character.isWhitespace
            }
        }

        var repeats: Bool { self == .digits || self == .word }
    }

    private let pieces: [Piece]

    init(_ text: String) {
        var pieces: [Piece] = []
        var rest = Substring(text)
        while let first = rest.first {
            if rest.hasPrefix("%d") || rest.hasPrefix("%w") {
                pieces.append(rest.hasPrefix("%d") ? .digits : .word)
                rest = rest.dropFirst(2)
            } else {
                pieces.append(.literal(first))
                rest = rest.dropFirst()
            }
        }
        self.pieces = pieces
    }

    /// Every state the pieces can be in after each character, so that no text takes exponential time.
    func matches(_ text: String) -> Bool {
        var states: Set<Int> = [0]
        for character in text {
            var next: Set<Int> = []
            for state in states {
                if state < pieces.count, pieces[state].accepts(character) {
                    next.insert(state + 1)
                }
                // A repeating piece that has taken one may take another.
                if state > 0, pieces[state - 1].repeats, pieces[state - 1].accepts(character) { next.insert(state) }
            }
            states = next
            if states.isEmpty { return false }
        }
        return states.contains(pieces.count)
    }

    /// What a moderator might publish for a real text: every run of digits masked.
    static func masking(_ text: String) -> String {
        var masked = ""
        var inDigits = false
        for character in text {
            let isDigit = character.isASCII && character.isNumber
            if isDigit {
                if !inDigits { masked += "%d" }
            } else {
                masked.append(character)
            }
            inDigits = isDigit
        }
        return masked
    }
}
