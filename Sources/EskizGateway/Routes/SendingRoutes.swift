import Eskiz
import EskizHTTP
import EskizQueue
import HTTPTypes
import Hummingbird

/// Sending, one by one and many at once.
struct SendingRoutes: Sendable {
    let intake: MessageIntake
    let drain: Latch

    private var queue: MessageQueue { intake.queue }

    func add(to writes: RouterGroup<GatewayContext>) {
        writes.post("/v1/messages") { try await accept($0, $1) }
        writes.post("/v1/messages/batch") { try await acceptBatch($0, $1) }
    }

    private func accept(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let caller = try context.require(.send)
        try QueryParameters(request.uri.query, known: []).check()
        let json = try await request.json()
        let now = queue.clock.timestamp
        let wanted = try intake.read(json, at: now).get()
        let key = try IdempotencyKey(request.headers[.idempotencyKey], of: caller, kind: "message") {
            wanted.update(&$0)
        }
        // Until it is answered, whoever repeats it is told to ask again: also while the first one waits for the outcome.
        return try await intake.alone(with: key) {
            let kept = try await intake.accept([wanted], of: caller, idempotency: key, at: now)
            let message = kept.messages[0]
            if kept.isRepetition, let key, let answer = try await queue.store.answer(for: key) {
                return .json(answer, headers: Self.headers(of: message))
            }
            return try await answer(
                to: request,
                context,
                with: message,
                isRepetition: kept.isRepetition,
                remembering: kept.isRepetition ? nil : key,
                at: now
            )
        }
    }

    private static func headers(of message: Message) -> HTTPFields {
        var headers = HTTPFields()
        headers[.location] = "/v1/messages/\(message.id)"
        return headers
    }

    /// The message, at once or when its outcome is known, as the request prefers.
    ///
    /// With a key, an outcome is remembered: whoever repeats the request gets the same answer, whatever has happened since.
    private func answer(
        to request: Request,
        _ context: GatewayContext,
        with message: Message,
        isRepetition: Bool,
        remembering key: IdempotencyKey?,
        at now: Timestamp
    ) async throws -> Response {
        var headers = Self.headers(of: message)
        guard let preference = WaitPreference(request.headers[.prefer]) else {
            return .message(message, status: .accepted, headers: headers)
        }
        headers[.preferenceApplied] = "wait=\(preference.seconds)"
        let limit = Duration.seconds(preference.seconds)
        // Who repeats a request that did not wait, and would rather wait now, is told how the message is now.
        let message = isRepetition ? try await queue.message(message.id) ?? message : message
        var outcome = message
        // What is planned for later than that is not worth waiting for.
        if message.dueAt <= now + limit {
            let latches = [drain, await context.hangUp()].compactMap(\.self)
            let end = queue.clock.now().elapsed.addingClamped(limit.nanoseconds)
            outcome = try await queue.outcome(of: message.id, until: end, orWhen: latches).message ?? message
        }
        let isOver = outcome.isSettled
        var answer = JSONWriter()
        answer.message(outcome, holds: queue.holds)
        if isOver, let key {
            // Whoever waited gets the answer even if it cannot be kept.
            try? await queue.store.remember(answer.bytes, for: key)
        }
        return .json(answer.bytes, status: isOver ? .ok : .accepted, headers: headers)
    }

    private func acceptBatch(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let caller = try context.require(.send)
        try QueryParameters(request.uri.query, known: []).check()
        let json = try await request.json()
        let now = queue.clock.timestamp
        let texts = try Self.items(of: json)
        let items = texts.map { intake.read($0, at: now) }
        let wanted = items.compactMap { try? $0.get() }
        let key = try IdempotencyKey(request.headers[.idempotencyKey], of: caller, kind: "batch") { digest in
            for (text, item) in zip(texts, items) {
                switch item {
                case .success(let wanted): wanted.update(&digest)
                // What cannot be read is told apart by what it says.
                case .failure: digest.update("\(text)")
                }
            }
        }
        var accepted: [Message] = []
        if !wanted.isEmpty {
            accepted = try await intake.alone(with: key) {
                try await intake.accept(wanted, of: caller, idempotency: key, at: now).messages
            }
        }
        return .json(Self.answer(to: items, accepted: accepted), status: .accepted)
    }

    private static func items(of json: RequestJSON) throws -> [RequestJSON] {
        var fields = FieldReader(json, known: ["messages"])
        var items: [RequestJSON] = []
        switch fields.value("messages") {
        case .array(let elements):
            items = elements
            if !(1...MessageRules.batchLimit).contains(elements.count) {
                let detail = "A batch has 1 to \(MessageRules.batchLimit) messages; this one has \(elements.count)."
                fields.note("messages", "out_of_range", detail)
            }
        case nil: fields.note("messages", "required", "`messages` is missing.")
        default: fields.note("messages", "wrong_type", "`messages` must be an array of messages.")
        }
        guard fields.errors.isEmpty else { throw Problem.validation(fields.errors) }
        return items
    }

    /// One result for each item, in the order of the request.
    private static func answer(to items: [Result<MessageRequest, Problem>], accepted: [Message]) -> [UInt8] {
        var accepted = accepted[...]
        return JSONWriter.object(capacity: items.count * 512) { answer in
            answer.name("results")
            answer.array(items) { answer, item in
                answer.object { answer in
                    switch item {
                    case .success:
                        guard let message = accepted.popFirst() else { return }
                        answer.member("status", 202)
                        answer.name("message")
                        answer.message(message, holds: [])
                    case .failure(let problem):
                        answer.member("status", problem.code.status.code)
                        answer.name("problem")
                        answer.object { problem.write(to: &$0) }
                    }
                }
            }
        }
    }
}
