#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What a store keeps of a token, and about the token.
package struct TokenRecord: Sendable, Equatable {
    /// Number of the token value; only grows.
    package var generation: UInt64
    /// The token; nil while there is only a refusal to remember.
    package var token: BearerToken?
    /// When it was received, in nanoseconds on the local wall clock.
    package var receivedWall: Int64
    /// Server time minus local time at that moment, in nanoseconds: a clock that is wrong stays comparable with itself.
    package var serverOffset: Int64
    /// The `ESKIZ_TOKEN` it grew from: a restart must not fall back to the dead token it was born with.
    package var grewFrom: TokenFingerprint?
    /// The API the token is good for.
    package var origin: String
    /// The account it belongs to, as a digest; nil if nobody said.
    package var account: String?
    /// E-mail and key that Eskiz refused.
    package var refusal: LoginRefusal?
    /// How long whoever wrote this waits before it asks Eskiz again, so that others can see it.
    package var hold: RenewalHold?
    /// What Eskiz was seen to do.
    package var traits: ServerTraits

    package init(
        generation: UInt64,
        token: BearerToken?,
        receivedWall: Int64,
        serverOffset: Int64 = 0,
        grewFrom: TokenFingerprint? = nil,
        origin: String,
        account: String? = nil,
        refusal: LoginRefusal? = nil,
        hold: RenewalHold? = nil,
        traits: ServerTraits = ServerTraits()
    ) {
        self.generation = generation
        self.token = token
        self.receivedWall = receivedWall
        self.serverOffset = serverOffset
        self.grewFrom = grewFrom
        self.origin = origin
        self.account = account
        self.refusal = refusal
        self.hold = hold
        self.traits = traits
    }
}

/// Remembers that Eskiz refused e-mail and key, so that nobody hammers the account with them.
package struct LoginRefusal: Sendable, Equatable, Codable {
    /// Which e-mail and key: too short to be guessed back, long enough to notice a change.
    package var credentials: String
    /// How often in a row.
    package var count: Int
    /// When last, in nanoseconds on the local wall clock.
    package var wall: Int64

    package init(credentials: String, count: Int, wall: Int64) {
        self.credentials = credentials
        self.count = count
        self.wall = wall
    }
}
