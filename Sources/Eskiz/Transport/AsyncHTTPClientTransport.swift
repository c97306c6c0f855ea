package import AsyncHTTPClient
package import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// The network: HTTP/1.1 and HTTP/2 over AsyncHTTPClient.
///
/// Connections are reused, TLS is verified, and no redirect is followed. A failed connection is reported at once,
/// because the caller knows better when to try again. Nothing is decompressed, because nothing compressed is asked for.
///
/// A request stays on one event loop from beginning to end. The client's own bookkeeping and the connection then take
/// turns on one thread, and ``TransportError/Progress`` is exact instead of guessed: AsyncHTTPClient asks for the body of
/// a request in the very step in which it hands that body to the connection, and never after it has reported a failure.
///
/// ```swift
/// let transport = AsyncHTTPClientTransport(proxy: configuration.proxy)
/// ```
public final class AsyncHTTPClientTransport: HTTPTransport {
    /// An answer above this size is refused; the largest that Eskiz gives, a month's export, is far below.
    package static let answerLimit = 16 * 1024 * 1024

    /// One loop serves a few requests at once without being felt, and fewer loops mean fewer connections to open.
    private static let requestsPerLoop = 4
    private static let loopLimit = 4
    /// More requests than this at a time wait for one another.
    package static let connectionLimit = 64

    private let pools: [LoopPool]
    private let address = ParsedAddress()
    private let hasProxy: Bool
    private let answerLimit: Int

    /// A transport with connections of its own.
    ///
    /// - Parameters:
    ///   - proxy: the proxy on the way, if any.
    ///   - connectTimeout: how long a connection may take to be established, TLS included. It ends a request before
    ///     its own time-out does, so that a black hole is told from a slow answer.
    ///   - trustRoots: whom TLS trusts.
    public convenience init(
        proxy: EskizConfiguration.Proxy? = nil,
        connectTimeout: Duration = .seconds(10),
        trustRoots: TrustRoots = .system
    ) {
        self.init(proxy: proxy, connectTimeout: connectTimeout, trustRoots: trustRoots, answerLimit: Self.answerLimit)
    }

    /// A transport with other limits.
    package init(
        proxy: EskizConfiguration.Proxy? = nil,
        connectTimeout: Duration = .seconds(10),
        trustRoots: TrustRoots,
        answerLimit: Int = AsyncHTTPClientTransport.answerLimit,
        connectionLimit: Int = AsyncHTTPClientTransport.connectionLimit
    ) {
        var configuration = HTTPClient.Configuration()
        configuration.httpVersion = .automatic
        configuration.decompression = .disabled
        configuration.redirectConfiguration = .disallow
        configuration.timeout = .init(connect: TimeAmount(connectTimeout))
        // Below what servers keep connections for (nginx: 75 s, Apache: 5 s to 15 s), so that a request seldom meets
        // a connection that is just being closed: what becomes of it then is unknown.
        configuration.connectionPool.idleTimeout = .seconds(15)
        configuration.connectionPool.retryConnectionEstablishment = false
        configuration.proxy = proxy.map(Self.proxy)
        // The client opens a span per call; a second one below it would tell nothing new.
        configuration.tracing.tracer = nil
        configuration.http1_1ConnectionDebugInitializer = FlushGathering.add(to:)
        configuration.http2ConnectionDebugInitializer = FlushGathering.add(to:)
        configuration.trust(trustRoots)
        let loops = Array(HTTPClient.defaultEventLoopGroup.makeIterator().prefix(Self.loopLimit))
        // Rounded up: requests go to the emptiest loop, so that none of them gets more than its part.
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit =
            (connectionLimit + loops.count - 1) / loops.count
        pools = loops.map { [configuration] in LoopPool(eventLoop: $0, configuration: configuration) }
        hasProxy = proxy != nil
        self.answerLimit = answerLimit
    }

    /// True where TLS can read certificates in the bytes of a PEM file.
    static func hasCertificates(_ pem: [UInt8]) -> Bool {
        // What BoringSSL cannot read leaves an error behind that the next reading meets.
        guard String(decoding: pem, as: UTF8.self).contains("-----BEGIN ") else { return false }
        return (try? NIOSSLCertificate.fromPEMBytes(pem))?.isEmpty == false
    }

    deinit {
        // AsyncHTTPClient insists on being shut down. This neither blocks nor fails if `shutdown()` was called.
        for pool in pools { pool.client.shutdown { _ in } }
    }

