import Eskiz
import EskizQueue
import EskizText

extension MessageStoreConformance {
    /// Amends a message that has to let itself be amended.
    private static func amend(
        _ message: Message,
        with amendment: MessageAmendment,
        _ bench: StoreBench,
        at now: Timestamp? = nil
    ) async throws -> (message: Message, stateChanged: Bool) {
        let amending = try await bench.store.amend(message.id, with: amendment, at: now ?? bench.noon)
        guard case .amended(let after, let stateChanged) = amending else {
            throw ConformanceFailure(description: "it was not amended: \(amending)")
        }
        try expect(try await bench.message(message.id), is: after, "what is kept is what was answered")
        try await bench.expectRecount()
        return (after, stateChanged)
    }

    /// Demands that a message does not let itself be amended, and stays as it is.
    private static func expectRefusal(
        _ id: MessageID,
        _ what: String,
        _ bench: StoreBench,
        at now: Timestamp? = nil
    ) async throws {
        let before = try await bench.message(id)
        let amendment = MessageAmendment(
            sendAt: bench.noon + .seconds(600),
            lifetime: .seconds(5),
            text: .init(text: "other", segments: 2, encoding: .ucs2)
        )
        let amending = try await bench.store.amend(id, with: amendment, at: now ?? bench.noon)
        try expect(amending, is: .refused(before), what)
        try expect(try await bench.message(id), is: before, "\(what): nothing changed")
    }

    static let amending: [Check] = [
        Check("a message that waits can be put off: it is scheduled, and comes when it is due") { bench in
            let message = try await bench.accept()
            let later = bench.noon + .seconds(60)
            let (after, stateChanged) = try await amend(message, with: .init(sendAt: later), bench)
            try expect(after.state, is: .scheduled, "state")
            try expect(after.dueAt, is: later, "due")
            try expect(stateChanged, "its state has changed")
            try expect(after.text, is: message.text, "text")
            let early = try await bench.claimResult(at: later - .milliseconds(1))
            try expect(early.claims, is: [], "too early")
            try expect(early.nextDue, is: later, "the moment is told")
            _ = try await bench.store.sweep(at: later, limit: 10)
            try expect(try await bench.claim(at: later).message.id, is: message.id, "due")
        },
        Check("a message that is scheduled can be brought forward: it waits at once") { bench in
            let message = try await bench.accept(bench.new(sendAt: bench.noon + .seconds(600)))
            let past = bench.noon - .seconds(5)
            let (after, stateChanged) = try await amend(message, with: .init(sendAt: past), bench)
            try expect(after.state, is: .queued, "state")
            try expect(after.dueAt, is: bench.noon, "no moment before now")
            try expect(stateChanged, "its state has changed")
            try expect(try await bench.claim().message.id, is: message.id, "it can be claimed")
        },
        Check("what is put off keeps its lifetime, and a new lifetime counts from when it is due") { bench in
            let message = try await bench.accept(bench.new(expiresAt: bench.noon + .seconds(90)))
            let later = bench.noon + .seconds(600)
            let (moved, _) = try await amend(message, with: .init(sendAt: later), bench)
            try expect(moved.expiresAt, is: later + .seconds(90), "it keeps its lifetime")
            let (shorter, stateChanged) = try await amend(message, with: .init(lifetime: .seconds(20)), bench)
            try expect(shorter.expiresAt, is: later + .seconds(20), "from when it is due")
            try expect(!stateChanged, "its state has not changed")
            _ = try await bench.store.sweep(at: later, limit: 10)
            let over = try await bench.claimResult(at: later + .seconds(20))
            try expect(over.expired.map(\.id), is: [message.id], "it ends by its new lifetime")
        },
        Check("a message that is due can get a lifetime, from now") { bench in
            let message = try await bench.accept()
            let now = bench.noon + .seconds(30)
            let (after, _) = try await amend(message, with: .init(lifetime: .seconds(60)), bench, at: now)
            try expect(after.expiresAt, is: now + .seconds(60), "end")
        },
        Check("a text is changed with what it costs, and the new one is sent") { bench in
            let message = try await bench.accept()
            let text = MessageAmendment.Text(text: "Сизнинг буюртмангиз тайёр", segments: 1, encoding: .ucs2)
            let (after, stateChanged) = try await amend(message, with: .init(text: text), bench)
            try expect(after.text, is: text.text, "text")
            try expect(after.segments, is: 1, "segments")
            try expect(after.encoding, is: .ucs2, "encoding")
            try expect(after.state, is: .queued, "state")
            try expect(!stateChanged, "its state has not changed")
            try expect(try await bench.claim().message.text, is: text.text, "what is claimed")
        },
        Check("what a dispatcher has taken is not changed, and neither is what was tried before") { bench in
            let message = try await bench.accept()
            let claim = try await bench.claim(of: message)
            try await expectRefusal(message.id, "claimed", bench)
            try await bench.begin(claim)
            try await expectRefusal(message.id, "writing", bench)
            try await bench.settle(claim, .retry(at: bench.noon + .seconds(10), StoreBench.failure))
            try await expectRefusal(message.id, "tried", bench)
        },
        Check("a claim that was given back without a try leaves a message as it was: it can be changed") { bench in
            let message = try await bench.accept()
            try await bench.settle(bench.claim(of: message), .released(at: bench.noon))
            let (after, _) = try await amend(message, with: .init(lifetime: .seconds(5)), bench)
            try expect(after.expiresAt, is: bench.noon + .seconds(5), "end")
        },
        Check("what is over, or out of time, or one of a batch, is not changed") { bench in
            let cancelled = try await bench.accept()
            _ = try await bench.store.cancel(cancelled.id, detail: nil, at: bench.noon)
            try await expectRefusal(cancelled.id, "cancelled", bench)
            let submitted = try await bench.submitted()
            try await expectRefusal(submitted.id, "submitted", bench)
            let late = try await bench.accept(bench.new(expiresAt: bench.noon + .seconds(5)))
            try await expectRefusal(late.id, "out of time", bench, at: bench.noon + .seconds(5))
            let batch = try await bench.acceptAll([bench.new(), bench.new()], batch: NewBatch(dispatchID: 77))
            try await expectRefusal(batch[0].id, "one of a batch", bench)
            try await bench.expectRecount()
        },
        Check("of a message that is not there, that is said") { bench in
            let message = try await bench.accept()
            let other = MessageID(message.id.rawValue + 1)
            let amending = try await bench.store.amend(other, with: .init(lifetime: .seconds(5)), at: bench.noon)
            try expect(amending, is: .notFound, "answer")
        },
    ]
}
