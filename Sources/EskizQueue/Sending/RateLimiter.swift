import Eskiz

/// How many messages may leave now: a token bucket, and a pause when Eskiz says that it was too much.
///
/// Pure; time is nanoseconds of the elapsed clock.
package struct RateLimiter: Sendable, Hashable {
    /// Messages a second; nil for no limit of our own.
    package let rate: Double?
    /// As many may leave at once after a rest.
    package let burst: Double

    private var tokens: Double
    private var refilledAt: Int64?
    private var heldUntil: Int64?
    /// The part of the rate that is used after Eskiz complained.
    private var factor = 1.0
    private var changedAt: Int64 = 0

    /// Without a complaint for so long, the rate doubles until it is whole again.
    package static let recovery: Duration = .seconds(10)
    private static let smallestFactor = 1.0 / 16

    /// - Parameters:
    ///   - rate: messages a second; nil for no limit.
    ///   - burst: messages at once; a tenth of a second's worth unless given, and at least one.
    package init(rate: Double?, burst: Double? = nil) {
        self.rate = rate.map { max($0, 0.001) }
        self.burst = max(1, burst ?? (self.rate ?? 0) / 10)
        tokens = self.burst
    }

    /// How many may leave now.
    package mutating func available(at now: Int64) -> Int {
        refill(at: now)
        if let heldUntil, now < heldUntil { return 0 }
        guard rate != nil else { return .max }
        return max(0, Int(tokens.rounded(.down)))
    }

    /// So many leave.
    ///
    /// More than are available is a debt, which is paid off first: a batch is not torn apart.
    package mutating func take(_ count: Int, at now: Int64) {
        refill(at: now)
        if rate != nil { tokens -= Double(count) }
    }

    /// When at least `count` more may leave; nil if that is now.
    package mutating func nextAvailable(_ count: Int = 1, at now: Int64) -> Int64? {
        guard available(at: now) < count else { return nil }
        var moment = now
        if let rate {
            let missing = min(Double(count), burst) - tokens
            if missing > 0 {
                // A nanosecond more, so that rounding does not wake us just before.
                moment = now.addingClamped(Int64((missing / (rate * factor) * 1e9).rounded(.up)) + 1)
            }
        }
        return max(moment, heldUntil ?? moment)
    }

    /// Eskiz complained: nothing leaves for that long, and then half as much.
    package mutating func slowDown(for pause: Duration, at now: Int64) {
        refill(at: now)
        let end = now.addingClamped(pause.nanoseconds)
        // Those that were under way together complain together, and count once.
        let isNews = heldUntil.map { now >= $0 } ?? true
        heldUntil = max(heldUntil ?? end, end)
        guard isNews else { return }
        factor = max(factor / 2, Self.smallestFactor)
        changedAt = now
    }

    private mutating func refill(at now: Int64) {
        defer { refilledAt = max(refilledAt ?? now, now) }
        while factor < 1, now.subtractingClamped(changedAt) >= Self.recovery.nanoseconds {
            factor = min(1, factor * 2)
            changedAt = changedAt.addingClamped(Self.recovery.nanoseconds)
        }
        guard let rate, let refilledAt, now > refilledAt else { return }
        tokens = min(burst, tokens + Double(now - refilledAt) / 1e9 * rate * factor)
    }
}
