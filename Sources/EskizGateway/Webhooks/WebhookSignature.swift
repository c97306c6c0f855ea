import Crypto
import Eskiz
package import EskizQueue

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A key that webhooks are signed with: `whsec_` and base64 of 24 to 64 bytes, as Standard Webhooks writes it.
package struct WebhookSecret: Sendable, Hashable {
    fileprivate let bytes: [UInt8]

    private static let prefix = "whsec_"
    private static let lengths = 24...64

    /// Reads a secret with or without its prefix; nil if it is not base64 of 24 to 64 bytes.
    package init?(_ text: String) {
        let encoded = text.hasPrefix(Self.prefix) ? String(text.dropFirst(Self.prefix.count)) : text
        guard let bytes = WireCoding.base64Decoded(encoded), Self.lengths.contains(bytes.count) else { return nil }
        self.bytes = bytes
    }

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// The one of this installation, made by the first who asks: for when the settings give none.
    package static func load(from store: any SecretStore) async throws(StoreError) -> WebhookSecret {
        let bytes = try await store.secret("webhook-signing") {
            SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }
        }
        return WebhookSecret(bytes: bytes)
    }

    /// The secret itself, for the one who has to check signatures with it.
    package var text: String {
        // The standard alphabet, padded: what every library of the standard reads.
        Self.prefix + Data(bytes).base64EncodedString()
    }
}

extension WebhookSecret {
    /// Whether these bytes are the authentication code of a message; takes the same time whichever of them differ.
    func isCode(_ code: [UInt8], of message: [UInt8]) -> Bool {
        HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: message, using: SymmetricKey(data: bytes))
    }
}

extension WebhookSecret: CustomStringConvertible, CustomReflectable {
    /// Never the secret.
    package var description: String { "webhook secret" }
    /// A mirror that shows no more than `description`.
    package var customMirror: Mirror { Mirror(self, children: ["secret": description]) }
}

/// Signs webhooks the way of Standard Webhooks (version 1).
///
/// With several secrets there are several signatures, so that a receiver can change over at its own pace.
struct WebhookSigner: Sendable {
    let secrets: [WebhookSecret]

    func headers(id: String, at moment: Timestamp, body: [UInt8]) -> [TransportHeader] {
        let timestamp = String(moment.milliseconds / 1_000)
        let signed = Array("\(id).\(timestamp).".utf8) + body
        let signatures = secrets.map { secret in
            let code = HMAC<SHA256>.authenticationCode(for: signed, using: SymmetricKey(data: secret.bytes))
            return "v1," + Data(code).base64EncodedString()
        }
        return [
            TransportHeader("webhook-id", id), TransportHeader("webhook-timestamp", timestamp),
            TransportHeader("webhook-signature", signatures.joined(separator: " ")),
        ]
    }
}
