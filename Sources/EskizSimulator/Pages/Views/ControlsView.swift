import EskizPages
import EskizWords

/// Everything that the control API does, with buttons.
struct ControlsView {
    private let provider: Provider
    private let visit: PageVisit
    private let time: WallTime

    init(_ provider: Provider, _ visit: PageVisit, at time: WallTime) {
        self.provider = provider
        self.visit = visit
        self.time = time
    }

    func page(_ common: CommonView) -> Page {
        var context = common.context(of: .controls)
        let now = provider.now(time)
        let advanced = provider.clockAdvance
        context.merge(
            PageContext(filling: [
                "groups": groups, "modeList": provider.behaviour.modes.joined(separator: ", "),
                "now": "\(now.day) \(now.longClock)",
                "advanced": advanced == .zero ? nil : visit.say(.clockAdvanced, ["time": Self.words(of: advanced)]),
                "accounts": provider.accounts.map { PageContext(filling: ["email": $0.email]) },
                "templateList": provider.templates.suffix(50).reversed().map(template),
                "hasTemplates": !provider.templates.isEmpty,
            ])
        ) { $1 }
        context.merge(QuickControls(provider, visit).context) { $1 }
        return Page(template: .controls, title: "\(visit.say(.controls)) · Eskiz", context: context)
    }

    /// `30d`, `1d 2h`, `5m`: the units of the control API.
    static func words(of duration: Duration) -> String {
        var seconds = Int(duration.inSeconds)
        var words: [String] = []
        for (unit, length) in [("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)] where seconds >= length {
            words.append("\(seconds / length)\(unit)")
            seconds %= length
        }
        return words.isEmpty ? "0s" : words.joined(separator: " ")
    }

    private func template(_ template: Template) -> PageContext {
        PageContext(filling: [
            "templateID": template.id, "original": template.originalText, "templateStatus": template.status.rawValue,
            "isOpen": template.status == .moderation || template.status == .inProcess,
            "isApproved": template.status.isApproved,
        ])
    }

    private var groups: [PageContext] {
        let all: [(Phrase, [BehaviourSwitch])] = [
            (.groupCredentials, BehaviourSwitch.credentials), (.groupSending, BehaviourSwitch.sending),
            (.groupReading, BehaviourSwitch.reading), (.groupDelivery, BehaviourSwitch.delivery),
            (.groupNetwork, BehaviourSwitch.network),
        ]
        let standard = Behaviour()
        return all.map { phrase, switches in
            let rows = switches.map { row($0, standard: standard) }
            let changed = rows.count { $0["isChanged"] as? Bool == true }
            return PageContext(filling: [
                "groupName": visit.say(phrase), "groupID": phrase.rawValue, "switches": rows,
                "changedCount": changed == 0 ? nil : String(changed), "isExpanded": changed > 0,
            ])
        }
    }

    private func row(_ known: BehaviourSwitch, standard: Behaviour) -> PageContext {
        let (value, usual) = (known.read(provider.behaviour), known.read(standard))
        let choices = known.choices
        return PageContext(filling: [
            "name": known.name, "valid": known.values, "isChanged": value != usual,
            "usual": Self.spelling(of: usual), "hasChoices": choices != nil,
            "value": Self.spelling(of: value),
            "choices": choices?.map { choice in
                PageContext(filling: ["choice": choice, "isChosen": choice == Self.spelling(of: value)])
            },
        ])
    }

    /// As people would write it in the control API, strings without their quotes.
    private static func spelling(of value: JSON) -> String {
        if case .string(let text) = value { return text }
        return String(decoding: value.bytes, as: UTF8.self)
    }
}

extension BehaviourSwitch {
    /// The values to choose from, or nil when one has to be written.
    var choices: [String]? {
        let choices = values.split(separator: ", ").map(String.init)
        guard choices.count > 1, choices.allSatisfy({ !$0.contains(" ") && !$0.contains("…") && !$0.contains("\"") })
        else { return nil }
        return choices
    }
}
