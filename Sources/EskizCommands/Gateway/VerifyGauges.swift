import EskizPrometheus
import EskizVerify

/// What is read of one-time codes when somebody asks for `/metrics`.
enum VerifyGauges {
    static func register(in registry: PrometheusRegistry, verifier: Verifier) {
        registry.describe(VerifyMetricNames.created, "Verifications that had an SMS sent, by operator.")
        registry.describe(VerifyMetricNames.approved, "Verifications that ended with the right code, by operator.")
        registry.describe(VerifyMetricNames.refused, "Codes that were not sent, by the rule that refused them.")
        registry.describe(VerifyMetricNames.checks, "Checks of codes, by what came of them.")
        registry.describe(VerifyMetricNames.timeToApprove, "From the request for a code to the right code, in seconds.")
        registry.describe(
            VerifyMetricNames.closed,
            "Groups of phones, networks or keys whose codes are hardly ever entered, by kind."
        )
        registry.collect {
            let closed = verifier.closedGroups
            return ConversionGuard.Kind.allCases.map { kind in
                Sample(
                    VerifyMetricNames.closed,
                    kind: .gauge,
                    labels: [(VerifyMetricNames.kind, "\(kind)")],
                    value: Double(closed.count { $0.group.kind == kind })
                )
            }
        }
    }
}
