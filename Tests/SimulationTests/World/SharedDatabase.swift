import Eskiz
import EskizQueue
import Synchronization

/// What gateways that share a database have in common beside the messages: its time, who is there, and what they tell each other.
final class SharedDatabase: Sendable {
    private struct News {
        var owner: String
        var at: Int64
        var until: Int64
    }

    private struct State {
        /// When each gateway was last heard of, in nanoseconds of the world.
        var seen: [String: Int64] = [:]
        var news: [String: News] = [:]
    }

    /// Its clock is right, and nobody sets it.
    let wall: WallClock
    private let time: SimulatedTime
    private let state = Mutex(State())

    init(time: SimulatedTime) {
        self.time = time
        wall = WallClock(time)
    }

    func beat(_ owner: String) { state.withLock { $0.seen[owner] = time.now } }

    func others(than owner: String) -> Int {
        let now = time.now
        return state.withLock { state in
            state.seen.count { $0.key != owner && now - $0.value < FleetMember.patience.nanoseconds }
        }
    }

    func tell(_ news: AccountNews, for life: Duration, by owner: String) {
        let now = time.now
        state.withLock { $0.news[news.name] = News(owner: owner, at: now, until: now + life.nanoseconds) }
    }

    /// What others have said and is still believed.
    func news(for owner: String) -> [(news: AccountNews, at: Int64, left: Duration)] {
        let now = time.now
        return state.withLock { state in
            state.news.sorted { $0.key < $1.key }.compactMap { name, item in
                guard item.owner != owner, item.until > now, let news = AccountNews(name: name) else { return nil }
                return (news, item.at, .nanoseconds(item.until - now))
            }
        }
    }
}

/// What a process knows of the database that it shares with others.
struct DatabaseShare: Sendable {
    var database: SharedDatabase
    var owner: String
}
