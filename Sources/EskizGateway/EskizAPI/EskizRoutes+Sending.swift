import Eskiz
import EskizQueue

extension EskizRoutes {
    /// One message: through the queue, and answered when Eskiz has answered.
    ///
    /// A client that hangs up has given up: what has not been handed over by then is taken back.
    func send(
        _ call: EskizCall,
        for identity: APIKeyIdentity,
        until hangUp: Latch? = nil
    ) async -> EskizAnswer {
        do throws(EskizSendRequest.Refusal) {
            let order = try EskizSendRequest.single(
                try call.fields,
                policy: addressPolicy,
                rules: client.configuration.textRules,
                prices: prices
            )
            let repetition = try repetition(of: [order], batch: nil, call)
            return await submit([order], batch: nil, repetition, for: identity, until: hangUp)
        } catch {
            return .refusal(error.message, status: error.status)
        }
    }

    /// Many messages: one batch in the queue, one request to Eskiz, one answer.
    func sendBatch(
        _ call: EskizCall,
        for identity: APIKeyIdentity,
        until hangUp: Latch? = nil
    ) async -> EskizAnswer {
        do throws(EskizSendRequest.Refusal) {
            let (orders, dispatchID) = try EskizSendRequest.batch(
                try call.fields,
                policy: addressPolicy,
                rules: client.configuration.textRules,
                prices: prices
            )
            let batch = NewBatch(dispatchID: dispatchID)
            let repetition = try repetition(of: orders, batch: batch, call)
            return await submit(orders, batch: batch, repetition, for: identity, until: hangUp)
        } catch {
            return .refusal(error.message, status: error.status)
        }
    }

    private func submit(
        _ orders: [EskizSendRequest],
        batch: NewBatch?,
        _ repetition: Repetition?,
        for identity: APIKeyIdentity,
        until hangUp: Latch?
    ) async -> EskizAnswer {
        let patience = configuration.answerPatience
        let expiresAt = queue.clock.timestamp + patience
        let end = queue.clock.now().elapsed.addingClamped(patience.nanoseconds)
        let sender = client.configuration.sender
        let messages = orders.map { $0.message(for: identity, sender: sender, expiresAt: expiresAt) }
        do throws(QueueError) {
            var key: IdempotencyKey?
            if let repetition {
                let earlier: Earlier
                do throws(StoreError) {
                    earlier = try await self.earlier(repetition, of: identity)
                } catch {
                    throw QueueError.store(error)
                }
                switch earlier {
                case .none(let free): key = free
                case .reused: return .keyReused
                case .remembered(let answer): return answer
                case .known(let known):
                    return try await answer(to: known, isBatch: batch != nil, Patience(end: end, latches: [drain]))
                }
            }
            if let refusal = refusalOfDisk() { return refusal }
            switch try await queue.accept(messages, batch: batch, idempotency: key) {
            case .accepted(let accepted, _):
                let patience = Patience(end: end, latches: [drain] + (hangUp.map { [$0] } ?? []))
                let answer = try await answer(to: accepted, isBatch: batch != nil, patience)
                // What Eskiz did not answer to is found out anew by whoever asks again.
                if let key, answer.status < 500 { try? await queue.store.remember(answer.remembered, for: key) }
                return answer
            case .repeated(let known):
                // The same request came a moment ago, and is still being answered. It alone may take its messages back.
                return try await answer(to: known, isBatch: batch != nil, Patience(end: end, latches: [drain]))
            case .keyReused: return .keyReused
            case .suppressed: return .refusal(Problem.suppressedDetail, status: 400)
            }
        } catch {
            return refusal(error)
        }
    }

    private func repetition(
        of orders: [EskizSendRequest],
        batch: NewBatch?,
        _ call: EskizCall
    ) throws(EskizSendRequest.Refusal) -> Repetition? {
        try Repetition(
            key: call.idempotencyKey,
            orders: orders,
            dispatchID: batch?.dispatchID,
            isBatch: batch != nil,
            byUserSMSID: configuration.repeatsByUserSMSID,
            at: queue.clock.timestamp
        )
    }

