#if canImport(FoundationEssentials)
import EskizWords
import FoundationEssentials
#else
import Foundation
#endif

/// Money in soʻm and other numbers, with their thousands apart.
enum Amount {
    /// `125 000`, `1 234.5`.
    static func text(_ value: Decimal) -> String {
        let plain = value.description
        let isNegative = plain.hasPrefix("-")
        let digits = isNegative ? plain.dropFirst() : plain[...]
        let whole = digits.prefix { $0 != "." }
        var grouped = ""
        for (index, digit) in whole.enumerated() {
            if index > 0, (whole.count - index).isMultiple(of: 3) { grouped.append(" ") }
            grouped.append(digit)
        }
        return (isNegative ? "-" : "") + grouped + digits[whole.endIndex...]
    }
}

extension Language {
    /// An amount with its currency.
    func money(_ value: Decimal) -> String {
        Amount.text(value) + " " + say(.currency)
    }
}

extension JSONValue {
    /// A decimal number as it is, or null.
    static func decimal(_ value: Decimal?) -> JSONValue {
        value.map { .number($0.description) } ?? .null
    }
}
