import Eskiz
import EskizQueue
import EskizVerify
package import HTTPTypes
package import Hummingbird
import NIOCore

/// What the gateway's own API answers when it cannot do what was asked (RFC 9457).
///
/// This file is the only place where errors become answers: routes throw, and `ProblemAnswers` comes here.
package struct Problem: Error, Sendable, Equatable {
    /// A stable name for programs; its title and status never change.
    package struct Code: Sendable, Hashable {
        package let rawValue: String
        package let status: HTTPResponse.Status
        package let title: String

        package init(_ rawValue: String, _ status: HTTPResponse.Status, _ title: String) {
            self.rawValue = rawValue
            self.status = status
            self.title = title
        }
    }

    /// What is wrong with one field or parameter.
    package struct FieldError: Error, Sendable, Hashable {
        /// Where: `to`, `messages[3]`, `limit`, `Idempotency-Key`.
        package var field: String
        package var code: String
        /// A sentence without the value, which may be a phone, a text or a key.
        package var detail: String

        package init(_ field: String, _ code: String, _ detail: String) {
            self.field = field
            self.code = code
            self.detail = detail
        }
    }

    package var code: Code
    package var detail: String
    package var errors: [FieldError]
    /// When to ask again.
    package var retryAfter: Duration?
    /// Which limit refused to send a code.
    package var limit: String?
    /// Further header fields of the answer.
    package var headers: HTTPFields

    package init(
        _ code: Code,
        _ detail: String,
        errors: [FieldError] = [],
        retryAfter: Duration? = nil,
        headers: HTTPFields = [:]
    ) {
        self.code = code
        self.detail = detail
        self.errors = errors
        self.retryAfter = retryAfter
        self.headers = headers
    }
}

// MARK: What can go wrong

extension Problem.Code {
    package static let invalidJSON = Self("invalid_json", .badRequest, "The body is not JSON")
    package static let invalidParameter = Self("invalid_parameter", .badRequest, "A parameter cannot be used")
    package static let unauthorized = Self("unauthorized", .unauthorized, "An API key is needed")
    package static let forbidden = Self("insufficient_scope", .forbidden, "The API key may not do this")
    package static let notFound = Self("not_found", .notFound, "There is nothing here")
    package static let methodNotAllowed = Self(
        "method_not_allowed",
        .methodNotAllowed,
        "This method is not for this path"
    )
    package static let conflict = Self("state_conflict", .conflict, "The message is past this")
    package static let idempotencyInFlight =
        Self("idempotency_in_flight", .conflict, "The same request is being worked on")
    package static let bodyTooLarge = Self("body_too_large", .contentTooLarge, "The body is too large")
    package static let unsupportedMediaType =
        Self("unsupported_media_type", .unsupportedMediaType, "The body must be JSON")
    package static let validation = Self("validation_failed", .unprocessableContent, "The request cannot be used")
    package static let idempotencyKeyReused =
        Self("idempotency_key_reused", .unprocessableContent, "The idempotency key belongs to another request")
    package static let queueFull = Self("queue_full", .tooManyRequests, "Too much waits to be sent")
    package static let wouldExpire = Self("would_expire", .tooManyRequests, "The code would expire before its turn")
    package static let renewalLimited = Self("rate_limited", .tooManyRequests, "Too often")
    package static let diskAlmostFull = Self("disk_almost_full", .serviceUnavailable, "The disk is almost full")
    package static let notReady = Self("not_ready", .serviceUnavailable, "The gateway cannot accept messages")
    package static let stopping = Self("shutting_down", .serviceUnavailable, "The gateway is stopping")
    package static let internalError = Self("internal_error", .internalServerError, "The gateway has a fault")
}

extension Problem {
    /// The problem that an error is, or nil for one that nobody foresaw.
    package init?(_ error: any Error) {
        switch error {
        case let problem as Problem: self = problem
        case let error as QueueError: self.init(error)
        case let error as StoreError: self.init(error)
        case let error as EskizError: self.init(error)
        case let error as VerifyError: self.init(error)
        case is NIOTooManyBytesError: self = .bodyTooLarge
        case is CancellationError:
            self.init(.stopping, "The request was given up. Send it again.", retryAfter: .seconds(1))
        case let error as HTTPError where error.status == .notFound: self = .noSuchPath
        default: return nil
        }
    }

    private init(_ error: QueueError) {
        switch error {
        case .store(let error): self.init(error)
        case .tooMuchWaiting(let retryAfter):
            self.init(
                .queueFull,
                "More messages wait to be sent than is sensible. Ask again when half of them have gone.",
                retryAfter: retryAfter
            )
        }
    }

    private init(_ error: StoreError) {
        let code = Code(error.code.rawValue, .serviceUnavailable, "Messages cannot be kept just now")
        self.init(code, error.description, retryAfter: .seconds(error.code == .locked ? 1 : 10))
    }

    /// Eskiz did not do what we asked it to do for the caller.
    private init(_ error: EskizError) {
        let status: HTTPResponse.Status =
            switch error.code {
            case .rateLimited, .renewalFailed: .tooManyRequests
            case .timedOut: .gatewayTimeout
            case .shutDown, .cancelled: .serviceUnavailable
            default: .badGateway
            }
        let code = Code(error.code.rawValue, status, "Eskiz did not answer as it should")
        let isPassing = status == .tooManyRequests || status == .serviceUnavailable
        self.init(code, error.description, retryAfter: error.retryAfter ?? (isPassing ? .seconds(5) : nil))
    }

    package static let bodyTooLarge = Problem(
        .bodyTooLarge,
        "A body may have at most 1 MiB. Send fewer messages at once."
    )
    package static let noSuchPath = Problem(.notFound, "There is no such path. GET /openapi.json lists them all.")
    package static let noSuchMessage = Problem(.notFound, "There is no such message, or it is not yours to see.")

    /// One or more fields of the body are wrong.
    package static func validation(_ errors: [FieldError]) -> Problem {
        let detail = errors.count == 1 ? errors[0].detail : "\(errors.count) things are wrong with the request."
        return Problem(.validation, detail, errors: errors)
    }

    /// One or more parameters in the address or the header are wrong.
    package static func parameters(_ errors: [FieldError]) -> Problem {
        let detail = errors.count == 1 ? errors[0].detail : "\(errors.count) parameters cannot be used."
        return Problem(.invalidParameter, detail, errors: errors)
    }
}

// MARK: The answer

extension Problem {
    /// The answer to a request.
    package var response: Response {
        var headers = headers
        headers[.contentType] = "application/problem+json"
        headers[.cacheControl] = "no-store"
        if let retryAfter { headers[.retryAfter] = String(Self.wholeSeconds(retryAfter)) }
        let document = JSONWriter.object { write(to: &$0) }
        return Response(status: code.status, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: document)))
    }

    /// Its members, inside of an object.
    func write(to answer: inout JSONWriter) {
        answer.member("type", "urn:eskiz:problem:\(code.rawValue)")
        answer.member("title", code.title)
        answer.member("status", code.status.code)
        answer.member("detail", detail)
        answer.member("code", code.rawValue)
        answer.optional("limit", limit)
        guard !errors.isEmpty else { return }
        answer.name("errors")
        answer.array(errors) { answer, error in
            answer.object { answer in
                answer.member("field", error.field)
                answer.member("code", error.code)
                answer.member("detail", error.detail)
            }
        }
    }

    /// Never 0: that would invite to ask again at once.
    private static func wholeSeconds(_ duration: Duration) -> Int64 {
        let (seconds, attoseconds) = duration.components
        return max(seconds + (attoseconds > 0 ? 1 : 0), 1)
    }
}
