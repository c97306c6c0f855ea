import Eskiz
import Logging
import Synchronization

// One request: send, and write down what came of it.

extension Dispatcher {
    /// Sends until each message of the flight is settled.
    func fly(_ flight: Flight) async {
        var claims = flight.claims
        var isNews = false
        while !claims.isEmpty {
            let (result, permit) = await send(claims, flight)
            if permit.hasBegun { QueueFaultPoint.written.reached() }
            var (settlements, remaining) = await settlements(of: claims, result, flight)
            if permit.hasBegun { for index in settlements.indices { settlements[index].wasWritten = true } }
            // Before the slot is free: what is not written down is still in our hands.
            await settle(settlements, of: flight, answer: result.answer)
            if permit.hasBegun { endWriting() }
            isNews = isNews || settlements.contains { $0.result.waitsAgain }
            claims = remaining
        }
        land(flight, isNews: isNews)
    }

    /// What came of one call.
    enum FlightResult: Sendable {
        /// One detail for each message, in order.
        case taken(providerID: String, details: [String], TransportResponse?)
        case failed(EskizError, TransportResponse?)
        case stopped(Permit.Stop)

        /// Eskiz said something, be it no.
        var isAnswer: Bool {
            switch self {
            case .taken: true
            case .failed(_, let answer): answer != nil
            case .stopped: false
            }
        }

        /// Eskiz's own words, where they are the last ones.
        var answer: TransportResponse? {
            switch self {
            case .taken(_, _, let answer): answer
            case .failed(let error, let answer):
                switch RetryPolicy.failureClass(of: error) {
                case .refused: answer
                // A failure of Eskiz's is its last word, though not about what became of the message.
                case .unknown: answer.flatMap { $0.status >= 500 ? $0 : nil }
                default: nil
                }
            case .stopped: nil
            }
        }
    }

    /// The last word before the first byte.
    final class Permit: Sendable {
        /// Why nothing (more) may leave.
        enum Stop: Sendable {
            /// The time of a message has passed.
            case expired
            /// We are stopping, or Eskiz is away.
            case interrupted
            /// Somebody else has a message now.
            case lost
            /// An earlier attempt was answered, which only could not be written down yet.
            case answered
            case store(StoreError)
        }

        private struct State {
            var hasBegun = false
            var begunAt: Int64?
            var stop: Stop?
        }

        private let state = Mutex(State())

        /// It is on disk that bytes may have left.
        var hasBegun: Bool { state.withLock { $0.hasBegun } }
        var stop: Stop? { state.withLock { $0.stop } }

        /// When that was, on the elapsed clock.
        var begunAt: Int64? { state.withLock { $0.begunAt } }

        func begin(at elapsed: Int64) {
            state.withLock { state in
                state.hasBegun = true
                state.begunAt = elapsed
            }
        }

        func refuse(_ stop: Stop) -> EskizError {
            state.withLock { $0.stop = stop }
            return EskizError(.cancelled, "The message was held back.", remedy: "", mayRepeat: true)
        }
    }

    private func send(_ claims: [Claim], _ flight: Flight) async -> (FlightResult, Permit) {
        let permit = Permit()
        let beforeWriting: BeforeWriting = { () async throws(EskizError) in
            try await self.permit(claims, permit, flight)
        }
        let callbackURL = queue.configuration.callbackURL()
        let outgoing = claims.map { claim in
            OutgoingMessage(
                phone: claim.message.phone,
                // Only the text of a code that Eskiz has taken is erased, and that one is not claimed.
                text: claim.message.text ?? "",
                sender: claim.message.sender,
                callbackURL: callbackURL,
                userSMSID: claim.message.id.text
            )
        }
        let result: FlightResult
        if flight.isBatch {
            let batch = claims[0].message.batch
            let submission = await client.submit(
                batch: outgoing,
                dispatchID: batch?.dispatchID,
                beforeWriting: beforeWriting
            )
            result = Self.result(submission, permit) { ($0.id, $0.statuses.map(\.description)) }
        } else {
            let submission = await client.submit(outgoing[0], beforeWriting: beforeWriting)
            result = Self.result(submission, permit) { ($0.id, [$0.status.description]) }
        }
        if result.isAnswer, let begun = permit.begunAt {
            queue.provider.answered(in: .nanoseconds(clock.now().elapsed - begun))
        }
        return (result, permit)
    }

