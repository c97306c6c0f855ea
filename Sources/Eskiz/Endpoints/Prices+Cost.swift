import EskizText

#if canImport(FoundationEssentials)
package import FoundationEssentials
#else
package import Foundation
#endif

extension Prices {
    /// What a message would cost, as a service message.
    ///
    /// - Parameters:
    ///   - segments: how many it would be.
    ///   - digits: the number it would go to, from its country code.
    /// - Returns: UZS; nil where the price is not known.
    package func cost(of segments: Int, to digits: String) -> Decimal? {
        price(to: digits).map { $0 * Decimal(segments) }
    }

    /// For one segment.
    private func price(to digits: String) -> Decimal? {
        guard digits.hasPrefix("998") else { return priceAbroad(to: digits) }
        let known = local.compactMap { row in row.price.map { (id: row.operatorID, price: $0) } }
        let id = (try? PhoneNumber(digits))?.operatorHint?.smscID.map { Int64($0) }
        if let id, let own = known.first(where: { $0.id == id }) { return own.price }
        // A prefix that nobody knows: where all cost the same it is no matter.
        guard let first = known.first?.price, known.allSatisfy({ $0.price == first }) else { return nil }
        return first
    }

    /// The longest prefix wins: 7 is Russia, 77 Kazakhstan.
    private func priceAbroad(to digits: String) -> Decimal? {
        let rows = global.compactMap { row -> (prefix: String, price: Decimal)? in
            guard let price = row.price, let prefix = row.prefix?.filter({ $0.isASCII && $0.isNumber }), !prefix.isEmpty
            else { return nil }
            return (prefix, price)
        }
        return rows.filter { digits.hasPrefix($0.prefix) }.max { $0.prefix.count < $1.prefix.count }?.price
    }
}
