import Eskiz
import EskizPages
import EskizQueue
import EskizWords

/// The token of the account: how long it lives, what its last renewal came to, when the next one is.
struct TokenCard {
    let visit: PageVisit
    let facts: OverviewFacts

    var context: PageContext {
        let state = TokenState(facts.token)
        return PageContext(filling: [
            "tone": tone(state), "state": visit.say(phrase(state)),
            "left": facts.token?.remaining.map { visit.language.span($0) } ?? "–",
            "ends": facts.token?.expiresAt.map { Timestamp($0).dayAndClock } ?? "–",
            "last": lastRenewal ?? "–",
            "why": why,
            "next": nextRenewal(state),
            "failure": facts.renewals.failure.map { failure in
                visit.say(
                    .renewalFailed,
                    ["time": Self.moment(failure.wall).dayAndClock, "code": failure.code.rawValue]
                )
            },
            "isDegraded": facts.token?.isStoreDegraded ?? false,
        ])
    }

    private func tone(_ state: TokenState) -> String {
        if needsCorrection(state) { return "bad" }
        return switch state {
        case .valid: "good"
        case .due: "busy"
        case .expired, .rejected: facts.canLogIn ? "warning" : "bad"
        case .absent: facts.canLogIn ? "neutral" : "bad"
        }
    }

    /// No renewal will work until somebody has changed a setting.
    private func needsCorrection(_ state: TokenState) -> Bool {
        guard !state.isUsable else { return false }
        return facts.canLogIn ? facts.renewals.failure?.isForGood == true : facts.renewals.failure?.code == .tokenDead
    }

    private func phrase(_ state: TokenState) -> OverviewPhrase {
        switch state {
        case .valid: .tokenValid
        case .due: .tokenDue
        case .expired: .tokenExpired
        case .rejected: .tokenRejected
        case .absent: .tokenAbsent
        }
    }

    private var lastRenewal: String? {
        facts.renewals.success.map { Self.moment($0.wall).dayAndClock }
            ?? facts.token?.issuedAt.map { Timestamp($0).dayAndClock }
    }

    private var why: String? {
        guard let success = facts.renewals.success else {
            return facts.token == nil ? nil : visit.say(.renewedBefore)
        }
        let reason: OverviewPhrase =
            switch success.reason {
            case .start: .becauseStart
            case .early, .persist, .look: .becauseEarly
            case .expired: .becauseExpired
            case .rejected: .becauseRejected
            case .byHand: .becauseByHand
            }
        return visit.say(reason) + (success.byLogin ? " " + visit.say(.byLogin) : "")
    }

    private func nextRenewal(_ state: TokenState) -> String {
        if needsCorrection(state) { return visit.say(.nextCorrected) }
        if let hold = facts.renewalHold {
            return visit.say(.nextHeld, ["time": Self.moment(hold.until).dayAndClock, "code": hold.code])
        }
        switch state {
        case .absent: return visit.say(.nextAtOnce)
        case .due, .expired, .rejected: return visit.say(.nextSoon)
        case .valid:
            guard let due = facts.token?.dueIn else { return visit.say(.nextAfterRefusal) }
            return visit.say(
                .nextIn,
                ["time": visit.language.span(due), "moment": (facts.now + due).day]
            )
        }
    }

    private static func moment(_ wall: Int64) -> Timestamp { Timestamp(milliseconds: wall / 1_000_000) }
}
