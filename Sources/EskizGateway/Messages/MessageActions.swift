import EskizQueue

/// What somebody can do to one message, through the API or on a page.
struct MessageActions: Sendable {
    /// What came of it.
    enum Outcome: Sendable, Equatable {
        case done(Message)
        /// The message has gone its own way meanwhile; it is left as it is.
        case refused(Message)
        case notFound
    }

    let queue: MessageQueue

    func cancel(_ id: MessageID) async throws(QueueError) -> Outcome {
        switch try await queue.cancel(id) {
        case .cancelled(let message): .done(message)
        case .refused(let message): .refused(message)
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
            return .refused(before)
        }
        let resolution = outcome.resolution(providerID: providerID, at: queue.clock.timestamp)
        guard let message = try await queue.resolve(id, as: resolution) else { return .notFound }
        return outcome.isReached(by: message) ? .done(message) : .refused(message)
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
