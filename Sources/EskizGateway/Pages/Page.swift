import EskizPages
import EskizWords
import HTTPTypes

/// A page before it is HTML.
struct Page {
    /// Where one is.
    enum Place: String, Sendable {
        case overview, messages, codes, audit
    }

    /// The name of a template.
    var template: String
    var status = HTTPResponse.Status.ok
    var place: Place?
    var title: String
    var context: PageContext
    var headers: HTTPFields = [:]

    init(
        _ template: String,
        at place: Place?,
        title: String,
        status: HTTPResponse.Status = .ok,
        context: PageContext
    ) {
        self.template = template
        self.place = place
        self.title = title
        self.status = status
        self.context = context
    }

    /// A page that says one thing.
    static func saying(
        _ heading: String,
        _ hint: String,
        at place: Place? = nil,
        status: HTTPResponse.Status
    ) -> Page {
        Page("remark", at: place, title: heading, status: status, context: ["heading": heading, "hint": hint])
    }

    static func notFound(_ visit: PageVisit, at place: Place? = nil) -> Page {
        .saying(visit.say(.notFound), visit.say(.notFoundHint), at: place, status: .notFound)
    }
}

/// Where an action leads, and what is said there.
struct PageRedirect: Sendable {
    /// A path of ours.
    var path: String
    var notice: Notice?

    init(to path: String, notice: Notice? = nil) {
        self.path = path
        self.notice = notice
    }
}

/// How an action is answered.
enum PageAnswer {
    case redirect(PageRedirect)
    case page(Page)
}
