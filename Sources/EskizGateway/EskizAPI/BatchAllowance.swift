import EskizText

/// How large the body of a batch may grow, by the messages that have come so far.
///
/// A limit in bytes alone would refuse mailings that the limit of their count allows: Cyrillic takes six bytes a letter as PHP
/// escapes it. So each message that begins brings room for one more, up to as many as a batch may have. Messages are counted
/// by their opening braces, escaped ones of a form too; a brace in a text brings a little too much room, which does no harm.
struct BatchAllowance: Sendable {
    /// What a body without messages may have.
    static let base = 1 << 20

    private let perMessage: Int
    private var messages = 0
    private var count = 0
    /// The last bytes of the part before: an escaped brace may be cut in two.
    private var tail: [UInt8] = []

    init(_ rules: MessageTextRules) {
        // A letter is six bytes at most, escaped, and its segment has 153 at most; beside the text stand phone and number.
        perMessage = rules.maximumSegments * 153 * 6 + 1_024
    }

    /// Adds what has come.
    ///
    /// - Returns: false if that is too much.
    mutating func take(_ bytes: some Collection<UInt8>) -> Bool {
        count += bytes.count
        var last = tail[...]
        for byte in bytes {
            if byte == UInt8(ascii: "{") {
                messages += 1
            } else if byte | 0x20 == UInt8(ascii: "b"), last.elementsEqual("%7".utf8) {
                messages += 1
            }
            if last.count == 2 { last = last.dropFirst() }
            last.append(byte)
        }
        tail = Array(last)
        return count <= Self.base + min(messages, EskizSendRequest.batchLimit) * perMessage
    }
}
