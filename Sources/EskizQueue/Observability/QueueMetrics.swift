import Eskiz
import EskizText
package import Metrics

/// Names of the queue's metrics and their labels, each written once; units are in the name.
package enum QueueMetricNames {
    /// Messages accepted, by lane.
    package static let accepted = "eskiz_messages_accepted_total"
    /// Messages that entered a state, by lane and state.
    package static let entered = "eskiz_messages_total"
    /// Attempts that ended, by lane and outcome.
    package static let attempts = "eskiz_attempts_total"
    /// From being accepted, or from its scheduled time, to being submitted, by lane.
    package static let timeToSubmit = "eskiz_time_to_submit_seconds"
    /// From being submitted to being delivered, by lane and operator.
    package static let timeToDeliver = "eskiz_time_to_deliver_seconds"
    /// Delivery reports, by where they came from and what they did.
    package static let reports = "eskiz_reports_total"
    /// Numbers of ours under which Eskiz reported somebody else's message, by where it was seen.
    package static let foreign = "eskiz_foreign_messages_total"
    /// Unknown outcomes that were settled, by how.
    package static let reconciled = "eskiz_unknown_settled_total"
    /// 0 closed, 1 half open, 2 open.
    package static let breakerState = "eskiz_breaker_state"
    /// Openings, by reason.
    package static let breakerOpenings = "eskiz_breaker_openings_total"
    /// Requests to Eskiz under way, by lane.
    package static let inFlight = "eskiz_requests_in_flight"
    /// Calls of the store that failed.
    package static let storeErrors = "eskiz_store_errors_total"
    /// Requests of which Eskiz said that they were too many (429), by lane.
    package static let throttled = "eskiz_throttled_total"
    /// Steps of the machine's clock that were noticed, by direction.
    package static let clockSteps = "eskiz_clock_steps_total"

    package static let lane = "lane"
    package static let state = "state"
    package static let outcome = "outcome"
    package static let mobileOperator = "operator"
    package static let source = "source"
    package static let effect = "effect"
    package static let reason = "reason"
    package static let resolution = "resolution"
    package static let direction = "direction"
}

