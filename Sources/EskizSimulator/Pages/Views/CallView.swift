import EskizPages
import EskizWords

/// One call: what was asked, what was answered, how to ask it again.
struct CallView {
    private let number: Int
    private let call: Ledger.Call
    private let provider: Provider
    private let visit: PageVisit

    init?(_ text: String, _ provider: Provider, _ visit: PageVisit) {
        guard let number = Int(text), let call = provider.ledger[number] else { return nil }
        self.number = number
        self.call = call
        self.provider = provider
        self.visit = visit
    }

    func page(_ common: CommonView) -> Page {
        let list = CallList(provider.ledger, visit)
        let episode = list.episodes.first { $0.numbers.contains(number) }
        let messages = (call.id.map { provider.messages.ofRequest($0) } ?? []).filter { _ in call.what == "send" }
        var context = common.context(of: .calls)
        context.merge(
            PageContext(filling: [
                "call": list.row(number, call), "heading": visit.say(.callNumber, ["number": String(number)]),
                "account": call.account, "fingerprint": call.tokenFingerprint, "day": call.time.day,
                "episode": episode.map { list.context(of: $0) },
                "messages": messages.prefix(50).map { $0.context(visit) }, "hasMessages": !messages.isEmpty,
                "exchange": ExchangeView(provider.ledger.exchanges[number], account: call.account, visit).context,
            ])
        ) { $1 }
        let title = "\(visit.say(.callNumber, ["number": String(number)])) · Eskiz"
        return Page(template: .call, title: title, context: context)
    }
}
