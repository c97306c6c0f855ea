import EskizHTTP
import EskizQueue
import HTTPTypes
import Hummingbird

/// Looking at messages, taking them back, settling them by hand.
struct MessageRoutes: Sendable {
    let queue: MessageQueue
    let limits: TextLimits

    private var actions: MessageActions { MessageActions(queue: queue) }

    func add(reads: RouterGroup<GatewayContext>, writes: RouterGroup<GatewayContext>) {
        reads.get("/v1/messages") { try await list($0, $1) }
        reads.get("/v1/messages/{id}") { try await show($0, $1) }
        writes.patch("/v1/messages/{id}") { try await amend($0, $1) }
        writes.post("/v1/messages/{id}/cancel") { try await cancel($0, $1) }
        writes.post("/v1/messages/{id}/resolve") { try await resolve($0, $1) }
        writes.post("/v1/messages/{id}/replay") { try await replay($0, $1) }
    }

    // MARK: One message

    private func show(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let caller = try context.identified()
        try QueryParameters(request.uri.query, known: []).check()
        let id = try Self.id(context)
        let timeline: Timeline?
        do { timeline = try await queue.store.timeline(id) } catch { throw QueueError.store(error) }
        guard let timeline, caller.maySee(timeline.message) else { throw Problem.noSuchMessage }
        var answer = JSONWriter(capacity: 2_048)
        answer.message(timeline.message, holds: queue.holds, timeline: timeline)
        return .json(answer.bytes)
    }

    private func cancel(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let caller = try context.require(.send)
        try QueryParameters(request.uri.query, known: []).check()
        let id = try Self.id(context)
        try Self.checkEmpty(try await request.json(emptyIsObject: true))
        guard let message = try await queue.message(id), caller.owns(message) else { throw Problem.noSuchMessage }
        switch try await actions.cancel(id) {
        case .done(let message): return .message(message)
        // Asked for twice, and the first answer was lost: it is cancelled all the same.
        case .refused(let message) where message.state == .cancelled: return .message(message)
        case .refused(let message):
            let detail = "The message is \(message.state.rawValue); only what is scheduled or queued can be taken back."
            throw Problem(.conflict, detail)
        case .notFound: throw Problem.noSuchMessage
        }
    }

    private func amend(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let caller = try context.require(.send)
        try QueryParameters(request.uri.query, known: []).check()
        let id = try Self.id(context)
        let json = try await request.json()
        let amendment = try MessageRequest.amendment(json, at: queue.clock.timestamp, limits: limits).get()
        guard let message = try await queue.message(id), caller.owns(message) else { throw Problem.noSuchMessage }
        switch try await queue.amend(id, with: amendment) {
        case .amended(let message, _): return .message(message)
        case .refused(let message):
            throw Problem(
                .conflict,
                "The message is \(message.state.rawValue); only what no dispatcher has taken yet can be changed."
            )
        case .notFound: throw Problem.noSuchMessage
        }
    }

    private func resolve(_ request: Request, _ context: GatewayContext) async throws -> Response {
        _ = try context.require(.admin)
        try QueryParameters(request.uri.query, known: []).check()
        let id = try Self.id(context)
        let request = try ResolutionRequest(try await request.json())
        switch try await actions.settle(id, as: request.outcome, providerID: request.providerID) {
        case .done(let message): return .message(message, holds: queue.holds)
        // It is what was asked for already.
        case .refused(let message) where message.state == .unknown && request.outcome == .unknown:
            return .message(message, holds: queue.holds)
        case .refused(let message):
            throw Problem(
                .conflict,
                "The message is \(message.state.rawValue); only an unknown outcome is settled by hand."
            )
        case .notFound: throw Problem.noSuchMessage
        }
    }

    private func replay(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let caller = try context.require(.send)
        try QueryParameters(request.uri.query, known: []).check()
        let id = try Self.id(context)
        try Self.checkEmpty(try await request.json(emptyIsObject: true))
        guard let message = try await queue.message(id), caller.owns(message) else { throw Problem.noSuchMessage }
        let count = try await actions.replay(id)
        return .json(JSONWriter.object { $0.member("replayed", count) })
    }

    private static func id(_ context: GatewayContext) throws -> MessageID {
        guard let id = context.parameters.get("id").flatMap({ MessageID(text: $0) }) else {
            throw Problem.noSuchMessage
        }
        return id
    }

    private static func checkEmpty(_ json: RequestJSON) throws {
        let fields = FieldReader(json, known: [])
        guard fields.errors.isEmpty else { throw Problem.validation(fields.errors) }
    }

    // MARK: Many messages

    private func list(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let caller = try context.identified()
        let search = try MessageListRequest(request.uri.query).search
        let page = caller.may(.read) ? try await page(search) : try await page(search, of: caller)
        let holds = queue.holds
        return .json(
            JSONWriter.object(capacity: page.messages.count * 512 + 64) { answer in
                answer.name("data")
                answer.array(page.messages) { $0.message($1, holds: holds) }
                answer.nullable("next", page.next?.text)
            }
        )
    }

    private struct Page {
        var messages: [Message]
        /// Where the next page begins; nil after the last.
        var next: MessageID?
    }

    private func page(_ search: MessageSearch) async throws -> Page {
        // One more than asked for tells whether there is another page.
        var wider = search
        wider.limit += 1
        let found = try await messages(wider)
        let messages = Array(found.prefix(search.limit))
        return Page(messages: messages, next: found.count > search.limit ? messages.last?.id : nil)
    }

    /// Only what the caller sent itself.
    ///
    /// The store knows no owners, so pages are looked through; after five of them the answer is what was found, with the
    /// place to go on from, and may hold less than was asked for.
    private func page(_ search: MessageSearch, of caller: APIKeyIdentity) async throws -> Page {
        var step = search
        step.limit = 200
        var own: [Message] = []
        for _ in 0..<5 {
            let found = try await messages(step)
            for message in found where caller.owns(message) {
                if own.count == search.limit { return Page(messages: own, next: own.last?.id) }
                own.append(message)
            }
            guard found.count == step.limit, let last = found.last else { return Page(messages: own, next: nil) }
            step.before = last.id
        }
        return Page(messages: own, next: step.before)
    }

    private func messages(_ search: MessageSearch) async throws -> [Message] {
        do { return try await queue.store.messages(search) } catch { throw QueueError.store(error) }
    }
}

extension APIKeyIdentity {
    /// What an administrator's key may change, and every key that sent it.
    func owns(_ message: Message) -> Bool {
        message.apiKeyID == id || may(.admin)
    }

    func maySee(_ message: Message) -> Bool {
        may(.read) || (may(.send) && owns(message))
    }
}
