import EskizHTTP
import EskizPages
import EskizQueue
import EskizWords
import HTTPTypes
import Hummingbird

/// One look at a page.
struct PageVisit: Sendable {
    /// Where this can be looked at again: after a form that did not work, at home.
    let path: String
    /// The fields of the address, in order.
    let query: [(name: String, value: String)]
    let preferences: PagePreferences
    /// Who looks; nil on the page that signs in only.
    let session: Session?
    /// What the last action came to, told once.
    ///
    /// To a page that is being opened: one that only asks for itself again, while the answer to its form is on the way, would use it
    /// up unseen.
    let notice: Notice?
    /// What every address of ours begins with, as the browser knows it.
    let base: BasePath
    /// Whether the browser came by TLS, as the proxy in front of us says.
    let isSecure: Bool

    init(_ request: Request, session: Session?, base: BasePath) {
        path = request.method == .get || request.method == .head ? request.uri.path : "/"
        let pairs = URLEncoding.pairs(of: request.uri.query ?? "")
        query = pairs.map { (name: $0.0, value: $0.1) }
        let cookie = request.headers[.cookie]
        preferences = PagePreferences(
            cookiePrefix: "eskiz-gateway",
            query: { name in pairs.first { $0.0 == name }?.1 },
            cookie: cookie,
            acceptLanguage: request.headers[.acceptLanguage],
            cookiePath: base.cookiePath
        )
        self.session = session
        self.base = base
        notice = request.headers[.pageRefresh] == nil ? Notice(cookie: cookie) : nil
        isSecure = request.headers[.forwardedProto]?.lowercased() == "https"
    }

    var language: Language { preferences.language }

    /// A field of the address; nil if it is absent or empty.
    subscript(name: String) -> String? {
        query.first { $0.name == name }.flatMap { $0.value.isEmpty ? nil : $0.value }
    }

    // One for each part of the catalogue, so that a phrase is named by its name alone.
    func say(_ phrase: FramePhrase, _ values: [String: String] = [:]) -> String { language.say(phrase, values) }
    func say(_ phrase: HoldPhrase, _ values: [String: String] = [:]) -> String { language.say(phrase, values) }
    func say(_ phrase: OverviewPhrase, _ values: [String: String] = [:]) -> String { language.say(phrase, values) }

    /// The address of this page, as somebody may share it.
    var address: String { address(changing: []) }

    /// The address of this page with some fields changed; nil removes one.
    func address(changing changes: [(name: String, value: String?)]) -> String {
        let dropped = Set(changes.map(\.name) + ["lang", "theme"])
        let pairs =
            query.filter { !dropped.contains($0.name) && !$0.value.isEmpty }.map { ($0.name, $0.value) }
            + changes.compactMap { change in change.value.map { (change.name, $0) } }
        return pairs.isEmpty ? path : "\(path)?\(URLEncoding.encode(pairs))"
    }
}

extension HTTPField.Name {
    // A name is nil only if it is not a token (RFC 9110 §5.6.2); these are letters and hyphens.
    static let forwardedProto = HTTPField.Name("X-Forwarded-Proto")!  // a token, see above
    static let pageRefresh = HTTPField.Name("Eskiz-Page-Refresh")!  // a token, see above
    static let fetchSite = HTTPField.Name("Sec-Fetch-Site")!  // a token, see above
}
