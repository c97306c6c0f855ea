import Eskiz
import EskizQueue

extension MessageStoreConformance {
    static let claiming: [Check] = [
        Check("a claim begins an attempt: phase prepared, state sending, one more attempt") { bench in
            let message = try await bench.accept()
            let claim = try await bench.claim()
            try expect(claim.message.id, is: message.id, "message")
            try expect(claim.message.state, is: .sending, "state")
            try expect(claim.message.attempts, is: 1, "attempts")
            try expect(claim.attempt, is: 1, "attempt")
            try expect(claim.message.text, is: message.text, "text")
            let attempts = try await bench.timeline(message.id).attempts
            try expect(attempts, is: [Attempt(number: 1, phase: .prepared, preparedAt: bench.noon)], "ledger")
            try expect(try await bench.claimResult().claims, is: [], "it cannot be claimed twice")
        },
        Check("lanes are served in the order of the request, each up to its share, and all up to the limit") { bench in
            for lane in Lane.allCases { _ = try await bench.acceptAll((0..<4).map { _ in bench.new(lane) }) }
            let first = try await bench.claimResult(
                [.init(.bulk, 2), .init(.otp, 1), .init(.transactional, 9)],
                limit: 5
            )
            try expect(
                first.claims.map(\.message.lane),
                is: [.bulk, .bulk, .otp, .transactional, .transactional],
                "lanes"
            )
            let second = try await bench.claimResult([.init(.otp, 2), .init(.bulk, 1), .init(.otp, 5)], limit: 10)
            try expect(second.claims.map(\.message.lane), is: [.otp, .otp, .bulk, .otp], "a lane may come twice")
            try expect(try await bench.claimResult([.init(.bulk, 0)], limit: 5).claims, is: [], "a share of nothing")
            try expect(try await bench.claimResult(limit: 0).claims, is: [], "a limit of nothing")
        },
        Check("within a lane the one that is due longest comes first, then the older one") { bench in
            let early = bench.noon + .seconds(1)
            let late = try await bench.accept(bench.new(text: "third"), at: early)
            let scheduled = try await bench.accept(bench.new(text: "first", sendAt: bench.noon + .milliseconds(500)))
            let twin = try await bench.accept(bench.new(text: "fourth"), at: early)
            _ = try await bench.store.sweep(at: bench.noon + .seconds(2), limit: 10)
            let claims = try await bench.claimResult(at: bench.noon + .seconds(2)).claims
            try expect(claims.map(\.message.id), is: [scheduled.id, late.id, twin.id], "order")
        },
        Check("what is not due is not claimed, and the next moment is told") { bench in
            let message = try await bench.accept()
            let retryAt = bench.noon + .seconds(10)
            try await bench.settle(bench.claim(of: message), .retry(at: retryAt, StoreBench.failure))
            _ = try await bench.accept(bench.new(sendAt: bench.noon + .seconds(20)))
            let early = try await bench.claimResult(at: retryAt - .milliseconds(1))
            try expect(early.claims, is: [], "too early")
            try expect(early.nextDue, is: retryAt, "next")
            let due = try await bench.claimResult(at: retryAt)
            try expect(due.claims.map(\.message.id), is: [message.id], "due")
            try expect(due.nextDue, is: bench.noon + .seconds(20), "the scheduled one is next")
            _ = try await bench.store.sweep(at: bench.noon + .seconds(20), limit: 10)
            try expect(try await bench.claimResult(at: bench.noon + .seconds(20)).nextDue, is: nil, "nothing is left")
        },
        Check("a message whose time has passed expires on the way, the very moment included") { bench in
            let url = "https://app.example.test"
            let over = try await bench.accept(bench.new(webhookURL: url, expiresAt: bench.noon + .seconds(5)))
            let good = try await bench.accept(bench.new(expiresAt: bench.noon + .milliseconds(5_001)))
            let result = try await bench.claimResult(limit: 1, at: bench.noon + .seconds(5))
            try expect(result.claims.map(\.message.id), is: [good.id], "claims")
            try expect(result.expired.map(\.id), is: [over.id], "expired")
            try expect(result.expired.first?.state, is: .expired, "state")
            try expect(result.expired.first?.finalAt, is: bench.noon + .seconds(5), "final")
            try expect(result.expired.first?.attempts, is: 0, "attempts")
            try expect(try await bench.timeline(over.id).webhooks.map(\.state), is: [.expired], "webhooks")
        },
        Check("many that have expired do not keep the others from being claimed") { bench in
            _ = try await bench.acceptAll((0..<2_500).map { _ in bench.new(.bulk, expiresAt: bench.noon) })
            let good = try await bench.accept(bench.new(.bulk))
            var claims: [Claim] = []
            var rounds = 0
            while rounds < 10 {
                let result = try await bench.claimResult(limit: 3, at: bench.noon + .seconds(1))
                claims += result.claims
                rounds += 1
                guard let next = result.nextDue, next <= bench.noon + .seconds(1) else { break }
            }
            try expect(claims.map(\.message.id), is: [good.id], "claims")
            try await bench.expectRecount()
        },
    ]

