package import Eskiz
import Synchronization

/// The front door of the queue: accepting, taking back, settling by hand, reporting, waiting.
///
/// It adds to the store what is not the store's business: back-pressure, telling listeners, waking the dispatcher.
package final class MessageQueue: Sendable {
    package let store: any MessageStore
    package let configuration: QueueConfiguration
    /// Goes on steadily when somebody sets the clock of the machine.
    package let clock: SteadyClock
    package let clockWatch = ClockWatch()
    package let events: MessageEvents
    /// Rings when there may be something to send.
    package let work = WakeSignal()
    /// Rings when there may be an application to tell.
    package let webhooks = WakeSignal()
    /// Rings when something was accepted that another gateway may send.
    let news = WakeSignal()
    /// What Eskiz has said of the account, here or to another gateway.
    package let accountNews = AccountNewsExchange()
    /// How Eskiz does.
    package let provider = ProviderWatch()
    /// Whether its delivery reports arrive.
    package let reports = ReportWatch()
    /// What this process has in hand: it needs no lease to know that it is alive.
    let inHand = ClaimsInHand()
    /// Messages of others under our numbers.
    package let foreign: ForeignReports
    /// What Eskiz has said and the store could not keep yet.
    package let unwritten = UnwrittenAnswers()
    /// What Eskiz has said to clients of its own API, who have not been told yet.
    let answers = ProviderAnswers()
    private let drain = Mutex(DrainRate())
    private let isWorthATry = Atomic<Bool>(false)
    /// New messages are no news to a dispatcher that may send none: while Eskiz is away, each would wake it for nothing.
    private let dispatcherRests = Atomic<Bool>(false)

    package init(
        store: any MessageStore,
        configuration: QueueConfiguration,
        clock: any KeeperClock,
        events: MessageEvents = MessageEvents()
    ) {
        self.store = store
        self.configuration = configuration
        self.clock = SteadyClock(clock)
        self.events = events
        foreign = ForeignReports(metrics: events.metrics)
    }

    /// Keeps messages durably and lets them be sent.
    ///
    /// A message of the lane `otp` without an end gets the configured lifetime.
    package func accept(
        _ messages: [NewMessage],
        batch: NewBatch? = nil,
        idempotency: IdempotencyKey? = nil
    ) async throws(QueueError) -> Acceptance {
        let now = clock.timestamp
        let messages = messages.map { $0.expiring(after: configuration.otpLifetime, at: now) }
        try refuseIfTooMuchWaits(for: messages, at: now)
        do {
            let acceptance = try await store.accept(messages, batch: batch, idempotency: idempotency, at: now)
            announce(acceptance)
            return acceptance
        } catch {
            // It may have been kept all the same.
            work.ring()
            throw .store(error)
        }
    }

    /// Lets a store keep a message together with something else, in a step of its own.
    ///
    /// - Parameters:
    ///   - message: nil if there is nothing to send.
    ///   - keep: the step of the store.
    ///   - acceptance: what became of the message, if it was kept.
    /// - Returns: what the step returned.
    /// - Throws: ``QueueError`` if too much waits, or the store fails.
    package func accept<Outcome: Sendable>(
        _ message: NewMessage?,
        by keep: (NewMessage?) async throws(StoreError) -> Outcome,
        acceptance: (Outcome) -> Acceptance?
    ) async throws(QueueError) -> Outcome {
        if let message { try refuseIfTooMuchWaits(for: [message], at: clock.timestamp) }
        do {
            let outcome = try await keep(message)
            if let acceptance = acceptance(outcome) { announce(acceptance) }
            return outcome
        } catch {
            work.ring()
            throw .store(error)
        }
    }

    private func announce(_ acceptance: Acceptance) {
        guard case .accepted(let accepted, let superseded) = acceptance else { return }
        events.metrics?.accepted(accepted)
        events.publish(superseded)
        events.publish(accepted)
        // Afterwards, so that listeners mostly hear of a message before they hear that it is being sent.
        // It looks into the store before it rests no more, so nothing is overlooked.
        if !dispatcherRests.load(ordering: .sequentiallyConsistent) { work.ring() }
        if !superseded.isEmpty { webhooks.ring() }
        news.ring()
    }

    /// Takes a message back that has not been handed to a dispatcher.
    package func cancel(_ id: MessageID) async throws(QueueError) -> Cancellation {
        do {
            let result = try await store.cancel(id, detail: "cancelled by request", at: clock.timestamp)
            if case .cancelled(let message) = result { publish([message]) }
            return result
        } catch {
            throw .store(error)
        }
    }

    /// Changes what no dispatcher has taken yet.
    package func amend(_ id: MessageID, with amendment: MessageAmendment) async throws(QueueError) -> Amending {
        do {
            let result = try await store.amend(id, with: amendment, at: clock.timestamp)
            if case .amended(let message, let stateChanged) = result {
                publish([message], stateChanged: stateChanged)
                work.ring()
            }
            return result
        } catch {
            throw .store(error)
        }
    }

    /// Settles an `unknown`: what a person decided, or what was found out about one attempt.
    package func resolve(
        _ id: MessageID,
        as resolution: Resolution,
        ofAttempt attempt: Int? = nil
    ) async throws(QueueError) -> Message? {
        do {
            let message = try await store.settleUnknown(id, as: resolution, ofAttempt: attempt, at: clock.timestamp)
            if let message {
                publish([message], stateChanged: message.state != .unknown)
                work.ring()
            }
            return message
        } catch {
            throw .store(error)
        }
    }

    /// Applies a delivery report.
    package func record(
        _ report: DeliveryReport,
        for key: ReportKey,
        raw: RawReportID? = nil
    ) async throws(QueueError) -> ReportEffect {
        do {
            let effect = try await store.record(report, for: key, raw: raw, at: clock.timestamp)
            events.metrics?.report(report.source, effect)
            reports.note(report.source, effect, at: clock.timestamp)
            if case .advanced(let message, let stateChanged) = effect { publish([message], stateChanged: stateChanged) }
            return effect
        } catch {
            throw .store(error)
        }
    }

    /// Nobody will ask for Eskiz's answers to these messages.
    package func forgetAnswers(to messages: [Message]) {
        for message in messages { _ = answers.take(for: message.id) }
    }

    /// Tells listeners what changed and wakes who delivers webhooks.
    package func publish(_ messages: [Message], answer: TransportResponse? = nil, stateChanged: Bool = true) {
        guard !messages.isEmpty else { return }
        for message in messages {
            // Only Eskiz's own clients are answered in Eskiz's words. Before the news, so that who hears it finds it.
            if let answer, message.origin == .eskiz { answers.keep(answer, for: message.id) }
            events.publish(.message(MessageEvent(message, stateChanged: stateChanged)))
        }
        webhooks.ring()
    }

    /// What kept messages from going may be mended, for example by a new token: the dispatcher tries at once.
    package func reconsider() {
        isWorthATry.store(true, ordering: .releasing)
        work.ring()
    }

    /// The dispatcher begins to rest, or has stopped it.
    package func setDispatcherResting(_ isResting: Bool) {
        dispatcherRests.store(isResting, ordering: .sequentiallyConsistent)
    }

    /// Whether somebody has asked for a try since the last call.
    func takeReconsideration() -> Bool {
        isWorthATry.exchange(false, ordering: .acquiring)
    }

    /// Notes that messages have left the queue, for the estimate of how fast it drains.
    package func drained(_ count: Int) {
        let now = clock.now().elapsed
        drain.withLock { $0.note(count, at: now) }
    }

    /// How long the messages that wait now will take, by the pace of the last moments; nil while nothing has moved.
    package func projectedWait(for waiting: Int) -> Duration? {
        let now = clock.now().elapsed
        let pace = drain.withLock { $0.perSecond(at: now) }
        return pace > 0 ? .seconds(Double(waiting) / pace) : nil
    }

    private func refuseIfTooMuchWaits(for messages: [NewMessage], at now: Timestamp) throws(QueueError) {
        let depth = store.depth
        // Codes overtake everything else, so nothing else may shut them out.
        let waiting = messages.allSatisfy { $0.lane == .otp } ? depth[.otp] : depth.total
        guard waiting + messages.count > configuration.maximumWaiting else { return }
        // Half of what waits has to go before it is worth asking again; between a second and an hour.
        let wait = projectedWait(for: max(waiting / 2, 1)) ?? .seconds(60)
        throw .tooMuchWaiting(retryAfter: min(max(wait, .seconds(1)), .seconds(3600)))
    }
}

