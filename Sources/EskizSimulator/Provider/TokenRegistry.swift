/// The claims of generation 3, and no others (`eskiz-api.md` §2.5).
struct TokenClaims: Sendable, Equatable {
    /// Seconds since 1970; nil only where a switch asks for a token without it.
    var exp: Int?
    var iat: Int
    var role: String
    /// 64 hexadecimal digits, different for every token: what the registry knows it by.
    var sign: String
    /// The account's id, as a string.
    var sub: String
    /// A text that says nothing of itself, in the place of a JWT.
    var isOpaque = false
}

/// A token that the provider has issued.
struct IssuedToken: Sendable {
    let sign: String
    let accountID: Int
    /// Counts every token issued since the last reset, from 1.
    let generation: Int
    /// Where the chain of refreshes began: what a refresh horizon counts from.
    let chainStartedAt: WallTime
    let expiresAt: WallTime
    /// The moment from which every replica knows it.
    let knownEverywhereAt: WallTime
    /// When it dies before its time, if it does.
    var revokedAt: WallTime?
    /// Declared dead by the control API; its claims stay as they are.
    var isDeclaredExpired = false

    /// Enough to tell tokens apart in a ledger, too little to use one.
    var fingerprint: String { String(sign.prefix(12)) }
}

/// How a request identified itself.
///
/// The signature has been checked by whoever made this value.
enum Bearer: Sendable, Equatable {
    case missing
    /// No token of ours: garbage, another key's signature, another algorithm.
    case foreign
    /// Our signature; the value of the `sign` claim.
    case ours(sign: String)
}

/// Every token, by its `sign` claim.
struct TokenRegistry: Sendable {
    enum Verdict: Sendable, Equatable {
        case valid(IssuedToken)
        case missing
        case foreign
        /// Past its time, or declared so.
        case expired(IssuedToken)
        /// Killed by a refresh, a login or an invalidation.
        case revoked(IssuedToken)
        /// A replica that has not heard of it yet.
        case notYetKnown(IssuedToken)

        static func == (left: Verdict, right: Verdict) -> Bool {
            switch (left, right) {
            case (.valid(let left), .valid(let right)), (.expired(let left), .expired(let right)),
                (.revoked(let left), .revoked(let right)), (.notYetKnown(let left), .notYetKnown(let right)):
                left.sign == right.sign
            case (.missing, .missing), (.foreign, .foreign): true
            default: false
            }
        }

        var token: IssuedToken? {
            switch self {
            case .valid(let token), .expired(let token), .revoked(let token), .notYetKnown(let token): token
            case .missing, .foreign: nil
            }
        }
    }

    private var tokens: [String: IssuedToken] = [:]
    private var order: [String] = []
    private(set) var issuedCount = 0
    private var lagCounter = 0.0
    private let limit: Int

    init(limit: Int = 200_000) {
        self.limit = limit
    }

    mutating func issue(
        sign: String,
        accountID: Int,
        chainStartedAt: WallTime,
        expiresAt: WallTime,
        knownEverywhereAt: WallTime
    ) -> IssuedToken {
        issuedCount += 1
        let token = IssuedToken(
            sign: sign,
            accountID: accountID,
            generation: issuedCount,
            chainStartedAt: chainStartedAt,
            expiresAt: expiresAt,
            knownEverywhereAt: knownEverywhereAt
        )
        tokens[sign] = token
        order.append(sign)
        if order.count > limit { forgetOldest() }
        return token
    }

    /// A client that logs in for every message must not fill the memory.
    private mutating func forgetOldest() {
        for sign in order.prefix(limit / 2) { tokens[sign] = nil }
        order.removeFirst(limit / 2)
    }

    mutating func judge(_ bearer: Bearer, at now: WallTime, lagShare: Double) -> Verdict {
        switch bearer {
        case .missing: return .missing
        case .foreign: return .foreign
        case .ours(let sign):
            guard let token = tokens[sign] else { return .foreign }
            if let revokedAt = token.revokedAt, revokedAt <= now { return .revoked(token) }
            if token.isDeclaredExpired || token.expiresAt <= now { return .expired(token) }
            if now < token.knownEverywhereAt, hitsLaggingReplica(share: lagShare) { return .notYetKnown(token) }
            return .valid(token)
        }
    }

    /// Spreads requests over the replicas evenly, without chance: a share of 0.5 is every second one, the first included.
    private mutating func hitsLaggingReplica(share: Double) -> Bool {
        let before = lagCounter.rounded(.up)
        lagCounter += share
        return lagCounter.rounded(.up) > before
    }

    mutating func revoke(_ sign: String, at time: WallTime) {
        guard let current = tokens[sign] else { return }
        tokens[sign]?.revokedAt = current.revokedAt.map { min($0, time) } ?? time
    }

    mutating func revokeAll(of accountID: Int, except sign: String, at time: WallTime) {
        for (key, token) in tokens where token.accountID == accountID && key != sign { revoke(key, at: time) }
    }

    /// Every token issued so far is dead; gives back how many were not dead before.
    mutating func expireAll() -> Int {
        var count = 0
        for (sign, token) in tokens where !token.isDeclaredExpired {
            tokens[sign]?.isDeclaredExpired = true
            count += 1
        }
        return count
    }
}
