#if canImport(FoundationEssentials)
public import FoundationEssentials
#else
public import Foundation
#endif

/// What is held, for people and monitors; never the token.
public struct TokenStatus: Sendable {
    /// At most the first 20 characters and never more than a quarter of the token.
    public let preview: String
    /// A short name that tells nothing about the token.
    public let fingerprint: String
    /// Number of the token; each renewal makes it larger.
    public let generation: UInt64
    /// When Eskiz issued it, by Eskiz's clock.
    public let issuedAt: Date?
    /// When it ends, by Eskiz's clock.
    public let expiresAt: Date?
    /// How long it has to live, negative after its end; nil if it does not say.
    public let remaining: Duration?
    /// How long until it is renewed in good time, negative if that is overdue; nil if it does not say when it ends.
    package let dueIn: Duration?
    /// True when it is time to renew it.
    public let isDue: Bool
    /// True when Eskiz has answered 401 to it.
    public let isRejected: Bool
    /// Where it is stored: a path, or `memory`.
    public let location: String
    /// True while it lives in memory only because the store cannot be used.
    public let isStoreDegraded: Bool
    /// What Eskiz was seen to do with tokens of this account, and when last; it changes no decision.
    package let traits: [ServerTrait: Date]
}
