import Crypto
import EskizText

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A key that codes are derived with.
package struct CodeKey: Sendable, CustomStringConvertible, CustomReflectable {
    /// Which key it is: eight hexadecimal digits of a digest, which say nothing of the key.
    package let id: String
    let key: SymmetricKey

    package static let byteCount = 32

    /// - Precondition: 32 bytes; anything else is nil.
    package init?(bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        var digest = SHA256()
        digest.update(data: Array("eskiz-verify-key-id".utf8))
        digest.update(data: bytes)
        id = digest.finalize().prefix(4).hexadecimal
        key = SymmetricKey(data: bytes)
    }

    /// 32 bytes in base64.
    package init?(base64 text: some StringProtocol) {
        guard let data = Data(base64Encoded: String(text)) else { return nil }
        self.init(bytes: Array(data))
    }

    /// Bytes for a new key.
    package static func makeBytes() -> [UInt8] {
        SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) }
    }

    /// Which key it is, never the key.
    package var description: String { "code key \(id)" }
    /// A mirror that shows no more than `description`.
    package var customMirror: Mirror { Mirror(self, children: ["key": description]) }
}

/// The keys that are live: new codes are made with the first, and codes of either are checked.
///
/// To change the key, put the new one before the old one, and take the old one out when its codes have expired.
package struct CodeKeys: Sendable {
    package let current: CodeKey
    package let previous: CodeKey?

    package init(current: CodeKey, previous: CodeKey? = nil) {
        self.current = current
        self.previous = previous
    }

    /// The key with this id; nil if it is live no more.
    package func key(_ id: String) -> CodeKey? {
        if current.id == id { return current }
        return previous?.id == id ? previous : nil
    }
}
