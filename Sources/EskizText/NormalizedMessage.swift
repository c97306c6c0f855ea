/// A text before and after normalisation, what was replaced, and what that saves.
///
/// Keep ``original`` for whoever wrote it, send ``text``.
public struct NormalizedMessage: Sendable, Hashable {
    /// One kind of replacement, and everywhere it was made.
    public struct Replacement: Sendable, Hashable, CustomStringConvertible {
        /// What stood in the original: one scalar, or a letter and its combining mark.
        public let from: String
        /// What stands there now; empty when it was removed.
        public let to: String
        /// Where, as numbers of Unicode scalars before each place in the original, ascending.
        public let offsets: [Int]

        /// How many times.
        public var count: Int { offsets.count }

        /// Code points and count, for example `U+02BB -> U+0027, 2 times`.
        public var description: String {
            let places = count == 1 ? "once" : "\(count) times"
            return "\(Self.codePoints(of: from)) -> \(to.isEmpty ? "nothing" : Self.codePoints(of: to)), \(places)"
        }

        private static func codePoints(of text: String) -> String {
            text.unicodeScalars.map(\.codePoint).joined(separator: " ")
        }
    }

    /// The original, cut into segments.
    public let before: Segmentation
    /// The normalised text, cut into segments: never more than ``before``.
    public let after: Segmentation
    /// What was replaced, by kind, in order of first appearance; empty when nothing was.
    public let replacements: [Replacement]

    /// The text as it came.
    public var original: String { before.text }

    /// The text to send.
    public var text: String { after.text }

    /// True when ``text`` differs from ``original``.
    ///
    /// Do not compare the two with `==`: to Swift, `é` in one scalar and in two are equal strings, but not equally cheap.
    public var isChanged: Bool { !replacements.isEmpty }

    /// How many places were replaced, over all kinds.
    public var replacementCount: Int { replacements.reduce(0) { $0 + $1.count } }

    /// Segments saved.
    public var segmentsSaved: Int { before.segmentCount - after.segmentCount }

    /// Segments saved, in whole percent of what the original needs: 67 for one instead of three.
    public var percentSaved: Int {
        guard before.segmentCount > 0 else { return 0 }
        return (segmentsSaved * 200 + before.segmentCount) / (before.segmentCount * 2)
    }
}

extension NormalizedMessage: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The measures, never the text: for example `3 replacements, UCS-2 3 segments -> GSM-7 1 segment`.
    public var description: String {
        let places = replacementCount == 1 ? "1 replacement" : "\(replacementCount) replacements"
        return "\(places), \(Self.price(of: before)) -> \(Self.price(of: after))"
    }

    /// The measures, never the text: ``description``.
    public var debugDescription: String { description }

    /// The measures, never the text.
    public var customMirror: Mirror {
        Mirror(self, children: ["replacementCount": replacementCount, "before": before, "after": after])
    }

    private static func price(of segmentation: Segmentation) -> String {
        let count = segmentation.segmentCount
        return "\(segmentation.encoding) \(count) \(count == 1 ? "segment" : "segments")"
    }
}
