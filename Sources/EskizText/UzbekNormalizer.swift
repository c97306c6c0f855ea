/// Makes Uzbek Latin text cheap without changing what a reader sees: the apostrophes of oʻ and gʻ, typographic quotes,
/// dashes, ellipses and special spaces, each of which turns a whole message into UCS-2, become their plain forms.
///
/// ```swift
/// let message = UzbekNormalizer().normalize("Toʻlov qabul qilindi – rahmat…")
/// message.text             // Toʻlov → To'lov, – → -, … → ...
/// message.after.encoding   // .gsm7
/// message.segmentsSaved
/// ```
///
/// What it promises:
/// - Nothing that it does not know is touched: ğ, ş, Cyrillic and emoji stay, and the message goes as UCS-2. Nothing
///   ever becomes `?`.
/// - The result never needs more segments than the original (an ellipsis stays one character where three would).
/// - Normalising twice is normalising once, and a text that is GSM-7 already is returned as it is.
/// - What happens to a text does not depend on whether it pays: the fixed part of a template comes out the same whatever
///   name or number is filled in. For a decision by price see ``normalizeIfCheaper(_:)``.
///
/// A text with more Cyrillic letters than Latin ones keeps its typography: it is UCS-2 in any case, so plain quotes would
/// save nothing. Only what is invisible is done to it: zero-width characters go, and letters typed as letter and mark
/// (й, ё, ў) become one character.
///
/// Eskiz approves templates by their text, and whether it takes oʻ and o' for the same is unknown (`eskiz-api.md §8.2`):
/// submit the normalised form for approval.
public struct UzbekNormalizer: Sendable, Hashable {
    /// Whether `№` becomes `N`, which readers do see.
    public let replacesNumeroSign: Bool
    /// The rules that segments are counted by.
    public let rules: SegmentationRules

    /// A normaliser.
    ///
    /// - Parameters:
    ///   - replacesNumeroSign: Whether `№` becomes `N`. Off by default, because readers see it.
    ///   - rules: The rules that segments are counted by.
    public init(replacesNumeroSign: Bool = false, rules: SegmentationRules = .standard) {
        self.replacesNumeroSign = replacesNumeroSign
        self.rules = rules
    }

    /// Rewrites whatever is safe to rewrite.
    ///
    /// - Parameter text: The message as it was written.
    /// - Returns: Original and result, what was replaced, and what that saves.
    public func normalize(_ text: String) -> NormalizedMessage {
        let before = Segmentation(of: text, rules: rules)
        // Every character that we rewrite is outside GSM-7.
        guard before.encoding == .ucs2 else {
            return NormalizedMessage(before: before, after: before, replacements: [])
        }
        let full = rewritten(before, expandsEllipses: true)
        guard full.segmentsSaved < 0 else { return full }
        // One character for three is the only rewrite that can make a text longer.
        let compact = rewritten(before, expandsEllipses: false)
        return compact.segmentsSaved < 0 ? unchanged(before) : compact
    }

    /// Rewrites only if that saves at least one segment, and otherwise returns the text unchanged.
    ///
    /// Texts of one template may then come out differently, according to their length: prefer ``normalize(_:)`` where
    /// templates are approved in their normalised form.
    /// - Parameter text: The message as it was written.
    /// - Returns: Original and result, the same text if nothing would be saved.
    public func normalizeIfCheaper(_ text: String) -> NormalizedMessage {
        let message = normalize(text)
        return message.segmentsSaved > 0 ? message : unchanged(message.before)
    }

    private func unchanged(_ before: Segmentation) -> NormalizedMessage {
        NormalizedMessage(before: before, after: before, replacements: [])
    }

    private func rewritten(_ before: Segmentation, expandsEllipses: Bool) -> NormalizedMessage {
        var rewriting = Rewriting(
            of: before.text,
            replacesNumeroSign: replacesNumeroSign,
            expandsEllipses: expandsEllipses
        )
        rewriting.run()
        guard !rewriting.edits.isEmpty else { return unchanged(before) }
        return NormalizedMessage(
            before: before,
            after: Segmentation(of: rewriting.text, rules: rules),
            replacements: rewriting.replacements
        )
    }
}

/// One pass over a text.
///
/// Each scalar is judged by what stands before it in the *output* and after it in the input,
/// never by input that was rewritten: a second pass then judges alike.
private struct Rewriting {
    struct Edit {
        let from: String
        let to: String
        let offset: Int
    }

    private let input: [Unicode.Scalar]
    private let character: TextCharacter
    private let replacesNumeroSign: Bool
    private let expandsEllipses: Bool
    private var output: [Unicode.Scalar] = []
    /// Where in the input the last scalar of the output came from.
    private var lastOffset = 0
    private(set) var edits: [Edit] = []

    init(of text: String, replacesNumeroSign: Bool, expandsEllipses: Bool) {
        input = Array(text.unicodeScalars)
        character = TextCharacter(of: input)
        self.replacesNumeroSign = replacesNumeroSign
        self.expandsEllipses = expandsEllipses
        output.reserveCapacity(input.count)
    }

