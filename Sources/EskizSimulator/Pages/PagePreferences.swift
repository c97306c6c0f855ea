/// How somebody wants to see the pages: from the address, else from a cookie, else from the browser.
struct PagePreferences: Sendable, Equatable {
    enum Theme: String, Sendable, CaseIterable {
        case auto, light, dark
    }

    var language: PageLanguage
    var theme: Theme
    /// What the address has just chosen, to be remembered.
    var cookies: [String] = []

    static let languageCookie = "eskiz-simulator-language"
    static let themeCookie = "eskiz-simulator-theme"

    init(query: Fields, cookie: String?, acceptLanguage: String?) {
        let remembered = Self.cookies(of: cookie)
        let chosenLanguage = query.text("lang").flatMap { PageLanguage(tag: $0) }
        let chosenTheme = query.text("theme").flatMap(Theme.init(rawValue:))
        language =
            chosenLanguage ?? remembered[Self.languageCookie].flatMap { PageLanguage(tag: $0) }
            ?? .preferred(byHeader: acceptLanguage) ?? .english
        theme = chosenTheme ?? remembered[Self.themeCookie].flatMap(Theme.init(rawValue:)) ?? .auto
        if chosenLanguage != nil { remember(Self.languageCookie, language.rawValue) }
        if chosenTheme != nil { remember(Self.themeCookie, theme.rawValue) }
    }

    private mutating func remember(_ name: String, _ value: String) {
        cookies.append("\(name)=\(value); Path=/; Max-Age=31536000; SameSite=Lax; HttpOnly")
    }

    private static func cookies(of header: String?) -> [String: String] {
        var cookies: [String: String] = [:]
        for pair in (header ?? "").split(separator: ";") {
            let parts = pair.drop { $0 == " " }.split(separator: "=", maxSplits: 1)
            if parts.count == 2 { cookies[String(parts[0])] = String(parts[1]) }
        }
        return cookies
    }
}
