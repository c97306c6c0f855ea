import EskizQueue

/// What somebody can do to one message.
struct MessageActions: Sendable {
    /// What came of it.
    enum Outcome: Sendable, Equatable {
        case done
        /// The message has gone its own way meanwhile; it is left as it is.
        case refused(MessageState)
        case notFound
    }

    let queue: MessageQueue

    func cancel(_ id: MessageID) async throws(QueueError) -> Outcome {
        switch try await queue.cancel(id) {
        case .cancelled: .done
        case .refused(let message): .refused(message.state)
        case .notFound: .notFound
        }
    }

    func settle(
        _ id: MessageID,
        as outcome: ResolutionOutcome,
        providerID: String?
    ) async throws(QueueError) -> Outcome {
        guard let before = try await queue.message(id) else { return .notFound }
        guard before.state == .unknown, outcome != .unknown || before.finalAt == nil else {
            return .refused(before.state)
        }
        let resolution = outcome.resolution(providerID: providerID, at: queue.clock.timestamp)
        guard let message = try await queue.resolve(id, as: resolution) else { return .notFound }
        return outcome.isReached(by: message) ? .done : .refused(message.state)
    }

    /// Sends the webhooks of a message again.
    ///
    /// - Returns: how many.
    func replay(_ id: MessageID) async throws(QueueError) -> Int {
        let count: Int
        do { count = try await queue.store.replayWebhooks(of: id, at: queue.clock.timestamp) } catch {
            throw .store(error)
        }
        if count > 0 { queue.webhooks.ring() }
        return count
    }
}

extension ResolutionOutcome {
    /// Whether a message has become what this makes of it.
    ///
    /// A report may come first, and what has no text any more cannot be sent again: such a message stays as it is.
    fileprivate func isReached(by message: Message) -> Bool {
        switch self {
        case .submitted: message.state == .submitted
        case .sendAgain: message.state == .queued
        case .notSent: message.state == .failed
        case .unknown: message.state == .unknown && message.finalAt != nil
        }
    }
}
