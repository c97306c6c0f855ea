import Eskiz
import EskizQueue
import EskizQueueTesting
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
        /// Moments from which on the next claim is the last thing that it does before it crashes.
        var crashes: [Int64]
        /// What a crash leaves.
        var flushed: MemoryMessageStore.Copy?
    }

    /// Its clock is right, and nobody sets it.
    let wall: WallClock
    private let time: SimulatedTime
    private let store: MemoryMessageStore?
    private let state: Mutex<State>

    /// - Parameters:
    ///   - time: of the world.
    ///   - store: its messages.
    ///   - crashes: milliseconds of the world.
    init(time: SimulatedTime, store: MemoryMessageStore?, crashes: [Int64]) {
        self.time = time
        self.store = store
        state = Mutex(State(crashes: crashes.map { $0 * 1_000_000 }))
        wall = WallClock(time)
    }

    /// A claim begins, which is not flushed.
    func willClaim() {
        guard let store else { return }
        let now = time.now
        state.withLock { state in
            guard let next = state.crashes.first, next <= now else { return }
            state.flushed = store.copy()
        }
    }

    /// It has been claimed, and whoever asked is told.
    ///
    /// If it is time for that, the server crashes and forgets it again.
    ///
    /// - Parameter ends: it has ended messages as well; such a claim survives.
    /// - Returns: messages that are not what they were a moment before.
    func hasClaimed(ends: Bool) -> [Message] {
        let copy = state.withLock { state in
            defer { state.flushed = nil }
            guard !ends, let copy = state.flushed else { return nil as MemoryMessageStore.Copy? }
            state.crashes.removeFirst()
            return copy
        }
        guard let copy, let store else { return [] }
        return store.restore(copy)
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
