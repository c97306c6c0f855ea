package import Eskiz
import Synchronization

/// Something that happened and that others may want to hear of.
package enum QueueEvent: Sendable {
    /// A message was accepted or changed.
    case message(MessageEvent)
    /// There is a new token, or the one we had was refused.
    case token(TokenStatus)
    /// The circuit breaker towards Eskiz changed: `closed`, `open`, `half_open`.
    case breaker(String)
}

/// An event with its place in the order of all.
package struct NumberedEvent: Sendable {
    /// Counts from 1.
    package var number: UInt64
    /// By the common clock of a fleet; nil where one gateway is alone.
    package var at: Timestamp?
    package var event: QueueEvent
}

/// What a listener gets that wants to go on where it was.
package struct EventFollowing: Sendable {
    /// What it missed, as far as it is still known.
    package var missed: [NumberedEvent]
    /// Whether that is all.
    package var isComplete: Bool
    package var stream: AsyncStream<NumberedEvent>
}

/// A message as it is after a change.
package struct MessageEvent: Sendable {
    package var message: Message
    /// False when only what is known about the state has changed: a report between two states, an `unknown` given up.
    package var stateChanged: Bool
    /// Another gateway has changed it, and does what follows from that.
    package var isElsewhere: Bool

    package init(_ message: Message, stateChanged: Bool = true, isElsewhere: Bool = false) {
        self.message = message
        self.stateChanged = stateChanged
        self.isElsewhere = isElsewhere
    }
}

