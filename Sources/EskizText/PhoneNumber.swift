/// A phone number in international form, read from any spelling that cannot be mistaken, and masked wherever it is printed.
///
/// These are all the same number:
///
/// ```swift
/// try PhoneNumber("+998 90 123-45-67")
/// try PhoneNumber("998901234567")
/// try PhoneNumber("(90) 123.45.67")
/// try PhoneNumber("00998901234567")
/// ```
///
/// Read as follows, once spaces of any kind, hyphens and dashes, dots, brackets and invisible marks are left out:
/// - `+` or `00`, then a country code: an international number of 8 to 15 digits (E.164). `00` is the international prefix
///   in Uzbekistan, and no national number begins with 0.
/// - 998 and nine digits: an Uzbek number.
/// - Nine digits: an Uzbek number, national form.
///
/// Everything else is an error that says why. Two spellings are refused although a person could guess at them:
/// `8 90 123 45 67`, because the old prefix 8 makes it look like a Russian number with a digit lost; and a foreign number
/// without its plus, see ``init(internationalDigits:)``. An SMS to the wrong person is worse than a question.
///
/// The prefix is no reason to refuse: new ones appear, numbers move between operators, and some landlines take SMS.
///
/// Printing, dumping and interpolating show ``masked``. For the number itself, ask for ``digits`` or ``e164``.
public struct PhoneNumber: Sendable, Hashable {
    /// All digits as one integer: no number in E.164 begins with 0, so nothing is lost.
    private let value: UInt64
    /// The country calling code: 998, 7, 1.
    public let countryCode: Int

    /// Reads a number as a person writes it.
    ///
    /// - Parameter text: The number, in any spelling that the type's description lists.
    /// - Throws: ``PhoneNumberError``, which says why without repeating the number.
    public init(_ text: String) throws(PhoneNumberError) {
        let spelling = try PhoneNumberSpelling(text)
        if spelling.hasPlus {
            try self.init(international: spelling.value, digits: spelling.digits, leadingZeros: spelling.leadingZeros)
        } else if spelling.leadingZeros >= 2 {
            try self.init(
                international: spelling.value,
                digits: spelling.digits - 2,
                leadingZeros: spelling.leadingZeros - 2
            )
        } else {
            try self.init(withoutPlus: spelling)
        }
    }

    /// Reads an international number that is written without its plus, as Eskiz writes it.
    ///
    /// Only for fields that hold nothing else, such as `mobile_phone` of `send-global`: in free input,
    /// digits without a plus could be a national number of anywhere.
    /// - Parameter text: Country code and number; a plus is accepted too.
    /// - Throws: ``PhoneNumberError``.
    public init(internationalDigits text: String) throws(PhoneNumberError) {
        let spelling = try PhoneNumberSpelling(text)
        try self.init(international: spelling.value, digits: spelling.digits, leadingZeros: spelling.leadingZeros)
    }

    private init(withoutPlus spelling: PhoneNumberSpelling) throws(PhoneNumberError) {
        let digits = spelling.digits
        if digits < 9 {
            throw .tooShort(digits: digits, expected: 9)
        }
        if digits > 15 {
            throw .tooLong(digits: digits, expected: 15)
        }
        if digits == 9 {
            try self.init(uzbek: spelling.value)
            return
        }
        let first = spelling.value / CountryCallingCode.powerOfTen(digits - 1)
        let firstThree = spelling.value / CountryCallingCode.powerOfTen(digits - 3)
        if firstThree == 998 {
            try self.init(international: spelling.value, digits: digits, leadingZeros: 0)
        } else if first == 0 || (first == 8 && digits <= 11) {
            throw .trunkPrefix
        } else {
            throw .missingPlus(digits: digits)
        }
    }

    private init(international value: UInt64, digits: Int, leadingZeros: Int) throws(PhoneNumberError) {
        guard digits <= 15 else { throw .tooLong(digits: digits, expected: 15) }
        guard leadingZeros == 0 else { throw .unknownCountryCode }
        guard let code = CountryCallingCode.leading(value, digits: digits) else {
            throw digits < 3 ? .tooShort(digits: digits, expected: 8) : .unknownCountryCode
        }
        if digits == 9, Self.looksNational(value) {
            throw .missingCountryCode
        }
        let fixed = CountryCallingCode.fixedLength(of: code)
        if digits < fixed ?? 8 { throw .tooShort(digits: digits, expected: fixed ?? 8) }
        if digits > fixed ?? 15 { throw .tooLong(digits: digits, expected: fixed ?? 15) }
        if code == 998 {
            try self.init(uzbek: value % Self.nationalModulus)
        } else {
            self.init(value: value, countryCode: code)
        }
    }

    /// The nine digits after 998.
    private init(uzbek national: UInt64) throws(PhoneNumberError) {
        guard national >= 200_000_000 else { throw .notSubscriber }
        self.init(value: 998 * Self.nationalModulus + national, countryCode: 998)
    }

    private init(value: UInt64, countryCode: Int) {
        self.value = value
        self.countryCode = countryCode
    }

    /// `+90 123 45 67` is not a Turkish number but an Uzbek one that lost its 998: hardly any country has numbers
    /// of nine digits with its code, and of those only Saint Pierre and Miquelon (508) shares digits with our prefixes.
    private static func looksNational(_ nineDigits: UInt64) -> Bool {
        MobileOperator(prefix: Int(nineDigits / 10_000_000)) != nil && nineDigits / 1_000_000 != 508
    }

    private static let nationalModulus: UInt64 = 1_000_000_000

    /// The digits alone, country code first, as Eskiz wants them: `998901234567`.
    public var digits: String { String(value) }

    /// The number in E.164: `+998901234567`.
    public var e164: String { "+\(value)" }

    /// The country that the number belongs to, as two letters of ISO 3166-1: `UZ`, `KZ`, `US`.
    ///
    /// `nil` for codes that belong to no country, such as 870 of satellites. Countries that share a code are told apart
    /// where the plan says so (+1, +7), else the largest one is meant.
    public var region: String? { Region.code(ofCallingCode: countryCode, number: value) }

    /// True when the country code is 998.
    public var isUzbek: Bool { countryCode == 998 }

    /// The operator that the number's prefix was first given to; `nil` abroad and for prefixes that are not in the list.
    ///
    /// A hint for people, never a reason to refuse: numbers can be ported.
    public var operatorHint: MobileOperator? {
        isUzbek ? MobileOperator(prefix: Int(value / 10_000_000 % 100)) : nil
    }

    /// The number as logs and people may see it: `+998 90 *** ** 67`, abroad `+7 *** ** 67`.
    ///
    /// Country code, the operator's prefix at home, and the last two digits. The stars do not say how many digits
    /// they stand for.
    public var masked: String {
        let lastTwo = "\(value / 10 % 10)\(value % 10)"
        let prefix = isUzbek ? " \(value / 10_000_000 % 100)" : ""
        return "+\(countryCode)\(prefix) *** ** \(lastTwo)"
    }
}

extension PhoneNumber: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The masked number, see ``masked``.
    public var description: String { masked }

    /// The masked number, see ``masked``.
    public var debugDescription: String { masked }

    /// Shows the masked number only.
    public var customMirror: Mirror { Mirror(self, children: ["masked": masked]) }
}
