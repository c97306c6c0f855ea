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
    private let responder: PageResponder
    private let clock: any KeeperClock
    private let limit = Mutex(SignInLimit())

    init(responder: PageResponder, clock: any KeeperClock) {
        self.responder = responder
        self.clock = clock
    }

    func add(to router: Router<GatewayContext>) {
        router.post("/sign-in") { [self] request, context in
            await responder.answer(request, context) { try await signIn(request, $0, context) }
        }
        router.post("/sign-out") { [self] request, context in
            await responder.answer(request, context) { try await signOut(request, $0) }
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
        let form = try await responder.form(of: request, visit)
        let next = OwnPath.checked(form["next"]) ?? "/"
        let place = context.remoteAddress?.ipAddress ?? "unknown"
        let now = clock.now().elapsed
        if let wait = limit.withLock({ $0.wait(place, at: now) }) {
            let seconds = wait.components.seconds + 1
            var page = refusal(visit, next, .tooManyRequests)
            page.context["error"] = visit.say(.tooManyTries, ["time": visit.language.span(.seconds(seconds))])
            page.headers[.retryAfter] = String(seconds)
            return responder.response(page, visit)
        }
        let identity = await responder.sessions.identity(of: form["key"] ?? "")
        guard let identity, identity.may(.read) else {
            limit.withLock { $0.failed(place, at: now) }
            responder.logger.warning(
                "A sign-in to the operator's page was refused",
                metadata: [
                    GatewayLogKeys.keyID: "\(identity?.id ?? "none")", GatewayLogKeys.requestID: "\(context.id)",
                ]
            )
            var page = refusal(visit, next, .forbidden)
            page.context["error"] = visit.say(identity == nil ? .wrongKey : .keyWithoutRead)
            return responder.response(page, visit)
        }
        context.note.callerID = identity.id
        let cookie = try await responder.sessions.open(for: identity)
        let age = Sessions.lifetime.components.seconds
        return responder.redirect(
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
        guard let session = visit.session else { return responder.redirect(PageRedirect(to: "/"), visit) }
        _ = try await responder.guarded(request, session, visit)
        responder.sessions.end(session)
        return responder.redirect(PageRedirect(to: "/"), visit, cookies: ["\(Sessions.cookie)=; Max-Age=0"])
    }
}
