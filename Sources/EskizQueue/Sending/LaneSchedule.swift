/// How the free slots are shared out between the lanes.
///
/// Pure.
///
/// Codes may use every slot; the other lanes together never more than is left beside the codes' reserve. Transactional
/// comes before bulk, except for every tenth turn, so that bulk moves however much transactional waits.
package struct LaneSchedule: Sendable, Hashable {
    /// Requests at the same time.
    package let concurrency: Int
    /// Of these, for codes only.
    package let reserve: Int
    /// Bulk comes first in one of so many turns.
    package static let bulkTurn = 10

    /// Turns in which other lanes than codes could be served.
    private var turns = 0

    /// - Parameters:
    ///   - concurrency: requests at the same time, at least 1.
    ///   - otpReserve: the share of them for codes only, 0 to 1; one slot at least is left for everything else.
    package init(concurrency: Int, otpReserve: Double) {
        self.concurrency = max(concurrency, 1)
        let wanted = (Double(self.concurrency) * min(max(otpReserve, 0), 1)).rounded(.up)
        reserve = min(Int(wanted), self.concurrency - 1)
    }

    /// What there is to share out.
    package struct Supply: Sendable, Hashable {
        /// Requests under way, by lane.
        package var inFlight: [Lane: Int]
        /// Messages that the rate limit lets through now.
        package var tokens: Int
        /// How many of these are for codes only.
        package var reservedTokens: Int
        /// Codes that wait, as far as is known; a hint, and it may be wrong.
        package var otpWaiting: Int
        /// How many requests of a lane may begin, where it may not use all there is.
        package var limits: [Lane: Int]

        package init(
            inFlight: [Lane: Int] = [:],
            tokens: Int = .max,
            reservedTokens: Int = 0,
            otpWaiting: Int = 0,
            limits: [Lane: Int] = [:]
        ) {
            self.inFlight = inFlight
            self.tokens = tokens
            self.reservedTokens = reservedTokens
            self.otpWaiting = otpWaiting
            self.limits = limits
        }

        func limit(of lane: Lane) -> Int { limits[lane] ?? .max }
    }

    /// What to claim.
    package struct Turn: Sendable, Hashable {
        package var shares: [ClaimRequest.Share]
        package var limit: Int
        package var scope: Scope

        package init(shares: [ClaimRequest.Share], limit: Int, scope: Scope) {
            self.shares = shares
            self.limit = limit
            self.scope = scope
        }
    }

    /// Whom a turn is for.
    package enum Scope: Sendable, Hashable {
        case allLanes
        /// Lanes that may begin something; others wait for their turn to come.
        case someLanes
        /// Codes alone; the others have room, and come next.
        case codesFirst
        /// Codes alone; there is no room for the others.
        case codesOnly
    }

    /// The next turn; nil if there is no room at all.
    package mutating func next(_ supply: Supply) -> Turn? {
        let others = supply.inFlight[.transactional, default: 0] + supply.inFlight[.bulk, default: 0]
        let all = others + supply.inFlight[.otp, default: 0]
        let free = min(concurrency - all, supply.tokens)
        guard free > 0 else { return nil }
        let room = min(free, concurrency - reserve - others, supply.tokens - supply.reservedTokens)
        let codes = min(free, supply.limit(of: .otp))
        let isShared = room > 0 && (supply.limit(of: .transactional) > 0 || supply.limit(of: .bulk) > 0)
        guard isShared else {
            return codes > 0 ? Turn(shares: [.init(.otp, codes)], limit: codes, scope: .codesOnly) : nil
        }
        // One limit is for all lanes of a claim. Where it would let the others into the reserve it is cut down to their
        // room; codes that need more than that are fetched alone first.
        if room < codes, supply.otpWaiting > room {
            return Turn(shares: [.init(.otp, codes)], limit: codes, scope: .codesFirst)
        }
        turns += 1
        let order: [Lane] = turns.isMultiple(of: Self.bulkTurn) ? [.bulk, .transactional] : [.transactional, .bulk]
        let shares = ([.otp] + order).map { ClaimRequest.Share($0, min(room, supply.limit(of: $0))) }
        let isLimited = shares.contains { $0.limit < room }
        return Turn(
            shares: shares.filter { $0.limit > 0 },
            limit: room,
            scope: isLimited ? .someLanes : .allLanes
        )
    }
}
