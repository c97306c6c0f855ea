public import Eskiz
import Synchronization

/// A stand-in for the network: every route answers as the test says, in order, and every request is kept.
///
/// For applications that test their own sending, without a network, an account or a wait:
///
/// ```swift
/// let transport = ScriptedTransport()
/// transport.on("POST", "message/sms/send", .sent(id: "5b1f0c6e"))
/// let eskiz = try EskizClient(configuration: .init(token: "a.b.c"), transport: transport)
///
/// try await signUp(phone: "+998901234567", using: eskiz)      // your code
///
/// #expect(transport.requests("message/sms/send").first?.form["mobile_phone"] == "998901234567")
/// ```
///
/// Answers of a route are used one after the other; the last one repeats. A request to a route without an answer fails
/// with a sentence that names it, and is kept in ``unexpected``, so a test can demand that there was none.
///
/// To look at what happens while an answer is under way, hold it with a ``Gate``.
public final class ScriptedTransport: HTTPTransport {
    /// What a route does with one request.
    public struct Step: Sendable {
        fileprivate enum Outcome: Sendable {
            case response(TransportResponse)
            case failure(TransportError)
            case computed(@Sendable (RecordedRequest) -> Result<TransportResponse, TransportError>)
        }

        fileprivate var outcome: Outcome
        fileprivate var gate: Gate?

        /// Answers.
        public static func respond(
            _ status: Int,
            _ body: String = "",
            headers: [TransportHeader] = [TransportHeader("Content-Type", "application/json")]
        ) -> Step {
            Step(outcome: .response(TransportResponse(status: status, headers: headers, body: Array(body.utf8))))
        }

