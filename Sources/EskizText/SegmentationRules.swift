/// How much fits in a segment, and what an extension character costs.
///
/// A segment carries 140 octets (3GPP TS 23.040). A longer text is concatenated: each segment then spends some octets on
/// a header that says which part of which message it is. All numbers here follow from that, see ``init(header:extensionCost:maximumSegments:)``.
///
/// ```swift
/// Segmentation(of: text)                                            // SegmentationRules.standard
/// Segmentation(of: text, rules: .cabinet)                           // what Eskiz's cabinet would say
/// Segmentation(of: text, rules: SegmentationRules(header: .sixteenBitReference))
/// ```
public struct SegmentationRules: Sendable, Hashable {
    /// Units that fit in one segment: septets for GSM-7, UTF-16 code units for UCS-2.
    public struct Capacity: Sendable, Hashable {
        /// Units of a message that is one segment.
        public let single: Int
        /// Units of each segment of a message that is several.
        public let concatenated: Int

        /// A capacity measured elsewhere, for example on invoices; `nil` unless `2 <= concatenated <= single`.
        ///
        /// An escape pair or a surrogate pair must fit, and a header never makes room.
        /// - Parameters:
        ///   - single: Units of a message that is one segment.
        ///   - concatenated: Units of each segment of a longer message.
        public init?(single: Int, concatenated: Int) {
            guard concatenated >= 2, single >= concatenated else { return nil }
            self.init(trustedSingle: single, concatenated: concatenated)
        }

        init(trustedSingle single: Int, concatenated: Int) {
            self.single = single
            self.concatenated = concatenated
        }
    }

    /// The concatenation header, by the size of its reference number.
    public enum Header: Sendable, Hashable, CaseIterable {
        /// An 8-bit reference, 6 octets: 153 septets or 67 UTF-16 units are left. What almost everybody sends.
        case eightBitReference
        /// A 16-bit reference, 7 octets: 152 septets or 66 UTF-16 units are left.
        case sixteenBitReference

        /// Octets that the header takes from each segment.
        public var octets: Int {
            switch self {
            case .eightBitReference: 6
            case .sixteenBitReference: 7
            }
        }
    }

    /// What a character of the extension table counts.
    public enum ExtensionCost: Sendable, Hashable, CaseIterable {
        /// Two septets, which is what travels (3GPP TS 23.038): escape and character.
        case escapePair
        /// One, as Eskiz's cabinet counts (`eskiz-api.md §8.4`).
        case one

        /// The number of units.
        public var units: Int {
            switch self {
            case .escapePair: 2
            case .one: 1
            }
        }
    }

    /// What fits when the text is GSM-7.
    public let gsm7: Capacity
    /// What fits when the text is UCS-2.
    public let ucs2: Capacity
    /// What a character of the GSM-7 extension table costs.
    public let extensionCost: ExtensionCost
    /// The longest message that can be sent, in segments.
    public let maximumSegments: Int

    /// Rules that follow from the size of the concatenation header.
    ///
    /// 140 octets are 160 septets or 70 UTF-16 units; what a header of *h* octets leaves is `(140 - h) * 8 / 7` septets
    /// or `(140 - h) / 2` units, rounded down.
    /// - Parameters:
    ///   - header: The header that several segments carry.
    ///   - extensionCost: What `^ { } \ [ ~ ] | €` and form feed cost.
    ///   - maximumSegments: The longest message that can be sent; the header numbers 255 segments at most.
    public init(
        header: Header = .eightBitReference,
        extensionCost: ExtensionCost = .escapePair,
        maximumSegments: Int = 255
    ) {
        let octets = 140
        let left = octets - header.octets
        self.init(
            gsm7: Capacity(trustedSingle: octets * 8 / 7, concatenated: left * 8 / 7),
            ucs2: Capacity(trustedSingle: octets / 2, concatenated: left / 2),
            extensionCost: extensionCost,
            maximumSegments: maximumSegments
        )
    }

    /// Rules with capacities of your own, for example 140/134 on a link that sends Latin text as 8-bit data.
    ///
    /// - Parameters:
    ///   - gsm7: What fits when the text is GSM-7.
    ///   - ucs2: What fits when the text is UCS-2.
    ///   - extensionCost: What a character of the extension table costs.
    ///   - maximumSegments: The longest message that can be sent, in segments.
    public init(
        gsm7: Capacity,
        ucs2: Capacity,
        extensionCost: ExtensionCost = .escapePair,
        maximumSegments: Int = 255
    ) {
        self.gsm7 = gsm7
        self.ucs2 = ucs2
        self.extensionCost = extensionCost
        self.maximumSegments = maximumSegments
    }

    /// What travels on the air: 160/153 septets, 70/67 UTF-16 units, extension characters as escape pairs.
    public static let standard = SegmentationRules()

    /// What Eskiz's cabinet shows: the same capacities, but an extension character counts one, and 8 segments at most.
    ///
    /// Whether the gateway bills this count or the standard one is unknown (`eskiz-api.md §8.4`). The two differ only
    /// for texts with extension characters; ``standard`` never counts less, so it is the default.
    public static let cabinet = SegmentationRules(extensionCost: .one, maximumSegments: 8)

    /// What fits in a segment of an encoding.
    ///
    /// - Parameter encoding: The encoding of the whole message.
    /// - Returns: Septets or UTF-16 code units.
    public func capacity(for encoding: MessageEncoding) -> Capacity {
        switch encoding {
        case .gsm7: gsm7
        case .ucs2: ucs2
        }
    }
}
