import Eskiz
import EskizQueue
import EskizText

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What messages cost, and how long the balance lasts.
///
/// Pure.
enum Spending {
    /// UZS for what was submitted, by the account's own prices of service messages.
    ///
    /// Where there is no price for an operator the dearest one counts: better too little time than too much.
    static func cost(of counts: [OperatorPrefix: ActivityCounts], at prices: Prices) -> Decimal {
        let known = Dictionary(
            prices.local.compactMap { price in
                price.operatorID.flatMap { id in price.price.map { (Int(id), $0) } }
            }
        ) { first, _ in first }
        let dearest = known.values.max() ?? 0
        return counts.reduce(0) { sum, entry in
            let id = MobileOperator(prefix: entry.key.rawValue)?.smscID
            return sum + (id.flatMap { known[$0] } ?? dearest) * Decimal(entry.value.segments)
        }
    }

    /// How long a balance lasts at a pace; nil if nothing is spent, or it lasts longer than anybody plans.
    static func left(of balance: Decimal, spending hourly: Decimal) -> Duration? {
        guard hourly > 0 else { return nil }
        let hours = max(0, balance) / hourly
        guard hours < 24 * 365 else { return nil }
        return .seconds(Int64((double(hours) * 3_600).rounded()))
    }

    private static func double(_ value: Decimal) -> Double { Double(value.description) ?? 0 }
}
