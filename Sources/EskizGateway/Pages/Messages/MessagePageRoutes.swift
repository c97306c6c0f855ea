import EskizPages
import EskizQueue
import EskizWords
import Hummingbird

/// Messages on the operator's pages: the list, one of them, and what can be done.
struct MessagePageRoutes: Sendable {
    let responder: PageResponder
    let queue: MessageQueue

    private var store: any MessageStore { queue.store }
    private var audit: Audit { Audit(store: store, clock: queue.clock) }

    func add(to router: Router<GatewayContext>) {
        responder.get("/messages", on: router) { visit, _ in try await list(visit) }
        responder.get("/messages/{id}", on: router) { visit, context in try await show(visit, context) }
        responder.postAnswering("/messages/{id}", on: router) { visit, form, context in
            try await act(visit, form, context)
        }
        responder.get("/audit", on: router) { visit, _ in
            let search = AuditView.search(visit)
            let lines = try await store.auditLines(search)
            return AuditView(visit: visit, search: search, lines: lines, now: queue.clock.timestamp).page
        }
        BulkRoutes(responder: responder, queue: queue, audit: audit).add(to: router)
    }

    private func list(_ visit: PageVisit) async throws -> Page {
        let filter = MessageFilter { visit[$0] }
        let finder = MessageFinder(store: store)
        let statistics = try await store.statistics()
        // Among the unknown there are those that somebody has settled for good.
        let unsettled =
            statistics.count(.unknown) == 0
            ? nil : try await finder.page(MessageFilter { $0 == "unsettled" ? "yes" : nil }, limit: 1)
        return MessageListView(
            visit: visit,
            filter: filter,
            found: try await finder.page(filter, limit: MessageListView.limit),
            statistics: statistics,
            hasUnsettled: unsettled?.messages.isEmpty == false,
            now: queue.clock.timestamp
        ).page
    }

    // MARK: One message

    private func show(_ visit: PageVisit, _ context: GatewayContext) async throws -> Page {
        guard let id = Self.id(context), let timeline = try await store.timeline(id) else {
            return .notFound(visit, at: .messages)
        }
        return try await view(visit, timeline).page
    }

    private func view(_ visit: PageVisit, _ timeline: Timeline) async throws -> MessageDetailView {
        MessageDetailView(
            visit: visit,
            timeline: timeline,
            lines: try await store.auditLines(AuditSearch(messageID: timeline.message.id, limit: 20)),
            now: queue.clock.timestamp
        )
    }

    private static func id(_ context: GatewayContext) -> MessageID? {
        context.parameters.get("id").flatMap { MessageID(text: $0) }
    }

    // MARK: Acting

    /// The field `action` of a form.
    private enum Action: String {
        case cancel, settle, replay, unmask
    }

    private func act(_ visit: PageVisit, _ form: FormFields, _ context: GatewayContext) async throws -> PageAnswer {
        guard let caller = visit.session?.identity, let id = Self.id(context),
            let timeline = try await store.timeline(id)
        else { return .page(.notFound(visit, at: .messages)) }
        switch form["action"].flatMap(Action.init(rawValue:)) {
        case .cancel: return back(to: id, try await cancel(id, caller, visit))
        case .settle: return back(to: id, try await settle(id, form, caller, visit))
        case .replay: return back(to: id, try await replay(id, caller))
        case .unmask:
            // First written down, then shown.
            try await audit.write(caller, .unmask, message: id)
            var view = try await view(visit, timeline)
            view.phone = timeline.message.phone
            return .page(view.page)
        case nil: throw PageRefusal(heading: visit.say(.failed), hint: visit.say(.unknownAction), status: .badRequest)
        }
    }

    private func back(to id: MessageID, _ notice: Notice) -> PageAnswer {
        .redirect(PageRedirect(to: "/messages/\(id)", notice: notice))
    }

    private func cancel(_ id: MessageID, _ caller: APIKeyIdentity, _ visit: PageVisit) async throws -> Notice {
        let outcome = try await MessageActions(queue: queue).cancel(id)
        try await audit.write(caller, .cancel, message: id, detail: outcome.auditDetail)
        return notice(outcome, .cancelled, visit)
    }

    private func settle(
        _ id: MessageID,
        _ form: FormFields,
        _ caller: APIKeyIdentity,
        _ visit: PageVisit
    ) async throws -> Notice {
        guard let word = form["outcome"], let outcome = ResolutionOutcome(rawValue: word) else {
            return Notice(.bad, ActionPhrase.chooseOutcome)
        }
        let providerID = form["provider_id"]
        if let providerID, !ResolutionOutcome.isProviderID(providerID) {
            return Notice(.bad, ActionPhrase.wrongProviderID)
        }
        let result = try await MessageActions(queue: queue).settle(id, as: outcome, providerID: providerID)
        let detail = [word, result.auditDetail].compactMap { $0 }.joined(separator: ": ")
        try await audit.write(caller, .resolve, message: id, detail: detail)
        return notice(result, .settled, visit)
    }

    private func replay(_ id: MessageID, _ caller: APIKeyIdentity) async throws -> Notice {
        let count = try await MessageActions(queue: queue).replay(id)
        try await audit.write(caller, .replay, message: id, detail: "webhooks: \(count)")
        return count > 0
            ? Notice(.good, ActionPhrase.replayed, ["count": String(count)]) : Notice(.bad, ActionPhrase.noWebhooks)
    }

    private func notice(_ outcome: MessageActions.Outcome, _ done: ActionPhrase, _ visit: PageVisit) -> Notice {
        switch outcome {
        case .done: Notice(.good, done)
        case .refused(let message):
            Notice(.bad, ActionPhrase.goneItsWay, ["state": visit.say(message.state.phrase)])
        case .notFound: Notice(.bad, FramePhrase.notFoundHint)
        }
    }
}

extension MessageActions.Outcome {
    /// What a line of the audit adds; nothing if it was done.
    fileprivate var auditDetail: String? {
        switch self {
        case .done: nil
        case .refused(let message): "refused, the message is \(message.state.rawValue)"
        case .notFound: "refused, there is no such message"
        }
    }
}
