import EskizQueue
import EskizText

/// Codes of one template to phones with the same first five digits: how many, and how many were entered.
package struct ConversionCount: Sendable, Hashable {
    package var template: String
    /// The country code and two digits: `99890`.
    package var prefix: String
    package var sent: Int
    package var approved: Int
    /// Whole seconds from the request to the right code, in no order.
    package var approvalTimes: [Int]

    package init(template: String, prefix: String, sent: Int, approved: Int, approvalTimes: [Int]) {
        self.template = template
        self.prefix = prefix
        self.sent = sent
        self.approved = approved
        self.approvalTimes = approvalTimes
    }

    /// Times as a database strings them together.
    package static func times(_ text: String) -> [Int] { text.split(separator: ",").compactMap { Int($0) } }

    /// Counts verifications one by one.
    package static func counts(of verifications: [Verification]) -> [ConversionCount] {
        var counts: [String: ConversionCount] = [:]
        for verification in verifications {
            let prefix = String(verification.phone.prefix(5))
            let name = verification.template + " " + prefix
            var count =
                counts[name]
                ?? ConversionCount(
                    template: verification.template,
                    prefix: prefix,
                    sent: 0,
                    approved: 0,
                    approvalTimes: []
                )
            count.sent += 1
            if verification.ending == .approved, let endedAt = verification.endedAt {
                count.approved += 1
                count.approvalTimes.append(Int((endedAt - verification.createdAt).components.seconds))
            }
            counts[name] = count
        }
        return counts.values.sorted { ($0.template, $0.prefix) < ($1.template, $1.prefix) }
    }

    /// The operator that the first digits were given to, or the country.
    package var operatorName: String { NumberGroup.name(of: prefix) }
}

/// Conversion by some name, and how long it took until the code was entered.
package struct Conversion: Sendable, Hashable {
    package var name: String
    package var sent: Int
    package var approved: Int
    /// Seconds that half, and that nineteen of twenty, did not exceed; nil where nothing was entered.
    package var median: Int?
    package var slow: Int?

    /// All together, and each name that `name` gives, the ones with the most codes first.
    package static func all(_ counts: [ConversionCount]) -> Conversion { sum(counts, name: "") }

    package static func by(_ name: (ConversionCount) -> String, _ counts: [ConversionCount]) -> [Conversion] {
        Dictionary(grouping: counts, by: name).map { sum($0.value, name: $0.key) }
            .sorted { ($1.sent, $0.name) < ($0.sent, $1.name) }
    }

    private static func sum(_ counts: [ConversionCount], name: String) -> Conversion {
        let times = counts.flatMap(\.approvalTimes).sorted()
        return Conversion(
            name: name,
            sent: counts.reduce(0) { $0 + $1.sent },
            approved: counts.reduce(0) { $0 + $1.approved },
            median: percentile(times, 50),
            slow: percentile(times, 95)
        )
    }

    /// The nearest rank.
    private static func percentile(_ sorted: [Int], _ share: Int) -> Int? {
        sorted.isEmpty ? nil : sorted[max(1, (sorted.count * share + 99) / 100) - 1]
    }
}

/// Names for what phones have in common.
enum NumberGroup {
    /// The operator of a phone of Uzbekistan, and the calling code of any other.
    static func name(of digits: String) -> String {
        guard digits.hasPrefix("998") else {
            // Any number of a country does to find its code.
            let number = digits.prefix(5) + String(repeating: "0", count: max(0, 11 - min(5, digits.utf8.count)))
            return (try? PhoneNumber(internationalDigits: String(number))).map { "+\($0.countryCode)" } ?? "other"
        }
        guard let code = Int(digits.dropFirst(3).prefix(2)) else { return "other" }
        return MobileOperator(prefix: code)?.name ?? "+998 \(code)"
    }
}
