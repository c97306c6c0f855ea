import Eskiz
package import EskizQueue
package import Logging
import ServiceLifecycle
import Synchronization

/// Tells applications what became of their messages, until they have heard it or a day has passed.
///
/// Nothing waits for it: deliveries are rows of the store, and neither the queue nor another receiver notices one that is
/// slow or dead. Told at least once: a receiver knows a repetition by `webhook-id`.
package struct WebhookDeliverer: Service {
    private static let timeout: Duration = .seconds(10)
    /// Longer than an attempt and some waiting before it.
    private static let lease: Duration = .seconds(30)
    private static let claimLimit = 256
    private static let lookAgain: Duration = .seconds(1)
    /// However often the bell rings, the store is not asked more often than this.
    private static let claimPause: Duration = .milliseconds(20)
    /// Between two looks into the store while a receiver's backlog overflows its lane.
    ///
    /// What does not fit goes to the back
    /// of the store's queue, so everybody's turn comes; turning a large backlog over must not cost more than this.
    private static let overflowBreath: Duration = .milliseconds(100)
    private static let addressLimit = 3

    private let queue: MessageQueue
    private let signer: WebhookSigner
    private let policy: WebhookAddressPolicy
    private let transport: any WebhookTransport
    private let resolver: any HostResolver
    private let random: @Sendable () -> UInt64
    private let schedule = WebhookSchedule()
    private let logger: Logger

    /// - Parameters:
    ///   - queue: where deliveries come from.
    ///   - secrets: to sign with; the first is the current one.
    ///   - policy: where applications may be.
    ///   - transport: the network.
    ///   - resolver: who knows where a host is.
    ///   - random: spreads retries.
    ///   - logger: for what is given up; never an address's path or a body.
    package init(
        queue: MessageQueue,
        secrets: [WebhookSecret],
        policy: WebhookAddressPolicy,
        transport: any WebhookTransport = PinnedWebhookTransport(),
        resolver: any HostResolver = SystemHostResolver(),
        random: @escaping @Sendable () -> UInt64 = { .random(in: 0 ... .max) },
        logger: Logger
    ) {
        self.queue = queue
        self.signer = WebhookSigner(secrets: secrets)
        self.policy = policy
        self.transport = transport
        self.resolver = resolver
        self.random = random
        self.logger = logger
    }

    /// For how long a webhook is tried.
    package static let patience = WebhookSchedule().patience

    // MARK: Running

    /// Delivers until the task is cancelled or a graceful stop begins; then what is under way is finished.
    package func run() async throws {
        let work = Work()
        let bell = queue.webhooks
        await withGracefulShutdownHandler {
            await withDiscardingTaskGroup { group in
                var nextClaim = queue.clock.now().elapsed
                while !Task.isCancelled, !work.isStopping.withLock({ $0 }) {
                    let now = queue.clock.now().elapsed
                    // A ring that comes before the next claim counts for it.
                    var wake = nextClaim
                    if now >= nextClaim {
                        let claimed = await claim(into: work)
                        nextClaim = now.addingClamped(claimed.claimPause.nanoseconds)
                        wake = claimed.isLast ? now.addingClamped(Self.lookAgain.nanoseconds) : nextClaim
                    }
                    for start in work.lanes.withLock({ $0.begin(at: now) }) {
                        group.addTask {
                            let didFail = await deliver(start.delivery)
                            work.lanes.withLock { $0.end(start, didFail: didFail) }
                            bell.ring()
                        }
                    }
                    if wake > now { await bell.wait(untilElapsed: wake, by: queue.clock) }
                }
            }
        } onGracefulShutdown: {
            work.isStopping.withLock { $0 = true }
            bell.ring()
        }
        await transport.shutdown()
    }

    /// What one run holds.
    private final class Work: Sendable {
        let lanes = Mutex(WebhookLanes())
        let isStopping = Mutex(false)
    }

    /// Fills the lanes from the store.
    ///
    /// - Returns: whether nothing more is due, and how long the store is left in peace.
    private func claim(into work: Work) async -> (isLast: Bool, claimPause: Duration) {
        let limit = min(work.lanes.withLock { $0.room }, Self.claimLimit)
        guard limit > 0 else { return (false, Self.overflowBreath) }
        let leaseUntil = queue.clock.now().elapsed.addingClamped(Self.lease.nanoseconds)
        do {
            let due = try await queue.store.dueWebhooks(at: queue.clock.timestamp, lease: Self.lease, limit: limit)
            let admitted = work.lanes.withLock { lanes in
                due.filter { lanes.admit($0, to: receiver(of: $0), leaseUntil: leaseUntil) }.count
            }
            if admitted < due.count { return (false, Self.overflowBreath) }
            return due.count == limit ? (false, .zero) : (true, Self.claimPause)
        } catch {
            logger.error("Webhooks cannot be read", metadata: ["error.type": "\(error.code)"])
            return (true, Self.claimPause)
        }
    }

    /// Who shares a lane: several applications may listen on one host.
    ///
    /// Deliveries whose address cannot be read fail at once, and share one too.
    func receiver(of delivery: WebhookDelivery) -> String {
        (try? policy.accept(delivery.url))?.origin ?? ""
    }

    // MARK: One delivery

    /// Tells an application once, and notes what came of it.
    ///
    /// - Returns: whether the receiver failed to answer.
    @discardableResult
    func deliver(_ delivery: WebhookDelivery) async -> Bool {
        do throws(StoreError) {
            let outcome = try await attempt(delivery)
            // A failure that is ours, because we are being stopped: its lease runs out, and it is offered again.
            if case .failed = outcome, Task.isCancelled { return false }
            let now = queue.clock.timestamp
            let result = schedule.result(of: outcome, attempt: delivery.attempts + 1, at: now, random: random())
            log(result, delivery)
            try await queue.store.finishWebhook(delivery.id, result, at: now)
            // A receiver that answers costs nobody a place for long, whatever it answers.
            if case .failed = outcome { return true }
            return false
        } catch {
            // Its lease runs out, and it is offered again.
            logger.error(
                "A webhook's outcome cannot be kept",
                metadata: ["webhook": "\(delivery.id)", "error.type": "\(error.code)"]
            )
            return false
        }
    }

    private func attempt(_ delivery: WebhookDelivery) async throws(StoreError) -> WebhookOutcome {
        let address: WebhookAddress
        do throws(WebhookAddressRefusal) {
            address = try policy.accept(delivery.url)
        } catch {
            return .pointless(reason: "The address cannot be used: \(error.reason).")
        }
        guard let message = try await queue.store.message(delivery.messageID) else {
            return .pointless(reason: "The message has been forgotten.")
        }
        let content =
            switch delivery.format {
            case .standard:
                WebhookContent.standard(
                    delivery,
                    of: message,
                    signer: signer,
                    at: queue.clock.timestamp
                )
            case .eskiz: WebhookContent.eskiz(delivery, of: message)
            }
        return await post(content, to: address)
    }

    /// From looking up the name to the last byte within the time-out.
    private func post(_ content: WebhookContent, to address: WebhookAddress) async -> WebhookOutcome {
        let end = queue.clock.now().elapsed.addingClamped(Self.timeout.nanoseconds)
        return await withTaskGroup(of: WebhookOutcome.self) { group in
            group.addTask {
                do throws(WebhookFailure) {
                    return try await postToChecked(content, to: address)
                } catch {
                    return .failed(reason: error.reason)
                }
            }
            group.addTask { [clock = queue.clock] in
                try? await clock.sleep(untilElapsed: end)
                return .failed(reason: "The receiver did not answer in time.")
            }
            let first = await group.next()
            group.cancelAll()
            return first ?? .failed(reason: "The attempt was broken off.")
        }
    }

    /// Posts to an address that the policy allows, and to no other; the next one where the first cannot be reached.
    private func postToChecked(
        _ content: WebhookContent,
        to address: WebhookAddress
    ) async throws(WebhookFailure) -> WebhookOutcome {
        var failure = WebhookFailure("The host name leads nowhere.")
        for target in try await targets(of: address) {
            do throws(WebhookFailure) {
                let request = WebhookRequest(
                    address: address,
                    target: target.description,
                    headers: content.headers,
                    body: content.body
                )
                let answer = try await transport.post(request)
                let retryAfter = WireTime.retryAfter(answer, now: queue.clock.timestamp.date)
                return .answered(status: answer.status, retryAfter: retryAfter)
            } catch {
                guard error.mayTryNextAddress, !Task.isCancelled else { throw error }
                failure = error
            }
        }
        throw failure
    }

    private func targets(of address: WebhookAddress) async throws(WebhookFailure) -> [IPAddress] {
        if let literal = IPAddress(address.host) { return [literal] }
        let found = try await resolver.addresses(of: address.host).compactMap { IPAddress($0) }
        var refusal: WebhookAddressRefusal?
        let allowed = found.filter { candidate in
            guard let reason = policy.refusal(of: candidate) else { return true }
            refusal = reason
            return false
        }
        if allowed.isEmpty, let refusal { throw WebhookFailure("The address cannot be used: \(refusal.reason).") }
        return Array(allowed.prefix(Self.addressLimit))
    }

    private func log(_ result: WebhookResult, _ delivery: WebhookDelivery) {
        let metadata: Logger.Metadata = [
            "webhook": "\(delivery.id)", "message.id": "\(delivery.messageID)", "attempt": "\(delivery.attempts + 1)",
        ]
        switch result {
        case .delivered:
            logger.debug("Webhook delivered", metadata: metadata)
        case .retry(_, let reason):
            logger.info(
                "Webhook not delivered, will be tried again",
                metadata: metadata.merging(["reason": "\(reason)"]) { $1 }
            )
        case .dead(let reason):
            logger.warning("Webhook given up", metadata: metadata.merging(["reason": "\(reason)"]) { $1 })
        }
    }
}
