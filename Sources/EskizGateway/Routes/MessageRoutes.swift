import EskizQueue
import EskizText
import HTTPTypes
import Hummingbird

/// Looking at messages, taking them back, settling them by hand.
struct MessageRoutes: Sendable {
    let queue: MessageQueue
    let limits: TextLimits

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
        var answer = JSONAnswer(capacity: 2_048)
        answer.message(timeline.message, holds: queue.holds, timeline: timeline)
        return .json(answer.bytes)
    }

    private func cancel(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let caller = try context.require(.send)
        try QueryParameters(request.uri.query, known: []).check()
        let id = try Self.id(context)
        try Self.checkEmpty(try await request.json(emptyIsObject: true))
        guard let message = try await queue.message(id), caller.owns(message) else { throw Problem.noSuchMessage }
        switch try await queue.cancel(id) {
        case .cancelled(let message): return .message(message)
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
        let resolution = try ResolutionRequest(try await request.json(), at: queue.clock.timestamp)
        guard let before = try await queue.message(id) else { throw Problem.noSuchMessage }
        guard before.state == .unknown else {
            throw Problem(
                .conflict,
                "The message is \(before.state.rawValue); only an unknown outcome is settled by hand."
            )
        }
        guard let message = try await queue.resolve(id, as: resolution.resolution) else { throw Problem.noSuchMessage }
        return .message(message, holds: queue.holds)
    }

    private func replay(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let caller = try context.require(.send)
        try QueryParameters(request.uri.query, known: []).check()
        let id = try Self.id(context)
        try Self.checkEmpty(try await request.json(emptyIsObject: true))
        guard let message = try await queue.message(id), caller.owns(message) else { throw Problem.noSuchMessage }
        let count: Int
        do {
            count = try await queue.store.replayWebhooks(of: id, at: queue.clock.timestamp)
        } catch {
            throw QueueError.store(error)
        }
        if count > 0 { queue.webhooks.ring() }
        return .json(JSONAnswer.object { $0.member("replayed", count) })
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
            JSONAnswer.object(capacity: page.messages.count * 512 + 64) { answer in
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

/// The filters of a list.
struct MessageListRequest {
    let search: MessageSearch

    static let limits = 1...200
    static let defaultLimit = 50

    init(_ query: String?) throws(Problem) {
        var parameters = QueryParameters(query, known: ["status", "lane", "to", "reference", "after", "limit"])
        var search = MessageSearch(limit: Self.defaultLimit)
        if let text = parameters["status"] {
            let states = text.split(separator: ",", omittingEmptySubsequences: false).map {
                MessageState(rawValue: String($0))
            }
            search.states = Set(states.compactMap { $0 })
            if states.contains(nil) {
                let all = MessageState.allCases.map(\.rawValue).joined(separator: ", ")
                parameters.note("status", "invalid_status", "`status` is a list, with commas, of: \(all).")
            }
        }
        if let text = parameters["lane"] {
            search.lane = Lane(rawValue: text)
            if search.lane == nil {
                parameters.note("lane", "invalid_lane", "`lane` is one of otp, transactional and bulk.")
            }
        }
        if let text = parameters["to"] {
            switch MessageRules.phone(text) {
            case .success(let phone): search.phone = phone.digits
            case .failure(let error): parameters.note("to", error.code, error.detail)
            }
        }
        if let text = parameters["reference"] {
            search.reference = text
            if let error = PlainText.problem(text, upTo: MessageRules.referenceLimit) {
                parameters.note("reference", error.code, "`reference` \(error.reason)")
            }
        }
        if let text = parameters["after"] {
            search.before = MessageID(text: text)
            if search.before == nil {
                parameters.note("after", "invalid_cursor", "`after` is the `next` of the page before, as it was given.")
            }
        }
        if let text = parameters["limit"] {
            search.limit = MessageID(text: text).map { Int($0.rawValue) } ?? 0
            if !Self.limits.contains(search.limit) {
                parameters.note("limit", "out_of_range", "`limit` is a number from 1 to 200.")
            }
        }
        try parameters.check()
        self.search = search
    }
}

/// How a person settles an `unknown`.
enum ResolutionOutcome: String, CaseIterable, Sendable {
    /// Eskiz has it.
    case submitted
    /// Eskiz does not have it, and it is still wanted.
    case sendAgain = "send_again"
    /// Eskiz does not have it, and it is not wanted any more.
    case notSent = "not_sent"
    /// It stays unknown: it cannot be found out.
    case unknown

    func resolution(providerID: String?, at now: Timestamp) -> Resolution {
        switch self {
        case .submitted: return .submitted(providerID: providerID, nil, nextReport: now)
        case .sendAgain: return .sendAgain
        case .notSent:
            let sentence = "Settled by hand: Eskiz does not have the message, and it is not wanted any more."
            return .notSent(MessageError(code: "not_sent", message: sentence))
        case .unknown:
            let sentence = "Settled by hand: it cannot be found out whether Eskiz has the message."
            return .unknownForGood(MessageError(code: "outcome_unknown", message: sentence))
        }
    }

    /// Whether a text can be the id that Eskiz gave a message.
    static func isProviderID(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) || byte == 0x2D
            }
    }
}

/// How a person settles an `unknown`, as a request says it.
struct ResolutionRequest {
    let resolution: Resolution

    /// What a message becomes, by the names of its states.
    static let outcomes: [(name: String, outcome: ResolutionOutcome)] = [
        ("submitted", .submitted), ("failed", .notSent), ("queued", .sendAgain), ("unknown", .unknown),
    ]
    static let providerIDPattern = "^[0-9A-Za-z-]{1,64}$"

    init(_ json: RequestJSON, at now: Timestamp) throws(Problem) {
        var fields = FieldReader(json, known: ["as", "provider_id"])
        let providerID = fields.string("provider_id")
        if let providerID, !ResolutionOutcome.isProviderID(providerID) {
            fields.note("provider_id", "invalid_provider_id", "`provider_id` is the id that Eskiz gave the message.")
        }
        let word = fields.requiredString("as")
        let outcome = Self.outcomes.first { $0.name == word }?.outcome
        if word != nil, outcome == nil {
            let all = Self.outcomes.map(\.name).joined(separator: ", ")
            fields.note("as", "invalid_outcome", "`as` is one of: \(all).")
        }
        guard fields.errors.isEmpty, let outcome else { throw .validation(fields.errors) }
        resolution = outcome.resolution(providerID: providerID, at: now)
    }
}
