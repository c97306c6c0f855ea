import EskizQueue
import EskizVerify

extension VerificationConformance {
    /// What pages read, and what an operator decides.
    static let figures: [Check] = [
        Check("a phone that gets nothing gets no code, and nothing is counted") { bench in
            guard let list = bench.store as? any SuppressionStore else { return }
            let entry = { (scope: Suppression.Scope) in
                Suppression(phone: "998901234567", scope: scope, reason: "", addedAt: bench.noon, addedBy: "desk")
            }
            _ = try await list.suppress([entry(.all)])
            let refusal = try demand(bench.refusal(try await bench.open(bench.new(1))), "it was opened")
            try expect(refusal.rule, is: .suppressed, "rule")
            try expect(bench.store.depth.total, is: 0, "SMS")
            try expect(try await bench.store.verification(bench.id(1)), is: nil, "verification")
            // Nothing in bulk: a code is none.
            _ = try await list.suppress([entry(.bulk)])
            _ = try await bench.opened(bench.new(2))
        },
        Check("codes since a moment are counted by template and first digits, with the time until they were entered") {
            bench in
            guard let figures = bench.store as? any ConversionStore else { return }
            var limits = SendLimits()
            limits.intervals = []
            // Two before, four after; of these two are approved.
            for number in 0..<6 {
                let now = bench.noon + .seconds(number * 60)
                var new = bench.new(UInt8(number), phone: "9989\(number % 2)1234567", purpose: "\(number)")
                new.template = number == 5 ? "payment" : "login"
                let opened = try await bench.opened(new, limits: limits, at: now)
                guard number == 2 || number == 4 else { continue }
                _ = try await bench.check(opened.id, isRight: true, limits: limits, at: now + .seconds(7 + number))
            }
            let counts = try await figures.conversions(since: bench.noon + .seconds(120))
            let sorted = counts.map { count in
                var count = count
                count.approvalTimes.sort()
                return count
            }.sorted { ($0.template, $0.prefix) < ($1.template, $1.prefix) }
            try expect(
                sorted,
                is: [
                    ConversionCount(template: "login", prefix: "99890", sent: 2, approved: 2, approvalTimes: [9, 11]),
                    ConversionCount(template: "login", prefix: "99891", sent: 1, approved: 0, approvalTimes: []),
                    ConversionCount(template: "payment", prefix: "99891", sent: 1, approved: 0, approvalTimes: []),
                ],
                "counts"
            )
            try expect(try await figures.conversions(since: bench.noon + .seconds(3_600)), is: [], "later")
            let later = try await bench.store.verifications(since: bench.noon + .seconds(240), limit: 10)
            try expect(later.map(\.id), is: [bench.id(4), bench.id(5)], "verifications since a moment")
        },
        Check("what is decided about prefixes is kept, one decision for each") { bench in
            guard let rules = bench.store as? any ConversionStore else { return }
            let rule = { (prefix: String, decision: PrefixRule.Decision) in
                PrefixRule(prefix: prefix, decision: decision, addedAt: bench.noon, addedBy: "desk")
            }
            try await rules.keep(rule("99890", .block))
            try await rules.keep(rule("9989012", .allow))
            try await rules.keep(rule("99890", .allow))
            try expect(
                try await rules.prefixRules(),
                is: [rule("99890", .allow), rule("9989012", .allow)],
                "rules"
            )
            try expect(try await rules.forgetPrefixRule("99890"), is: true, "forgotten")
            try expect(try await rules.forgetPrefixRule("99890"), is: false, "forgotten again")
            try expect(try await rules.prefixRules(), is: [rule("9989012", .allow)], "what is left")
        },
    ]
}
