import Eskiz
import EskizQueue

extension MessageStoreConformance {
    /// What comes after the message was taken from who sent it, or while a repeat waits.
    static let late: [Check] = [
        Check("a late answer that Eskiz took it settles an unknown, even one for good") { bench in
            for resolution in [nil, Resolution.unknownForGood(StoreBench.failure), .needsPerson(StoreBench.failure)] {
                let (message, claim) = try await bench.lost()
                if let resolution {
                    _ = try await bench.store.settleUnknown(message.id, as: resolution, at: bench.noon)
                }
                let now = bench.noon + .seconds(99)
                let settled = try await bench.settle(
                    claim,
                    .submitted(providerID: "u-1", detail: "waiting", nextReport: now + .seconds(60)),
                    at: now
                )
                try expect(settled?.state, is: .submitted, "state")
                try expect(settled?.providerID, is: "u-1", "UUID")
                try expect(settled?.finalAt, is: nil, "it is not final any more")
                try expect(try await bench.timeline(message.id).attempts.map(\.outcome), is: [.taken], "ledger")
                try expect(try await bench.store.unsettled(at: now, limit: 9), is: [], "unsettled")
                try expect(
                    try await bench.store.overdueForReport(at: now + .seconds(60), limit: 9).map(\.id),
                    is: [message.id],
                    "the next look"
                )
                _ = try await bench.store.record(
                    bench.report(.delivered),
                    for: .number(message.id),
                    raw: nil,
                    at: now
                )
                try await bench.expectRecount()
            }
        },
        Check("a late answer that Eskiz took it withdraws the repeat that waits") { bench in
            let (message, claim) = try await bench.lost()
            _ = try await bench.store.settleUnknown(message.id, as: .sendAgain, at: bench.noon)
            let settled = try await bench.settle(claim, .submitted(providerID: "u-1", detail: nil, nextReport: nil))
            try expect(settled?.state, is: .submitted, "state")
            try expect(try await bench.claimResult().claims, is: [], "nothing is to be sent again")
            try expect(try await bench.timeline(message.id).attempts.map(\.outcome), is: [.taken], "ledger")
            try await bench.expectRecount()
        },
        Check("a late answer stops a repeat that has been claimed and has not left") { bench in
            let (message, first) = try await bench.lost()
            _ = try await bench.store.settleUnknown(message.id, as: .sendAgain, at: bench.noon)
            let second = try await bench.claim(owner: "b")
            let settled = try await bench.settle(first, .submitted(providerID: "u-1", detail: nil, nextReport: nil))
            try expect(settled?.state, is: .submitted, "state")
            do {
                try await bench.begin(second)
                throw ConformanceFailure(description: "the repeat may leave")
            } catch let error as StoreError {
                try expect(error.code, is: .lostClaim, "the repeat is refused")
            }
            try await bench.settle(second, .released(at: bench.noon))
            let timeline = try await bench.timeline(message.id)
            try expect(timeline.message.state, is: .submitted, "it stays submitted")
            try expect(timeline.attempts.first?.outcome, is: .taken, "the first attempt is the one that was taken")
            try expect(
                try await bench.store.recover(everythingBut: nil, at: bench.noon + .seconds(99)),
                is: .init(),
                ""
            )
            try await bench.expectRecount()
        },
        Check("whatever becomes of a repeat under way, it does not undo that the first was taken") { bench in
            let results: [Settlement.Result] = [
                .submitted(providerID: "u-2", detail: nil, nextReport: nil), .failed(StoreBench.failure),
                .retry(at: bench.noon, StoreBench.failure), .unknown(StoreBench.failure, reconcileAt: bench.noon),
                .expired,
            ]
            for result in results {
                let (message, first) = try await bench.lost()
                _ = try await bench.store.settleUnknown(message.id, as: .sendAgain, at: bench.noon)
                let second = try await bench.claim(of: message)
                try await bench.begin(second)
                try await bench.settle(first, .submitted(providerID: "u-1", detail: nil, nextReport: nil))
                try await bench.settle(second, result)
                let now = try await bench.message(message.id)
                try expect(now.state, is: .submitted, "\(result)")
                try expect(now.providerID, is: "u-1", "\(result)")
            }
            try await bench.expectRecount()
        },
        Check("a late answer that Eskiz did not take it counts as long as nothing else was tried") { bench in
            let (failed, first) = try await bench.lost()
            try expect(
                try await bench.settle(first, .failed(StoreBench.failure))?.state,
                is: .failed,
                "a refusal"
            )
            let (again, second) = try await bench.lost()
            let due = bench.noon + .seconds(9)
            let queued = try await bench.settle(second, .retry(at: due, StoreBench.failure))
            try expect(queued?.state, is: .queued, "to be tried again")
            try expect(queued?.dueAt, is: due, "then")
            // Its own attempt is over now; the same words about it change nothing more.
            try expect(try await bench.settle(second, .retry(at: due, StoreBench.failure)), is: nil, "twice")
            let third = try await bench.claim(at: due)
            try expect(third.message.id, is: again.id, "claimed again")
            try expect(try await bench.settle(second, .failed(StoreBench.failure)), is: nil, "an old refusal")
            try expect(try await bench.message(failed.id).state, is: .failed, "the first one")
            try await bench.expectRecount()
        },
        Check("what is over for certain is not undone by a late answer") { bench in
            let (message, claim) = try await bench.lost()
            _ = try await bench.store.settleUnknown(message.id, as: .sendAgain, at: bench.noon)
            guard case .cancelled = try await bench.store.cancel(message.id, detail: nil, at: bench.noon) else {
                throw ConformanceFailure(description: "cannot be cancelled")
            }
            let settled = try await bench.settle(claim, .submitted(providerID: "u-1", detail: nil, nextReport: nil))
            try expect(settled, is: nil, "the answer")
            try expect(try await bench.message(message.id).state, is: .cancelled, "state")
        },
        Check("a report for a message that waits to be sent again ends the waiting") { bench in
            let words: [(MessageStatus, MessageState)] = [
                (.accepted, .submitted), (.delivered, .delivered), (.rejected, .undelivered),
            ]
            for (status, state) in words {
                for result in [
                    Settlement.Result.retry(at: bench.noon, StoreBench.failure), .released(at: bench.noon), nil,
                ] {
                    let message = try await bench.accept()
                    let claim = try await bench.claim(of: message)
                    try await bench.begin(claim)
                    if let result {
                        _ = try await bench.store.settle([Settlement(claim, result, wasWritten: true)], at: bench.noon)
                    } else {
                        try await bench.settle(claim, .unknown(StoreBench.failure, reconcileAt: bench.noon))
                        _ = try await bench.store.settleUnknown(message.id, as: .sendAgain, at: bench.noon)
                    }
                    try expect(try await bench.message(message.id).state, is: .queued, "waits")
                    try await bench.record(status, for: message.id)
                    let told = try await bench.message(message.id)
                    try expect(told.state, is: state, "\(status)")
                    try expect(told.error, is: nil, "it is no error any more")
                    try expect(try await bench.claimResult().claims, is: [], "nothing is sent again")
                    let overdue = try await bench.store.overdueForReport(at: bench.noon + .seconds(60), limit: 9)
                    try expect(
                        overdue.map(\.id),
                        is: state == .submitted ? [message.id] : [],
                        "how it goes on is asked"
                    )
                    _ = try await bench.record(.delivered, for: message.id)
                }
            }
            try await bench.expectRecount()
        },
        Check("how often an unclear outcome was repeated is kept") { bench in
            let message = try await bench.accept()
            for repeats in 0..<3 {
                let claim = try await bench.claim(at: bench.noon + .seconds(repeats))
                try await bench.begin(claim, at: bench.noon + .seconds(repeats) + .milliseconds(500))
                try await bench.settle(claim, .unknown(StoreBench.failure, reconcileAt: bench.noon))
                let unsettled = try await bench.store.unsettled(at: bench.noon, limit: 9)
                try expect(unsettled.map(\.resends), is: [repeats], "repeats")
                try expect(unsettled.map(\.firstTryAt), is: [bench.noon], "the first try")
                let now = bench.noon + .seconds(repeats + 1)
                _ = try await bench.store.settleUnknown(message.id, as: .sendAgain, at: now)
            }
        },
        Check("what needs a person is final, is looked for no more, and is found until somebody decides") { bench in
            let message = try await bench.unknown()
            let resolved = try await bench.store.settleUnknown(
                message.id,
                as: .needsPerson(StoreBench.failure),
                at: bench.noon
            )
            try expect(resolved?.state, is: .unknown, "state")
            try expect(resolved?.finalAt, is: bench.noon, "final")
            try expect(resolved?.needsPerson, is: true, "needs a person")
            try expect(try await bench.message(message.id), is: resolved, "read again")
            try expect(try await bench.store.unsettled(at: bench.noon + .seconds(999), limit: 9), is: [], "looked for")
            try expect(
                try await bench.store.messages(MessageSearch(isUnsettled: true)).map(\.id),
                is: [message.id],
                "found"
            )
            _ = try await bench.store.settleUnknown(
                message.id,
                as: .unknownForGood(StoreBench.failure),
                at: bench.noon + .seconds(9)
            )
            try expect(try await bench.store.messages(MessageSearch(isUnsettled: true)), is: [], "decided")
            let other = try await bench.unknown()
            _ = try await bench.store.settleUnknown(other.id, as: .needsPerson(StoreBench.failure), at: bench.noon)
            let again = try await bench.store.settleUnknown(other.id, as: .sendAgain, at: bench.noon)
            try expect(again?.state, is: .queued, "sent again by hand")
            try expect(again?.needsPerson, is: false, "and nobody is needed any more")
        },
    ]

