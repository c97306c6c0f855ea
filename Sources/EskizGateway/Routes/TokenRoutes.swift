import Eskiz
import EskizQueue
import HTTPTypes
import Hummingbird

/// The account's token: what is held, and a new one on request; never the token itself.
struct TokenRoutes: Sendable {
    let client: EskizClient
    let queue: MessageQueue

    func add(reads: RouterGroup<GatewayContext>, writes: RouterGroup<GatewayContext>) {
        reads.get("/v1/token") { try await show($0, $1) }
        writes.post("/v1/token/refresh") { try await refresh($0, $1) }
    }

    private func show(_ request: Request, _ context: GatewayContext) async throws -> Response {
        _ = try context.require(.read)
        try QueryParameters(request.uri.query, known: []).check()
        return .json(JSONWriter.token(await client.storedTokenStatus(), hold: await client.renewalHold()))
    }

    private func refresh(_ request: Request, _ context: GatewayContext) async throws -> Response {
        _ = try context.require(.admin)
        try QueryParameters(request.uri.query, known: []).check()
        let fields = FieldReader(try await request.json(emptyIsObject: true), known: [])
        guard fields.errors.isEmpty else { throw Problem.validation(fields.errors) }
        let status = try await client.renewToken()
        queue.reconsider()
        return .json(JSONWriter.token(status, hold: nil))
    }
}

extension JSONWriter {
    static func token(_ status: TokenStatus?, hold: RenewalHold?) -> [UInt8] {
        var answer = JSONWriter()
        answer.token(status) { answer in
            guard let hold else { return }
            answer.member("renewal_held_until", RFC3339.text(Timestamp(milliseconds: hold.until / 1_000_000)))
            answer.member("renewal_held_by", hold.code)
        }
        return answer.bytes
    }

    mutating func token(_ status: TokenStatus?, _ more: (inout JSONWriter) -> Void = { _ in }) {
        object { answer in
            answer.member("state", TokenState(status).rawValue)
            more(&answer)
            guard let status else { return }
            answer.member("preview", status.preview)
            answer.member("fingerprint", status.fingerprint)
            answer.member("generation", status.generation)
            answer.nullable("issued_at", status.issuedAt.map { Timestamp($0) })
            answer.nullable("expires_at", status.expiresAt.map { Timestamp($0) })
            answer.nullableNumber("seconds_left", status.remaining.map { String($0.components.seconds) })
            answer.member("location", status.location)
            answer.member("store_degraded", status.isStoreDegraded)
        }
    }
}

/// A token in one word.
enum TokenState: String, CaseIterable, Sendable {
    case absent
    case valid
    /// Good, and to be renewed soon.
    case due
    case expired
    /// Eskiz has answered 401 to it.
    case rejected

    init(_ status: TokenStatus?) {
        guard let status else {
            self = .absent
            return
        }
        if status.isRejected {
            self = .rejected
        } else if let remaining = status.remaining, remaining <= .zero {
            self = .expired
        } else {
            self = status.isDue ? .due : .valid
        }
    }

    var isUsable: Bool { self == .valid || self == .due }
}
