package import Eskiz
package import Logging
import ServiceLifecycle

/// Finds out what became of messages whose send had no clear end, and settles each of them.
///
/// A callback with our number settles one by itself (`MessageQueue.record`); for the others Eskiz's list is asked, once
/// for all that are due.
package final class Reconciler: Service {
    private let queue: MessageQueue
    private let list: MessageList
    private let providerClock: ProviderClockWatch
    private let policy: UnknownPolicy
    private let logger: Logger
    private let health: StoreHealth
    private let schedule: LookSchedule
    private let clocks: ClockComparison

    private static let limit = 1_000

    package init(
        queue: MessageQueue,
        client: EskizClient,
        logger: Logger,
        random: @Sendable () -> UInt64 = { UInt64.random(in: 0 ... .max) }
    ) {
        self.queue = queue
        self.logger = logger
        list = MessageList(client: client, clock: queue.clock)
        providerClock = client.providerClock
        policy = UnknownPolicy(
            settleTime: queue.configuration.settleTime,
            requestTimeout: client.configuration.timeout,
            resend: queue.configuration.resendUnknown,
            resendLimit: queue.configuration.resendUnknownLimit
        )
        health = StoreHealth(logger: logger, metrics: queue.events.metrics)
        schedule = LookSchedule(interval: .seconds(2), seed: random())
        clocks = ClockComparison(logger: logger)
    }

    package func run() async throws {
        await untilShutdown {
            await self.schedule.run(by: self.queue.clock) {
                let isWorking = await self.look()
                self.queue.provider.clock(self.clocks.compare(self.providerClock.reading))
                return isWorking
            }
        }
    }

    /// Looks once for all that are due.
    ///
    /// - Returns: false if the store or Eskiz failed.
    package func look() async -> Bool {
        // The moments of what is due go by this, also if the clock is set meanwhile.
        let line = queue.clock.line
        do {
            let due = try await queue.store.unsettled(at: queue.clock.timestamp(on: line), limit: Self.limit).filter {
                // We know what Eskiz said; it only could not be written down yet.
                !queue.unwritten.contains($0.message.id)
            }
            health.worked()
            guard !due.isEmpty, queue.areMoments(by: line) else { return true }
            return try await settle(due, line)
        } catch {
            health.failed(error)
            return false
        }
    }

    private func settle(_ due: [UnsettledMessage], _ line: ClockLine) async throws(StoreError) -> Bool {
        let asked = queue.clock.timestamp(on: line)
        let first = due.map(\.writingAt).min() ?? asked
        let window = ListWindow(from: first, to: asked, by: providerClock.clock, ahead: queue.machineLead)
        let rows: [EskizClient.MessageRecord]
        var missing = Dictionary(due.map { ($0.message.id, $0.message) }) { first, _ in first }
        do {
            rows = try await list.rows(from: window.start, to: window.end) { page in
                for row in page {
                    let reported = ReportedMessage(row)
                    guard let number = reported.number, let message = missing[number] else { continue }
                    // Somebody else's message under our number may lie above ours.
                    if Ownership.of(reported, against: message) == .ours { missing[number] = nil }
                }
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
                try await carryOut(decision, unknown, line)
            }
            return false
        }
        let clock = providerClock.clock
        let related = try await relatedMessages(of: due, rows, at: asked)
        let findings = UnknownMatch.find(
            due + related.later,
            in: rows,
            known: related.known,
            underWay: related.underWay,
            offset: (clock.reading.offset ?? .zero) + queue.machineLead
        )
        for id in findings.foreign.intersection(due.map(\.message.id)).sorted() {
            queue.foreign.note(id, from: .list, logger: logger)
        }
        // What was asked for by a clock that has turned out to be another one says nothing about what is missing.
        let actual = ListWindow(from: first, to: asked, by: clock, ahead: queue.machineLead)
        let isProof = clock.reading.offset != nil && window.covers(actual)
        for unknown in due {
            if let row = findings.found[unknown.message.id] {
                try await carryOut(.settle(submitted(row), .found), unknown, line)
            } else if isProof, !findings.unclear.contains(unknown.message.id) {
                try await carryOut(policy.absent(unknown, at: asked), unknown, line)
            } else {
                try await carryOut(policy.unclear(unknown, at: asked), unknown, line)
            }
        }
        return true
    }

    /// What else there is to the same phones, where there are rows that do not say whose they are: the same text may have
    /// been sent to the same phone twice.
    private func relatedMessages(
        of due: [UnsettledMessage],
        _ rows: [EskizClient.MessageRecord],
        at now: Timestamp
    ) async throws(StoreError) -> RelatedMessages {
        var related = RelatedMessages()
        let anonymous = Set(rows.filter { $0.userSMSID?.isEmpty ?? true }.compactMap(\.phone))
        let phones = Set(due.map(\.message.phone)).intersection(anonymous).sorted()
        guard !phones.isEmpty else { return related }
        func isUnderWay(_ message: Message) {
            if let text = message.text { related.underWay.insert(.init(phone: message.phone, text: text)) }
        }
        // First what is under way, then what is unknown: what changes in between is seen as what it becomes.
        for phone in phones {
            let search = MessageSearch(states: [.sending], phone: phone, limit: Self.limit)
            for message in try await queue.store.messages(search) { isUnderWay(message) }
        }
        let wanted = Set(due.map(\.message.id))
        let end = now + policy.patience
        for unknown in try await queue.store.unsettled(at: end, limit: Self.limit)
        where !wanted.contains(unknown.message.id) && phones.contains(unknown.message.phone) {
            if queue.unwritten.contains(unknown.message.id) {
                isUnderWay(unknown.message)
            } else {
                related.later.append(unknown)
            }
        }
        var known: [KnownRow] = []
        for phone in phones { known += try await queue.store.knownRows(of: phone) }
        related.known = KnownRows(known)
        return related
    }

    private struct RelatedMessages {
        var known = KnownRows()
        var underWay: Set<UnknownMatch.Twin> = []
        /// Unknown as well, but not due yet: a row may be theirs.
        var later: [UnsettledMessage] = []
    }

    private func submitted(_ row: EskizClient.MessageRecord) -> Resolution {
        let now = queue.clock.timestamp
        let report = DeliveryReport(row, source: .list, at: now)
        let schedule = PollSchedule(
            hasCallbacks: queue.configuration.callbackURL() != nil,
            configuration: queue.configuration
        )
        let next = row.status.isFinal ? nil : schedule.next(submittedAt: now, at: now)
        return .submitted(providerID: row.requestID, report, nextReport: next)
    }

    private func carryOut(
        _ decision: UnknownPolicy.Decision,
        _ unknown: UnsettledMessage,
        _ line: ClockLine
    ) async throws(StoreError) {
        let id = unknown.message.id
        switch decision {
        case .lookAgain(let absences, let moment):
            let next = moment + queue.clock.shift(since: line)
            try await queue.store.noteAbsence(id, count: absences, ofAttempt: unknown.message.attempts, next: next)
        case .settle(let resolution, let name):
            do {
                let settled = try await queue.resolve(id, as: resolution, ofAttempt: unknown.message.attempts)
                // It was sent again meanwhile, and the outcome of that is unclear: nothing was settled.
                guard let settled, settled.state != .unknown || settled.finalAt != nil else { return }
            } catch {
                guard case .store(let failure) = error else { return }
                throw failure
            }
            queue.events.metrics?.settled(name)
            var metadata = QueueLogKeys.of(unknown.message)
            metadata[QueueLogKeys.resolution] = "\(name.rawValue)"
            metadata[QueueLogKeys.absences] = "\(unknown.absences)"
            if name == .forGood {
                logger.error(
                    "It cannot be found out whether this message was sent; a person has to decide",
                    metadata: metadata
                )
            } else {
                logger.info("An unknown outcome was settled", metadata: metadata)
            }
        }
    }
}
