import Eskiz
import EskizQueue
import HTTPTypes
import Hummingbird

/// Is it alive, can it accept: for supervisors and load balancers, without a key.
struct HealthRoutes: Sendable {
    let readiness: Readiness
    let queue: MessageQueue

    func add(to router: Router<GatewayContext>) {
        router.get("/healthz") { _, _ in Response.json(JSONWriter.object { $0.member("status", "ok") }) }
        router.get("/readyz") { _, _ in try await ready() }
    }

    private func ready() async throws -> Response {
        let failures = await readiness.failures()
        guard failures.isEmpty else {
            throw Problem(.notReady, failures[0].detail, errors: failures, retryAfter: .seconds(5))
        }
        let holds = queue.holds
        return .json(
            JSONWriter.object { answer in
                answer.member("status", "ready")
                answer.name("holds")
                answer.array(holds) { $0.hold($1) }
            }
        )
    }
}

extension JSONWriter {
    /// Something that keeps messages from being sent, though they are accepted.
    fileprivate mutating func hold(_ hold: SendingHold) {
        object { answer in
            answer.member("reason", hold.reason.rawValue)
            answer.name("lanes")
            answer.array(hold.lanes) { $0.string($1.rawValue) }
            answer.member("since", hold.since)
            answer.optional("until", hold.until)
        }
    }
}

/// What would keep the gateway from accepting messages now.
///
/// Looked at once a second at most, because anybody may ask.
actor Readiness {
    private let store: any MessageStore
    private let client: EskizClient
    private let clock: any KeeperClock
    private let drain: Latch
    private let disk: DiskGauge
    private var known: (failures: [Problem.FieldError], until: Int64)?

    private static let freshness: Duration = .seconds(1)

    init(queue: MessageQueue, client: EskizClient, drain: Latch, disk: DiskGauge) {
        store = queue.store
        clock = queue.clock
        self.client = client
        self.drain = drain
        self.disk = disk
    }

    /// Empty when it is ready.
    ///
    /// Anybody may read these, so they name no path and nothing of the account.
    func failures() async -> [Problem.FieldError] {
        if drain.isOpen { return [.init("gateway", "shutting_down", "The gateway is stopping.")] }
        let now = clock.now().elapsed
        if let known, now < known.until { return known.failures }
        var failures: [Problem.FieldError] = []
        do {
            try await store.checkWritable()
        } catch {
            failures.append(.init("store", error.code.rawValue, "Messages cannot be kept just now."))
        }
        if let space = disk.space, disk.watermark.refuses(.transactional, with: space) {
            failures.append(.init("disk", "disk_almost_full", "The disk is almost full."))
        }
        if let failure = await tokenFailure() { failures.append(failure) }
        known = (failures, now.addingClamped(Self.freshness.nanoseconds))
        return failures
    }

    /// A token that can be used, or the means to get one.
    private func tokenFailure() async -> Problem.FieldError? {
        let configuration = client.configuration
        if configuration.email != nil, configuration.password != nil { return nil }
        let state = TokenState(await client.storedTokenStatus())
        switch state {
        case .valid, .due: return nil
        case .absent where configuration.token != nil: return nil
        case .absent: return .init("token", "token_absent", "There is no token, and nothing to log in with.")
        // It may still be exchanged for a new one: Eskiz decides, and says so by a 401 that is remembered.
        case .expired: return nil
        case .rejected:
            return .init("token", "token_dead", "Eskiz refuses the token, and there is nothing to log in with.")
        }
    }
}
