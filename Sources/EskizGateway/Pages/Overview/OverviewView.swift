import Eskiz
import EskizPages
import EskizQueue
import EskizWords
import HTTPTypes

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What the first screen shows, ready for its template.
struct OverviewView {
    let visit: PageVisit
    let facts: OverviewFacts
    let range: ChartRange

    private var language: Language { visit.language }

    var page: Page {
        let health = Health(facts)
        // What is wrong is read in a row of tabs.
        let sign = health.tone == .good ? "" : "⚠ "
        return Page(
            "overview",
            at: .overview,
            title: "\(sign)\(visit.say(.overview)) · Eskiz",
            context: context(health)
        )
    }

    private func context(_ health: Health) -> PageContext {
        let pace = DeliveryPace(facts.buckets)
        let chart = ActivityChart(range: range, buckets: facts.buckets, now: facts.now, language: language)
        return PageContext(filling: [
            "health": PageContext(filling: [
                "tone": health.tone.rawValue,
                "sentence": sentence(of: health),
                "isGood": health.tone == .good,
                "asOf": facts.now.clock, "stamp": RFC3339.text(facts.now),
            ]),
            "today": today,
            "queue": queue,
            "token": TokenCard(visit: visit, facts: facts).context,
            "provider": provider,
            "balance": balance,
            "attention": attention,
            "fleet": facts.gateways.isEmpty ? nil : fleet,
            "chart": chart.context(visit),
            "pace": pace.context(visit),
            "ranges": ChartRange.allCases.map { range in
                PageContext(filling: [
                    "name": visit.say(range.phrase), "isChosen": range == self.range,
                    "href": visit.address(changing: [("range", range == .hour ? nil : range.rawValue)]),
                ])
            },
        ])
    }

    private func sentence(of health: Health) -> String {
        let values = [
            "time": health.time.map(language.span) ?? "", "count": language.grouped(health.count ?? 0),
            "code": health.code ?? "", "moment": health.moment?.dayAndClock ?? "",
        ]
        return health.hold.map { visit.say($0, values) } ?? visit.say(health.phrase, values)
    }

    private var today: PageContext {
        PageContext(filling: [
            "share": language.percent(facts.today.deliveredShare),
            "accepted": language.grouped(facts.today.accepted),
            "submitted": language.grouped(facts.today.submitted),
            "delivered": language.grouped(facts.today.delivered),
            "failed": language.grouped(ActivityChart.Series.failed.value(facts.today)),
        ])
    }

    private var queue: PageContext {
        PageContext(filling: [
            "total": language.grouped(facts.depth.total),
            "lanes": Lane.allCases.map { lane in
                let oldest = facts.statistics.oldestWaiting[lane].map { facts.now - $0 }
                return PageContext(filling: [
                    "name": visit.say(lane.phrase), "id": lane.rawValue,
                    "href": "/messages?" + URLEncoding.encode([("status", "queued,sending"), ("lane", lane.rawValue)]),
                    "waiting": language.grouped(facts.depth[lane]),
                    "oldest": oldest.map(language.span) ?? "–",
                    "isLate": oldest.map { $0 > .seconds(lane == .otp ? 10 : 300) } ?? false,
                ])
            },
            "scheduled": facts.statistics.count(.scheduled) == 0
                ? nil : visit.say(.scheduledToo, ["count": language.grouped(facts.statistics.count(.scheduled))]),
        ])
    }

