import Eskiz
import EskizText

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A text that is too long, with what it would cost: why `send` refuses it.
struct CostlyText: Error {
    let error: MessageTextError
    /// UZS.
    let cost: Decimal

    /// Whoever has just mistyped does not wait for a price longer than this.
    private static let patience: Duration = .seconds(5)

    /// The same failure with the amount, where the text is too long and Eskiz tells its prices in time; any other as it is.
    static func priced(_ failure: EskizError, to phone: PhoneNumber, _ eskiz: EskizClient) async -> EskizError {
        guard let error = failure.cause as? MessageTextError, case .tooManySegments(let count, _) = error,
            let cost = await prices(eskiz)?.cost(of: count, to: phone.digits)
        else { return failure }
        return EskizError(
            failure.code,
            "\(failure.what) At Eskiz's price that is \(Amount.text(cost)) soʻm.",
            remedy: failure.advice,
            cause: CostlyText(error: error, cost: cost)
        )
    }

    private static func prices(_ eskiz: EskizClient) async -> Prices? {
        let configuration = eskiz.configuration
        // Without an account there is nobody to ask.
        guard configuration.token != nil || configuration.email != nil else { return nil }
        return await withTaskGroup(of: Prices?.self) { group in
            group.addTask { try? await eskiz.prices() }
            group.addTask {
                try? await Task.sleep(for: patience)
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
    }
}
