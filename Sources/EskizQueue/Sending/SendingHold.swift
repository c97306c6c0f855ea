import Eskiz

/// Something that keeps messages from being sent, for whoever asks why they wait.
package struct SendingHold: Sendable, Hashable {
    package enum Reason: String, Sendable, Hashable, CaseIterable {
        /// Eskiz said that it was too much (429).
        case throttled
        /// Our own limit: a batch has to be paid for.
        case rate
        /// Eskiz cannot be reached or fails.
        case failures
        case credentials
        case balance
        case configuration
        /// It is night, and messages of the lane `bulk` wait for the morning.
        case quietHours = "quiet_hours"

        init(_ reason: CircuitBreaker.Reason) {
            switch reason {
            case .failures: self = .failures
            case .blocked(.credentials): self = .credentials
            case .blocked(.balance): self = .balance
            case .blocked(.configuration): self = .configuration
            }
        }

        /// Whether it is over when its time is, without a word of Eskiz's.
        var endsByItself: Bool {
            switch self {
            case .throttled, .rate, .quietHours: true
            case .failures, .credentials, .balance, .configuration: false
            }
        }
    }

    package var reason: Reason
    /// Which messages wait, in the order of the lanes.
    package var lanes: [Lane]
    package var since: Timestamp
    /// When the next one is tried; nil where that depends on an answer that is under way.
    package var until: Timestamp?

    package init(reason: Reason, lanes: [Lane], since: Timestamp, until: Timestamp?) {
        self.reason = reason
        self.lanes = lanes
        self.since = since
        self.until = until
    }
}

/// A hold on the elapsed clock, as the dispatcher decides it: nanoseconds.
package struct ElapsedHold: Sendable, Hashable {
    package var reason: SendingHold.Reason
    package var lanes: [Lane]
    package var since: Int64
    package var until: Int64?

    package init(reason: SendingHold.Reason, lanes: [Lane], since: Int64, until: Int64?) {
        self.reason = reason
        self.lanes = lanes
        self.since = since
        self.until = until
    }
}

extension MessageQueue {
    /// What keeps messages from being sent now; empty if nothing does.
    package var holds: [SendingHold] {
        let now = clock.now()
        let moment = { (elapsed: Int64) in
            Timestamp(now.advanced(by: elapsed.subtractingClamped(now.elapsed)))
        }
        return provider.elapsedHolds.compactMap { hold in
            let isOver = hold.until.map { $0 <= now.elapsed } ?? false
            // What ends by itself is over, although nobody has had a reason to notice it yet.
            if isOver, hold.reason.endsByItself { return nil }
            return SendingHold(
                reason: hold.reason,
                lanes: hold.lanes,
                since: moment(hold.since),
                until: isOver ? nil : hold.until.map(moment)
            )
        }
    }
}

extension Collection<SendingHold> {
    /// When a message is tried next: in its own time, and not before what holds its lane up ends.
    ///
    /// - Parameter message: any message.
    /// - Returns: nil for one that does not wait to be sent, or waits for nothing but its turn.
    package func nextAttempt(of message: Message) -> Timestamp? {
        guard message.state == .queued || message.state == .scheduled else { return nil }
        let ends = filter { $0.lanes.contains(message.lane) }.compactMap(\.until)
        let next = ends.reduce(message.dueAt) { Swift.max($0, $1) }
        return next > message.createdAt ? next : nil
    }
}
