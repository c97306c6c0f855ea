import HTTPTypes
import Hummingbird
import Logging
import NIOHTTP1

/// Turns whatever a route throws into an answer, and tells a wrong method from a wrong path.
struct ProblemAnswers: RouterMiddleware {
    typealias Context = GatewayContext

    let methods: AllowedMethods

    func handle(
        _ request: Request,
        context: GatewayContext,
        next: @concurrent (Request, GatewayContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as HTTPParserError {
            // The server itself answers and closes the connection.
            throw error
        } catch {
            return problem(of: error, request: request, context: context).response
        }
    }

    private func problem(of error: any Error, request: Request, context: GatewayContext) -> Problem {
        if (error as? HTTPError)?.status == .notFound, let allowed = methods.allowed(at: request.uri.path) {
            var headers = HTTPFields()
            headers[.allow] = allowed
            return Problem(.methodNotAllowed, "This path takes \(allowed).", headers: headers)
        }
        if let problem = Problem(error) { return problem }
        context.logger.error("A request failed", metadata: [GatewayLogKeys.errorType: "\(type(of: error))"])
        return Problem(.internalError, "This is a fault of the gateway. Its log says more about request \(context.id).")
    }
}

/// Which methods a path takes.
struct AllowedMethods: Sendable {
    private let paths: [(components: [Substring], allow: String)]

    /// - Parameter operations: path patterns such as `/v1/messages/{id}`, with their methods.
    init(_ operations: [(path: String, methods: [HTTPRequest.Method])]) {
        paths = operations.map { path, methods in
            // The router answers HEAD wherever there is a GET.
            let all = methods.contains(.get) ? methods + [.head] : methods
            return (path.split(separator: "/"), all.map(\.rawValue).sorted().joined(separator: ", "))
        }
    }

    /// The methods, as the header field `Allow` names them; nil if there is no such path.
    func allowed(at path: String) -> String? {
        let components = path.split(separator: "/")
        let matching = paths.filter { pattern in
            pattern.components.count == components.count
                && zip(pattern.components, components).allSatisfy { $0 == $1 || $0.first == "{" }
        }
        // `/v1/messages/batch` is itself before it is the message `batch`.
        return (matching.first { pattern in !pattern.components.contains { $0.first == "{" } } ?? matching.first)?.allow
    }
}
