/// An operator as Eskiz numbers and names it (`eskiz-api.md §3.3, §3.6`).
///
/// ```swift
/// MobileOperator(smscID: 3)                               // Ucell
/// try PhoneNumber("+998 90 123-45-67").operatorHint       // Beeline, unless the number was ported
/// ```
public struct MobileOperator: Sendable, Hashable, CustomStringConvertible {
    /// The brand name, for people.
    public let name: String
    /// Eskiz's `smsc_id`, where it has one: reports and prices go by it.
    public let smscID: Int?

    private init(_ name: String, smscID: Int?) {
        self.name = name
        self.smscID = smscID
    }

    /// Mobiuz, `smsc_id` 1.
    public static let mobiuz = MobileOperator("Mobiuz", smscID: 1)
    /// Beeline, `smsc_id` 2.
    public static let beeline = MobileOperator("Beeline", smscID: 2)
    /// Ucell, `smsc_id` 3.
    public static let ucell = MobileOperator("Ucell", smscID: 3)
    /// Humans, `smsc_id` 4.
    public static let humans = MobileOperator("Humans", smscID: 4)
    /// Uzmobile GSM, `smsc_id` 5.
    public static let uzmobileGSM = MobileOperator("Uzmobile GSM", smscID: 5)
    /// Uzmobile CDMA, `smsc_id` 6.
    public static let uzmobileCDMA = MobileOperator("Uzmobile CDMA", smscID: 6)
    /// Perfectum, `smsc_id` 7.
    public static let perfectum = MobileOperator("Perfectum", smscID: 7)
    /// Everything abroad, `smsc_id` 8: not an operator, but Eskiz reports it as one.
    public static let global = MobileOperator("Global", smscID: 8)
    /// OQ, which has prefixes but no published `smsc_id`.
    public static let oq = MobileOperator("OQ", smscID: nil)
    /// Uztelecom's numbers over the internet, which have a prefix but no published `smsc_id`.
    public static let uztelecom = MobileOperator("Uztelecom", smscID: nil)

    /// The operator behind Eskiz's number; `nil` for a number that Eskiz has not published.
    ///
    /// - Parameter smscID: `smsc_id` as reports, prices and `check` give it.
    public init?(smscID: Int) {
        guard let known = Self.numbered.first(where: { $0.smscID == smscID }) else { return nil }
        self = known
    }

    /// The operator that a two-digit Uzbek prefix was first given to; `nil` for a prefix that is not in the list.
    ///
    /// New prefixes appear, so `nil` says nothing against a number.
    /// - Parameter prefix: The two digits after 998, for example 90.
    public init?(prefix: Int) {
        switch prefix {
        case 90, 91, 92: self = .beeline
        case 93, 94, 50: self = .ucell
        case 99, 77, 70: self = .uzmobileGSM
        case 95: self = .uzmobileCDMA
        case 97, 88, 87: self = .mobiuz
        case 33: self = .humans
        case 20: self = .oq
        case 55: self = .uztelecom
        case 98, 80: self = .perfectum
        default: return nil
        }
    }

    /// The brand name.
    public var description: String { name }

    private static let numbered: [MobileOperator] = [
        .mobiuz, .beeline, .ucell, .humans, .uzmobileGSM, .uzmobileCDMA, .perfectum, .global,
    ]
}
