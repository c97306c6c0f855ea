import Eskiz
import EskizQueue

extension MessageStoreConformance {
    static let settling: [Check] = [
        Check("submitted: Eskiz's UUID, the moment, and when to ask for the delivery") { bench in
            let message = try await bench.accept()
            let claim = try await bench.claim()
            try await bench.begin(claim)
            let now = bench.noon + .seconds(2)
            let result = Settlement.Result.submitted(
                providerID: "u-1",
                detail: "waiting",
                nextReport: now + .seconds(60)
            )
            let settled = try demand(try await bench.settle(claim, result, at: now), "not in the answer")
            try expect(settled.state, is: .submitted, "state")
            try expect(settled.providerID, is: "u-1", "UUID")
            try expect(settled.statusDetail, is: "waiting", "detail")
            try expect(settled.submittedAt, is: now, "moment")
            try expect(settled.finalAt, is: nil, "final")
            try expect(try await bench.message(message.id), is: settled, "the message, read again")
            let attempt = try demand(try await bench.timeline(message.id).attempts.first, "no attempt")
            try expect(attempt.phase, is: .answered, "phase")
            try expect(attempt.outcome, is: .taken, "outcome")
            try expect(attempt.providerID, is: "u-1", "UUID in the ledger")
            try expect(attempt.answeredAt, is: now, "moment in the ledger")
            try expect(try await bench.store.overdueForReport(at: now + .seconds(59), limit: 9), is: [], "early")
            try expect(try await bench.store.overdueForReport(at: now + .seconds(60), limit: 9), is: [settled], "due")
        },
        Check("retry: queued again for then, with its error, and the attempt counts") { bench in
            let message = try await bench.accept()
            let then = bench.noon + .seconds(4)
            let settled = try await bench.settle(bench.claim(), .retry(at: then, StoreBench.failure))
            try expect(settled?.state, is: .queued, "state")
            try expect(settled?.dueAt, is: then, "due")
            try expect(settled?.error, is: StoreBench.failure, "error")
            try expect(settled?.attempts, is: 1, "attempts")
            let second = try await bench.claim(at: then)
            try expect(second.attempt, is: 2, "second attempt")
            let attempts = try await bench.timeline(message.id).attempts
            try expect(attempts.map(\.number), is: [1, 2], "numbers")
            try expect(attempts.map(\.outcome), is: [.notTaken, nil], "outcomes")
            try expect(attempts[0].error, is: StoreBench.failure, "error in the ledger")
        },
        Check("released: queued again without counting as an attempt") { bench in
            let message = try await bench.accept()
            for _ in 0..<3 {
                let settled = try await bench.settle(bench.claim(), .released(at: bench.noon))
                try expect(settled?.state, is: .queued, "state")
                try expect(settled?.attempts, is: 0, "attempts")
                try expect(settled?.error, is: nil, "error")
            }
            try expect(try await bench.claim().attempt, is: 1, "the next is the first again")
            try expect(try await bench.timeline(message.id).attempts.count, is: 1, "ledger")
        },
        Check("failed: for good, with its error") { bench in
            let message = try await bench.accept()
            let settled = try await bench.settle(
                bench.claim(),
                .failed(StoreBench.failure),
                at: bench.noon + .seconds(1)
            )
            try expect(settled?.state, is: .failed, "state")
            try expect(settled?.error, is: StoreBench.failure, "error")
            try expect(settled?.finalAt, is: bench.noon + .seconds(1), "final")
            try expect(try await bench.timeline(message.id).attempts.map(\.outcome), is: [.notTaken], "outcome")
        },
        Check("expired: for good") { bench in
            _ = try await bench.accept()
            let settled = try await bench.settle(bench.claim(), .expired)
            try expect(settled?.state, is: .expired, "state")
            try expect(settled?.finalAt, is: bench.noon, "final")
        },
        Check("unknown: with its error, and the reconciler looks for it from then on") { bench in
            let message = try await bench.accept()
            let claim = try await bench.claim()
            let writing = bench.noon + .seconds(1)
            try await bench.begin(claim, at: writing)
            let look = bench.noon + .seconds(60)
            let settled = try demand(
                try await bench.settle(claim, .unknown(StoreBench.failure, reconcileAt: look)),
                "not in the answer"
            )
            try expect(settled.state, is: .unknown, "state")
            try expect(settled.error, is: StoreBench.failure, "error")
            try expect(settled.finalAt, is: nil, "it is not settled")
            try expect(try await bench.timeline(message.id).attempts.map(\.outcome), is: [.unknown], "outcome")
            try expect(try await bench.store.unsettled(at: look - .milliseconds(1), limit: 9), is: [], "early")
            try expect(
                try await bench.store.unsettled(at: look, limit: 9),
                is: [UnsettledMessage(message: settled, writingAt: writing, firstTryAt: bench.noon, absences: 0)],
                "due"
            )
        },
        Check("several are settled in one step, and come back in their order") { bench in
            let messages = try await bench.acceptAll((0..<4).map { _ in bench.new() })
            let claims = try await bench.claimResult().claims
            let settled = try await bench.store.settle(
                [
                    Settlement(claims[2], .submitted(providerID: "u-3", detail: nil, nextReport: nil)),
                    Settlement(claims[0], .failed(StoreBench.failure)),
                    Settlement(claims[3], .released(at: bench.noon)),
                    Settlement(claims[1], .expired),
                ],
                at: bench.noon
            )
            try expect(settled.map(\.id), is: [2, 0, 3, 1].map { messages[$0].id }, "order")
            try expect(settled.map(\.state), is: [.submitted, .failed, .queued, .expired], "states")
            try await bench.expectRecount()
        },
        Check("a report that comes before the answer is not undone: the state stays, the receipt is added") { bench in
            let message = try await bench.accept()
            let claim = try await bench.claim()
            try await bench.begin(claim)
            let effect = try await bench.record(.delivered, for: message.id, at: bench.noon + .seconds(1))
            guard case .advanced(let delivered, stateChanged: true) = effect else {
                throw ConformanceFailure(description: "a report before the answer said \(effect)")
            }
            try expect(delivered.state, is: .delivered, "state")
            let settled = try await bench.settle(
                claim,
                .submitted(providerID: "u-1", detail: "waiting", nextReport: bench.noon + .seconds(60)),
                at: bench.noon + .seconds(2)
            )
            try expect(settled?.state, is: .delivered, "the state stays")
            try expect(settled?.statusDetail, is: "delivered", "so does its detail")
            try expect(settled?.providerID, is: "u-1", "the receipt is added")
            try expect(try await bench.timeline(message.id).attempts.map(\.outcome), is: [.taken], "ledger")
            try expect(
                try await bench.store.overdueForReport(at: bench.noon + .seconds(99), limit: 9),
                is: [],
                "overdue"
            )
        },
        Check("what is known by report outweighs an answer that says less") { bench in
            let results: [Settlement.Result] = [
                .unknown(StoreBench.failure, reconcileAt: bench.noon), .retry(at: bench.noon, StoreBench.failure),
                .failed(StoreBench.failure), .released(at: bench.noon), .expired,
            ]
            for (index, result) in results.enumerated() {
                for status in [MessageStatus.delivered, .accepted, .rejected] {
                    let message = try await bench.accept()
                    let claim = try await bench.claim(of: message)
                    try await bench.begin(claim)
                    try await bench.record(status, for: message.id)
                    let before = try await bench.message(message.id).state
                    try expect(before != .sending, "\(status) says that Eskiz has it")
                    let settled = try await bench.settle(claim, result)
                    try expect(settled?.state, is: before, "\(status), then result \(index)")
                    try expect(try await bench.claimResult().claims.map(\.message.id), is: [], "it is not sent again")
                }
            }
            try await bench.expectRecount()
        },
    ]

