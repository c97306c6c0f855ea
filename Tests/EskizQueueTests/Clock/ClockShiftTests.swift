import Eskiz
import EskizQueue
import Testing

/// Which stored moments move with the clock: the whole table.
struct ClockShiftTests {
    private static let step = Duration.seconds(300)

    /// A message in which each moment is another one.
    private func stored(_ state: MessageState, settled: Bool = false) -> StoredMessage {
        var message = sampleMessage(1, lane: .otp, state: state)
        message.createdAt = start
        message.dueAt = start + .seconds(1)
        message.expiresAt = start + .seconds(2)
        message.submittedAt = start + .seconds(3)
        message.finalAt = state.isFinal || settled ? start + .seconds(4) : nil
        return StoredMessage(
            message: message,
            owner: "a",
            leaseUntil: start + .seconds(5),
            reportAt: state == .submitted ? start + .seconds(6) : nil,
            reconcileAt: state == .unknown && !settled ? start + .seconds(7) : nil
        )
    }

    /// The names of the moments that moved; each by the whole step, or not at all.
    private func moved(_ old: StoredMessage) -> Set<String> {
        let new = old.moved(by: Self.step)
        let moments: [(String, Timestamp?, Timestamp?)] = [
            ("created", old.message.createdAt, new.message.createdAt), ("due", old.message.dueAt, new.message.dueAt),
            ("expires", old.message.expiresAt, new.message.expiresAt),
            ("submitted", old.message.submittedAt, new.message.submittedAt),
            ("final", old.message.finalAt, new.message.finalAt), ("lease", old.leaseUntil, new.leaseUntil),
            ("report", old.reportAt, new.reportAt), ("reconcile", old.reconcileAt, new.reconcileAt),
        ]
        return Set(
            moments.compactMap { name, before, after in
                guard before != after else { return nil }
                #expect(after == before.map { $0 + Self.step }, "\(name)")
                return name
            }
        )
    }

    @Test(arguments: MessageState.allCases)
    func `what means so long after something moves, promises and records stand`(_ state: MessageState) {
        let expected: Set<String> =
            switch state {
            case .scheduled: []
            case .queued, .sending: ["due", "expires"]
            case .unknown: ["due", "expires", "reconcile"]
            case .submitted: ["submitted", "report"]
            case .delivered, .undelivered, .failed, .expired, .cancelled: []
            }
        // A claim that is held is one whatever the state.
        #expect(moved(stored(state)) == expected.union(["lease"]))
        #expect(stored(state).movesAttempts == [.queued, .sending, .unknown].contains(state))
    }

    @Test func `an unknown that was settled for good is over`() {
        #expect(moved(stored(.unknown, settled: true)) == ["lease"])
        #expect(!stored(.unknown, settled: true).movesAttempts)
    }

    @Test func `a submitted message that nobody asks after any more is over`() {
        var silent = stored(.submitted)
        silent.reportAt = nil
        #expect(moved(silent) == ["lease"])
    }

    @Test func `there and back again is nothing`() {
        for state in MessageState.allCases {
            let old = stored(state)
            #expect(old.moved(by: Self.step).moved(by: .zero - Self.step) == old)
        }
    }

    @Test func `what a flight settles moves with it, a last word does not`() {
        let claim = Claim(message: sampleMessage(), attempt: 1, fence: 1)
        let error = MessageError(code: "x", message: "X.")
        let moves: [Settlement.Result] = [
            .submitted(providerID: "u", detail: nil, nextReport: start), .retry(at: start, error),
            .released(at: start), .unknown(error, reconcileAt: start),
        ]
        for result in moves {
            switch Settlement(claim, result).moved(by: Self.step).result {
            case .submitted(_, _, let moment): #expect(moment == start + Self.step)
            case .retry(let moment, _), .released(let moment), .unknown(_, let moment):
                #expect(moment == start + Self.step)
            case .failed, .expired: Issue.record("another result")
            }
        }
        if case .failed = Settlement(claim, .failed(error)).moved(by: Self.step).result {
        } else {
            Issue.record("another result")
        }
    }
}
