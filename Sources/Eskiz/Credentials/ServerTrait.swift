/// Something Eskiz does with tokens that its guide does not say, as it was seen here.
///
/// It is written down for people and changes no decision: whatever Eskiz does, a message that meets a dead token goes
/// out once (token-keeper.md §2.0, L4).
package enum ServerTrait: String, Sendable, CaseIterable, Codable {
    /// A token from before a refresh was rejected although its own end had not come (M2, M3).
    case oldTokenDiesAtRefresh = "old_token_dies_at_refresh"
    /// A token from before a login was rejected although its own end had not come (M4).
    case oldTokenDiesAtLogin = "old_token_dies_at_login"
    /// The newest token was rejected before its renewal was due: somebody logged in elsewhere, or Eskiz forgot it.
    case tokenDiesEarly = "token_dies_early"
    /// A token past its own end was exchanged for a new one (M6).
    case expiredTokenIsRenewed = "expired_token_is_renewed"
    /// A token past its own end was not exchanged (M5, M6).
    case expiredTokenIsRefused = "expired_token_is_refused"
    /// A refresh answered the token it was asked to replace (M7).
    case refreshAnswersSameToken = "refresh_answers_same_token"
}

/// When each ``ServerTrait`` was seen last.
package struct ServerTraits: Sendable, Equatable {
    /// In nanoseconds since 1970 on the local wall clock.
    package private(set) var lastSeen: [ServerTrait: Int64]

    package init(lastSeen: [ServerTrait: Int64] = [:]) {
        self.lastSeen = lastSeen
    }

    /// True if it was not known before.
    mutating func note(_ trait: ServerTrait, at wall: Int64) -> Bool {
        lastSeen.updateValue(wall, forKey: trait) == nil
    }

    /// What another process saw is as good as what this one did.
    mutating func merge(_ other: ServerTraits) {
        lastSeen.merge(other.lastSeen) { max($0, $1) }
    }
}
