import Eskiz
import EskizQueue

extension MessageStoreConformance {
    static let reports: [Check] = [
        Check("a report moves a submitted message on, and says so") { bench in
            let message = try await bench.submitted(nextReport: bench.noon + .seconds(60))
            let accepted = try await bench.record(.accepted, for: message.id)
            guard case .advanced(let onItsWay, stateChanged: false) = accepted else {
                throw ConformanceFailure(description: "accepted: \(accepted)")
            }
            try expect(onItsWay.state, is: .submitted, "state")
            try expect(onItsWay.statusDetail, is: "accepted", "detail")
            let then = bench.noon + .seconds(7)
            guard
                case .advanced(let delivered, stateChanged: true) = try await bench.record(
                    .delivered,
                    for: message.id,
                    at: then
                )
            else { throw ConformanceFailure(description: "delivered says nothing new") }
            try expect(delivered.state, is: .delivered, "state")
            try expect(delivered.finalAt, is: then, "final")
            try expect(try await bench.message(message.id), is: delivered, "the message, read again")
            try expect(
                try await bench.timeline(message.id).reports.map(\.status),
                is: [.accepted, .delivered],
                "reports"
            )
            try expect(
                try await bench.store.overdueForReport(at: bench.noon + .seconds(99), limit: 9),
                is: [],
                "overdue"
            )
            try await bench.expectRecount()
        },
        Check("each word of the operator leads to its state") { bench in
            let words: [(MessageStatus, MessageState)] = [
                (.waiting, .submitted), (.stored, .submitted), (.new, .submitted), (.accepted, .submitted),
                (.enroute, .submitted), (.indefinite, .submitted), (.partDelivered, .submitted),
                (.unrecognized("ODD"), .submitted), (.delivered, .delivered), (.undelivered, .undelivered),
                (.expired, .undelivered), (.rejected, .undelivered), (.deleted, .undelivered),
            ]
            for (status, state) in words {
                let message = try await bench.submitted(providerID: "u-\(status)")
                _ = try await bench.record(status, for: message.id)
                try expect(try await bench.message(message.id).state, is: state, "\(status)")
                try expect(try await bench.timeline(message.id).reports.map(\.status), is: [status], "kept as it came")
            }
        },
        Check("a repeated report says nothing new") { bench in
            let message = try await bench.submitted()
            for status in [MessageStatus.accepted, .partDelivered, .rejected] {
                try await bench.record(status, for: message.id, at: bench.noon)
                let once = try await bench.timeline(message.id)
                let effect = try await bench.record(status, for: message.id, at: bench.noon)
                try expect(effect, is: .nothingNew(once.message), "\(status) again")
                try expect(try await bench.timeline(message.id), is: once, "\(status) again")
            }
        },
        Check("a status never goes backwards") { bench in
            let all: [MessageStatus] = [
                .waiting, .stored, .new, .accepted, .enroute, .indefinite, .partDelivered, .delivered, .undelivered,
                .expired,
                .rejected, .deleted, .unrecognized("ODD"),
            ]
            for later in all {
                for earlier in all where earlier.rank < later.rank || later.isFinal {
                    if later.isFinal && later != .delivered && earlier == .delivered { continue }
                    let message = try await bench.submitted(providerID: "\(later)-\(earlier)")
                    try await bench.record(later, for: message.id, at: bench.noon)
                    let before = try await bench.message(message.id)
                    let effect = try await bench.record(earlier, for: message.id, at: bench.noon + .seconds(1))
                    try expect(effect, is: .nothingNew(before), "\(earlier) after \(later)")
                }
            }
            try await bench.expectRecount()
        },
        Check("words of one rank follow each other, but an old one does not come back") { bench in
            let message = try await bench.submitted()
            try await bench.record(.accepted, for: message.id)
            guard case .advanced(let enroute, stateChanged: false) = try await bench.record(.enroute, for: message.id)
            else {
                throw ConformanceFailure(description: "enroute after accepted says nothing new")
            }
            try expect(try await bench.record(.accepted, for: message.id), is: .nothingNew(enroute), "accepted again")
        },
        Check("delivered after undelivered is a correction; undelivered after delivered is not") { bench in
            let message = try await bench.submitted()
            try await bench.record(.expired, for: message.id)
            guard
                case .advanced(let corrected, stateChanged: true) = try await bench.record(
                    .delivered,
                    for: message.id,
                    at: bench.noon + .seconds(5)
                )
            else { throw ConformanceFailure(description: "delivered after undelivered says nothing new") }
            try expect(corrected.state, is: .delivered, "state")
            try expect(corrected.finalAt, is: bench.noon + .seconds(5), "final")
            try expect(try await bench.record(.undelivered, for: message.id), is: .nothingNew(corrected), "and back")
            try await bench.expectRecount()
        },
        Check("a report may say a price, a part's number and Eskiz's UUID, and all of it is kept") { bench in
            let message = try await bench.submitted()
            let report = bench.report(
                .delivered,
                source: .list,
                at: bench.noon,
                providerID: "u-1",
                number: "9",
                price: "95"
            )
            _ = try await bench.store.record(report, for: .number(message.id), raw: nil, at: bench.noon)
            try expect(try await bench.message(message.id).price, is: "95", "price")
            try expect(try await bench.timeline(message.id).reports, is: [report], "reports")
            let priced = bench.report(.delivered, source: .poll, at: bench.noon, price: "190")
            _ = try await bench.store.record(priced, for: .number(message.id), raw: nil, at: bench.noon)
            try expect(try await bench.message(message.id).price, is: "190", "a later price, though the word is known")
        },
        Check("a report finds its message by Eskiz's UUID, too") { bench in
            let message = try await bench.submitted(providerID: "u-7")
            let effect = try await bench.store.record(
                bench.report(.delivered),
                for: .provider("u-7"),
                raw: nil,
                at: bench.noon
            )
            guard case .advanced(let found, _) = effect else { throw ConformanceFailure(description: "\(effect)") }
            try expect(found.id, is: message.id, "the message")
        },
        Check("a report for a UUID that nobody knows yet waits for it, and is applied with the answer") { bench in
            let message = try await bench.accept(
                bench.new(
                    webhookURL: "https://app.example.test",
                    client: .init(userSMSID: "5", callbackURL: "https://app.example.test/callback")
                )
            )
            let claim = try await bench.claim()
            try await bench.begin(claim)
            for status in [MessageStatus.accepted, .delivered] {
                let effect = try await bench.store.record(
                    bench.report(status),
                    for: .provider("u-1"),
                    raw: try await bench.store.keep(
                        RawReport(receivedAt: bench.noon, contentType: "text/plain", body: [])
                    ),
                    at: bench.noon
                )
                try expect(effect, is: .unmatched, "before the UUID is known")
            }
            let settled = try await bench.settle(claim, .submitted(providerID: "u-1", detail: nil, nextReport: nil))
            try expect(settled?.state, is: .delivered, "state")
            let timeline = try await bench.timeline(message.id)
            try expect(timeline.message, is: settled, "the message, read again")
            try expect(timeline.reports.map(\.status), is: [.accepted, .delivered], "reports")
            try expect(
                timeline.webhooks.filter { $0.format == .standard }.map(\.state),
                is: [.submitted, .delivered],
                "webhooks"
            )
            try expect(
                timeline.webhooks.filter { $0.format == .eskiz }.map(\.report?.status),
                is: [.accepted, .delivered],
                "callbacks"
            )
            let other = try await bench.submitted(providerID: "u-1")
            try expect(other.state, is: .submitted, "they are applied once")
            try await bench.expectRecount()
        },
        Check("a report for a number that nobody knows matches nothing") { bench in
            let effect = try await bench.record(.delivered, for: MessageID(42))
            try expect(effect, is: .unmatched, "the effect")
        },
        Check("a report about a message that Eskiz certainly does not have changes nothing, and is kept") { bench in
            let queued = try await bench.accept()
            let effect = try await bench.record(.delivered, for: queued.id)
            try expect(effect, is: .nothingNew(queued), "the effect")
            try expect(try await bench.timeline(queued.id).reports.map(\.status), is: [.delivered], "reports")
            // And what comes after it has really been sent is still believed.
            let claim = try await bench.claim()
            try await bench.begin(claim)
            try await bench.settle(claim, .submitted(providerID: "u-1", detail: nil, nextReport: nil))
            try await bench.record(.delivered, for: queued.id, at: bench.noon + .seconds(9))
            try expect(try await bench.message(queued.id).state, is: .delivered, "state")
        },
        Check("raw reports are kept under numbers of their own") { bench in
            var ids: Set<RawReportID> = []
            for _ in 0..<3 {
                ids.insert(
                    try await bench.store.keep(
                        RawReport(receivedAt: bench.noon, contentType: "application/json", body: Array("{}".utf8))
                    )
                )
            }
            try expect(ids.count, is: 3, "numbers")
        },
        Check("the longest overdue is asked for first, and a look can be put off, or given up") { bench in
            var messages: [Message] = []
            for (index, seconds) in [30, 10, 20].enumerated() {
                messages.append(
                    try await bench.submitted(providerID: "u-\(index)", nextReport: bench.noon + .seconds(seconds))
                )
            }
            let then = bench.noon + .seconds(30)
            let overdue = try await bench.store.overdueForReport(at: then, limit: 9).map(\.id)
            try expect(overdue, is: [1, 2, 0].map { messages[$0].id }, "order")
            try expect(try await bench.store.overdueForReport(at: then, limit: 2).count, is: 2, "limit")
            try await bench.store.scheduleReport(messages[1].id, at: then + .seconds(1))
            try await bench.store.scheduleReport(messages[2].id, at: nil)
            try expect(
                try await bench.store.overdueForReport(at: then, limit: 9).map(\.id),
                is: [messages[0].id],
                "put off, given up"
            )
            try await bench.record(.delivered, for: messages[0].id)
            try await bench.store.scheduleReport(messages[0].id, at: then)
            try expect(
                try await bench.store.overdueForReport(at: then, limit: 9),
                is: [],
                "a final one is not asked for"
            )
        },
        Check("what Eskiz has by the word of a report alone is asked after") { bench in
            let message = try await bench.unknown(reconcileAt: bench.noon + .seconds(300))
            try await bench.record(.accepted, for: message.id)
            try expect(
                try await bench.store.overdueForReport(at: bench.noon + .seconds(90), limit: 9).map(\.id),
                is: [message.id],
                "overdue"
            )
            try await bench.record(.delivered, for: message.id)
            try expect(
                try await bench.store.overdueForReport(at: bench.noon + .seconds(90), limit: 9),
                is: [],
                "a final one is not asked for"
            )
        },
    ]