    static let batches: [Check] = [
        Check("messages of one batch come together, beyond the limits, and know their batch") { bench in
            let batch = try await bench.acceptAll(
                (0..<5).map { bench.new(.bulk, phone: "99890123456\($0)") },
                batch: NewBatch(dispatchID: 77)
            )
            for message in batch {
                try expect(message.batch, is: .init(id: batch[0].id, dispatchID: 77), "batch of \(message.id)")
            }
            let single = try await bench.accept(bench.new(.bulk))
            let result = try await bench.claimResult([.init(.bulk, 1)], limit: 1)
            try expect(result.claims.map(\.message.id), is: batch.map(\.id), "claims")
            let rest = try await bench.claimResult([.init(.bulk, 1)], limit: 1)
            try expect(rest.claims.map(\.message.id), is: [single.id], "the rest")
        },
        Check("a batch leaves behind what is cancelled, and lets expire what is over") { bench in
            let batch = try await bench.acceptAll(
                [bench.new(.bulk), bench.new(.bulk, expiresAt: bench.noon), bench.new(.bulk), bench.new(.bulk)],
                batch: NewBatch()
            )
            _ = try await bench.store.cancel(batch[3].id, detail: nil, at: bench.noon)
            let result = try await bench.claimResult()
            try expect(result.claims.map(\.message.id), is: [batch[0].id, batch[2].id], "claims")
            try expect(result.expired.map(\.id), is: [batch[1].id], "expired")
        },
        Check("two batches are not mixed") { bench in
            let first = try await bench.acceptAll([bench.new(.bulk), bench.new(.bulk)], batch: NewBatch())
            let second = try await bench.acceptAll([bench.new(.bulk), bench.new(.bulk)], batch: NewBatch())
            try expect(
                try await bench.claimResult(limit: 1).claims.map(\.message.id),
                is: first.map(\.id),
                "first"
            )
            try expect(
                try await bench.claimResult(limit: 1).claims.map(\.message.id),
                is: second.map(\.id),
                "second"
            )
        },
    ]

    static let writing: [Check] = [
        Check("beginning to write changes the phase, and may be repeated") { bench in
            let message = try await bench.accept()
            let claim = try await bench.claim()
            let moment = bench.noon + .seconds(1)
            try await bench.begin(claim, at: moment)
            try await bench.begin(claim, at: moment + .seconds(1))
            let attempts = try await bench.timeline(message.id).attempts
            try expect(
                attempts,
                is: [Attempt(number: 1, phase: .writing, preparedAt: bench.noon, writingAt: moment)],
                "ledger"
            )
            try expect(try await bench.message(message.id).state, is: .sending, "state")
        },
        Check("a stale claim cannot begin to write, and then none of its companions does") { bench in
            let first = try await bench.accept()
            let stale = try await bench.claim(of: first)
            try await bench.settle(stale, .released(at: bench.noon))
            let other = try await bench.claim(of: first)
            try expect(other.fence > stale.fence, "the fence grows: \(stale.fence), then \(other.fence)")
            try await expectLost { try await bench.store.beginWriting([stale], at: bench.noon) }
            try await expectLost { try await bench.store.beginWriting([other, stale], at: bench.noon) }
            let attempts = try await bench.timeline(first.id).attempts
            try expect(attempts.map(\.phase), is: [.prepared], "none has begun to write")
            try await bench.store.beginWriting([other], at: bench.noon)
        },
        Check("a claim is lost with its settlement") { bench in
            _ = try await bench.accept()
            let claim = try await bench.claim()
            try await bench.settle(claim, .retry(at: bench.noon, StoreBench.failure))
            try await expectLost { try await bench.store.beginWriting([claim], at: bench.noon) }
        },
        Check("a stale claim cannot settle: it is left out of the answer and changes nothing") { bench in
            let message = try await bench.accept()
            let stale = try await bench.claim()
            try await bench.settle(stale, .retry(at: bench.noon, StoreBench.failure))
            let before = try await bench.timeline(message.id)
            try expect(
                try await bench.settle(stale, .submitted(providerID: "u", detail: nil, nextReport: nil)),
                is: nil,
                "after its settlement"
            )
            try expect(try await bench.timeline(message.id), is: before, "nothing has changed")
            let current = try await bench.claim()
            try expect(try await bench.settle(stale, .failed(StoreBench.failure)), is: nil, "after another claim")
            let settled = try await bench.store.settle(
                [Settlement(stale, .expired), Settlement(current, .failed(StoreBench.failure))],
                at: bench.noon
            )
            try expect(settled.map(\.state), is: [.failed], "the current one is settled beside the stale one")
        },
    ]

    static func expectLost(
        file: String = #fileID,
        line: Int = #line,
        _ body: () async throws -> Void
    ) async throws {
        do {
            try await body()
        } catch let error as StoreError {
            try expect(error.code, is: .lostClaim, "the error", file: file, line: line)
            return
        }
        throw ConformanceFailure(description: "a lost claim was taken (\(file):\(line))")
    }
}
