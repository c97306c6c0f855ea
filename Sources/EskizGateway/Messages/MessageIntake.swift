import Crypto
import Eskiz
import EskizQueue
import Synchronization

/// What every message has to pass on its way into the queue, however many come at once.
final class MessageIntake: Sendable {
    let queue: MessageQueue
    private let configuration: GatewayConfiguration
    private let disk: DiskGauge
    private let defaultSender: String
    private let webhookRefusal: @Sendable (String) -> String?
    private let flights = IdempotencyFlights()
    private let backlog = Mutex(CodeBacklog())

    init(
        queue: MessageQueue,
        configuration: GatewayConfiguration,
        disk: DiskGauge,
        defaultSender: String,
        webhookRefusal: @escaping @Sendable (String) -> String?
    ) {
        self.queue = queue
        self.configuration = configuration
        self.disk = disk
        self.defaultSender = defaultSender
        self.webhookRefusal = webhookRefusal
    }

    func read(_ json: RequestJSON, at now: Timestamp) -> Result<MessageRequest, Problem> {
        MessageRequest.read(json, at: now, webhookRefusal: webhookRefusal)
    }

    /// Keeps messages, all or none.
    ///
    /// - Returns: them as they were when they were accepted, also when that was long ago under the same key.
    func accept(
        _ requests: [MessageRequest],
        of caller: APIKeyIdentity,
        idempotency: IdempotencyKey?,
        at now: Timestamp
    ) async throws -> [Message] {
        try await flights.alone(with: idempotency) {
            try admit(requests)
            let messages = requests.map { request in
                request.newMessage(
                    apiKeyID: caller.id,
                    sender: defaultSender,
                    normalizesByDefault: configuration.normalizesByDefault,
                    at: now
                )
            }
            switch try await queue.accept(messages, idempotency: idempotency) {
            case .accepted(let accepted, superseded: _): return accepted
            case .repeated(let known):
                guard known.count == requests.count else { throw Problem.keyReused }
                return zip(known, requests).map { $0.asAccepted(sendAt: $1.sendAt) }
            case .keyReused: throw Problem.keyReused
            }
        }
    }

    private func admit(_ requests: [MessageRequest]) throws {
        if let lane = requests.map(\.lane).max(by: { $0.rank < $1.rank }) { try disk.admit(lane) }
        let lifetimes = requests.lazy
            .filter { $0.lane == .otp && $0.sendAt == nil }
            .map { $0.expiresIn ?? self.queue.configuration.otpLifetime }
        guard let lifetime = lifetimes.min() else { return }
        let waiting = queue.store.depth[.otp]
        let retryAfter = backlog.withLock { backlog in
            backlog.refusal(
                waiting: waiting,
                atOnce: queue.configuration.concurrency,
                projectedWait: queue.projectedWait(for: waiting),
                lifetime: lifetime,
                elapsed: queue.clock.now().elapsed
            )
        }
        guard let retryAfter else { return }
        throw Problem(
            .wouldExpire,
            "So many codes wait that this one would expire before its turn.",
            retryAfter: retryAfter
        )
    }
}

extension IdempotencyKey {
    /// The key of a request, with a digest of what it asks for.
    ///
    /// `kind` says which call it is: the same message alone and in a batch are two requests.
    init?(_ field: String?, of caller: APIKeyIdentity, kind: String, _ add: (inout SHA256) -> Void) throws(Problem) {
        guard let field else { return nil }
        guard MessageRules.isIdempotencyKey(field) else {
            let detail = "`Idempotency-Key` is 1 to 255 visible ASCII characters."
            throw .parameters([.init("Idempotency-Key", "invalid_idempotency_key", detail)])
        }
        var digest = SHA256()
        digest.update(kind)
        add(&digest)
        self.init(apiKeyID: caller.id, key: field, fingerprint: Array(digest.finalize()))
    }
}

extension Problem {
    static let keyReused = Problem(
        .idempotencyKeyReused,
        "This Idempotency-Key was used for another request. Make a new key for each message, and keep it for repeats."
    )
}
