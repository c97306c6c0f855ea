import Eskiz
import EskizPages
import EskizQueue
import HTTPTypes
import Hummingbird
import NIOCore

/// `GET /live`: tells an open page that something has changed, and nothing of what (server-sent events).
///
/// The page then asks for its own address again. However much happens, that is twice a second at most; and every few
/// seconds anyway, because ages grow while nothing happens.
struct LiveRoute: Sendable {
    let sessions: Sessions
    let queue: MessageQueue
    let client: EskizClient
    let account: AccountCache
    let drain: Latch

    /// The shortest pause between two events.
    static let pause: Duration = .milliseconds(500)
    /// The longest.
    static let heartbeatInterval: Duration = .seconds(10)
    /// How often the token is looked at, which tells nobody of its changes.
    static let look: Duration = .seconds(1)

    private static let change = Array("event: change\ndata: {}\n\n".utf8)

    func add(to router: Router<GatewayContext>) {
        router.get("/live") { request, context in try await stream(request, context) }
    }

    private func stream(_ request: Request, _ context: GatewayContext) async throws -> Response {
        let cookie = request.headers[.cookie]
        guard let session = try await sessions.session(of: cookie) else { throw Problem.unauthorized(tried: false) }
        context.note.callerID = session.identity.id
        if drain.isOpen { throw Problem(.stopping, "The gateway is stopping.", retryAfter: .seconds(5)) }
        var headers = HTTPFields()
        headers[.contentType] = "text/event-stream"
        headers[.cacheControl] = "no-store"
        // One waits while one is told: what happens in between is the same news.
        let changes = request.method == .head ? nil : queue.events.subscribe(buffer: 1)
        return Response(
            status: .ok,
            headers: headers,
            body: ResponseBody { [self] writer in
                if let changes {
                    let feed = EventFeed(limit: 2)
                    try await withThrowingTaskGroup(of: Void.self) { group in
                        group.addTask { await tell(feed, of: changes) }
                        group.addTask { await look(feed, for: cookie) }
                        group.addTask {
                            await drain.wait()
                            feed.finish()
                        }
                        defer { group.cancelAll() }
                        // At once: what happened while nobody listened is there to be seen.
                        try await writer.write(ByteBuffer(bytes: Array("retry: 2000\n\n".utf8) + Self.change))
                        while let text = await feed.next() { try await writer.write(ByteBuffer(bytes: text)) }
                    }
                }
                try await writer.finish(nil)
            }
        )
    }

    private func tell(_ feed: EventFeed, of changes: AsyncStream<QueueEvent>) async {
        for await change in changes {
            // Of the token, and of all else that is told with it, the look finds out.
            if case .token = change { continue }
            // A reader who has not taken the last one yet will see this change with it.
            _ = feed.append(Self.change)
            guard await sleep(Self.pause) else { return }
        }
        feed.finish()
    }

    /// Watches what tells nobody: the token, the balance, the time, and whether the session still counts.
    private func look(_ feed: EventFeed, for cookie: String?) async {
        var seen = await sign()
        var heartbeatAt = queue.clock.now().elapsed.addingClamped(Self.heartbeatInterval.nanoseconds)
        while await sleep(Self.look) {
            let now = queue.clock.now().elapsed
            let sign = await sign()
            guard sign != seen || now >= heartbeatAt else { continue }
            guard (try? await sessions.session(of: cookie)) ?? nil != nil else { return feed.finish() }
            seen = sign
            heartbeatAt = now.addingClamped(Self.heartbeatInterval.nanoseconds)
            feed.appendHeartbeat(Self.change)
        }
    }

    private struct Sign: Equatable {
        var generation: UInt64?
        var isRejected: Bool?
        var renewals: RenewalHistory
        var accountAsOf: Timestamp?
    }

    private func sign() async -> Sign {
        let status = client.tokenStatus
        return Sign(
            generation: status?.generation,
            isRejected: status?.isRejected,
            renewals: client.renewals,
            accountAsOf: await account.latest()?.asOf
        )
    }

    private func sleep(_ duration: Duration) async -> Bool {
        let end = queue.clock.now().elapsed.addingClamped(duration.nanoseconds)
        return (try? await queue.clock.sleep(untilElapsed: end)) != nil
    }
}
