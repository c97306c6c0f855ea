import EskizPages
import EskizWords

/// The ledger as it grows.
struct CallsView {
    private static let limit = 200

    private let ledger: Ledger
    private let visit: PageVisit
    private let filter: CallList.Filter

    init(_ provider: Provider, _ visit: PageVisit) {
        ledger = provider.ledger
        self.visit = visit
        filter = visit.query.text("show").flatMap(CallList.Filter.init(rawValue:)) ?? .all
    }

    func page(_ common: CommonView) -> Page {
        let items = CallList(ledger, visit).items(limit: Self.limit, filter: filter)
        var context = common.context(of: .calls)
        context.merge(
            PageContext(filling: [
                "items": items, "hasItems": !items.isEmpty, "isCut": items.count == Self.limit,
                "hasCalls": !ledger.calls.isEmpty,
                "counters": counters,
                "filters": CallList.Filter.allCases.map { choice in
                    PageContext(filling: [
                        "name": visit.say(choice.phrase), "isChosen": choice == filter,
                        "href": choice == .all ? "/calls" : "/calls?show=\(choice.rawValue)",
                    ])
                },
            ])
        ) { $1 }
        return Page(template: .calls, title: "\(visit.say(.calls)) · Eskiz", context: context)
    }

    private var counters: [PageContext] {
        let numbers: [(Phrase, Int)] = [
            (.countSent, ledger.sendsAccepted), (.countSendsRefused, ledger.sendsRefused),
            (.countLogins, ledger.logins), (.countRefreshes, ledger.refreshes), (.countRefused, ledger.refused),
            (.countTokens, ledger.tokensIssued), (.countCallbacks, ledger.callbacksSent),
        ]
        return numbers.map { phrase, number in
            PageContext(filling: ["label": visit.say(phrase), "number": visit.language.grouped(number)])
        }
    }
}
