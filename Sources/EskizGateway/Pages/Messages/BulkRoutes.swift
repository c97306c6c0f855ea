import EskizPages
import EskizQueue
import EskizWords
import Hummingbird

/// What is done to all messages of a filter: asked about first, then done in steps.
struct BulkRoutes: Sendable {
    let responder: PageResponder
    let queue: MessageQueue
    let audit: Audit

    func add(to router: Router<GatewayContext>) {
        responder.get("/bulk", on: router) { visit, _ in try await ask(visit) }
        responder.post("/bulk", on: router) { visit, form, _ in try await run(visit, form) }
    }

    private func ask(_ visit: PageVisit) async throws -> Page {
        guard visit.session?.mayAct == true else {
            throw PageRefusal(heading: visit.say(.notAllowed), hint: visit.say(.mayNotAct))
        }
        guard let action = visit["action"].flatMap(BulkAction.init(rawValue:)) else {
            return .notFound(visit, at: .messages)
        }
        let filter = MessageFilter { visit[$0] }
        return BulkView(
            visit: visit,
            action: action,
            filter: filter,
            found: try await found(action, filter),
            now: queue.clock.timestamp
        ).page
    }

    /// Up to as many as one request would act on.
    private func found(_ action: BulkAction, _ filter: MessageFilter) async throws -> SearchPage {
        guard var narrowed = action.narrowed(filter) else { return SearchPage() }
        let finder = MessageFinder(store: queue.store)
        var found = SearchPage()
        // A step that finds nothing says little while there is more to look through.
        for _ in 0..<5 where found.messages.isEmpty {
            found = try await finder.page(narrowed, limit: BulkRun.limit)
            guard let next = found.next else { break }
            narrowed.set(after: next)
        }
        return found
    }

    private func run(_ visit: PageVisit, _ form: FormFields) async throws -> PageRedirect {
        let filter = MessageFilter { form[$0] }.changed { $0.set(after: nil) }
        guard let caller = visit.session?.identity, let action = form["action"].flatMap(BulkAction.init(rawValue:)),
            let newest = form["up_to"].flatMap({ MessageID(text: $0) }), filter.unreadable.isEmpty
        else { throw PageRefusal(heading: visit.say(.failed), hint: visit.say(.unknownAction), status: .badRequest) }
        let result = await BulkRun(queue: queue, action: action, filter: filter).run(upTo: newest)
        try await audit.write(caller, action.audited, detail: result.auditDetail(of: filter))
        let path =
            result.isCut
            ? MessageFilter.address("/bulk", [("action", action.rawValue)] + filter.pairs) : filter.address
        return PageRedirect(to: path, notice: result.notice(visit.language))
    }
}

extension BulkRun.Result {
    func auditDetail(of filter: MessageFilter) -> String {
        var parts = ["\(done) done"]
        if changed > 0 { parts.append("\(changed) left as they are") }
        if isCut { parts.append("there are more") }
        if hasFailed { parts.append("stopped by a failure of the database") }
        return "\(parts.joined(separator: ", ")); filter: \(filter.description)"
    }

    func notice(_ language: Language) -> Notice {
        let values = ["done": language.grouped(done), "changed": language.grouped(changed)]
        if hasFailed { return Notice(.bad, BulkPhrase.bulkFailed, values) }
        if isCut { return Notice(.good, BulkPhrase.bulkCut, values) }
        return Notice(done > 0 ? .good : .bad, changed > 0 ? BulkPhrase.bulkDoneSome : .bulkDone, values)
    }
}
