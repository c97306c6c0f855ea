import EskizHTTP
import EskizQueue
import HTTPTypes
import Hummingbird

/// Lets nobody pass without a key (contract §5).
struct APIKeyMiddleware: RouterMiddleware {
    typealias Context = GatewayContext

    let keys: APIKeys
    /// What is accepted in the place of a key, in the address; nil for nothing.
    var tickets: EventTickets?

    func handle(
        _ request: Request,
        context: GatewayContext,
        next: @concurrent (Request, GatewayContext) async throws -> Response
    ) async throws -> Response {
        let caller = try await caller(of: request)
        var context = context
        context.caller = caller
        context.note.callerID = caller.id
        return try await next(request, context)
    }

    private func caller(of request: Request) async throws -> APIKeyIdentity {
        if let field = request.headers[.authorization] {
            guard let key = Self.key(field), let caller = await keys.identity(of: key) else {
                throw Problem.unauthorized(tried: true)
            }
            return caller
        }
        guard let tickets, let ticket = QueryParameters(request.uri.query, known: ["ticket"])["ticket"] else {
            throw Problem.unauthorized(tried: false)
        }
        guard let id = tickets.keyID(of: ticket), let caller = await keys.identity(withID: id) else {
            throw Problem.unauthorized(tried: true)
        }
        return caller
    }

    private static func key(_ field: String) -> String? {
        // No key of ours is longer, and no digest of a megabyte need be made to know it.
        guard let token = BearerHeader.token(of: field), token.utf8.count <= 512 else { return nil }
        return String(token)
    }
}

extension Problem {
    /// No key, or one that is nobody's.
    static func unauthorized(tried: Bool) -> Problem {
        var headers = HTTPFields()
        headers[.wwwAuthenticate] = #"Bearer realm="eskiz""# + (tried ? #", error="invalid_token""# : "")
        return Problem(
            .unauthorized,
            tried
                ? "This API key is not accepted. `eskiz keys list` shows those that are."
                : "Send an API key: `Authorization: Bearer <key>`. `eskiz keys add NAME` makes one.",
            headers: headers
        )
    }

    /// A key without the scope.
    static func missing(_ scope: APIKeyRecord.Scope) -> Problem {
        var headers = HTTPFields()
        headers[.wwwAuthenticate] =
            #"Bearer realm="eskiz", error="insufficient_scope", scope="\#(scope.rawValue)""#
        return Problem(.forbidden, "This needs an API key with the scope `\(scope.rawValue)`.", headers: headers)
    }
}
