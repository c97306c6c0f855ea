import Eskiz
import EskizQueue
import Synchronization

// What a store says of the other gateways, through the way of this one to the database: it may be cut.

extension ProcessStore: FleetStore {
    var fleet: (any FleetStore)? { share == nil ? nil : self }

    func commonTime() async throws(StoreError) -> Timestamp? {
        guard let share else { return nil }
        return try await through(.clockAnchor, true) { (_) async throws(StoreError) in share.database.wall.timestamp }
    }

    func waitForNews(upTo limit: Duration) async throws(StoreError) {
        await time.pass(limit)
        try await through(.statistics, true) { (_) async throws(StoreError) in
            if let share { share.database.beat(share.owner) }
        }
    }

    /// Nobody is called here: each looks once a second, as behind a pooler.
    func tellNews() async throws(StoreError) {}

    var otherGateways: Int { share.map { $0.database.others(than: $0.owner) } ?? 0 }

    func gateways() async throws(StoreError) -> [FleetMember] { [] }

    func tell(changed messages: [MessageID]) async throws(StoreError) {}

    func changedElsewhere(limit: Int) async throws(StoreError) -> [MessageID]? { [] }

    func tell(_ news: AccountNews, for time: Duration) async throws(StoreError) {
        try await through(.keep, true) { (_) async throws(StoreError) in
            if let share { share.database.tell(news, for: time, by: share.owner) }
        }
    }

    func accountNews() async throws(StoreError) -> [(news: AccountNews, left: Duration)] {
        try await through(.statistics, false) { (_) async throws(StoreError) in
            guard let share else { return [] }
            return heard.withLock { heard in
                share.database.news(for: share.owner).compactMap { item in
                    guard heard[item.news.name] != item.at else { return nil }
                    heard[item.news.name] = item.at
                    return (item.news, item.left)
                }
            }
        }
    }

    func promise() async throws(StoreError) -> FleetPromise { .alone }

    func health() async throws(StoreError) -> DatabaseHealth { DatabaseHealth() }

    func sharedAnswer(
        to name: String,
        freshness: Duration,
        patience: Duration
    ) async throws(StoreError) -> SharedAnswer {
        SharedAnswer(document: nil, age: .zero, isOurTurn: true)
    }

    func share(_ document: [UInt8]?, as name: String) async throws(StoreError) {}

    func messages(_ ids: [MessageID]) async throws(StoreError) -> [Message] {
        var found: [Message] = []
        for id in ids { if let message = try await message(id) { found.append(message) } }
        return found
    }
}
