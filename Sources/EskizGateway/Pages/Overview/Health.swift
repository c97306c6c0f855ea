import Eskiz
import EskizQueue
import EskizWords

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Whether all is well, in one sentence: the gravest thing that there is to say.
///
/// Pure.
struct Health: Sendable, Hashable {
    enum Tone: String, Sendable {
        case good, warning, bad
    }

    var tone: Tone
    var phrase: OverviewPhrase
    /// What is said instead, where something holds messages up.
    var hold: HoldPhrase?
    /// How long, where the sentence says so.
    var time: Duration?
    /// When, where the sentence says so.
    var moment: Timestamp?
    /// How many, where the sentence says so.
    var count: Int?
    /// The code of an error, where the sentence says so.
    var code: String?

    /// What waits longer than this is late.
    private static let patience: Duration = .seconds(60)

    init(
        _ tone: Tone,
        _ phrase: OverviewPhrase,
        time: Duration? = nil,
        moment: Timestamp? = nil,
        count: Int? = nil,
        code: String? = nil
    ) {
        self.tone = tone
        self.phrase = phrase
        self.time = time
        self.moment = moment
        self.count = count
        self.code = code
    }

    init(_ facts: OverviewFacts) {
        self =
            Self.obstacle(facts) ?? Self.provider(facts) ?? Self.held(facts) ?? Self.token(facts)
            ?? Self.balance(facts.account?.balance, lasts: facts.balanceLasts) ?? Self.rest(facts)
    }

    /// Nothing can be accepted.
    private static func obstacle(_ facts: OverviewFacts) -> Health? {
        let codes = Set(facts.obstacles)
        if codes.contains("shutting_down") { return Health(.warning, .healthStopping) }
        if codes.contains("token_dead") { return Health(.bad, .healthTokenDead) }
        if codes.contains("token_absent") { return Health(.bad, .healthTokenAbsent) }
        if codes.contains("disk_almost_full") { return Health(.bad, .healthDisk) }
        return codes.isEmpty ? nil : Health(.bad, .healthStore)
    }

    /// Nothing can be sent.
    private static func provider(_ facts: OverviewFacts) -> Health? {
        guard facts.provider.phase != .closed else { return nil }
        return switch facts.provider.reason {
        case .blocked(.credentials): token(facts) ?? Health(.bad, .healthCredentials)
        case .blocked(.balance): Health(.bad, .healthBalance)
        case .blocked(.configuration): Health(.bad, .healthConfiguration)
        case .failures, nil:
            facts.depth.total == 0
                ? Health(.warning, .healthTrying) : Health(.warning, .healthAway, count: facts.depth.total)
        }
    }

    private static func token(_ facts: OverviewFacts) -> Health? {
        token(TokenState(facts.token), facts.renewals, facts.renewalHold, canLogIn: facts.canLogIn)
    }

    /// Lanes wait although Eskiz answers.
    private static func held(_ facts: OverviewFacts) -> Health? {
        for (reason, phrase) in [(SendingHold.Reason.throttled, HoldPhrase.healthThrottled), (.rate, .healthRate)] {
            let holds = facts.holds.filter { $0.reason == reason }
            guard let end = holds.compactMap(\.until).max() else { continue }
            let count = Set(holds.flatMap(\.lanes)).reduce(0) { $0 + facts.depth[$1] }
            var health = Health(.warning, .healthAttention, time: max(.zero, end - facts.now), count: count)
            health.hold = phrase
            return health
        }
        return nil
    }

    /// Nothing can be sent, or soon nothing can.
    static func token(
        _ state: TokenState,
        _ renewals: RenewalHistory,
        _ hold: RenewalHold? = nil,
        canLogIn: Bool
    ) -> Health? {
        guard let failure = renewals.failure else {
            return state == .expired || state == .rejected ? Health(.warning, .healthRenewing) : nil
        }
        if state.isUsable {
            if !canLogIn { return Health(.bad, .healthWillFail) }
            // A passing failure heals long before the token ends.
            return failure.isForGood ? Health(.bad, .healthLoginWillFail) : nil
        }
        if failure.isForGood { return Health(.bad, .healthCredentials) }
        let code = failure.code.rawValue
        guard let hold else { return Health(.bad, .healthNoToken, code: code) }
        return Health(.bad, .healthNoTokenUntil, moment: Timestamp(milliseconds: hold.until / 1_000_000), code: code)
    }

    /// What is sent will soon not arrive: without money Eskiz takes messages, and delivers none.
    static func balance(_ balance: Decimal?, lasts: Duration?) -> Health? {
        if let balance, balance <= 0 { return Health(.bad, .healthNoMoney) }
        guard let lasts, lasts < OverviewFacts.lowBalance else { return nil }
        return Health(.warning, .healthLowBalance, time: lasts)
    }

    private static func rest(_ facts: OverviewFacts) -> Health {
        if let oldest = facts.oldestWaiting, oldest > patience { return Health(.warning, .healthSlow, time: oldest) }
        if !Attention.items(of: facts).isEmpty { return Health(.warning, .healthAttention) }
        if let difference = facts.clockDifference {
            return Health(.warning, .healthClocks, time: difference < .zero ? .zero - difference : difference)
        }
        return Health(.good, .healthWell)
    }
}

extension RenewalHistory.Failure {
    /// The e-mail and key are wrong: they are not tried again until somebody corrects them.
    var isForGood: Bool { code == .credentialsRefused }
}

/// Something that waits for a person, and where to do it.
struct Attention: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
        /// Messages wait, and there may be nothing to do but to know it.
        case hold(SendingHold)
        case unknown
        case deadWebhooks
        /// By the code of their error.
        case refusal(String)
    }

    var kind: Kind
    var count: Int

    /// What can be lost first, then by number.
    static func items(of facts: OverviewFacts) -> [Attention] {
        var items = facts.holds.map { hold in
            Attention(kind: .hold(hold), count: hold.lanes.reduce(0) { $0 + facts.depth[$1] })
        }
        if facts.unsettled > 0 { items.append(Attention(kind: .unknown, count: facts.unsettled)) }
        if facts.statistics.deadWebhooks > 0 {
            items.append(Attention(kind: .deadWebhooks, count: facts.statistics.deadWebhooks))
        }
        return items
            + facts.refusals.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            .map { Attention(kind: .refusal($0.key), count: $0.value) }
    }

    /// A filter of the list of messages, as `MessageFilter` reads it.
    var fields: [(String, String)] {
        switch kind {
        case .hold(let hold) where hold.lanes.count == 1:
            [("status", "queued,sending"), ("lane", hold.lanes[0].rawValue)]
        case .hold: [("status", "queued,sending")]
        case .unknown: [("unsettled", "yes")]
        case .deadWebhooks: [("webhook", "dead")]
        case .refusal(""): [("status", "failed")]
        case .refusal(let code): [("status", "failed"), ("error", code)]
        }
    }
}
