/// A text as the network will cut it: its encoding, its segments, and how full the last one is.
///
/// Every segment is paid for, so this is the price of a text. The cut is greedy, which is the fewest segments possible,
/// and it never parts an escape pair or a surrogate pair: a segment may therefore end one unit short.
///
/// Characters here are Unicode scalars, not Swift's `Character`: a line break `\r\n` is two septets although Swift sees
/// one character, and a cut may fall between a letter and the combining mark on it, or inside a flag or a family emoji.
/// That is harmless, since the phone joins the segments before it shows them, and keeping clusters whole would cost
/// segments. It also means that text which *looks* the same can cost more: `é` as one scalar is GSM-7, `e` followed by
/// U+0301 is not. See ``UzbekNormalizer``.
///
/// An empty text has no segments.
///
/// ```swift
/// let segmentation = Segmentation(of: "Sizning tasdiqlash kodingiz: 123456")
/// segmentation.encoding         // .gsm7
/// segmentation.segmentCount     // 1
/// segmentation.unitsLeft        // 125
/// ```
public struct Segmentation: Sendable, Hashable {
    /// One segment of a message.
    public struct Segment: Sendable, Hashable {
        /// The part of the text that this segment carries.
        public let text: Substring
        /// Where it stands in ``Segmentation/text``.
        public let range: Range<String.Index>
        /// Units it uses: septets or UTF-16 code units, without the header.
        public let units: Int
    }

    /// The text, unchanged.
    public let text: String
    /// The rules it was cut by.
    public let rules: SegmentationRules
    /// The encoding that the whole message needs.
    public let encoding: MessageEncoding
    /// Units of the whole text: septets or UTF-16 code units, without headers.
    public let units: Int

    /// Where each segment but the first begins: empty for the usual message, so that it costs no allocation.
    private let cuts: [String.Index]
    private let unitsInLast: Int

    /// Cuts a text into segments.
    ///
    /// - Parameters:
    ///   - text: The message, as it would be sent.
    ///   - rules: Capacities and the cost of extension characters.
    public init(of text: String, rules: SegmentationRules = .standard) {
        var text = text
        text.makeContiguousUTF8()
        let (encoding, units) = Self.measure(text, rules: rules)
        self.text = text
        self.rules = rules
        self.encoding = encoding
        self.units = units
        if units <= rules.capacity(for: encoding).single {
            cuts = []
            unitsInLast = units
        } else {
            (cuts, unitsInLast) = Self.cut(text, encoding: encoding, rules: rules)
        }
    }

    /// How many segments the message is: what it costs, in parts.
    public var segmentCount: Int { text.isEmpty ? 0 : cuts.count + 1 }

    /// Units that fit in each segment of this message: 160 or 70 when it is one, 153 or 67 when it is several.
    public var unitsPerSegment: Int {
        let capacity = rules.capacity(for: encoding)
        return cuts.isEmpty ? capacity.single : capacity.concatenated
    }

    /// Units still free in the last segment: how much longer the text may grow, in its encoding, at the same price.
    public var unitsLeft: Int { unitsPerSegment - unitsInLast }

    /// False when the message has more segments than can be sent as one.
    public var isWithinLimit: Bool { segmentCount <= rules.maximumSegments }

    /// The segments in order, whose texts joined are the text.
    public var segments: [Segment] {
        guard !text.isEmpty else { return [] }
        var segments: [Segment] = []
        segments.reserveCapacity(segmentCount)
        let costs = GSM7Alphabet.latinCosts
        var start = text.startIndex
        for end in cuts + [text.endIndex] {
            let part = text[start..<end]
            let units = part.unicodeScalars.reduce(0) {
                $0 + Self.units(of: $1, encoding: encoding, rules: rules, costs: costs)
            }
            segments.append(Segment(text: part, range: start..<end, units: units))
            start = end
        }
        return segments
    }

    /// The characters that force UCS-2, with their places; empty for a GSM-7 text.
    public var forcingScalars: [ForcingScalar] {
        encoding == .gsm7 ? [] : ForcingScalar.all(in: text)
    }

    private static func measure(_ text: String, rules: SegmentationRules) -> (encoding: MessageEncoding, units: Int) {
        let costs = GSM7Alphabet.latinCosts
        let extensionUnits = rules.extensionCost.units
        // Most messages are ASCII, where bytes are scalars and nothing needs decoding: several times as fast.
        let ascii = text.utf8.withContiguousStorageIfAvailable { bytes -> Int? in
            var septets = 0
            for byte in bytes {
                let cost = Int(costs[Int(byte)])
                guard byte < 0x80, cost != 0 else { return nil }
                septets += cost == 2 ? extensionUnits : cost
            }
            return septets
        }
        if let septets = ascii ?? nil {
            return (.gsm7, septets)
        }
        var septets = 0
        var codeUnits = 0
        var isGSM7 = true
        for scalar in text.unicodeScalars {
            codeUnits += scalar.value > 0xFFFF ? 2 : 1
            guard isGSM7 else { continue }
            let cost = GSM7Alphabet.cost(of: scalar, latin: costs)
            isGSM7 = cost != 0
            septets += cost == 2 ? extensionUnits : cost
        }
        return isGSM7 ? (.gsm7, septets) : (.ucs2, codeUnits)
    }

    private static func cut(
        _ text: String,
        encoding: MessageEncoding,
        rules: SegmentationRules
    ) -> (cuts: [String.Index], unitsInLast: Int) {
        let capacity = rules.capacity(for: encoding).concatenated
        let costs = GSM7Alphabet.latinCosts
        let scalars = text.unicodeScalars
        var cuts: [String.Index] = []
        var used = 0
        var index = scalars.startIndex
        while index != scalars.endIndex {
            let cost = units(of: scalars[index], encoding: encoding, rules: rules, costs: costs)
            if used + cost > capacity {
                cuts.append(index)
                used = 0
            }
            used += cost
            index = scalars.index(after: index)
        }
        return (cuts, used)
    }

    @inline(__always)
    private static func units(
        of scalar: Unicode.Scalar,
        encoding: MessageEncoding,
        rules: SegmentationRules,
        costs: [UInt8]
    ) -> Int {
        switch encoding {
        case .gsm7:
            let cost = GSM7Alphabet.cost(of: scalar, latin: costs)
            return cost == 2 ? rules.extensionCost.units : cost
        case .ucs2:
            return scalar.value > 0xFFFF ? 2 : 1
        }
    }
}

// A text may hold a one-time code, so neither printing nor dumping shows it: only its measures.

extension Segmentation: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The measures, never the text: for example `GSM-7, 1 segment, 35 units, 125 left`.
    public var description: String {
        "\(encoding), \(segmentCount) \(segmentCount == 1 ? "segment" : "segments"), \(units) units, \(unitsLeft) left"
    }

    /// The measures, never the text: ``description``.
    public var debugDescription: String { description }

    /// The measures, never the text.
    public var customMirror: Mirror {
        Mirror(
            self,
            children: [
                "encoding": encoding, "segmentCount": segmentCount, "units": units, "unitsLeft": unitsLeft,
            ]
        )
    }
}

extension Segmentation.Segment: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The size, never the text: for example `153 units`.
    public var description: String { "\(units) units" }

    /// The measures, never the text: ``description``.
    public var debugDescription: String { description }

    /// The size, never the text.
    public var customMirror: Mirror { Mirror(self, children: ["units": units]) }
}
