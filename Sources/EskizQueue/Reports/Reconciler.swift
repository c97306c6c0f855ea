package import Eskiz
package import Logging
import ServiceLifecycle
import Synchronization

/// Finds out what became of messages whose send had no clear end, and settles each of them.
///
/// A callback with our number settles one by itself (`MessageQueue.record`); for the others Eskiz's list is asked, once
/// for all that are due.
package final class Reconciler: Service {
    private let queue: MessageQueue
    private let list: MessageList
    private let policy: UnknownPolicy
    private let logger: Logger
    private let health: StoreHealth
    private let random: Mutex<SplitMix64>

    /// How often to look whether any are due.
    private static let interval: Duration = .seconds(2)
    private static let limit = 1_000
    private static let failurePauses = Backoff(first: .seconds(5), cap: .seconds(300), floor: .seconds(1))

    package init(
        queue: MessageQueue,
        client: EskizClient,
        logger: Logger,
        random: @Sendable () -> UInt64 = { UInt64.random(in: 0 ... .max) }
    ) {
        self.queue = queue
        self.logger = logger
        list = MessageList(client: client, clock: queue.clock)
        policy = UnknownPolicy(
            settleTime: queue.configuration.settleTime,
            requestTimeout: client.configuration.timeout,
            resend: queue.configuration.resendUnknown
        )
        health = StoreHealth(logger: logger, metrics: queue.events.metrics)
        self.random = Mutex(SplitMix64(seed: random()))
    }

    package func run() async throws {
        await untilShutdown {
            var failures = 0
            while !Task.isCancelled {
                let isWorking = await self.look()
                failures = isWorking ? 0 : failures + 1
                await self.pause(failures)
            }
        }
    }

    private func pause(_ failures: Int) async {
        let pause =
            failures == 0
            ? Self.interval
            : random.withLock { Self.failurePauses.pause(afterFailures: failures, using: &$0) }
        try? await queue.clock.sleep(untilElapsed: queue.clock.now().elapsed.addingClamped(pause.nanoseconds))
    }

    /// Looks once for all that are due.
    ///
    /// - Returns: false if the store or Eskiz failed.
    package func look() async -> Bool {
        do {
            let due = try await queue.store.unsettled(at: queue.clock.timestamp, limit: Self.limit)
            health.worked()
            guard !due.isEmpty else { return true }
            return try await settle(due)
        } catch {
            health.failed(error)
            return false
        }
    }

    private func settle(_ due: [UnsettledMessage]) async throws(StoreError) -> Bool {
        let asked = queue.clock.timestamp
        let start = due.map(\.writingAt).min() ?? asked
        let rows: [MessageRecord]
        var missing = Set(due.map(\.message.id.text))
        do {
            rows = try await list.rows(from: start - UnknownMatch.slack, to: asked + .seconds(60)) { page in
                for row in page { row.userSMSID.map { _ = missing.remove($0) } }
                return missing.isEmpty
            }
        } catch {
            guard error.code != .cancelled else { return true }
            logger.warning(
                "Eskiz's list cannot be had, so unknown outcomes stay unknown for now",
                metadata: [
                    QueueLogKeys.count: "\(due.count)", QueueLogKeys.errorCode: "\(error.code)",
                ]
            )
            for unknown in due {
                guard let decision = policy.unlisted(unknown, at: asked) else { continue }
                try await carryOut(decision, unknown)
            }
            return false
        }
        let found = UnknownMatch.find(due, in: rows, excluding: try await othersIDs(due, rows))
        for unknown in due {
            if let row = found[unknown.message.id] {
                try await carryOut(.settle(submitted(row), .found), unknown)
            } else {
                try await carryOut(policy.absent(unknown, at: asked), unknown)
            }
        }
        return true
    }

    /// Eskiz's UUIDs of messages to the same phones, where there are rows that do not say whose they are: the same text may
    /// have been sent to the same phone twice.
    private func othersIDs(
        _ due: [UnsettledMessage],
        _ rows: [MessageRecord]
    ) async throws(StoreError) -> Set<String> {
        let phones = Set(rows.filter { $0.userSMSID?.isEmpty ?? true }.compactMap(\.phone))
        var ids: Set<String> = []
        for phone in Set(due.map(\.message.phone)).intersection(phones) {
            for message in try await queue.store.messages(MessageSearch(phone: phone, limit: 100)) {
                if let id = message.providerID { ids.insert(id) }
            }
        }
        return ids
    }

    private func submitted(_ row: MessageRecord) -> Resolution {
        let now = queue.clock.timestamp
        let report = DeliveryReport(row, source: .list, at: now)
        let schedule = PollSchedule(
            hasCallbacks: queue.configuration.callbackURL() != nil,
            configuration: queue.configuration
        )
        let next = row.status.isFinal ? nil : schedule.next(submittedAt: now, at: now)
        return .submitted(providerID: row.requestID, report, nextReport: next)
    }

    private func carryOut(_ decision: UnknownPolicy.Decision, _ unknown: UnsettledMessage) async throws(StoreError) {
        let id = unknown.message.id
        switch decision {
        case .lookAgain(let absences, let moment):
            try await queue.store.noteAbsence(id, count: absences, next: moment)
        case .settle(let resolution, let name):
            do {
                _ = try await queue.resolve(id, as: resolution)
            } catch {
                guard case .store(let failure) = error else { return }
                throw failure
            }
            queue.events.metrics?.settled(name)
            var metadata = QueueLogKeys.of(unknown.message)
            metadata[QueueLogKeys.resolution] = "\(name.rawValue)"
            metadata[QueueLogKeys.absences] = "\(unknown.absences)"
            if name == .forGood {
                logger.error("Nobody will ever know whether this message was sent", metadata: metadata)
            } else {
                logger.info("An unknown outcome was settled", metadata: metadata)
            }
        }
    }
}
