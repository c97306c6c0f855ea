import Crypto
import Eskiz
import EskizQueue

/// A request that is signed the way of Standard Webhooks, read and not yet believed.
struct StandardWebhook: Sendable {
    /// A request that is older than this, or from further ahead, is not believed: it may be one that somebody recorded.
    static let tolerance: Duration = .seconds(300)

    let id: String
    /// Seconds since 1970, as it is written.
    let timestamp: String
    /// As it came: `v1,` and base64, several with spaces between.
    ///
    /// Some senders put a comma before the space.
    let signature: String

    /// Whether somebody who knows one of the secrets signed this body just now.
    func isGood(_ body: [UInt8], by secrets: [WebhookSecret], at now: Timestamp) -> Bool {
        guard let seconds = Int64(timestamp),
            abs(now.milliseconds / 1_000 - seconds) <= Self.tolerance.components.seconds
        else { return false }
        let signed = Array("\(id).\(timestamp).".utf8) + body
        let given = signature.split(separator: " ").compactMap { part -> [UInt8]? in
            guard part.hasPrefix("v1,") else { return nil }
            let text = part.dropFirst(3).filter { $0 != "," }
            return WireCoding.base64Decoded(String(text))
        }
        // CryptoKit compares in constant time.
        return secrets.contains { secret in
            given.contains { secret.isCode($0, of: signed) }
        }
    }
}
