import EskizHTTP
import EskizPages
import EskizWords

/// What every page shows: where one is, who one is, the switches of language and theme.
struct FrameView {
    let context: PageContext

    init(_ visit: PageVisit, place: Page.Place?, hasNotice: Bool) {
        let preferences = visit.preferences.context(
            changing: { visit.address(changing: [($0, $1)]) },
            themeName: { visit.say($0.phrase) }
        )
        let notice = hasNotice ? visit.notice : nil
        let own = PageContext(filling: [
            // Begins every address in the templates.
            "base": visit.base.text,
            "assets": [
                "style": PageAsset.style.address, "script": PageAsset.script.address, "icon": PageAsset.icon.address,
            ],
            "isSignedIn": visit.session != nil,
            "atOverview": place == .overview, "atMessages": place == .messages, "atCodes": place == .codes,
            "atAudit": place == .audit,
            "keyName": visit.session.map { visit.say(.signedInAs, ["name": $0.identity.name]) },
            "isReadOnly": visit.session.map { !$0.mayAct } ?? false,
            "mayAct": visit.session?.mayAct ?? false,
            // In every form that acts: `<input type="hidden" name="csrf" value="{{csrf}}">`.
            "csrf": visit.session?.formToken,
            // In every form that acts, so that it leads back to where one was: `name="back" value="{{here}}"`.
            "here": visit.address,
            "notice": notice.map { ["text": $0.text(in: visit.language), "isBad": $0.tone == .bad] },
        ])
        context = preferences.merging(own) { $1 }
    }
}

extension PagePreferences.Theme {
    var phrase: FramePhrase {
        switch self {
        case .auto: .themeAuto
        case .light: .themeLight
        case .dark: .themeDark
        }
    }
}
