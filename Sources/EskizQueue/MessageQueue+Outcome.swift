package import Eskiz
import Synchronization

/// What became of a message that somebody waited for.
package struct MessageOutcome: Sendable {
    /// As it is now; nil if there is no such message.
    package var message: Message?
    /// Eskiz's own answer to the send, for who asked for it; nil if there was none, or somebody else has taken it.
    package var answer: TransportResponse?

    package init(message: Message? = nil, answer: TransportResponse? = nil) {
        self.message = message
        self.answer = answer
    }
}

extension MessageQueue {
    /// Waits until a message is submitted or final, until time is over, or until one of the latches opens.
    ///
    /// ```swift
    /// let outcome = try await queue.outcome(of: id, until: queue.clock.now().elapsed + 30_000_000_000, orWhen: [drain])
    /// ```
    ///
    /// - Parameters:
    ///   - id: the message.
    ///   - end: on the elapsed clock, in nanoseconds; what is past reads the message once.
    ///   - latches: waiting ends when one of them opens, as it does when the task is cancelled.
    ///   - wantsAnswer: whether Eskiz's own answer is wanted. Then a message is waited for no longer once Eskiz has
    ///     answered its last attempt, even if what became of it is unknown. Only messages of ``Message/Origin/eskiz`` have
    ///     one, and each answer is handed out once.
    /// - Returns: the message as it is then, and the answer.
    /// - Throws: ``QueueError`` if the store cannot be read.
    package func outcome(
        of id: MessageID,
        until end: Int64,
        orWhen latches: [Latch] = [],
        wantsAnswer: Bool = false
    ) async throws(QueueError) -> MessageOutcome {
        while true {
            // Anew each time: a stream that was waited for in vain is over. Before reading, so that nothing is missed.
            let changes = events.subscribe(to: id)
            guard let message = try await message(id) else { return MessageOutcome() }
            let now = clock.now().elapsed
            let isOver = message.isSettled || (wantsAnswer && message.hasProviderAnswer)
            if isOver || now >= end || Task.isCancelled || latches.contains(where: \.isOpen) {
                guard wantsAnswer else { return MessageOutcome(message: message) }
                return MessageOutcome(message: message, answer: await answer(to: message, changes))
            }
            // Another host of a fleet may have sent it: its news does not come through here, so look from time to time.
            let look = min(end, now.addingClamped(Self.lookAgain.nanoseconds))
            await withTaskGroup(of: Void.self) { group in
                group.addTask { [clock] in try? await clock.sleep(untilElapsed: look) }
                group.addTask { for await _ in changes { return } }
                for latch in latches { group.addTask { await latch.wait() } }
                await group.next()
                group.cancelAll()
            }
        }
    }

    /// A message as it is now.
    package func message(_ id: MessageID) async throws(QueueError) -> Message? {
        do { return try await store.message(id) } catch { throw .store(error) }
    }

    /// Eskiz's answer to a message that is settled.
    ///
    /// The store knows a moment before the answer is told, and a report may overtake the answer by a whole round trip.
    private func answer(to message: Message, _ changes: AsyncStream<MessageEvent>) async -> TransportResponse? {
        if let answer = answers.take(for: message.id) { return answer }
        guard message.hasProviderAnswer, message.origin == .eskiz else { return nil }
        let limit = clock.now().elapsed.addingClamped(Self.answerDelay.nanoseconds)
        return await withTaskGroup(of: TransportResponse?.self) { group in
            group.addTask { [clock] in
                try? await clock.sleep(untilElapsed: limit)
                return nil
            }
            group.addTask { [answers] in
                for await _ in changes {
                    if let answer = answers.take(for: message.id) { return answer }
                }
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
    }

    private static let lookAgain: Duration = .seconds(1)
    private static let answerDelay: Duration = .seconds(2)
}

/// Eskiz's own answers, for clients of its API who are about to ask for them.
final class ProviderAnswers: Sendable {
    private struct State {
        var answers: [MessageID: TransportResponse] = [:]
        /// The oldest first; those that were taken leave their number behind.
        var order: [MessageID] = []
    }

    /// How many are kept for those who have not come for them yet.
    private static let limit = 4_096
    private let state = Mutex(State())

    func keep(_ answer: TransportResponse, for id: MessageID) {
        state.withLock { state in
            if state.answers.updateValue(answer, forKey: id) == nil { state.order.append(id) }
            while state.order.count > Self.limit {
                state.answers[state.order.removeFirst()] = nil
            }
        }
    }

    /// The answer to the send of a message; once.
    func take(for id: MessageID) -> TransportResponse? {
        state.withLock { $0.answers.removeValue(forKey: id) }
    }
}

extension Message {
    /// Whether it is submitted or final, or an `unknown` that nothing more will be found out about.
    package var isSettled: Bool { state.isSubmittedOrFinal || finalAt != nil }

    /// Whether Eskiz has said something in answer to its last attempt.
    package var hasProviderAnswer: Bool {
        switch state {
        case .submitted, .delivered, .undelivered: true
        case .failed: error?.httpStatus != nil
        case .unknown: error?.httpStatus.map { $0 >= 500 } ?? false
        case .scheduled, .queued, .sending, .expired, .cancelled: false
        }
    }
}
