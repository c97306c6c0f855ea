import Synchronization

/// What Eskiz has said to one gateway and concerns all that share the account.
package enum AccountNews: Sendable, Hashable {
    /// Too many requests, at one of this lane.
    case throttled(Lane)
    /// A person has to do something first.
    case blocked(RetryPolicy.Block)

    /// What it is called where it is kept.
    package var name: String {
        switch self {
        case .throttled(let lane): "throttled." + lane.rawValue
        case .blocked(let block): "blocked." + block.rawValue
        }
    }

    package init?(name: String) {
        let all = Lane.allCases.map(Self.throttled) + RetryPolicy.Block.allCases.map(Self.blocked)
        guard let news = all.first(where: { $0.name == name }) else { return nil }
        self = news
    }

    /// A block is not believed for longer: whoever hears of it tries for itself soon.
    static let blockLife: Duration = .seconds(15)
}

/// News of the account between the dispatcher and the other gateways.
package final class AccountNewsExchange: Sendable {
    package struct Item: Sendable, Hashable {
        package var news: AccountNews
        package var time: Duration

        package init(_ news: AccountNews, for time: Duration) {
            self.news = news
            self.time = time
        }
    }

    private let items = Mutex<(own: [Item], heard: [Item])>(([], []))

    package init() {}

    func tell(_ news: AccountNews, for time: Duration) {
        items.withLock { items in
            items.own.removeAll { $0.news == news }
            items.own.append(Item(news, for: time))
        }
    }

    package func hear(_ item: Item) { items.withLock { $0.heard.append(item) } }

    /// What is to be told to the others.
    package func takeOwn() -> [Item] {
        items.withLock { items in
            defer { items.own = [] }
            return items.own
        }
    }

    /// What was heard of the others.
    func takeHeard() -> [Item] {
        items.withLock { items in
            defer { items.heard = [] }
            return items.heard
        }
    }
}