    /// Sends the request and reads the whole answer.
    public func execute(_ request: TransportRequest) async throws(TransportError) -> TransportResponse {
        guard !Task.isCancelled else { throw TransportError(.cancelled, progress: .notSent) }
        let pool = freePool()
        pool.inFlight.add(1, ordering: .relaxed)
        defer { pool.inFlight.subtract(1, ordering: .relaxed) }
        let exchange = Exchange(on: pool.eventLoop, answerLimit: answerLimit)
        let wireRequest = try wireRequest(request, exchange)
        let task = pool.client.execute(
            request: wireRequest,
            delegate: exchange,
            deadline: .now() + TimeAmount(request.timeout)
        )
        let result: Result<TransportResponse, Failure> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                task.futureResult.whenComplete { result in
                    // Runs on the event loop, after the last call of the delegate.
                    continuation.resume(returning: result.mapError { Failure(error: $0, stage: exchange.stage) })
                }
            }
        } onCancel: {
            task.cancel()
        }
        switch result {
        case .success(let response): return response
        case .failure(let failure): throw transportError(failure, isCancelled: Task.isCancelled)
        }
    }

    /// Closes idle connections and ends those in use, without waiting for it.
    ///
    /// AsyncHTTPClient would wait for connections that are still being established, ten seconds long if nobody answers.
    /// Nobody should have to sit through that to leave.
    public func shutdown() async {
        for pool in pools { pool.client.shutdown { _ in } }
    }

    /// The first pool that has room, so that a trickle of requests shares one warm connection; the emptiest if none has.
    private func freePool() -> LoopPool {
        var emptiest = pools[0]
        var least = Int.max
        for pool in pools {
            let count = pool.inFlight.load(ordering: .relaxed)
            if count < Self.requestsPerLoop { return pool }
            if count < least { (emptiest, least) = (pool, count) }
        }
        return emptiest
    }

    private func wireRequest(_ request: TransportRequest, _ exchange: Exchange) throws(TransportError)
        -> HTTPClient.Request
    {
        do {
            var wireRequest = try address.request(request.method, request.url)
            wireRequest.headers.reserveCapacity(request.headers.count + 2)
            for header in request.headers { wireRequest.headers.add(name: header.name, value: header.value) }
            if !request.body.isEmpty { wireRequest.body = exchange.body(request.body) }
            return wireRequest
        } catch {
            throw TransportError(.unusable, progress: .notSent, detail: "\(error)")
        }
    }

    private static func proxy(_ proxy: EskizConfiguration.Proxy) -> HTTPClient.Configuration.Proxy {
        switch proxy.kind {
        case .socks5: return .socksServer(host: proxy.host, port: proxy.port)
        case .http:
            let authorization = proxy.credentials.map { credentials in
                HTTPClient.Authorization.basic(
                    credentials: Data(credentials.reveal().utf8).base64EncodedString()
                )
            }
            return .server(host: proxy.host, port: proxy.port, authorization: authorization)
        }
    }
}

// MARK: - One loop

/// One event loop and the connections on it.
private final class LoopPool: Sendable {
    let client: HTTPClient
    let eventLoop: any EventLoop
    let inFlight = Atomic<Int>(0)

    init(eventLoop: any EventLoop, configuration: HTTPClient.Configuration) {
        self.eventLoop = eventLoop
        client = HTTPClient(eventLoopGroup: eventLoop, configuration: configuration)
    }
}

// MARK: - One request

/// Collects one answer, and knows how far the request got.
///
/// Confined to the event loop: AsyncHTTPClient calls a delegate, asks for a body and completes its future there.
private final class Exchange: HTTPClientResponseDelegate {
    typealias Response = TransportResponse

    private struct State {
        var stage = Stage.notSent
        var status = 0
        var headers: [TransportHeader] = []
        var body: [UInt8] = []
    }

    private let state: NIOLoopBoundBox<State>
    private let answerLimit: Int

    init(on eventLoop: any EventLoop, answerLimit: Int) {
        state = .makeBoxSendingValue(State(), eventLoop: eventLoop)
        self.answerLimit = answerLimit
    }

    /// How far the request got.
    ///
    /// On the event loop only.
    var stage: Stage { state.value.stage }

    /// The body of the request.
    ///
    /// AsyncHTTPClient asks for it once it has written the head, and writes it at once.
    func body(_ bytes: [UInt8]) -> HTTPClient.Body {
        .stream(contentLength: Int64(bytes.count)) { writer in
            // From here on the last byte may be on its way, whatever the next error says.
            self.state.value.stage = .sent
            return writer.write(.byteBuffer(ByteBuffer(bytes: bytes)))
        }
    }

