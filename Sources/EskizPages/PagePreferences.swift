package import EskizWords

/// How somebody wants to see the pages: from the address, else from a cookie, else from the browser.
package struct PagePreferences: Sendable, Equatable {
    package enum Theme: String, Sendable, CaseIterable {
        case auto, light, dark
    }

    /// In the order of the menu.
    private static let languages: [Language] = [.uzbek, .russian, .english]

    package var language: Language
    package var theme: Theme
    /// What the address has just chosen, to be remembered.
    package var cookies: [String] = []

    /// - Parameters:
    ///   - cookiePrefix: begins the names of the cookies, because servers on one host share their cookies: `eskiz-simulator`.
    ///   - query: a field of the address; nil if it has none of that name.
    ///   - cookie: the header `Cookie`.
    ///   - acceptLanguage: the header `Accept-Language`.
    ///   - cookiePath: below which the cookies count.
    package init(
        cookiePrefix: String,
        query: (_ name: String) -> String?,
        cookie: String?,
        acceptLanguage: String?,
        cookiePath: String = "/"
    ) {
        let (languageCookie, themeCookie) = ("\(cookiePrefix)-language", "\(cookiePrefix)-theme")
        let remembered = CookieHeader.values(of: cookie)
        let chosenLanguage = query("lang").flatMap { Language($0) }
        let chosenTheme = query("theme").flatMap(Theme.init(rawValue:))
        language =
            chosenLanguage ?? remembered[languageCookie].flatMap { Language($0) }
            ?? .preferred(byHeader: acceptLanguage) ?? .english
        theme = chosenTheme ?? remembered[themeCookie].flatMap(Theme.init(rawValue:)) ?? .auto
        if chosenLanguage != nil { remember(languageCookie, language.rawValue, cookiePath) }
        if chosenTheme != nil { remember(themeCookie, theme.rawValue, cookiePath) }
    }

    private mutating func remember(_ name: String, _ value: String, _ path: String) {
        cookies.append("\(name)=\(value); Path=\(path); Max-Age=31536000; SameSite=Lax; HttpOnly")
    }

    /// What the frame of a page shows of them.
    ///
    /// - Parameters:
    ///   - address: the address of the same page with one field changed.
    ///   - themeName: what a theme is called in this language.
    /// - Returns: `lang`, `dataTheme`, `languages` and `themes` of the templates `head` and `menu`.
    package func context(
        changing address: (_ name: String, _ value: String) -> String,
        themeName: (Theme) -> String
    ) -> PageContext {
        PageContext(filling: [
            "lang": language.rawValue,
            "dataTheme": theme == .auto ? nil : theme.rawValue,
            "languages": Self.languages.map { language in
                PageContext(filling: [
                    "tag": language.rawValue, "name": language.ownName, "isChosen": language == self.language,
                    "href": address("lang", language.rawValue),
                ])
            },
            "themes": Theme.allCases.map { theme in
                PageContext(filling: [
                    "name": themeName(theme), "isChosen": theme == self.theme,
                    "href": address("theme", theme.rawValue),
                ])
            },
        ])
    }
}

/// Reads the header `Cookie`.
package enum CookieHeader {
    package static func values(of header: String?) -> [String: String] {
        var cookies: [String: String] = [:]
        for pair in (header ?? "").split(separator: ";") {
            let parts = pair.drop { $0 == " " }.split(separator: "=", maxSplits: 1)
            if parts.count == 2 { cookies[String(parts[0])] = String(parts[1]) }
        }
        return cookies
    }
}
