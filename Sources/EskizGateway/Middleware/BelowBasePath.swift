import EskizHTTP
import HTTPTypes
package import Hummingbird

/// Serves what lies below `ESKIZ_BASE_PATH`: requests come in with that path or without it, and leave with it.
///
/// Routes know nothing of it. It stands around the router, because a router has chosen before its middleware runs.
package struct BelowBasePath: HTTPResponder {
    package typealias Context = GatewayContext

    let base: BasePath
    let inner: RouterResponder<GatewayContext>

    package func respond(to request: Request, context: GatewayContext) async throws -> Response {
        guard !base.isRoot else { return try await inner.respond(to: request, context: context) }
        var answer = try await inner.respond(to: stripped(request), context: context)
        if let location = answer.headers[.location] { answer.headers[.location] = base.outside(location) }
        return answer
    }

    private func stripped(_ request: Request) -> Request {
        guard let path = request.head.path else { return request }
        let rest = base.stripped(path)
        guard rest != path else { return request }
        var head = request.head
        head.path = rest
        return Request(head: head, body: request.body)
    }
}
