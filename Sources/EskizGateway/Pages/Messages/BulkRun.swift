import EskizQueue

/// Does one thing to many messages, page by page, newest first.
///
/// Between looking and acting a message may go its own way: then it is left as it is, and counted. So it is when somebody
/// else does the same at the same time: every change is one step of the store, and only one of the two makes it.
struct BulkRun: Sendable {
    /// What came of it.
    struct Result: Sendable, Equatable {
        var done = 0
        /// Gone their own way meanwhile.
        var changed = 0
        /// There is more of the filter that was not looked at.
        var isCut = false
        /// The store failed; what was done before stays done.
        var hasFailed = false
    }

    /// One request does no more than this: it is to end while somebody waits for it.
    static let limit = 1_000
    private static let pageSize = 200
    /// Steps that look far and find little end, too.
    private static let stepLimit = 50

    let queue: MessageQueue
    let action: BulkAction
    let filter: MessageFilter

    /// Acts on what there was when somebody agreed to it: `newest` was the newest message then, and later ones are not meant.
    func run(upTo newest: MessageID) async -> Result {
        var result = Result()
        guard var narrowed = action.narrowed(filter) else { return result }
        let finder = MessageFinder(store: queue.store)
        narrowed.set(after: MessageID(newest.rawValue + 1))
        do {
            for _ in 0..<Self.stepLimit {
                let room = Self.limit - result.done - result.changed
                let page = try await finder.page(narrowed, limit: min(Self.pageSize, max(room, 1)))
                guard room > 0 else {
                    result.isCut = page.next != nil || !page.messages.isEmpty
                    return result
                }
                try await act(on: page.messages, &result)
                guard let next = page.next else { return result }
                narrowed.set(after: next)
            }
            result.isCut = true
        } catch {
            result.hasFailed = true
        }
        return result
    }

    private func act(on messages: [Message], _ result: inout Result) async throws(QueueError) {
        // All at once: what comes together is written together.
        let outcomes = await withTaskGroup(of: Swift.Result<Bool, QueueError>.self) { group in
            for message in messages {
                group.addTask {
                    do throws(QueueError) { return .success(try await act(on: message)) } catch {
                        return .failure(error)
                    }
                }
            }
            return await group.reduce(into: []) { (all: inout [Swift.Result<Bool, QueueError>], one) in all.append(one)
            }
        }
        var failure: QueueError?
        for outcome in outcomes {
            switch outcome {
            case .success(true): result.done += 1
            case .success(false): result.changed += 1
            case .failure(let error): failure = error
            }
        }
        if let failure { throw failure }
    }

    /// - Returns: false if the message has gone its own way meanwhile.
    private func act(on message: Message) async throws(QueueError) -> Bool {
        switch action {
        case .cancel:
            if case .cancelled = try await queue.cancel(message.id) { return true }
            return false
        case .notSent, .sendAgain:
            guard let outcome = action.outcome else { return false }
            let result = try await MessageActions(queue: queue).settle(message.id, as: outcome, providerID: nil)
            if case .done = result { return true }
            return false
        case .replay:
            return try await MessageActions(queue: queue).replay(message.id) > 0
        }
    }
}
