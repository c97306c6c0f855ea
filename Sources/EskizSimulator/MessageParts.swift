import EskizText

/// How the provider would cut and encode a text: the one place that says what is charged.
struct MessageParts: Sendable, Equatable {
    /// `0` GSM 03.38, `1` ASCII, `8` UCS-2 (`eskiz-api.md` §6.1).
    let encoding: Int
    /// How many parts are charged; at least one.
    let count: Int

    init(of text: String) {
        // The cabinet counts a character of the extension table as one (`eskiz-api.md` §8.4).
        let segmentation = Segmentation(of: text, rules: .cabinet)
        count = max(1, segmentation.segmentCount)
        switch segmentation.encoding {
        case .ucs2: encoding = 8
        case .gsm7: encoding = text.utf8.allSatisfy { $0 < 0x80 } ? 1 : 0
        }
    }
}