    private static func result<Receipt>(
        _ submission: Submission<Receipt>,
        _ permit: Permit,
        _ read: (Receipt) -> (id: String, details: [String])
    ) -> FlightResult {
        switch submission.outcome {
        case .taken(let receipt):
            let (id, details) = read(receipt)
            return .taken(providerID: id, details: details, submission.answer)
        case .notTaken(let error), .unknown(let error):
            if let stop = permit.stop { return .stopped(stop) }
            return .failed(error, submission.answer)
        }
    }

    /// Runs before each time that the request goes on the wire.
    private func permit(_ claims: [Claim], _ permit: Permit, _ flight: Flight) async throws(EskizError) {
        try refuseIfLate(claims, permit, flight)
        // A repetition after a 401: that bytes may have left is on disk already.
        guard !permit.hasBegun else { return }
        if claims.contains(where: { queue.unwritten.contains($0.message.id) }) { throw permit.refuse(.answered) }
        guard !Task.isCancelled, beginWriting(isProbe: flight.trial.isProbe) else { throw permit.refuse(.interrupted) }
        let asked = clock.now().elapsed
        do {
            try await queue.store.beginWriting(claims, at: clock.timestamp)
        } catch {
            endWriting()
            throw permit.refuse(error.code == .lostClaim ? .lost : .store(error))
        }
        permit.begin(at: clock.now().elapsed)
        // The disk may have taken its time.
        try refuseIfLate(claims, permit, flight)
        // A process that was frozen meanwhile may have been given up by the others: nothing of it has left, and it stays so.
        let trust = asked.addingClamped((queue.configuration.lease * 2 / 3).nanoseconds)
        if queue.store.fleet != nil, clock.now().elapsed > trust { throw permit.refuse(.interrupted) }
        if Task.isCancelled { throw permit.refuse(.interrupted) }
    }

    private func refuseIfLate(_ claims: [Claim], _ permit: Permit, _ flight: Flight) throws(EskizError) {
        let now = clock.timestamp(on: flight.line)
        if claims.contains(where: { $0.message.isExpired(at: now) }) { throw permit.refuse(.expired) }
    }

    // MARK: Settling

    /// What to write down, and which messages are to be sent at once, without those that kept them.
    private func settlements(
        of claims: [Claim],
        _ result: FlightResult,
        _ flight: Flight
    ) async -> (settlements: [Settlement], remaining: [Claim]) {
        let now = clock.timestamp(on: flight.line)
        switch result {
        case .taken(let providerID, let details, _):
            note(.alive, of: flight, isAnswer: true)
            queue.drained(claims.count)
            log("Message submitted", claims, ["\(QueueLogKeys.providerID)": "\(providerID)"])
            return (
                claims.enumerated().map { index, claim in
                    count(claim, .taken)
                    let detail = index < details.count ? details[index] : details.first
                    let next = firstReport(after: now)
                    return Settlement(claim, .submitted(providerID: providerID, detail: detail, nextReport: next))
                }, []
            )
        case .stopped(.expired):
            note(.none, of: flight, isAnswer: false)
            let late = claims.filter { $0.message.isExpired(at: now) }
            queue.drained(late.count)
            return (late.map { Settlement($0, .expired) }, claims.filter { !$0.message.isExpired(at: now) })
        case .stopped(let stop):
            note(.none, of: flight, isAnswer: false)
            var due = now
            switch stop {
            case .store(let error):
                health.failed(error)
                due = now + .seconds(1)
            case .answered:
                due = now + .seconds(1)
            case .expired, .interrupted, .lost:
                break
            }
            return (
                claims.map { claim in
                    count(claim, .released)
                    return Settlement(claim, .released(at: due))
                }, []
            )
        case .failed(let error, _):
            return (await settlements(of: claims, failedWith: error, flight, at: now), [])
        }
    }

    private func settlements(
        of claims: [Claim],
        failedWith error: EskizError,
        _ flight: Flight,
        at now: Timestamp
    ) async -> [Settlement] {
        let failureClass = RetryPolicy.failureClass(of: error)
        if failureClass == .throttled {
            throttled(flight, for: error.retryAfter ?? .seconds(1))
        } else {
            note(failureClass.sign, of: flight, isAnswer: failureClass == .refused)
        }
        log(
            error.isOutcomeUnknown ? "Message has an unknown outcome" : "Message not taken",
            claims,
            [QueueLogKeys.errorCode: "\(error.code)"]
        )
        var settlements: [Settlement] = []
        for claim in claims {
            let firstTry = await firstTry(of: claim, flight)
            let verdict = draw {
                policy.verdict(on: error, for: claim, firstTry: firstTry, at: now, using: &$0)
            }
            count(claim, verdict.outcome)
            settlements.append(Settlement(claim, verdict.settlement))
        }
        queue.drained(settlements.count { !$0.result.waitsAgain })
        return settlements
    }

