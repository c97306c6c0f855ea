import Eskiz
import EskizHTTP
import EskizQueue
import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// Eskiz's own API under `/api`, for the clients that exist (contract §6): they change their base URL and nothing else.
///
/// Logging in is ours, sending goes through the queue, and everything else is passed on to Eskiz as it came. The
/// account's own token never leaves, and a 401 of Eskiz's never reaches a client: a client that is told «Expired» logs in
/// again, and that would help nobody.
struct EskizRoutes: Sendable {
    let client: EskizClient
    let queue: MessageQueue
    let keys: APIKeys
    let tokens: ClientTokens
    let configuration: GatewayConfiguration
    let addressPolicy: WebhookAddressPolicy
    let callbackSecret: CallbackSecret
    /// What Eskiz takes, as far as it is known.
    let prices: @Sendable () -> Prices?
    let drain: Latch
    let disk: DiskGauge
    let logger: Logger

    private static let methods: [HTTPTypes.HTTPRequest.Method] = [
        .get, .head, .post, .put, .patch, .delete, .options,
    ]
    private static let bodyLimit = 1 << 20

    /// - Parameters:
    ///   - client: speaks to Eskiz with the account's token.
    ///   - queue: what sends go through.
    ///   - keys: what clients log in with.
    ///   - configuration: patience, token lifetimes, where callbacks may go.
    ///   - callbackSecret: what no answer of Eskiz's may tell a client.
    ///   - prices: what Eskiz takes, as far as it is known.
    ///   - drain: begins when the gateway stops: then nobody is kept waiting for what has not been handed over.
    ///   - disk: refuses sends when it is too full.
    ///   - logger: for what fails on our side.
    init(
        client: EskizClient,
        queue: MessageQueue,
        keys: APIKeys,
        configuration: GatewayConfiguration,
        callbackSecret: CallbackSecret,
        prices: @escaping @Sendable () -> Prices? = { nil },
        drain: Latch,
        disk: DiskGauge,
        logger: Logger
    ) {
        self.client = client
        self.queue = queue
        self.keys = keys
        self.tokens = ClientTokens(
            store: queue.store,
            keys: keys,
            lifetime: configuration.clientTokenLifetime,
            clock: queue.clock
        )
        self.configuration = configuration
        self.addressPolicy = WebhookAddressPolicy(configuration)
        self.callbackSecret = callbackSecret
        self.prices = prices
        self.drain = drain
        self.disk = disk
        self.logger = logger
    }

    func add(to router: Router<GatewayContext>) {
        for method in Self.methods {
            for path in ["/api", "/api/**"] {
                router.on(RouterPath(path), method: method) { request, context in
                    try await respond(to: request, context)
                }
            }
        }
    }

    private func respond(to request: Request, _ context: GatewayContext) async throws -> Response {
        // `api//report` is `api/report`, as Eskiz's own collection writes it (eskiz-api.md §7).
        let segments = request.uri.path.split(separator: "/").dropFirst().map(String.init)
        var call = EskizCall(request, segments: segments, body: [], below: configuration.basePath)
        do throws(StoreError) {
            guard let body = try await body(of: request, for: call) else {
                return EskizAnswer.refusal("The body is too large. Send fewer messages at once.", status: 413).response
            }
            call.body = body
        } catch {
            return unavailable(error).response
        }
        do throws(StoreError) {
            return try await answer(call, context).response
        } catch {
            return unavailable(error).response
        }
    }

    /// The body as it comes; nil if it is too large.
    ///
    /// Only whoever may send has more than a mebibyte read, and only as much as the messages in it make likely.
    private func body(of request: Request, for call: EskizCall) async throws(StoreError) -> [UInt8]? {
        var mayBeLarge = false
        if call.route == "POST message/sms/send-batch", let bearer = call.bearer {
            mayBeLarge = try await tokens.identity(of: bearer) != nil
        }
        var allowance = BatchAllowance(client.configuration.textRules)
        var body: [UInt8] = []
        do {
            for try await part in request.body {
                body += part.readableBytesView
                let isEnough = mayBeLarge ? allowance.take(part.readableBytesView) : body.count <= Self.bodyLimit
                guard isEnough else { return nil }
            }
        } catch {
            // The client is gone in the middle of its body: nobody waits for an answer.
            return []
        }
        return body
    }

