import EskizPages
import EskizWords

/// The controls at hand beside the inbox: what one wants in the middle of a test.
struct QuickControls {
    private let provider: Provider
    private let visit: PageVisit

    init(_ provider: Provider, _ visit: PageVisit) {
        self.provider = provider
        self.visit = visit
    }

    var context: PageContext {
        let down = provider.faults.faults.first { $0.takesProviderDown }
        return PageContext(filling: [
            "failures": options(Self.failures, chosen: nil), "outages": options(Self.outages, chosen: nil),
            "isDown": down != nil, "downID": down?.id, "downOutcome": (down?.outcome).map(visit.language.say),
            "delays": delays, "deliveries": deliveries,
        ])
    }

    /// JSON of an outcome, and what it means.
    private static let failures: [(String, Phrase)] = [
        ("401", .fault401), ("429", .fault429), ("500", .fault500), ("502", .fault502), ("503", .fault503),
        ("\"reset_before\"", .faultResetBefore), ("\"reset_after\"", .faultResetAfter),
        ("\"silence\"", .faultSilence), ("\"silence_after\"", .faultSilenceAfter), ("\"garbage\"", .faultGarbage),
        ("\"truncated\"", .faultTruncated),
    ]

    private static let outages: [(String, Phrase)] = [
        ("503", .fault503), ("502", .fault502), ("\"reset_before\"", .faultResetBefore),
        ("\"silence\"", .faultSilence),
    ]

    private func options(_ choices: [(String, Phrase)], chosen: String?) -> [PageContext] {
        choices.map { value, phrase in option(value, visit.say(phrase), isChosen: value == chosen) }
    }

    private func option(_ value: String, _ label: String, isChosen: Bool) -> PageContext {
        PageContext(filling: ["value": value, "label": label, "isChosen": isChosen])
    }

    private var delays: [PageContext] {
        let current = String(
            decoding: JSON.object(
                provider.behaviour.latency.map { .init(name: $0.route.text, value: $0.document) }
            ).bytes,
            as: UTF8.self
        )
        func rule(_ route: String, _ seconds: Double) -> String {
            let time = Duration.nanoseconds(Int64(seconds * 1_000_000_000)).setting
            let document: JSON = .object([
                .init(name: route, value: ["min": time, "max": time, "never": .double(0)])
            ])
            return String(decoding: document.bytes, as: UTF8.self)
        }
        var choices = [("{}", visit.say(.delayNone))]
        for seconds in [0.5, 2, 10, 60] {
            let text = seconds < 1 ? "\(Int(seconds * 1_000)) ms" : "\(Int(seconds)) s"
            choices.append((rule("*", seconds), text))
        }
        choices.append((rule("message/sms/send", 10), visit.say(.delaySends, ["time": "10 s"])))
        if !choices.contains(where: { $0.0 == current }) { choices.append((current, current)) }
        return choices.map { option($0.0, $0.1, isChosen: $0.0 == current) }
    }

    private var deliveries: [PageContext] {
        let current = provider.behaviour.delivery
        return DeliveryOutcome.allCases.map { outcome in
            option("\"\(outcome.rawValue)\"", visit.say(outcome.phrase), isChosen: outcome == current)
        }
    }
}

extension Fault {
    /// Everything fails until somebody takes the fault away.
    var takesProviderDown: Bool {
        route == RoutePattern("*") && method == nil && times == nil && probability == 1 && !outcome.isProcessed
    }
}

extension DeliveryOutcome {
    var phrase: Phrase {
        switch self {
        case .delivered: .stateDelivered
        case .partial: .statePartly
        case .undelivered: .stateUndelivered
        case .expired: .stateExpired
        case .rejected: .stateRejected
        case .deleted: .stateDeleted
        case .unknown: .stateUnknown
        case .never: .stateAccepted
        }
    }
}
