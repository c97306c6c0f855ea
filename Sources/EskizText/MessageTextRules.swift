/// Which texts can be a message: the one rule that the client, the command and both APIs of the gateway go by.
///
/// ```swift
/// try MessageTextRules.standard.check("Kodingiz: 123456")       // the text, cut into segments
/// try MessageTextRules(maximumSegments: 2).check(longText)      // MessageTextError.tooManySegments
/// ```
///
/// A text is sent whole or not at all:
/// - it shows something: blanks, line breaks and invisible marks alone are no message;
/// - it has no control characters but tab and line breaks: what U+0000 or U+007F becomes on the way, nobody can say;
/// - it has no U+FFFD, which some program has put in the place of bytes that it could not read;
/// - it is not longer than ``maximumSegments``, since each segment is paid for.
public struct MessageTextRules: Sendable, Hashable {
    /// The longest message, in segments; 8 as in Eskiz's cabinet, unless told otherwise (`ESKIZ_MAX_SEGMENTS`).
    public let maximumSegments: Int

    /// Rules with a limit of your own.
    ///
    /// - Parameter maximumSegments: The longest message, in segments: 1 to 255.
    public init(maximumSegments: Int = 8) {
        self.maximumSegments = min(
            max(maximumSegments, Self.possibleMaximums.lowerBound),
            Self.possibleMaximums.upperBound
        )
    }

    /// 8 segments at most.
    public static let standard = MessageTextRules()

    /// What a limit can be: the header of a long message numbers 255 segments at most.
    package static let possibleMaximums = 1...255

    /// Checks a text that is sent as it is.
    ///
    /// - Parameter text: The message, as it would be sent.
    /// - Returns: The text, cut into segments.
    /// - Throws: ``MessageTextError``, which says why without repeating the text.
    @discardableResult
    public func check(_ text: String) throws(MessageTextError) -> Segmentation {
        try Self.checkCharacters(of: text)
        let segmentation = Segmentation(of: text)
        try checkLength(segmentation)
        return segmentation
    }

    /// Checks the length alone, for a text that was normalised after its characters had been checked.
    ///
    /// - Parameter segmentation: The text that would be sent.
    /// - Throws: ``MessageTextError/tooManySegments(_:allowed:)``.
    public func checkLength(_ segmentation: Segmentation) throws(MessageTextError) {
        guard segmentation.segmentCount <= maximumSegments else {
            throw .tooManySegments(segmentation.segmentCount, allowed: maximumSegments)
        }
    }

    /// Checks the characters alone.
    ///
    /// - Parameter text: The message, as it came.
    /// - Throws: ``MessageTextError``.
    public static func checkCharacters(of text: String) throws(MessageTextError) {
        var isBlank = true
        var offset = 0
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x21...0x7E: isBlank = false
            case 0x09, 0x0A, 0x0D, 0x20: break
            case 0..<0x20, 0x7F: throw .controlCharacter(scalar, offset: offset)
            case 0xFFFD: throw .lostCharacter(offset: offset)
            default: if isBlank, !isInvisible(scalar.value) { isBlank = false }
            }
            offset += 1
        }
        if isBlank { throw .blank }
    }

    private static func isInvisible(_ value: UInt32) -> Bool {
        invisible.contains { $0.contains(value) }
    }

    /// White space, and what Unicode calls default ignorable, beyond ASCII: a reader sees nothing of them.
    private static let invisible: [ClosedRange<UInt32>] = [
        0x85...0x85, 0xA0...0xA0, 0xAD...0xAD, 0x34F...0x34F, 0x61C...0x61C, 0x115F...0x1160, 0x1680...0x1680,
        0x17B4...0x17B5, 0x180B...0x180F, 0x2000...0x200F, 0x2028...0x202F, 0x205F...0x206F, 0x2800...0x2800,
        0x3000...0x3000, 0x3164...0x3164, 0xFE00...0xFE0F, 0xFEFF...0xFEFF, 0xFFA0...0xFFA0,
    ]

    /// ``checkCharacters(of:)`` as a regular expression of ECMA-262, for descriptions of an API.
    package static let pattern: String = {
        let refused = #"\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F\uFFFD"#
        let ranges = invisible.map { "\(escaped($0.lowerBound))-\(escaped($0.upperBound))" }.joined()
        let shown = #"[^\#(refused)\u0009\u000A\u000D \#(ranges)]"#
        return "^[^\(refused)]*\(shown)[^\(refused)]*$"
    }()

    private static func escaped(_ value: UInt32) -> String {
        let digits = String(value, radix: 16, uppercase: true)
        return "\\u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