    static let recovering: [Check] = [
        Check("prepared is queued again without counting; writing becomes unknown") { bench in
            let messages = try await bench.acceptAll([bench.new(), bench.new()])
            let claims = try await bench.claimResult(owner: "before").claims
            try await bench.begin(claims[1], at: bench.noon + .seconds(1))
            let now = bench.noon + .seconds(2)
            let recovery = try await bench.store.recover(everythingBut: "after", at: now)
            try expect(recovery.queued.map(\.id), is: [messages[0].id], "queued")
            try expect(recovery.unknown.map(\.id), is: [messages[1].id], "unknown")
            try expect(recovery.queued[0].state, is: .queued, "state")
            try expect(recovery.queued[0].attempts, is: 0, "attempts")
            try expect(recovery.queued[0].dueAt, is: messages[0].dueAt, "it keeps its place")
            try expect(recovery.unknown[0].state, is: .unknown, "state")
            try expect(recovery.unknown[0].error != nil, "an unknown says why")
            try expect(try await bench.timeline(messages[0].id).attempts.map(\.outcome), is: [.abandoned], "ledger")
            try expect(try await bench.timeline(messages[1].id).attempts.map(\.outcome), is: [.unknown], "ledger")
            let unsettled = try await bench.store.unsettled(at: now, limit: 9)
            try expect(unsettled.map(\.writingAt), is: [bench.noon + .seconds(1)], "when the first byte may have left")
            // The owner is not dead after all: what it held is not its own any more. Only an answer still counts (`late`).
            for claim in claims { try await expectLost { try await bench.begin(claim) } }
            try expect(try await bench.settle(claims[0], .failed(StoreBench.failure)), is: nil, "nothing had left")
            try expect(try await bench.claim(at: now).attempt, is: 1, "sent again as the first attempt")
            try await bench.expectRecount()
        },
        Check("an owner takes back what it was not told of, and keeps what it has in hand") { bench in
            let messages = try await bench.acceptAll([bench.new(), bench.new(), bench.new()])
            let mine = try await bench.claimResult(limit: 2, owner: "a").claims
            let others = try await bench.claimResult(owner: "b").claims
            try await bench.begin(mine[0])
            let recovery = try await bench.store.recover(claimsOf: "a", sparing: [mine[0].message.id], at: bench.noon)
            try expect(recovery.queued.map(\.id), is: [messages[1].id], "queued")
            try expect(recovery.queued[0].attempts, is: 0, "it does not count")
            try expect(recovery.unknown.isEmpty, "unknown")
            try await bench.begin(others[0])
            try await expectLost { try await bench.begin(mine[1]) }
            let taken = Settlement.Result.submitted(providerID: "u", detail: nil, nextReport: nil)
            try expect(try await bench.settle(mine[0], taken)?.state, is: .submitted, "in hand")
            try await bench.expectRecount()
        },
        Check("an owner's own claims are left alone") { bench in
            _ = try await bench.accept()
            let claim = try await bench.claim(owner: "a")
            let recovery = try await bench.store.recover(everythingBut: "a", at: bench.noon + .seconds(999))
            try expect(recovery, is: Recovery(), "recovery")
            try await bench.begin(claim)
        },
        Check("without an owner only what has outlived its lease is taken back") { bench in
            _ = try await bench.accept()
            let claim = try await bench.claim()
            let lease = bench.noon + .seconds(30)
            let early = try await bench.store.recover(everythingBut: nil, at: lease - .milliseconds(1))
            try expect(early, is: Recovery(), "before its end")
            try await bench.store.extendLeases(owner: "a", until: lease + .seconds(30))
            try await bench.store.extendLeases(owner: "b", until: lease)
            try expect(try await bench.store.recover(everythingBut: nil, at: lease), is: Recovery(), "extended")
            let recovery = try await bench.store.recover(everythingBut: nil, at: lease + .seconds(30))
            try expect(recovery.queued.map(\.id), is: [claim.message.id], "at its end")
            let nothing = try await bench.store.recover(everythingBut: nil, at: lease + .seconds(99))
            try expect(nothing, is: Recovery(), "once is enough")
        },
        Check("what a report has settled is not taken back") { bench in
            let message = try await bench.accept()
            let claim = try await bench.claim()
            try await bench.begin(claim)
            try await bench.record(.accepted, for: message.id)
            let recovery = try await bench.store.recover(everythingBut: "b", at: bench.noon)
            try expect(recovery, is: Recovery(), "recovery")
            try expect(try await bench.message(message.id).state, is: .submitted, "state")
            try expect(try await bench.timeline(message.id).attempts.map(\.outcome), is: [.taken], "ledger")
        },
    ]

