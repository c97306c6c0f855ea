import Eskiz

/// Lanes that wait because Eskiz said that it was too much (429).
///
/// Pure; time is nanoseconds of the elapsed clock.
///
/// Whatever Eskiz asks for, the lane whose message it was stops for a minute at most, and the others for half a minute: one
/// message with a long `Retry-After` must not take all others with it. Meanwhile a code may try now and then, because its
/// reader waits. After its hold a lane sends one message, and the rest once that one was not too much.
package struct LaneHolds: Sendable, Hashable {
    /// The longest hold of the lane that was too fast.
    package static let laneLimit: Duration = .seconds(60)
    /// The longest hold of the lanes beside it.
    package static let allLimit: Duration = .seconds(30)
    /// A trial that is not answered for so long is no reason to let codes wait for it.
    private static let trialPatience: Duration = .seconds(5)
    /// Pauses between trials of a lane that is held.
    private static let trialPauses = Backoff(first: .seconds(1), cap: .seconds(8), floor: .seconds(1))

    private struct Hold: Sendable, Hashable {
        var since: Int64
        var until: Int64
        /// One of its own messages was too much; otherwise it only stands by.
        var isOwn: Bool
        /// When the message left that tries whether more may.
        var triedAt: Int64?
        var failures = 0
        /// When a code may try again.
        var nextTrial: Int64
    }

    private var holds: [Lane: Hold] = [:]

    package init() {}

    /// How many requests of a lane may begin; `.max` for no limit.
    package mutating func limit(of lane: Lane, at now: Int64) -> Int {
        endStandbys(at: now)
        guard let hold = holds[lane] else { return .max }
        let isTried = hold.triedAt.map { now < $0.addingClamped(Self.trialPatience.nanoseconds) } ?? false
        if isTried { return 0 }
        if now >= hold.until { return 1 }
        return lane == .otp && now >= hold.nextTrial ? 1 : 0
    }

    /// A request begins.
    ///
    /// - Returns: whether it tries for its lane.
    package mutating func depart(_ lane: Lane, at now: Int64) -> Bool {
        guard holds[lane] != nil else { return false }
        holds[lane]?.triedAt = now
        return true
    }

    /// Eskiz said that a request was too much.
    ///
    /// - Parameters:
    ///   - lane: whose request it was.
    ///   - pause: how long Eskiz asks to wait.
    ///   - isTrial: whether the request tried for its lane.
    ///   - now: the time.
    /// - Returns: whether that was news: those that were under way together complain together.
    package mutating func throttled(_ lane: Lane, for pause: Duration, isTrial: Bool, at now: Int64) -> Bool {
        endStandbys(at: now)
        let isNews = isTrial || holds.values.allSatisfy { now >= $0.until }
        let pause = max(pause, .zero)
        if let hold = holds[lane], hold.isOwn, now < hold.until, !isTrial {
            // It had left before. It may prolong the hold, and never beyond its limit.
            let latest = hold.since.addingClamped(Self.laneLimit.nanoseconds)
            holds[lane]?.until = max(hold.until, min(latest, now.addingClamped(pause.nanoseconds)))
            return isNews
        }
        let failures = (holds[lane]?.failures ?? 0) + 1
        holds[lane] = Hold(
            since: now,
            until: now.addingClamped(min(pause, Self.laneLimit).nanoseconds),
            isOwn: true,
            failures: failures,
            nextTrial: now.addingClamped(Self.trialPauses.ceiling(afterFailures: failures).nanoseconds)
        )
        // A trial says nothing of the other lanes that was not known.
        guard isNews, !isTrial else { return isNews }
        for other in Lane.allCases where holds[other] == nil {
            holds[other] = Hold(
                since: now,
                until: now.addingClamped(min(pause, Self.allLimit).nanoseconds),
                isOwn: false,
                nextTrial: now
            )
        }
        return true
    }

    /// Eskiz answered a trial, and it was not too much: its lane goes on, and so do those that stood by.
    package mutating func passed(_ lane: Lane) {
        holds[lane] = nil
        holds = holds.filter { $0.value.isOwn }
    }

    /// A trial ended without a word of Eskiz's.
    package mutating func abandoned(_ lane: Lane, at now: Int64) {
        guard let hold = holds[lane] else { return }
        holds[lane]?.triedAt = nil
        let pause = Self.trialPauses.ceiling(afterFailures: max(hold.failures, 1))
        holds[lane]?.nextTrial = now.addingClamped(pause.nanoseconds)
    }

    /// When a lane may begin something that may not begin now; nil if none waits for a moment.
    package mutating func nextChange(at now: Int64) -> Int64? {
        endStandbys(at: now)
        return holds.compactMap { lane, hold -> Int64? in
            var moments = [hold.until]
            if lane == .otp { moments.append(hold.nextTrial) }
            if let triedAt = hold.triedAt { moments.append(triedAt.addingClamped(Self.trialPatience.nanoseconds)) }
            return moments.filter { $0 > now }.min()
        }.min()
    }

    /// The lanes that wait now, with the beginning and the end of their hold.
    package mutating func held(at now: Int64) -> [Lane: (since: Int64, until: Int64)] {
        endStandbys(at: now)
        return holds.filter { now < $0.value.until }.mapValues { ($0.since, $0.until) }
    }

    /// Who only stood by goes on without a trial.
    private mutating func endStandbys(at now: Int64) {
        holds = holds.filter { $0.value.isOwn || now < $0.value.until }
    }
}
