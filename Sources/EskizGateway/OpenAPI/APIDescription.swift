import HTTPTypes
import Hummingbird
import NIOCore

/// The OpenAPI 3.1 document, and what the router takes from it.
enum APIDescription {
    /// Every path and its methods; a test holds this against the document and the router.
    static let operations: [(path: String, methods: [HTTPRequest.Method])] = [
        ("/v1/messages", [.get, .post]),
        ("/v1/messages/batch", [.post]),
        ("/v1/messages/{id}", [.get]),
        ("/v1/messages/{id}/cancel", [.post]),
        ("/v1/messages/{id}/resolve", [.post]),
        ("/v1/messages/{id}/replay", [.post]),
        ("/v1/segments", [.post]),
        ("/v1/token", [.get]),
        ("/v1/token/refresh", [.post]),
        ("/v1/account", [.get]),
        ("/v1/events", [.get]),
        ("/metrics", [.get]),
        ("/openapi.json", [.get]),
        ("/healthz", [.get]),
        ("/readyz", [.get]),
    ]

    static let document = "{}"
}

/// `GET /openapi.json`.
struct DescriptionRoute: Sendable {
    func add(to reads: RouterGroup<GatewayContext>) {
        reads.get("/openapi.json") { _, context in
            _ = try context.identified()
            return Response.json(Array(APIDescription.document.utf8))
        }
    }
}
