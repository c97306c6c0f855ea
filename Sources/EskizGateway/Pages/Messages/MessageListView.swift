import EskizPages
import EskizQueue
import EskizWords

/// The messages of a filter, and the filter itself.
struct MessageListView {
    static let limit = 50

    let visit: PageVisit
    let filter: MessageFilter
    let found: SearchPage
    let statistics: QueueStatistics
    /// Whether there is an outcome that nobody has settled.
    let hasUnsettled: Bool
    let now: Timestamp

    var page: Page {
        Page("messages", at: .messages, title: visit.say(.messages), context: context)
    }

    private var context: PageContext {
        let mayAct = visit.session?.mayAct ?? false
        return form.merging(
            PageContext(filling: [
                "hasRows": !found.messages.isEmpty,
                "rows": found.messages.map { $0.row(visit, now: now) },
                "states": states,
                "olderHref": isLookingFurther ? nil : next,
                "furtherHref": isLookingFurther ? next : nil,
                "newestHref": filter.after.map { _ in filter.changed { $0.set(after: nil) }.address },
                "isFiltered": !filter.isEmpty,
                "isUnreadable": !filter.unreadable.isEmpty,
                "unreadable": visit.say(.filterUnreadable, ["names": filter.unreadable.joined(separator: ", ")]),
                "emptyTitle": visit.say(filter.isEmpty ? .noMessages : .noMatches),
                "emptyHint": visit.say(filter.isEmpty ? .noMessagesHint : .noMatchesHint),
                "bulk": bulk, "hasBulk": mayAct && !bulk.isEmpty,
                "problemLinks": problems,
                "hasProblems": !problems.isEmpty,
            ])
        ) { $1 }
    }

    private var next: String? { found.next.map { id in filter.changed { $0.set(after: id) }.address } }

    /// The page is not full, and yet there is more to look through.
    private var isLookingFurther: Bool { found.next != nil && found.messages.count < Self.limit }

    /// The filter as it stands in its form.
    private var form: PageContext {
        PageContext(filling: [
            "query": filter.query ?? "",
            "statusValue": filter.pairs.first { $0.name == "status" }?.value,
            "lanes": Lane.allCases.map { lane in
                PageContext(filling: [
                    "value": lane.rawValue, "label": visit.say(lane.phrase), "isChosen": filter.lane == lane,
                ])
            },
            "reference": filter.reference ?? "",
            "errorCode": filter.errorCode ?? "",
            "isDead": filter.hasDeadWebhook,
            "isUnsettled": filter.isUnsettled,
            "hasMore": filter.reference != nil || filter.errorCode != nil || filter.hasDeadWebhook
                || filter.isUnsettled,
        ])
    }

    /// Every state that there is a message in, with how many: numbers that are kept, never counted for this page.
    private var states: [PageContext] {
        let all = PageContext(filling: [
            "stateID": "all", "name": visit.say(.allStates), "isChosen": filter.states.isEmpty,
            "href": filter.changed {
                $0.set(states: []); $0.set(after: nil)
            }.address,
        ])
        return [all]
            + MessageState.allCases.compactMap { state in
                let count = Lane.allCases.reduce(0) { sum, lane in
                    filter.lane == nil || filter.lane == lane
                        ? sum + statistics.counts[.init(lane, state), default: 0] : sum
                }
                let isChosen = filter.states.contains(state)
                guard count > 0 || isChosen else { return nil }
                return PageContext(filling: [
                    "stateID": state.rawValue, "name": visit.say(state.phrase), "isChosen": isChosen,
                    "count": visit.language.grouped(count), "tone": state.tone.rawValue,
                    "href": filter.changed {
                        $0.set(states: [state]); $0.set(after: nil)
                    }.address,
                ])
            }
    }

    /// What needs a person, a step away.
    private var problems: [PageContext] {
        var problems: [PageContext] = []
        if hasUnsettled, !filter.isUnsettled {
            problems.append(["name": visit.say(.onlyUnsettled), "href": "/messages?unsettled=yes"])
        }
        if statistics.deadWebhooks > 0, !filter.hasDeadWebhook {
            let count = visit.language.grouped(statistics.deadWebhooks)
            problems.append([
                "name": "\(visit.say(.onlyDeadWebhooks)) · \(count)", "href": "/messages?webhook=dead",
            ])
        }
        return problems
    }

    /// What can be done to all that is listed here.
    private var bulk: [PageContext] {
        let possible = BulkAction.allCases.filter { action in
            guard action.narrowed(filter) != nil else { return false }
            switch action {
            case .cancel: return statistics.count(.queued) + statistics.count(.scheduled) > 0
            case .notSent, .sendAgain: return hasUnsettled
            case .replay: return statistics.deadWebhooks > 0
            }
        }
        return possible.map { action in
            let pairs = [("action", action.rawValue)] + filter.changed { $0.set(after: nil) }.pairs
            return ["name": visit.say(action.phrase), "href": MessageFilter.address("/bulk", pairs)]
        }
    }
}
