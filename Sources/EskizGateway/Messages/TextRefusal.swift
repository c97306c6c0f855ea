import Eskiz
import EskizText

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What an application is told whose text cannot be sent.
enum TextRefusal {
    /// Says what is wrong and what to do; of a text that is too long also what it would cost, where Eskiz has told its
    /// prices.
    ///
    /// - Parameters:
    ///   - error: why it cannot be sent.
    ///   - digits: the number it would go to; nil where that is not known.
    ///   - prices: what Eskiz said last.
    /// - Returns: sentences without the text.
    static func sentence(_ error: MessageTextError, to digits: String?, prices: () -> Prices?) -> String {
        guard case .tooManySegments(let count, _) = error, let digits,
            let cost = prices()?.cost(of: count, to: digits)
        else { return error.description }
        return "\(error.summary) At Eskiz's price that is \(cost) soʻm. \(error.remedy)"
    }
}
