import EskizPages
import EskizWords
import HTTPTypes
import HummingbirdCore
import NIOCore

/// The pages: the inbox with its phones, the calls, the controls, and the files they need.
///
/// They only show. Every button asks the control API, which keeps its own guard.
struct PageRoutes: Sendable {
    let responder: ProviderResponder
    private let renderer: PageRenderer

    init(responder: ProviderResponder) throws {
        self.responder = responder
        renderer = try PageRenderer()
    }

    /// Whether a path is one of ours.
    static func isPage(_ path: [String]) -> Bool {
        switch path.first {
        case nil: true
        case "messages", "calls", "assets": path.count <= 2
        case "controls": path.count == 1
        default: false
        }
    }

    @concurrent
    func respond(_ connection: consuming Connection, path: [String]) async throws {
        let request = connection.request
        _ = try await connection.body()
        guard request.method == .get || request.method == .head else {
            return try await connection.write(.notFound, date: responder.httpDate)
        }
        if let refusal = refusal(of: request, peer: connection.peer) {
            return try await connection.write(refusal, date: responder.httpDate)
        }
        try await connection.write(answer(request, path: path), date: responder.httpDate)
    }

    private static let fetchSite = HTTPField.Name("Sec-Fetch-Site")
    private static let fetchMode = HTTPField.Name("Sec-Fetch-Mode")

    /// The pages show what the control API does, so they are kept from the same eyes.
    ///
    /// A link on another site may lead here: a browser that navigates shows the page to its user and not to that site.
    private func refusal(of request: HummingbirdCore.Request, peer: SocketAddress?) -> Answer? {
        let mode = Self.fetchMode.flatMap { request.headers[$0] }
        let problem = ControlGuard.refusal(
            peer: peer,
            host: request.head.authority,
            origin: request.headers[.origin],
            fetchSite: mode == "navigate" ? nil : Self.fetchSite.flatMap { request.headers[$0] }
        )
        return problem.map { .text("\($0.detail)\n", status: $0.status) }
    }

    private func answer(_ request: HummingbirdCore.Request, path: [String]) -> Answer {
        let query = Fields(pairs: request.uri.query.map { URLEncoding.pairs(of: $0) } ?? [])
        if path.first == "assets" {
            return PageAsset.named(path.last ?? "")?.answer(
                version: query.text("v"),
                ifNoneMatch: request.headers[.ifNoneMatch]
            ) ?? .notFound
        }
        // Somebody with curl gets the list of endpoints.
        if path.isEmpty, request.headers[.accept]?.contains("text/html") != true { return HomePage.answer }
        let preferences = PagePreferences(
            cookiePrefix: "eskiz-simulator",
            query: { query.text($0) },
            cookie: request.headers[.cookie],
            acceptLanguage: request.headers[.acceptLanguage]
        )
        let visit = PageVisit(
            path: request.uri.path,
            query: query,
            preferences: preferences,
            origin: "http://\(request.head.authority ?? "127.0.0.1")"
        )
        let found = responder.withProvider { provider, time in Page(at: path, visit, provider, time) }
        return renderer.answer(found, visit)
    }
}

/// One look at a page.
struct PageVisit: Sendable {
    let path: String
    let query: Fields
    let preferences: PagePreferences
    /// Scheme, host and port as the browser wrote them.
    let origin: String

    var language: Language { preferences.language }

    func say(_ phrase: Phrase, _ values: [String: String] = [:]) -> String { language.say(phrase, values) }

    /// The address of this page with one field changed.
    func address(setting name: String, to value: String) -> String {
        var pairs: [(String, String)] = []
        if case .object(let members) = query.document {
            for member in members where member.name != name && !["lang", "theme"].contains(member.name) {
                pairs.append((member.name, member.value.text ?? ""))
            }
        }
        pairs.append((name, value))
        return "\(path)?\(URLEncoding.encode(pairs))"
    }
}
