/// How often one place may try a wrong key.
///
/// Pure; time is nanoseconds of the elapsed clock. A few at once are a person who mistypes; after that one for each pause.
/// Whoever has a session does not notice.
struct SignInLimit: Sendable {
    static let burst = 5
    static let pause: Int64 = 10_000_000_000
    /// Places that are remembered: the rest share one allowance.
    static let placeLimit = 1_000

    /// By place: when the allowance will be whole again.
    private var wholeAt: [String: Int64] = [:]

    /// How long this place has to wait before it may try; nil if it may now.
    mutating func wait(_ place: String, at now: Int64) -> Duration? {
        let debt = max(0, (wholeAt[slot(place, at: now)] ?? now) - now)
        let room = Int64(Self.burst) * Self.pause
        return debt + Self.pause <= room ? nil : .nanoseconds(debt + Self.pause - room)
    }

    /// Notes that it has tried in vain.
    mutating func failed(_ place: String, at now: Int64) {
        let slot = slot(place, at: now)
        wholeAt[slot] = max(now, wholeAt[slot] ?? now) + Self.pause
    }

    private mutating func slot(_ place: String, at now: Int64) -> String {
        if wholeAt[place] != nil { return place }
        if wholeAt.count >= Self.placeLimit { wholeAt = wholeAt.filter { $0.value > now } }
        return wholeAt.count >= Self.placeLimit ? "" : place
    }
}
