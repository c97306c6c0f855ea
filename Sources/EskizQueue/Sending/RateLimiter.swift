import Eskiz

/// How many messages may leave now by our own limit: a token bucket for all, and a debt for each lane.
///
/// Pure; time is nanoseconds of the elapsed clock.
///
/// A batch is not torn apart. What it takes beyond the tokens there are is the debt of its lane: that lane waits until it is
/// paid, and the others go on meanwhile. The debt is paid from a part of the rate, and from all that nobody else uses.
package struct RateLimiter: Sendable, Hashable {
    /// Messages a second; nil for no limit of our own.
    package let rate: Double?
    /// As many may leave at once after a rest.
    package let burst: Double

    /// The part of the rate that goes to debts while somebody else could use it.
    private let debtShare: Double
    private var tokens: Double
    private var debts: [Lane: Double] = [:]
    private var refilledAt: Int64?
    /// The part of the rate that is used after Eskiz complained.
    private var factor = 1.0
    private var changedAt: Int64 = 0
    /// This gateway's part of what all may send together.
    private var portion = 1.0

    /// Without a complaint for so long, the rate doubles until it is whole again.
    package static let recovery: Duration = .seconds(10)
    private static let smallestFactor = 1.0 / 16
    /// A debt smaller than this is the rounding of the arithmetic.
    private static let smallestDebt = 1e-9

    /// - Parameters:
    ///   - rate: messages a second; nil for no limit.
    ///   - burst: messages at once; a tenth of a second's worth unless given, and at least one.
    ///   - otpReserve: the share of the rate that no debt of another lane touches, 0 to 1.
    package init(rate: Double?, burst: Double? = nil, otpReserve: Double = 0.25) {
        self.rate = rate.map { max($0, 0.001) }
        self.burst = max(1, burst ?? (self.rate ?? 0) / 10)
        // Of the rest one half: the lanes that are not in debt are to go on as well.
        debtShare = (1 - min(max(otpReserve, 0), 0.9)) / 2
        tokens = self.burst
    }

    /// What the account may send is shared evenly among so many gateways.
    package mutating func share(among gateways: Int, at now: Int64) {
        let portion = 1 / Double(max(1, gateways))
        guard portion != self.portion else { return }
        refill(at: now)
        self.portion = portion
        tokens = min(tokens, room)
    }

    /// As many tokens as there is room for.
    private var room: Double { max(1, burst * portion) }

    /// How many may leave now, of the lanes that are not in debt.
    package mutating func available(at now: Int64) -> Int {
        refill(at: now)
        guard rate != nil else { return .max }
        return max(0, Int(tokens.rounded(.down)))
    }

    /// Whether a lane has to pay for a batch before it goes on.
    package mutating func isInDebt(_ lane: Lane, at now: Int64) -> Bool {
        refill(at: now)
        return debts[lane] != nil
    }

    /// So many leave; what there are no tokens for is their lane's debt.
    package mutating func take(_ count: Int, of lane: Lane, at now: Int64) {
        refill(at: now)
        guard rate != nil else { return }
        let paid = min(Double(count), max(tokens, 0))
        tokens -= paid
        let owed = Double(count) - paid
        if owed > 0 { debts[lane, default: 0] += owed }
    }

    /// When at least `count` more may leave; nil if that is now.
    package mutating func nextAvailable(_ count: Int = 1, at now: Int64) -> Int64? {
        guard available(at: now) < count, let rate else { return nil }
        let missing = min(Double(count), room) - tokens
        guard missing > 0 else { return nil }
        let share = debts.isEmpty ? 1 : 1 - debtShare
        return moment(after: missing / (rate * factor * portion * share), from: now)
    }

    /// When a lane will have paid its debt if nobody else sends; nil if it has none.
    package mutating func debtPaid(_ lane: Lane, at now: Int64) -> Int64? {
        refill(at: now)
        guard let rate, debts[lane] != nil else { return nil }
        // All debts together: they are paid side by side.
        let pace = rate * factor * portion
        let untilFull = max(room - tokens, 0) / (pace * (1 - debtShare))
        let paidMeanwhile = untilFull * pace * debtShare
        let seconds =
            paidMeanwhile >= owed
            ? owed / (pace * debtShare) : untilFull + (owed - paidMeanwhile) / pace
        return moment(after: seconds, from: now)
    }

    /// Eskiz complained: half as much leaves, until it has been quiet for a while.
    package mutating func slowDown(at now: Int64) {
        refill(at: now)
        factor = max(factor / 2, Self.smallestFactor)
        changedAt = now
    }

    private func moment(after seconds: Double, from now: Int64) -> Int64 {
        // A nanosecond more, so that rounding does not wake us just before.
        now.addingClamped(Int64((min(seconds, 9e9) * 1e9).rounded(.up)) + 1)
    }

    private mutating func refill(at now: Int64) {
        defer { refilledAt = max(refilledAt ?? now, now) }
        while factor < 1, now.subtractingClamped(changedAt) >= Self.recovery.nanoseconds {
            factor = min(1, factor * 2)
            changedAt = changedAt.addingClamped(Self.recovery.nanoseconds)
        }
        guard let rate, let refilledAt, now > refilledAt else { return }
        let flow = Double(now - refilledAt) / 1e9 * rate * factor * portion
        guard !debts.isEmpty else {
            tokens = min(room, tokens + flow)
            return
        }
        // What the bucket has no room for pays debts as well.
        let wanted = tokens + flow * (1 - debtShare)
        tokens = min(room, wanted)
        let left = pay(flow * debtShare + wanted - tokens)
        tokens = min(room, tokens + left)
    }

    /// All debts; in a fixed order, because a sum of fractions depends on it.
    private var owed: Double { Lane.allCases.reduce(0) { $0 + debts[$1, default: 0] } }

    /// Pays debts in proportion.
    ///
    /// - Returns: what is left when all are paid.
    private mutating func pay(_ amount: Double) -> Double {
        let owed = owed
        guard amount < owed - Self.smallestDebt else {
            debts = [:]
            return max(amount - owed, 0)
        }
        debts = debts.mapValues { $0 - amount * $0 / owed }
        return 0
    }
}
