/// A key that the gateway accepts, as it is kept: never the key itself.
package struct APIKeyRecord: Sendable, Hashable {
    /// What a key may do.
    package enum Scope: String, CaseIterable, Sendable, Hashable, Codable {
        /// Send and look at what was sent.
        case send
        /// Look at everything.
        case read
        /// Have one-time codes made, sent and checked.
        case verify
        /// Everything, the token and other people's messages included.
        case admin
    }

    /// Short and public: `k_4f9a1c`.
    package var id: String
    package var name: String
    package var scopes: Set<Scope>
    /// SHA-256 of the key, which is random enough to need no salt.
    package var digest: [UInt8]
    package var createdAt: Timestamp
    package var revokedAt: Timestamp?

    package init(
        id: String,
        name: String,
        scopes: Set<Scope>,
        digest: [UInt8],
        createdAt: Timestamp,
        revokedAt: Timestamp? = nil
    ) {
        self.id = id
        self.name = name
        self.scopes = scopes
        self.digest = digest
        self.createdAt = createdAt
        self.revokedAt = revokedAt
    }
}

extension APIKeyRecord: CustomStringConvertible, CustomReflectable {
    /// Id and name, never the digest.
    package var description: String { "API key \(id) (\(name))" }
    /// A mirror that shows no more than `description`.
    package var customMirror: Mirror { Mirror(self, children: ["key": description]) }
}