    static let unknown: [Check] = [
        Check("an unknown that was looked for in vain is looked for again then") { bench in
            let first = try await bench.unknown(reconcileAt: bench.noon + .seconds(1))
            let second = try await bench.unknown(reconcileAt: bench.noon)
            let now = bench.noon + .seconds(1)
            try expect(
                try await bench.store.unsettled(at: now, limit: 9).map(\.message.id),
                is: [second.id, first.id],
                "the longest due first"
            )
            try expect(try await bench.store.unsettled(at: now, limit: 1).count, is: 1, "limit")
            try await bench.store.noteAbsence(second.id, count: 2, ofAttempt: nil, next: now + .seconds(5))
            try expect(try await bench.store.unsettled(at: now, limit: 9).map(\.message.id), is: [first.id], "put off")
            let again = try await bench.store.unsettled(at: now + .seconds(5), limit: 9)
            try expect(again.map(\.absences), is: [0, 2], "absences")
        },
        Check("found at Eskiz: submitted, with its UUID, its report, and the next look") { bench in
            let message = try await bench.unknown()
            let report = bench.report(.accepted, source: .list, at: bench.noon, providerID: "u-1", price: "95")
            let resolved = try await bench.store.settleUnknown(
                message.id,
                as: .submitted(providerID: "u-1", report, nextReport: bench.noon + .seconds(60)),
                at: bench.noon
            )
            try expect(resolved?.state, is: .submitted, "state")
            try expect(resolved?.providerID, is: "u-1", "UUID")
            try expect(resolved?.submittedAt, is: bench.noon, "moment")
            try expect(resolved?.statusDetail, is: "accepted", "detail")
            try expect(resolved?.price, is: "95", "price")
            try expect(resolved?.error, is: nil, "it is no error any more")
            try expect(try await bench.message(message.id), is: resolved, "the message, read again")
            try expect(try await bench.timeline(message.id).attempts.map(\.outcome), is: [.taken], "ledger")
            try expect(try await bench.store.unsettled(at: bench.noon + .seconds(999), limit: 9), is: [], "unsettled")
            try expect(
                try await bench.store.overdueForReport(at: bench.noon + .seconds(60), limit: 9).map(\.id),
                is: [message.id],
                "the next look"
            )
        },
        Check("found at Eskiz and delivered: both are told") { bench in
            let message = try await bench.unknown(bench.new(webhookURL: "https://app.example.test"))
            let resolved = try await bench.store.settleUnknown(
                message.id,
                as: .submitted(providerID: "u-1", bench.report(.delivered), nextReport: nil),
                at: bench.noon
            )
            try expect(resolved?.state, is: .delivered, "state")
            try expect(
                try await bench.timeline(message.id).webhooks.map(\.state),
                is: [.unknown, .submitted, .delivered],
                "webhooks"
            )
        },
        Check("a report alone settles an unknown") { bench in
            for (status, state) in [
                (MessageStatus.stored, MessageState.submitted), (.delivered, .delivered), (.rejected, .undelivered),
            ] {
                let message = try await bench.unknown()
                try await bench.record(status, for: message.id)
                try expect(try await bench.message(message.id).state, is: state, "\(status)")
                try expect(
                    try await bench.store.unsettled(at: bench.noon + .seconds(999), limit: 9),
                    is: [],
                    "\(status)"
                )
            }
        },
        Check("certainly not at Eskiz, and still wanted: queued again at once") { bench in
            let message = try await bench.unknown(bench.new(.otp))
            let now = bench.noon + .seconds(9)
            let resolved = try await bench.store.settleUnknown(message.id, as: .sendAgain, at: now)
            try expect(resolved?.state, is: .queued, "state")
            try expect(resolved?.dueAt, is: now, "due")
            let claim = try await bench.claim(at: now)
            try expect(claim.attempt, is: 2, "attempt")
            try expect(claim.message.text != nil, "with its text")
            try expect(try await bench.timeline(message.id).attempts.map(\.outcome), is: [.notTaken, nil], "ledger")
        },
        Check("what was found out about an attempt says nothing about the next one") { bench in
            let message = try await bench.unknown()
            _ = try await bench.store.settleUnknown(message.id, as: .sendAgain, ofAttempt: 1, at: bench.noon)
            let claim = try await bench.claim(of: message)
            try await bench.begin(claim)
            _ = try await bench.settle(claim, .unknown(StoreBench.failure, reconcileAt: bench.noon))
            // Somebody had looked for the first one as well, and was slow.
            let late = try await bench.store.settleUnknown(message.id, as: .sendAgain, ofAttempt: 1, at: bench.noon)
            try expect(late?.state, is: .unknown, "not sent a third time")
            try await bench.store.noteAbsence(message.id, count: 2, ofAttempt: 1, next: bench.noon + .seconds(9))
            let unsettled = try await bench.store.unsettled(at: bench.noon, limit: 9)
            try expect(unsettled.map(\.absences), is: [0], "absences of the second")
            let resolved = try await bench.store.settleUnknown(
                message.id,
                as: .notSent(StoreBench.failure),
                ofAttempt: 2,
                at: bench.noon
            )
            try expect(resolved?.state, is: .failed, "state")
        },
        Check("certainly not at Eskiz, and not wanted any more: failed, or expired") { bench in
            let failed = try await bench.unknown()
            let resolvedFailed = try await bench.store.settleUnknown(
                failed.id,
                as: .notSent(StoreBench.failure),
                at: bench.noon
            )
            try expect(resolvedFailed?.state, is: .failed, "state")
            try expect(resolvedFailed?.error, is: StoreBench.failure, "error")
            try expect(resolvedFailed?.finalAt, is: bench.noon, "final")
            let expired = try await bench.unknown()
            let resolvedExpired = try await bench.store.settleUnknown(expired.id, as: .expired, at: bench.noon)
            try expect(resolvedExpired?.state, is: .expired, "state")
            try expect(resolvedExpired?.finalAt, is: bench.noon, "final")
        },
        Check("unknown for good stays unknown, is final, and is looked for no more") { bench in
            let message = try await bench.unknown()
            let resolved = try await bench.store.settleUnknown(
                message.id,
                as: .unknownForGood(StoreBench.failure),
                at: bench.noon
            )
            try expect(resolved?.state, is: .unknown, "state")
            try expect(resolved?.finalAt, is: bench.noon, "final")
            try expect(try await bench.store.unsettled(at: bench.noon + .seconds(999), limit: 9), is: [], "unsettled")
            try await bench.store.noteAbsence(message.id, count: 1, ofAttempt: nil, next: bench.noon)
            try expect(try await bench.store.unsettled(at: bench.noon, limit: 9), is: [], "not even after an absence")
            try await bench.record(.accepted, for: message.id, at: bench.noon + .seconds(3))
            let told = try await bench.message(message.id)
            try expect(told.state, is: .submitted, "a late report is believed all the same")
            try expect(told.finalAt, is: nil, "and it is not final any more")
        },
        Check("settling anything but an unknown changes nothing; a message that is not there is nil") { bench in
            let resolutions: [Resolution] = [
                .submitted(providerID: "u-9", bench.report(.delivered), nextReport: bench.noon), .sendAgain,
                .notSent(StoreBench.failure), .expired, .unknownForGood(StoreBench.failure),
            ]
            let queued = try await bench.accept()
            let submitted = try await bench.submitted(bench.new(.otp))
            for resolution in resolutions {
                for id in [queued.id, submitted.id] {
                    let before = try await bench.timeline(id)
                    try expect(
                        try await bench.store.settleUnknown(id, as: resolution, at: bench.noon),
                        is: before.message,
                        "\(resolution)"
                    )
                    try expect(try await bench.timeline(id), is: before, "\(resolution)")
                }
                try expect(
                    try await bench.store.settleUnknown(MessageID(3), as: resolution, at: bench.noon),
                    is: nil,
                    "no such message"
                )
            }
        },
    ]
}
