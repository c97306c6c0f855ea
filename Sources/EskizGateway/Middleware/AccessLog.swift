import Eskiz
import HTTPTypes
import Hummingbird
import Logging

/// One line for each request, and an id that joins the line with the answer.
///
/// The route is the pattern and never the path: no ids, no phones, no secret of a callback address.
struct AccessLog: RouterMiddleware {
    typealias Context = GatewayContext

    let clock: any KeeperClock

    func handle(
        _ request: Request,
        context: GatewayContext,
        next: @concurrent (Request, GatewayContext) async throws -> Response
    ) async throws -> Response {
        let start = clock.now().elapsed
        var context = context
        if let given = request.headers[.requestID].flatMap(Self.usable) {
            context.id = given
            context.logger[metadataKey: GatewayLogKeys.requestID] = "\(given)"
        }
        let id = context.id
        var response = try await next(request, context)
        response.headers[.requestID] = id
        let route = context.endpointPath ?? "none"
        let isProbe = Self.isProbe(route, request) && response.status.code < 400
        context.logger.log(
            level: isProbe ? .debug : .info,
            "Request answered",
            metadata: [
                GatewayLogKeys.method: "\(Self.known(request.method))",
                GatewayLogKeys.route: "\(route == "NotFound" ? "none" : route)",
                GatewayLogKeys.status: "\(response.status.code)",
                GatewayLogKeys.milliseconds: "\((clock.now().elapsed - start) / 1_000_000)",
                GatewayLogKeys.keyID: "\(context.note.callerID ?? "none")",
            ]
        )
        return response
    }

    /// What monitors and open pages ask every few seconds is not news while it is well.
    ///
    /// The script of a page that keeps itself up to date accepts HTML and nothing else; a person's browser accepts more.
    private static func isProbe(_ route: String, _ request: Request) -> Bool {
        probes.contains(route) || (request.method == .get && request.headers[.accept] == "text/html")
    }

    private static let probes: Set<String> = ["/healthz", "/readyz", "/metrics", "/assets/{name}"]

    private static let methods: Set<HTTPRequest.Method> = [
        .get, .head, .post, .put, .patch, .delete, .options, .trace,
    ]

    private static func known(_ method: HTTPRequest.Method) -> String {
        methods.contains(method) ? method.rawValue : "other"
    }

    /// A caller's own id joins its log with ours, if it is one that a log can hold.
    private static func usable(_ id: String) -> String? {
        let isPlain = id.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) || byte == 0x2D || byte == 0x2E
                || byte == 0x5F
        }
        return isPlain && (1...64).contains(id.utf8.count) ? id : nil
    }
}

/// Keys of the gateway's log metadata, each written once.
enum GatewayLogKeys {
    static let method = "http.request.method"
    /// The pattern, for example `/v1/messages/{id}`.
    static let route = "http.route"
    static let status = "http.response.status_code"
    static let milliseconds = "duration_ms"
    /// Who asked: the short public id of the key.
    static let keyID = "key.id"
    static let requestID = "request.id"
    static let errorType = "error.type"
}

extension HTTPField.Name {
    // A name is nil only if it is not a token (RFC 9110 §5.6.2); these five are letters and hyphens.
    static let requestID = HTTPField.Name("X-Request-Id")!  // a token, see above
    static let idempotencyKey = HTTPField.Name("Idempotency-Key")!  // a token, see above
    static let lastEventID = HTTPField.Name("Last-Event-ID")!  // a token, see above
    static let prefer = HTTPField.Name("Prefer")!  // a token, see above
    static let preferenceApplied = HTTPField.Name("Preference-Applied")!  // a token, see above
}
