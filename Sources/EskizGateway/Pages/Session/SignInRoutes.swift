import Eskiz
import EskizPages
import EskizQueue
import EskizWords
import HTTPTypes
import Hummingbird
import Logging
import Synchronization

/// Signing in and out.
final class SignInRoutes: Sendable {
    private let desk: PageResponder
    private let clock: any KeeperClock
    private let limit = Mutex(SignInLimit())

    init(desk: PageResponder, clock: any KeeperClock) {
        self.desk = desk
        self.clock = clock
    }

    func add(to router: Router<GatewayContext>) {
        router.post("/sign-in") { [self] request, context in
            await desk.answer(request, context) { try await signIn(request, $0, context) }
        }
        router.post("/sign-out") { [self] request, context in
            await desk.answer(request, context) { try await signOut(request, $0) }
        }
    }

    /// The form.
    static func page(_ visit: PageVisit, next: String?) -> Page {
        Page(
            "signIn",
            at: nil,
            title: visit.say(.signInTitle),
            context: PageContext(filling: ["next": OwnPath.checked(next).flatMap { $0 == "/" ? nil : $0 }])
        )
    }

    private func signIn(_ request: Request, _ visit: PageVisit, _ context: GatewayContext) async throws -> Response {
        let form = try await desk.form(of: request, visit)
        let next = OwnPath.checked(form["next"]) ?? "/"
        let place = context.remoteAddress?.ipAddress ?? "unknown"
        let now = clock.now().elapsed
        if let wait = limit.withLock({ $0.wait(place, at: now) }) {
            let seconds = wait.components.seconds + 1
            var page = refusal(visit, next, .tooManyRequests)
            page.context["error"] = visit.say(.tooManyTries, ["time": visit.language.span(.seconds(seconds))])
            page.headers[.retryAfter] = String(seconds)
            return desk.response(page, visit)
        }
        let identity = await desk.sessions.identity(of: form["key"] ?? "")
        guard let identity, identity.may(.read) else {
            limit.withLock { $0.failed(place, at: now) }
            desk.logger.warning(
                "A sign-in to the operator's page was refused",
                metadata: [
                    GatewayLogKeys.keyID: "\(identity?.id ?? "none")", GatewayLogKeys.requestID: "\(context.id)",
                ]
            )
            var page = refusal(visit, next, .forbidden)
            page.context["error"] = visit.say(identity == nil ? .wrongKey : .keyWithoutRead)
            return desk.response(page, visit)
        }
        context.note.callerID = identity.id
        let cookie = try await desk.sessions.open(for: identity)
        let age = Sessions.lifetime.components.seconds
        return desk.redirect(
            PageRedirect(to: next),
            visit,
            cookies: ["\(Sessions.cookie)=\(cookie); Max-Age=\(age)"]
        )
    }

    private func refusal(_ visit: PageVisit, _ next: String, _ status: HTTPResponse.Status) -> Page {
        var page = Self.page(visit, next: next)
        page.status = status
        return page
    }

    private func signOut(_ request: Request, _ visit: PageVisit) async throws -> Response {
        guard let session = visit.session else { return desk.redirect(PageRedirect(to: "/"), visit) }
        _ = try await desk.guarded(request, session, visit)
        desk.sessions.end(session)
        return desk.redirect(PageRedirect(to: "/"), visit, cookies: ["\(Sessions.cookie)=; Max-Age=0"])
    }
}