/// Tells everybody in this process who wants to know.
///
/// A listener that does not keep up loses the oldest events, never the sender's time.
package final class MessageEvents: Sendable {
    fileprivate struct State {
        var nextID = 0
        var listeners: [Int: AsyncStream<QueueEvent>.Continuation] = [:]
        var waiters: [MessageID: [Int: AsyncStream<MessageEvent>.Continuation]] = [:]
        var followers: [Int: AsyncStream<NumberedEvent>.Continuation] = [:]
        /// The number of the last event.
        var number: UInt64 = 0
        /// The last events; where the oldest lies once the limit is reached.
        var recent: [NumberedEvent] = []
        var oldest = 0
        /// The common clock of a fleet.
        var time: (@Sendable () -> Timestamp)?
        /// Since when nothing of the others was missed.
        var wholeSince: Timestamp?
        /// Changed here, and not told to the others.
        var untold: Set<MessageID> = []
    }

    private let state = Mutex(State())
    /// How many events are kept for listeners that come back.
    package static let recentLimit = 2_048
    /// Tells the numbers of one process from those of another.
    package let epoch: String
    /// Counts what happens; nothing is lost to it, as it would be to a listener that is too slow.
    package let metrics: QueueMetrics?

    package init(metrics: QueueMetrics? = nil, epoch: String = String(UInt32.random(in: 0 ... .max), radix: 16)) {
        self.metrics = metrics
        self.epoch = epoch
    }

    /// Tells of a change.
    package func publish(_ event: QueueEvent) {
        if let metrics, case .message(let change) = event, change.stateChanged, !change.isElsewhere {
            metrics.entered(change.message)
        }
        let targets = state.withLock { state in
            state.number(event, limit: Self.recentLimit)
            var waiters: [AsyncStream<MessageEvent>.Continuation] = []
            if case .message(let change) = event {
                waiters = state.waiters[change.message.id].map { Array($0.values) } ?? []
            }
            return (Array(state.listeners.values), waiters)
        }
        for listener in targets.0 { listener.yield(event) }
        if case .message(let change) = event {
            for waiter in targets.1 { waiter.yield(change) }
        }
    }

    package func publish(_ messages: [Message]) {
        for message in messages { publish(.message(MessageEvent(message))) }
    }

    // MARK: Several gateways

    /// From now on the others want to hear of what is changed here, and events have a time that all of them understand.
    package func share(time: @escaping @Sendable () -> Timestamp) {
        state.withLock { $0.time = time }
    }

    /// The messages that were changed here since the last call.
    package func takeChanges() -> [MessageID] {
        state.withLock { state in
            defer { state.untold = [] }
            return state.untold.sorted()
        }
    }

    /// Tells of what another gateway has changed.
    package func publish(changedElsewhere messages: [Message]) {
        for message in messages { publish(.message(MessageEvent(message, isElsewhere: true))) }
    }

    /// Something that happened elsewhere is not known here.
    package func missed() {
        state.withLock { $0.wholeSince = $0.time?() }
    }

    /// Whether anybody wants to know at this moment.
    package var hasListeners: Bool {
        state.withLock { !$0.listeners.isEmpty || !$0.followers.isEmpty || !$0.waiters.isEmpty }
    }

    /// Everything from now on, and what has happened since a moment, for a listener who comes from another gateway.
    ///
    /// It may hear some of it again: the gateways do not hear of everything in one order, nor at once.
    package func follow(since moment: Timestamp, buffer: Int) -> EventFollowing {
        var following = follow(after: 0, buffer: buffer)
        let earliest = moment - Self.overlap
        let isWhole = state.withLock { state in
            guard let wholeSince = state.wholeSince, wholeSince <= earliest else { return false }
            return state.recent.count < Self.recentLimit || (state.recent[state.oldest].at ?? earliest) < earliest
        }
        following.missed = following.missed.filter { ($0.at ?? earliest) >= earliest }
        following.isComplete = isWhole
        return following
    }

    /// Longer than news take from one gateway to another.
    private static let overlap: Duration = .seconds(3)

    // MARK: Listening

    /// Everything from now on.
    ///
    /// So many events may wait for a slow listener; older ones are dropped.
    package func subscribe(buffer: Int = 1_024) -> AsyncStream<QueueEvent> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: QueueEvent.self,
            bufferingPolicy: .bufferingNewest(buffer)
        )
        let id = state.withLock { state in
            state.nextID += 1
            state.listeners[state.nextID] = continuation
            return state.nextID
        }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { $0.listeners[id] = nil }
        }
        return stream
    }

    /// Everything from now on with its number, and what came after a number before.
    package func follow(after number: UInt64?, buffer: Int) -> EventFollowing {
        let (stream, continuation) = AsyncStream.makeStream(
            of: NumberedEvent.self,
            bufferingPolicy: .bufferingNewest(buffer)
        )
        let (id, missed, isComplete) = state.withLock { state in
            state.nextID += 1
            state.followers[state.nextID] = continuation
            guard let number else { return (state.nextID, [NumberedEvent](), true) }
            let recent = (state.recent[state.oldest...] + state.recent[..<state.oldest])
            let missed = recent.filter { $0.number > number }
            let isComplete = number <= state.number && state.number - number == UInt64(missed.count)
            return (state.nextID, Array(missed), isComplete)
        }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { $0.followers[id] = nil }
        }
        return EventFollowing(missed: missed, isComplete: isComplete, stream: stream)
    }

    /// What happens to one message from now on.
    package func subscribe(to message: MessageID) -> AsyncStream<MessageEvent> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: MessageEvent.self,
            bufferingPolicy: .bufferingNewest(16)
        )
        let id = state.withLock { state in
            state.nextID += 1
            state.waiters[message, default: [:]][state.nextID] = continuation
            return state.nextID
        }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { state in
                state.waiters[message]?[id] = nil
                if state.waiters[message]?.isEmpty == true { state.waiters[message] = nil }
            }
        }
        return stream
    }

    /// The messages that somebody in this process waits for.
    package var awaited: [MessageID] { state.withLock { Array($0.waiters.keys) } }

    /// Says to those who wait for a message how it is, wherever it was changed.
    package func remind(of message: Message) {
        let waiters = state.withLock { $0.waiters[message.id].map { Array($0.values) } ?? [] }
        for waiter in waiters { waiter.yield(MessageEvent(message)) }
    }

    /// Ends all streams.
    package func finish() {
        let (listeners, followers, waiters) = state.withLock { state in
            (Array(state.listeners.values), Array(state.followers.values), state.waiters.values.flatMap(\.values))
        }
        for listener in listeners { listener.finish() }
        for follower in followers { follower.finish() }
        for waiter in waiters { waiter.finish() }
    }
}

extension MessageEvents.State {
    /// Gives an event its number, keeps it, and tells those who go by numbers in the order of these.
    fileprivate mutating func number(_ event: QueueEvent, limit: Int) {
        number += 1
        let numbered = NumberedEvent(number: number, at: time?(), event: event)
        if time != nil, case .message(let change) = event, !change.isElsewhere { untold.insert(change.message.id) }
        if recent.count < limit {
            recent.append(numbered)
        } else {
            recent[oldest] = numbered
            oldest = (oldest + 1) % limit
        }
        for follower in followers.values { follower.yield(numbered) }
    }
}
