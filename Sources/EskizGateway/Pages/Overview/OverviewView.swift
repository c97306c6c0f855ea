import EskizPages
import EskizQueue

/// What the first screen shows, ready for its template.
struct OverviewView {
    let visit: PageVisit
    let statistics: QueueStatistics
    let depth: QueueDepth
    let now: Timestamp

    var page: Page {
        Page("overview", at: .overview, title: visit.say(.overview), context: context)
    }

    private var context: PageContext {
        PageContext(filling: [
            "lanes": Lane.allCases.map { lane in
                PageContext(filling: [
                    "name": visit.say(lane.phrase), "waiting": visit.language.grouped(depth[lane]),
                    "oldest": statistics.oldestWaiting[lane].map { visit.language.span(now - $0) } ?? "–",
                ])
            }
        ])
    }
}
