import EskizQueue

extension MessageStoreConformance {
    static let auditing: [Check] = [
        Check("lines of the audit are kept as they are, newest first, page by page") { bench in
            let message = try await bench.accept()
            var lines: [AuditLine] = []
            for index in 0..<7 {
                lines.append(
                    AuditLine(
                        at: bench.noon + .seconds(index),
                        keyID: "k_\(index % 2)",
                        keyName: "the desk",
                        action: "message.cancel",
                        messageID: index % 3 == 0 ? message.id : nil,
                        detail: index % 2 == 0 ? nil : "queued → cancelled"
                    )
                )
            }
            for line in lines { try await bench.store.audit(line) }
            let first = try await bench.store.auditLines(AuditSearch(limit: 4))
            let rest = try await bench.store.auditLines(AuditSearch(before: first.last?.id, limit: 4))
            let all = first + rest
            try expect(Set(all.map(\.id)).count, is: 7, "numbers")
            try expect(all.map(\.id), is: all.map(\.id).sorted(by: >), "order")
            try expect(all.map { $0.without(\.id) }, is: lines.reversed(), "lines")
            let own = try await bench.store.auditLines(AuditSearch(messageID: message.id))
            try expect(own.map { $0.without(\.id) }, is: [lines[6], lines[3], lines[0]], "of the message")
            let older = try await bench.store.auditLines(AuditSearch(messageID: message.id, before: own[0].id))
            try expect(older, is: Array(own.dropFirst()), "older ones of the message")
            try expect(try await bench.store.auditLines(AuditSearch(limit: 0)), is: [], "a page of nothing")
        },
        Check("old lines of the audit are forgotten, the oldest first, and their numbers are not given again") {
            bench in
            for index in 0..<5 {
                try await bench.store.audit(
                    AuditLine(at: bench.noon + .seconds(index), keyID: "k", keyName: "desk", action: "token.renew")
                )
            }
            let before = try await bench.store.auditLines(AuditSearch())
            try expect(try await bench.store.pruneAudit(before: bench.noon + .seconds(4), limit: 3), is: 3, "went")
            try expect(try await bench.store.auditLines(AuditSearch()), is: Array(before.prefix(2)), "kept")
            try expect(try await bench.store.pruneAudit(before: bench.noon + .seconds(4), limit: 3), is: 1, "went")
            try expect(try await bench.store.pruneAudit(before: bench.noon + .seconds(9), limit: 3), is: 1, "went")
            try await bench.store.audit(AuditLine(at: bench.noon, keyID: "k", keyName: "desk", action: "token.renew"))
            let after = try await bench.store.auditLines(AuditSearch())
            try expect(after.count, is: 1, "lines")
            try expect(after[0].id > before[0].id, "a number was given twice")
        },
        Check("refusals are counted by hour and reason, whatever becomes of the messages") { bench in
            let start = Timestamp(milliseconds: bench.noon.milliseconds / 3_600_000 * 3_600_000)
            var failed: [MessageID] = []
            for (code, offset) in [
                ("blacklisted", 0), ("blacklisted", 3_599), ("test_text", 3_600), ("blacklisted", 7_200),
            ] {
                let now = start + .seconds(offset)
                let message = try await bench.accept(at: now)
                try await bench.settle(
                    bench.claim(of: message, at: now),
                    .failed(MessageError(code: code, message: "No.")),
                    at: now
                )
                failed.append(message.id)
            }
            let lost = try await bench.unknown(at: start)
            let error = MessageError(code: "not_sent", message: "Settled by hand.")
            _ = try await bench.store.settleUnknown(lost.id, as: .notSent(error), at: start + .seconds(3_700))
            let cancelled = try await bench.accept(at: start)
            _ = try await bench.store.cancel(cancelled.id, detail: nil, at: start)
            let end = start + .seconds(10_800)
            let refusals = { @Sendable (from: Int, to: Int) async throws -> [String: Int] in
                try await bench.store.refusals(from: start + .seconds(from), to: start + .seconds(to))
            }
            let all = ["blacklisted": 3, "test_text": 1, "not_sent": 1]
            try expect(try await refusals(0, 10_800), is: all, "all")
            try expect(try await refusals(3_599, 3_600), is: ["blacklisted": 2], "the first hour")
            try expect(
                try await refusals(3_601, 7_201),
                is: ["test_text": 1, "not_sent": 1, "blacklisted": 1],
                "later"
            )
            try expect(try await refusals(10_800, 20_000), is: [:], "afterwards")
            _ = try await bench.store.prune(finalBefore: end, limit: 9)
            try expect(try await bench.store.message(failed[0]), is: nil, "pruned")
            try expect(try await refusals(0, 10_800), is: all, "after the messages are gone")
        },
        Check("refusals are kept for eight days after the newest") { bench in
            for offset in [Duration.zero, RefusalHour.retention + .seconds(7_200)] {
                let now = bench.noon + offset
                let message = try await bench.accept(at: now)
                try await bench.settle(bench.claim(of: message, at: now), .failed(StoreBench.failure), at: now)
            }
            _ = try await bench.store.prune(finalBefore: bench.noon - .seconds(1), limit: 9)
            let end = bench.noon + RefusalHour.retention + .seconds(20_000)
            let kept = try await bench.store.refusals(from: bench.noon, to: end)
            try expect(kept, is: [StoreBench.failure.code: 1], "kept")
        },
    ]
}

extension AuditLine {
    /// The line as it was given: its number is the store's.
    fileprivate func without(_ path: WritableKeyPath<AuditLine, Int64>) -> AuditLine {
        var line = self
        line[keyPath: path] = 0
        return line
    }
}
