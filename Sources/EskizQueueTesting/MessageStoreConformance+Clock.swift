import Eskiz
import EskizQueue

extension MessageStoreConformance {
    private static let step = Duration.seconds(300)

    private static func anchor(_ bench: StoreBench, seenAt: Timestamp? = nil) -> ClockAnchor {
        ClockAnchor(boot: "b", line: ClockLine(offset: 7), seenAt: seenAt ?? bench.noon)
    }

    static let clock: [Check] = [
        Check("by which clock the moments go is kept, and nothing is noted at first") { bench in
            try expect(try await bench.store.clockAnchor(), is: nil, "at first")
            let isDone = try await bench.store.moveMoments(by: .zero, from: nil, to: anchor(bench))
            try expect(isDone, is: true, "noted")
            try expect(try await bench.store.clockAnchor(), is: anchor(bench), "kept")
            let nameless = ClockAnchor(boot: nil, line: ClockLine(offset: -7), seenAt: bench.noon + step)
            let isNamelessDone = try await bench.store.moveMoments(by: .zero, from: anchor(bench), to: nameless)
            try expect(isNamelessDone, is: true, "a boot without a name")
            try expect(try await bench.store.clockAnchor(), is: nameless, "kept")
        },
        Check("who comes second with the same step moves nothing") { bench in
            let message = try await bench.accept()
            let later = anchor(bench, seenAt: bench.noon + step)
            let first = try await bench.store.moveMoments(by: step, from: nil, to: later)
            let second = try await bench.store.moveMoments(by: step, from: nil, to: later)
            try expect([first, second], is: [true, false], "answers")
            try expect(try await bench.message(message.id).dueAt, is: bench.noon + step, "moved once")
        },
        Check("what waits moves with the clock: its turn, its end, its attempts, its lease") { bench in
            let end = bench.noon + .seconds(120)
            let retried = try await bench.accept(bench.new(.bulk, expiresAt: end))
            let due = bench.noon + .seconds(60)
            try await bench.settle(bench.claim(of: retried), .retry(at: due, StoreBench.failure))
            let held = try await bench.accept(bench.new(.transactional))
            let claim = try await bench.claim(of: held)
            try await bench.begin(claim, at: bench.noon + .seconds(1))
            let waiting = try await bench.accept(bench.new(.otp, expiresAt: end))
            _ = try await bench.store.moveMoments(by: step, from: nil, to: anchor(bench))
            let now = bench.noon + step
            try expect(try await bench.store.sweep(at: now, limit: 9), is: [], "nothing has expired")
            try expect(try await bench.message(waiting.id).expiresAt, is: end + step, "the end of a code")
            try expect(try await bench.message(retried.id).dueAt, is: due + step, "a retry")
            try expect(try await bench.message(retried.id).createdAt, is: bench.noon, "when it was accepted")
            try expect(try await bench.timeline(retried.id).attempts[0].preparedAt, is: now, "an attempt")
            let attempt = try await bench.timeline(held.id).attempts[0]
            try expect([attempt.preparedAt, attempt.writingAt], is: [now, now + .seconds(1)], "the attempt under way")
            let recovery = try await bench.store.recover(everythingBut: nil, at: now + .seconds(29))
            try expect(recovery, is: Recovery(), "its lease")
            let late = try await bench.store.recover(everythingBut: nil, at: now + .seconds(30))
            try expect(late.unknown.map(\.id), is: [held.id], "its lease ends in its time")
            try await bench.expectRecount()
        },
        Check("what is looked for and asked after moves with the clock, also backwards") { bench in
            let back = Duration.zero - step
            let unknown = try await bench.accept()
            let look = bench.noon + .seconds(60)
            let claim = try await bench.claim(of: unknown)
            try await bench.begin(claim, at: bench.noon + .seconds(1))
            try await bench.settle(claim, .unknown(StoreBench.failure, reconcileAt: look))
            let sent = try await bench.accept()
            let ask = bench.noon + .seconds(3)
            try await bench.settle(
                bench.claim(of: sent),
                .submitted(providerID: "u", detail: nil, nextReport: ask)
            )
            _ = try await bench.store.moveMoments(by: back, from: nil, to: anchor(bench))
            let early = try await bench.store.unsettled(at: look + back - .milliseconds(1), limit: 9)
            try expect(early, is: [], "too early")
            let due = try await bench.store.unsettled(at: look + back, limit: 9)
            try expect(due.map(\.message.id), is: [unknown.id], "looked for")
            try expect(due.map(\.writingAt), is: [bench.noon + .seconds(1) + back], "when its bytes may have left")
            let overdue = try await bench.store.overdueForReport(at: ask + back, limit: 9)
            try expect(overdue.map(\.id), is: [sent.id], "asked after")
            try expect(overdue.map(\.submittedAt), is: [bench.noon + back], "pauses count from here")
        },
        Check("a time that the caller gave stands, and so does what is over") { bench in
            let at = bench.noon + .seconds(3_600)
            let scheduled = try await bench.accept(bench.new(sendAt: at, expiresAt: at + .seconds(60)))
            let cancelled = try await bench.accept()
            _ = try await bench.store.cancel(cancelled.id, detail: nil, at: bench.noon)
            _ = try await bench.store.moveMoments(by: step, from: nil, to: anchor(bench))
            let kept = try await bench.message(scheduled.id)
            try expect([kept.dueAt, kept.expiresAt], is: [at, at + .seconds(60)], "the caller's word")
            try expect(try await bench.message(cancelled.id).finalAt, is: bench.noon, "a record")
            try expect(try await bench.store.sweep(at: at, limit: 9).map(\.id), is: [scheduled.id], "due at its time")
        },
        Check("a webhook that waits moves with the clock") { bench in
            let message = try await bench.accept(bench.new(webhookURL: "https://app.example.test/hook"))
            _ = try await bench.store.cancel(message.id, detail: nil, at: bench.noon)
            let delivery = try demand(
                try await bench.store.dueWebhooks(at: bench.noon, lease: .seconds(30), limit: 1).first,
                "no webhook"
            )
            let again = bench.noon + .seconds(5)
            try await bench.store.finishWebhook(delivery.id, .retry(at: again, reason: "502"), at: bench.noon)
            let back = Duration.zero - step
            _ = try await bench.store.moveMoments(by: back, from: nil, to: anchor(bench))
            let early = try await bench.store.dueWebhooks(
                at: again + back - .milliseconds(1),
                lease: .seconds(1),
                limit: 1
            )
            try expect(early.count, is: 0, "too early")
            let due = try await bench.store.dueWebhooks(at: again + back, lease: .seconds(1), limit: 1)
            try expect(due.map(\.id), is: [delivery.id], "in its time")
        },
        Check("what its caller has in hand is not taken back, however old its lease is") { bench in
            _ = try await bench.accept()
            let claim = try await bench.claim()
            try await bench.begin(claim)
            let late = bench.noon + .seconds(3_600)
            let recovery = try await bench.store.recover(
                everythingBut: nil,
                sparing: [claim.message.id],
                at: late
            )
            try expect(recovery, is: Recovery(), "spared")
            let taken = Settlement.Result.submitted(providerID: "u", detail: nil, nextReport: nil)
            try expect(try await bench.settle(claim, taken)?.state, is: .submitted, "and still its own")
        },
    ]
}
