import EskizPages
import EskizQueue
import EskizVerify
import EskizWords
import Hummingbird

/// One-time codes on the operator's pages.
struct CodesRoutes: Sendable {
    let responder: PageResponder
    let queue: MessageQueue
    /// Nil where the store keeps no verifications.
    let verifier: Verifier?

    func add(to router: Router<GatewayContext>) {
        responder.get("/codes", on: router) { visit, _ in
            guard let verifier else {
                return .saying(
                    visit.language.say(CodesPhrase.codesNone),
                    visit.language.say(CodesPhrase.codesNoneHint),
                    at: .codes,
                    status: .notFound
                )
            }
            return CodesView(visit: visit, facts: try await facts(verifier)).page
        }
        responder.post("/codes/prefix", on: router) { visit, form, _ in try await decide(visit, form) }
    }

    private func facts(_ verifier: Verifier) async throws -> CodesFacts {
        var facts = CodesFacts(at: queue.clock.timestamp)
        facts.counts = try await verifier.conversionsToday()
        facts.refusals = verifier.refusalsToday
        facts.closed = verifier.closedGroups
        facts.mode = verifier.configuration.guardMode
        facts.rules = try await verifier.prefixRules()
        facts.suppressed = try await (queue.store as? any SuppressionStore)?.suppressionCount()
        return facts
    }

    /// The field `decision` of the form.
    fileprivate enum Decision: String {
        case block, allow, forget
    }

    private func decide(_ visit: PageVisit, _ form: FormFields) async throws -> PageRedirect {
        guard let verifier, let caller = visit.session?.identity,
            let decision = form["decision"].flatMap(Decision.init(rawValue:))
        else {
            throw PageRefusal(
                heading: visit.say(.failed),
                hint: visit.language.say(ActionPhrase.unknownAction),
                status: .badRequest
            )
        }
        guard let prefix = PrefixRule.prefix(form["prefix"] ?? "") else {
            return PageRedirect(to: "/codes", notice: Notice(.bad, CodesPhrase.prefixWrong))
        }
        let notice: Notice
        switch decision {
        case .block: notice = try await keep(.block, prefix, caller, verifier)
        case .allow: notice = try await keep(.allow, prefix, caller, verifier)
        case .forget:
            let wasKnown = try await verifier.undecide(prefix)
            notice = Notice(.good, CodesPhrase.prefixGone)
            if !wasKnown { return PageRedirect(to: "/codes", notice: notice) }
        }
        try await Audit(store: queue.store, clock: queue.clock).write(caller, decision.audited, detail: "+\(prefix)")
        return PageRedirect(to: "/codes", notice: notice)
    }

    private func keep(
        _ decision: PrefixRule.Decision,
        _ prefix: String,
        _ caller: APIKeyIdentity,
        _ verifier: Verifier
    ) async throws -> Notice {
        try await verifier.decide(
            PrefixRule(prefix: prefix, decision: decision, addedAt: queue.clock.timestamp, addedBy: caller.name)
        )
        return Notice(.good, CodesPhrase.prefixDone)
    }
}

extension CodesRoutes.Decision {
    fileprivate var audited: AuditAction {
        switch self {
        case .block: .blockPrefix
        case .allow: .allowPrefix
        case .forget: .forgetPrefix
        }
    }
}