    /// Whose a report is.
    static let ownership: [Check] = [
        Check("a report to another phone is not applied, whatever its number") { bench in
            let message = try await bench.submitted()
            let before = try await bench.timeline(message.id)
            for key in [
                ReportKey.number(message.id, phone: "998900000000"), .provider("u-1", phone: "998900000000"),
            ] {
                let effect = try await bench.store.record(bench.report(.delivered), for: key, raw: nil, at: bench.noon)
                try expect(effect, is: .foreign(message.id), "\(key)")
                try expect(try await bench.timeline(message.id), is: before, "\(key)")
            }
            let key = ReportKey.number(message.id, phone: StoreBench.phone)
            guard
                case .advanced = try await bench.store.record(
                    bench.report(.delivered),
                    for: key,
                    raw: nil,
                    at: bench.noon
                )
            else { throw ConformanceFailure(description: "ours is not applied") }
        },
        Check("a number that is not ours is not made ours by a UUID that is") { bench in
            let message = try await bench.submitted(providerID: "u-7")
            let report = bench.report(.rejected, providerID: "u-7")
            let effect = try await bench.store.record(report, for: .number(MessageID(5)), raw: nil, at: bench.noon)
            try expect(effect, is: .foreign(message.id), "the effect")
            try expect(try await bench.message(message.id), is: message, "the message")
        },
        Check("without a phone the UUID must not contradict") { bench in
            let message = try await bench.submitted(providerID: "u-7")
            let other = bench.report(.rejected, providerID: "u-8")
            let effect = try await bench.store.record(other, for: .number(message.id), raw: nil, at: bench.noon)
            try expect(effect, is: .foreign(message.id), "the effect")
        },
        Check("of a batch, which has one UUID, the phone says which message is meant") { bench in
            let messages = try await bench.acceptAll(
                (0..<3).map { bench.new(phone: "99890123450\($0)") },
                batch: NewBatch()
            )
            let claims = try await bench.claimResult().claims
            try await bench.store.beginWriting(claims, at: bench.noon)
            // One report comes before the answer, one after.
            let early = ReportKey.provider("u-1", phone: messages[2].phone)
            let effect = try await bench.store.record(bench.report(.delivered), for: early, raw: nil, at: bench.noon)
            try expect(effect, is: .unmatched, "before the UUID is known")
            _ = try await bench.store.settle(
                claims.map { Settlement($0, .submitted(providerID: "u-1", detail: nil, nextReport: nil)) },
                at: bench.noon
            )
            let late = ReportKey.provider("u-1", phone: messages[1].phone)
            _ = try await bench.store.record(bench.report(.rejected), for: late, raw: nil, at: bench.noon)
            let nobody = try await bench.store.record(
                bench.report(.delivered),
                for: .provider("u-1"),
                raw: nil,
                at: bench.noon
            )
            try expect(nobody, is: .unmatched, "without a phone it cannot be told")
            let foreign = ReportKey.provider("u-1", phone: "998909999999")
            let effectOfForeign = try await bench.store.record(
                bench.report(.delivered),
                for: foreign,
                raw: nil,
                at: bench.noon
            )
            guard case .foreign = effectOfForeign else {
                throw ConformanceFailure(description: "\(effectOfForeign)")
            }
            var states: [MessageState] = []
            for message in messages { states.append(try await bench.message(message.id).state) }
            try expect(states, is: [.submitted, .undelivered, .delivered], "states")
            try await bench.expectRecount()
        },
        Check("the rows that messages to a phone have are known") { bench in
            let first = try await bench.submitted(providerID: "u-1")
            let second = try await bench.submitted(providerID: "u-2")
            _ = try await bench.submitted(bench.new(phone: "998909999999"), providerID: "u-3")
            let third = try await bench.unknown()
            let report = bench.report(.accepted, source: .list, providerID: "u-4", number: "9")
            _ = try await bench.store.settleUnknown(
                third.id,
                as: .submitted(providerID: "u-4", report, nextReport: nil),
                at: bench.noon
            )
            let numbered = bench.report(.delivered, source: .poll, number: "8")
            _ = try await bench.store.record(numbered, for: .number(second.id), raw: nil, at: bench.noon)
            _ = try await bench.accept()
            try expect(
                Set(try await bench.store.knownRows(of: StoreBench.phone)),
                is: [
                    KnownRow(messageID: first.id, providerID: "u-1", providerNumber: nil),
                    KnownRow(messageID: second.id, providerID: "u-2", providerNumber: nil),
                    KnownRow(messageID: second.id, providerID: nil, providerNumber: "8"),
                    KnownRow(messageID: third.id, providerID: "u-4", providerNumber: nil),
                    KnownRow(messageID: third.id, providerID: "u-4", providerNumber: "9"),
                ],
                "rows"
            )
        },
    ]
}

extension StoreBench {
    /// A message that was taken from who was sending it, because his lease ran out; and what he holds in his hands.
    fileprivate func lost() async throws -> (Message, Claim) {
        let message = try await accept()
        let claim = try await claim(of: message)
        try await begin(claim)
        let recovery = try await store.recover(everythingBut: nil, at: noon + .seconds(31))
        try expect(recovery.unknown.map(\.id), is: [message.id], "taken back")
        return (message, claim)
    }
}