/// Why the queue refused.
package enum QueueError: Error, Sendable {
    case store(StoreError)
    /// More waits than is sensible; when to ask again.
    case tooMuchWaiting(retryAfter: Duration)
}

extension NewMessage {
    fileprivate func expiring(after lifetime: Duration, at now: Timestamp) -> NewMessage {
        guard lane == .otp, expiresAt == nil else { return self }
        var message = self
        message.expiresAt = max(now, sendAt ?? now) + lifetime
        return message
    }
}

/// How fast messages leave: an average that forgets with a half-life of ten seconds.
struct DrainRate: Sendable {
    private var rate = 0.0
    private var last: Int64?

    mutating func note(_ count: Int, at elapsed: Int64) {
        guard let last else {
            self.last = elapsed
            rate = Double(count)
            return
        }
        let seconds = max(Double(elapsed - last) / 1e9, 1e-3)
        let kept = Self.kept(over: seconds)
        rate = rate * kept + Double(count) / seconds * (1 - kept)
        self.last = elapsed
    }

    func perSecond(at elapsed: Int64) -> Double {
        guard let last else { return 0 }
        return rate * Self.kept(over: Double(elapsed - last) / 1e9)
    }

    private static func kept(over seconds: Double) -> Double {
        // 2^(-t/10) without a math library: squaring halves.
        var (left, kept) = (max(seconds, 0) / 10, 1.0)
        // Forty halvings leave nothing worth counting.
        guard left < 40 else { return 0 }
        while left >= 1 {
            kept /= 2
            left -= 1
        }
        // Between two halvings a straight line is near enough for an estimate.
        return kept * (1 - left / 2)
    }
}
