import Eskiz
import EskizQueue
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import Synchronization

/// `GET /v1/events`: everything that happens, as it happens (server-sent events).
struct EventRoutes: Sendable {
    let events: MessageEvents
    let clock: any KeeperClock
    let drain: Latch
    let tickets: EventTickets

    /// So that proxies keep the connection, and a client notices when it is gone.
    static let heartbeat: Duration = .seconds(15)
    /// A reader that is further behind than this is let go: it comes back and asks for what it missed.
    static let backlogLimit = 1_024
    /// So many may happen before the task that counts a reader's backlog gets to run: only then is anything dropped unseen.
    private static let burstLimit = 65_536

    func add(streams: RouterGroup<GatewayContext>, writes: RouterGroup<GatewayContext>) {
        streams.get("/v1/events") { try stream($0, $1) }
        writes.post("/v1/events/ticket") { try await issueTicket($0, $1) }
    }

    private func issueTicket(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let caller = try context.require(.read)
        try QueryParameters(request.uri.query, known: []).check()
        let fields = FieldReader(try await request.json(emptyIsObject: true), known: [])
        guard fields.errors.isEmpty else { throw Problem.validation(fields.errors) }
        guard let ticket = tickets.issue(to: caller) else {
            throw Problem(.renewalLimited, "Too many tickets are in use.", retryAfter: EventTickets.lifetime)
        }
        return .json(
            JSONWriter.object { answer in
                answer.member("ticket", ticket.text)
                answer.member("expires_at", ticket.expiresAt)
            }
        )
    }

    /// Where a client wants to go on; nil for a client that is new.
    private enum Place {
        case number(UInt64)
        /// Of another gateway of the fleet: the time of its last event.
        case moment(Timestamp)
        /// Of another process, or of nobody.
        case lost
    }

    private func place(of request: Request, _ parameters: QueryParameters) -> Place? {
        guard let text = request.headers[.lastEventID] ?? parameters["last_event_id"], !text.isEmpty else { return nil }
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard (2...3).contains(parts.count), let number = UInt64(parts[1]) else { return .lost }
        if parts[0] == events.epoch { return .number(number) }
        guard parts.count == 3, let moment = Int64(parts[2]) else { return .lost }
        return .moment(Timestamp(milliseconds: moment))
    }

