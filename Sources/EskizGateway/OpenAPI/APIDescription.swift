import EskizHTTP
import HTTPTypes
import Hummingbird

/// The OpenAPI 3.1 document, and what the router takes from it.
///
/// It is written out rather than derived from types: it is what users build on, and it changes when somebody means to
/// change it. Limits and patterns come from `MessageRules`, so that document and code cannot part.
enum APIDescription {
    /// Every path and its methods; a test holds this against the document and the router.
    static let operations: [(path: String, methods: [HTTPRequest.Method])] = [
        ("/v1/messages", [.get, .post]),
        ("/v1/messages/batch", [.post]),
        ("/v1/messages/{id}", [.get, .patch]),
        ("/v1/messages/{id}/cancel", [.post]),
        ("/v1/messages/{id}/resolve", [.post]),
        ("/v1/messages/{id}/replay", [.post]),
        ("/v1/verifications", [.post]),
        ("/v1/verifications/check", [.post]),
        ("/v1/verifications/{id}", [.get]),
        ("/v1/verifications/{id}/check", [.post]),
        ("/v1/verifications/{id}/resend", [.post]),
        ("/v1/verifications/{id}/cancel", [.post]),
        ("/v1/verifications/{id}/outcome", [.post]),
        ("/v1/suppressions", [.get, .post]),
        ("/v1/suppressions/remove", [.post]),
        ("/v1/segments", [.post]),
        ("/v1/token", [.get]),
        ("/v1/token/refresh", [.post]),
        ("/v1/account", [.get]),
        ("/v1/doctor", [.get]),
        ("/v1/events", [.get]),
        ("/v1/events/ticket", [.post]),
        ("/metrics", [.get]),
        ("/openapi.json", [.get]),
        ("/healthz", [.get]),
        ("/readyz", [.get]),
    ]

    /// The document of a gateway below this path.
    static func document(below base: BasePath) -> String {
        base.isRoot
            ? document
            : document.replacing(rootServer, with: "\"servers\":[{\"url\":\"\(base.text)\"}]", maxReplacements: 1)
    }

    private static let rootServer = #""servers":[{"url":"/"}]"#

    static let document = """
        {"openapi":"3.1.0",
        "info":{"title":"Eskiz gateway","version":"1.0.0",
        "description":"Sends SMS through Eskiz.uz: accepted is never lost, sent is never doubled.",
        "license":{"name":"Apache 2.0","identifier":"Apache-2.0"}},
        \(rootServer),
        "security":[{"key":[]}],
        "tags":[{"name":"messages"},{"name":"verifications"},{"name":"account"},{"name":"operation"}],
        "paths":{\(messagePaths),\(verificationPaths),\(suppressionPaths),\(operationPaths)},
        "components":{
        "securitySchemes":{"key":{"type":"http","scheme":"bearer",
        "description":"A key made by `eskiz keys add NAME`. Scopes: send, read, verify, admin."}},
        "parameters":{\(parameters),\(verificationParameters)},
        "headers":{\(headers),\(verificationHeaders)},
        "responses":{\(responses),\(verificationResponses)},
        "schemas":{\(messageSchemas),\(verificationSchemas),\(suppressionSchemas),\(otherSchemas)}}}
        """

    /// A text as a JSON string.
    static func quoted(_ text: String) -> String {
        var answer = JSONWriter()
        answer.string(text)
        return String(decoding: answer.bytes, as: UTF8.self)
    }
}

/// `GET /openapi.json`.
struct DescriptionRoute: Sendable {
    private let document: [UInt8]

    init(below base: BasePath) {
        document = Array(APIDescription.document(below: base).utf8)
    }

    func add(to reads: RouterGroup<GatewayContext>) {
        reads.get("/openapi.json") { _, context in
            _ = try context.identified()
            return Response.json(document)
        }
    }
}
