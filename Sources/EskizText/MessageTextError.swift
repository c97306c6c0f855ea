/// Why a text is not a message we would send.
///
/// `description` says what is wrong and what to do. It never repeats the text, which may hold a code.
public enum MessageTextError: Error, Sendable, Hashable {
    /// Nothing of it shows: it is empty, or blanks, line breaks and invisible marks alone.
    case blank
    /// A control character, such as U+0000 or U+007F; `offset` counts the Unicode scalars before it.
    case controlCharacter(Unicode.Scalar, offset: Int)
    /// U+FFFD, which stands for bytes that were not UTF-8; `offset` counts the Unicode scalars before it.
    case lostCharacter(offset: Int)
    /// More segments than are allowed.
    case tooManySegments(Int, allowed: Int)

    /// A stable name, the same in every API: `empty`, `unsupported_character` or `too_long`.
    public var code: String {
        switch self {
        case .blank: "empty"
        case .controlCharacter, .lostCharacter: "unsupported_character"
        case .tooManySegments: "too_long"
        }
    }

    /// What is wrong, in one sentence.
    public var summary: String {
        switch self {
        case .blank:
            "The text is empty: nothing in it shows."
        case .controlCharacter(let scalar, let offset):
            "Character \(offset + 1) of the text (\(scalar.codePoint)) is a control character, which no message can hold."
        case .lostCharacter(let offset):
            "Character \(offset + 1) of the text (U+FFFD) stands for bytes that were not UTF-8."
        case .tooManySegments(let count, let allowed):
            "The text would be \(count) segments and cost as much as \(count) messages; \(allowed) "
                + "\(allowed == 1 ? "is" : "are") allowed."
        }
    }

    /// What to do about it, in one sentence.
    public var remedy: String {
        switch self {
        case .blank: "Write something to send."
        case .controlCharacter: "Leave it out; tab and line breaks are allowed."
        case .lostCharacter: "Convert the text to UTF-8 where it comes from, for example with iconv."
        case .tooManySegments: "Shorten it, or raise ESKIZ_MAX_SEGMENTS."
        }
    }
}

extension MessageTextError: CustomStringConvertible {
    /// What is wrong and what to do, without the text.
    public var description: String { "\(summary) \(remedy)" }
}
