import Crypto
import Eskiz
import EskizHTTP
import EskizQueue
import EskizText
import Synchronization

/// What every message has to pass on its way into the queue, however many come at once.
final class MessageIntake: Sendable {
    let queue: MessageQueue
    private let configuration: GatewayConfiguration
    let disk: DiskGauge
    private let defaultSender: String
    let limits: TextLimits
    private let webhookPolicy: WebhookAddressPolicy
    private let flights = IdempotencyFlights()
    private let backlog = Mutex(CodeBacklog())

    init(
        queue: MessageQueue,
        configuration: GatewayConfiguration,
        disk: DiskGauge,
        defaultSender: String,
        textRules: MessageTextRules,
        prices: @escaping @Sendable () -> Prices? = { nil }
    ) {
        self.queue = queue
        self.configuration = configuration
        self.disk = disk
        self.defaultSender = defaultSender
        limits = TextLimits(
            rules: textRules,
            normalizesByDefault: configuration.normalizesByDefault,
            prices: prices
        )
        webhookPolicy = WebhookAddressPolicy(configuration)
    }

    /// Why an address may not be posted to, as half a sentence; nil if it may.
    func webhookRefusal(_ url: String) -> String? {
        do throws(WebhookAddressRefusal) {
            try webhookPolicy.accept(url)
            return nil
        } catch {
            return error.reason
        }
    }

    func read(_ json: RequestJSON, at now: Timestamp) -> Result<MessageRequest, Problem> {
        MessageRequest.read(json, at: now, rules: limits, webhookRefusal: webhookRefusal)
    }

    /// Runs the answering of a request with a key, unless another one with the same key is being answered.
    ///
    /// - Throws: `Problem` 409, or what `body` throws.
    func alone<Answer>(with key: IdempotencyKey?, _ body: () async throws -> Answer) async throws -> Answer {
        try await flights.alone(with: key, body)
    }

    /// Messages that are kept.
    struct Kept {
        /// As they were when they were accepted.
        var messages: [Message]
        /// They were accepted before, under the same key.
        var isRepetition: Bool
    }

    /// Keeps messages, all or none, unless they were kept before under the same key.
    func accept(
        _ requests: [MessageRequest],
        of caller: APIKeyIdentity,
        idempotency: IdempotencyKey?,
        at now: Timestamp
    ) async throws -> Kept {
        do {
            try admit(requests)
            return try read(
                try await queue.accept(newMessages(requests, caller, now), idempotency: idempotency),
                requests
            )
        } catch {
            // What was accepted before is not refused now, however full queue and disk have become.
            guard let idempotency, let known = try? await queue.store.repetition(of: idempotency) else { throw error }
            return try read(known, requests)
        }
    }

    private func newMessages(_ requests: [MessageRequest], _ caller: APIKeyIdentity, _ now: Timestamp) -> [NewMessage] {
        requests.map { request in
            request.newMessage(
                apiKeyID: caller.id,
                sender: defaultSender,
                normalizesByDefault: configuration.normalizesByDefault,
                at: now
            )
        }
    }

    private func read(_ acceptance: Acceptance, _ requests: [MessageRequest]) throws -> Kept {
        switch acceptance {
        case .accepted(let accepted, superseded: _): return Kept(messages: accepted, isRepetition: false)
        case .repeated(let known):
            guard known.count == requests.count else { throw Problem.keyReused }
            let siblings = Set(known.map(\.id))
            return Kept(
                messages: zip(known, requests).map { $0.asAccepted(sendAt: $1.sendAt, beside: siblings) },
                isRepetition: true
            )
        case .keyReused: throw Problem.keyReused
        case .suppressed(let places): throw Problem.suppressed(places, of: requests.count)
        }
    }

    private func admit(_ requests: [MessageRequest]) throws {
        if let lane = requests.map(\.lane).max(by: { $0.rank < $1.rank }) { try disk.admit(lane) }
        let lifetimes = requests.lazy
            .filter { $0.lane == .otp && $0.sendAt == nil }
            .map { $0.expiresIn ?? self.queue.configuration.otpLifetime }
        if let lifetime = lifetimes.min() { try refuseIfTooLate(lifetime) }
    }

    /// What a one-time code has to pass that the gateway itself makes.
    ///
    /// - Throws: `Problem` 429 or 503.
    func admitCode(goodFor lifetime: Duration) throws {
        try disk.admit(.otp)
        try refuseIfTooLate(lifetime)
    }

    /// Refuses a code that would expire before its turn.
    private func refuseIfTooLate(_ lifetime: Duration) throws {
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