    static let time: [Check] = [
        Check("a sweep queues what is due and lets expire what waited too long, up to a limit of each") { bench in
            let scheduled = try await bench.acceptAll(
                (1...3).map { bench.new(sendAt: bench.noon + .seconds($0)) }
            )
            let waiting = try await bench.acceptAll((1...3).map { bench.new(expiresAt: bench.noon + .seconds($0)) })
            let both = try await bench.accept(
                bench.new(sendAt: bench.noon + .seconds(9), expiresAt: bench.noon + .seconds(2))
            )
            try expect(try await bench.store.sweep(at: bench.noon, limit: 9), is: [], "nothing is due")
            let one = try await bench.store.sweep(at: bench.noon + .seconds(3), limit: 1)
            try expect(Set(one.map(\.id)), is: [scheduled[0].id, waiting[0].id], "the first of each")
            _ = try await bench.store.sweep(at: bench.noon + .seconds(3), limit: 9)
            for message in scheduled { try expect(try await bench.message(message.id).state, is: .queued, "scheduled") }
            for message in waiting { try expect(try await bench.message(message.id).state, is: .expired, "waiting") }
            try expect(try await bench.message(both.id).state, is: .expired, "expired before its time had come")
            try await bench.expectRecount()
        },
        Check("what is being sent does not expire by a sweep") { bench in
            let message = try await bench.accept(bench.new(expiresAt: bench.noon + .seconds(1)))
            _ = try await bench.claim()
            try expect(try await bench.store.sweep(at: bench.noon + .seconds(2), limit: 9), is: [], "swept")
            try expect(try await bench.message(message.id).state, is: .sending, "state")
        },
        Check("pruning forgets what became final before a moment, and nothing else") { bench in
            let key = IdempotencyKey(apiKeyID: "k_1", key: "order-1", fingerprint: [1])
            let url = "https://app.example.test"
            _ = try await bench.store.accept([bench.new(webhookURL: url)], batch: nil, idempotency: key, at: bench.noon)
            let old = try await bench.allMessages()[0]
            let raw = RawReport(receivedAt: bench.noon, contentType: "application/json", body: [1])
            let rawID = try await bench.store.keep(raw)
            let claim = try await bench.claim()
            try await bench.begin(claim)
            try await bench.settle(claim, .submitted(providerID: "u-1", detail: nil, nextReport: nil))
            _ = try await bench.store.record(bench.report(.delivered), for: .number(old.id), raw: rawID, at: bench.noon)
            let later = bench.noon + .seconds(1)
            let open = try await bench.submitted(providerID: "u-2", nextReport: later)
            let recent = try await bench.accept(at: later)
            _ = try await bench.store.cancel(recent.id, detail: nil, at: later)
            for delivery in try await bench.store.dueWebhooks(at: bench.noon, lease: .seconds(9), limit: 9) {
                try await bench.store.finishWebhook(delivery.id, .delivered, at: bench.noon)
            }
            try expect(try await bench.store.prune(finalBefore: bench.noon, limit: 9), is: 0, "not before its moment")
            try expect(try await bench.store.prune(finalBefore: later, limit: 9), is: 1, "one")
            try expect(try await bench.store.message(old.id), is: nil, "the old one")
            try expect(try await bench.store.timeline(old.id), is: nil, "its timeline")
            try expect(try await bench.store.dueWebhooks(at: later, lease: .seconds(9), limit: 9), is: [], "webhooks")
            try expect(try await bench.message(open.id).state, is: .submitted, "what is asked after stays, however old")
            try expect(try await bench.message(recent.id).state, is: .cancelled, "what is recent stays")
            try expect(try await bench.store.answer(for: key), is: nil, "the answer to a key that was forgotten")
            let again = try await bench.store.accept([bench.new()], batch: nil, idempotency: key, at: later)
            guard case .accepted(let messages, _) = again else {
                throw ConformanceFailure(description: "the idempotency key was not forgotten: \(again)")
            }
            try expect(messages[0].id > recent.id, "its number is not given again")
            try await bench.expectRecount()
        },
        Check("pruning forgets what was submitted long ago and is not asked after any more") { bench in
            let later = bench.noon + .seconds(9)
            let silent = try await bench.submitted(providerID: "u-1")
            let recent = try await bench.submitted(providerID: "u-2", at: later)
            let waiting = try await bench.accept(bench.new(sendAt: later + .seconds(60)))
            try expect(try await bench.store.prune(finalBefore: bench.noon, limit: 9), is: 0, "not before its moment")
            try expect(try await bench.store.prune(finalBefore: later, limit: 0), is: 0, "none is none")
            try expect(try await bench.store.prune(finalBefore: later, limit: 9), is: 1, "one")
            try expect(try await bench.store.message(silent.id), is: nil, "the silent one")
            try expect(try await bench.message(recent.id).state, is: .submitted, "what is recent stays")
            try expect(try await bench.message(waiting.id).state, is: .scheduled, "what is not sent stays")
            try await bench.expectRecount()
        },
        Check("pruning spares a message while an application is still to be told of it") { bench in
            let url = "https://app.example.test/hook"
            let message = try await bench.accept(bench.new(webhookURL: url))
            _ = try await bench.store.cancel(message.id, detail: nil, at: bench.noon)
            let sent = try await bench.submitted(bench.new(webhookURL: url))
            let later = bench.noon + .seconds(90 * 86_400)
            try expect(try await bench.store.prune(finalBefore: later, limit: 9), is: 0, "both are to be told")
            let due = try await bench.store.dueWebhooks(at: later, lease: .seconds(30), limit: 9)
            try expect(due.count, is: 2, "webhooks")
            try await bench.store.finishWebhook(due[0].id, .retry(at: later + .seconds(5), reason: "502"), at: later)
            try expect(try await bench.store.prune(finalBefore: later, limit: 9), is: 0, "one is tried again")
            for delivery in due {
                let result: WebhookResult = delivery.messageID == sent.id ? .delivered : .dead(reason: "gone")
                try await bench.store.finishWebhook(delivery.id, result, at: later)
            }
            try expect(try await bench.store.prune(finalBefore: later, limit: 9), is: 2, "told, or given up")
            try await bench.expectRecount()
        },
        Check("pruning spares what needs a person until somebody has decided") { bench in
            let message = try await bench.unknown(bench.new())
            let error = StoreBench.failure
            _ = try await bench.store.settleUnknown(message.id, as: .needsPerson(error), at: bench.noon)
            let later = bench.noon + .seconds(90 * 86_400)
            try expect(try await bench.store.prune(finalBefore: later, limit: 9), is: 0, "nobody has decided")
            _ = try await bench.store.settleUnknown(message.id, as: .unknownForGood(error), at: later)
            try expect(try await bench.store.prune(finalBefore: later + .seconds(1), limit: 9), is: 1, "decided")
            try await bench.expectRecount()
        },
        Check("pruning goes in steps of its limit") { bench in
            let messages = try await bench.acceptAll((0..<5).map { _ in bench.new() })
            for message in messages { _ = try await bench.store.cancel(message.id, detail: nil, at: bench.noon) }
            let later = bench.noon + .seconds(1)
            var steps: [Int] = []
            for _ in 0..<4 { steps.append(try await bench.store.prune(finalBefore: later, limit: 2)) }
            try expect(steps, is: [2, 2, 1, 0], "steps")
        },
        Check("an idempotency key is kept as long as one of its messages") { bench in
            let key = IdempotencyKey(apiKeyID: "k_1", key: "order-1", fingerprint: [1])
            let new = [bench.new(), bench.new()]
            _ = try await bench.store.accept(new, batch: nil, idempotency: key, at: bench.noon)
            let first = try demand(try await bench.allMessages().last, "nothing accepted")
            _ = try await bench.store.cancel(first.id, detail: nil, at: bench.noon)
            _ = try await bench.store.prune(finalBefore: bench.noon + .seconds(1), limit: 9)
            guard
                case .repeated(let rest) = try await bench.store.accept(
                    new,
                    batch: nil,
                    idempotency: key,
                    at: bench.noon
                )
            else { throw ConformanceFailure(description: "the key was forgotten too early") }
            try expect(rest.count, is: 1, "what is left of it")
        },
        Check("a message that has not been handed to a dispatcher can be cancelled") { bench in
            let queued = try await bench.accept(bench.new(webhookURL: "https://app.example.test"))
            let scheduled = try await bench.accept(bench.new(sendAt: bench.noon + .seconds(9)))
            for id in [queued.id, scheduled.id] {
                let answer = try await bench.store.cancel(id, detail: "by request", at: bench.noon + .seconds(1))
                guard case .cancelled(let message) = answer else { throw ConformanceFailure(description: "\(answer)") }
                try expect(message.state, is: .cancelled, "state")
                try expect(message.statusDetail, is: "by request", "detail")
                try expect(message.finalAt, is: bench.noon + .seconds(1), "final")
                try expect(try await bench.message(id), is: message, "the message, read again")
                let again = try await bench.store.cancel(id, detail: "again", at: bench.noon)
                try expect(again, is: .refused(message), "once is enough")
            }
            try expect(try await bench.claimResult().claims, is: [], "nothing is sent")
        },
        Check("what is being sent or over cannot be cancelled, and what is unknown to the store is not found") {
            bench in
            let sending = try await bench.accept()
            _ = try await bench.claim()
            let held = try await bench.message(sending.id)
            try expect(
                try await bench.store.cancel(sending.id, detail: nil, at: bench.noon),
                is: .refused(held),
                "sending"
            )
            let submitted = try await bench.submitted(providerID: "u-9")
            try expect(
                try await bench.store.cancel(submitted.id, detail: nil, at: bench.noon),
                is: .refused(submitted),
                "submitted"
            )
            try expect(
                try await bench.store.cancel(MessageID(1), detail: nil, at: bench.noon),
                is: .notFound,
                "no such"
            )
        },
    ]
}