    private func answer(_ call: EskizCall, _ context: GatewayContext) async throws(StoreError) -> EskizAnswer {
        if call.route == "POST auth/login" { return try await logIn(call) }
        guard call.isKnownOrEskizs else { return .notFound }
        guard let bearer = call.bearer, let identity = try await tokens.identity(of: bearer) else { return .expired }
        context.note.callerID = identity.id
        switch call.route {
        case "PATCH auth/refresh":
            return .token(try await tokens.issue(to: identity))
        case "DELETE auth/invalidate":
            try await tokens.invalidate(bearer)
            return .tokenInvalidated
        case "POST message/sms/send":
            return await send(call, for: identity, until: await context.hangUp())
        case "POST message/sms/send-batch":
            return await sendBatch(call, for: identity, until: await context.hangUp())
        default:
            // On our own API, too, a key that only sends does not see what others sent.
            if call.readsEverybodysMessages, !identity.may(.read) {
                return .refusal(
                    "This API key may send, not read everybody's messages: that takes one with the scope read.",
                    status: 403
                )
            }
            return await forward(call)
        }
    }

    private func logIn(_ call: EskizCall) async throws(StoreError) -> EskizAnswer {
        let fields: FormFields
        do throws(EskizSendRequest.Refusal) {
            fields = try call.fields
        } catch {
            return .refusal(error.message, status: error.status)
        }
        guard fields["email"] != nil, let key = fields["password"], let identity = await keys.identity(of: key),
            identity.may(.send)
        else { return .badCredentials }
        return .token(try await tokens.issue(to: identity))
    }

    func unavailable(_ error: StoreError) -> EskizAnswer {
        logger.error("The store failed", metadata: ["error.type": "\(error.code)", "reason": "\(error.summary)"])
        return .refusal(
            "The gateway cannot keep messages now (\(error.code)). Nothing was sent.",
            status: 503,
            retryAfter: .seconds(5)
        )
    }
}

/// One request of an Eskiz client.
struct EskizCall: Sendable {
    var method: String
    /// Below `/api`, as they came: not decoded.
    var segments: [String]
    var query: String?
    var contentType: String?
    var accept: String?
    var bearer: String?
    var idempotencyKey: String?
    var body: [UInt8]
    var links: PageLinks?

    init(_ request: Request, segments: [String], body: [UInt8], below base: BasePath) {
        method = request.method.rawValue
        self.segments = segments
        query = request.uri.query
        contentType = request.headers[.contentType]
        accept = request.headers[.accept]
        bearer = request.headers[.authorization].flatMap(BearerHeader.token).map(String.init)
        idempotencyKey = request.headers[.idempotencyKey]
        self.body = body
        links = PageLinks(of: request.head, below: base)
    }

    /// Verb and path: `POST message/sms/send`.
    var route: String { "\(method) \(segments.joined(separator: "/"))" }

    /// A list of the account's messages, with phones and texts: whoever sent them.
    var readsEverybodysMessages: Bool {
        let path = segments.map { $0.lowercased() }
        return path == ["message", "export"]
            || path.starts(with: ["message", "sms"]) && path.count == 3 && path[2].hasPrefix("get-user-messages")
    }

    /// Of `auth` we answer everything ourselves, so what we do not know there, nobody does; that needs no token.
    var isKnownOrEskizs: Bool {
        guard let first = segments.first else { return false }
        guard first.lowercased() == "auth" else { return true }
        return ["POST auth/login", "PATCH auth/refresh", "DELETE auth/invalidate", "GET auth/user"].contains(route)
    }

    /// - Throws: what the client is told, as an answer of status 400.
    var fields: FormFields {
        get throws(EskizSendRequest.Refusal) {
            do throws(FormBody.Failure) {
                return try FormFields(body, contentType: contentType)
            } catch {
                throw EskizSendRequest.Refusal(message: error.sentence)
            }
        }
    }
}