    func didSendRequestHead(task: HTTPClient.Task<TransportResponse>, _ head: HTTPRequestHead) {
        // The head of a request with a body is not the whole of it. Without one, head and end are written together,
        // just before this is called, on this same thread.
        let hasBody = head.headers.contains(name: "content-length") && head.headers.first(name: "content-length") != "0"
        if !hasBody { state.value.stage = .sent }
    }

    func didReceiveHead(task: HTTPClient.Task<TransportResponse>, _ head: HTTPResponseHead) -> EventLoopFuture<Void> {
        if let length = head.headers.first(name: "content-length").flatMap({ Int($0) }) {
            guard length <= answerLimit else { return task.eventLoop.makeFailedFuture(AnswerTooLarge()) }
            state.value.body.reserveCapacity(length)
        }
        state.value.status = Int(head.status.code)
        state.value.headers = head.headers.map { TransportHeader($0.name, $0.value) }
        return task.eventLoop.makeSucceededVoidFuture()
    }

    func didReceiveBodyPart(task: HTTPClient.Task<TransportResponse>, _ buffer: ByteBuffer) -> EventLoopFuture<Void> {
        guard state.value.body.count + buffer.readableBytes <= answerLimit else {
            return task.eventLoop.makeFailedFuture(AnswerTooLarge())
        }
        state.value.body.append(contentsOf: buffer.readableBytesView)
        return task.eventLoop.makeSucceededVoidFuture()
    }

    func didFinishRequest(task: HTTPClient.Task<TransportResponse>) throws -> TransportResponse {
        TransportResponse(status: state.value.status, headers: state.value.headers, body: state.value.body)
    }
}

/// How far a request got.
private enum Stage {
    case notSent, sent
}

private struct AnswerTooLarge: Error {}

private struct Failure: Error {
    let error: any Error
    let stage: Stage
}

// MARK: - Errors

extension AsyncHTTPClientTransport {
    private func transportError(_ failure: Failure, isCancelled: Bool) -> TransportError {
        let reason = reason(failure.error, stage: failure.stage, isCancelled: isCancelled)
        return TransportError(
            reason,
            progress: failure.stage == .sent ? .sent : .notSent,
            detail: Self.detail(failure.error)
        )
    }

    private func reason(_ error: any Error, stage: Stage, isCancelled: Bool) -> TransportError.Reason {
        switch error {
        case let error as HTTPClientError:
            return reason(error, stage: stage, isCancelled: isCancelled)
        case let error as NIOConnectionError:
            if hasProxy { return .proxy }
            if error.connectionErrors.isEmpty { return .nameResolution }
            let hasTimedOut = error.connectionErrors.allSatisfy { failure in
                if case ChannelError.connectTimeout = failure.error { true } else { false }
            }
            return hasTimedOut ? .connectTimedOut : .connectionFailed
        case is AnswerTooLarge:
            return .answerTooLarge
        case is NIOSSLError, is BoringSSLError, is NIOSSLExtraError:
            // Once the request is out, TLS has long been established, and what breaks is the connection.
            return stage == .notSent ? .tls : .connectionClosed
        case ChannelError.connectTimeout:
            return hasProxy ? .proxy : .connectTimedOut
        case is IOError where stage == .notSent:
            return hasProxy ? .proxy : .connectionFailed
        default:
            return .connectionClosed
        }
    }

    private func reason(_ error: HTTPClientError, stage: Stage, isCancelled: Bool) -> TransportError.Reason {
        switch error {
        case .deadlineExceeded, .getConnectionFromPoolTimeout:
            // The time was over before there was a connection to write to.
            return stage == .notSent ? .connectTimedOut : .timedOut
        case .readTimeout, .writeTimeout:
            return .timedOut
        case .connectTimeout, .tlsHandshakeTimeout:
            return hasProxy ? .proxy : .connectTimedOut
        case .proxyAuthenticationRequired, .invalidProxyResponse, .httpProxyHandshakeTimeout, .socksHandshakeTimeout:
            return .proxy
        case .cancelled, .requestStreamCancelled:
            // Without a cancelled task, the only one who cancels is a shutdown.
            return isCancelled ? .cancelled : .unusable
        case .alreadyShutdown, .invalidURL, .emptyHost, .emptyScheme:
            return .unusable
        default:
            return .connectionClosed
        }
    }

