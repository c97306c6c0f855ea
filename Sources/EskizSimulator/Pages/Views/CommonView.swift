import EskizPages
import EskizWords

/// What every page shows: where one is, what is broken, the switches of language and theme.
struct CommonView {
    let visit: PageVisit
    private let messageCount: Int
    private let faults: [Fault]

    init(_ provider: Provider, _ visit: PageVisit) {
        self.visit = visit
        messageCount = provider.messages.count
        faults = provider.faults.faults
    }

    enum Place: String {
        case inbox, calls, controls
    }

    func context(of place: Place?) -> PageContext {
        let preferences = visit.preferences.context(
            changing: { visit.address(setting: $0, to: $1) },
            themeName: { visit.say($0.phrase) }
        )
        return preferences.merging(own(place)) { $1 }
    }

    private func own(_ place: Place?) -> PageContext {
        PageContext(filling: [
            "assets": [
                "style": PageAsset.style.address, "script": PageAsset.script.address, "icon": PageAsset.icon.address,
            ],
            "atInbox": place == .inbox, "atCalls": place == .calls, "atControls": place == .controls,
            "messageCount": messageCount == 0 ? nil : visit.language.grouped(messageCount),
            "query": visit.query.nonEmpty("q") ?? "",
            "hasFaults": !faults.isEmpty,
            "activeFaults": faults.map { $0.context(visit) },
        ])
    }
}

extension PagePreferences.Theme {
    var phrase: Phrase {
        switch self {
        case .auto: .themeAuto
        case .light: .themeLight
        case .dark: .themeDark
        }
    }
}

extension Fault {
    func context(_ visit: PageVisit) -> PageContext {
        PageContext(filling: [
            "faultID": id, "faultRoute": route.text, "faultMethod": method,
            "faultOutcome": visit.language.say(outcome),
            "faultTimes": times.map { visit.say(.times, ["count": String($0)]) },
            "faultAfter": after == 0 ? nil : String(after),
            "faultProbability": probability == 1 ? nil : String(probability),
            "faultHits": visit.say(.faultHits, ["count": String(hits)]),
        ])
    }
}

extension Language {
    func money(_ amount: Int) -> String { "\(grouped(amount))\u{A0}\(say(Phrase.currency))" }
}

extension WallTime {
    /// `14:03`, in Tashkent.
    var shortClock: String { String(callbackStamp.dropFirst(11).prefix(5)) }
    /// `14:03:07`, in Tashkent.
    var longClock: String { String(callbackStamp.dropFirst(11)) }
    /// `14:03:07.250`, in Tashkent.
    var preciseClock: String { String(rowStamp(fraction: 3).dropFirst(11).dropLast()) }
    /// `2026-03-02`, in Tashkent.
    var day: String { String(callbackStamp.prefix(10)) }
}