    var text: String { String(scalars: output) }

    /// The edits, grouped by kind.
    var replacements: [NormalizedMessage.Replacement] {
        var groups: [(from: String, to: String, offsets: [Int])] = []
        for edit in edits {
            // By scalars: to Swift's == a letter with its mark equals the composed letter.
            let index = groups.firstIndex {
                $0.from.unicodeScalars.elementsEqual(edit.from.unicodeScalars)
                    && $0.to.unicodeScalars.elementsEqual(edit.to.unicodeScalars)
            }
            if let index {
                groups[index].offsets.append(edit.offset)
            } else {
                groups.append((edit.from, edit.to, [edit.offset]))
            }
        }
        return groups.map { NormalizedMessage.Replacement(from: $0.from, to: $0.to, offsets: $0.offsets) }
    }

    mutating func run() {
        for (offset, scalar) in input.enumerated() {
            let isRewritten =
                !SafeRewrites.isPlain(scalar)
                && (handleInvisible(scalar, at: offset) || handleMark(scalar, at: offset)
                    || handleVisible(scalar, at: offset))
            if !isRewritten { emit(scalar, at: offset) }
        }
    }

    private mutating func handleInvisible(_ scalar: Unicode.Scalar, at offset: Int) -> Bool {
        if SafeRewrites.isInvisible(scalar) {
            replace(scalar, with: [], at: offset)
            return true
        }
        if SafeRewrites.isJoiner(scalar) {
            let next = offset + 1 < input.count ? input[offset + 1] : nil
            guard !SafeRewrites.minds(joiner: output.last), !SafeRewrites.minds(joiner: next) else { return false }
            replace(scalar, with: [], at: offset)
            return true
        }
        if SafeRewrites.isLeftToRightMark(scalar), !character.hasRightToLeft {
            replace(scalar, with: [], at: offset)
            return true
        }
        return false
    }

    private mutating func handleMark(_ scalar: Unicode.Scalar, at offset: Int) -> Bool {
        if let base = output.last, let composed = CanonicalComposition.compose(base, scalar) {
            output[output.count - 1] = composed
            edits.append(Edit(from: String(scalars: [base, scalar]), to: String(composed), offset: lastOffset))
            return true
        }
        if let single = CanonicalComposition.singleton(scalar) {
            replace(scalar, with: [single], at: offset)
            return true
        }
        return false
    }

    private mutating func handleVisible(_ scalar: Unicode.Scalar, at offset: Int) -> Bool {
        guard character.isLatin else { return false }
        if let plain = SafeRewrites.plain(for: scalar) {
            replace(scalar, with: [plain], at: offset)
        } else if SafeRewrites.isCombiningApostrophe(scalar, after: output.last) {
            replace(scalar, with: ["'"], at: offset)
        } else if scalar == "\u{2026}", expandsEllipses {
            replace(scalar, with: [".", ".", "."], at: offset)
        } else if scalar == "\u{2116}", replacesNumeroSign {
            replace(scalar, with: ["N"], at: offset)
        } else {
            return false
        }
        return true
    }

    private mutating func emit(_ scalar: Unicode.Scalar, at offset: Int) {
        output.append(scalar)
        lastOffset = offset
    }

    private mutating func replace(_ scalar: Unicode.Scalar, with scalars: [Unicode.Scalar], at offset: Int) {
        edits.append(Edit(from: String(scalar), to: String(scalars: scalars), offset: offset))
        for scalar in scalars { emit(scalar, at: offset) }
    }
}

/// What decides, for a text as a whole, which rewrites are safe.
///
/// No rewrite changes it.
private struct TextCharacter {
    /// At least as many Latin letters as Cyrillic ones.
    private(set) var isLatin: Bool
    private(set) var hasRightToLeft = false

    init(of scalars: [Unicode.Scalar]) {
        var balance = 0
        for scalar in scalars {
            switch scalar {
            // Kelvin and ångström are counted as the letters they become.
            case "A"..."Z", "a"..."z", "\u{C0}"..."\u{24F}", "\u{212A}", "\u{212B}": balance += 1
            case "\u{0400}"..."\u{052F}": balance -= 1
            default: if SafeRewrites.isRightToLeft(scalar) { hasRightToLeft = true }
            }
        }
        isLatin = balance >= 0
    }
}

extension String {
    fileprivate init(scalars: [Unicode.Scalar]) {
        // By way of UTF-8, which is several times faster than appending to a string scalar by scalar.
        var bytes: [UInt8] = []
        bytes.reserveCapacity(scalars.count)
        for scalar in scalars {
            if scalar.isASCII {
                bytes.append(UInt8(truncatingIfNeeded: scalar.value))
            } else {
                bytes.append(contentsOf: scalar.utf8)
            }
        }
        self.init(decoding: bytes, as: UTF8.self)
    }
}