    /// What is known of a send that came before.
    private enum Earlier {
        /// Nothing: it is remembered under this key, or under none where there are too many.
        case none(IdempotencyKey?)
        /// The client used its key for another request.
        case reused
        case remembered(EskizAnswer)
        /// Its messages, whose answer was not kept.
        case known([Message])
    }

    private func earlier(_ repetition: Repetition, of identity: APIKeyIdentity) async throws(StoreError) -> Earlier {
        var free: IdempotencyKey?
        for name in repetition.names {
            for number in 0..<Repetition.limit {
                let key = repetition.key(name, number: number, of: identity)
                guard let known = try await queue.store.repetition(of: key) else {
                    if name == repetition.names.first { free = key }
                    break
                }
                switch known {
                case .keyReused, .suppressed: return .reused
                case .accepted(let messages, _), .repeated(let messages):
                    guard let first = messages.first, repetition.isAnswered(by: first, at: queue.clock.timestamp) else {
                        continue
                    }
                    if let kept = try await queue.store.answer(for: key), let answer = EskizAnswer(remembered: kept) {
                        return .remembered(answer)
                    }
                    return .known(messages)
                }
            }
        }
        return .none(free)
    }

    /// How long an answer is waited for.
    private struct Patience {
        /// On the elapsed clock.
        var end: Int64
        /// Once one of them is open, only what has been handed over is waited for.
        var latches: [Latch]
    }

    /// Messages of a batch share their fate but for those that were taken back one by one: the first that was not speaks
    /// for all.
    private func answer(
        to accepted: [Message],
        isBatch: Bool,
        _ patience: Patience
    ) async throws(QueueError) -> EskizAnswer {
        var last: EskizAnswer?
        defer { queue.forgetAnswers(to: accepted) }
        for message in accepted {
            let outcome = try await outcome(of: message.id, patience)
            guard let message = outcome.message else { continue }
            last = EskizReply.to(message, answer: outcome.answer, batchSize: isBatch ? accepted.count : nil)
            if message.hasLeft { break }
            // When patience is over the rest has expired like the first, and will be found so.
            if queue.clock.now().elapsed >= patience.end { break }
        }
        return last ?? .refusal("The message is gone.", status: 503)
    }

    /// The message once Eskiz has spoken or it is over, or when patience ends; then it is taken back if it still can be, and
    /// is told as it was before that.
    private func outcome(of id: MessageID, _ patience: Patience) async throws(QueueError) -> MessageOutcome {
        let outcome = try await queue.outcome(
            of: id,
            until: patience.end,
            orWhen: patience.latches,
            wantsAnswer: true
        )
        guard let message = outcome.message, !message.hasProviderAnswer else { return outcome }
        switch message.state {
        case .scheduled, .queued:
            switch try await queue.cancel(id) {
            case .cancelled: return outcome
            case .notFound: return MessageOutcome()
            case .refused: break
            }
        // What has been handed over is waited for, whoever has left.
        case .sending, .unknown: break
        default: return outcome
        }
        return try await queue.outcome(of: id, until: patience.end, wantsAnswer: true)
    }

    private func refusalOfDisk() -> EskizAnswer? {
        do throws(Problem) {
            try disk.admit(.transactional)
            return nil
        } catch {
            return .refusal(error.detail, status: 503, retryAfter: error.retryAfter)
        }
    }

    private func refusal(_ error: QueueError) -> EskizAnswer {
        switch error {
        case .store(let error):
            return unavailable(error)
        case .tooMuchWaiting(let retryAfter):
            return .refusal(
                "Too many messages wait to be sent. Nothing was sent.",
                status: 503,
                retryAfter: retryAfter
            )
        }
    }
}

extension Message {
    /// Whether it got as far as Eskiz, or may have.
    fileprivate var hasLeft: Bool {
        switch state {
        case .submitted, .delivered, .undelivered, .failed, .sending, .unknown: true
        case .scheduled, .queued, .expired, .cancelled: false
        }
    }
}
