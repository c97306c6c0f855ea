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
        PageContext(filling: [
            "lang": visit.language.rawValue,
            "dataTheme": visit.preferences.theme == .auto ? nil : visit.preferences.theme.rawValue,
            "assets": [
                "style": PageAsset.style.address, "script": PageAsset.script.address, "icon": PageAsset.icon.address,
            ],
            "atInbox": place == .inbox, "atCalls": place == .calls, "atControls": place == .controls,
            "messageCount": messageCount == 0 ? nil : visit.language.grouped(messageCount),
            "query": visit.query.nonEmpty("q") ?? "",
            "languages": PageLanguage.allCases.map { language in
                PageContext(filling: [
                    "tag": language.rawValue, "name": language.ownName, "isChosen": language == visit.language,
                    "href": visit.address(setting: "lang", to: language.rawValue),
                ])
            },
            "themes": PagePreferences.Theme.allCases.map { theme in
                PageContext(filling: [
                    "name": visit.say(theme.phrase), "isChosen": theme == visit.preferences.theme,
                    "href": visit.address(setting: "theme", to: theme.rawValue),
                ])
            },
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
            "faultOutcome": outcome.summary,
            "faultTimes": times.map { visit.say(.times, ["count": String($0)]) },
            "faultAfter": after == 0 ? nil : String(after),
            "faultProbability": probability == 1 ? nil : String(probability),
            "faultHits": visit.say(.faultHits, ["count": String(hits)]),
        ])
    }
}

extension PageLanguage {
    /// A number with thin spaces between its thousands.
    func grouped(_ number: Int) -> String {
        var text = ""
        for (index, digit) in String(abs(number)).reversed().enumerated() {
            if index > 0, index % 3 == 0 { text.append("\u{202F}") }
            text.append(digit)
        }
        return (number < 0 ? "−" : "") + String(text.reversed())
    }

    func money(_ amount: Int) -> String { "\(grouped(amount))\u{A0}\(Phrase.currency.words.text(in: self))" }
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
