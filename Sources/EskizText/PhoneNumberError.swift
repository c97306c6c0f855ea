/// Why a text is not a phone number we would send to.
///
/// `description` says what is wrong and how to write the number instead. It never repeats the input: what was typed may be
/// a real number with one slip in it.
public enum PhoneNumberError: Error, Sendable, Hashable {
    /// There is not a single digit.
    case empty
    /// A letter or a sign that does not belong in a phone number; `offset` counts the Unicode scalars before it.
    case unexpectedCharacter(Unicode.Scalar, offset: Int)
    /// A plus that is not in front of all digits; `offset` counts the Unicode scalars before it.
    case misplacedPlus(offset: Int)
    /// Fewer digits than such a number has.
    case tooShort(digits: Int, expected: Int)
    /// More digits than such a number has.
    case tooLong(digits: Int, expected: Int)
    /// A plus, or 00, and then digits that no country's code begins with.
    case unknownCountryCode
    /// Without a plus, this is neither nine digits nor 998 and nine digits. It may be a foreign number.
    case missingPlus(digits: Int)
    /// A plus, or 00, in front of nine digits that look like an Uzbek number: the 998 was left out.
    case missingCountryCode
    /// The old long-distance prefix, `8` or `0`: with it an Uzbek number and a foreign one can look the same.
    case trunkPrefix
    /// An Uzbek number whose first digit after 998 is 0 or 1, which no subscriber has.
    case notSubscriber
}

extension PhoneNumberError: CustomStringConvertible {
    /// What is wrong and what to write instead, without the number.
    public var description: String {
        switch self {
        case .empty:
            "The phone number is empty. \(Self.remedy)"
        case .unexpectedCharacter(let scalar, let offset):
            "Character \(offset + 1) of the phone number (\(scalar.codePoint)) does not belong in one. \(Self.remedy)"
        case .misplacedPlus(let offset):
            "The plus is character \(offset + 1) of the phone number, but it must come first. \(Self.remedy)"
        case .tooShort(let digits, let expected):
            "The phone number is too short: \(Self.count(digits)) where \(expected) are needed. \(Self.remedy)"
        case .tooLong(let digits, let expected):
            "The phone number is too long: \(Self.count(digits)) where at most \(expected) are possible. \(Self.remedy)"
        case .unknownCountryCode:
            "The phone number begins with a country code that does not exist. \(Self.remedy)"
        case .missingPlus(let digits):
            "The phone number has \(Self.count(digits)) and does not begin with 998. Write a foreign number with + and "
                + "its country code, an Uzbek one as +998 90 123 45 67."
        case .missingCountryCode:
            "The phone number lacks its country code, 998. \(Self.remedy)"
        case .trunkPrefix:
            "The phone number begins with a long-distance prefix, 8 or 0. \(Self.remedy)"
        case .notSubscriber:
            "No Uzbek phone number begins with 0 or 1 after the 998. \(Self.remedy)"
        }
    }

    private static func count(_ digits: Int) -> String { digits == 1 ? "1 digit" : "\(digits) digits" }

    private static let remedy = "Write it as +998 90 123 45 67."
}
