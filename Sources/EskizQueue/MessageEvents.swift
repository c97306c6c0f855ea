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

/// A message as it is after a change.
package struct MessageEvent: Sendable {
    package var message: Message
    /// Eskiz's own answer to the send, where this is the news.
    package var answer: HTTPResponse?
    /// False when only what is known about the state has changed: a report between two states, an `unknown` given up.
    package var stateChanged: Bool

    package init(_ message: Message, answer: HTTPResponse? = nil, stateChanged: Bool = true) {
        self.message = message
        self.answer = answer
        self.stateChanged = stateChanged
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
        /// Eskiz's answers for clients that are about to ask for them, the oldest first.
        var answers: [MessageID: HTTPResponse] = [:]
        var answered: [MessageID] = []
    }

    private let state = Mutex(State())
    /// How many answers are kept for those who have not come for them yet.
    private static let answerLimit = 4_096
    /// Counts what happens; nothing is lost to it, as it would be to a listener that is too slow.
    package let metrics: QueueMetrics?

    package init(metrics: QueueMetrics? = nil) {
        self.metrics = metrics
    }

    /// Tells of a change.
    package func publish(_ event: QueueEvent) {
        if let metrics, case .message(let change) = event, change.stateChanged { metrics.entered(change.message) }
        let targets = state.withLock { state in
            var waiters: [AsyncStream<MessageEvent>.Continuation] = []
            if case .message(let change) = event {
                waiters = state.waiters[change.message.id].map { Array($0.values) } ?? []
                // Only Eskiz's own clients are answered in Eskiz's words.
                if let answer = change.answer, change.message.origin == .eskiz {
                    state.keep(answer, for: change.message.id, limit: Self.answerLimit)
                }
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

    /// Eskiz's own answer to the send of a message that came through Eskiz's API; once.
    package func takeAnswer(for message: MessageID) -> HTTPResponse? {
        state.withLock { $0.answers.removeValue(forKey: message) }
    }

    /// Ends all streams.
    package func finish() {
        let (listeners, waiters) = state.withLock { state in
            (Array(state.listeners.values), state.waiters.values.flatMap(\.values))
        }
        for listener in listeners { listener.finish() }
        for waiter in waiters { waiter.finish() }
    }
}

extension MessageEvents.State {
    fileprivate mutating func keep(_ answer: HTTPResponse, for id: MessageID, limit: Int) {
        if answers.updateValue(answer, forKey: id) == nil { answered.append(id) }
        // Taken ones leave their number behind, so the list is shortened by what is really gone.
        while answered.count > limit {
            answers[answered.removeFirst()] = nil
        }
    }
}
