import EskizPages
import EskizQueue
import EskizVerify
import EskizWords

/// What the page of one-time codes tells.
struct CodesFacts: Sendable {
    var counts: [ConversionCount] = []
    var refusals: [SendRefusal.Rule: Int] = [:]
    var closed: [ConversionGuard.Closing] = []
    var mode = ConversionGuard.Mode.watch
    /// Nil where the store keeps none.
    var rules: [PrefixRule]?
    var suppressed: Int?
    var now: Timestamp

    init(at now: Timestamp) {
        self.now = now
    }
}

/// Conversion today, what is refused and why, and what is decided about prefixes.
struct CodesView {
    let visit: PageVisit
    let facts: CodesFacts

    var page: Page {
        let all = Conversion.all(facts.counts)
        return Page(
            "codes",
            at: .codes,
            title: visit.language.say(CodesPhrase.codes),
            context: PageContext(filling: [
                "today": row(all),
                "hasCodes": all.sent > 0,
                "operators": Conversion.by(\.operatorName, facts.counts).map(row),
                "templates": Conversion.by(\.template, facts.counts).map(row),
                "refusals": refusals,
                "hasRefusals": !facts.refusals.isEmpty,
                "closed": facts.closed.map(closed),
                "hasClosed": !facts.closed.isEmpty,
                "guardMode": visit.language.say(CodesPhrase(facts.mode)),
                "keepsRules": facts.rules != nil,
                "rules": (facts.rules ?? []).map(rule),
                "hasRules": facts.rules?.isEmpty == false,
                "suppressed": facts.suppressed.map { visit.language.grouped($0) },
            ])
        )
    }

    private func row(_ conversion: Conversion) -> PageContext {
        let share = conversion.sent == 0 ? nil : Double(conversion.approved) / Double(conversion.sent)
        return PageContext(filling: [
            "name": conversion.name,
            "sent": visit.language.grouped(conversion.sent),
            "approved": visit.language.grouped(conversion.approved),
            "share": visit.language.percent(share),
            "median": seconds(conversion.median), "slow": seconds(conversion.slow),
        ])
    }

    private func seconds(_ seconds: Int?) -> String {
        seconds.map { visit.language.span(.seconds($0)) } ?? "–"
    }

    private var refusals: [PageContext] {
        facts.refusals.sorted { ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue) }.map { rule, count in
            [
                "rule": rule.rawValue, "name": visit.language.say(CodesPhrase(rule)),
                "count": visit.language.grouped(count),
            ]
        }
    }

    private func closed(_ closing: ConversionGuard.Closing) -> PageContext {
        PageContext(filling: [
            "name": visit.language.say(CodesPhrase(closing.group.kind), ["name": closing.group.name]),
            "figures": visit.language.say(
                CodesPhrase.closedFigures,
                [
                    "approved": String(closing.figures.approved), "sent": String(closing.figures.sent),
                    "usual": String(Int((closing.usual * 100).rounded())),
                ]
            ),
            "until": PageTime(closing.until).context(now: facts.now),
        ])
    }

    private func rule(_ rule: PrefixRule) -> PageContext {
        PageContext(filling: [
            "prefix": rule.prefix,
            "isBlock": rule.decision == .block,
            "decision": visit.language.say(rule.decision == .block ? CodesPhrase.prefixBlocked : .prefixAllowed),
            "who": rule.addedBy,
            "when": PageTime(rule.addedAt).context(now: facts.now),
        ])
    }
}
