package import Eskiz
package import Logging
import ServiceLifecycle

/// Asks Eskiz about submitted messages of which nobody has told for too long.
///
/// Few are asked for one by one, many are looked for in the list.
package final class ReportPoller: Service {
    private let queue: MessageQueue
    private let client: EskizClient
    private let list: MessageList
    private let logger: Logger
    private let health: StoreHealth
    private let schedule: LookSchedule

    private static let limit = 5_000
    /// Requests for single messages in one interval.
    private static let requestLimit = 5
    /// After a failure of Eskiz's a message is asked for again this soon, whatever its schedule says.
    private static let longestRest: Duration = .seconds(300)

    package init(
        queue: MessageQueue,
        client: EskizClient,
        logger: Logger,
        random: @Sendable () -> UInt64 = { UInt64.random(in: 0 ... .max) }
    ) {
        self.queue = queue
        self.client = client
        self.logger = logger
        list = MessageList(client: client, clock: queue.clock)
        health = StoreHealth(logger: logger, metrics: queue.events.metrics)
        schedule = LookSchedule(interval: .seconds(1), seed: random())
    }

    package func run() async throws {
        await untilShutdown {
            await self.schedule.run(by: self.queue.clock) {
                await self.look()
            }
        }
    }

    /// Asks once for what is due, as far as the limits allow; the rest stays due.
    ///
    /// - Returns: false if the store or Eskiz failed.
    package func look() async -> Bool {
        // The moments of what is due go by this, also if the clock is set meanwhile.
        let line = queue.clock.line
        do {
            let due = try await queue.store.overdueForReport(at: queue.clock.timestamp(on: line), limit: Self.limit)
            health.worked()
            guard !due.isEmpty, queue.areMoments(by: line) else { return true }
            let plan = PollPlan(due, isListUsable: client.providerClock.reading != .unknown)
            for group in plan.groups {
                guard try await askTogether(group, line) else { return false }
            }
            for message in plan.single.prefix(Self.requestLimit) {
                guard try await ask(message, line) else { return false }
            }
            return true
        } catch {
            health.failed(error)
            return false
        }
    }

    private func ask(_ message: Message, _ line: ClockLine) async throws(StoreError) -> Bool {
        guard let providerID = message.providerID else { return true }
        do {
            let record = try await client.status(of: providerID)
            guard isOurs(record, message, from: .poll) else {
                try await askLater(message, line)
                return true
            }
            try await apply(DeliveryReport(record, source: .poll, at: queue.clock.timestamp), to: message, line)
        } catch let error as EskizError {
            return try await askLater([message], line, because: error)
        } catch let error as StoreError {
            throw error
        } catch {
            return false
        }
        return true
    }

    private func askTogether(_ group: [Message], _ line: ClockLine) async throws(StoreError) -> Bool {
        let times = group.map(\.submissionTime)
        guard let first = times.min(), let last = times.max() else { return true }
        let wanted = Dictionary(group.map { ($0.id.text, $0) }) { first, _ in first }
        let rows: [EskizClient.MessageRecord]
        var unseen = Set(wanted.keys)
        do {
            // What the reconciler found was taken by Eskiz some time before we learnt of it: the slack has room for that.
            let window = ListWindow(from: first, to: last, by: client.providerClock.clock, ahead: queue.machineLead)
            rows = try await list.rows(from: window.start, to: window.end) { page in
                for row in page {
                    guard let number = row.userSMSID, unseen.contains(number), let message = wanted[number],
                        Ownership.of(ReportedMessage(row), against: message) == .ours
                    else { continue }
                    unseen.remove(number)
                }
                return unseen.isEmpty
            }
        } catch {
            return try await askLater(group, line, because: error)
        }
        var missing = wanted
        for row in rows {
            guard let number = row.userSMSID, let message = missing[number], isOurs(row, message, from: .list) else {
                continue
            }
            missing[number] = nil
            try await apply(DeliveryReport(row, source: .list, at: queue.clock.timestamp), to: message, line)
        }
        for message in missing.values.sorted(by: { $0.id < $1.id }) { try await askLater(message, line) }
        return true
    }

    /// Whether a row is about a message; somebody else's under its number is told of.
    private func isOurs(_ row: EskizClient.MessageRecord, _ message: Message, from source: DeliveryReport.Source)
        -> Bool
    {
        switch Ownership.of(ReportedMessage(row), against: message) {
        case .ours: return true
        case .withoutPhone: return false
        case .foreign, .otherText:
            queue.foreign.note(message.id, from: source, logger: logger)
            return false
        }
    }

    private func apply(_ report: DeliveryReport, to message: Message, _ line: ClockLine) async throws(StoreError) {
        do {
            _ = try await queue.record(report, for: .number(message.id))
        } catch {
            guard case .store(let failure) = error else { return }
            throw failure
        }
        // A final word ends the asking by itself.
        if !report.status.isFinal { try await askLater(message, line) }
    }

    private func askLater(
        _ message: Message,
        _ line: ClockLine,
        within rest: Duration? = nil
    ) async throws(StoreError) {
        let schedule = PollSchedule(
            hasCallbacks: queue.configuration.callbackURL() != nil,
            configuration: queue.configuration
        )
        let now = queue.clock.timestamp(on: line)
        var next = schedule.next(submittedAt: message.submissionTime, at: now)
        if let rest { next = next.map { min($0, now + rest) } }
        if next == nil {
            logger.warning(
                "No last word about a message in all the time that was allowed; nobody asks any more",
                metadata: QueueLogKeys.of(message)
            )
        }
        try await queue.store.scheduleReport(message.id, at: next.map { $0 + queue.clock.shift(since: line) })
    }

    /// What a failed question means for those it was about, and for this round.
    ///
    /// Whatever Eskiz says or leaves unsaid may be the fault of these messages: they are not asked for first again, or one
    /// that Eskiz cannot answer for would keep all others from being asked after.
    ///
    /// - Returns: whether the round goes on.
    private func askLater(
        _ messages: [Message],
        _ line: ClockLine,
        because error: EskizError
    ) async throws(StoreError) -> Bool {
        if error.code == .cancelled { return true }
        logger.debug("Eskiz does not say how messages fare", metadata: [QueueLogKeys.errorCode: "\(error.code)"])
        let isTheirs: Bool
        switch RetryPolicy.failureClass(of: error) {
        // Right after the send the record may not exist yet (eskiz-api.md §6.1); later it may be too old.
        case .refused where error.code != .forbidden: isTheirs = true
        case .unknown, .passing:
            guard ![.nameResolution, .connectionFailed, .tlsFailed].contains(error.code) else { return false }
            isTheirs = false
        default: return false
        }
        for message in messages { try await askLater(message, line, within: isTheirs ? nil : Self.longestRest) }
        return isTheirs
    }
}
