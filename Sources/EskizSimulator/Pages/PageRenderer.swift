import Mustache

/// A page before it is HTML.
struct Page {
    var template: PageTemplate
    var status = 200
    var title: String
    var context: PageContext

    init(template: PageTemplate, status: Int = 200, title: String, context: PageContext) {
        self.template = template
        self.status = status
        self.title = title
        self.context = context
    }

    /// The page at a path, with what there is to see now.
    init(at path: [String], _ visit: PageVisit, _ provider: Provider, _ time: WallTime) {
        let common = CommonView(provider, visit)
        switch (path.first, path.count) {
        case (nil, _): self = InboxView(provider, visit).page(common)
        case ("messages", 2): self = MessageView(path[1], provider, visit)?.page(common) ?? .notFound(common)
        case ("calls", 1): self = CallsView(provider, visit).page(common)
        case ("calls", 2): self = CallView(path[1], provider, visit)?.page(common) ?? .notFound(common)
        case ("controls", 1): self = ControlsView(provider, visit, at: time).page(common)
        default: self = .notFound(common)
        }
    }

    static func notFound(_ common: CommonView) -> Page {
        Page(template: .notFound, status: 404, title: common.visit.say(.notFound), context: common.context(of: nil))
    }
}

/// Fills templates.
///
/// Whatever comes from outside goes through mustache's escaping: no template has an unescaped field.
struct PageRenderer: Sendable {
    private let library: MustacheLibrary
    private static let words: [PageLanguage: [String: String]] = Dictionary(
        uniqueKeysWithValues: PageLanguage.allCases.map { language in
            (
                language,
                Dictionary(uniqueKeysWithValues: Phrase.allCases.map { ($0.rawValue, $0.words.text(in: language)) })
            )
        }
    )

    init() throws {
        var templates: [String: MustacheTemplate] = [:]
        for template in PageTemplate.allCases {
            templates[template.rawValue] = try MustacheTemplate(string: template.text)
        }
        library = MustacheLibrary(templates: templates)
    }

    func html(_ page: Page, _ visit: PageVisit) -> String {
        var context = page.context
        context["title"] = page.title
        context["t"] = Self.words[visit.language]
        return library.render(context, withTemplate: page.template.rawValue) ?? ""
    }

    func answer(_ page: Page, _ visit: PageVisit) -> Answer {
        var answer = Answer.text(html(page, visit), status: page.status, contentType: "text/html; charset=utf-8")
        answer.headers = Self.headers
        // One header of a name is all an answer holds: of two wishes in one address the first is remembered.
        answer.headers += visit.preferences.cookies.prefix(1).map { .init(name: "Set-Cookie", value: $0) }
        return answer
    }

    /// Nothing from another host, nothing inline, in no frame.
    static let policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        + "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

    private static let headers: [Answer.Header] = [
        .init(name: "Content-Security-Policy", value: policy),
        .init(name: "X-Content-Type-Options", value: "nosniff"),
        .init(name: "X-Frame-Options", value: "DENY"),
        // Not no-referrer: browsers would then send `Origin: null` with a request of our own, and the guard refuses that.
        .init(name: "Referrer-Policy", value: "same-origin"),
        .init(name: "Cross-Origin-Opener-Policy", value: "same-origin"),
        .init(name: "Cross-Origin-Resource-Policy", value: "same-origin"),
        .init(name: "Cache-Control", value: "no-store"),
        .init(name: "Vary", value: "Accept, Accept-Language, Cookie"),
    ]
}