    /// The cause in the system's words where it has any, else the library's.
    ///
    /// Its errors hold addresses and codes, never headers or bodies.
    private static func detail(_ error: any Error) -> String {
        switch error {
        case let error as NIOConnectionError:
            let cause = error.connectionErrors.last?.error ?? error.dnsAError ?? error.dnsAAAAError
            if let cause { return detail(cause) }
        case let error as SocketAddressError.UnknownHost:
            return error.errorDescription
        case let error as IOError:
            return String(cString: strerror(error.errnoCode))
        case ChannelError.connectTimeout:
            return "no connection in time"
        case is NIOSSLError, is BoringSSLError, is NIOSSLExtraError:
            if let reason = reasonOfTLS(error) { return reason }
        default: break
        }
        return String(String(describing: error).prefix(300))
    }

    /// `CERTIFICATE_VERIFY_FAILED` out of BoringSSL's `error:1000007d:SSL routines:OPENSSL_internal:… at file:line`.
    private static func reasonOfTLS(_ error: any Error) -> String? {
        let text = String(describing: error)
        guard let mark = text.firstRange(of: "OPENSSL_internal:") else { return nil }
        let reason = text[mark.upperBound...].prefix { $0.isUppercase || $0.isNumber || $0 == "_" }
        return reason.isEmpty ? nil : String(reason)
    }
}

extension TimeAmount {
    /// A duration, held at the largest one that NIO knows: 292 years.
    fileprivate init(_ duration: Duration) {
        let (seconds, attoseconds) = duration.components
        let (nanoseconds, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        guard !overflow, nanoseconds < Int64.max - 1_000_000_000 else {
            // A deadline this far away must not overflow when it is added to now.
            self = .hours(24 * 365 * 100)
            return
        }
        self = .nanoseconds(nanoseconds + attoseconds / 1_000_000_000)
    }
}

/// The address that was asked for last, as AsyncHTTPClient wants it.
///
/// Taking an address apart costs more than building the rest of a request, and every message goes to the same one. A
/// client that asks for a different address each time loses one comparison.
final class ParsedAddress: Sendable {
    private struct Latest {
        let method: String
        let url: String
        /// Without headers and without body: nothing of one request is seen by the next.
        let request: HTTPClient.Request
    }

    private let latest = Mutex<Latest?>(nil)

    /// An empty request to an address.
    func request(_ method: String, _ url: String) throws -> HTTPClient.Request {
        let known = latest.withLock { latest in
            latest.flatMap { $0.url == url && $0.method == method ? $0.request : nil }
        }
        if let known { return known }
        let request = try HTTPClient.Request(url: url, method: HTTPMethod(rawValue: method))
        latest.withLock { $0 = Latest(method: method, url: url, request: request) }
        return request
    }
}

/// Hands everything that one turn of the event loop writes to the system at once.
///
/// AsyncHTTPClient flushes after the head of a request and again after its body. Each flush is a system call and, mostly,
/// a packet, and wakes the server for a part of a request that it can do nothing with. Both happen in one turn of the
/// loop, so they may as well leave together: one call, one packet, one reading at the other end.
///
/// Sits next to the socket, below TLS. What was not flushed yet when a connection is closed never leaves this machine;
/// that a request counts as sent from the moment its body was handed over is not touched by that.
package final class FlushGathering: ChannelOutboundHandler {
    package typealias OutboundIn = NIOAny
    package typealias OutboundOut = NIOAny

    private var isFlushDue = false

    package init() {}

    /// Adds one to a connection.
    package static func add(to channel: any Channel) -> EventLoopFuture<Void> {
        channel.eventLoop.submit {
            try channel.pipeline.syncOperations.addHandler(FlushGathering(), position: .first)
        }
    }

    package func flush(context: ChannelHandlerContext) {
        guard !isFlushDue else { return }
        isFlushDue = true
        // At the end of this turn of the loop: what is already queued there comes first.
        context.eventLoop.assumeIsolated().execute {
            self.isFlushDue = false
            context.flush()
        }
    }
}

extension HTTPClient.Configuration {
    /// Trusts these roots, here and wherever else this program opens TLS: webhooks, a gateway that is asked.
    package mutating func trust(_ roots: TrustRoots) {
        // The library's own configuration trusts the system.
        guard roots != .system else { return }
        let certificates = roots.certificates.flatMap { (try? NIOSSLCertificate.fromPEMBytes($0)) ?? [] }
        var tls = TLSConfiguration.makeClientConfiguration()
        if roots.trustsSystem {
            tls.additionalTrustRoots = [.certificates(certificates)]
        } else {
            tls.trustRoots = .certificates(certificates)
        }
        tlsConfiguration = tls
    }
}
