import HTTPTypes
import HummingbirdCore
import NIOCore
import ServiceLifecycle

#if canImport(Glibc)
@preconcurrency import Glibc
#elseif canImport(Musl)
@preconcurrency import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// One request on its connection: reads it, answers it, or treats the client as badly as a test wants.
///
/// Its methods are `@concurrent`, like the server library's writer that it hands its answers to.
struct Connection: ~Copyable {
    let request: Request
    private let channel: any Channel
    private var writer: ResponseWriter?

    init(request: Request, writer: consuming ResponseWriter, channel: any Channel) {
        self.request = request
        self.channel = channel
        self.writer = consume writer
    }

    var peer: SocketAddress? { channel.remoteAddress }

    /// Larger bodies end in an error, so that nobody fills the memory by mistake.
    static let largestBody = 64 * 1_024 * 1_024

    @concurrent
    func body() async throws -> [UInt8] {
        let buffer = try await request.body.collect(upTo: Self.largestBody)
        return Array(buffer.readableBytesView)
    }

    // MARK: Answers

    @concurrent
    consuming func write(_ answer: Answer, date: String) async throws {
        guard let writer = writer.take() else { return }
        let head = Self.head(of: answer, date: date)
        let body = request.method == .head ? ByteBuffer() : ByteBuffer(bytes: answer.body)
        try await writer.write(response: head, body: ResponseBody(byteBuffer: body))
    }

    /// Announces the whole body, writes half of it, and ends the connection.
    @concurrent
    consuming func writeTruncated(_ answer: Answer, date: String) async throws {
        guard let writer = writer.take() else { return }
        var body = try await writer.writeHead(Self.head(of: answer, date: date))
        try await body.write(ByteBuffer(bytes: answer.body.prefix(answer.body.count / 2)))
        try? await channel.close().get()
    }

    private static func head(of answer: Answer, date: String) -> HTTPResponse {
        var fields = HTTPFields()
        fields[.contentType] = answer.contentType
        fields[.contentLength] = String(answer.body.count)
        fields[.date] = date
        for header in answer.headers {
            if let name = HTTPField.Name(header.name) { fields[name] = header.value }
        }
        return HTTPResponse(status: HTTPResponse.Status(code: answer.status), headerFields: fields)
    }

    /// Answers with a stream of events (`text/event-stream`) until the client goes or the server stops.
    ///
    /// `produce` yields one frame at a time; it is cancelled at the end.
    @concurrent
    consuming func writeEvents(
        date: String,
        from produce: @escaping @Sendable (AsyncStream<String>.Continuation) async -> Void
    ) async throws {
        let departure = departure()
        guard let writer = writer.take() else { return }
        var fields = HTTPFields()
        fields[.contentType] = "text/event-stream"
        fields[.cacheControl] = "no-store"
        fields[.date] = date
        var body = try await writer.writeHead(HTTPResponse(status: .ok, headerFields: fields))
        // Each frame tells the newest state: a slow reader may miss the ones between.
        let (frames, continuation) = AsyncStream.makeStream(of: String.self, bufferingPolicy: .bufferingNewest(4))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                await cancelWhenGracefulShutdown { await produce(continuation) }
                continuation.finish()
            }
            group.addTask {
                await departure.wait(upTo: nil)
                continuation.finish()
            }
            defer { group.cancelAll() }
            for await frame in frames { try await body.write(ByteBuffer(string: frame)) }
        }
        try await body.finish(nil)
        try? await channel.close().get()
    }

    // MARK: No answers

    /// A TCP reset: with a linger time of zero the kernel sends RST instead of FIN and forgets what is unsent.
    @concurrent
    consuming func reset() async {
        if let socket = channel as? any SocketOptionProvider {
            try? await socket.setSoLinger(linger(l_onoff: 1, l_linger: 0)).get()
        }
        try? await channel.close().get()
    }

    /// Says nothing until the client has gone or the server stops.
    @concurrent
    consuming func stayMute(bodyWasRead: Bool) async {
        let (body, departure) = (request.body, departure())
        await cancelWhenGracefulShutdown {
            // Unread bytes would hide that the client has gone.
            if !bodyWasRead { _ = try? await body.collect(upTo: Self.largestBody) }
            await departure.wait(upTo: nil)
        }
        try? await channel.close().get()
    }

    /// Runs something long, and cancels it when the client goes or the server stops.
    @concurrent
    func whileConnected(_ operation: @escaping @Sendable () async -> Answer?) async -> Answer? {
        let departure = departure()
        return await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Answer?.self) { group in
                group.addTask { await operation() }
                group.addTask {
                    await departure.wait(upTo: nil)
                    return nil
                }
                let first = await group.next() ?? nil
                group.cancelAll()
                return first
            }
        }
    }

    /// Rings when the client goes.
    private borrowing func departure() -> Alarm {
        let alarm = Alarm()
        channel.triggerUserOutboundEvent(DepartureHandler.Watch(alarm: alarm), promise: nil)
        return alarm
    }
}