        /// Answers as Eskiz does when it takes a message.
        public static func sent(id: String) -> Step {
            respond(200, #"{"id":"\#(id)","message":"Waiting for SMS provider","status":"waiting"}"#)
        }

        /// Answers as Eskiz does when it refuses a message.
        public static func refused(_ status: Int = 400, _ message: String) -> Step {
            let escaped = message.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
            return respond(
                status,
                #"{"id":"00000000-0000-4000-8000-000000000000","message":"\#(escaped)","status":"error"}"#
            )
        }

        /// Answers as Eskiz does to a token that has expired.
        public static var tokenExpired: Step {
            respond(401, #"{"id":"00000000-0000-4000-8000-000000000000","message":"Expired","status":"error"}"#)
        }

        /// Answers as Eskiz does to a login or a refresh.
        ///
        /// The token must look like one, or it is no token to the client either: three parts with dots between them, the
        /// middle one JSON in base64url. `a.e30.b` will do: `e30` is `{}`.
        public static func token(_ token: String) -> Step {
            respond(200, #"{"message":"token_generated","data":{"token":"\#(token)"},"token_type":"bearer"}"#)
        }

        /// Fails without a whole answer.
        public static func fail(_ reason: TransportError.Reason, progress: TransportError.Progress) -> Step {
            Step(outcome: .failure(TransportError(reason, progress: progress)))
        }

        /// Answers with what a closure makes of the request.
        public static func compute(
            _ body: @escaping @Sendable (RecordedRequest) -> Result<TransportResponse, TransportError>
        ) -> Step {
            Step(outcome: .computed(body))
        }

        /// This step, held until the gate is opened.
        public func held(by gate: Gate) -> Step {
            var step = self
            step.gate = gate
            return step
        }
    }

    private struct Route: Hashable {
        var method: String
        var path: String
    }

    private struct State {
        var steps: [Route: [Step]] = [:]
        var requests: [RecordedRequest] = []
        var unexpected: [RecordedRequest] = []
        var isShutDown = false
    }

    private let state = Mutex(State())

    /// A network on which nothing answers yet.
    public init() {}

    /// Says what a route answers, in order; the last answer repeats.
    ///
    /// Called again, it adds to what is left.
    ///
    /// - Parameters:
    ///   - method: the verb, for example `POST`.
    ///   - path: the end of the path, for example `message/sms/send`; the query does not count.
    ///   - steps: what happens to the first request, to the second, and so on.
    public func on(_ method: String, _ path: String, _ steps: Step...) {
        state.withLock { $0.steps[Route(method: method, path: path), default: []] += steps }
    }

    /// Every request so far, in order.
    public var requests: [RecordedRequest] {
        state.withLock { $0.requests }
    }

    /// Every request so far to one path, in order.
    public func requests(_ path: String) -> [RecordedRequest] {
        requests.filter { $0.path == path || $0.path.hasSuffix("/" + path) }
    }

    /// Requests that no route was made for.
    public var unexpected: [RecordedRequest] {
        state.withLock { $0.unexpected }
    }

    /// True once ``shutdown()`` was called.
    public var isShutDown: Bool {
        state.withLock { $0.isShutDown }
    }

    /// Takes a request and does what its route was told to do.
    public func execute(_ request: TransportRequest) async throws(TransportError) -> TransportResponse {
        let recorded = RecordedRequest(request)
        let step = try take(recorded)
        if let gate = step.gate { try await gate.pass() }
        if Task.isCancelled { throw TransportError(.cancelled, progress: .sent) }
        switch step.outcome {
        case .response(let response): return response
        case .failure(let error): throw error
        case .computed(let compute): return try compute(recorded).get()
        }
    }

    /// Answers nothing from here on.
    public func shutdown() async {
        state.withLock { $0.isShutDown = true }
    }

    private func take(_ request: RecordedRequest) throws(TransportError) -> Step {
        let step: Step? = try state.withLock { (state) throws(TransportError) in
            guard !state.isShutDown else {
                throw TransportError(.unusable, progress: .notSent, detail: "The scripted transport was shut down.")
            }
            state.requests.append(request)
            let route = state.steps.keys.first { route in
                route.method == request.method
                    && (request.path == route.path || request.path.hasSuffix("/" + route.path))
            }
            guard let route, var steps = state.steps[route], let first = steps.first else {
                state.unexpected.append(request)
                return nil
            }
            if steps.count > 1 {
                steps.removeFirst()
                state.steps[route] = steps
            }
            return first
        }
        guard let step else {
            throw TransportError(
                .unusable,
                progress: .notSent,
                detail: "Unexpected request: \(request.method) \(request.path). Say what it answers with on(_:_:_:)."
            )
        }
        return step
    }
}

/// A request as the scripted transport got it.
public struct RecordedRequest: Sendable {
    /// The request itself; its headers hold the token.
    public let request: TransportRequest
    /// The verb.
    public var method: String { request.method }
    /// The path without the query, for example `/api/message/sms/send`.
    public let path: String
    /// The query, decoded.
    public let query: [String: String]

    init(_ request: TransportRequest) {
        self.request = request
        let afterScheme = request.url.firstRange(of: "://").map { request.url[$0.upperBound...] } ?? request.url[...]
        let fromPath = afterScheme.firstIndex(of: "/").map { afterScheme[$0...] } ?? ""
        let parts = fromPath.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        path = String(parts.first ?? "")
        query = Self.decode(parts.count > 1 ? String(parts[1]) : "")
    }

    /// The body as text.
    public var text: String { String(decoding: request.body, as: UTF8.self) }

    /// The body as a form; empty if it is none.
    public var form: [String: String] { Self.decode(text) }

    /// The bearer token it was signed with.
    public var token: String? {
        header("authorization").flatMap { $0.hasPrefix("Bearer ") ? String($0.dropFirst(7)) : nil }
    }

    /// The first value of a header field, looked up without regard to case.
    public func header(_ name: String) -> String? {
        request.headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    private static func decode(_ text: String) -> [String: String] {
        var fields: [String: String] = [:]
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { continue }
            fields[unescape(parts[0])] = unescape(parts[1])
        }
        return fields
    }

    private static func unescape(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): bytes.append(0x20)
            case UInt8(ascii: "%"):
                let digits = String(decoding: rest.prefix(2), as: UTF8.self)
                if let value = UInt8(digits, radix: 16) {
                    bytes.append(value)
                    rest = rest.dropFirst(2)
                } else {
                    bytes.append(byte)
                }
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Holds answers until it is opened, so that a test can look at what happens meanwhile.
///
/// ```swift
/// let gate = Gate()
/// transport.on("POST", "message/sms/send", .sent(id: "1").held(by: gate))
/// async let sent = eskiz.send("Salom", to: "+998901234567")
/// await gate.arrival()                                  // the request is out
/// gate.open()
/// _ = try await sent
/// ```
public final class Gate: Sendable {
    private struct State {
        var isOpen = false
        var arrived = 0
        var awaited = 0
        var passing: [Int: CheckedContinuation<Void, Never>] = [:]
        var watching: [(id: Int, continuation: CheckedContinuation<Void, Never>)] = []
        var nextID = 0
    }

    private let state = Mutex(State())

    /// A closed gate.
    public init() {}

    /// Lets everyone through, now and from now on.
    public func open() {
        let waiting = state.withLock { state in
            state.isOpen = true
            defer { state.passing = [:] }
            return Array(state.passing.values)
        }
        for continuation in waiting { continuation.resume() }
    }

    /// How many requests have come to the gate.
    public var arrivals: Int {
        state.withLock { $0.arrived }
    }

    /// Returns when one more request has come to the gate than was waited for before.
    ///
    /// It returns as well when the task is cancelled: a test that waits in vain ends by its time limit.
    public func arrival() async {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isThere = state.withLock { state in
                    state.awaited += 1
                    if Task.isCancelled || state.arrived >= state.awaited { return true }
                    state.watching.append((id, continuation))
                    return false
                }
                if isThere { continuation.resume() }
            }
        } onCancel: {
            let leaving = state.withLock { state -> CheckedContinuation<Void, Never>? in
                guard let index = state.watching.firstIndex(where: { $0.id == id }) else { return nil }
                return state.watching.remove(at: index).continuation
            }
            leaving?.resume()
        }
    }

    /// Waits until the gate is open.
    ///
    /// A cancelled task does not wait.
    fileprivate func pass() async throws(TransportError) {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let (mayPass, watcher) = state.withLock { state -> (Bool, CheckedContinuation<Void, Never>?) in
                    state.arrived += 1
                    // Whoever has waited longest is told first.
                    let watcher = state.watching.isEmpty ? nil : state.watching.removeFirst().continuation
                    if state.isOpen || Task.isCancelled { return (true, watcher) }
                    state.passing[id] = continuation
                    return (false, watcher)
                }
                watcher?.resume()
                if mayPass { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.passing.removeValue(forKey: id) }?.resume()
        }
        if Task.isCancelled { throw TransportError(.cancelled, progress: .sent) }
    }
}