/// The queue's instruments, made once, with labels from closed sets.
///
/// What can be told from a changed message is told by `MessageEvents`, so that nobody who changes one has to think of it.
package final class QueueMetrics: Sendable {
    /// How an attempt ended.
    package enum AttemptOutcome: String, Sendable, CaseIterable {
        case taken
        case notTaken = "not_taken"
        case unknown
        /// It did not count: a stop, a limit, no token.
        case released
    }

    package enum ReportOutcome: String, Sendable, CaseIterable {
        case advanced
        case nothingNew = "nothing_new"
        case unmatched
        /// About somebody else's message.
        case foreign

        package init(_ effect: ReportEffect) {
            switch effect {
            case .advanced: self = .advanced
            case .nothingNew: self = .nothingNew
            case .unmatched: self = .unmatched
            case .foreign: self = .foreign
            }
        }
    }

    private struct OfLane: Sendable {
        let accepted: Counter
        let entered: [MessageState: Counter]
        let attempts: [AttemptOutcome: Counter]
        let timeToSubmit: Metrics.Timer
        let timeToDeliver: [String: Metrics.Timer]
        let inFlight: Gauge
        let throttled: Counter
    }

    private let lanes: [Lane: OfLane]
    private let reports: [DeliveryReport.Source: [ReportOutcome: Counter]]
    private let foreign: [DeliveryReport.Source: Counter]
    private let reconciled: [UnknownResolution: Counter]
    private let breakerState: Gauge
    private let breakerOpenings: [String: Counter]
    private let storeErrors: Counter
    private let clockSteps: (forward: Counter, back: Counter)

    package init(factory: any MetricsFactory = MetricsSystem.factory) {
        typealias Names = QueueMetricNames
        let operators = Self.operators.map(\.name) + [Self.elsewhere]
        lanes = Self.table(Lane.allCases) { lane in
            let label = (Names.lane, lane.rawValue)
            return OfLane(
                accepted: Counter(label: Names.accepted, dimensions: [label], factory: factory),
                entered: Self.table(MessageState.allCases) {
                    Counter(label: Names.entered, dimensions: [label, (Names.state, $0.rawValue)], factory: factory)
                },
                attempts: Self.table(AttemptOutcome.allCases) {
                    Counter(label: Names.attempts, dimensions: [label, (Names.outcome, $0.rawValue)], factory: factory)
                },
                timeToSubmit: Metrics.Timer(label: Names.timeToSubmit, dimensions: [label], factory: factory),
                timeToDeliver: Self.table(operators) {
                    Metrics.Timer(
                        label: Names.timeToDeliver,
                        dimensions: [label, (Names.mobileOperator, $0)],
                        factory: factory
                    )
                },
                inFlight: Gauge(label: Names.inFlight, dimensions: [label], factory: factory),
                throttled: Counter(label: Names.throttled, dimensions: [label], factory: factory)
            )
        }
        reports = Self.table(DeliveryReport.Source.allCases) { source in
            Self.table(ReportOutcome.allCases) {
                Counter(
                    label: Names.reports,
                    dimensions: [(Names.source, source.rawValue), (Names.effect, $0.rawValue)],
                    factory: factory
                )
            }
        }
        foreign = Self.table(DeliveryReport.Source.allCases) {
            Counter(label: Names.foreign, dimensions: [(Names.source, $0.rawValue)], factory: factory)
        }
        reconciled = Self.table(UnknownResolution.allCases) {
            Counter(label: Names.reconciled, dimensions: [(Names.resolution, $0.rawValue)], factory: factory)
        }
        breakerState = Gauge(label: Names.breakerState, dimensions: [], factory: factory)
        breakerOpenings = Self.table(
            ["failures"] + RetryPolicy.Block.allCases.map(\.rawValue)
        ) { Counter(label: Names.breakerOpenings, dimensions: [(Names.reason, $0)], factory: factory) }
        storeErrors = Counter(label: Names.storeErrors, dimensions: [], factory: factory)
        clockSteps = (
            Counter(label: Names.clockSteps, dimensions: [(Names.direction, "forward")], factory: factory),
            Counter(label: Names.clockSteps, dimensions: [(Names.direction, "back")], factory: factory)
        )
        breakerState.record(0)
    }

    private static let operators: [MobileOperator] = [
        .mobiuz, .beeline, .ucell, .humans, .uzmobileGSM, .uzmobileCDMA, .perfectum, .oq, .uztelecom,
    ]
    private static let elsewhere = "other"

    private static func table<Key: Hashable, Value>(_ keys: [Key], _ value: (Key) -> Value) -> [Key: Value] {
        Dictionary(keys.map { ($0, value($0)) }) { first, _ in first }
    }

    func accepted(_ messages: [Message]) {
        for message in messages { lanes[message.lane]?.accepted.increment() }
    }

    /// A message is in a state in which it was not before.
    func entered(_ message: Message) {
        guard let lane = lanes[message.lane] else { return }
        lane.entered[message.state]?.increment()
        switch message.state {
        case .submitted:
            guard let submittedAt = message.submittedAt else { return }
            // A scheduled message is not late before its time; after a retry, `dueAt` is the retry's.
            let start = message.attempts <= 1 ? max(message.createdAt, message.dueAt) : message.createdAt
            lane.timeToSubmit.recordNanoseconds(max(.zero, submittedAt - start).nanoseconds)
        case .delivered:
            guard let submittedAt = message.submittedAt, let finalAt = message.finalAt else { return }
            let hint = (try? PhoneNumber(internationalDigits: message.phone))?.operatorHint?.name
            let timer = lane.timeToDeliver[hint ?? Self.elsewhere] ?? lane.timeToDeliver[Self.elsewhere]
            timer?.recordNanoseconds(max(.zero, finalAt - submittedAt).nanoseconds)
        default:
            break
        }
    }

    func attempt(_ lane: Lane, _ outcome: AttemptOutcome) {
        lanes[lane]?.attempts[outcome]?.increment()
    }

    func report(_ source: DeliveryReport.Source, _ effect: ReportEffect) {
        reports[source]?[ReportOutcome(effect)]?.increment()
    }

    func foreign(_ source: DeliveryReport.Source) {
        foreign[source]?.increment()
    }

    func settled(_ resolution: UnknownResolution) {
        reconciled[resolution]?.increment()
    }

    func breaker(_ phase: CircuitBreaker.Phase, reason: CircuitBreaker.Reason?) {
        breakerState.record(phase.level)
        if phase == .open, let reason { breakerOpenings[reason.name]?.increment() }
    }

    func storeFailed() {
        storeErrors.increment()
    }

    func throttled(_ lane: Lane) {
        lanes[lane]?.throttled.increment()
    }

    func clockStepped(_ step: Duration) {
        (step < .zero ? clockSteps.back : clockSteps.forward).increment()
    }

    func inFlight(_ requests: [Lane: Int]) {
        for (lane, instruments) in lanes { instruments.inFlight.record(requests[lane] ?? 0) }
    }
}
