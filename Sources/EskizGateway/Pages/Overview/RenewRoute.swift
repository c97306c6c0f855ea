import Eskiz
import EskizQueue
import EskizWords
import Hummingbird

/// A new token, because somebody wants it now.
struct RenewRoute: Sendable {
    let responder: PageResponder
    let queue: MessageQueue
    let client: EskizClient

    /// The word that the audit has for it.
    static let action = "token.renew"

    func add(to router: Router<GatewayContext>) {
        responder.post("/token/renew", on: router) { visit, form, _ in
            let back = OwnPath.checked(form["back"]) ?? "/"
            let notice: Notice
            do throws(EskizError) {
                try await client.renewToken()
                queue.reconsider()
                notice = Notice(.good, OverviewPhrase.renewed)
            } catch {
                notice = Notice(.bad, OverviewPhrase.renewNotDone, ["code": error.code.rawValue])
            }
            if let identity = visit.session?.identity {
                let line = AuditLine(
                    at: queue.clock.timestamp,
                    keyID: identity.id,
                    keyName: identity.name,
                    action: Self.action,
                    detail: notice.values["code"]
                )
                try await queue.store.audit(line)
            }
            return PageRedirect(to: back, notice: notice)
        }
    }
}