    private var provider: PageContext {
        let state = facts.provider
        let (tone, phrase): (String, OverviewPhrase) =
            switch (state.phase, state.reason) {
            case (.closed, _): ("good", .providerWorks)
            case (_, .blocked): ("bad", .providerBlocked)
            case (.halfOpen, _): ("warning", .providerTrying)
            case (.open, _): ("warning", .providerAway)
            }
        return PageContext(filling: [
            "tone": tone, "state": visit.say(phrase),
            "since": state.since.map { visit.say(.since, ["time": $0.dayAndClock]) },
            "median": state.answerTime(0.5).map(language.answerTime) ?? "–",
            "slowest": state.answerTime(0.95).map(language.answerTime) ?? "–",
            "basis": state.answers.isEmpty
                ? visit.say(.noAnswersYet)
                : visit.say(.lastAnswers, ["count": language.grouped(state.answers.count)]),
            "clock": facts.clockDifference.map { difference in
                difference > .zero
                    ? visit.say(.clockAhead, ["time": language.span(difference)])
                    : visit.say(.clockBehind, ["time": language.span(.zero - difference)])
            },
        ])
    }

    private var fleet: PageContext {
        let alive = facts.gateways.filter(\.isAlive)
        let versions = Set(alive.map(\.version))
        return PageContext(filling: [
            "alive": language.grouped(alive.count),
            "isMixed": versions.count > 1,
            "hosts": facts.gateways.map { member in
                PageContext(filling: [
                    "name": member.isThis ? visit.say(.gatewayThis, ["name": member.host]) : member.host,
                    "version": member.version.isEmpty ? "–" : member.version,
                    "isAlive": member.isAlive,
                    "state": member.isAlive
                        ? visit.say(.gatewayAlive)
                        : visit.say(.gatewaySilent, ["time": language.span(member.silence)]),
                    "since": member.startedAt.dayAndClock,
                    "inHand": language.grouped(member.inHand),
                ])
            },
        ])
    }

    private var balance: PageContext {
        guard let account = facts.account else {
            return PageContext(filling: ["amount": "–", "rest": visit.say(.balanceNotKnown)])
        }
        let hourly = facts.spentLastHour ?? 0
        let left = facts.balanceLasts
        let rest: String
        if let left {
            rest = visit.say(.balanceLasts, ["time": language.span(left)])
        } else {
            rest = visit.say(hourly > 0 ? .balanceLastsLong : .nothingSpent)
        }
        return PageContext(filling: [
            "amount": language.money(account.balance), "rest": rest,
            "pace": hourly > 0 ? visit.say(.spentLastHour, ["amount": language.money(hourly)]) : nil,
            "isLow": left.map { $0 < OverviewFacts.lowBalance } ?? (account.balance <= 0),
            "asOf": visit.say(.asOf, ["time": account.asOf.clock]),
        ])
    }

    private var attention: PageContext {
        let items = Attention.items(of: facts)
        return PageContext(filling: [
            "hasItems": !items.isEmpty,
            // While nothing can be sent it would not be true, whoever has to do something about it.
            "isQuiet": items.isEmpty && Health(facts).tone == .good,
            "items": items.prefix(12).map { item in
                var context = PageContext(filling: [
                    "count": language.grouped(item.count),
                    "href": "/messages?" + URLEncoding.encode(item.fields),
                ])
                switch item.kind {
                case .hold(let hold):
                    let lanes = hold.lanes.map { visit.say($0.phrase) }.joined(separator: ", ")
                    context["what"] = visit.say(HoldPhrase(hold.reason))
                    context["advice"] =
                        hold.until.map { visit.say(.holdUntil, ["lanes": lanes, "time": PageTime($0).clock]) }
                        ?? visit.say(.holdOpen, ["lanes": lanes])
                case .unknown:
                    context["what"] = visit.say(.unknownOutcomes)
                    context["advice"] = visit.say(.unknownAdvice)
                case .deadWebhooks:
                    context["what"] = visit.say(.deadWebhooks)
                    context["advice"] = visit.say(.deadWebhooksAdvice)
                case .refusal(let code):
                    context["what"] = visit.say(.refusedToday)
                    context["code"] = code.isEmpty ? "failed" : code
                    let reason = ReasonPhrase(code: code).map { visit.say($0) + " " } ?? ""
                    context["advice"] = reason + visit.say(.refusedAdvice)
                }
                return context
            },
        ])
    }
}
