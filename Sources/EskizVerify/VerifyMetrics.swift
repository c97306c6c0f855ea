import Eskiz
import EskizQueue
import EskizText
package import Metrics

/// Names of the metrics of one-time codes and their labels, each written once.
package enum VerifyMetricNames {
    /// Verifications that began and had an SMS sent, by operator.
    package static let created = "eskiz_verifications_created_total"
    /// Those that ended with the right code, by operator.
    package static let approved = "eskiz_verifications_approved_total"
    /// Codes that were not sent, by the rule that refused them.
    package static let refused = "eskiz_verifications_refused_total"
    /// Checks, by what came of them.
    package static let checks = "eskiz_verification_checks_total"
    /// From the request to the right code.
    package static let timeToApprove = "eskiz_verification_time_to_approve_seconds"
    /// Groups to which hardly any code is entered, by kind.
    package static let closed = "eskiz_verification_groups_closed"

    package static let mobileOperator = "operator"
    package static let rule = "rule"
    package static let outcome = "outcome"
    package static let kind = "kind"
}

/// The instruments of one-time codes, made once, with labels from closed sets: no phone, no code, no template.
package final class VerifyMetrics: Sendable {
    package enum CheckOutcome: String, Sendable, CaseIterable {
        case right
        case wrong
        /// The verification was over, or the phone locked.
        case notCompared = "not_compared"
    }

    private let created: [String: Counter]
    private let approved: [String: Counter]
    private let refused: [SendRefusal.Rule: Counter]
    private let checks: [CheckOutcome: Counter]
    private let timeToApprove: Metrics.Timer

    private static let elsewhere = "other"
    private static let operators: [String] =
        [
            MobileOperator.mobiuz, .beeline, .ucell, .humans, .uzmobileGSM, .uzmobileCDMA, .perfectum, .oq, .uztelecom,
        ].map(\.name) + [elsewhere]

    package init(factory: any MetricsFactory) {
        typealias Names = VerifyMetricNames
        created = Self.table(Self.operators) {
            Counter(label: Names.created, dimensions: [(Names.mobileOperator, $0)], factory: factory)
        }
        approved = Self.table(Self.operators) {
            Counter(label: Names.approved, dimensions: [(Names.mobileOperator, $0)], factory: factory)
        }
        refused = Self.table(SendRefusal.Rule.allCases) {
            Counter(label: Names.refused, dimensions: [(Names.rule, $0.rawValue)], factory: factory)
        }
        checks = Self.table(CheckOutcome.allCases) {
            Counter(label: Names.checks, dimensions: [(Names.outcome, $0.rawValue)], factory: factory)
        }
        timeToApprove = Metrics.Timer(label: Names.timeToApprove, dimensions: [], factory: factory)
    }

    private static func table<Key: Hashable, Value>(_ keys: [Key], _ value: (Key) -> Value) -> [Key: Value] {
        Dictionary(keys.map { ($0, value($0)) }) { first, _ in first }
    }

    private static func name(_ verification: Verification) -> String {
        let name = NumberGroup.name(of: verification.phone)
        return operators.contains(name) ? name : elsewhere
    }

    func created(_ verification: Verification) {
        guard verification.kind == .sms else { return }
        created[Self.name(verification)]?.increment()
    }

    func approved(_ verification: Verification) {
        guard verification.kind == .sms else { return }
        approved[Self.name(verification)]?.increment()
        guard let endedAt = verification.endedAt else { return }
        timeToApprove.recordNanoseconds(max(.zero, endedAt - verification.createdAt).nanoseconds)
    }

    func refused(_ rule: SendRefusal.Rule) { refused[rule]?.increment() }

    func checked(_ outcome: CheckOutcome) { checks[outcome]?.increment() }
}