    private func stream(_ request: Request, _ context: GatewayContext) throws -> Response {
        _ = try context.require(.read)
        let parameters = QueryParameters(request.uri.query, known: ["ticket", "last_event_id"])
        try parameters.check()
        let place = place(of: request, parameters)
        if drain.isOpen { throw Problem(.stopping, "The gateway is stopping.", retryAfter: .seconds(5)) }
        var headers = HTTPFields()
        headers[.contentType] = "text/event-stream"
        headers[.cacheControl] = "no-store"
        // Listening begins with the answer's head: what happens from then on is seen.
        let following = request.method == .head ? nil : follow(from: place)
        return Response(
            status: .ok,
            headers: headers,
            body: ResponseBody { [self] writer in
                if let following {
                    let feed = EventFeed(limit: Self.backlogLimit)
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        group.addTask { await fill(feed, from: following.stream, for: context) }
                        group.addTask { await sendHeartbeats(feed) }
                        group.addTask {
                            await drain.wait()
                            feed.finish()
                        }
                        defer { group.cancelAll() }
                        var beginning = Array("retry: 2000\n\n".utf8)
                        if !following.isComplete { beginning += Self.gap }
                        for event in following.missed { beginning += text(of: event) }
                        try await writer.write(ByteBuffer(bytes: beginning))
                        while let text = await feed.next() {
                            try await writer.write(ByteBuffer(bytes: text))
                        }
                    }
                }
                try await writer.finish(nil)
            }
        )
    }

    private func follow(from place: Place?) -> EventFollowing {
        switch place {
        case nil: return events.follow(after: nil, buffer: Self.burstLimit)
        case .number(let number): return events.follow(after: number, buffer: Self.burstLimit)
        case .moment(let moment): return events.follow(since: moment, buffer: Self.burstLimit)
        case .lost:
            var following = events.follow(after: nil, buffer: Self.burstLimit)
            following.isComplete = false
            return following
        }
    }

    /// Says that more happened than is known any more: the reader has to list what it missed.
    private static let gap = Array("event: gap\ndata: {\"resumed\":false}\n\n".utf8)

    private func fill(_ feed: EventFeed, from changes: AsyncStream<NumberedEvent>, for context: GatewayContext) async {
        for await change in changes {
            guard feed.append(text(of: change)) else {
                // A write that nobody reads ends only with its connection.
                context.logger.notice("A reader of events does not keep up and was let go")
                context.channel.close(promise: nil)
                break
            }
        }
        feed.finish()
    }

    private func sendHeartbeats(_ feed: EventFeed) async {
        while !Task.isCancelled {
            let next = clock.now().elapsed.addingClamped(Self.heartbeat.nanoseconds)
            guard (try? await clock.sleep(untilElapsed: next)) != nil else { return }
            feed.appendHeartbeat(Array(": heartbeat\n\n".utf8))
        }
    }

    private func text(of event: NumberedEvent) -> [UInt8] {
        // With the time, another gateway of the fleet can go on from it.
        let moment = event.at.map { "-\($0.milliseconds)" } ?? ""
        return Array("id: \(events.epoch)-\(event.number)\(moment)\n".utf8) + Self.text(of: event.event)
    }

    /// One event as it goes over the wire: its name, and JSON in one line.
    static func text(of event: QueueEvent) -> [UInt8] {
        var answer = JSONWriter()
        let name: String
        switch event {
        case .message(let change):
            name = "message"
            answer.message(change.message, holds: [])
        case .token(let status):
            name = "token"
            answer.token(status)
        case .breaker(let state):
            name = "breaker"
            answer.object { $0.member("state", state) }
        }
        return Array("event: \(name)\ndata: ".utf8) + answer.bytes + Array("\n\n".utf8)
    }
}

/// Lines between those who have news and the one who writes them to a connection.
final class EventFeed: Sendable {
    private struct State {
        var lines: [[UInt8]] = []
        var isFinished = false
        var reader: CheckedContinuation<[UInt8]?, Never>?
    }

    private let state = Mutex(State())
    private let limit: Int

    init(limit: Int) {
        self.limit = limit
    }

    /// - Returns: false if the reader is too far behind.
    func append(_ line: [UInt8]) -> Bool {
        put(line, onlyIfEmpty: false)
    }

    /// A sign of life, unless there is something better to say.
    func appendHeartbeat(_ line: [UInt8]) {
        _ = put(line, onlyIfEmpty: true)
    }

    private func put(_ line: [UInt8], onlyIfEmpty: Bool) -> Bool {
        let (reader, isTaken) = state.withLock { state -> (CheckedContinuation<[UInt8]?, Never>?, Bool) in
            if state.isFinished { return (nil, true) }
            if let reader = state.reader {
                state.reader = nil
                return (reader, true)
            }
            if onlyIfEmpty, !state.lines.isEmpty { return (nil, true) }
            guard state.lines.count < limit else { return (nil, false) }
            state.lines.append(line)
            return (nil, true)
        }
        reader?.resume(returning: line)
        return isTaken
    }

    func finish() {
        let reader = state.withLock { state in
            state.isFinished = true
            defer { state.reader = nil }
            return state.reader
        }
        reader?.resume(returning: nil)
    }

    /// Everything that waits, at once; nil after the end.
    ///
    /// For one reader.
    func next() async -> [UInt8]? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let (answer, isReady) = state.withLock { state -> ([UInt8]?, Bool) in
                    if !state.lines.isEmpty {
                        defer { state.lines = [] }
                        return (Array(state.lines.joined()), true)
                    }
                    if state.isFinished || Task.isCancelled { return (nil, true) }
                    state.reader = continuation
                    return (nil, false)
                }
                if isReady { continuation.resume(returning: answer) }
            }
        } onCancel: {
            finish()
        }
    }
}
