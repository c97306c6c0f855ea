import Eskiz
import EskizHTTP
import EskizPages
import EskizQueue
import EskizWords
import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// Serves pages: knows who looks, puts the frame around, and guards what is done.
///
/// ```swift
/// responder.get("/messages", on: router) { visit, context in Page("messages", at: .messages, …) }
/// responder.post("/token/renew", on: router) { visit, form, context in PageRedirect(to: "/") }
/// ```
struct PageResponder: Sendable {
    let sessions: Sessions
    private let library: PageLibrary
    private let base: BasePath
    let logger: Logger

    /// More than this in one form is nobody's honest request.
    private static let formLimit = 64 << 10

    /// - Throws: what mustache says of a template that it cannot read.
    init(sessions: Sessions, base: BasePath = .root, logger: Logger) throws {
        self.sessions = sessions
        self.base = base
        self.logger = logger
        library = try PageLibrary(templates: PageTemplates.all, phrases: PagePhrases.byName)
    }

    /// A page for whoever is signed in; everybody else is asked to, and comes back.
    func get(
        _ path: RouterPath,
        on router: Router<GatewayContext>,
        _ show: @escaping @Sendable (PageVisit, GatewayContext) async throws -> Page
    ) {
        router.get(path) { request, context in
            await answer(request, context) { visit in
                guard visit.session != nil else { return signInFirst(visit) }
                return response(try await show(visit, context), visit)
            }
        }
    }

    /// An action of whoever may act; it ends with a look at a page.
    func post(
        _ path: RouterPath,
        on router: Router<GatewayContext>,
        _ act: @escaping @Sendable (PageVisit, FormFields, GatewayContext) async throws -> PageRedirect
    ) {
        postAnswering(path, on: router) { .redirect(try await act($0, $1, $2)) }
    }

    /// An action that may answer with a page, for what must never be shown by opening an address.
    func postAnswering(
        _ path: RouterPath,
        on router: Router<GatewayContext>,
        _ act: @escaping @Sendable (PageVisit, FormFields, GatewayContext) async throws -> PageAnswer
    ) {
        router.post(path) { request, context in
            await answer(request, context) { visit in
                guard let session = visit.session else { return signInFirst(nil) }
                let form = try await guarded(request, session, visit)
                guard session.mayAct else {
                    throw PageRefusal(heading: visit.say(.notAllowed), hint: visit.say(.mayNotAct))
                }
                switch try await act(visit, form, context) {
                case .redirect(let target): return redirect(target, visit)
                case .page(let page): return response(page, visit)
                }
            }
        }
    }

    /// A form that needs no more than to be ours: signing in and out.
    func form(of request: Request, _ visit: PageVisit) async throws -> FormFields {
        let isOwn = RequestOrigin.isOwn(
            fetchSite: request.headers[.fetchSite],
            origin: request.headers[.origin],
            authority: request.head.authority
        )
        guard isOwn else {
            throw PageRefusal(heading: visit.say(.failed), hint: visit.say(.foreignForm))
        }
        let type = request.headers[.contentType] ?? ""
        guard ContentType(type).mediaType == "application/x-www-form-urlencoded" else {
            throw Problem(.unsupportedMediaType, "Send a form.")
        }
        let body = try await request.body.collect(upTo: Self.formLimit)
        do throws(FormBody.Failure) {
            return try FormFields(Array(body.readableBytesView), contentType: type)
        } catch {
            throw Problem(.invalidParameter, error.sentence)
        }
    }

    /// A form of a session, with its token.
    func guarded(_ request: Request, _ session: Session, _ visit: PageVisit) async throws -> FormFields {
        let form = try await form(of: request, visit)
        guard try await sessions.isOwn(formToken: form["csrf"], of: session) else {
            throw PageRefusal(heading: visit.say(.failed), hint: visit.say(.formExpired))
        }
        return form
    }

    /// Runs `body` with the visit, and turns what it throws into a page.
    func answer(
        _ request: Request,
        _ context: GatewayContext,
        _ body: (PageVisit) async throws -> Response
    ) async -> Response {
        var session: Session?
        do {
            session = try await sessions.session(of: request.headers[.cookie])
            context.note.callerID = session?.identity.id
            return try await body(PageVisit(request, session: session, base: base))
        } catch {
            let visit = PageVisit(request, session: session, base: base)
            return response(page(of: error, visit, context), visit)
        }
    }

    private func page(of error: any Error, _ visit: PageVisit, _ context: GatewayContext) -> Page {
        if let refusal = error as? PageRefusal {
            return .saying(refusal.heading, refusal.hint, status: refusal.status)
        }
        guard let problem = Problem(error) else {
            logger.error("A page failed", metadata: [GatewayLogKeys.errorType: "\(type(of: error))"])
            return .saying(
                visit.say(.faultTitle),
                visit.say(.faultHint, ["id": context.id]),
                status: .internalServerError
            )
        }
        switch error {
        case is StoreError, is QueueError:
            return .saying(
                visit.say(.cannotRead),
                visit.say(.cannotReadHint),
                status: problem.code.status
            )
        default: return .saying(visit.say(.failed), problem.detail, status: problem.code.status)
        }
    }

    // MARK: Answers

    func response(_ page: Page, _ visit: PageVisit) -> Response {
        let frame = FrameView(visit, place: page.place, hasNotice: page.status == .ok)
        let html = library.html(
            page.template,
            title: page.title,
            context: frame.context.merging(page.context) { $1 },
            in: visit.language
        )
        var headers = page.headers
        headers[.contentType] = "text/html; charset=utf-8"
        for (name, value) in PageHeaders.all {
            if let name = HTTPField.Name(name) { headers[name] = value }
        }
        for cookie in visit.preferences.cookies { headers.append(HTTPField(name: .setCookie, value: cookie)) }
        if visit.notice != nil, page.status == .ok {
            headers.append(HTTPField(name: .setCookie, value: "\(Notice.cookie)=; Path=\(base.cookiePath); Max-Age=0"))
        }
        return Response(status: page.status, headers: headers, body: .init(byteBuffer: ByteBuffer(string: html)))
    }

    func redirect(_ target: PageRedirect, _ visit: PageVisit, cookies: [String] = []) -> Response {
        var headers = HTTPFields()
        headers[.location] = target.path
        headers[.cacheControl] = "no-store"
        var cookies = cookies
        if let notice = target.notice { cookies.append("\(Notice.cookie)=\(notice.cookieValue); Max-Age=60") }
        for cookie in cookies {
            let attributes = "; Path=\(base.cookiePath); HttpOnly; SameSite=Strict" + (visit.isSecure ? "; Secure" : "")
            headers.append(HTTPField(name: .setCookie, value: cookie + attributes))
        }
        return Response(status: .seeOther, headers: headers)
    }

    private func signInFirst(_ visit: PageVisit?) -> Response {
        let next = visit.map(\.address) ?? "/"
        let path = next == "/" ? "/" : "/?" + URLEncoding.encode([("next", next)])
        return Response(status: .seeOther, headers: [.location: path, .cacheControl: "no-store"])
    }
}

/// A page that says no instead of what was asked for.
struct PageRefusal: Error {
    var heading: String
    var hint: String
    var status = HTTPResponse.Status.forbidden
}
