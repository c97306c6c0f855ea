#if canImport(FoundationEssentials)
package import FoundationEssentials
#else
package import Foundation
#endif

/// What became of a message that was handed to the network.
///
/// Pure; the one place that decides whether sending again can double a message.
///
/// Sending is not idempotent and Eskiz has no idempotency key (eskiz-api.md §4.1), so there are three outcomes:
///
/// | Event | Outcome |
/// |---|---|
/// | never connected, or not all of the request was written | not taken |
/// | time-out, reset, cancellation after that | unknown |
/// | 2xx with an id | taken |
/// | 2xx with `status: "error"`, or with a word about the token | not taken |
/// | 2xx that cannot be read | unknown |
/// | 3xx, which is never followed | not taken |
/// | 401 with the receipt of a message that was taken | unknown |
/// | any other 4xx | not taken |
/// | 503 with `Retry-After` and a body | not taken |
/// | any other 5xx: a gateway's error often follows a processed request | unknown |
package enum SendOutcome<Receipt: Sendable>: Sendable {
    /// Eskiz has it.
    case taken(Receipt)
    /// Eskiz certainly does not have it.
    case notTaken(EskizError)
    /// Nobody can say. Never repeat it blindly.
    case unknown(EskizError)

    /// Judges an answer.
    ///
    /// - Parameters:
    ///   - response: the whole answer.
    ///   - now: for a `Retry-After` that is a date.
    ///   - receipt: reads the receipt out of a 2xx; nil if there is none in it.
    package init(_ response: TransportResponse, now: Date = Date(), receipt: (TransportResponse) -> Receipt?) {
        if let failure = ProviderFailure.of(response, now: now) {
            self = Self.isProofOfRefusal(response) ? .notTaken(failure.notTaken) : .unknown(failure.outcomeUnknown)
        } else if let receipt = receipt(response) {
            self = .taken(receipt)
        } else {
            self = .unknown(ProviderFailure.unexpectedAnswer(response).outcomeUnknown)
        }
    }

    /// Judges a request that got no whole answer.
    package init(_ error: TransportError, timeout: Duration) {
        let failure = ProviderFailure.of(error, timeout: timeout)
        switch error.progress {
        case .notSent: self = .notTaken(failure.notTaken)
        case .sent: self = .unknown(failure.outcomeUnknown)
        }
    }

    /// The receipt, or the error.
    package func get() throws(EskizError) -> Receipt {
        switch self {
        case .taken(let receipt): return receipt
        case .notTaken(let error), .unknown(let error): throw error
        }
    }

    /// Whether an answer that is a failure proves that nothing was taken.
    private static func isProofOfRefusal(_ response: TransportResponse) -> Bool {
        switch response.status {
        // A failure among these says so in words that were understood.
        case 200..<300: true
        // Somebody between Eskiz and us says no to a message that Eskiz has taken (token-keeper.md B6).
        case 401 where AuthRejection.carriesReceipt(response.body): false
        case 300..<500: true
        case 503: !response.body.isEmpty && response.header("retry-after").map { !$0.isEmpty } ?? false
        default: false
        }
    }
}

extension EskizError {
    /// This failure of a send, where Eskiz certainly did not take the message.
    var notTaken: EskizError {
        with(mayRepeat: true, isOutcomeUnknown: false)
    }

    /// This failure of a send, where Eskiz may have taken the message.
    var outcomeUnknown: EskizError {
        with(
            remedy: "The message may have been sent: look it up before you send it again (`eskiz messages`).",
            mayRepeat: false,
            isOutcomeUnknown: true
        )
    }
}