    /// When a message was first tried; asked for only where its age alone would give it up, because a scheduled message may
    /// be old and new at once.
    ///
    /// When a message was accepted is a record and does not move with the clock; its attempts do.
    private func firstTry(of claim: Claim, _ flight: Flight) async -> Timestamp {
        let now = clock.timestamp(on: flight.line)
        let message = claim.message
        let isPlain = message.createdAt <= now && !policy.isGivenUp(message.lane, firstTry: message.createdAt, at: now)
        if isPlain { return message.createdAt }
        do {
            let line = clock.line
            let first = try await queue.store.timeline(message.id)?.attempts.first?.preparedAt
            guard queue.areMoments(by: line) else { return now }
            return first.map { $0 - line.distance(from: flight.line) } ?? now
        } catch {
            return now
        }
    }

    /// Writes results down; a store that does not work is tried until it does, because nobody else knows them.
    private func settle(_ settlements: [Settlement], of flight: Flight, answer: TransportResponse?) async {
        guard !settlements.isEmpty else { return }
        var failures = 0
        let answered = settlements.filter(\.result.isAnswer).map(\.claim.message.id)
        defer { if failures > 0 { queue.unwritten.remove(answered) } }
        while true {
            do {
                let shift = clock.shift(since: flight.line)
                let changed = try await queue.store.settle(
                    settlements.map { $0.moved(by: shift) },
                    at: clock.timestamp
                )
                QueueFaultPoint.answered.reached()
                health.worked()
                queue.publish(changed, answer: answer)
                return
            } catch {
                health.failed(error)
                if failures == 0 { queue.unwritten.insert(answered) }
                failures += 1
                let pause = storePause(afterFailures: failures)
                let end = clock.now().elapsed.addingClamped(pause.nanoseconds)
                // Our time is over: the ledger says that bytes may have left, so the next process finds out.
                if (try? await clock.sleep(untilElapsed: end)) == nil { return }
            }
        }
    }

    private func firstReport(after now: Timestamp) -> Timestamp {
        let configuration = queue.configuration
        let hasCallbacks = configuration.callbackURL() != nil
        return now + (hasCallbacks ? configuration.firstReport.withCallbacks : configuration.firstReport.without)
    }

    private func count(_ claim: Claim, _ outcome: QueueMetrics.AttemptOutcome) {
        queue.events.metrics?.attempt(claim.message.lane, outcome)
    }

    private func log(_ text: Logger.Message, _ claims: [Claim], _ more: Logger.Metadata) {
        guard logger.logLevel <= .info, let claim = claims.first else { return }
        var metadata = QueueLogKeys.of(claim.message).merging(more) { $1 }
        metadata[QueueLogKeys.attempt] = "\(claim.attempt)"
        if claims.count > 1 { metadata[QueueLogKeys.count] = "\(claims.count)" }
        logger.info(text, metadata: metadata)
    }
}

extension RetryPolicy.FailureClass {
    /// What it says about the way to Eskiz.
    var sign: CircuitBreaker.Sign {
        switch self {
        case .unknown, .passing: .failure
        case .refused: .alive
        case .blocked(let block): .blocked(block)
        case .throttled, .interrupted: .none
        }
    }
}

extension RetryPolicy.Verdict {
    fileprivate var settlement: Settlement.Result {
        switch self {
        case .retry(let moment, let error): .retry(at: moment, error)
        case .release(let moment): .released(at: moment)
        case .fail(let error): .failed(error)
        case .expire: .expired
        case .unknown(let error, let reconcileAt): .unknown(error, reconcileAt: reconcileAt)
        }
    }

    fileprivate var outcome: QueueMetrics.AttemptOutcome {
        switch self {
        case .retry, .fail, .expire: .notTaken
        case .release: .released
        case .unknown: .unknown
        }
    }
}

extension Settlement.Result {
    /// Eskiz has said what became of the message.
    fileprivate var isAnswer: Bool {
        switch self {
        case .submitted, .failed, .retry: true
        case .released, .expired, .unknown: false
        }
    }

    /// The message is queued again.
    fileprivate var waitsAgain: Bool {
        switch self {
        case .retry, .released: true
        case .submitted, .failed, .expired, .unknown: false
        }
    }
}
