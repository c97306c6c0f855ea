/// The door to the network: one request in, one whole answer out.
///
/// There are two conformers: `AsyncHTTPClientTransport`, and `ScriptedTransport` in `EskizTesting` for tests.
/// A transport follows no redirect, retries nothing, and reports how far a failed request got, because whether a
/// message may be sent again depends on exactly that.
public protocol HTTPTransport: Sendable {
    /// Sends the request and reads the whole answer within `request.timeout`.
    func execute(_ request: TransportRequest) async throws(TransportError) -> TransportResponse

    /// Closes idle connections and ends those in use. The transport is not used afterwards.
    func shutdown() async
}

/// A request as it goes on the wire.
public struct TransportRequest: Sendable {
    /// The verb, upper-case.
    public var method: String
    /// The absolute address.
    public var url: String
    /// Header fields in order.
    ///
    /// `Authorization` is among them, so a request is never printed as it is.
    public var headers: [TransportHeader]
    /// The body; empty for none.
    public var body: [UInt8]
    /// From connecting to the last byte of the answer.
    public var timeout: Duration

    /// A request.
    public init(
        method: String,
        url: String,
        headers: [TransportHeader] = [],
        body: [UInt8] = [],
        timeout: Duration = .seconds(30)
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeout = timeout
    }
}

extension TransportRequest: CustomStringConvertible, CustomReflectable {
    /// Verb and address without the query, never headers or body.
    public var description: String { "\(method) \(url.prefix { $0 != "?" })" }
    /// A mirror that shows no more than `description`.
    public var customMirror: Mirror { Mirror(self, children: ["request": description]) }
}

/// One header field.
public struct TransportHeader: Sendable, Hashable {
    /// The field's name; compared without regard to case.
    public var name: String
    /// The field's value.
    public var value: String

    /// A header field.
    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// An answer with its whole body.
public struct TransportResponse: Sendable {
    /// The status code.
    public var status: Int
    /// Header fields in order.
    public var headers: [TransportHeader]
    /// The whole body.
    public var body: [UInt8]

    /// An answer.
    public init(status: Int, headers: [TransportHeader] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The first value of a header field, looked up without regard to case.
    public func header(_ name: String) -> String? {
        let wanted = name.utf8
        return headers.first { header in
            header.name.utf8.count == wanted.count
                && zip(header.name.utf8, wanted).allSatisfy { $0.asciiLowercased == $1.asciiLowercased }
        }?.value
    }
}

extension TransportResponse: CustomStringConvertible, CustomReflectable {
    /// Status and size, never the body: a login's answer holds a token.
    public var description: String { "HTTP \(status), \(body.count) bytes" }
    /// A mirror that shows no more than `description`.
    public var customMirror: Mirror { Mirror(self, children: ["response": description]) }
}

extension UInt8 {
    fileprivate var asciiLowercased: UInt8 {
        (0x41...0x5A).contains(self) ? self | 0x20 : self
    }
}

/// A request that got no whole answer: why, and how far it got.
public struct TransportError: Error, Sendable, CustomStringConvertible {
    /// Why there is no answer.
    public enum Reason: String, Sendable, Hashable, CaseIterable {
        /// The host name could not be resolved.
        case nameResolution
        /// The connection was refused or no route led there.
        case connectionFailed
        /// The connection was not established in time.
        case connectTimedOut
        /// TLS failed.
        case tls
        /// The proxy refused to connect us.
        case proxy
        /// The answer did not come in time.
        case timedOut
        /// The connection was closed or reset before the answer was complete.
        case connectionClosed
        /// The answer is larger than we are willing to hold.
        case answerTooLarge
        /// The calling task was cancelled.
        case cancelled
        /// The address cannot be used, or the transport has been shut down.
        case unusable
    }

    /// How much of the request had left this machine.
    public enum Progress: String, Sendable, Hashable, CaseIterable {
        /// Nothing was written, or less than the whole request.
        case notSent
        /// All of it may have been written: the server may have acted on it.
        case sent
    }

    /// Why.
    public let reason: Reason
    /// How far.
    public let progress: Progress
    /// The library's words, for the log; never holds request or answer.
    public let detail: String

    /// A failure.
    public init(_ reason: Reason, progress: Progress, detail: String = "") {
        self.reason = reason
        self.progress = progress
        self.detail = detail
    }

    /// Reason, progress and detail.
    public var description: String {
        detail.isEmpty
            ? "\(reason.rawValue) (\(progress.rawValue))" : "\(reason.rawValue) (\(progress.rawValue)): \(detail)"
    }
}
