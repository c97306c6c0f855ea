import EskizPages
import EskizWords

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

/// Makes answers of pages.
struct PageRenderer: Sendable {
    private let library: PageLibrary

    init() throws {
        library = try PageLibrary(
            templates: PageTemplate.texts,
            phrases: Dictionary(uniqueKeysWithValues: Phrase.allCases.map { ($0.rawValue, $0) })
        )
    }

    func html(_ page: Page, _ visit: PageVisit) -> String {
        library.html(page.template.rawValue, title: page.title, context: page.context, in: visit.language)
    }

    func answer(_ page: Page, _ visit: PageVisit) -> Answer {
        var answer = Answer.text(html(page, visit), status: page.status, contentType: "text/html; charset=utf-8")
        answer.headers = PageHeaders.all.map { .init(name: $0.name, value: $0.value) }
        // One header of a name is all an answer holds: of two wishes in one address the first is remembered.
        answer.headers += visit.preferences.cookies.prefix(1).map { .init(name: "Set-Cookie", value: $0) }
        return answer
    }
}
